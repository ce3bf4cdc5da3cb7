"""What was recorded of a meeting: who was there, interests, minutes by item, the minutes."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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


class AttendanceState(StrEnum):
    """How somebody attended a meeting, or did not."""

    PRESENT = "present"
    REMOTE = "present remotely"
    APOLOGIES = "apologies"
    ABSENT = "absent"
    IN_ATTENDANCE = "in attendance"

    @property
    def is_there(self) -> bool:
        """Whether they count towards the quorum, where they may vote."""
        return self in (AttendanceState.PRESENT, AttendanceState.REMOTE)


class Attendance(Tenanted, Versioned, Base):
    """One person at a meeting, for a board: a member, a substitute, or a guest with a name.

    ``organisation`` is as printed; ``substitute_for_id`` the member they stood in for.
    """

    __tablename__ = "attendance"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "meeting_id", "board_id", "person_id"),
        refs={"meeting_id": "meeting", "board_id": "board"},
    )
    meeting_id: Mapped[int]
    board_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(CleanText(200))
    organisation: Mapped[str | None] = mapped_column(CleanText(300))
    state: Mapped[AttendanceState] = mapped_column(words(AttendanceState))
    substitute_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_voting: Mapped[bool] = mapped_column(default=True)


class Declaration(Tenanted, Versioned, Base):
    """An interest that somebody declared, in an item or in general, and what they then did."""

    __tablename__ = "declaration"
    __table_args__ = tenant_table(refs={"meeting_id": "meeting", "item_id": "agenda_item"})
    confidential_fields = frozenset({"interest", "what_followed"})
    meeting_id: Mapped[int]
    item_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(CleanText(200))
    interest: Mapped[str] = mapped_column(CleanText(1000))
    what_followed: Mapped[str | None] = mapped_column(CleanText(300))
    is_confidential: Mapped[bool] = mapped_column(default=False)


class ItemMinute(Tenanted, Versioned, Base):
    """What is minuted of one agenda item, written while the meeting goes on."""

    __tablename__ = "item_minute"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "item_id"),
        refs={"meeting_id": "meeting", "item_id": "agenda_item"},
    )
    confidential_fields = frozenset({"text"})
    meeting_id: Mapped[int]
    item_id: Mapped[int]
    text: Mapped[str] = mapped_column(CleanText(8000))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_confidential: Mapped[bool] = mapped_column(default=False)


class MinutesState(StrEnum):
    """How far a meeting's minutes have come."""

    BEING_WRITTEN = "being written"
    WITH_CHAIR = "with the chair"
    WITH_MEMBERS = "with members"
    CONFIRMED = "confirmed"


class Minutes(Tenanted, Uid, Versioned, Base):
    """A meeting's minutes: written, sent to the chair, to members, confirmed, then locked.

    ``amendments`` is what the confirming meeting changed; ``confirmed_at_id`` that meeting. Value
    and PDF are filed when they go to members and again when confirmed; what is confidential is in
    files of its own.
    """

    __tablename__ = "minutes"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "meeting_id"),
        refs={"meeting_id": "meeting", "confirmed_at_id": "meeting"},
    )
    meeting_id: Mapped[int]
    state: Mapped[MinutesState] = mapped_column(
        words(MinutesState), default=MinutesState.BEING_WRITTEN
    )
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_to_chair_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    chair_words: Mapped[str | None] = mapped_column(CleanText(2000))
    agreed_by_chair_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_to_members_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    amendments: Mapped[str | None] = mapped_column(CleanText(4000))
    confirmed_on: Mapped[date | None]
    confirmed_at_id: Mapped[int | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    snapshot_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    pdf_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    confidential_snapshot_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    confidential_pdf_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    redacted_snapshot_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    redacted_pdf_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    pages: Mapped[int | None]
