"""What changed since a board last met, by table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from governance.agenda import AgendaEntry, ItemKind, Purpose
from governance.packs.changes import action_snapshot, changes, why
from governance.packs.items import Writing, blocks_of
from governance.packs.reports import PlanMaterial
from governance.packs.since import summary
from governance.packs.sitting import (
    Baseline,
    BoardFacts,
    ForwardRow,
    LogRow,
    Sitting,
)
from tests.rules.test_reports import ENTRY, OVERDUE, TODAY, action
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.rag import Rating

BASE: dict[str, Any] = {
    "uid": "a1",
    "reference": "1.1",
    "title": "Open a family hub",
    "plan": "Plan 2026-27",
    "plan_slug": "plan",
    "rating": "Green",
    "owner_rating": "Green",
    "lifecycle": "in-progress",
    "is_confirmed": False,
    "deadline": "by April 2027",
    "deadline_original": None,
    "deadline_reason": None,
    "overdue_days": 0,
    "unconfirmed": None,
    "entry": 1,
}
PLANS = frozenset({"plan"})


def groups(before: dict[str, Any], now: dict[str, Any]) -> dict[str, list[tuple[str, str, str]]]:
    """The groups of changes between two states of one action."""
    found = changes([BASE | before], [BASE | now], PLANS)
    return {g.title: [(c.before, c.after, c.note) for c in g.changes] for g in found}


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({}, {}, {}),
        ({}, {"entry": 2}, {}),
        ({}, {"rating": "Red"}, {"Ratings that moved": [("Green", "Red", "Worse")]}),
        (
            {"rating": "Red"},
            {"rating": "Amber"},
            {"Ratings that moved": [("Red", "Amber", "Better")]},
        ),
        (
            {"rating": "Grey", "lifecycle": "not-started"},
            {},
            {"Ratings that moved": [("Grey", "Green", "Started")]},
        ),
        (
            {"rating": "Grey", "lifecycle": "not-started"},
            {"rating": "Amber", "lifecycle": "not-started"},
            {"Ratings that moved": [("Grey", "Amber", "Worse")]},
        ),
        (
            {},
            {"lifecycle": "complete", "rating": "Blue"},
            {"Completed": [("Green", "Blue", "Awaiting confirmation")]},
        ),
        (
            {},
            {"lifecycle": "complete", "rating": "Blue", "is_confirmed": True},
            {"Completed": [("Green", "Blue", "Confirmed")]},
        ),
        (
            {},
            {"lifecycle": "closed-not-completed"},
            {"Closed, not completed": [("Green", "Closed", "No longer counted")]},
        ),
        (
            {},
            {
                "deadline": "by July 2027",
                "deadline_original": "by April 2027",
                "deadline_reason": "The lease is late.",
            },
            {
                "Deadlines moved": [
                    (
                        "by April 2027",
                        "by July 2027",
                        "Original: by April 2027. The lease is late.",
                    )
                ]
            },
        ),
        (
            {},
            {"overdue_days": 1},
            {"Newly overdue": [("In time", "1 day overdue", "by April 2027")]},
        ),
        ({"overdue_days": 3}, {"overdue_days": 40}, {}),
        (
            {},
            {"unconfirmed": "no update since March"},
            {"Newly without an update": [("Answered", "No update since March", "")]},
        ),
        ({"unconfirmed": "no update since March"}, {"unconfirmed": "no update since March"}, {}),
        (
            {},
            {"ending": "Carried forward into Plan 2028-30", "rating": "Red"},
            {"Withdrawn": [("Green", "Carried forward into Plan 2028-30", "")]},
        ),
        ({"ending": "Stopped"}, {"ending": "Stopped", "overdue_days": 9}, {}),
    ],
)
def test_each_kind_of_change_is_named_once_with_its_direction(
    before: dict[str, Any], now: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert groups(before, now) == expected


def test_an_action_added_to_or_withdrawn_from_a_known_plan_is_named() -> None:
    other = BASE | {"uid": "a2", "reference": "1.2"}
    added = changes([BASE], [BASE, other], PLANS)
    withdrawn = changes([BASE, other], [BASE], PLANS)
    assert [(g.title, g.changes[0].reference) for g in added] == [("Added", "1.2")]
    assert [(g.title, g.changes[0].reference) for g in withdrawn] == [("Withdrawn", "1.2")]


def test_a_plan_that_is_new_to_the_board_is_left_to_its_report() -> None:
    new_plan = BASE | {"uid": "b1", "plan_slug": "new"}
    assert changes([BASE], [BASE, new_plan], frozenset({"plan", "new"})) == []


def test_a_plan_that_the_board_does_not_review_this_time_is_not_called_withdrawn() -> None:
    other_plan = BASE | {"uid": "b1", "plan_slug": "other"}
    assert changes([BASE, other_plan], [BASE], PLANS) == []


def test_two_boards_see_different_changes_of_the_same_update() -> None:
    now = [BASE | {"rating": "Red"}]
    met_in_march = [BASE | {"rating": "Green"}]
    met_in_june = [BASE | {"rating": "Amber"}]
    seen = [changes(baseline, now, PLANS)[0].changes[0] for baseline in (met_in_march, met_in_june)]
    assert [(c.before, c.after) for c in seen] == [("Green", "Red"), ("Amber", "Red")]


def test_what_moved_is_told_in_a_sentence_and_the_worse_comes_first() -> None:
    others = [BASE | {"uid": f"a{n}", "reference": f"1.{n}"} for n in (2, 3)]
    before = [BASE | {"rating": "Red"}, *others]
    now = [BASE, others[0] | {"rating": "Amber"}, others[1] | {"rating": "Red", "overdue_days": 2}]
    found = changes(before, now, PLANS)
    assert [c.after for c in found[0].changes] == ["Red", "Amber", "Green"]
    assert summary(found) == "3 ratings moved: 2 worse and 1 better. 1 action is newly overdue."
    assert summary([]) == "No action has changed."


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"deadline": OVERDUE}, "33 days past its deadline; its owner says Green"),
        (
            {"deadline": OVERDUE, "last_entry": None, "lifecycle": Lifecycle.NOT_STARTED},
            "33 days past its deadline",
        ),
        ({"owner_rating": Rating.AMBER}, "A post is empty."),
        ({"owner_rating": Rating.RED, "deadline": OVERDUE}, "A post is empty."),
        ({}, "Half of it is done."),
        ({"last_entry": replace(ENTRY, happened="Long. " + "word " * 90)}, "Long"),
        ({"last_entry": replace(ENTRY, happened="word " * 90)}, ""),
    ],
)
def test_a_rating_is_explained_by_its_date_its_cause_or_what_happened(
    values: dict[str, Any], said: str
) -> None:
    assert why(action(1, **values), TODAY) == said


def written(kind: ItemKind, **values: Any) -> str:
    """An item of a kind as its blocks print, for a board that met in September."""
    sitting = Sitting(
        board=BoardFacts("Board", "B", "Partnership", "Chair", "Secretary"),
        meets_on=date(2026, 11, 10),
        starts_at=datetime(2026, 11, 10, 10, tzinfo=UTC),
        ends_at=datetime(2026, 11, 10, 12, tzinfo=UTC),
        place=None,
        joining_link=None,
        as_at=datetime(2026, 11, 2, 10, tzinfo=UTC),
        items=(),
        plans=values.pop("plans", ()),
        **values,
    )
    item = AgendaEntry(kind, "Item", Purpose.DISCUSSION)
    snapshot = [action_snapshot(a, TODAY) for plan in sitting.plans for a in plan.actions]
    return str(blocks_of(Writing(item, sitting, snapshot, TODAY)))


def test_the_report_since_last_met_names_the_plan_only_where_several_have_actions() -> None:
    before = ({**BASE, "uid": "u1", "rating": "Green"},)
    baseline = Baseline(before, date(2026, 9, 8), 1)
    one = PlanMaterial(1, "plan", "Plan 2026-27", (), (action(1, deadline=OVERDUE),))
    bare = PlanMaterial(2, "bare", "Plan without actions")
    other = PlanMaterial(3, "other", "Other plan", (), (action(2),))
    alone = written(ItemKind.SINCE_LAST_MET, plans=(one, bare), baseline=baseline)
    beside = written(ItemKind.SINCE_LAST_MET, plans=(one, other), baseline=baseline)
    assert "Compared with version 1 of this board’s pack for 8 September 2026." in alone
    assert "33 days past its deadline; its owner says Green" in alone
    assert "Plan 2026-27" not in alone
    assert "Plan 2026-27" in beside
    none = written(ItemKind.SINCE_LAST_MET, plans=(bare,), baseline=baseline)
    assert "no actions of their own" in none


def test_meetings_that_bring_the_same_stand_together_in_the_forward_plan() -> None:
    rows = (
        ForwardRow("9 June", "Plan A", "Quarterly"),
        ForwardRow("8 September", "Plan A", "Quarterly"),
        ForwardRow("", "Plan B", "Twice a year"),
        ForwardRow("8 December", "Plan A", "Quarterly"),
        ForwardRow("On request", "A fuller report", "When the board asks"),
    )
    said = written(ItemKind.FORWARD_PLAN, forward=rows)
    assert "9 June\\n8 December" in said
    assert said.count("'Plan A', 'quarterly'") == 2
    assert "When the board asks" not in said


def test_the_action_log_keeps_what_is_open_from_what_was_closed() -> None:
    is_open = LogRow("R1", "8 June 2026", "Write.", "Lead", "1 July 2026", "Open", "")
    done = replace(is_open, reference="R2", status="Done", progress="Sent.")
    both = written(ItemKind.ACTION_LOG, log=(done, is_open))
    assert both.index("Open (1)") < both.index("R1") < both.index("Closed since") < both.index("R2")
    assert "Nothing is open" in written(ItemKind.ACTION_LOG, log=(done,))
    assert "Nothing is open" in written(ItemKind.ACTION_LOG)
