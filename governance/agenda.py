"""The standing agenda: what stands on every agenda, in which order. Pure.

The order is that of UK councils' published packs; a board may edit it for a meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class Purpose(StrEnum):
    """What an agenda item asks of the board."""

    DECISION = "decision"
    DISCUSSION = "discussion"
    INFORMATION = "information"


class ItemKind(StrEnum):
    """What writes an agenda item's content."""

    WELCOME = "welcome"
    INTERESTS = "interests"
    MINUTES = "minutes"
    ACTION_LOG = "action-log"
    SINCE_LAST_MET = "since-last-met"
    PLAN_REPORT = "plan-report"
    INDICATORS = "indicators"
    FORWARD_PLAN = "forward-plan"
    URGENT = "urgent-items"
    COORDINATED_REPORT = "coordinated-report"
    ESCALATION = "escalation"
    BOARD_REPORT = "board-report"
    CHAIR_APPOINTMENT = "chair-appointment"
    TERMS = "terms-of-reference"
    MEMBERSHIP = "membership"
    MEETING_DATES = "meeting-dates"
    ANNUAL_REPORT = "annual-report"
    OTHER_BUSINESS = "other-business"
    NEXT_MEETING = "next-meeting"
    TEXT = "text"


@dataclass(frozen=True)
class AgendaEntry:
    """One item of an agenda; ``plan_id`` where it reports on a plan, ``minutes`` allotted.

    ``number`` where it is frozen. ``written`` holds the blocks that were written for it from the
    records, ``added`` those that stand after its own text: its papers. ``plan_ids`` where one
    item reports on several plans.
    """

    kind: ItemKind
    title: str
    purpose: Purpose
    presenter: str | None = None
    minutes: int | None = None
    plan_id: int | None = None
    text: str | None = None
    number: str | None = None
    written: tuple[dict[str, object], ...] | None = None
    added: tuple[dict[str, object], ...] = ()
    plan_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class PlanOnAgenda:
    """A plan that a meeting reviews, and whether it has indicators to report.

    ``cycle_id`` where the cycle that brings it has one report for all its plans.
    """

    plan_id: int
    title: str
    has_indicators: bool
    cycle_id: int | None = None


_DECISION, _DISCUSSION, _INFORMATION = Purpose.DECISION, Purpose.DISCUSSION, Purpose.INFORMATION
# Reports and indicators stand once for each plan that a meeting reviews; without plans they, and
# what changed in them, are left out.
STANDARD = (
    AgendaEntry(ItemKind.WELCOME, "Welcome, apologies and quorum", _INFORMATION, "Chair", 5),
    AgendaEntry(ItemKind.INTERESTS, "Declarations of interest", _INFORMATION, "Chair", 2),
    AgendaEntry(ItemKind.MINUTES, "Minutes of the last meeting", _DECISION, "Chair", 3),
    AgendaEntry(ItemKind.ACTION_LOG, "Matters arising and action log", _DISCUSSION, "Chair", 10),
    AgendaEntry(
        ItemKind.SINCE_LAST_MET, "Since this board last met", _DISCUSSION, "Board secretary", 10
    ),
    AgendaEntry(ItemKind.PLAN_REPORT, "Progress report", _DISCUSSION, "Priority leads", 25),
    AgendaEntry(ItemKind.INDICATORS, "Outcome indicators", _DISCUSSION, "Priority leads", 15),
    AgendaEntry(ItemKind.FORWARD_PLAN, "Forward plan", _INFORMATION, "Board secretary", 5),
    AgendaEntry(ItemKind.OTHER_BUSINESS, "Any other business", _DISCUSSION, "Chair", 5),
    AgendaEntry(ItemKind.NEXT_MEETING, "Date of the next meeting", _INFORMATION, "Chair", 2),
)
OF_PLANS = (ItemKind.SINCE_LAST_MET, ItemKind.PLAN_REPORT, ItemKind.INDICATORS)


def standing_agenda(plans: Sequence[PlanOnAgenda]) -> list[AgendaEntry]:
    """The standard agenda for the plans that a meeting reviews, each with a report of its own."""
    found: list[AgendaEntry] = []
    for entry in STANDARD:
        if entry.kind is ItemKind.SINCE_LAST_MET and not plans:
            continue
        if entry.kind in (ItemKind.PLAN_REPORT, ItemKind.INDICATORS):
            found += [
                of_plan(entry, plan)
                for plan in plans
                if plan.has_indicators or entry.kind is ItemKind.PLAN_REPORT
            ]
        else:
            found.append(entry)
    return found


def of_plan(entry: AgendaEntry, plan: PlanOnAgenda) -> AgendaEntry:
    """An entry that stands for every plan, as it stands for this one."""
    return replace(entry, title=f"{entry.title}: {plan.title}", plan_id=plan.plan_id)
