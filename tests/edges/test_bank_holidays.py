"""England's bank holidays as the `holidays` package knows them."""

from datetime import date

import pytest

from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.kernel.working_days import published_by


@pytest.mark.parametrize(
    "on",
    [
        date(2026, 12, 25),
        date(2026, 12, 28),  # for Boxing Day, a Saturday
        date(2027, 12, 27),  # for Christmas Day, a Saturday
        date(2027, 12, 28),  # for Boxing Day, a Sunday
        date(2028, 1, 3),  # for New Year's Day, a Saturday
        date(2027, 3, 26),  # Good Friday
        date(2027, 3, 29),  # Easter Monday
        date(2027, 5, 3),  # early May
        date(2027, 5, 31),  # spring
        date(2027, 8, 30),  # summer, which Scotland has not
        date(2020, 5, 8),  # early May moved to a Friday
        date(2022, 6, 3),  # the Platinum Jubilee
        date(2022, 9, 19),  # the State Funeral
        date(2023, 5, 8),  # the Coronation
    ],
)
def test_england_has_the_day_off(on: date) -> None:
    assert on in EnglishBankHolidays().between(on.year, on.year)


@pytest.mark.parametrize(
    "on",
    [
        date(2027, 1, 4),  # Scotland's
        date(2027, 3, 17),  # Northern Ireland's
        date(2020, 5, 4),  # moved to the Friday
        date(2022, 5, 30),  # moved for the Jubilee
        date(2026, 12, 24),
    ],
)
def test_england_is_at_work(on: date) -> None:
    assert on not in EnglishBankHolidays().between(on.year, on.year)


def test_a_span_holds_every_year_of_it_and_no_other() -> None:
    found = EnglishBankHolidays().between(2026, 2028)
    assert {on.year for on in found} == {2026, 2027, 2028}
    assert found == frozenset().union(
        *(EnglishBankHolidays().between(year, year) for year in (2026, 2027, 2028))
    )


def test_years_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="after the last"):
        EnglishBankHolidays().between(2027, 2026)


def test_a_january_meeting_counts_its_clear_days_over_christmas() -> None:
    holidays = EnglishBankHolidays().between(2026, 2027)
    assert published_by(date(2027, 1, 5), 5, holidays) == date(2026, 12, 23)


def test_each_bank_holiday_has_its_name_and_a_day_in_its_place_says_so() -> None:
    names = EnglishBankHolidays().names(2026, 2027)
    assert frozenset(names) == EnglishBankHolidays().between(2026, 2027)
    assert names[date(2027, 3, 26)] == "Good Friday"
    assert names[date(2026, 12, 28)] == "Boxing Day (substitute day)"
    assert list(names) == sorted(names)
    with pytest.raises(ValueError, match="after the last"):
        EnglishBankHolidays().names(2027, 2026)
