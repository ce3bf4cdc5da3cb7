"""Deadlines of actions and milestones: what was promised, and every change of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.edges.db import Base, CleanText, Tenanted, UtcDateTime, seen, tenant_table, words
from tracker.kernel.period import Calendar, Precision
from tracker.kernel.rag import Relation
from tracker.people.board_models import Board


class DeadlineKind(StrEnum):
    """A dated deadline, or one of the kinds of none."""

    DATED = "dated"
    ONGOING = "ongoing"
    AS_REQUIRED = "as-required"
    NONE = "none"


class Deadline(Tenanted, Base):
    """A deadline as it was set: number 1 is the original, the current one has ``is_current``.

    A month, quarter or year keeps its first and last day and its printed text, so that it
    stays a month on screens and papers while the overdue rule uses its last day.
    """

    __tablename__ = "deadline"
    __table_args__ = tenant_table(
        CheckConstraint(
            "(kind = 'dated') = (last_on is not null and first_on is not null"
            " and relation is not null)",
            name="dated_has_days",
        ),
        CheckConstraint("first_on is null or first_on <= last_on", name="days_in_order"),
        Index(
            "uq_deadline_current_of_action",
            "action_id",
            unique=True,
            sqlite_where=text("is_current and milestone_id is null"),
            postgresql_where=text("is_current and milestone_id is null"),
        ),
        Index(
            "uq_deadline_current_of_milestone",
            "milestone_id",
            unique=True,
            sqlite_where=text("is_current and milestone_id is not null"),
            postgresql_where=text("is_current and milestone_id is not null"),
        ),
        refs={"action_id": "action", "milestone_id": "milestone", "agreed_by_board_id": "board"},
    )
    action_id: Mapped[int]
    milestone_id: Mapped[int | None]
    number: Mapped[int] = mapped_column(default=1)
    is_current: Mapped[bool] = mapped_column(default=True)
    kind: Mapped[DeadlineKind] = mapped_column(words(DeadlineKind))
    relation: Mapped[Relation | None] = mapped_column(words(Relation))
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    precision: Mapped[Precision] = mapped_column(words(Precision))
    calendar: Mapped[Calendar] = mapped_column(words(Calendar), default=Calendar.CALENDAR)
    printed: Mapped[str] = mapped_column(CleanText(100))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(CleanText(500))
    agreed_by_board_id: Mapped[int | None]
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))
    agreed_by: Mapped[Board | None] = seen(
        "Board", "foreign(Deadline.agreed_by_board_id) == Board.id"
    )

    def in_words(self) -> str:
        """The deadline as screens and papers print it: "by April 2016", "ongoing"."""
        if self.kind is DeadlineKind.DATED and self.relation is not None:
            return f"{self.relation.value} {self.printed}"
        return {
            DeadlineKind.ONGOING: "ongoing",
            DeadlineKind.AS_REQUIRED: "as required",
        }.get(self.kind, "no date")
