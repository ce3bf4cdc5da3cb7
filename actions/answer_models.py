"""Who else may answer, and what is said before or beside an entry: covers, drafts, agreements."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.edges.db import Base, CleanText, Tenanted, UtcDateTime, seen, tenant_table, words
from tracker.people.board_models import Board
from tracker.people.models import Person


class Cover(Tenanted, Base):
    """Somebody answers for an owner who is away, from a date to a date, both included.

    The one who covers is asked and may answer; the one away may still answer, and is not asked.
    """

    __tablename__ = "cover"
    __table_args__ = tenant_table(
        CheckConstraint("from_on <= to_on", name="days_in_order"),
        CheckConstraint("person_id <> cover_id", name="somebody_else"),
        Index(None, "person_id", "to_on"),
        Index(None, "cover_id", "to_on"),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cover_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = seen("Person", "foreign(Cover.person_id) == Person.id")
    cover: Mapped[Person] = seen("Person", "foreign(Cover.cover_id) == Person.id")


class Delegation(Tenanted, Base):
    """One ask handed to somebody else: they are asked instead, until it is answered or returned."""

    __tablename__ = "delegation"
    __table_args__ = tenant_table(
        Index(None, "to_id"), refs={"action_id": "action", "ask_id": "ask"}
    )
    action_id: Mapped[int]
    ask_id: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str | None] = mapped_column(CleanText(500))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    to: Mapped[Person] = seen("Person", "foreign(Delegation.to_id) == Person.id")
    by: Mapped[Person] = seen("Person", "foreign(Delegation.by_id) == Person.id")


class AgreedAs(StrEnum):
    """In what part somebody agrees."""

    CHAIR = "chair"
    PRIORITY_LEAD = "priority lead"


class Agreement(Tenanted, Base):
    """A rating better than the date allows was agreed, for one entry and one deadline.

    It lapses by itself at the next entry, or when the deadline changes: then its numbers are no
    longer the action's. Append-only.
    """

    __tablename__ = "rating_agreement"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "action_id", "entry_number", "deadline_number"),
        refs={"action_id": "action", "board_id": "board"},
    )
    action_id: Mapped[int]
    entry_number: Mapped[int]
    deadline_number: Mapped[int] = mapped_column(default=0)
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agreed_as: Mapped[AgreedAs] = mapped_column(words(AgreedAs))
    agreed_by: Mapped[str] = mapped_column(CleanText(200))
    board_id: Mapped[int | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str | None] = mapped_column(CleanText(500))
    board: Mapped[Board | None] = seen("Board", "foreign(Agreement.board_id) == Board.id")


class DraftState(StrEnum):
    """Where an update stands before it is an entry."""

    DRAFT = "draft"
    SUBMITTED = "waiting for clearance"
    RETURNED = "returned"


class ProgressDraft(Tenanted, Base):
    """An update that is not an entry yet: kept to go on with, or waiting to be cleared.

    ``said`` is a JSON object of the form's fields by name, as they were typed; ``last_seen`` the
    number of the last entry on the page.
    """

    __tablename__ = "progress_draft"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "action_id", "person_id"),
        refs={"action_id": "action", "organisation_id": "organisation"},
    )
    action_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[DraftState] = mapped_column(words(DraftState), default=DraftState.DRAFT)
    last_seen: Mapped[int]
    said: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    organisation_id: Mapped[int | None]
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    returned_reason: Mapped[str | None] = mapped_column(CleanText(500))
    person: Mapped[Person] = seen("Person", "foreign(ProgressDraft.person_id) == Person.id")
