"""What of a plan's actions the chair's briefing tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from actions.rules import ActionFacts, DeadlineFacts
from governance.packs.briefing import compose, red_twice, silent, slipped
from governance.packs.briefing_facts import Briefing
from governance.packs.changes import action_snapshot
from governance.packs.reports import PlanMaterial
from tests.rules.test_reports import ASKED_SINCE, TODAY, action
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.rag import Rating, Relation

RED = Rating.RED
LATER = DeadlineFacts(
    "by June 2027",
    Relation.BY,
    date(2027, 6, 1),
    date(2027, 6, 30),
    original_words="by March 2027",
    slippage_days=91,
    changes=2,
)


def briefing(*actions: ActionFacts, before: tuple[ActionFacts, ...] = ()) -> Briefing:
    """A briefing on one plan, after a pack that held what was then."""
    return Briefing(
        partnership="Ashshire",
        board="Trust Board",
        chair="Ann Lee",
        marking=None,
        starts_at=datetime(2026, 11, 4, 14, tzinfo=UTC),
        place=None,
        as_at=datetime(2026, 11, 2, 7, tzinfo=UTC),
        plans=(PlanMaterial(1, "plan", "Plan", actions=actions),),
        before=tuple(action_snapshot(one, TODAY) for one in before),
        before_on=date(2026, 9, 1),
    )


def test_red_twice_is_red_now_and_in_the_last_pack_and_still_open() -> None:
    red, green = action(1, owner_rating=RED), action(2)
    turned, closed = action(3, owner_rating=RED), action(4, owner_rating=RED)
    found = red_twice(
        briefing(
            red,
            replace(green, owner_rating=RED),
            replace(turned, owner_rating=Rating.GREEN),
            replace(closed, lifecycle=Lifecycle.CLOSED_NOT_COMPLETED),
            action(5, owner_rating=RED),
            before=(red, green, turned, closed),
        )
    )
    assert [one.number for one in found] == [1]


def test_slipped_again_is_moved_twice_or_more() -> None:
    once = replace(LATER, changes=1)
    known = briefing(action(1, deadline=LATER), action(2, deadline=once), action(3))
    assert [one.number for one in slipped(known)] == [1]
    assert "Moved 2 times, 91 days in all" in str(compose(known))


def test_who_has_not_answered_stands_under_each_lead_the_longest_list_first() -> None:
    known = briefing(
        action(1, is_asked=True, leads=("Health", "Council")),
        action(2, last_ask_closed_at=ASKED_SINCE, leads=("Health",)),
        action(3, is_asked=True),
        action(4, leads=("Police",)),
        action(5, is_asked=True, on_hold_until=date(2027, 1, 1), leads=("Police",)),
        action(6, is_asked=True, lifecycle=Lifecycle.COMPLETE, leads=("Police",)),
    )
    found = silent(known.plans, known.today)
    assert [(lead, [one.number for one in its]) for lead, its in found.items()] == [
        ("Health", [1, 2]),
        ("Council", [1]),
        ("No lead named", [3]),
    ]


def test_an_action_in_two_plans_is_told_once() -> None:
    red = action(1, owner_rating=RED)
    known = briefing(red, before=(red,))
    twice = replace(known, plans=known.plans * 2)
    assert len(red_twice(twice)) == 1
