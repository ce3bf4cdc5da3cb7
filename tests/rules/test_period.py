"""Periods, dates in words and London's clock."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.kernel.period import (
    Calendar,
    Period,
    Precision,
    add_months,
    clock_words,
    day,
    long_date,
    month,
    parse_period,
    quarter,
    shift_years,
    short_date,
    year,
)
from tracker.kernel.times import london, london_day

FINANCIAL, ACADEMIC = Calendar.FINANCIAL, Calendar.ACADEMIC
YEARS = st.integers(1900, 2190)
PERIODS = st.one_of(
    st.dates(date(1900, 1, 1), date(2190, 12, 31)).map(day),
    st.builds(month, YEARS, st.integers(1, 12)),
    st.builds(quarter, YEARS, st.integers(1, 4), st.sampled_from([FINANCIAL, Calendar.CALENDAR])),
    st.builds(year, YEARS, st.sampled_from(Calendar)),
)


@pytest.mark.parametrize(
    ("period", "first", "last", "words"),
    [
        (day(date(2016, 3, 14)), date(2016, 3, 14), date(2016, 3, 14), "14 March 2016"),
        (month(2016, 4), date(2016, 4, 1), date(2016, 4, 30), "April 2016"),
        (month(2016, 2), date(2016, 2, 1), date(2016, 2, 29), "February 2016"),
        (month(2015, 12), date(2015, 12, 1), date(2015, 12, 31), "December 2015"),
        (quarter(2015, 1), date(2015, 4, 1), date(2015, 6, 30), "Q1 2015/16"),
        (quarter(2015, 3), date(2015, 10, 1), date(2015, 12, 31), "Q3 2015/16"),
        (quarter(2015, 4), date(2016, 1, 1), date(2016, 3, 31), "Q4 2015/16"),
        (quarter(2015, 3, Calendar.CALENDAR), date(2015, 7, 1), date(2015, 9, 30), "Q3 2015"),
        (year(2015), date(2015, 1, 1), date(2015, 12, 31), "2015"),
        (year(2015, FINANCIAL), date(2015, 4, 1), date(2016, 3, 31), "2015/16"),
        (year(1999, FINANCIAL), date(1999, 4, 1), date(2000, 3, 31), "1999/00"),
        (year(2015, ACADEMIC), date(2015, 9, 1), date(2016, 8, 31), "2015/16 academic year"),
    ],
)
def test_a_period_has_its_days_and_its_words(
    period: Period, first: date, last: date, words: str
) -> None:
    assert (period.first, period.last, period.words()) == (first, last, words)


def test_several_units_are_named_by_their_ends() -> None:
    plan = Period(date(2014, 1, 1), date(2016, 12, 31), Precision.YEAR)
    assert plan.words() == "2014 to 2016"
    assert parse_period("2014 to 2016") == plan
    assert parse_period("April 2015 to June 2015").last == date(2015, 6, 30)


@pytest.mark.parametrize(
    ("first", "last", "precision", "calendar"),
    [
        (date(2016, 4, 2), date(2016, 4, 30), Precision.MONTH, Calendar.CALENDAR),
        (date(2016, 2, 1), date(2016, 2, 28), Precision.MONTH, Calendar.CALENDAR),
        (date(2016, 4, 30), date(2016, 4, 1), Precision.DAY, Calendar.CALENDAR),
        (date(2015, 1, 1), date(2015, 12, 31), Precision.YEAR, FINANCIAL),
        (date(2015, 9, 1), date(2015, 11, 30), Precision.QUARTER, ACADEMIC),
        (date(2015, 1, 1), date(2015, 12, 31), Precision.NONE, Calendar.CALENDAR),
    ],
)
def test_days_that_are_not_whole_units_make_no_period(
    first: date, last: date, precision: Precision, calendar: Calendar
) -> None:
    with pytest.raises(ValueError, match=r"period|whole|terms|precision"):
        Period(first, last, precision, calendar)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("14 March 2016", day(date(2016, 3, 14))),
        ("  1st  Sept 2014 ", day(date(2014, 9, 1))),
        ("2016-03-14", day(date(2016, 3, 14))),
        ("14/3/2016", day(date(2016, 3, 14))),
        ("29 February 2016", day(date(2016, 2, 29))),
        ("March 2016", month(2016, 3)),
        ("Mar 2016", month(2016, 3)),
        ("mar. 2016", month(2016, 3)),
        ("Sept 2014", month(2014, 9)),
        ("May 2014", month(2014, 5)),
        ("Q3 2015/16", quarter(2015, 3)),
        ("q3 2015/2016", quarter(2015, 3)),
        ("Q3 2015", quarter(2015, 3, Calendar.CALENDAR)),
        ("2015/16", year(2015, FINANCIAL)),
        ("1999/00", year(1999, FINANCIAL)),
        ("2015/16 academic year", year(2015, ACADEMIC)),
        ("2015", year(2015)),
    ],
)
def test_a_period_is_read_as_people_type_it(text: str, period: Period) -> None:
    assert parse_period(text) == period


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "31 April 2016",
        "29 February 2015",
        "2016-13-01",
        "Marchember 2016",
        "Ma 2016",
        "Q5 2015/16",
        "2015/17",
        "2011-12",
        "0001",
        "March 2016 to 2017",
        "June 2016 to May 2016",
        "2014 to 2015 to 2016",
        "٢٠١٥",
    ],
)
def test_what_cannot_be_read_is_said_with_what_can(text: str) -> None:
    with pytest.raises(ValueError, match="March 2016, Q3 2015/16") as refused:
        parse_period(text)
    assert f"“{text}”" in str(refused.value)


@given(PERIODS)
@settings(max_examples=60)
def test_the_words_of_a_period_are_read_back(period: Period) -> None:
    assert parse_period(period.words()) == period


@given(PERIODS, st.integers(-9, 9))
@settings(max_examples=60)
def test_a_shifted_period_keeps_its_kind_and_moves_by_whole_years(
    period: Period, years: int
) -> None:
    moved = shift_years(period, years)
    assert (moved.precision, moved.calendar) == (period.precision, period.calendar)
    assert moved.first.year == period.first.year + years
    assert moved.first.month == period.first.month


@pytest.mark.parametrize(
    ("period", "years", "moved"),
    [
        (day(date(2016, 2, 29)), 1, day(date(2017, 2, 28))),
        (day(date(2016, 2, 29)), 4, day(date(2020, 2, 29))),
        (month(2016, 2), 10, month(2026, 2)),
        (month(2015, 2), 1, month(2016, 2)),
        (quarter(2015, 4), -3, quarter(2012, 4)),
        (year(2015, ACADEMIC), 11, year(2026, ACADEMIC)),
    ],
)
def test_leap_days_and_month_ends_shift_as_people_expect(
    period: Period, years: int, moved: Period
) -> None:
    assert shift_years(period, years) == moved


def test_a_month_on_from_a_long_months_end_is_the_short_months_end() -> None:
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert add_months(date(2026, 12, 15), 1) == date(2027, 1, 15)


def test_dates_and_times_are_written_in_plain_words() -> None:
    assert long_date(date(2026, 12, 8)) == "Tuesday 8 December 2026"
    assert short_date(date(2026, 12, 8)) == "8 December 2026"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(14), "2pm"),
        (time(9, 30), "9.30am"),
        (time(0), "midnight"),
        (time(12), "midday"),
        (time(0, 5), "12.05am"),
        (time(12, 30), "12.30pm"),
        (time(23, 59), "11.59pm"),
    ],
)
def test_a_time_of_day_is_written_as_people_write_it(at: time, words: str) -> None:
    assert clock_words(at) == words


@pytest.mark.parametrize(
    ("on", "at", "instant"),
    [
        (date(2026, 12, 8), time(7), datetime(2026, 12, 8, 7, tzinfo=UTC)),
        (date(2026, 7, 1), time(7), datetime(2026, 7, 1, 6, tzinfo=UTC)),
        # 29 March 2026: the clock goes from 01:00 to 02:00.
        (date(2026, 3, 29), time(0, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (date(2026, 3, 29), time(1, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (date(2026, 3, 29), time(7), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        # 25 October 2026: the clock shows 01:30 twice; the first is still summer time.
        (date(2026, 10, 25), time(1, 30, fold=1), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(7), datetime(2026, 10, 25, 7, tzinfo=UTC)),
    ],
)
def test_london_time_becomes_utc_across_both_clock_changes(
    on: date, at: time, instant: datetime
) -> None:
    assert london(on, at) == instant


def test_the_day_in_london_begins_at_its_own_midnight() -> None:
    assert london_day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert london_day(datetime(2026, 12, 30, 23, 30, tzinfo=UTC)) == date(2026, 12, 30)


def test_a_time_without_its_zone_or_with_another_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        london(date(2026, 1, 1), time(7, tzinfo=UTC))
    with pytest.raises(ValueError, match="zone"):
        london_day(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
