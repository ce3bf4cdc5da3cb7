"""The standing agenda: what stands on every agenda, in which order. Pure.

The order is that of UK councils' published packs; a board may edit it for a meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
    records, ``added`` those that stand after its own text: its papers.
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


@dataclass(frozen=True)
class PlanOnAgenda:
    """A plan that a meeting reviews, and whether it has indicators to report."""

    plan_id: int
    title: str
    has_indicators: bool


def standing_agenda(plans: Sequence[PlanOnAgenda]) -> list[AgendaEntry]:
    """The agenda that a meeting starts with, for the plans that it reviews."""
    decision, discussion, information = Purpose.DECISION, Purpose.DISCUSSION, Purpose.INFORMATION
    items = [
        AgendaEntry(ItemKind.WELCOME, "Welcome, apologies and quorum", information, "Chair", 5),
        AgendaEntry(ItemKind.INTERESTS, "Declarations of interest", information, "Chair", 2),
        AgendaEntry(ItemKind.MINUTES, "Minutes of the last meeting", decision, "Chair", 3),
        AgendaEntry(ItemKind.ACTION_LOG, "Matters arising and action log", discussion, "Chair", 10),
    ]
    if plans:
        items.append(
            AgendaEntry(
                ItemKind.SINCE_LAST_MET,
                "Since this board last met",
                discussion,
                "Board secretary",
                10,
            )
        )
    for plan in plans:
        items.append(
            AgendaEntry(
                ItemKind.PLAN_REPORT,
                f"Progress report: {plan.title}",
                discussion,
                "Priority leads",
                25,
                plan.plan_id,
            )
        )
    for plan in plans:
        if plan.has_indicators:
            items.append(
                AgendaEntry(
                    ItemKind.INDICATORS,
                    f"Outcome indicators: {plan.title}",
                    discussion,
                    "Priority leads",
                    15,
                    plan.plan_id,
                )
            )
    items += [
        AgendaEntry(ItemKind.FORWARD_PLAN, "Forward plan", information, "Board secretary", 5),
        AgendaEntry(ItemKind.OTHER_BUSINESS, "Any other business", discussion, "Chair", 5),
        AgendaEntry(ItemKind.NEXT_MEETING, "Date of the next meeting", information, "Chair", 2),
    ]
    return items
