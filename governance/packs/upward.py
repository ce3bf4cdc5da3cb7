"""What a board reads of the boards below it: escalations and their reports, as blocks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.rules import ActionFacts
from governance.packs.blocks import (
    Block,
    Cell,
    column,
    counted,
    facts,
    heading,
    lines,
    table,
    text,
)
from governance.packs.exceptions import deadline_lines, leads_of, rating_words
from tracker.kernel.period import short_date


@dataclass(frozen=True)
class EscalationFacts:
    """An escalation as papers print it; days are London's."""

    board: str
    reference: str
    title: str
    plan: str
    reason: str
    met_on: date
    drafted_on: date
    state: str
    wanted: str | None = None
    answer: str | None = None


@dataclass(frozen=True)
class MeetingHeld:
    """A meeting of the board below, since the one above last met."""

    on: date
    status: str
    decisions: int


@dataclass(frozen=True)
class DecisionFacts:
    """A decision as papers print it."""

    reference: str
    made_on: date
    kind: str
    text: str


@dataclass(frozen=True)
class BelowFacts:
    """What a board has to tell the one above: since when, what it did, what it asks."""

    board: str
    since_on: date | None
    held: tuple[MeetingHeld, ...] = ()
    decisions: tuple[DecisionFacts, ...] = ()
    escalations: tuple[EscalationFacts, ...] = ()
    red: tuple[str, ...] = ()
    exceptions: str | None = None
    requests: str | None = None


def escalation(one: EscalationFacts, action: ActionFacts | None, today: date) -> list[Block]:
    """What an escalation brings before the board above: the action, why, what is wanted."""
    blocks: list[Block] = [
        text(f"{one.board} brings this action before the board: {one.reason}."),
        facts(
            ("Action", f"{one.reference}. {one.title}"),
            ("Plan", one.plan),
            ("Meeting", short_date(one.met_on)),
            ("What is asked", one.wanted or "Advice, and a decision on how to go on"),
        ),
    ]
    if action is not None:
        blocks.append(_standing(action, today))
    if one.answer:
        blocks.append(facts((one.state.capitalize(), one.answer)))
    return blocks


def _standing(action: ActionFacts, today: date) -> Block:
    """Where the action stands now, in rows."""
    entry = action.last_entry
    said = (
        ("Rating", rating_words(action, today) or action.rating(today).value),
        ("Leads", "; ".join(leads_of(action))),
        ("Deadline", "; ".join(deadline_lines(action))),
        ("What has happened", (entry.happened if entry else None) or "Nothing was entered"),
        ("Cause", entry.cause if entry else None),
        ("Recovery", entry.recovery if entry else None),
        ("Help wanted", entry.help_needed if entry else None),
    )
    return facts(*((label, value) for label, value in said if value))


def report_of(below: BelowFacts) -> list[Block]:
    """A board's report to the one above: meetings, decisions, exceptions, what it asks."""
    since = f" since {short_date(below.since_on)}" if below.since_on else " so far"
    blocks: list[Block] = []
    if below.held:
        days = "; ".join(
            f"{short_date(one.on)} ({one.status}, {counted(one.decisions, 'decision')})"
            for one in below.held
        )
        blocks.append(text(f"{below.board} met {_times(len(below.held))}{since}: {days}."))
    else:
        blocks.append(text(f"{below.board} has not met{since}."))
    if below.decisions:
        blocks += [heading("Decisions"), decisions_table(below.decisions)]
    if below.exceptions or below.red or below.escalations:
        blocks.append(heading("Exceptions"))
        if below.exceptions:
            blocks.append(text(*below.exceptions.split("\n")))
        blocks += [_red(below.red)] if below.red else []
        blocks += [_escalated(below.escalations)] if below.escalations else []
    blocks.append(heading("What the board is asked"))
    blocks.append(text(*(below.requests or "Nothing is asked of the board.").split("\n")))
    return blocks


def decisions_table(decisions: Sequence[DecisionFacts]) -> Block:
    """Decisions with their numbers and days."""
    return table(
        None,
        [column("Number", 4), column("Decided", 4), column("What", 10)],
        [
            [
                one.reference,
                short_date(one.made_on),
                one.text if one.kind == "decision" else lines(one.text, one.kind.capitalize()),
            ]
            for one in decisions
        ],
        empty="None.",
    )


def _red(actions: Sequence[str]) -> Block:
    rows: list[list[Cell]] = [[one] for one in actions]
    caption = f"Red in its last pack ({len(actions)})"
    return table(caption, [column("Action", 1)], rows, empty="")


def _escalated(escalations: Sequence[EscalationFacts]) -> Block:
    return table(
        f"Escalated ({len(escalations)})",
        [column("Action", 8), column("Why", 6), column("Where it stands", 4)],
        [
            [lines(f"{one.reference}. {one.title}", one.plan), one.reason, one.state.capitalize()]
            for one in escalations
        ],
        empty="",
    )


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
