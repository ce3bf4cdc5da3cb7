"""The action log: what meetings asked people to do, and what was said of it since."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models import Meeting
from tracker.edges.db import (
    Base,
    CleanText,
    Tenanted,
    Uid,
    UtcDateTime,
    Versioned,
    seen,
    tenant_table,
    words,
)
from tracker.people.models import Organisation, Person


class MeetingActionStatus(StrEnum):
    """Where a meeting action stands."""

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed, not completed"


class MeetingAction(Tenanted, Uid, Versioned, Base):
    """Something a meeting asked somebody to do; it stays on the action log until closed.

    ``action_id``: the action of a plan that it became.
    """

    __tablename__ = "meeting_action"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "reference"),
        refs={
            "board_id": "board",
            "meeting_id": "meeting",
            "organisation_id": "organisation",
            "item_id": "agenda_item",
            "action_id": "action",
        },
    )
    confidential_fields = frozenset({"what", "progress"})
    board_id: Mapped[int]
    meeting_id: Mapped[int]
    reference: Mapped[str] = mapped_column(CleanText(40))
    what: Mapped[str] = mapped_column(CleanText(500))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None]
    due_on: Mapped[date | None]
    status: Mapped[MeetingActionStatus] = mapped_column(
        words(MeetingActionStatus), default=MeetingActionStatus.OPEN
    )
    progress: Mapped[str | None] = mapped_column(CleanText(1000))
    closed_on: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    item_id: Mapped[int | None]
    action_id: Mapped[int | None]
    is_confidential: Mapped[bool] = mapped_column(default=False)
    meeting: Mapped[Meeting] = seen("Meeting", "foreign(MeetingAction.meeting_id) == Meeting.id")
    person: Mapped[Person | None] = seen("Person", "foreign(MeetingAction.person_id) == Person.id")
    organisation: Mapped[Organisation | None] = seen(
        "Organisation", "foreign(MeetingAction.organisation_id) == Organisation.id"
    )


class MeetingActionNote(Tenanted, Base):
    """What was said of a meeting action, when and by whom; added to, never changed."""

    __tablename__ = "meeting_action_note"
    __table_args__ = tenant_table(refs={"meeting_action_id": "meeting_action"})
    confidential_fields = frozenset({"said"})
    meeting_action_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    status: Mapped[MeetingActionStatus] = mapped_column(words(MeetingActionStatus))
    said: Mapped[str | None] = mapped_column(CleanText(1000))
    due_on: Mapped[date | None]
    is_confidential: Mapped[bool] = mapped_column(default=False)
    person: Mapped[Person | None] = seen(
        "Person", "foreign(MeetingActionNote.person_id) == Person.id"
    )
