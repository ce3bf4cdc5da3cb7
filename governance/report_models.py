"""What goes up: escalations, reports to the board above, annual reports; and what is to come."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from governance.agenda import Purpose
from tracker.edges.db import (
    Base,
    CleanText,
    Tenanted,
    Uid,
    UtcDateTime,
    Versioned,
    tenant_table,
    words,
)


class EscalationReason(StrEnum):
    """Why an action goes to the board above."""

    RED = "Red at two meetings running"
    UNANSWERED = "two meetings without an update"
    ASKED_FOR = "asked for by the board"


class EscalationState(StrEnum):
    """How far an escalation has come; the chair agrees it, the board above answers."""

    DRAFTED = "drafted"
    DECLINED = "not escalated"
    AGREED = "escalated"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CLOSED = "closed"


class Escalation(Tenanted, Uid, Versioned, Base):
    """An action that a board brings before the board above it.

    ``meeting_id`` is the second of the two meetings; ``item_id`` the entry on the other agenda.
    """

    __tablename__ = "escalation"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "action_id", "meeting_id"),
        refs={
            "board_id": "board",
            "to_board_id": "board",
            "action_id": "action",
            "meeting_id": "meeting",
            "item_id": "agenda_item",
        },
    )
    board_id: Mapped[int]
    to_board_id: Mapped[int]
    action_id: Mapped[int]
    meeting_id: Mapped[int]
    reason: Mapped[EscalationReason] = mapped_column(words(EscalationReason))
    wanted: Mapped[str | None] = mapped_column(CleanText(1000))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[EscalationState] = mapped_column(
        words(EscalationState), default=EscalationState.DRAFTED
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    item_id: Mapped[int | None]
    outcome_words: Mapped[str | None] = mapped_column(CleanText(1000))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UpwardReport(Tenanted, Uid, Versioned, Base):
    """What a board tells the one above, for one of its meetings; the rest writes itself."""

    __tablename__ = "upward_report"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "to_meeting_id"),
        refs={"board_id": "board", "to_meeting_id": "meeting", "item_id": "agenda_item"},
    )
    board_id: Mapped[int]
    to_meeting_id: Mapped[int]
    item_id: Mapped[int | None]
    exceptions: Mapped[str | None] = mapped_column(CleanText(4000))
    requests: Mapped[str | None] = mapped_column(CleanText(4000))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AnnualReport(Tenanted, Uid, Versioned, Base):
    """What people write in a board's annual report; figures and decisions write themselves."""

    __tablename__ = "annual_report"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "from_on"),
        refs={"board_id": "board"},
    )
    board_id: Mapped[int]
    from_on: Mapped[date]
    to_on: Mapped[date]
    foreword: Mapped[str | None] = mapped_column(CleanText(8000))
    looking_ahead: Mapped[str | None] = mapped_column(CleanText(8000))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ForwardState(StrEnum):
    """Where an entry of the forward plan stands."""

    PARKED = "parked"
    SCHEDULED = "scheduled"
    TAKEN = "on an agenda"
    DROPPED = "dropped"


class ForwardItem(Tenanted, Uid, Versioned, Base):
    """Business that a board wants at a later meeting, parked until it is given one.

    ``thread`` is that of the agenda item it was deferred from, so that its history goes on.
    """

    __tablename__ = "forward_item"
    __table_args__ = tenant_table(
        refs={"board_id": "board", "meeting_id": "meeting", "from_item_id": "agenda_item"}
    )
    confidential_fields = frozenset({"title", "why", "presenter"})
    board_id: Mapped[int]
    title: Mapped[str] = mapped_column(CleanText(300))
    purpose: Mapped[Purpose] = mapped_column(words(Purpose))
    presenter: Mapped[str | None] = mapped_column(CleanText(200))
    minutes: Mapped[int | None]
    why: Mapped[str | None] = mapped_column(CleanText(1000))
    state: Mapped[ForwardState] = mapped_column(words(ForwardState), default=ForwardState.PARKED)
    meeting_id: Mapped[int | None]
    from_item_id: Mapped[int | None]
    thread: Mapped[UUID] = mapped_column(Uuid, default=uuid4)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_confidential: Mapped[bool] = mapped_column(default=False)
