"""The agenda pack, composed as a frozen value from what is known on a day. Pure.

The value is canonical JSON: it is what is kept of a published pack, what PDF, Word and pages
render, and what the board's next pack is compared with. Its shape has a schema version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from governance.agenda import AgendaEntry, ItemKind
from governance.packs.blocks import sentence
from governance.packs.changes import Snapshot, action_snapshot
from governance.packs.items import Writing, blocks_of
from governance.packs.reports import appendix, glance
from governance.packs.sitting import Sitting
from tracker.kernel.period import clock_words, long_date, short_date
from tracker.kernel.rag import DEFINITIONS
from tracker.kernel.times import london_day, to_london

SCHEMA = 2
Pack = dict[str, Any]
_DEFINITIONS = {
    "title": "What the ratings mean",
    "rows": [{"word": rating.value, "meaning": meaning} for rating, meaning in DEFINITIONS.items()],
}


def compose(sitting: Sitting, *, draft: bool, version: str) -> Pack:
    """The whole pack. ``version`` says in words which version it is and when published."""
    today = london_day(sitting.as_at)
    snapshot = [action_snapshot(action, today) for plan in sitting.plans for action in plan.actions]
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
        "definitions": _DEFINITIONS if sitting.plans else None,
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
        "chair": sentence(board.chair),
        "secretary": board.secretary,
        "contact": board.contact,
        "quorum": board.quorum,
        "marking": board.marking,
        "version": version,
        "as_at": f"Information as at {clock_words(as_at.time())} on {short_date(as_at.date())}",
        "part": None,
        "glance": [glance(plan, london_day(sitting.as_at)) for plan in sitting.plans],
        "notes": list(board.notes),
    }


def _item(
    number: int, item: AgendaEntry, sitting: Sitting, snapshot: Sequence[Snapshot], today: date
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
        "blocks": blocks_of(Writing(item, sitting, snapshot, today)),
    }


_WITH_PAPER = {
    ItemKind.ACTION_LOG,
    ItemKind.SINCE_LAST_MET,
    ItemKind.PLAN_REPORT,
    ItemKind.INDICATORS,
    ItemKind.FORWARD_PLAN,
}
