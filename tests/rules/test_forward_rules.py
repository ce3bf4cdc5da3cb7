"""Which meeting takes the business of the year, the reports from below, a review that is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.forward.rules import (
    business_falls_on,
    months_between_reports,
    reports_fall_on,
    takes,
)

QUARTERLY = [date(year, month, 8) for year in (2026, 2027, 2028) for month in (3, 6, 9, 12)]


def test_business_goes_to_the_first_meeting_from_its_month_on_each_year_once() -> None:
    found = business_falls_on({"chair": 5, "terms": 9}, QUARTERLY)
    assert [on for on, kinds in found.items() if "terms" in kinds] == [
        *(date(2026, 3, 8), date(2026, 9, 8)),  # the first has that of 2025: nobody took it
        *(date(2027, 9, 8), date(2028, 9, 8)),
    ]
    assert found[date(2027, 6, 8)] == ["chair"]


def test_business_of_one_meeting_comes_in_its_order() -> None:
    found = business_falls_on({"terms": 9, "chair": 8}, [date(2026, 9, 8)])
    assert found == {date(2026, 9, 8): ["terms", "chair"]}


@pytest.mark.parametrize("month", [0, 13])
def test_a_month_that_there_is_not_is_refused(month: int) -> None:
    with pytest.raises(ValueError, match="month"):
        business_falls_on({"chair": month}, QUARTERLY)


DAYS = st.lists(st.dates(date(2025, 1, 1), date(2028, 12, 31)), max_size=40)


@given(DAYS, st.integers(1, 12))
def test_business_comes_at_most_once_from_month_to_month(days: list[date], month: int) -> None:
    taken = sorted(business_falls_on({"chair": month}, days))
    assert set(taken) <= set(days)
    years = [on.year if on.month >= month else on.year - 1 for on in taken]
    assert len(years) == len(set(years))


@given(DAYS, st.dates(date(2025, 1, 1), date(2028, 12, 31)))
def test_a_review_goes_to_the_first_meeting_from_its_day_on(days: list[date], on: date) -> None:
    found = takes(on, days)
    assert found is None or (found in days and found >= on)
    assert not any(on <= day < (found or date.max) for day in days)


@pytest.mark.parametrize(
    ("words", "months"),
    [
        *((None, 0), ("", 0), ("at every meeting", 0), ("as asked", 0), ("monthly", 1)),
        *(("Quarterly", 3), ("every three months", 3), ("six-monthly", 6), ("twice a year", 6)),
        *(("termly", 4), ("bi-monthly", 2), ("annually", 12), ("once a year", 12)),
    ],
)
def test_how_often_a_board_below_reports_is_read_from_its_relation(
    words: str | None, months: int
) -> None:
    assert months_between_reports(words) == months


def test_reports_are_due_as_often_as_they_are_said_from_the_last_one_on() -> None:
    assert reports_fall_on("six-monthly", QUARTERLY[:5]) == [QUARTERLY[0], *QUARTERLY[2:5:2]]
    assert reports_fall_on("six-monthly", QUARTERLY[1:4], QUARTERLY[0]) == [QUARTERLY[2]]
    assert reports_fall_on(None, QUARTERLY) == QUARTERLY
    monthly = [date(2026, 1, 13) + timedelta(weeks=4 * n) for n in range(13)]
    assert len(reports_fall_on("quarterly", monthly)) == 5
