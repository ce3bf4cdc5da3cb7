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
from tracker.kernel.rag import Rating, direction

Snapshot = Mapping[str, Any]
LONGEST_WHY = 200


@dataclass(frozen=True)
class Change:
    """One change of one action: from what, to what, which way, and why where that is known."""

    plan: str
    reference: str
    title: str
    before: str
    after: str
    note: str
    why: str = ""


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
        "proposed": action.deadline.proposed_words,
        "agreed": action.agreement.in_words if action.agreement else None,
        "ending": action.ending_words,
        "overdue_days": action.overdue(today),
        "unconfirmed": action.unconfirmed_words(today),
        "entry": action.last_entry.number if action.last_entry else 0,
        "why": why(action, today),
    }


def why(action: ActionFacts, today: date) -> str:
    """Why an action is rated as it is: what its date says, its cause, or what happened."""
    rating, entry = action.rating(today), action.last_entry
    limit = action.thresholds().limit(today)
    if limit is not None and action.agreement is not None:
        return f"{sentence(limit.words(today))}. {action.agreement.in_words}"
    if limit is not None and rating is not action.owner_rating:
        words = sentence(limit.words(today))
        return f"{words}; its owner says {action.owner_rating}" if entry else words
    if entry is not None and rating in (Rating.RED, Rating.AMBER) and entry.cause:
        return entry.cause
    if limit is not None:
        return sentence(limit.words(today))
    first = (entry.happened or "").split(". ")[0].strip() if entry else ""
    return first if len(first) <= LONGEST_WHY else ""


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
    gone = {key: item for key, item in new.items() if item.get("ending")}
    # What left a plan is told once, as withdrawn from it; the plan still names it afterwards.
    old = {key: item for key, item in old.items() if not item.get("ending")}
    new = {key: item for key, item in new.items() if key not in gone}
    both = [(old[key], item) for key, item in new.items() if key in old]
    groups = [
        (
            "Ratings that moved",
            sorted((_moved(a, b) for a, b in both if _rating_moved(a, b)), key=_gravest),
        ),
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
        (
            "Withdrawn",
            [_withdrawn(item, gone.get(key)) for key, item in old.items() if key not in new],
        ),
    ]
    return [ChangeGroup(title, tuple(found)) for title, found in groups if found]


def _key(item: Snapshot) -> tuple[str, str]:
    return str(item["uid"]), str(item["plan_slug"])


def _change(item: Snapshot, before: str, after: str, note: str = "", why: str = "") -> Change:
    return Change(item["plan"], item["reference"], item["title"], before, after, note, why)


def _rating_moved(a: Snapshot, b: Snapshot) -> bool:
    return bool(a["rating"] != b["rating"] and b["lifecycle"] != "complete")


def _newly(a: Snapshot, b: Snapshot, lifecycle: str) -> bool:
    return bool(b["lifecycle"] == lifecycle and a["lifecycle"] != lifecycle)


def _moved(a: Snapshot, b: Snapshot) -> Change:
    way = direction(Rating(a["rating"]), Rating(b["rating"]))
    if a["rating"] == Rating.GREY.value:
        way = "started" if b["lifecycle"] == "in-progress" else way
    return _change(b, a["rating"], b["rating"], way.capitalize(), b.get("why") or "")


def _gravest(change: Change) -> tuple[int, int]:
    """The worse before the better, and among them the worst rating first."""
    ways = ("Worse", "Started", "Better")
    return ways.index(change.note), Rating(change.after).rank


def _completed(a: Snapshot, b: Snapshot) -> Change:
    return _change(
        b, a["rating"], b["rating"], "Confirmed" if b["is_confirmed"] else "Awaiting confirmation"
    )


def _closed(a: Snapshot, b: Snapshot) -> Change:
    return _change(b, a["rating"], "Closed", "No longer counted")


def _deadline(a: Snapshot, b: Snapshot) -> Change:
    original = b["deadline_original"] or a["deadline"]
    reason = b["deadline_reason"] or "No reason given."
    return _change(b, a["deadline"], b["deadline"], f"Original: {original}. {reason}")


def _overdue(a: Snapshot, b: Snapshot) -> Change:
    days = counted(b["overdue_days"], "day")
    return _change(b, "In time", f"{days} overdue", b["deadline"])


def _silent(a: Snapshot, b: Snapshot) -> Change:
    return _change(b, "Answered", sentence(str(b["unconfirmed"])), "")


def _added(item: Snapshot) -> Change:
    return _change(item, "", item["rating"], item["deadline"])


def _withdrawn(item: Snapshot, now: Snapshot | None) -> Change:
    return _change(item, item["rating"], now["ending"] if now else "")
