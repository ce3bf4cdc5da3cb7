"""Who is asked, and what is said where nobody is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.asked import LEAVING_DAYS, Asked, asked_now, gap_words

TODAY = date(2026, 11, 2)
SOON = TODAY + timedelta(days=LEAVING_DAYS)


def asked(
    name: str = "Jo Bell",
    from_on: date = date(2026, 1, 1),
    to_on: date | None = None,
    left_on: date | None = None,
) -> Asked:
    return Asked(1, 1, name, from_on, to_on, left_on)


@pytest.mark.parametrize(
    ("owners", "words"),
    [
        ([], "Nobody to ask"),
        ([asked()], None),
        ([asked(left_on=date(2026, 5, 3))], "Jo Bell left on 3 May 2026: nobody to ask"),
        ([asked(left_on=TODAY)], "Jo Bell left on 2 November 2026: nobody to ask"),
        (
            [asked(left_on=TODAY + timedelta(days=1))],
            "Jo Bell leaves on 3 November 2026: nobody to ask from then",
        ),
        ([asked(left_on=SOON)], "Jo Bell leaves on 2 December 2026: nobody to ask from then"),
        ([asked(left_on=SOON + timedelta(days=1))], None),
        (
            [asked(to_on=date(2026, 5, 3))],
            "Jo Bell was asked until 3 May 2026: nobody to ask",
        ),
        (
            [asked(to_on=date(2026, 11, 30))],
            "Jo Bell is asked until 30 November 2026, and nobody after",
        ),
        ([asked(to_on=date(2026, 11, 30)), asked("Sam Ash", date(2026, 12, 1))], None),
        ([asked(left_on=date(2026, 5, 3)), asked("Sam Ash")], None),
        (
            [asked("Sam Ash", date(2026, 12, 1))],
            "Nobody to ask until 1 December 2026, then Sam Ash",
        ),
        (
            [asked("Sam Ash", date(2026, 3, 1), date(2026, 6, 30)), asked(to_on=date(2026, 2, 1))],
            "Sam Ash was asked until 30 June 2026: nobody to ask",
        ),
        # Their dates ended before they left, so it is their dates that are told.
        (
            [asked(to_on=date(2026, 4, 1), left_on=date(2026, 5, 3))],
            "Jo Bell was asked until 1 April 2026: nobody to ask",
        ),
        # A coming owner who will have left by then is nobody.
        ([asked("Sam Ash", date(2026, 12, 1), left_on=date(2026, 6, 1))], "Sam Ash left on 1 June"),
    ],
)
def test_a_gap_is_told_with_its_reason(owners: list[Asked], words: str | None) -> None:
    found = gap_words(owners, TODAY)
    assert (found is None) if words is None else str(found).startswith(words)


DAYS = st.dates(date(2026, 9, 1), date(2027, 1, 31))
OWNERS = st.lists(
    st.tuples(DAYS, st.none() | DAYS, st.none() | DAYS).map(
        lambda days: asked("Jo", min(days[0], days[1] or days[0]), days[1], days[2])
    ),
    max_size=4,
)


@given(OWNERS)
def test_a_gap_is_told_exactly_when_nobody_is_asked_today_or_in_thirty_days(
    owners: list[Asked],
) -> None:
    is_covered = all(any(one.is_asked(day) for one in owners) for day in (TODAY, SOON))
    assert (gap_words(owners, TODAY) is None) is is_covered
    assert all(one.is_asked(TODAY) for one in asked_now(owners, TODAY))
