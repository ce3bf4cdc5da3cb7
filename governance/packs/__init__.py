"""The agenda pack, composed as a frozen value from what is known on a day. Pure.

The value is canonical JSON: it is what is kept of a published pack, what PDF, Word and pages
render, and what the board's next pack is compared with. Its shape has a schema version; what is
under ``facts`` is kept and never printed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from governance.agenda import AgendaEntry, ItemKind
from governance.packs.blocks import Block, facts, sentence
from governance.packs.changes import action_snapshot
from governance.packs.items import Writing, blocks_of
from governance.packs.numbering import reference
from governance.packs.reports import appendix, glance
from governance.packs.sitting import ItemRecord, PaperRecord, Sitting
from tracker.kernel.period import clock_words, long_date, short_date
from tracker.kernel.rag import DEFINITIONS
from tracker.kernel.times import london_day, to_london

SCHEMA = 3
PART_OPEN, PART_TWO = "Part 1: open", "Part 2: confidential"
CONFIDENTIAL = "Confidential"
# Section 100A(4) of the Local Government Act 1972, as councils' agendas put it.
EXCLUSION = (
    "To resolve that, under section 100A(4) of the Local Government Act 1972, the public be"
    " excluded from the meeting for the items in this part, because they are likely to disclose"
    " exempt information as defined in the paragraphs of Part 1 of Schedule 12A to the Act that"
    " are named under each item."
)
Pack = dict[str, Any]
_DEFINITIONS = {
    "title": "What the ratings mean",
    "rows": [{"word": rating.value, "meaning": meaning} for rating, meaning in DEFINITIONS.items()],
}


def compose(sitting: Sitting, *, draft: bool, version: str) -> Pack:
    """The whole pack. ``version`` says in words which version it is and when published."""
    today = london_day(sitting.as_at)
    snapshot = [action_snapshot(action, today) for plan in sitting.plans for action in plan.actions]
    records = sitting.records or tuple(
        ItemRecord(uid=f"item-{place}", version=1) for place, _ in enumerate(sitting.items)
    )
    numbers = _numbers(sitting)
    parts = [
        _item(number, item, record, Writing(item, sitting, snapshot, today))
        for number, item, record in zip(numbers, sitting.items, records, strict=True)
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
        "title": f"{sitting.board.name}: {_title(sitting)} for {short_date(sitting.meets_on)}",
        "draft": draft,
        "front": _front(sitting, version),
        "items": [item for item, _ in parts],
        "appendices": appendices,
        "definitions": _DEFINITIONS if sitting.plans else None,
        "facts": {
            "as_at": sitting.as_at.isoformat(),
            "actions": snapshot,
            "items": [kept for _, kept in parts],
        },
    }


def canonical(pack: Mapping[str, object]) -> bytes:
    """A pack as canonical JSON, the same bytes for the same pack."""
    return json.dumps(pack, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def published(pack: Mapping[str, Any], version: str, *, first_page: int = 1) -> Pack:
    """A draft as it is published: nothing of its content changes."""
    return {
        **pack,
        "draft": False,
        "first_page": first_page,
        "front": {**pack["front"], "version": version},
    }


def _numbers(sitting: Sitting) -> list[str]:
    """Each item's number: the one it was published with, or the next."""
    found, number = [], sitting.first_number
    for item in sitting.items:
        found.append(item.number or str(number))
        number += item.number is None
    return found


def _title(sitting: Sitting) -> str:
    title = "agenda pack"
    if sitting.supplement:
        title = f"supplement {sitting.supplement} to the agenda pack"
    return f"{title}, confidential items" if sitting.is_confidential else title


def _front(sitting: Sitting, version: str) -> dict[str, object]:
    board = sitting.board
    starts, ends = to_london(sitting.starts_at), to_london(sitting.ends_at)
    as_at = to_london(sitting.as_at)
    return {
        "partnership": board.partnership,
        "board": board.name,
        "heading": sentence(_title(sitting)),
        "date": long_date(sitting.meets_on),
        "time": f"{clock_words(starts.time())} to {clock_words(ends.time())}",
        "place": sitting.place,
        "joining_link": sitting.joining_link,
        "chair": sentence(board.chair),
        "secretary": board.secretary,
        "contact": board.contact,
        "quorum": board.quorum,
        "marking": (board.marking or CONFIDENTIAL) if sitting.is_confidential else board.marking,
        "version": version,
        "as_at": f"Information as at {clock_words(as_at.time())} on {short_date(as_at.date())}",
        "part": _part(sitting),
        "exclusion": EXCLUSION if sitting.is_confidential and board.access_law else None,
        "supplement": f"Supplement {sitting.supplement} to the pack for"
        f" {long_date(sitting.meets_on)}. Nothing that was published is renumbered."
        if sitting.supplement
        else None,
        "changes": None,
        "glance": [glance(plan, london_day(sitting.as_at)) for plan in sitting.plans]
        if not sitting.supplement
        else [],
        "notes": list(board.notes),
    }


def _part(sitting: Sitting) -> str | None:
    """Part 1 or Part 2 where access-to-meetings law applies; elsewhere only the confidential."""
    if sitting.is_confidential:
        return PART_TWO if sitting.board.access_law else "Confidential items"
    return PART_OPEN if sitting.board.access_law else None


def _item(
    number: str, item: AgendaEntry, record: ItemRecord, writing: Writing
) -> tuple[dict[str, object], dict[str, object]]:
    """An item as it is printed, and what is kept of it to be compared with."""
    sitting = writing.sitting
    board = sitting.board
    own = record.reference or reference(
        board.paper_pattern, board.short_name, sitting.meets_on, number
    )
    has_paper = item.kind in _WITH_PAPER or record.papers or record.reference
    references = [
        own
        if place == 0
        else reference(board.paper_pattern, board.short_name, sitting.meets_on, number, place + 1)
        for place, _ in enumerate(record.papers)
    ]
    exempt = [facts(*record.exemption)] if record.exemption else []
    blocks = blocks_of(writing)
    # How many of the first blocks its records wrote: those stand as at the close of updates.
    alone = blocks_of(replace(writing, item=replace(item, text=None, added=())))
    alone = alone if item.kind in AS_AT_CLOSE else []
    written = 0
    while written < min(len(alone), len(blocks)) and alone[written] == blocks[written]:
        written += 1
    printed: dict[str, object] = {
        "anchor": f"item-{number.lower()}",
        "uid": record.uid,
        "number": number,
        "title": item.title,
        "purpose": item.purpose.value.capitalize(),
        "presenter": item.presenter,
        "paper": own if has_paper else None,
        "minutes": item.minutes,
        "blocks": [*exempt, *_with_references(blocks, record.papers, references)],
    }
    kept = {
        "uid": record.uid,
        "version": record.version,
        "kind": item.kind.value,
        "number": number,
        "written": [len(exempt), len(exempt) + written],
        "papers": [
            {
                "uid": paper.uid,
                "version": paper.version,
                "to_follow": paper.is_to_follow,
                "withdrawn": paper.is_withdrawn,
                "reference": own_reference,
            }
            for paper, own_reference in zip(record.papers, references, strict=True)
        ],
    }
    return printed, kept


def _with_references(
    blocks: Sequence[Block], papers: Sequence[PaperRecord], references: Sequence[str]
) -> list[Block]:
    """The blocks with each paper's reference on its cover sheet, also before it is given one."""
    found = list(blocks)
    for paper, own in zip(papers, references, strict=True):
        if paper.is_to_follow or paper.is_withdrawn:
            continue
        places = [
            at
            for at, block in enumerate(found)
            if block["kind"] == "heading" and block["text"] == paper.title
        ]
        for at in places[:1]:
            sheet = found[at + 1] if at + 1 < len(found) else None
            rows = sheet["rows"] if sheet is not None and sheet["kind"] == "facts" else None
            if not isinstance(rows, list):
                found.insert(at + 1, facts(("Reference", own)))
            elif not any(row[0] == "Reference" for row in rows):
                found[at + 1] = {"kind": "facts", "rows": [["Reference", own], *rows]}
    return found


# What is written from updates: a pack prints it as at their close, whenever it is published.
AS_AT_CLOSE = frozenset(
    {
        ItemKind.ACTION_LOG,
        ItemKind.SINCE_LAST_MET,
        ItemKind.PLAN_REPORT,
        ItemKind.COORDINATED_REPORT,
        ItemKind.INDICATORS,
        ItemKind.ESCALATION,
        ItemKind.BOARD_REPORT,
        ItemKind.ANNUAL_REPORT,
    }
)
_WITH_PAPER = AS_AT_CLOSE - {ItemKind.ESCALATION} | {ItemKind.FORWARD_PLAN}
