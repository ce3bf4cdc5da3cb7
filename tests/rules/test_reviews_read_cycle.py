"""When a board meets, as people write it, read into a rule; and what a changed rule moves."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from governance.cycles import Rule, occurrences, plain_words
from governance.reviews.pairing import pair, stands_for
from governance.reviews.rules import counted_from, read_cycle, words_to_edit
from governance.reviews.warnings import warnings
from governance.timetable import ClosedDays
from tracker.edges.bank_holidays import EnglishBankHolidays

ANCHOR = date(2026, 3, 1)
DAYS = st.dates(date(2026, 1, 1), date(2029, 12, 31))
CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            "second Tuesday of March, June, September and December",
            "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=2TU",
        ),
        ("The 2nd Tuesday in Mar, Jun, Sept & Dec.", "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=2TU"),
        ("SECOND TUES OF MARCH", "FREQ=MONTHLY;BYMONTH=3;BYDAY=2TU"),
        ("every six weeks on Thursday", "FREQ=WEEKLY;INTERVAL=6;BYDAY=TH"),
        ("Every 6 weeks on Thursdays", "FREQ=WEEKLY;INTERVAL=6;BYDAY=TH"),
        ("every other Monday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
        ("fortnightly on Monday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
        ("every Tuesday", "FREQ=WEEKLY;BYDAY=TU"),
        ("weekly on Tuesday", "FREQ=WEEKLY;BYDAY=TU"),
        ("last Friday of every month", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("monthly on the last Friday", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("15th of January and July", "FREQ=MONTHLY;BYMONTH=1,7;BYMONTHDAY=15"),
        ("last day of every month", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("every three months on the first Wednesday", "FREQ=MONTHLY;INTERVAL=3;BYDAY=1WE"),
        ("quarterly on the first Wednesday", "FREQ=MONTHLY;INTERVAL=3;BYDAY=1WE"),
        ("first Wednesday, twice a year", "FREQ=MONTHLY;INTERVAL=6;BYDAY=1WE"),
        ("first Monday of September every year", "FREQ=MONTHLY;BYMONTH=9;BYDAY=1MO"),
        ("rrule: freq=monthly; byday=2tu", "FREQ=MONTHLY;BYDAY=2TU"),
    ],
)
def test_words_are_read_into_a_rule(text: str, rule: str) -> None:
    assert read_cycle(text).rule == rule
    assert read_cycle(text.upper()).rule == rule


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("every Tuesday, 14:00", time(14)),
        ("every Tuesday at 2pm", time(14)),
        ("every Tuesday 9.30 am", time(9, 30)),
        ("last Friday of every month at noon", time(12)),
        ("15th of January and July", None),
    ],
)
def test_a_time_may_be_said_with_the_rule(text: str, at: time | None) -> None:
    assert read_cycle(text).at == at


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "Tuesday", "first Tuesday", "every second Tuesday", "every six weeks"),
        *("32nd of May", "Monday and Tuesday every month", "every 99 weeks on Monday"),
        *("2nd and 4th Tuesday of May", "second Tuesday of Marchember", "<b>", "½th of May"),
        *("every 0 months on the 3rd", "🗓" * 300, "every Tuesday at 25:00"),
        *("Tuesday the 15th of May", "last first Monday of May"),
    ],
)
def test_what_is_not_understood_is_said_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=r"“second Tuesday of|There is no such time"):
        read_cycle(text)


SHAPES = st.one_of(
    st.builds(
        "FREQ=WEEKLY;INTERVAL={};BYDAY={}".format, st.integers(1, 60), st.sampled_from(CODES)
    ),
    st.builds(
        "FREQ=MONTHLY;INTERVAL={};{}".format,
        st.sampled_from([1, 2, 3, 4, 6, 12]),
        which := st.one_of(
            st.builds(
                "BYDAY={}{}".format, st.sampled_from([1, 2, 3, 4, 5, -1]), st.sampled_from(CODES)
            ),
            st.builds("BYMONTHDAY={}".format, st.sampled_from([*range(1, 29), -1])),
        ),
    ),
    st.builds(
        lambda months, day: f"FREQ=MONTHLY;BYMONTH={','.join(map(str, months))};{day}",
        st.lists(st.integers(1, 12), min_size=1, unique=True),
        which,
    ),
    st.builds("FREQ=YEARLY;BYMONTH={};{}".format, st.integers(1, 12), which),
    st.just("FREQ=YEARLY"),
    st.just("FREQ=MONTHLY"),
)


@given(text=SHAPES, anchor=DAYS)
def test_whatever_is_printed_is_read_back_into_the_same_days_and_words(
    text: str, anchor: date
) -> None:
    assume(anchor.day <= 28)
    rule = Rule(text, counted_from(text, anchor))
    words = plain_words(rule)
    again = read_cycle(words).on(rule.anchor_on)
    assert plain_words(again) == words
    last = anchor + timedelta(days=900)
    assert occurrences(again, anchor, last) == occurrences(rule, anchor, last)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        said = read_cycle(text).rule
    except ValueError as why:
        said = str(why)
    assert said.startswith("FREQ=") or said.endswith(".")


def test_every_six_weeks_is_counted_from_the_first_such_weekday() -> None:
    friday = date(2026, 6, 5)
    rule = read_cycle("every six weeks on Thursday").on(friday)
    assert occurrences(rule, friday, date(2026, 8, 1)) == [date(2026, 6, 11), date(2026, 7, 23)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=MONTHLY;INTERVAL=6;BYDAY=2TU", "second Tuesday of March and September"),
        # Its words say more than it does, or count from another week.
        *(("FREQ=YEARLY;BYMONTH=3,6;BYDAY=TU;BYSETPOS=2",) * 2,),
        *(("FREQ=WEEKLY;INTERVAL=6;BYDAY=TU",) * 2,),
        *(("FREQ=MONTHLY;BYDAY=2TU,4TU",) * 2,),
    ],
)
def test_a_rule_is_edited_in_words_only_where_they_mean_the_same_days(
    text: str, words: str
) -> None:
    rule = Rule(text, ANCHOR)
    assert words_to_edit(rule) == words
    last = date(2030, 1, 1)
    again = read_cycle(words).on(ANCHOR)
    assert occurrences(again, ANCHOR, last) == occurrences(rule, ANCHOR, last)


SETS = st.sets(st.dates(date(2027, 1, 1), date(2028, 6, 30)), max_size=12)


@given(SETS, SETS)
def test_pairs_leave_nothing_out_and_keep_the_order(old: set[date], new: set[date]) -> None:
    found = pair(sorted(old), sorted(new))
    assert set(found.kept) == old & new
    was, will = [one for one, _ in found.moved], [one for _, one in found.moved]
    assert was == sorted(set(was))
    assert will == sorted(set(will))
    assert {*was, *found.kept, *found.surplus} == old
    assert {*will, *found.kept, *found.missing} == new
    assert len(was) + len(found.kept) + len(found.surplus) == len(old)


@given(SETS)
def test_the_same_rule_moves_nothing(days: set[date]) -> None:
    found = pair(sorted(days), sorted(days))
    assert (found.moved, found.surplus, found.missing) == ((), (), ())


def test_each_meeting_goes_to_the_nearest_day_and_back_again() -> None:
    tuesdays = [date(2026, 12, 8), date(2027, 3, 9), date(2027, 6, 8)]
    wednesdays = [on - timedelta(days=6) for on in tuesdays]
    there = pair(tuesdays, wednesdays)
    assert there.moved == tuple(zip(tuesdays, wednesdays, strict=True))
    assert pair(wednesdays, tuesdays).moved == tuple(zip(wednesdays, tuesdays, strict=True))


def test_more_often_makes_and_less_often_cancels_what_is_farthest() -> None:
    quarterly = [date(2027, 3, 9), date(2027, 6, 8)]
    monthly = [date(2027, month, 3) for month in range(1, 7)]
    more = pair(quarterly, monthly)
    assert more.moved == (
        (date(2027, 3, 9), date(2027, 3, 3)),
        (date(2027, 6, 8), date(2027, 6, 3)),
    )
    assert len(more.missing) == 4
    fewer = pair(monthly, quarterly)
    assert fewer.moved == tuple((will, was) for was, will in more.moved)
    assert len(fewer.surplus) == 4


def test_a_meeting_that_stays_takes_the_place_of_a_near_day_only() -> None:
    on = date(2026, 12, 8)
    assert stands_for(on, [date(2026, 12, 9), date(2027, 1, 13)], 28) == date(2026, 12, 9)
    assert stands_for(on, [date(2027, 1, 6)], 28) is None
    assert stands_for(on, [date(2027, 6, 8)], None) is None
    assert stands_for(on, [], 7) is None


def test_a_day_that_nobody_works_is_named() -> None:
    names = EnglishBankHolidays().names(2026, 2027)
    closed = [ClosedDays("Christmas", date(2026, 12, 21), date(2027, 1, 3))]
    assert warnings(date(2027, 3, 26), names, closed) == ["It is a bank holiday: Good Friday."]
    assert warnings(date(2026, 12, 26), names, closed) == [
        "It is a bank holiday: Boxing Day.",
        "It is a Saturday.",
        "It falls in “Christmas”.",
    ]
    assert warnings(date(2026, 12, 8), names, closed) == []
