"""On which days a board meets."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.cycles import MOST_OCCURRENCES, Rule, occurrences, plain_words, usual_gap_days

QUARTERLY = "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU"
ANCHOR = date(2026, 3, 1)


def test_a_quarterly_rule_falls_on_its_weekday_in_its_months() -> None:
    assert occurrences(Rule(QUARTERLY, ANCHOR), date(2026, 1, 1), date(2026, 12, 31)) == [
        date(2026, 3, 10),
        date(2026, 6, 9),
        date(2026, 9, 8),
        date(2026, 12, 8),
    ]


def test_both_ends_of_the_span_are_included_and_years_on_the_months_are_the_same() -> None:
    rule = Rule("RRULE:" + QUARTERLY.lower(), date(2014, 3, 1))
    assert occurrences(rule, date(2026, 3, 10), date(2026, 6, 9)) == [
        date(2026, 3, 10),
        date(2026, 6, 9),
    ]
    assert occurrences(rule, date(2026, 3, 11), date(2026, 6, 8)) == []


def test_nothing_falls_before_the_anchor_or_after_the_end() -> None:
    rule = Rule(QUARTERLY, ANCHOR, ends_on=date(2026, 9, 8))
    found = occurrences(rule, date(2020, 1, 1), date(2030, 1, 1))
    assert (found[0], found[-1]) == (date(2026, 3, 10), date(2026, 9, 8))


def test_a_long_span_is_capped() -> None:
    rule = Rule("FREQ=WEEKLY", ANCHOR)
    assert len(occurrences(rule, ANCHOR, date(2999, 1, 1))) == MOST_OCCURRENCES


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Write a rule"),
        ("every other Tuesday", "Write a rule"),
        ("FREQ=MONTHLY;FREQ=WEEKLY", "Write a rule"),
        ("BYDAY=2TU", "FREQ must say"),
        ("FREQ=DAILY", "FREQ must say"),
        ("FREQ=MINUTELY;INTERVAL=10080", "FREQ must say"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "more often than once a week"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE", "more often than once a week"),
        ("FREQ=MONTHLY;COUNT=4", "own end"),
        ("FREQ=MONTHLY;UNTIL=20270101", "own end"),
        ("FREQ=MONTHLY;BYHOUR=9", "cannot have BYHOUR"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "cannot have BYMONTHDAY"),
        ("FREQ=WEEKLY;BYDAY=2TU", "without a number"),
        ("FREQ=MONTHLY;INTERVAL=0", "INTERVAL"),
        ("FREQ=MONTHLY;INTERVAL=-1", "INTERVAL"),
        ("FREQ=MONTHLY;INTERVAL=99", "INTERVAL"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH"),
        ("FREQ=MONTHLY;BYDAY=2XX", "not a rule"),
        ("FREQ=MONTHLY;BYMONTHDAY=first", "not a rule"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never falls"),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTH=5", "never falls"),
        ("FREQ=YEARLY;BYDAY=60MO", "never falls"),
    ],
)
def test_a_bad_rule_is_refused_in_plain_words(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Rule(text, ANCHOR)


def test_a_cycle_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="end before"):
        Rule(QUARTERLY, ANCHOR, ends_on=date(2026, 2, 28))


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("FREQ=WEEKLY", 7),
        ("FREQ=WEEKLY;INTERVAL=6", 42),
        ("FREQ=MONTHLY;BYDAY=2TU", 28),
        (QUARTERLY, 91),
        ("FREQ=MONTHLY;INTERVAL=6;BYDAY=2TU", 182),
        ("FREQ=YEARLY", 365),
    ],
)
def test_the_usual_gap_is_the_median_between_meetings(text: str, gap: int) -> None:
    assert usual_gap_days(Rule(text, ANCHOR)) == gap


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (QUARTERLY, "second Tuesday of March, June, September and December"),
        ("FREQ=MONTHLY;INTERVAL=6;BYDAY=1WE", "first Wednesday of March and September"),
        ("FREQ=MONTHLY;INTERVAL=12;BYDAY=3MO", "third Monday of March"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "last Friday of every month"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "second Tuesday of every month"),
        (
            "FREQ=MONTHLY;BYMONTH=1,4,7,10;BYDAY=4TH",
            "fourth Thursday of January, April, July and October",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "15th of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=22;INTERVAL=6", "22nd of March and September"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "last day of every month"),
        ("FREQ=YEARLY", "1st of March"),
        ("FREQ=YEARLY;BYMONTH=9;BYDAY=2TU", "second Tuesday of September"),
        ("FREQ=YEARLY;BYMONTHDAY=13", "13th of every month"),
        ("FREQ=WEEKLY;BYDAY=TU", "every Tuesday"),
        ("FREQ=WEEKLY;INTERVAL=6;BYDAY=TU", "every six weeks on Tuesday"),
        ("FREQ=WEEKLY;INTERVAL=2", "every two weeks on Sunday"),
        ("FREQ=MONTHLY;INTERVAL=5;BYDAY=2TU", "FREQ=MONTHLY;INTERVAL=5;BYDAY=2TU"),
        ("FREQ=YEARLY;BYDAY=2TU", "FREQ=YEARLY;BYDAY=2TU"),
        ("FREQ=MONTHLY;BYDAY=2TU,4TU", "FREQ=MONTHLY;BYDAY=2TU,4TU"),
        ("FREQ=WEEKLY;BYDAY=TU;BYMONTH=3", "FREQ=WEEKLY;BYDAY=TU;BYMONTH=3"),
    ],
)
def test_common_rules_are_told_in_words_and_others_as_they_are(text: str, words: str) -> None:
    assert plain_words(Rule(text, ANCHOR)) == words


@given(
    st.sampled_from(
        ["FREQ=WEEKLY;INTERVAL=6", "FREQ=MONTHLY;BYDAY=2TU", QUARTERLY, "FREQ=YEARLY;BYMONTHDAY=31"]
    ),
    st.dates(date(2020, 1, 1), date(2026, 12, 31)),
    st.dates(date(2019, 1, 1), date(2027, 12, 31)),
    st.integers(0, 1500),
    st.integers(0, 1500),
)
@settings(max_examples=50)
def test_two_spans_side_by_side_hold_what_the_whole_span_holds(
    text: str, anchor_on: date, first_on: date, one: int, two: int
) -> None:
    rule = Rule(text, anchor_on)
    middle_on = first_on + timedelta(days=one)
    last_on = middle_on + timedelta(days=two)
    whole = occurrences(rule, first_on, last_on)
    after = occurrences(rule, middle_on + timedelta(days=1), last_on)
    assert whole == occurrences(rule, first_on, middle_on) + after
    assert whole == sorted(set(whole))
    assert all(max(first_on, anchor_on) <= found <= last_on for found in whole)
