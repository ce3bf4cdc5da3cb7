"""Working days before and after a meeting, and clear days."""

from collections.abc import Callable, Container
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.kernel.working_days import (
    clear_days_between,
    is_working_day,
    published_by,
    working_day_after,
    working_day_before,
)

# England, Christmas 2026 (Boxing Day falls on a Saturday) to May 2027.
HOLIDAYS = frozenset(
    {
        date(2026, 12, 25),
        date(2026, 12, 28),
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 5, 3),
        date(2027, 5, 31),
    }
)
DAYS = st.dates(date(2026, 11, 1), date(2027, 6, 30))


@pytest.mark.parametrize(
    ("on", "working"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),
        (date(2026, 12, 28), False),
        (date(2026, 12, 29), True),
        (date(2027, 3, 26), False),
        (date(2027, 5, 3), False),
    ],
)
def test_weekends_and_bank_holidays_are_no_working_days(on: date, working: bool) -> None:
    assert is_working_day(on, HOLIDAYS) is working


@pytest.mark.parametrize(
    ("meeting_on", "n", "before"),
    [
        (date(2026, 11, 30), 1, date(2026, 11, 27)),
        (date(2026, 11, 30), 5, date(2026, 11, 23)),
        (date(2026, 12, 5), 1, date(2026, 12, 4)),  # a Saturday meeting
        (date(2026, 12, 30), 2, date(2026, 12, 24)),  # over Christmas
        (date(2027, 3, 30), 1, date(2027, 3, 25)),  # over Easter
        (date(2027, 5, 4), 1, date(2027, 4, 30)),  # over the early May bank holiday
        (date(2027, 6, 1), 2, date(2027, 5, 27)),  # over the spring bank holiday
    ],
)
def test_t_minus_n_is_the_nth_working_day_strictly_before(
    meeting_on: date, n: int, before: date
) -> None:
    assert working_day_before(meeting_on, n, HOLIDAYS) == before


@pytest.mark.parametrize(
    ("meeting_on", "n", "after"),
    [
        (date(2026, 12, 8), 2, date(2026, 12, 10)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 12, 24), 4, date(2027, 1, 4)),
        (date(2027, 3, 25), 1, date(2027, 3, 30)),
    ],
)
def test_t_plus_n_is_the_nth_working_day_strictly_after(
    meeting_on: date, n: int, after: date
) -> None:
    assert working_day_after(meeting_on, n, HOLIDAYS) == after


@pytest.mark.parametrize(
    ("meeting_on", "published_on"),
    [
        (date(2026, 11, 30), date(2026, 11, 20)),
        (date(2027, 1, 5), date(2026, 12, 23)),  # two bank holidays and New Year's Day
        (date(2027, 4, 1), date(2027, 3, 22)),  # over Easter
    ],
)
def test_five_clear_days_count_neither_publishing_nor_meeting(
    meeting_on: date, published_on: date
) -> None:
    assert published_by(meeting_on, 5, HOLIDAYS) == published_on
    assert clear_days_between(published_on, meeting_on, HOLIDAYS) == 5


@given(DAYS, st.integers(0, 12))
@settings(max_examples=50)
def test_a_pack_published_by_the_day_leaves_the_clear_days_and_a_day_later_does_not(
    meeting_on: date, clear_days: int
) -> None:
    published_on = published_by(meeting_on, clear_days, HOLIDAYS)
    assert is_working_day(published_on, HOLIDAYS)
    assert clear_days_between(published_on, meeting_on, HOLIDAYS) == clear_days
    later_on = working_day_after(published_on, 1, HOLIDAYS)
    assert clear_days_between(later_on, meeting_on, HOLIDAYS) == max(0, clear_days - 1)


@given(DAYS, st.integers(1, 30))
@settings(max_examples=50)
def test_counting_back_and_forth_from_a_working_day_returns_to_it(on: date, n: int) -> None:
    start_on = working_day_after(on, 1, HOLIDAYS)
    back_on = working_day_before(start_on, n, HOLIDAYS)
    assert back_on < start_on
    assert working_day_after(back_on, n, HOLIDAYS) == start_on


def test_no_clear_days_lie_between_a_day_and_itself_or_an_earlier_one() -> None:
    assert clear_days_between(date(2026, 11, 30), date(2026, 11, 30), HOLIDAYS) == 0
    assert clear_days_between(date(2026, 11, 30), date(2026, 11, 20), HOLIDAYS) == 0


@pytest.mark.parametrize("count", [working_day_before, working_day_after])
def test_counting_no_working_days_is_refused(
    count: Callable[[date, int, Container[date]], date],
) -> None:
    with pytest.raises(ValueError, match="from 1"):
        count(date(2026, 11, 30), 0, HOLIDAYS)
