"""When a board meets, and what happens on which working day around a meeting. Pure.

A review cycle is an RFC 5545 recurrence rule with an anchor and perhaps an end; only days, never
times. The timetable of one meeting counts England's working days back and forth from it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, pairwise
from statistics import median

from dateutil.rrule import rrule, rrulestr

from tracker.kernel.period import MONTHS, WEEKDAYS

MOST_OCCURRENCES = 1000
MOST_A_YEAR = 53
LARGEST_INTERVAL = 60

_ALLOWED = {
    "WEEKLY": {"FREQ", "INTERVAL", "WKST", "BYDAY", "BYMONTH"},
    "MONTHLY": {"FREQ", "INTERVAL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"},
    "YEARLY": {"FREQ", "INTERVAL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"},
}
_DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 8: "eight", 12: "twelve"}


@dataclass(frozen=True)
class Rule:
    """A recurrence rule, the day it is counted from and the last day it may fall on.

    Raises:
        ValueError: in plain words, for text that is no rule, a rule that never falls on a day or
            falls more often than weekly, one that carries its own end (`ends_on` is for that), or
            an end before the anchor.
    """

    text: str
    anchor_on: date
    ends_on: date | None = None

    def __post_init__(self) -> None:
        _recurrence(self.text, self.anchor_on)
        if self.ends_on and self.ends_on < self.anchor_on:
            raise ValueError("The cycle must not end before it begins.")


def occurrences(rule: Rule, first_on: date, last_on: date) -> list[date]:
    """Return the days of the rule from `first_on` to `last_on`, both included, in order.

    At most `MOST_OCCURRENCES`, about 19 years of weekly meetings.
    """
    if rule.ends_on:
        last_on = min(last_on, rule.ends_on)
    days = _recurrence(rule.text, rule.anchor_on).xafter(_midnight(first_on), inc=True)
    return list(islice(_through(last_on, days), MOST_OCCURRENCES))


def usual_gap_days(rule: Rule) -> int | None:
    """Return the median gap between the rule's meetings, in days; None for a single meeting."""
    days = [found.date() for found in islice(_recurrence(rule.text, rule.anchor_on), 25)]
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return round(median(gaps)) if gaps else None


def plain_words(rule: Rule) -> str:
    """Return "second Tuesday of March, June, September and December" and the like.

    Rules of a less common shape come back as their text.
    """
    parts = _parts(rule.text)
    interval = int(parts.get("INTERVAL", "1"))
    if parts["FREQ"] == "WEEKLY":
        return _weekly_words(parts, interval, rule)
    which = _day_words(parts, rule)
    months = _month_words(parts, interval, rule)
    return f"{which} of {months}" if which and months else _bare(rule.text)


def _weekly_words(parts: dict[str, str], interval: int, rule: Rule) -> str:
    code = parts.get("BYDAY", _DAY_CODES[rule.anchor_on.weekday()])
    if code not in _DAY_CODES or "BYMONTH" in parts:
        return _bare(rule.text)
    weekday = WEEKDAYS[_DAY_CODES.index(code)]
    if interval == 1:
        return f"every {weekday}"
    return f"every {_NUMBERS.get(interval, interval)} weeks on {weekday}"


def _day_words(parts: dict[str, str], rule: Rule) -> str | None:
    """Return "second Tuesday" or "15th", or None where the shape has no short words."""
    if "BYDAY" in parts:
        # BYDAY=TU;BYSETPOS=2 is another way to write BYDAY=2TU.
        found = re.fullmatch(r"([+-]?\d+)?([A-Z]{2})", parts["BYDAY"])
        place = (found and found[1]) or parts.get("BYSETPOS", "")
        if not found or not _is_whole(place) or (found[1] and "BYSETPOS" in parts):
            return None
        ordinal = _ORDINALS.get(int(place))
        weekday = WEEKDAYS[_DAY_CODES.index(found[2])]
        return f"{ordinal} {weekday}" if ordinal and "BYMONTHDAY" not in parts else None
    number = parts.get("BYMONTHDAY", str(rule.anchor_on.day))
    if "BYSETPOS" in parts or not _is_whole(number):
        return None
    if number == "-1":
        return "last day"
    return _numbered(int(number)) if int(number) > 0 else None


def _month_words(parts: dict[str, str], interval: int, rule: Rule) -> str | None:
    """Return "every month" or the months by name, or None where the rule needs more words."""
    named = sorted({int(number) for number in parts.get("BYMONTH", "").split(",") if number})
    if parts["FREQ"] == "YEARLY":
        if interval > 1 or ("BYDAY" in parts and not named):
            return None
        if not named:
            # BYMONTHDAY alone means every month of the year; with neither, the anchor's month.
            named = list(range(1, 13)) if "BYMONTHDAY" in parts else [rule.anchor_on.month]
    elif interval > 1:
        if named or 12 % interval:
            return None
        named = sorted((rule.anchor_on.month - 1 + gap) % 12 + 1 for gap in range(0, 12, interval))
    if not named or len(named) == 12:
        return "every month"
    return " and ".join(filter(None, [", ".join(_names(named[:-1])), *_names(named[-1:])]))


def _names(months: list[int]) -> list[str]:
    return [MONTHS[number - 1] for number in months]


def _numbered(number: int) -> str:
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


@lru_cache(maxsize=512)
def _recurrence(text: str, anchor_on: date) -> rrule:
    """Return the checked recurrence. The checks come first: some bad rules never return."""
    _parts(text)
    try:
        # Cached: the same rule is asked about many days, always counted from its anchor.
        found = rrulestr(_bare(text), dtstart=_midnight(anchor_on), cache=True)
    except (ValueError, IndexError):
        raise ValueError(f"“{_bare(text)[:80]}” is not a rule that we can read.") from None
    if not isinstance(found, rrule):
        raise ValueError("A cycle is one rule, not several.")
    try:
        first = next(iter(found), None)
    except IndexError:
        first = None
    if first is None:
        raise ValueError("This rule never falls on a day.")
    year_after = (first + timedelta(days=365)).date()
    if len(list(islice(_through(year_after, iter(found)), MOST_A_YEAR + 1))) > MOST_A_YEAR:
        raise ValueError("This rule falls more often than once a week.")
    return found


def _parts(text: str) -> dict[str, str]:
    pieces = [piece.partition("=") for piece in _bare(text).split(";")]
    parts = {name: value for name, _, value in pieces}
    if len(parts) != len(pieces) or not all(parts.values()):
        raise ValueError("Write a rule such as FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU.")
    frequency = parts.get("FREQ", "")
    if frequency not in _ALLOWED:
        raise ValueError("A board meets weekly, monthly or yearly: FREQ must say which.")
    if parts.keys() & {"COUNT", "UNTIL"}:
        raise ValueError("The rule must not carry its own end: give the last day beside it.")
    strange = sorted(parts.keys() - _ALLOWED[frequency])
    if strange:
        raise ValueError(f"A {frequency.lower()} rule cannot have {' or '.join(strange)}.")
    interval = parts.get("INTERVAL", "1")
    if not re.fullmatch(r"[0-9]{1,2}", interval) or not 1 <= int(interval) <= LARGEST_INTERVAL:
        raise ValueError(f"INTERVAL must be a whole number from 1 to {LARGEST_INTERVAL}.")
    months = parts.get("BYMONTH", "1").split(",")
    if not all(re.fullmatch(r"0?[1-9]|1[0-2]", number) for number in months):
        raise ValueError("BYMONTH must be numbers from 1 to 12.")
    if frequency == "WEEKLY" and re.search(r"\d", parts.get("BYDAY", "")):
        raise ValueError("A weekly rule names its day without a number, such as BYDAY=TU.")
    return parts


def _bare(text: str) -> str:
    return "".join(text.split()).upper().removeprefix("RRULE:")


def _is_whole(text: str) -> bool:
    return re.fullmatch(r"[+-]?[0-9]{1,2}", text) is not None


def _through(last_on: date, days: Iterator[datetime]) -> Iterator[date]:
    for found in days:
        if found.date() > last_on:
            return
        yield found.date()


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time())
