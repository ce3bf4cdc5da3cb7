"""Periods with the precision they were printed with, and dates in plain words.

A month means its last day to the overdue rule, yet stays a month on screens, papers and feeds;
so a period keeps its first and last day and its precision together. Months have English names
here whatever the machine's locale.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum


class Precision(StrEnum):
    """How exactly a date was given. `NONE` is for a deadline without one ("ongoing")."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    NONE = "none"


class Calendar(StrEnum):
    """Which year is meant: from 1 January, from 1 April, or from 1 September."""

    CALENDAR = "calendar"
    FINANCIAL = "financial"
    ACADEMIC = "academic"


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FIRST_YEAR, LAST_YEAR = 1900, 2199

_OPENING_MONTH = {Calendar.CALENDAR: 1, Calendar.FINANCIAL: 4, Calendar.ACADEMIC: 9}
_MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)}
_ACCEPTED = "14 March 2016, 2016-03-14, March 2016, Q3 2015/16, 2015/16 or 2015"


@dataclass(frozen=True)
class Period:
    """One or more whole days, months, quarters or years, first and last day included.

    Raises:
        ValueError: the days are in the wrong order, do not begin and end a unit of `precision`
            in `calendar`, or the precision is `NONE` or an academic quarter.
    """

    first: date
    last: date
    precision: Precision = Precision.DAY
    calendar: Calendar = Calendar.CALENDAR

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("A period must not end before it begins.")
        begins = _unit(self.first, self.precision, self.calendar)[0]
        ends = _unit(self.last, self.precision, self.calendar)[1]
        if (begins, ends) != (self.first, self.last):
            raise ValueError(
                f"{short_date(self.first)} to {short_date(self.last)} is not a whole "
                f"{self.precision.value} of the {self.calendar.value} year."
            )

    def words(self) -> str:
        """Return the period as papers print it: "April 2016", "Q3 2015/16", "2014 to 2016"."""
        begins = self._name(self.first)
        ends = self._name(self.last)
        return begins if begins == ends else f"{begins} to {ends}"

    def _name(self, on: date) -> str:
        if self.precision is Precision.DAY:
            return short_date(on)
        if self.precision is Precision.MONTH:
            return f"{MONTHS[on.month - 1]} {on.year}"
        opens = _year_opening(on, self.calendar)
        year = str(opens.year)
        if self.calendar is not Calendar.CALENDAR:
            year = f"{opens.year}/{(opens.year + 1) % 100:02d}"
        if self.precision is Precision.QUARTER:
            return f"Q{_months_between(opens, on) // 3 + 1} {year}"
        return f"{year} academic year" if self.calendar is Calendar.ACADEMIC else year


def day(on: date) -> Period:
    """Return the period of one day."""
    return Period(on, on, Precision.DAY)


def month(year_number: int, month_number: int) -> Period:
    """Return one month; `month_number` is 1 to 12.

    Raises:
        ValueError: there is no such month.
    """
    return _whole(date(year_number, month_number, 1), Precision.MONTH, Calendar.CALENDAR)


def quarter(
    year_number: int, quarter_number: int, calendar: Calendar = Calendar.FINANCIAL
) -> Period:
    """Return one quarter, 1 to 4, of the year that opens in `year_number`.

    Q3 of the financial year that opens in 2015 is October to December 2015.

    Raises:
        ValueError: there is no such quarter, or the calendar is academic (it has terms).
    """
    if quarter_number not in (1, 2, 3, 4):
        raise ValueError(f"There is no quarter {quarter_number}: quarters are 1 to 4.")
    opens = date(year_number, _OPENING_MONTH[calendar], 1)
    return _whole(_add_months(opens, 3 * (quarter_number - 1)), Precision.QUARTER, calendar)


def year(year_number: int, calendar: Calendar = Calendar.CALENDAR) -> Period:
    """Return the whole year that opens in `year_number`."""
    return _whole(date(year_number, _OPENING_MONTH[calendar], 1), Precision.YEAR, calendar)


def shift_years(period: Period, years: int) -> Period:
    """Return `period` moved by `years`, which may be negative, as whole as it was.

    29 February becomes 28 February where the other year has none, and a month still ends on its
    own last day.
    """
    first, last = (add_years(on, years) for on in (period.first, period.last))
    if period.precision is not Precision.DAY:
        last = _unit(last, period.precision, period.calendar)[1]
    return Period(first, last, period.precision, period.calendar)


def add_years(on: date, years: int) -> date:
    """Return the same day `years` later; 29 February becomes 28 February where there is none."""
    return add_months(on, 12 * years)


def add_months(on: date, months: int) -> date:
    """Return the same day `months` later, or that month's last day where it is shorter."""
    target = _add_months(on.replace(day=1), months)
    return min(target + timedelta(days=on.day - 1), _month_end(target))


def long_date(on: date) -> str:
    """Return "Tuesday 8 December 2026"."""
    return f"{WEEKDAYS[on.weekday()]} {short_date(on)}"


def short_date(on: date) -> str:
    """Return "8 December 2026"."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def clock_words(at: time) -> str:
    """Return a time of day as people write it: "2pm", "9.30am", "midday", "midnight"."""
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f".{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'pm' if at.hour >= 12 else 'am'}"


def parse_period(text: str) -> Period:
    """Read a period as people type it.

    "14 March 2016", "14/03/2016", "2016-03-14", "March 2016", "Mar 2016", "Q3 2015/16"
    (financial), "Q3 2015" (calendar), "2015/16" (financial), "2015/16 academic year", "2015",
    and two of one kind with "to" between them. Whatever `Period.words` writes is read back.

    Raises:
        ValueError: the text is none of these; the message says what was read and what is accepted.
    """
    plain = " ".join(text.replace(",", " ").split())
    ends = re.split(r"\s+to\s+", plain, flags=re.IGNORECASE)
    try:
        periods = [_parse_unit(end) for end in ends]
        first, last = periods[0], periods[-1]
        if len(periods) > 2 or (first.precision, first.calendar) != (last.precision, last.calendar):
            raise ValueError("The two ends of a period must be of one kind.")
        return Period(first.first, last.last, first.precision, first.calendar)
    except ValueError as error:
        raise ValueError(f"We read “{plain[:60]}”. {error} Write it as {_ACCEPTED}.") from None


def _parse_unit(text: str) -> Period:
    for pattern, build in _PATTERNS:
        found = re.fullmatch(pattern, text, flags=re.IGNORECASE | re.ASCII)
        if found:
            return build(found)
    raise ValueError("It is not a date or a period that we know.")


def _day_named(found: re.Match[str]) -> Period:
    return _day_numbered(int(found[3]), _month_number(found[2]), int(found[1]))


def _day_numbered(year_number: int, month_number: int, day_number: int) -> Period:
    _check_year(year_number)
    try:
        return day(date(year_number, month_number, day_number))
    except ValueError:
        raise ValueError("There is no such day.") from None


def _month_named(found: re.Match[str]) -> Period:
    return month(_check_year(int(found[2])), _month_number(found[1]))


def _quarter_named(found: re.Match[str]) -> Period:
    opens, calendar = _year_read(found[2], found[3])
    return quarter(opens, int(found[1]), calendar)


def _year_named(found: re.Match[str]) -> Period:
    opens, calendar = _year_read(found[1], found[2])
    if found[3] and found[3].lower() == "academic":
        calendar = Calendar.ACADEMIC
    return year(opens, calendar)


def _year_read(opens: str, closes: str | None) -> tuple[int, Calendar]:
    number = _check_year(int(opens))
    if closes is None:
        return number, Calendar.CALENDAR
    if str(number + 1)[-len(closes) :] != closes:
        raise ValueError(f"{opens}/{closes} is not one year.")
    return number, Calendar.FINANCIAL


def _month_number(name: str) -> int:
    number = _MONTH_NUMBERS.get(name[:3].lower(), 0)
    full = MONTHS[number - 1].lower() if number else ""
    if not full.startswith(name.lower()) and name.lower() != "sept":
        raise ValueError(f"“{name}” is not a month.")
    return number


def _check_year(number: int) -> int:
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise ValueError(f"The year must be from {FIRST_YEAR} to {LAST_YEAR}.")
    return number


_PATTERNS: tuple[tuple[str, Callable[[re.Match[str]], Period]], ...] = (
    (r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.? (\d{4})", _day_named),
    (r"(\d{4})-(\d{2})-(\d{2})", lambda found: _day_numbered(*map(int, found.groups()))),
    (r"(\d{1,2})/(\d{1,2})/(\d{4})", lambda found: _day_numbered(*map(int, found.groups()[::-1]))),
    (r"([a-z]{3,9})\.? (\d{4})", _month_named),
    (r"Q([1-4]) (\d{4})(?:/(\d{2}|\d{4}))?", _quarter_named),
    (r"(\d{4})/(\d{2}|\d{4})(?: (academic|financial) year)?", _year_named),
    (r"(\d{4})", lambda found: year(_check_year(int(found[1])))),
)


def _unit(on: date, precision: Precision, calendar: Calendar) -> tuple[date, date]:
    """Return the first and last day of the unit of `precision` that holds `on`."""
    if precision is Precision.DAY:
        return on, on
    if precision is Precision.MONTH:
        return on.replace(day=1), _month_end(on)
    opens = _year_opening(on, calendar)
    if precision is Precision.YEAR:
        return opens, _month_end(_add_months(opens, 11))
    if precision is Precision.NONE:
        raise ValueError("A period needs a precision: day, month, quarter or year.")
    if calendar is Calendar.ACADEMIC:
        raise ValueError("The academic year has terms, not quarters.")
    first = _add_months(opens, _months_between(opens, on) // 3 * 3)
    return first, _month_end(_add_months(first, 2))


def _whole(first: date, precision: Precision, calendar: Calendar) -> Period:
    return Period(first, _unit(first, precision, calendar)[1], precision, calendar)


def _year_opening(on: date, calendar: Calendar) -> date:
    opening_month = _OPENING_MONTH[calendar]
    return date(on.year - (on.month < opening_month), opening_month, 1)


def _months_between(earlier: date, later: date) -> int:
    return 12 * (later.year - earlier.year) + later.month - earlier.month


def _add_months(first_of_month: date, months: int) -> date:
    index = 12 * first_of_month.year + first_of_month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _month_end(on: date) -> date:
    return on.replace(day=monthrange(on.year, on.month)[1])
