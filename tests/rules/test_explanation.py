"""A rating explained: every part of the rule, and which of them decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.explanation import Beside, Explanation, explain
from actions.rules import ActionFacts, DeadlineFacts, MilestoneFacts
from actions.said import AgreementFacts, EntryFacts
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.rag import DateRule, Rating, Relation, shown, worse

DUE = date(2026, 3, 31)
SAID_AT = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ENTRY = EntryFacts(3, SAID_AT, "Jo Bell", Lifecycle.IN_PROGRESS, Rating.GREEN)
AGREED = AgreementFacts("Kim Cole", "chair", datetime(2026, 4, 8, 9, tzinfo=UTC))
FACTS = ActionFacts(
    action_id=1,
    uid="an-action",
    number=1,
    reference="1.1",
    title="Open a hub",
    plan_id=1,
    plan_slug="plan",
    plan_title="Plan 2026-27",
    priority_number="1",
    priority_title="Children are safe",
    is_commitment=False,
    lifecycle=Lifecycle.IN_PROGRESS,
    owner_rating=Rating.GREEN,
    deadline=DeadlineFacts("by March 2026", Relation.BY, date(2026, 3, 1), DUE, number=1),
    followed_from_on=date(2026, 1, 1),
    date_rule=DateRule.AMBER_FOR_A_MONTH,
    last_entry=ENTRY,
    last_entry_at=SAID_AT,
)


def said(explained: Explanation, label: str) -> list[str]:
    """What is said under a label."""
    return [words for one, words in explained.lines() if one == label]


@pytest.mark.parametrize(
    ("changed", "on", "rating", "rule"),
    [
        ({}, DUE, "Green", "because the date did not limit it"),
        ({}, date(2026, 4, 1), "Amber", "The date allowed Amber at best, which is worse"),
        ({}, date(2026, 4, 30), "Amber", "The date allowed Amber at best, which is worse"),
        ({}, date(2026, 5, 1), "Red", "The date allowed only Red, which is worse"),
        ({"owner_rating": Rating.RED}, date(2026, 4, 1), "Red", "no better than the date allowed"),
        ({"owner_rating": Rating.AMBER}, date(2026, 4, 1), "Amber", "no better than the date"),
        ({"agreement": AGREED}, date(2026, 5, 1), "Green", "as agreed; the date allowed only Red"),
        (
            {"lifecycle": Lifecycle.COMPLETE, "owner_rating": Rating.BLUE},
            date(2026, 5, 1),
            "Blue",
            "It was complete, so the date did not limit its rating",
        ),
        ({"lifecycle": Lifecycle.CLOSED_NOT_COMPLETED}, DUE, "Green", "It did not count"),
        ({"ended_on": DUE, "ending_words": "Moved"}, date(2026, 5, 1), "Red", "It did not count"),
        ({"date_rule": DateRule.NONE}, date(2026, 4, 1), "Green", "did not limit it"),
        ({"date_rule": DateRule.RED_AT_ONCE}, date(2026, 4, 1), "Red", "allowed only Red"),
        ({"on_hold_until": date(2026, 6, 30)}, date(2026, 6, 30), "Green", "did not limit it"),
        ({"on_hold_until": date(2026, 6, 30)}, date(2026, 7, 1), "Red", "allowed only Red"),
    ],
)
def test_the_rule_that_decided_is_said(
    changed: dict[str, Any], on: date, rating: str, rule: str
) -> None:
    explained = explain(replace(FACTS, **changed), on)
    assert explained.shown == rating
    assert rule in explained.rule


def test_each_limit_is_said_with_its_day_and_the_one_that_decided_is_marked() -> None:
    explained = explain(FACTS, date(2026, 4, 10))
    assert said(explained, "What the date allowed") == ["Amber at best"]
    assert said(explained, "Limit") == [
        "Amber at best from 1 April 2026, because its deadline is 31 March 2026. This decided.",
        "Red from 1 May 2026, because its deadline is 31 March 2026. Not yet.",
        "Amber at best from 2 May 2026, because of no update since 3 March 2026 and 30 days or"
        " fewer to its deadline. Not yet.",
    ]


def test_a_milestone_that_is_late_and_a_beginning_that_passed_are_said() -> None:
    step = DeadlineFacts("by January 2026", Relation.BY, date(2026, 1, 1), date(2026, 1, 31))
    begin = DeadlineFacts("from February 2026", Relation.FROM, date(2026, 2, 1), date(2026, 2, 28))
    facts = replace(
        FACTS,
        lifecycle=Lifecycle.NOT_STARTED,
        deadline=begin,
        milestones=(MilestoneFacts("a", "A step", step, None),),
    )
    explained = explain(facts, date(2026, 3, 10))
    assert said(explained, "Limit") == [
        "Amber at best from 1 February 2026, because a milestone is due by 31 January 2026."
        " This decided.",
        "Amber at best from 1 March 2026, because it is not started and was to begin by"
        " 28 February 2026.",
    ]


def test_who_rated_it_and_when_is_said_on_londons_clock() -> None:
    at = datetime(2026, 4, 3, 9, 30, tzinfo=UTC)
    entry = replace(ENTRY, entered_at=at, given_by="Sam Ash", given_how="telephone")
    explained = explain(replace(FACTS, last_entry=entry, last_entry_at=at), date(2026, 4, 10))
    assert said(explained, "Owner’s rating") == [
        "Green, given by Sam Ash, by telephone to Jo Bell on 3 April 2026 at 10.30am"
    ]
    again = explain(replace(FACTS, last_entry=replace(entry, is_no_change=True)), DUE)
    assert "said again as “no change” by" in said(again, "Owner’s rating")[0]
    nothing = replace(FACTS, last_entry=None, last_entry_at=None, owner_rating=Rating.GREY)
    assert said(explain(nothing, DUE), "Owner’s rating") == [
        "Grey; nobody had recorded anything yet"
    ]


@pytest.mark.parametrize(
    ("last_entry_at", "closed_at", "words"),
    [
        (SAID_AT, None, "3 March 2026 at 9.30am. Confirmed"),
        (
            SAID_AT,
            SAID_AT - timedelta(days=5),
            "3 March 2026 at 9.30am. Confirmed: it came after updates closed on 26 February 2026 at"
            " 9.30am without one",
        ),
        (
            SAID_AT,
            SAID_AT + timedelta(days=5),
            "3 March 2026 at 9.30am. No update since March: updates closed on 8 March 2026 at"
            " 9.30am without one",
        ),
        (None, None, "None yet, and no updates have closed without one"),
        (
            None,
            SAID_AT,
            "None. No update yet: updates closed on 3 March 2026 at 9.30am without one",
        ),
    ],
)
def test_whether_its_owner_was_heard_is_said(
    last_entry_at: datetime | None, closed_at: datetime | None, words: str
) -> None:
    facts = replace(FACTS, last_entry_at=last_entry_at, last_ask_closed_at=closed_at)
    assert said(explain(facts, DUE), "Last update") == [words]


def test_an_agreement_is_live_lapsed_or_none() -> None:
    live = explain(replace(FACTS, agreement=AGREED), date(2026, 5, 1))
    assert said(live, "Agreement")[0].startswith("Agreed by Kim Cole, chair, on 8 April 2026.")
    beside = Beside(lapsed=AGREED, lapsed_because="a newer update was entered")
    assert said(explain(FACTS, date(2026, 5, 1), beside), "Agreement") == [
        "Lapsed, because a newer update was entered. Agreed by Kim Cole, chair, on 8 April 2026"
    ]
    assert said(explain(FACTS, DUE), "Agreement") == ["No agreement"]


def test_completion_holds_and_deadlines_are_said() -> None:
    done = replace(FACTS, lifecycle=Lifecycle.COMPLETE, is_confirmed=True)
    beside = Beside(confirmed_at=SAID_AT, confirmed_by="Sam Ash")
    assert said(explain(done, DUE, beside), "Where it stood") == [
        "Complete, confirmed by Sam Ash on 3 March 2026 at 9.30am"
    ]
    waiting = replace(done, is_confirmed=False)
    assert said(explain(waiting, DUE), "Where it stood") == ["Complete, awaiting confirmation"]
    held = replace(FACTS, on_hold_until=DUE, on_hold_reason="The site floods")
    assert said(explain(held, DUE), "On hold") == ["Until 31 March 2026: The site floods"]
    assert said(explain(held, date(2026, 4, 1)), "On hold") == [
        "Ended on 31 March 2026: The site floods"
    ]
    moved = replace(
        FACTS.deadline, original_words="by January 2026", proposed_words="by June 2026", changes=1
    )
    assert said(explain(replace(FACTS, deadline=moved), DUE), "Deadline") == [
        "By March 2026; originally by January 2026; by June 2026 proposed, not agreed"
    ]
    assert said(explain(FACTS, date(2026, 4, 1)), "Overdue") == ["1 day"]


@given(
    owner=st.sampled_from(Rating),
    rule=st.sampled_from(DateRule),
    lifecycle=st.sampled_from(Lifecycle),
    agreed=st.booleans(),
    on=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    due_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_what_is_explained_is_what_is_shown_on_any_day(
    owner: Rating,
    rule: DateRule,
    lifecycle: Lifecycle,
    agreed: bool,
    on: date,
    due_on: date | None,
) -> None:
    deadline = DeadlineFacts("ongoing")
    if due_on is not None:
        deadline = DeadlineFacts("by a day", Relation.BY, due_on, due_on)
    facts = replace(
        FACTS,
        owner_rating=owner,
        date_rule=rule,
        lifecycle=lifecycle,
        deadline=deadline,
        agreement=AGREED if agreed else None,
    )
    explained = explain(facts, on)
    assert explained.shown is facts.rating(on)
    assert explained.shown is shown(explained.owner, explained.allowed, agreed=explained.agreed)
    in_force = [one.limit.rating for one in explained.reasons if one.in_force]
    if in_force:
        worst = in_force[0]
        for one in in_force:
            worst = worse(worst, one)
        assert explained.allowed is worst
    else:
        assert explained.allowed is None
    decided = [one for one in explained.reasons if one.decided]
    assert len(decided) == int(explained.shown is not owner)
    assert all(one.limit.rating is explained.shown for one in decided)
