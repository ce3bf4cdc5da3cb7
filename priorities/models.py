"""Priorities of a plan, who leads them, and what their leads say of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plans.models import Plan
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
from tracker.kernel.rag import Rating
from tracker.people.models import PARTY_REFS, Party, Person, one_party


class Priority(Tenanted, Uid, Versioned, Base):
    """One of a plan's few headings, under which its actions and indicators stand."""

    __tablename__ = "priority"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "plan_id", "number"), refs={"plan_id": "plan"}
    )
    plan_id: Mapped[int]
    number: Mapped[str] = mapped_column(CleanText(20))
    title: Mapped[str] = mapped_column(CleanText(200))
    summary: Mapped[str | None] = mapped_column(CleanText(1000))
    position: Mapped[int] = mapped_column(default=0)
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))
    plan: Mapped[Plan] = seen("Plan", "foreign(Priority.plan_id) == Plan.id")


class PriorityParty(Party, Base):
    """A lead of a priority, or one involved in it."""

    __tablename__ = "priority_party"
    __table_args__ = tenant_table(one_party(), refs={"priority_id": "priority", **PARTY_REFS})
    priority_id: Mapped[int]


class PriorityLead(Tenanted, Base):
    """The person who judges a priority and agrees ratings and dates in it, for a time.

    Parties say who is answerable, often an organisation; this is who acts for them here.
    """

    __tablename__ = "priority_lead"
    __table_args__ = tenant_table(
        Index(None, "person_id", "priority_id"), refs={"priority_id": "priority"}
    )
    priority_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    person: Mapped[Person] = seen("Person", "foreign(PriorityLead.person_id) == Person.id")


class Judgement(Tenanted, Base):
    """A priority lead's signed judgement, which heads the counts; never edited, only followed."""

    __tablename__ = "judgement"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "priority_id", "number"),
        refs={"priority_id": "priority"},
    )
    priority_id: Mapped[int]
    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    rating: Mapped[Rating] = mapped_column(words(Rating))
    achievements: Mapped[str | None] = mapped_column(CleanText(2000))
    risks: Mapped[str | None] = mapped_column(CleanText(2000))
    decisions_wanted: Mapped[str | None] = mapped_column(CleanText(2000))
    difference_made: Mapped[str | None] = mapped_column(CleanText(2000))
    person: Mapped[Person] = seen("Person", "foreign(Judgement.person_id) == Person.id")
