"""The minutes of a meeting, composed as a frozen value from what was recorded. Pure.

What is confidential is composed apart, as a value of its own: the two share the meeting's name
and day, and nothing else. Without a quorum a board decides nothing, so its minutes are notes;
what it agreed comes in as recommendations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from governance.packs import SCHEMA
from governance.packs.blocks import (
    Block,
    Cell,
    bullets,
    column,
    facts,
    heading,
    lines,
    table,
    text,
)
from tracker.kernel.period import clock_words, long_date, short_date
from tracker.kernel.times import to_london

CONFIDENTIAL = "Confidential"
NOTHING = "Nothing was recorded."
# What a pack that prints minutes for confirmation says elsewhere: its own log, its own date.
_NOT_AGAIN = ("actions", "next")


@dataclass(frozen=True)
class AttendanceRow:
    """Somebody in the attendance table: how they attended, in words."""

    name: str
    capacity: str
    organisation: str
    how: str


@dataclass(frozen=True)
class BoardAttendance:
    """Who attended for a board, and what was reckoned of its quorum."""

    board: str
    rows: tuple[AttendanceRow, ...]
    quorum: str


@dataclass(frozen=True)
class DecisionRow:
    """A decision with its reference; ``how`` says who moved it and how the votes fell."""

    reference: str
    kind: str
    text: str
    how: str = ""


@dataclass(frozen=True)
class ActionRow:
    """Something asked of somebody."""

    reference: str
    what: str
    lead: str
    due: str


@dataclass(frozen=True)
class MinutedItem:
    """An item with all that was recorded under it."""

    number: str
    title: str
    text: str = ""
    notes: tuple[str, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()


@dataclass(frozen=True)
class MinutesFacts:
    """All that a meeting's minutes say. Instants are UTC.

    ``status`` says in words how far they have come. ``marking`` stands on every page.
    ``declared`` are interests, a sentence each.
    """

    partnership: str
    board: str
    meets_on: date
    starts_at: datetime
    ends_at: datetime
    place: str | None
    marking: str | None
    status: str
    is_draft: bool
    is_quorate: bool
    is_confidential: bool = False
    attendance: tuple[BoardAttendance, ...] = ()
    declared: tuple[str, ...] = ()
    items: tuple[MinutedItem, ...] = ()
    further: MinutedItem | None = None
    next_meeting: datetime | None = None
    confirmed: str | None = None
    amendments: str | None = None


def compose_minutes(minutes: MinutesFacts) -> dict[str, Any]:
    """The whole of the minutes, or of their confidential part."""
    name = _name(minutes)
    return {
        "schema": SCHEMA,
        "document": "minutes",
        "lang": "en-GB",
        "title": f"{minutes.board}: {name[:1].lower() + name[1:]} of {short_date(minutes.meets_on)}"
        if minutes.is_quorate
        else f"{minutes.board}: {name[:1].lower() + name[1:]}, {short_date(minutes.meets_on)}",
        "draft": minutes.is_draft,
        "front": {
            "partnership": minutes.partnership,
            "board": minutes.board,
            "heading": name,
            "date": long_date(minutes.meets_on),
            "marking": CONFIDENTIAL if minutes.is_confidential else minutes.marking,
            "rows": _front_rows(minutes),
        },
        "items": list(_items(minutes)),
        "appendices": [],
        "definitions": None,
    }


def _name(minutes: MinutesFacts) -> str:
    if not minutes.is_quorate:
        notes = "Notes of an inquorate meeting"
        return f"{notes}: confidential items" if minutes.is_confidential else notes
    return "Confidential minutes" if minutes.is_confidential else "Minutes"


def _front_rows(minutes: MinutesFacts) -> list[list[str]]:
    starts, ends = to_london(minutes.starts_at), to_london(minutes.ends_at)
    rows = [
        ["Date", long_date(minutes.meets_on)],
        ["Time", f"{clock_words(starts.time())} to {clock_words(ends.time())}"],
        ["Place", minutes.place or ""],
        ["Status", minutes.status],
    ]
    return [row for row in rows if row[1]]


def _items(minutes: MinutesFacts) -> Iterator[dict[str, object]]:
    if not minutes.is_confidential:
        yield _section("attendance", "Attendance", attendance_blocks(minutes.attendance))
    if minutes.declared:
        yield _section("interests", "Interests declared", [bullets(*minutes.declared)])
    for place, item in enumerate(minutes.items, start=1):
        blocks = _item_blocks(item)
        yield {
            **_section(f"item-{place}", item.title, blocks or [text(NOTHING)]),
            "number": item.number,
        }
    if minutes.further is not None:
        blocks = _item_blocks(minutes.further)
        yield _section("further", minutes.further.title, blocks)
    asked = [row for item in (*minutes.items, minutes.further) if item for row in item.actions]
    if asked:
        yield _section("actions", "Meeting actions", [_actions_table(asked)])
    if minutes.confirmed:
        said = [text(minutes.confirmed)]
        if minutes.amendments:
            said.append(text(*_paragraphs(minutes.amendments)))
        yield _section("confirmation", "Confirmation", said)
    if minutes.next_meeting is not None and not minutes.is_confidential:
        local = to_london(minutes.next_meeting)
        when = f"{long_date(local.date())}, {clock_words(local.time())}"
        yield _section("next", "Next meeting", [text(f"The board meets next on {when}.")])


def _section(anchor: str, title: str, blocks: Sequence[Block]) -> dict[str, object]:
    return {"anchor": anchor, "number": None, "title": title, "blocks": list(blocks)}


def attendance_blocks(boards: Sequence[BoardAttendance]) -> list[Block]:
    """Who attended, board by board, and the quorum of each."""
    blocks: list[Block] = []
    for each in boards:
        if len(boards) > 1:
            blocks.append(heading(each.board))
        columns = [
            column("Name", 5),
            column("Capacity", 5),
            column("Organisation", 6),
            column("Attendance", 5),
        ]
        cells: list[list[Cell]] = [
            [row.name, row.capacity, row.organisation, row.how] for row in each.rows
        ]
        blocks.append(table(None, columns, cells, empty="No attendance was recorded."))
        if each.quorum:
            blocks.append(text(each.quorum))
    return blocks


def _item_blocks(item: MinutedItem) -> list[Block]:
    blocks: list[Block] = []
    if item.text:
        blocks.append(text(*_paragraphs(item.text)))
    if item.notes:
        blocks.append(text(*item.notes))
    rows = [decision_words(row) for row in item.decisions]
    rows += [
        (f"Action {row.reference}", f"{row.what}\n{row.lead}. {_due(row)}") for row in item.actions
    ]
    if rows:
        blocks.append(facts(*rows))
    return blocks


def decision_words(row: DecisionRow) -> tuple[str, str]:
    """A decision as a label with its text."""
    label = f"{row.kind[:1].upper()}{row.kind[1:]} {row.reference}"
    return label, "\n".join(filter(None, (row.text, row.how)))


def _due(row: ActionRow) -> str:
    return f"Due {row.due}." if row.due else "No date."


def _actions_table(rows: Sequence[ActionRow]) -> Block:
    cells: list[list[Cell]] = [
        [row.reference, lines(row.what), row.lead, row.due or "No date"] for row in rows
    ]
    columns = [
        column("Reference", 4),
        column("What", 9),
        column("Lead", 6),
        column("Due", 4),
    ]
    return table(None, columns, cells, empty="")


def _paragraphs(said: str) -> list[str]:
    """What was typed, by its empty lines."""
    return [part.strip() for part in said.replace("\r", "").split("\n\n") if part.strip()]


def minutes_to_confirm_blocks(value: Mapping[str, Any]) -> list[Block]:
    """What the next pack prints of minutes that were filed: their text, a heading for each item.

    An item under which nothing was recorded is left out; so is what the front of a pack says.
    """
    blocks: list[Block] = []
    for item in value["items"]:
        if item["anchor"] in _NOT_AGAIN or item["blocks"] == [text(NOTHING)]:
            continue
        number = item.get("number")
        blocks.append(heading(f"{number}. {item['title']}" if number else item["title"]))
        for block in item["blocks"]:
            below = heading(block["text"], level=3) if block["kind"] == "heading" else block
            blocks.append(below)
    return blocks
