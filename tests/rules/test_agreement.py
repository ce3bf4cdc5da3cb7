"""A rating better than the date allows: when it may be agreed, and when the agreement lapses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.rules import ActionFacts, MilestoneFacts
from actions.said import AgreementFacts, EntryFacts
from tests.rules.test_deadline_kinds import action
from tests.rules.test_rag_properties import DAYS
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.rag import DateRule, Rating, allowed

RED, AMBER, GREEN, GREY, BLUE = Rating
AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
AGREED = AgreementFacts("Kim Chair", "chair", AT)


def said(rating: Rating = GREEN, *, why: str | None = "It opens on Monday.") -> EntryFacts:
    return EntryFacts(1, AT, "Jo Bell", Lifecycle.IN_PROGRESS, rating, better_reason=why)


def late(**changes: Any) -> ActionFacts:
    """Overdue, rated Green with a reason."""
    said_so: dict[str, Any] = {"last_entry": said()} | changes
    return replace(action("August 2026"), **said_so)


@pytest.mark.parametrize(
    ("one", "may"),
    [
        (late(), True),
        (late(last_entry=None), False),
        (late(last_entry=said(why=None)), False),
        (late(agreement=AGREED), False),
        (late(owner_rating=RED), False),
        (late(owner_rating=AMBER), True),
        (late(lifecycle=Lifecycle.COMPLETE), False),
        (late(lifecycle=Lifecycle.CLOSED_NOT_COMPLETED), False),
        (late(ended_on=date(2026, 10, 1)), False),
        (replace(action("ongoing"), last_entry=said()), False),
        # The date will say worse one day, so that it may be agreed beforehand.
        (replace(action("December 2030"), last_entry=said()), True),
        (replace(late(), date_rule=DateRule.RED_AT_ONCE, owner_rating=AMBER), True),
    ],
)
def test_only_a_reasoned_rating_that_the_date_makes_worse_may_be_agreed(
    one: ActionFacts, may: bool
) -> None:
    assert one.may_be_agreed() is may


def test_an_agreed_rating_is_the_owners_and_says_what_it_would_be() -> None:
    today = date(2026, 11, 2)
    agreed = late(agreement=AGREED)
    assert (late().rating(today), agreed.rating(today)) == (RED, GREEN)
    assert agreed.explanation(today) == (
        "Owner: Green, as agreed. 63 days past its deadline: Red otherwise"
    )
    assert AGREED.in_words == "Agreed by Kim Chair, chair, on 2 November 2026"
    assert agreed.overdue(today) == 63


@given(
    st.sampled_from(["August 2026", "from May 2027", "ongoing", "Q3 2026/27", "29 February 2028"]),
    st.sampled_from(list(Lifecycle)),
    st.sampled_from(list(Rating)),
    st.sampled_from(list(DateRule)),
    st.none() | DAYS,
    st.none() | DAYS,
    st.booleans(),
    DAYS,
)
def test_nothing_is_shown_better_than_the_date_allows_without_a_live_agreement(
    deadline: str,
    lifecycle: Lifecycle,
    owner: Rating,
    rule: DateRule,
    held_until: date | None,
    done_on: date | None,
    has_milestone: bool,
    today: date,
) -> None:
    step = MilestoneFacts("m", "A building", action("June 2027").deadline, done_on)
    one = replace(
        action(deadline, heard_at=AT),
        lifecycle=lifecycle,
        owner_rating=owner,
        date_rule=rule,
        on_hold_until=held_until,
        milestones=(step,) if has_milestone else (),
    )
    best = allowed(one.thresholds(), today)
    shown = one.rating(today)
    assert shown.rank <= owner.rank
    assert best is None or shown.rank <= best.rank
    assert replace(one, agreement=AGREED).rating(today) is owner
    if held_until is not None and today <= held_until and lifecycle.is_open:
        assert (shown, one.is_on_hold(today), one.needs(today)) == (owner, True, ())
