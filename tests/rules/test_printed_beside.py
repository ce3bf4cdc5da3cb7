"""What papers print beside a rating and a deadline: agreed, proposed, given by somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from actions.rules import ActionFacts
from actions.said import AgreementFacts
from governance.packs.changes import action_snapshot, why
from governance.packs.exceptions import (
    deadline_lines,
    exceptions,
    is_exception,
    rating_words,
    when_heard,
)
from governance.packs.reports import PlanMaterial, appendix, exception_report, plan_counts
from tests.rules.test_reports import ENTRY, OVERDUE, TODAY, action
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.rag import Rating

AGREED = AgreementFacts("Jo Bell", "chair", datetime(2026, 10, 21, 9, tzinfo=UTC))
GREEN = replace(ENTRY, rating=Rating.GREEN, better_reason="The lease is signed.")


def late(**values: Any) -> ActionFacts:
    """An action that its owner calls Green, though its deadline passed more than a month ago."""
    return action(1, **({"deadline": OVERDUE, "last_entry": GREEN} | values))


def test_a_rating_that_was_agreed_stands_with_who_agreed_and_what_the_date_says() -> None:
    facts = late(agreement=AGREED)
    assert facts.rating(TODAY) is Rating.GREEN
    words = "Its deadline has passed: Red otherwise. Agreed by Jo Bell, chair, on 21 October 2026"
    assert rating_words(facts, TODAY) == words
    assert why(facts, TODAY) == (
        "33 days past its deadline. Agreed by Jo Bell, chair, on 21 October 2026"
    )
    assert action_snapshot(facts, TODAY)["agreed"] == AGREED.in_words
    assert is_exception(facts, TODAY)  # overdue is a fact, whatever was agreed


def test_without_agreement_the_date_stands_and_the_owners_reason_is_printed_with_it() -> None:
    facts = late()
    assert facts.rating(TODAY) is Rating.RED
    report = str(exception_report(PlanMaterial(1, "plan", "Plan", (), (facts,)), TODAY))
    assert "Why Green, better than its date allows" in report
    assert "The lease is signed." in report


@pytest.mark.parametrize(
    ("changed", "lines"),
    [
        ({}, ["By September 2026"]),
        (
            {"proposed_words": "by March 2027"},
            ["By September 2026", "By March 2027 proposed, not agreed"],
        ),
        (
            {"original_words": "by June 2026", "changes": 2, "slippage_days": 92},
            ["By September 2026 (originally by June 2026; moved twice, 92 days later)"],
        ),
        (
            {"original_words": "by October 2026", "changes": 1, "slippage_days": -31},
            ["By September 2026 (originally by October 2026; moved once, 31 days earlier)"],
        ),
    ],
)
def test_a_deadline_is_printed_with_its_original_and_the_date_that_waits(
    changed: dict[str, Any], lines: list[str]
) -> None:
    assert deadline_lines(late(deadline=replace(OVERDUE, **changed))) == lines


def test_an_answer_by_telephone_names_who_gave_it_and_who_recorded_it() -> None:
    entry = replace(ENTRY, given_by="Jo Bell", given_how="telephone", person="Board secretary")
    facts = action(1, last_entry=entry)
    assert when_heard(facts) == "20 October 2026, Jo Bell, by telephone to Board secretary"


def test_an_action_that_left_the_plan_is_named_in_the_table_and_neither_counted_nor_chased() -> (
    None
):
    left = late(
        ended_on=date(2026, 10, 30),
        ending_words="Carried forward into Plan 2028-30",
        last_ask_closed_at=datetime(2026, 10, 31, tzinfo=UTC),
    )
    assert left.overdue(TODAY) == 0
    assert left.needs(TODAY) == ()
    assert exceptions([left], TODAY) == []
    assert plan_counts([left], TODAY) == {rating.value: 0 for rating in Rating}
    (table,) = appendix(PlanMaterial(1, "plan", "Plan", (), (left,)), TODAY)
    assert "Carried forward into Plan 2028-30" in str(table)
    assert "'rag'" not in str(table)


def test_what_was_completed_elsewhere_is_not_told_as_this_plans_completion() -> None:
    gone = action(
        1,
        lifecycle=Lifecycle.COMPLETE,
        owner_rating=Rating.BLUE,
        ended_on=date(2026, 10, 1),
        ending_words="Transferred",
    )
    report = exception_report(PlanMaterial(1, "plan", "Plan", (), (gone,)), TODAY)
    assert "No action has been completed yet." in str(report)
