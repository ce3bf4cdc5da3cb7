"""What goes up to the board above, by which rule, and how it is written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.packs.annual import (
    SeatFacts,
    YearOfBoard,
    YearOfPlan,
    annual_report,
    summary,
)
from governance.packs.upward import (
    BelowFacts,
    DecisionFacts,
    EscalationFacts,
    MeetingHeld,
    escalation,
    report_of,
)
from governance.report_models import EscalationReason, EscalationState
from governance.reporting.rules import (
    last_whole_year,
    may_become,
    report_year,
    to_escalate,
)

RED, SILENT = EscalationReason.RED, EscalationReason.UNANSWERED
DAY = date(2026, 11, 2)


def kept(rating: str, unconfirmed: str | None = None, **more: Any) -> dict[str, Any]:
    """An action as a pack keeps it."""
    return {"uid": "a", "rating": rating, "unconfirmed": unconfirmed, "ending": None, **more}


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        (kept("Red"), kept("Red"), RED),
        (kept("Amber"), kept("Red"), None),
        (kept("Red"), kept("Amber"), None),
        (kept("Green", "no update"), kept("Green", "no update since March"), SILENT),
        (kept("Green"), kept("Green", "no update"), None),
        (kept("Red", "no update"), kept("Red", "no update"), RED),
        (kept("Red"), kept("Red", ending="Moved to another plan"), None),
        (kept("Red", uid="another"), kept("Red"), None),
    ],
)
def test_an_action_goes_up_when_two_packs_running_say_the_same(
    before: dict[str, Any], now: dict[str, Any], reason: EscalationReason | None
) -> None:
    assert [one.reason for one in to_escalate([before], [now])] == ([reason] if reason else [])


def test_an_action_of_two_plans_goes_up_once() -> None:
    twice = [kept("Red", plan="one"), kept("Red", plan="two")]
    assert len(to_escalate(twice, twice)) == 1


@given(st.sampled_from(EscalationState), st.sampled_from(EscalationState))
def test_what_was_decided_is_not_decided_again(
    state: EscalationState, wanted: EscalationState
) -> None:
    ended = {EscalationState.DECLINED, EscalationState.RETURNED, EscalationState.CLOSED}
    assert not (may_become(state, wanted) and state in ended)
    assert not may_become(state, state)
    assert not may_become(state, EscalationState.DRAFTED)


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)))
def test_every_day_is_in_one_year_of_reports_and_the_last_whole_one_is_over(on: date) -> None:
    first, last = report_year(on)
    assert first <= on <= last
    assert (first.month, first.day, last.month, last.day) == (4, 1, 3, 31)
    assert report_year(last + timedelta(days=1))[0] == last + timedelta(days=1)
    assert last_whole_year(on)[1] == first - timedelta(days=1)


def texts(value: object) -> str:
    """Every text in a value."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return " ".join(texts(one) for one in value.values())
    if isinstance(value, list | tuple):
        return " ".join(texts(one) for one in value)
    return ""


RAISED = EscalationFacts(
    board="Executive",
    reference="1.2",
    title="Open a hub",
    plan="The plan",
    reason="Red at two meetings running",
    met_on=DAY,
    drafted_on=DAY,
    state="escalated",
    wanted="Money for a building",
)


def test_an_escalation_says_who_brings_what_and_what_is_wanted() -> None:
    said = texts(escalation(RAISED, None, DAY))
    assert "Executive brings this action before the board: Red at two meetings running." in said
    assert "1.2. Open a hub" in said
    assert "Money for a building" in said


def test_a_report_up_tells_meetings_decisions_exceptions_and_requests() -> None:
    below = BelowFacts(
        board="Executive",
        since_on=date(2026, 9, 1),
        held=(MeetingHeld(DAY, "held", 1),),
        decisions=(DecisionFacts("EX/2026-11/D1", DAY, "decision", "To begin"),),
        escalations=(RAISED,),
        red=("1.2. Open a hub (The plan)",),
        exceptions="Two posts are empty.",
        requests="Fill them.",
    )
    said = texts(report_of(below))
    assert "Executive met once since 1 September 2026: 2 November 2026 (held, 1 decision)." in said
    for words in ("EX/2026-11/D1", "To begin", "Two posts are empty.", "Fill them.", "Open a hub"):
        assert words in said


def test_a_board_that_has_nothing_to_tell_says_so() -> None:
    said = texts(report_of(BelowFacts(board="Executive", since_on=None)))
    assert said.endswith("Nothing is asked of the board.")
    assert "Executive has not met so far." in said


def test_an_annual_report_is_a_document_of_its_own_and_says_what_is_still_to_be_written() -> None:
    year = YearOfBoard(
        partnership="Ashshire",
        board="Trust Board",
        from_on=date(2025, 4, 1),
        to_on=date(2026, 3, 31),
        held=(MeetingHeld(DAY, "held", 0), MeetingHeld(DAY, "held inquorate", 0)),
        fell_away=1,
        seats=(SeatFacts("A Head", "Schools", 2, 1, 3),),
        log_made=3,
        log_closed=1,
        plans=(YearOfPlan("The plan", {"Red": 1}, {"Green": 2}, ("1.1. It",)),),
    )
    value = annual_report(year, draft=True)
    said = texts(value)
    assert value["document"] == "report"
    assert "Trust Board: annual report 2025 to 2026" in said
    for words in ("still to be written", "2 of 3, 1 by substitute", "1 meeting lacked a quorum"):
        assert words in said
    assert "1 meeting did not take place" in said
    assert "3 meeting actions; 1 were closed" in said
    assert "Completed in the year" in said
    assert "The report covers 1 April 2025 to 31 March 2026." in texts(summary(year))
