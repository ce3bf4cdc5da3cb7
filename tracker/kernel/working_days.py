"""Working days: Monday to Friday, save bank holidays, which the caller gives.

T-n is the nth working day strictly before a meeting, T+n strictly after it. n clear days means
published by the end of T-(n+1): neither the day of publishing nor that of the meeting counts
(`docs/decisions/working-days.md`).
"""

from collections.abc import Container
from datetime import date, timedelta

_SATURDAY = 5


def is_working_day(on: date, holidays: Container[date]) -> bool:
    """Return whether `on` is a weekday and no bank holiday."""
    return on.weekday() < _SATURDAY and on not in holidays


def working_day_before(meeting_on: date, n: int, holidays: Container[date]) -> date:
    """Return T-n: the nth working day strictly before `meeting_on`.

    Raises:
        ValueError: n is less than 1.
    """
    return _nth_working_day(meeting_on, n, timedelta(days=-1), holidays)


def working_day_after(meeting_on: date, n: int, holidays: Container[date]) -> date:
    """Return T+n: the nth working day strictly after `meeting_on`.

    Raises:
        ValueError: n is less than 1.
    """
    return _nth_working_day(meeting_on, n, timedelta(days=1), holidays)


def published_by(meeting_on: date, clear_days: int, holidays: Container[date]) -> date:
    """Return T-(n+1): the last day whose end leaves n clear days before the meeting.

    Raises:
        ValueError: clear_days is negative.
    """
    return working_day_before(meeting_on, clear_days + 1, holidays)


def clear_days_between(published_on: date, meeting_on: date, holidays: Container[date]) -> int:
    """Return the working days strictly between the two days; 0 where there are none.

    The notice was lawful when this is at least the clear days that the law asks for.
    """
    span = range(1, (meeting_on - published_on).days)
    return sum(is_working_day(published_on + timedelta(days=day), holidays) for day in span)


def _nth_working_day(start_on: date, n: int, pace: timedelta, holidays: Container[date]) -> date:
    if n < 1:
        raise ValueError("Working days are counted from 1.")
    on = start_on
    for _ in range(n):
        on += pace
        while not is_working_day(on, holidays):
            on += pace
    return on
