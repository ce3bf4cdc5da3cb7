"""The agenda pack, composed as a frozen value from what is known on a day. Pure.

The value is canonical JSON: it is what is kept of a published pack, what PDF, Word and pages
render, and what the board's next pack is compared with. Its shape has a schema version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from governance.agenda import ItemKind, Purpose
from governance.blocks import Block, Cell, column, facts, lines, table, text
from governance.changes import Snapshot, action_snapshot, baseline_words, changes
from governance.reports import PlanMaterial, appendix, exception_report
from governance.scorecard import scorecard
from tracker.kernel.period import clock_words, long_date, short_date
from tracker.kernel.rag import DEFINITIONS
from tracker.kernel.times import london_day, to_london

SCHEMA = 1
Pack = dict[str, Any]


@dataclass(frozen=True)
class BoardFacts:
    """A board as its papers name it."""

    name: str
    short_name: str
    partnership: str
    chair: str
    secretary: str
    contact: str | None = None
    quorum: str | None = None
    marking: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemFacts:
    """An agenda item as it is to be printed, in its place."""

    kind: ItemKind
    title: str
    purpose: Purpose
    presenter: str | None = None
    minutes: int | None = None
    plan_id: int | None = None
    text: str | None = None


@dataclass(frozen=True)
class LogRow:
    """A line of the action log."""

    reference: str
    meeting: str
    what: str
    lead: str
    due: str
    status: str
    progress: str


@dataclass(frozen=True)
class ForwardRow:
    """A line of the forward plan: when, what comes, and by which rule."""

    when: str
    what: str
    rule: str


@dataclass(frozen=True)
class Baseline:
    """The board's last published pack: its snapshot, and for which meeting and version it was."""

    actions: tuple[Snapshot, ...]
    met_on: date
    version: int


@dataclass(frozen=True)
class Sitting:
    """The meeting that a pack is for, with all that its papers need. Instants are UTC."""

    board: BoardFacts
    meets_on: date
    starts_at: datetime
    ends_at: datetime
    place: str | None
    joining_link: str | None
    as_at: datetime
    items: tuple[ItemFacts, ...]
    plans: tuple[PlanMaterial, ...]
    log: tuple[LogRow, ...] = ()
    forward: tuple[ForwardRow, ...] = ()
    baseline: Baseline | None = None
    last_met_on: date | None = None
    next_meeting: datetime | None = None


def compose(sitting: Sitting, *, draft: bool, version: str) -> Pack:
    """The whole pack. ``version`` says in words which version it is and when published."""
    today = london_day(sitting.as_at)
    snapshot = [
        action_snapshot(action, today) for plan in sitting.plans for action in plan.actions
    ]
    items = [
        _item(number, item, sitting, snapshot, today)
        for number, item in enumerate(sitting.items, start=1)
    ]
    appendices = [
        {
            "anchor": f"appendix-{chr(97 + place)}",
            "letter": chr(65 + place),
            "title": f"Full action table: {plan.title}",
            "blocks": appendix(plan, today),
        }
        for place, plan in enumerate(plan for plan in sitting.plans if plan.actions)
    ]
    return {
        "schema": SCHEMA,
        "lang": "en-GB",
        "title": f"{sitting.board.name}: agenda pack for {short_date(sitting.meets_on)}",
        "draft": draft,
        "front": _front(sitting, version),
        "items": items,
        "appendices": appendices,
        "definitions": {
            "title": "What the ratings mean",
            "rows": [
                {"word": rating.value, "meaning": meaning}
                for rating, meaning in DEFINITIONS.items()
            ],
        },
        "facts": {"as_at": sitting.as_at.isoformat(), "actions": snapshot},
    }


def canonical(pack: Mapping[str, object]) -> bytes:
    """A pack as canonical JSON, the same bytes for the same pack."""
    return json.dumps(pack, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def published(pack: Mapping[str, Any], version: str) -> Pack:
    """A draft as it is published: nothing of its content changes."""
    return {**pack, "draft": False, "front": {**pack["front"], "version": version}}


def paper_reference(board: str, meets_on: date, number: int) -> str:
    """The reference of a paper: board, year and month of the meeting, item."""
    return f"{board}/{meets_on:%Y-%m}/{number:02d}"


def _front(sitting: Sitting, version: str) -> dict[str, object]:
    board = sitting.board
    starts, ends = to_london(sitting.starts_at), to_london(sitting.ends_at)
    as_at = to_london(sitting.as_at)
    return {
        "partnership": board.partnership,
        "board": board.name,
        "heading": "Agenda pack",
        "date": long_date(sitting.meets_on),
        "time": f"{clock_words(starts.time())} to {clock_words(ends.time())}",
        "place": sitting.place,
        "joining_link": sitting.joining_link,
        "chair": board.chair,
        "secretary": board.secretary,
        "contact": board.contact,
        "quorum": board.quorum,
        "marking": board.marking,
        "version": version,
        "as_at": f"Information as at {clock_words(as_at.time())} on {short_date(as_at.date())}",
        "part": None,
        "notes": list(board.notes),
    }


def _item(
    number: int, item: ItemFacts, sitting: Sitting, snapshot: Sequence[Snapshot], today: date
) -> dict[str, object]:
    return {
        "anchor": f"item-{number}",
        "number": str(number),
        "title": item.title,
        "purpose": item.purpose.value.capitalize(),
        "presenter": item.presenter,
        "paper": paper_reference(sitting.board.short_name, sitting.meets_on, number)
        if item.kind in _WITH_PAPER
        else None,
        "minutes": item.minutes,
        "blocks": _blocks(item, sitting, snapshot, today),
    }


_WITH_PAPER = {
    ItemKind.ACTION_LOG,
    ItemKind.SINCE_LAST_MET,
    ItemKind.PLAN_REPORT,
    ItemKind.INDICATORS,
    ItemKind.FORWARD_PLAN,
}


def _blocks(
    item: ItemFacts, sitting: Sitting, snapshot: Sequence[Snapshot], today: date
) -> list[Block]:
    own = [text(item.text)] if item.text else []
    plan = next((p for p in sitting.plans if p.plan_id == item.plan_id), None)
    match item.kind:
        case ItemKind.WELCOME:
            quorum = sitting.board.quorum or "as the board’s terms of reference say"
            return [text(f"The chair opens the meeting and notes apologies. Quorum: {quorum}."), *own]
        case ItemKind.INTERESTS:
            return [text("Members declare any interest in an item of this agenda."), *own]
        case ItemKind.MINUTES:
            met = sitting.last_met_on
            said = (
                f"To confirm the minutes of the meeting of {short_date(met)} as a correct record."
                if met
                else "There is no earlier meeting on record."
            )
            return [text(said), *own]
        case ItemKind.ACTION_LOG:
            return [_log(sitting.log), *own]
        case ItemKind.SINCE_LAST_MET:
            return [*_since(sitting, snapshot), *own]
        case ItemKind.PLAN_REPORT if plan:
            return [*own, *exception_report(plan, today)]
        case ItemKind.INDICATORS if plan:
            return [*own, *scorecard(plan)]
        case ItemKind.FORWARD_PLAN:
            return [_forward(sitting.forward), *own]
        case ItemKind.OTHER_BUSINESS:
            return own or [text("Items that the chair accepts as urgent.")]
        case ItemKind.NEXT_MEETING:
            return [*_next(sitting.next_meeting), *own]
        case _:
            return own or [text("No paper yet.")]


def _log(rows: Sequence[LogRow]) -> Block:
    cells: list[list[Cell]] = [
        [
            row.reference,
            lines(row.what, f"From the meeting of {row.meeting}", strong_first=True),
            row.lead,
            row.due,
            lines(row.status, row.progress),
        ]
        for row in rows
    ]
    return table(
        None,
        [
            column("Reference", 3),
            column("What", 6),
            column("Lead", 4),
            column("Due", 3),
            column("Status and progress", 5),
        ],
        cells,
        empty="The action log is empty: nothing is open.",
    )


def _since(sitting: Sitting, snapshot: Sequence[Snapshot]) -> list[Block]:
    if sitting.baseline is None:
        return [text("First report: this board has had no published pack to compare with.")]
    slugs = frozenset(plan.slug for plan in sitting.plans)
    groups = changes(sitting.baseline.actions, snapshot, slugs)
    blocks: list[Block] = [
        text(
            baseline_words(sitting.board.name, sitting.baseline.met_on, sitting.baseline.version)
        )
    ]
    if not groups:
        blocks.append(text("Nothing has changed since then."))
    several = len(slugs) > 1
    for group in groups:
        rows: list[list[Cell]] = [
            [
                change.reference,
                lines(change.title, change.plan if several else "", strong_first=True),
                change.before,
                change.after,
                change.note,
            ]
            for change in group.changes
        ]
        blocks.append(
            table(
                f"{group.title} ({len(rows)})",
                [
                    column("No.", 2),
                    column("Action", 8),
                    column("From", 4),
                    column("To", 4),
                    column("Note", 6),
                ],
                rows,
                empty="",
            )
        )
    return blocks


def _forward(rows: Sequence[ForwardRow]) -> Block:
    return table(
        None,
        [column("When", 4), column("What comes", 7), column("By which rule", 6)],
        [[row.when, row.what, row.rule] for row in rows],
        empty="No meeting is planned yet.",
    )


def _next(instant: datetime | None) -> list[Block]:
    if instant is None:
        return [text("The next meeting is not fixed yet.")]
    local = to_london(instant)
    return [facts(("Next meeting", f"{long_date(local.date())}, {clock_words(local.time())}"))]

