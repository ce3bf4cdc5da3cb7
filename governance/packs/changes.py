"""What changed since this board last met: two snapshots compared. Pure.

The baseline is the snapshot in the board's last published pack, so two boards see different
changes from the same update, because they met on different days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.rules import ActionFacts
from governance.packs.blocks import counted, sentence
from tracker.kernel.period import short_date
from tracker.kernel.rag import Rating, direction

Snapshot = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One change of one action: where it stands, from what, to what, and which way."""

    plan: str
    reference: str
    title: str
    before: str
    after: str
    note: str


@dataclass(frozen=True)
class ChangeGroup:
    """Changes of one kind, with the heading under which papers print them."""

    title: str
    changes: tuple[Change, ...]


def action_snapshot(action: ActionFacts, today: date) -> dict[str, object]:
    """What a pack keeps of an action, to be compared with at the board's next meeting."""
    return {
        "uid": action.uid,
        "reference": action.reference,
        "title": action.title,
        "plan": action.plan_title,
        "plan_slug": action.plan_slug,
        "rating": action.rating(today).value,
        "owner_rating": action.owner_rating.value,
        "lifecycle": action.lifecycle.value,
        "is_confirmed": action.is_confirmed,
        "deadline": action.deadline.words,
        "deadline_original": action.deadline.original_words,
        "deadline_reason": action.deadline.reason,
        "overdue_days": action.overdue(today),
        "unconfirmed": action.unconfirmed_words(today),
        "entry": action.last_entry.number if action.last_entry else 0,
    }


def changes(
    before: Sequence[Snapshot], now: Sequence[Snapshot], plan_slugs: frozenset[str]
) -> list[ChangeGroup]:
    """Every change between two snapshots of the actions of these plans, grouped.

    A plan that the earlier snapshot did not hold is left out: it is new to the board, and its
    report says all.
    """
    known_plans = {item["plan_slug"] for item in before}
    old = {_key(item): item for item in before if item["plan_slug"] in plan_slugs}
    new = {_key(item): item for item in now if item["plan_slug"] in known_plans & plan_slugs}
    both = [(old[key], item) for key, item in new.items() if key in old]
    groups = [
        ("Ratings that moved", [_moved(a, b) for a, b in both if _rating_moved(a, b)]),
        ("Completed", [_completed(a, b) for a, b in both if _newly(a, b, "complete")]),
        (
            "Closed, not completed",
            [_closed(a, b) for a, b in both if _newly(a, b, "closed-not-completed")],
        ),
        ("Deadlines moved", [_deadline(a, b) for a, b in both if a["deadline"] != b["deadline"]]),
        (
            "Newly overdue",
            [_overdue(a, b) for a, b in both if b["overdue_days"] and not a["overdue_days"]],
        ),
        (
            "Newly without an update",
            [_silent(a, b) for a, b in both if b["unconfirmed"] and not a["unconfirmed"]],
        ),
        ("Added", [_added(item) for key, item in new.items() if key not in old]),
        ("Withdrawn", [_withdrawn(item) for key, item in old.items() if key not in new]),
    ]
    return [ChangeGroup(title, tuple(found)) for title, found in groups if found]


def _key(item: Snapshot) -> tuple[str, str]:
    return str(item["uid"]), str(item["plan_slug"])


def _change(item: Snapshot, before: str, after: str, note: str = "") -> Change:
    return Change(item["plan"], item["reference"], item["title"], before, after, note)


def _rating_moved(a: Snapshot, b: Snapshot) -> bool:
    return bool(a["rating"] != b["rating"] and b["lifecycle"] != "complete")


def _newly(a: Snapshot, b: Snapshot, lifecycle: str) -> bool:
    return bool(b["lifecycle"] == lifecycle and a["lifecycle"] != lifecycle)


def _moved(a: Snapshot, b: Snapshot) -> Change:
    way = direction(Rating(a["rating"]), Rating(b["rating"]))
    if a["rating"] == Rating.GREY.value:
        way = "started" if b["lifecycle"] == "in-progress" else way
    return _change(b, a["rating"], b["rating"], way.capitalize())


def _completed(a: Snapshot, b: Snapshot) -> Change:
    return _change(
        b, a["rating"], b["rating"], "Confirmed" if b["is_confirmed"] else "Awaiting confirmation"
    )


def _closed(a: Snapshot, b: Snapshot) -> Change:
    return _change(b, a["rating"], "Closed", "No longer counted")


def _deadline(a: Snapshot, b: Snapshot) -> Change:
    original = b["deadline_original"] or a["deadline"]
    reason = b["deadline_reason"] or "no reason given"
    return _change(b, a["deadline"], b["deadline"], f"Original: {original}. {reason}")


def _overdue(a: Snapshot, b: Snapshot) -> Change:
    days = counted(b["overdue_days"], "day")
    return _change(b, "In time", f"{days} overdue", b["deadline"])


def _silent(a: Snapshot, b: Snapshot) -> Change:
    return _change(b, "Answered", sentence(str(b["unconfirmed"])), "")


def _added(item: Snapshot) -> Change:
    return _change(item, "", item["rating"], item["deadline"])


def _withdrawn(item: Snapshot) -> Change:
    return _change(item, item["rating"], "", "")


def baseline_words(board: str, met_on: date, version: int) -> str:
    """Which pack the comparison is with."""
    return (
        f"Compared with version {version} of the pack of {board} for {short_date(met_on)}, the"
        " last that this board had."
    )
