"""What to know of a day on which a board would meet. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from governance.timetable import ClosedDays
from tracker.kernel.period import WEEKDAYS

_SATURDAY = 5


def warnings(on: date, holidays: Mapping[date, str], closed: Sequence[ClosedDays]) -> list[str]:
    """Say what speaks against a meeting on a day: a bank holiday, a weekend, a closed period."""
    found = []
    if on in holidays:
        found.append(f"It is a bank holiday: {holidays[on]}.")
    if on.weekday() >= _SATURDAY:
        found.append(f"It is a {WEEKDAYS[on.weekday()]}.")
    for period in closed:
        if period.holds(on):
            whose = ", when schools are closed" if period.for_schools else ""
            found.append(f"It falls in “{period.name}”{whose}.")
    return found
