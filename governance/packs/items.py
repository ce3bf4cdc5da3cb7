"""What each kind of agenda item prints, as blocks. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from governance.agenda import AgendaEntry, ItemKind
from governance.packs.blocks import (
    Block,
    Cell,
    column,
    facts,
    heading,
    labelled,
    lines,
    table,
    text,
)
from governance.packs.changes import Snapshot
from governance.packs.reports import PlanMaterial, exception_report
from governance.packs.scorecard import scorecard
from governance.packs.since import since_last_met
from governance.packs.sitting import ForwardRow, LogRow, Sitting
from tracker.kernel.period import clock_words, long_date, short_date
from tracker.kernel.times import to_london

OPEN = "Open"
ON_REQUEST = "On request"


@dataclass(frozen=True)
class Writing:
    """An item being written: what of, for which sitting, on which day."""

    item: AgendaEntry
    sitting: Sitting
    snapshot: Sequence[Snapshot]
    today: date

    @property
    def plan(self) -> PlanMaterial | None:
        """The plan that the item reports on."""
        return next((p for p in self.sitting.plans if p.plan_id == self.item.plan_id), None)


def blocks_of(writing: Writing) -> list[Block]:
    """The item's blocks: what its kind writes, then its own text, then its papers."""
    item = writing.item
    written = item.written
    if written is None:
        written = tuple(_WRITERS.get(item.kind, _nothing)(writing))
    own = [text(item.text)] if item.text else []
    return [*written, *own, *item.added] or [text("No paper yet.")]


def _nothing(writing: Writing) -> list[Block]:
    return []


def _welcome(writing: Writing) -> list[Block]:
    quorum = writing.sitting.board.quorum
    return [
        text(
            "The chair opens the meeting and notes apologies. "
            + (
                f"Quorum: {quorum.rstrip('.')}."
                if quorum
                else "The board’s terms of reference set the quorum."
            )
        )
    ]


def _interests(writing: Writing) -> list[Block]:
    return [text("Members declare any interest that they have in an item of this agenda.")]


def _minutes(writing: Writing) -> list[Block]:
    met = writing.sitting.last_met_on
    if met is None:
        return [text("There is no earlier meeting on record.")]
    return [
        text(f"To confirm the minutes of the meeting of {short_date(met)} as a correct record.")
    ]


def _other_business(writing: Writing) -> list[Block]:
    return [] if writing.item.text else [text("Items that the chair accepts as urgent.")]


def _report(writing: Writing) -> list[Block]:
    if writing.plan is None:
        return []
    baseline = writing.sitting.baseline
    return exception_report(writing.plan, writing.today, baseline.actions if baseline else ())


def _indicators(writing: Writing) -> list[Block]:
    return scorecard(writing.plan) if writing.plan else []


def _coordinated(writing: Writing) -> list[Block]:
    """The reports of several plans in one item, each with its indicators, under their names.

    Where the item does not name its plans, they are those that no other item reports on.
    """
    ids = set(writing.item.plan_ids)
    if not ids:
        alone = {one.plan_id for one in writing.sitting.items if one.kind is ItemKind.PLAN_REPORT}
        ids = {plan.plan_id for plan in writing.sitting.plans} - alone
    baseline = writing.sitting.baseline
    before = baseline.actions if baseline else ()
    blocks: list[Block] = []
    for plan in writing.sitting.plans:
        if plan.plan_id in ids:
            blocks.append(heading(plan.title))
            blocks += exception_report(plan, writing.today, before)
            if plan.indicators:
                blocks += [heading("Outcome indicators"), *scorecard(plan)]
    return blocks


def _log(rows: Sequence[LogRow]) -> list[Block]:
    """What is open, then what was closed since the last meeting, each under its name."""
    still_open = [row for row in rows if row.status == OPEN]
    closed = [row for row in rows if row.status != OPEN]
    if not still_open:
        blocks: list[Block] = [text("Nothing is open from earlier meetings.")]
    else:
        blocks = [_log_table("Open", still_open)]
    return [*blocks, _log_table("Closed since the last meeting", closed)] if closed else blocks


def _log_table(caption: str, rows: Sequence[LogRow]) -> Block:
    """Actions of the log; status and progress only where there is more to say than the caption."""
    telling = any(row.progress or row.status != OPEN for row in rows)
    return table(
        f"{caption} ({len(rows)})",
        [
            column("Reference", 4),
            column("What", 9),
            column("Lead", 7),
            column("Due", 5),
            *([column("Progress", 8)] if telling else []),
        ],
        [
            [
                row.reference,
                lines(row.what, f"Meeting of {row.meeting}"),
                row.lead,
                row.due,
                *([_progress(row)] if telling else []),
            ]
            for row in rows
        ],
        empty="",
    )


def _progress(row: LogRow) -> Cell:
    return row.progress if row.status == OPEN else lines(row.status, row.progress)


def _forward(rows: Sequence[ForwardRow]) -> Block:
    """The coming meetings; those that bring the same stand together, with all their days.

    A row without a day belongs to the meeting of the row above it.
    """
    meetings: list[tuple[str, list[tuple[str, str | None]]]] = []
    for row in rows:
        brings = (row.what, row.rule[:1].lower() + row.rule[1:])
        if row.when == ON_REQUEST:
            brings = ("", row.what)
        if row.when or not meetings:
            meetings.append((row.when, [brings]))
        else:
            meetings[-1][1].append(brings)
    together: dict[tuple[tuple[str, str | None], ...], list[str]] = {}
    for when, brought in meetings:
        together.setdefault(tuple(brought), []).append(when)
    cells: list[list[Cell]] = [
        ["\n".join(days), labelled(*brought)] for brought, days in together.items()
    ]
    return table(
        None,
        [column("When", 6), column("What comes, and why", 10)],
        cells,
        empty="No later meeting is planned yet.",
    )


def _next(instant: datetime | None) -> list[Block]:
    if instant is None:
        return [text("The next meeting is not fixed yet.")]
    local = to_london(instant)
    return [facts(("Next meeting", f"{long_date(local.date())}, {clock_words(local.time())}"))]


_WRITERS: dict[ItemKind, Callable[[Writing], list[Block]]] = {
    ItemKind.WELCOME: _welcome,
    ItemKind.INTERESTS: _interests,
    ItemKind.MINUTES: _minutes,
    ItemKind.ACTION_LOG: lambda writing: _log(writing.sitting.log),
    ItemKind.SINCE_LAST_MET: lambda writing: since_last_met(writing.sitting, writing.snapshot),
    ItemKind.PLAN_REPORT: _report,
    ItemKind.COORDINATED_REPORT: _coordinated,
    ItemKind.INDICATORS: _indicators,
    ItemKind.FORWARD_PLAN: lambda writing: [_forward(writing.sitting.forward)],
    ItemKind.OTHER_BUSINESS: _other_business,
    ItemKind.NEXT_MEETING: lambda writing: _next(writing.sitting.next_meeting),
}
