"""The plan exception report, its counts and charts, and the scorecard."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

import pytest

from actions.rules import ActionFacts, DeadlineFacts
from actions.said import EntryFacts
from governance.packs.changes import action_snapshot
from governance.packs.charts import counts_chart, counts_sentence
from governance.packs.exceptions import exceptions, rating_words
from governance.packs.reports import PlanMaterial, appendix, exception_report, glance, plan_counts
from governance.packs.scorecard import scorecard
from priorities.rules import (
    IndicatorFacts,
    JudgementFacts,
    PartFacts,
    Polarity,
    PriorityFacts,
    ReadingFacts,
    ReadingState,
)
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.rag import DateRule, Rating, Relation

TODAY = date(2026, 11, 2)
SAID_AT = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
ENTRY = EntryFacts(
    number=1,
    entered_at=SAID_AT,
    person="Owner, Public Health",
    lifecycle=Lifecycle.IN_PROGRESS,
    rating=Rating.AMBER,
    happened="Half of it is done.",
    cause="A post is empty.",
    recovery="An interim lead is named.",
)


def action(number: int, **values: Any) -> ActionFacts:
    """An action in progress, Green, due in April 2027, heard of in October."""
    facts = ActionFacts(
        action_id=number,
        uid=f"u{number}",
        number=number,
        reference=f"1.{number}",
        position=number,
        title=f"Action {number}",
        plan_id=1,
        plan_slug="plan",
        plan_title="Plan 2026-27",
        priority_number="1",
        priority_title="Children are safe",
        is_commitment=False,
        lifecycle=Lifecycle.IN_PROGRESS,
        owner_rating=Rating.GREEN,
        deadline=DeadlineFacts("by April 2027", Relation.BY, date(2027, 4, 1), date(2027, 4, 30)),
        followed_from_on=date(2026, 1, 1),
        date_rule=DateRule.AMBER_FOR_A_MONTH,
        last_entry=ENTRY,
        last_entry_at=SAID_AT,
    )
    return replace(facts, **values)


OVERDUE = DeadlineFacts("by September 2026", Relation.BY, date(2026, 9, 1), date(2026, 9, 30))
SOON = DeadlineFacts("by November 2026", Relation.BY, date(2026, 11, 1), date(2026, 11, 30))
ASKED_SINCE = datetime(2026, 10, 26, 17, 0, tzinfo=UTC)


def test_exceptions_are_red_amber_overdue_or_without_an_update_and_the_worst_come_first() -> None:
    actions = [
        action(1),
        action(2, owner_rating=Rating.AMBER),
        action(3, deadline=OVERDUE),
        action(4, last_ask_closed_at=ASKED_SINCE),
        action(5, lifecycle=Lifecycle.COMPLETE, owner_rating=Rating.BLUE, deadline=OVERDUE),
        action(6, lifecycle=Lifecycle.CLOSED_NOT_COMPLETED, owner_rating=Rating.RED),
        action(7, lifecycle=Lifecycle.NOT_STARTED, owner_rating=Rating.GREY),
    ]
    assert [found.number for found in exceptions(actions, TODAY)] == [3, 2, 4]


def test_counts_leave_out_what_was_closed_and_never_average() -> None:
    actions = [
        action(1),
        action(2, owner_rating=Rating.RED),
        action(3, lifecycle=Lifecycle.CLOSED_NOT_COMPLETED, owner_rating=Rating.RED),
    ]
    counts = plan_counts(actions, TODAY)
    assert counts == {"Red": 1, "Amber": 0, "Green": 1, "Grey": 0, "Blue": 0}


@pytest.mark.parametrize(
    ("counts", "what", "sentence"),
    [
        ({"Red": 0, "Green": 0}, "action", "No actions."),
        ({"Red": 1}, "action", "1 action: 1 Red."),
        (
            {"Red": 1, "Amber": 0, "Green": 2, "Grey": 1, "Blue": 3},
            "action",
            "7 actions: 1 Red, 2 Green, 1 not started (Grey), 3 complete (Blue).",
        ),
        ({"Green": 2}, "action or commitment", "2 actions and commitments: 2 Green."),
    ],
)
def test_counts_are_said_in_words(counts: dict[str, int], what: str, sentence: str) -> None:
    assert counts_sentence(counts, what) == sentence


def test_a_chart_is_well_formed_labels_every_bar_and_carries_no_style() -> None:
    svg = counts_chart({"Red": 2, "Amber": 0, "Grey": 1}, "Actions of <Plan> & others")
    root = ElementTree.fromstring(svg)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["Red", "2", "Amber", "0", "Not started", "1"]
    assert root.find("{http://www.w3.org/2000/svg}title") is not None
    assert "style=" not in svg


def test_the_report_names_a_contradiction_and_recolours_nothing() -> None:
    own, national = reading("12.0"), reading("9.0")
    worse = indicator(polarity=Polarity.LOWER, latest=own, national=national)
    material = PlanMaterial(1, "plan", "Plan", (priority("1"),), (action(1), action(2)), (worse,))
    blocks = exception_report(material, TODAY)
    said = [block for block in blocks if block["kind"] == "list"]
    assert "every action is Green or complete" in str(said)
    assert plan_counts(material.actions, TODAY)["Green"] == 2


def test_there_is_no_contradiction_while_an_action_is_amber() -> None:
    worse = indicator(polarity=Polarity.LOWER, latest=reading("12.0"), national=reading("9.0"))
    material = PlanMaterial(
        1, "plan", "Plan", (priority("1"),), (action(1, owner_rating=Rating.AMBER),), (worse,)
    )
    assert not [b for b in exception_report(material, TODAY) if b["kind"] == "list"]


def test_an_exception_carries_commentary_recovery_and_how_its_rating_came_about() -> None:
    material = PlanMaterial(1, "plan", "Plan", (priority("1"),), (action(1, deadline=OVERDUE),))
    card = next(b for b in exception_report(material, TODAY) if b["kind"] == "exception")
    assert card["rating"] == {
        "rag": "Red",
        "note": "Rated Green by its owner; shown as Red: its deadline has passed",
    }
    assert card["overdue"] == "overdue by 33 days"
    assert card["commentary"] == "Half of it is done."
    assert card["recovery"] == [
        ["Cause", "A post is empty."],
        ["Recovery action", "An interim lead is named."],
    ]


def test_an_action_that_nobody_answers_for_says_so() -> None:
    (table,) = appendix(PlanMaterial(1, "plan", "Plan", (), (action(1),)), TODAY)
    assert "Nobody to ask" in str(table["rows"])


def test_a_plan_without_actions_still_reports() -> None:
    material = PlanMaterial(1, "plan", "Plan", (priority("1"),))
    assert "has no actions of its own" in str(exception_report(material, TODAY))
    assert glance(material, TODAY) == {
        "plan": "Plan",
        "lines": ["1 priority, not judged yet."],
        "counts": [],
    }


def test_completions_that_the_last_pack_held_as_confirmed_are_only_counted() -> None:
    done = {"lifecycle": Lifecycle.COMPLETE, "owner_rating": Rating.BLUE, "is_confirmed": True}
    told, fresh = action(1, **done), action(2, **done)
    material = PlanMaterial(1, "plan", "Plan", (priority("1"),), (told, fresh))
    last_pack = [action_snapshot(told, TODAY), action_snapshot(action(2), TODAY)]
    *_, table, more = exception_report(material, TODAY, last_pack)
    assert [row[0] for row in cast(list[list[str]], table["rows"])] == ["1.2"]
    assert "1 action was confirmed as complete before" in str(more)


def test_decisions_wanted_head_the_report_and_are_counted_on_the_front_sheet() -> None:
    said = JudgementFacts(
        1, SAID_AT, "Lead", Rating.AMBER, risks="Posts.", decisions_wanted="Agree the move."
    )
    judged = replace(priority("1"), latest=said)
    material = PlanMaterial(1, "plan", "Plan", (judged, priority("2")), (action(1),))
    title, wanted, *_ = exception_report(material, TODAY)
    assert title["text"] == "Decisions wanted from the board"
    assert wanted["items"] == ["Priority 1, Children are safe: Agree the move."]
    assert glance(material, TODAY)["lines"] == [
        "1 action.",
        "2 priorities, judged by their leads: 1\u00a0Amber; 1 not yet.",
        "1 decision wanted from the board.",
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, None),
        ({"owner_rating": Rating.RED, "deadline": OVERDUE}, None),
        (
            {"deadline": OVERDUE, "lifecycle": Lifecycle.NOT_STARTED, "last_entry": None},
            "Not started; shown as Red: its deadline has passed",
        ),
        (
            {"deadline": SOON, "last_entry_at": datetime(2026, 8, 1, tzinfo=UTC)},
            "Rated Green by its owner; shown as Amber: no update for 93 days, close to its"
            " deadline",
        ),
    ],
)
def test_a_rating_is_explained_only_where_it_is_not_simply_its_owners(
    values: dict[str, Any], words: str | None
) -> None:
    assert rating_words(action(1, **values), TODAY) == words


def reading(value: str, period: str = "2025/26") -> ReadingFacts:
    """A figure for a period."""
    first = date(2025 if period == "2025/26" else 2024, 4, 1)
    return ReadingFacts(
        value=Decimal(value),
        printed=f"{value}%",
        state=ReadingState.VALUE,
        period=period,
        first_on=first,
        last_on=date(first.year + 1, 3, 31),
    )


def indicator(
    *, polarity: Polarity, latest: ReadingFacts | None, national: ReadingFacts | None = None
) -> IndicatorFacts:
    """An indicator of priority 1 with one nameless part."""
    readings = (("Own", latest),) if latest else ()
    part = PartFacts(
        latest=latest,
        comparators=(("National average", national),) if national else (),
        readings=readings,
    )
    return IndicatorFacts(
        uid="i1",
        plan_id=1,
        number="1",
        title="Repeat referrals",
        priority_number="1",
        theme=None,
        unit="Percentage",
        polarity=polarity,
        target="Reduce",
        frequency="Quarterly",
        parts=(part,),
    )


def priority(number: str) -> PriorityFacts:
    """A priority that nobody has judged yet."""
    return PriorityFacts(1, "p1", 1, number, "Children are safe")


@pytest.mark.parametrize(
    ("national", "verdict"),
    [
        (reading("9.0"), "Worse"),
        (reading("14.0"), "Better"),
        (reading("12.0"), "The same"),
        (reading("9.0", "2024/25"), "Not compared: different periods"),
    ],
)
def test_the_scorecard_compares_only_what_is_of_one_period(
    national: ReadingFacts, verdict: str
) -> None:
    one = indicator(polarity=Polarity.LOWER, latest=reading("12.0"), national=national)
    blocks = scorecard(PlanMaterial(1, "plan", "Plan", (priority("1"),), (), (one,)))
    (table,) = [block for block in blocks if block["kind"] == "table"]
    assert verdict in str(table["rows"])


def test_indicators_without_a_figure_are_listed_apart_and_those_to_be_developed_named() -> None:
    bare = indicator(polarity=Polarity.LOWER, latest=None)
    later = replace(bare, title="Emotional wellbeing", to_be_developed=True)
    blocks = scorecard(PlanMaterial(1, "plan", "Plan", (priority("1"),), (), (bare, later)))
    headings = [block["text"] for block in blocks if block["kind"] == "heading"]
    assert headings == ["No figure yet", "Still to be developed"]
