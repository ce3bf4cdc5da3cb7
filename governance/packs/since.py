"""Since this board last met: the changes against its last published pack, as blocks. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from governance.packs.blocks import (
    Block,
    Cell,
    column,
    counted,
    heading,
    lines,
    listed,
    rag,
    sentence,
    table,
    text,
)
from governance.packs.changes import Change, ChangeGroup, Snapshot, changes
from governance.packs.sitting import Baseline, BoardBaseline, Sitting
from tracker.kernel.period import short_date
from tracker.kernel.rag import Rating


def since_last_met(sitting: Sitting, snapshot: Sequence[Snapshot]) -> list[Block]:
    """What changed, first in a sentence, then a table for each kind of change.

    Boards that meet together met last on different days: each reads its own changes.
    """
    if not sitting.others:
        return _since(sitting, sitting.baseline, snapshot)
    boards = [BoardBaseline(sitting.board.name, sitting.baseline), *sitting.others]
    found: list[Block] = []
    for one in boards:
        found.append(heading(f"Since {one.board} last met"))
        found += _since(sitting, one.baseline, snapshot)
    return found


def _since(
    sitting: Sitting, baseline: Baseline | None, snapshot: Sequence[Snapshot]
) -> list[Block]:
    if baseline is None:
        return [text("This is the board’s first pack: there is no earlier one to compare it with.")]
    slugs = frozenset(plan.slug for plan in sitting.plans)
    groups = changes(baseline.actions, snapshot, slugs)
    if not any(plan.actions for plan in sitting.plans):
        return [
            text(
                "The plans before this meeting have no actions of their own to compare; their"
                " reports say what their leads and their indicators show."
            )
        ]
    several = len([plan for plan in sitting.plans if plan.actions]) > 1
    return [
        text(f"{summary(groups)} {_baseline_words(baseline)}"),
        *(_table(group, with_plan=several) for group in groups),
    ]


def summary(groups: Sequence[ChangeGroup]) -> str:
    """The changes counted: "3 ratings moved: 2 worse and 1 better."."""
    said = [_counted(group) for group in groups]
    return " ".join(said) if said else "No action has changed."


def _counted(group: ChangeGroup) -> str:
    number = len(group.changes)
    if group.title == MOVED:
        ways = [change.note.lower() for change in group.changes]
        words = {"worse": "worse", "better": "better", "started": "on starting"}
        parts = [f"{ways.count(way)} {said}" for way, said in words.items() if way in ways]
        return f"{counted(number, 'rating')} moved: {listed(parts)}."
    verbs = {
        "Completed": ("has been completed", "have been completed"),
        "Closed, not completed": ("was closed, not completed", "were closed, not completed"),
        "Deadlines moved": ("has a new deadline", "have new deadlines"),
        "Newly overdue": ("is newly overdue", "are newly overdue"),
        "Newly without an update": ("is newly without an update", "are newly without an update"),
        "Added": ("was added", "were added"),
        "Withdrawn": ("was withdrawn", "were withdrawn"),
    }
    return f"{counted(number, 'action')} {verbs[group.title][number > 1]}."


def _baseline_words(baseline: Baseline) -> str:
    return (
        f"Compared with version {baseline.version} of this board’s pack for"
        f" {short_date(baseline.met_on)}{_with(baseline.supplements)}."
    )


def _with(supplements: int) -> str:
    return f", its {counted(supplements, 'supplement')} included" if supplements else ""


MOVED = "Ratings that moved"
Values = Callable[[Change], list[Cell]]


def _rating(word: str) -> Cell:
    return rag(word, "") if word in {rating.value for rating in Rating} else word


_SHAPES: dict[str, tuple[tuple[tuple[str, int], ...], Values]] = {
    MOVED: (
        (("From", 3), ("To", 3), ("Which way, and why", 8)),
        lambda c: [_rating(c.before), _rating(c.after), lines(c.note, c.why)],
    ),
    "Completed": (
        (("Was", 3), ("Completion", 6)),
        lambda c: [_rating(c.before), c.note],
    ),
    "Closed, not completed": (
        (("Was", 3), ("Now", 6)),
        lambda c: [_rating(c.before), "Closed; no longer counted"],
    ),
    "Deadlines moved": (
        (("From", 4), ("To", 4), ("Reason", 7)),
        lambda c: [sentence(c.before), sentence(c.after), c.note],
    ),
    "Newly overdue": (
        (("Deadline", 4), ("Overdue", 5)),
        lambda c: [sentence(c.note), c.after.removesuffix(" overdue")],
    ),
    "Newly without an update": (
        (("Last heard of", 9),),
        lambda c: [c.after],
    ),
    "Added": (
        (("Rating", 3), ("Deadline", 6)),
        lambda c: [_rating(c.after), sentence(c.note)],
    ),
    "Withdrawn": (
        (("Rating in the last pack", 4), ("What became of it", 5)),
        lambda c: [_rating(c.before), c.after or "No longer in the plan"],
    ),
}


def _table(group: ChangeGroup, *, with_plan: bool) -> Block:
    columns, values = _SHAPES[group.title]
    return table(
        f"{group.title} ({len(group.changes)})",
        [column("No.", 2), column("Action", 10), *(column(*each) for each in columns)],
        [
            [
                change.reference,
                lines(change.title, change.plan if with_plan else ""),
                *values(change),
            ]
            for change in group.changes
        ],
        empty="",
    )
