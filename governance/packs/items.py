"""What each kind of agenda item prints, as blocks. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from governance.agenda import ItemKind
from governance.packs.blocks import Block, Cell, column, facts, lines, table, text
from governance.packs.changes import Snapshot, baseline_words, changes
from governance.packs.reports import PlanMaterial, exception_report
from governance.packs.scorecard import scorecard
from governance.packs.sitting import ForwardRow, ItemFacts, LogRow, Sitting
from tracker.kernel.period import clock_words, long_date, short_date
from tracker.kernel.times import to_london


@dataclass(frozen=True)
class Writing:
    """An item being written: what of, for which sitting, on which day."""

    item: ItemFacts
    sitting: Sitting
    snapshot: Sequence[Snapshot]
    today: date

    @property
    def plan(self) -> PlanMaterial | None:
        """The plan that the item reports on."""
        return next((p for p in self.sitting.plans if p.plan_id == self.item.plan_id), None)


def blocks_of(writing: Writing) -> list[Block]:
    """The item's blocks: what its kind writes, then what people added."""
    written = _WRITERS.get(writing.item.kind, _nothing)(writing)
    own = [text(writing.item.text)] if writing.item.text else []
    return [*written, *own] or [text("No paper yet.")]


def _nothing(writing: Writing) -> list[Block]:
    return []


def _welcome(writing: Writing) -> list[Block]:
    quorum = writing.sitting.board.quorum or "as the board’s terms of reference say"
    return [text(f"The chair opens the meeting and notes apologies. Quorum: {quorum}.")]


def _interests(writing: Writing) -> list[Block]:
    return [text("Members declare any interest in an item of this agenda.")]


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
    return exception_report(writing.plan, writing.today) if writing.plan else []


def _indicators(writing: Writing) -> list[Block]:
    return scorecard(writing.plan) if writing.plan else []


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
        text(baseline_words(sitting.board.name, sitting.baseline.met_on, sitting.baseline.version))
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


_WRITERS: dict[ItemKind, Callable[[Writing], list[Block]]] = {
    ItemKind.WELCOME: _welcome,
    ItemKind.INTERESTS: _interests,
    ItemKind.MINUTES: _minutes,
    ItemKind.ACTION_LOG: lambda writing: [_log(writing.sitting.log)],
    ItemKind.SINCE_LAST_MET: lambda writing: _since(writing.sitting, writing.snapshot),
    ItemKind.PLAN_REPORT: _report,
    ItemKind.INDICATORS: _indicators,
    ItemKind.FORWARD_PLAN: lambda writing: [_forward(writing.sitting.forward)],
    ItemKind.OTHER_BUSINESS: _other_business,
    ItemKind.NEXT_MEETING: lambda writing: _next(writing.sitting.next_meeting),
}
