"""What goes up to the board above, and when. Pure.

An action that is Red, or that nobody answered for, at two meetings running is brought before the
board above (escalation policies of safeguarding partnerships; `docs/decisions/reporting-up.md`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.report_models import EscalationReason, EscalationState
from tracker.kernel.rag import Rating

Snapshot = Mapping[str, Any]
# A year of reports begins in April, as councils' and the NHS's years do.
FIRST_MONTH = 4
LONGEST_PRESENTER = 200  # as an agenda item keeps it


@dataclass(frozen=True)
class ToEscalate:
    """An action, by its uid, that goes up, and why."""

    uid: str
    reason: EscalationReason


def to_escalate(before: Iterable[Snapshot], now: Sequence[Snapshot]) -> list[ToEscalate]:
    """The open actions that were Red, or without an update, in both of two packs running.

    ``before`` and ``now`` are the actions that the packs of two meetings kept. One that is both
    Red and unanswered goes up as Red; one in several plans goes up once.
    """
    old: dict[str, Snapshot] = {str(item["uid"]): item for item in before}
    found: dict[str, ToEscalate] = {}
    for item in now:
        uid = str(item["uid"])
        earlier = old.get(uid)
        if earlier is None or uid in found or item.get("ending"):
            continue
        reason = _reason(earlier, item)
        if reason is not None:
            found[uid] = ToEscalate(uid, reason)
    return list(found.values())


def _reason(before: Snapshot, now: Snapshot) -> EscalationReason | None:
    red = Rating.RED.value
    if before["rating"] == now["rating"] == red:
        return EscalationReason.RED
    if before["unconfirmed"] and now["unconfirmed"]:
        return EscalationReason.UNANSWERED
    return None


def may_become(state: EscalationState, wanted: EscalationState) -> bool:
    """Whether an escalation may go from one state to another.

    The chair agrees or declines a draft; the board above accepts or returns what reached it, and
    closes what it accepted.
    """
    return wanted in {
        EscalationState.DRAFTED: (EscalationState.AGREED, EscalationState.DECLINED),
        EscalationState.AGREED: (EscalationState.ACCEPTED, EscalationState.RETURNED),
        EscalationState.ACCEPTED: (EscalationState.CLOSED, EscalationState.RETURNED),
    }.get(state, ())


def presenter_words(board: str, chair_words: str | None) -> str:
    """Who presents what comes from another board, as long as an agenda has room for (200)."""
    words = chair_words or f"Chair of {board}"
    return words if len(words) <= LONGEST_PRESENTER else f"{words[: LONGEST_PRESENTER - 1]}…"


def report_year(on: date) -> tuple[date, date]:
    """The first and last day of the year of reports that a day falls in: April to March."""
    first = on.year if on.month >= FIRST_MONTH else on.year - 1
    return date(first, FIRST_MONTH, 1), date(first + 1, FIRST_MONTH - 1, 31)


def last_whole_year(on: date) -> tuple[date, date]:
    """The last year of reports that was over on a day."""
    first, _ = report_year(on)
    return report_year(first.replace(year=first.year - 1))
