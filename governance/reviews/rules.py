"""When a board meets, as people write it: read into an RFC 5545 rule. Pure.

The inverse of ``governance.cycles.plain_words``: whatever that prints is read back into a rule
that falls on the same days. A rule itself is taken as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from governance.cycles import LARGEST_INTERVAL, Rule, occurrences, plain_words
from tracker.kernel.period import MONTHS, WEEKDAYS
from tracker.kernel.typed_times import LONGEST_SHOWN, read_time

EXAMPLES = (
    "Write it as “second Tuesday of March, June, September and December” or “every six weeks on "
    "Thursday”."
)
LONGEST_RULE = 300  # the width of the column
TRIED = timedelta(days=10 * 366)  # how long words must say the same as the rule they stand for
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
# What says every how many months, in one word.
_MONTHLY = {
    "monthly": 1,
    "bimonthly": 2,
    "quarterly": 3,
    "half-yearly": 6,
    "yearly": 12,
    "annually": 12,
}
# Words that join and say nothing by themselves.
_JOINING = {"the", "a", "an", "of", "on", "in", "and", "at", "from", "day", "meets", "meeting"}
_TIME = re.compile(
    r"(?:^|[\s,])(?:at\s+)?"
    r"([0-9]{1,2}[.:][0-9]{2}\s*(?:[ap]\.?m\.?)?|[0-9]{1,2}\s*[ap]\.?m\.?|noon|midday|midnight)$"
)


@dataclass(frozen=True)
class Reading:
    """What was read: the recurrence, and the time of day by London's clock where it was said.

    ``is_rule``: a rule itself was given, which is counted from the very day that stands beside it.
    """

    rule: str
    at: time | None = None
    is_rule: bool = False

    def on(self, starts_on: date, ends_on: date | None = None) -> Rule:
        """Return the rule counted from its day, once it is one that a board can meet by.

        Raises:
            ValueError: what ``Rule`` raises, or a rule longer than is kept.
        """
        if len(self.rule) > LONGEST_RULE:
            raise ValueError(f"A rule must be {LONGEST_RULE} characters or fewer. {EXAMPLES}")
        first = starts_on if self.is_rule else counted_from(self.rule, starts_on)
        return Rule(self.rule, first, ends_on)


def read_cycle(text: str) -> Reading:
    """Read when a board meets: "last Friday of every month", "quarterly on the 15th, 2pm".

    Understood are a weekday every so many weeks; and a weekday of the month, or a day of it, in
    named months or every so many of them. Large letters, commas and "and" make no difference. Every
    so many months are counted from the first day of the cycle.

    Raises:
        ValueError: in plain words with two examples, for what is not understood, what names no
            month, or several days where one is meant.
    """
    plain = " ".join(text.split()).strip(" .;,")
    if re.match(r"(rrule\s*:|freq\s*=)", plain, re.IGNORECASE):
        return Reading("".join(plain.split()).upper().removeprefix("RRULE:"), is_rule=True)
    plain = plain.casefold()
    at, found = None, _TIME.search(plain)
    if found is not None:
        at, plain = read_time(found[1]), plain[: found.start()]
    words = _words(plain)
    rule = _weekly(words) or _monthly(words, text)
    return Reading(rule, at)


def counted_from(rule: str, starts_on: date) -> date:
    """Return the day that a rule is counted from: its weekday on or after the day that was given.

    Every six weeks on Thursday from a Friday on means the Thursday after; RFC 5545 would count
    the week of that Friday as the first, and wait another six.
    """
    parts = dict(piece.partition("=")[::2] for piece in rule.split(";"))
    code = parts.get("BYDAY", "")
    if parts.get("FREQ") != "WEEKLY" or code not in _CODES:
        return starts_on
    return starts_on + timedelta(days=(_CODES.index(code) - starts_on.weekday()) % 7)


def words_to_edit(rule: Rule) -> str:
    """Return the words that a rule is edited in: those that are read back into the same days.

    A rule that has none such is edited as it is.
    """
    words = plain_words(rule)
    last_on = rule.anchor_on + TRIED
    try:
        again = read_cycle(words).on(rule.anchor_on, rule.ends_on)
    except ValueError:
        return rule.text
    same = occurrences(again, rule.anchor_on, last_on) == occurrences(rule, rule.anchor_on, last_on)
    return words if same else rule.text


def _words(plain: str) -> list[str]:
    """The words that say something, each in one spelling."""
    plain = re.sub(r"\bevery month\b", "monthly", plain.replace("each", "every"))
    plain = re.sub(r"\b(twice (a|per) year|half yearly|six-monthly)\b", "half-yearly", plain)
    plain = re.sub(r"\b(once a|every|per) (month)\b", "monthly", plain)
    plain = re.sub(r"\b(once a|every|per) quarter\b", "quarterly", plain)
    plain = re.sub(r"\b(once a|every|per) year\b", "yearly", plain)
    plain = re.sub(r"\bevery other\b", "every two", plain)
    plain = re.sub(r"\b(once a|every|per) week\b|\bweekly\b", "every one weeks", plain)
    plain = re.sub(r"\b(every |once a |a )?fortnight(ly)?\b", "every two weeks", plain)
    found = re.split(r"[\s,;&/]+", plain)
    return [_spelled(word) for word in found if word and word not in _JOINING]


def _spelled(word: str) -> str:
    """A weekday or month in full, a numbered ordinal as its word: "tues", "sept", "2nd"."""
    bare = word.rstrip(".")
    for names in (WEEKDAYS, MONTHS):
        for name in names:
            full = name.casefold()
            is_short = len(bare) >= 3 and full.startswith(bare)
            if bare == f"{full}s" or is_short:
                return full
    return {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth"}.get(
        bare, bare
    )


def _weekly(words: list[str]) -> str | None:
    """ "every Tuesday", "every six weeks on Thursday", "every other Monday"; None for others."""
    days = [word for word in words if word.capitalize() in WEEKDAYS]
    rest = [word for word in words if word not in days]
    if rest[:1] != ["every"] or any(word.capitalize() in MONTHS for word in rest):
        return None
    number = _number(rest[1]) if len(rest) > 1 else 1
    if rest[2:] not in ([], ["week"], ["weeks"]) or number is None:
        return None
    if len(days) > 1:
        raise ValueError(f"A board meets on one day of the week. {EXAMPLES}")
    if not days:
        raise ValueError(f"Say on which day of the week. {EXAMPLES}")
    if not 1 <= number <= LARGEST_INTERVAL:
        raise ValueError(f"Every {number} weeks is not a number of weeks that we take. {EXAMPLES}")
    interval = f"INTERVAL={number};" if number > 1 else ""
    return f"FREQ=WEEKLY;{interval}BYDAY={_CODES[_weekday(days[0])]}"


def _monthly(words: list[str], text: str) -> str:
    """ "second Tuesday of March", "15th of January and July", "quarterly on the last Friday"."""
    which, rest = _day_of_month(words, text)
    if not rest:
        raise ValueError(f"Say in which months, or “of every month”. {EXAMPLES}")
    months = [MONTHS.index(word.capitalize()) + 1 for word in rest if word.capitalize() in MONTHS]
    if months:
        # "First Monday of September every year" says no more than without its end.
        rest = [word for word in rest if word != "yearly"]
    if len(months) == len(rest):
        named = ",".join(str(number) for number in sorted(set(months)))
        return (
            f"FREQ=MONTHLY;BYMONTH={named};{which}" if len(set(months)) < 12 else _every(1, which)
        )
    if months:
        raise _not_understood(text)
    if len(rest) == 1 and rest[0] in _MONTHLY:
        return _every(_MONTHLY[rest[0]], which)
    number = _number(rest[1]) if len(rest) == 3 and rest[0] == "every" else None
    if number is None or rest[2] not in ("month", "months") or not 1 <= number <= LARGEST_INTERVAL:
        raise _not_understood(text)
    return _every(number, which)


def _every(number: int, which: str) -> str:
    return f"FREQ=MONTHLY;INTERVAL={number};{which}" if number > 1 else f"FREQ=MONTHLY;{which}"


def _day_of_month(words: list[str], text: str) -> tuple[str, list[str]]:
    """The part of the rule that says which day of the month, and the words that are left."""
    days = [word for word in words if word.capitalize() in WEEKDAYS]
    numbers = [word for word in words if re.fullmatch(r"[0-9]{1,2}(st|nd|rd|th)", word)]
    ordinals = [word for word in words if word in _ORDINALS]
    if len(days) > 1 or len(numbers) > 1 or len(ordinals) > 1:
        raise ValueError(f"A board meets on one day of a month. {EXAMPLES}")
    rest = [word for word in words if word not in (*days, *numbers, *ordinals)]
    if days and ordinals and not numbers:
        return f"BYDAY={_ORDINALS[ordinals[0]]}{_CODES[_weekday(days[0])]}", rest
    if days:
        raise ValueError(
            f"Say which {days[0].capitalize()} of the month: the first to the fifth, or the last."
            f" {EXAMPLES}"
            if not numbers
            else f"Give a weekday or a day of the month, not both. {EXAMPLES}"
        )
    if bool(numbers) is bool(ordinals):
        raise _not_understood(text)
    number = _ORDINALS[ordinals[0]] if ordinals else int(re.sub(r"\D", "", numbers[0]))
    if not (number == -1 or 1 <= number <= 31):
        raise ValueError(f"No month has a {numbers[0]}. {EXAMPLES}")
    return f"BYMONTHDAY={number}", rest


def _number(word: str) -> int | None:
    if word in _NUMBERS:
        return _NUMBERS[word]
    return int(word) if re.fullmatch(r"[0-9]{1,3}", word) else None


def _weekday(word: str) -> int:
    return WEEKDAYS.index(word.capitalize())


def _not_understood(text: str) -> ValueError:
    shown = " ".join(text.split())[:LONGEST_SHOWN]
    return ValueError(f"We cannot read “{shown}” as a rule. {EXAMPLES}")
