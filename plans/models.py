"""Plans: their period, how they hang together, and the ambitions that they print."""

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
    seen,
    tenant_table,
    words,
)
from tracker.people.board_models import Board
from tracker.people.models import Partnership


class PlanStatus(StrEnum):
    """Where a plan is in its life."""

    DRAFT = "draft"
    AGREED = "agreed"
    LIVE = "live"
    EXTENDED = "extended"
    ENDED_EARLY = "ended early"
    SUPERSEDED = "superseded"
    CLOSED = "closed"


class Plan(Tenanted, Uid, Versioned, Base):
    """What a partnership agreed to do, for a period, reviewed by its boards."""

    __tablename__ = "plan"
    __table_args__ = tenant_table(UniqueConstraint("partnership_id", "slug"))
    slug: Mapped[str] = mapped_column(CleanText(80))
    title: Mapped[str] = mapped_column(CleanText(200))
    summary: Mapped[str | None] = mapped_column(CleanText(2000))
    status: Mapped[PlanStatus] = mapped_column(words(PlanStatus))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    period_printed: Mapped[str] = mapped_column(CleanText(60))
    is_public: Mapped[bool] = mapped_column(default=False)
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))
    partnership: Mapped[Partnership] = seen(
        "Partnership", "foreign(Plan.partnership_id) == Partnership.id"
    )

    @property
    def full_title(self) -> str:
        """The title with the period as printed, which tells two plans of one name apart."""
        return f"{self.title} {self.period_printed}"


class PlanDecisionKind(StrEnum):
    """What may be decided of a plan's period."""

    EXTENDED = "extended"
    ENDED_EARLY = "ended early"
    SUPERSEDED = "superseded"
    CLOSED = "closed"


class PlanDecision(Tenanted, Base):
    """A decision on a plan's period, by a board: what it changed, and why; append-only."""

    __tablename__ = "plan_decision"
    __table_args__ = tenant_table(
        refs={"plan_id": "plan", "board_id": "board", "successor_id": "plan"}
    )
    plan_id: Mapped[int]
    kind: Mapped[PlanDecisionKind] = mapped_column(words(PlanDecisionKind))
    decided_on: Mapped[date]
    board_id: Mapped[int | None]
    successor_id: Mapped[int | None]
    ends_on_before: Mapped[date]
    ends_on_after: Mapped[date]
    reason: Mapped[str] = mapped_column(CleanText(1000))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    board: Mapped[Board | None] = seen("Board", "foreign(PlanDecision.board_id) == Board.id")
    successor: Mapped[Plan | None] = seen("Plan", "foreign(PlanDecision.successor_id) == Plan.id")


class PlanLinkKind(StrEnum):
    """How a plan hangs together with another."""

    PARENT = "parent"
    LINKED = "linked"
    SUCCESSOR_OF = "successor_of"
    STRATEGY = "strategy"


class PlanLink(Tenanted, Base):
    """A plan's parent, predecessor or companion: one of ours, or one known by title only."""

    __tablename__ = "plan_link"
    __table_args__ = tenant_table(refs={"plan_id": "plan", "other_plan_id": "plan"})
    plan_id: Mapped[int]
    other_plan_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(CleanText(200))
    kind: Mapped[PlanLinkKind] = mapped_column(words(PlanLinkKind))
    position: Mapped[int] = mapped_column(default=0)
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))
    other: Mapped[Plan | None] = seen("Plan", "foreign(PlanLink.other_plan_id) == Plan.id")


class PlanReview(Tenanted, Base):
    """A single dated review that a plan promises ("after one year")."""

    __tablename__ = "plan_review"
    __table_args__ = tenant_table(refs={"plan_id": "plan"})
    plan_id: Mapped[int]
    review_on: Mapped[date]
    words: Mapped[str] = mapped_column(CleanText(200))
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))


class Ambition(Tenanted, Base):
    """A Health and Wellbeing ambition: the vocabulary that a partnership's plans tag with."""

    __tablename__ = "ambition"
    __table_args__ = tenant_table(UniqueConstraint("partnership_id", "slug"))
    slug: Mapped[str] = mapped_column(CleanText(60))
    name: Mapped[str] = mapped_column(CleanText(100))
    position: Mapped[int] = mapped_column(default=0)
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))


class PlanAmbition(Tenanted, Base):
    """An ambition as a plan prints it: several may share one column."""

    __tablename__ = "plan_ambition"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "plan_id", "ambition_id"),
        refs={"plan_id": "plan", "ambition_id": "ambition"},
    )
    plan_id: Mapped[int]
    ambition_id: Mapped[int]
    column_number: Mapped[int]
    column_title: Mapped[str] = mapped_column(CleanText(100))
    ambition: Mapped[Ambition] = seen(
        "Ambition", "foreign(PlanAmbition.ambition_id) == Ambition.id"
    )
