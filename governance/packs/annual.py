"""A board's annual report, drafted from what is on record, as a value. Pure.

Safeguarding partners publish a yearly report (Working together to safeguard children, 2023);
boards of other kinds do so by their terms of reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from governance.packs.blocks import (
    Block,
    bullets,
    column,
    counted,
    heading,
    listed,
    rag,
    table,
    text,
)
from governance.packs.reports import PlanMaterial
from governance.packs.scorecard import scorecard
from governance.packs.upward import DecisionFacts, MeetingHeld, decisions_table
from tracker.kernel.period import short_date
from tracker.kernel.rag import Rating

SCHEMA = 2


@dataclass(frozen=True)
class SeatFacts:
    """A seat on the board and how often it was filled, of how many sittings."""

    name: str
    organisation: str
    came: int
    sent_substitute: int
    of: int


@dataclass(frozen=True)
class YearOfPlan:
    """A plan through the year: its actions by rating in the first and last pack, what was done."""

    title: str
    before: Mapping[str, int]
    after: Mapping[str, int]
    completed: tuple[str, ...] = ()
    material: PlanMaterial | None = None


@dataclass(frozen=True)
class YearOfBoard:
    """All that an annual report is drafted from. Days are London's, both included."""

    partnership: str
    board: str
    from_on: date
    to_on: date
    marking: str | None = None
    foreword: str | None = None
    looking_ahead: str | None = None
    held: tuple[MeetingHeld, ...] = ()
    fell_away: int = 0
    seats: tuple[SeatFacts, ...] = ()
    decisions: tuple[DecisionFacts, ...] = ()
    log_made: int = 0
    log_closed: int = 0
    escalated: int = 0
    plans: tuple[YearOfPlan, ...] = ()


def annual_report(year: YearOfBoard, *, draft: bool) -> dict[str, object]:
    """The whole report as a document that stands alone."""
    sections = [
        ("Foreword", _said(year.foreword, "The chair’s foreword is still to be written.")),
        ("The board’s year", sittings(year)),
        ("Attendance", attendance(year.seats)),
        ("What was decided", decided(year)),
        *((f"The plan: {plan.title}", of_plan(plan)) for plan in year.plans),
        ("Looking ahead", _said(year.looking_ahead, "Still to be written.")),
    ]
    return {
        "schema": SCHEMA,
        "document": "report",
        "lang": "en-GB",
        "title": f"{year.board}: annual report {period_words(year)}",
        "draft": draft,
        "front": {
            "partnership": year.partnership,
            "board": year.board,
            "heading": "Annual report",
            "date": period_words(year),
            "marking": year.marking,
            "rows": [["Period", f"{short_date(year.from_on)} to {short_date(year.to_on)}"]],
            "version": "Drafted from the records of the board." if draft else None,
        },
        "items": [
            {
                "anchor": f"section-{number}",
                "number": str(number),
                "title": title,
                "blocks": blocks,
            }
            for number, (title, blocks) in enumerate(sections, start=1)
        ],
        "appendices": [],
        "definitions": None,
    }


def summary(year: YearOfBoard) -> list[Block]:
    """The report in short, for the agenda on which it comes before the board."""
    return [
        text(f"The report covers {short_date(year.from_on)} to {short_date(year.to_on)}."),
        *_said(year.foreword, "The chair’s foreword is still to be written."),
        *sittings(year),
        heading("What was decided"),
        *decided(year),
        heading("Attendance"),
        *attendance(year.seats),
        *(block for plan in year.plans for block in (heading(plan.title), *ratings(plan))),
        heading("Looking ahead"),
        *_said(year.looking_ahead, "Still to be written."),
    ]


def period_words(year: YearOfBoard) -> str:
    """The year as councils write it: "2025 to 2026"."""
    return f"{year.from_on.year} to {year.to_on.year}"


def _said(words: str | None, empty: str) -> list[Block]:
    return [text(*words.split("\n"))] if words else [text(empty)]


def sittings(year: YearOfBoard) -> list[Block]:
    """How often the board met, and what of its meetings fell away."""
    if not year.held:
        return [text("The board did not meet in this year.")]
    days = listed([short_date(one.on) for one in year.held])
    said = f"The board met {counted(len(year.held), 'time')}: {days}."
    inquorate = [one for one in year.held if one.status == "held inquorate"]
    if inquorate:
        said += f" {counted(len(inquorate), 'meeting')} lacked a quorum."
    if year.fell_away:
        said += f" {counted(year.fell_away, 'meeting')} did not take place."
    log = (
        f"Its meetings asked for {counted(year.log_made, 'meeting action')};"
        f" {year.log_closed} were closed in the year."
    )
    raised = f" {counted(year.escalated, 'action')} went to the board above." * bool(year.escalated)
    return [text(said, log + raised)]


def attendance(seats: Sequence[SeatFacts]) -> list[Block]:
    """Who came how often; a substitute fills the seat."""
    if not seats:
        return [text("Attendance was not recorded in this year.")]
    return [
        table(
            None,
            [column("Member", 6), column("Organisation", 6), column("Attended", 4)],
            [
                [
                    seat.name,
                    seat.organisation,
                    f"{seat.came} of {seat.of}"
                    + (f", {seat.sent_substitute} by substitute" if seat.sent_substitute else ""),
                ]
                for seat in seats
            ],
            empty="",
        )
    ]


def decided(year: YearOfBoard) -> list[Block]:
    """The decisions of the year."""
    if not year.decisions:
        return [text("No decision was recorded in this year.")]
    return [decisions_table(year.decisions)]


def of_plan(plan: YearOfPlan) -> list[Block]:
    """A plan through the year: ratings at its two ends, completions, indicators."""
    blocks = [*ratings(plan)]
    if plan.completed:
        blocks += [heading("Completed in the year"), bullets(*plan.completed)]
    if plan.material is not None and plan.material.indicators:
        blocks += [heading("Outcome indicators"), *scorecard(plan.material)]
    return blocks


def ratings(plan: YearOfPlan) -> list[Block]:
    """The plan's actions by rating, in the first and the last pack of the year."""
    if not plan.after:
        return [text("No published pack of this year held actions of this plan.")]
    return [
        table(
            "Actions by rating",
            [column("Rating", 4), column("First pack", 4), column("Last pack", 4)],
            [
                [
                    rag(rating.value, ""),
                    str(plan.before.get(rating.value, 0)),
                    str(plan.after.get(rating.value, 0)),
                ]
                for rating in Rating
                if plan.before.get(rating.value) or plan.after.get(rating.value)
            ],
            empty="",
        )
    ]
