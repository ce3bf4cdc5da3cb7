"""Review cycles, and meetings with their timetable."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.timetable import StepKind
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
from tracker.people.board_models import Board


class CycleKind(StrEnum):
    """By what kind of rule a board reviews plans."""

    RECURRENCE = "recurrence"
    EVERY_MEETING = "every-meeting"
    ONCE = "once"
    ON_REQUEST = "on-request"


class ReviewCycle(Tenanted, Uid, Versioned, Base):
    """The rule by which one board reviews plans; a recurrence also makes its meetings.

    ``is_coordinated``: its plans come in one report together, not in one each.
    """

    __tablename__ = "review_cycle"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "slug"), refs={"board_id": "board"}
    )
    slug: Mapped[str] = mapped_column(CleanText(80))
    board_id: Mapped[int]
    kind: Mapped[CycleKind] = mapped_column(words(CycleKind))
    rule: Mapped[str | None] = mapped_column(CleanText(300))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    once_on: Mapped[date | None]
    starts_at: Mapped[time | None]
    minutes: Mapped[int] = mapped_column(default=120)
    place: Mapped[str | None] = mapped_column(CleanText(300))
    words: Mapped[str] = mapped_column(CleanText(300))
    is_coordinated: Mapped[bool] = mapped_column(default=False)
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))
    board: Mapped[Board] = seen("Board", "foreign(ReviewCycle.board_id) == Board.id")


class ReviewCyclePlan(Tenanted, Base):
    """A plan that a review cycle brings to its board."""

    __tablename__ = "review_cycle_plan"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "cycle_id", "plan_id"),
        refs={"cycle_id": "review_cycle", "plan_id": "plan"},
    )
    cycle_id: Mapped[int]
    plan_id: Mapped[int]
    plan: Mapped[Plan] = seen("Plan", "foreign(ReviewCyclePlan.plan_id) == Plan.id")


class MeetingStatus(StrEnum):
    """What became of a sitting."""

    PLANNED = "planned"
    POSTPONED = "postponed"
    HELD = "held"
    INQUORATE = "held inquorate"
    ADJOURNED = "adjourned"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"

    @property
    def is_to_come(self) -> bool:
        """Whether it still waits to be held, on a day that is fixed or not."""
        return self in (MeetingStatus.PLANNED, MeetingStatus.POSTPONED)

    @property
    def took_place(self) -> bool:
        """Whether the board sat, with or without its quorum."""
        return self in (MeetingStatus.HELD, MeetingStatus.INQUORATE, MeetingStatus.ADJOURNED)

    @property
    def fell_away(self) -> bool:
        """Whether it never sat: what it owed passes to the next."""
        return self in (MeetingStatus.CANCELLED, MeetingStatus.LAPSED)


FELL_AWAY = tuple(status for status in MeetingStatus if status.fell_away)


class MeetingMode(StrEnum):
    """How members attend."""

    IN_PERSON = "in person"
    REMOTE = "remote"
    HYBRID = "in person or remote"


class Meeting(Tenanted, Uid, Versioned, Base):
    """A sitting of a board. ``occurrence_on`` is the day the rule gave, even when it moved.

    ``is_extra``: called outside the board's rule. ``continues_id``: the adjourned sitting that it
    goes on with. The chair approves the agenda; ``agenda_recorded_by_id`` where the secretary
    recorded that. ``is_quorate``: as worked out or declared in the meeting; None before that.
    """

    __tablename__ = "meeting"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "occurrence_on"),
        Index(None, "partnership_id", "starts_at"),
        refs={"board_id": "board", "continues_id": "meeting"},
    )
    board_id: Mapped[int]
    occurrence_on: Mapped[date]
    meets_on: Mapped[date]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str | None] = mapped_column(CleanText(300))
    joining_link: Mapped[str | None] = mapped_column(CleanText(500))
    status: Mapped[MeetingStatus] = mapped_column(
        words(MeetingStatus), default=MeetingStatus.PLANNED
    )
    gap_days: Mapped[int]
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    mode: Mapped[MeetingMode] = mapped_column(words(MeetingMode), default=MeetingMode.IN_PERSON)
    is_extra: Mapped[bool] = mapped_column(default=False)
    continues_id: Mapped[int | None]
    status_words: Mapped[str | None] = mapped_column(CleanText(1000))
    status_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_quorate: Mapped[bool | None]
    agenda_approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agenda_approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agenda_recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    board: Mapped[Board] = seen("Board", "foreign(Meeting.board_id) == Board.id")


class MeetingBoard(Tenanted, Base):
    """A further board of a joint meeting; the meeting's own board keeps its pack."""

    __tablename__ = "meeting_board"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "meeting_id", "board_id"),
        refs={"meeting_id": "meeting", "board_id": "board"},
    )
    meeting_id: Mapped[int]
    board_id: Mapped[int]
    board: Mapped[Board] = seen("Board", "foreign(MeetingBoard.board_id) == Board.id")


class MeetingPlan(Tenanted, Base):
    """A plan that a meeting reviews, and the cycle that brought it."""

    __tablename__ = "meeting_plan"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "meeting_id", "plan_id"),
        refs={"meeting_id": "meeting", "plan_id": "plan", "cycle_id": "review_cycle"},
    )
    meeting_id: Mapped[int]
    plan_id: Mapped[int]
    cycle_id: Mapped[int]
    plan: Mapped[Plan] = seen("Plan", "foreign(MeetingPlan.plan_id) == Plan.id")
    cycle: Mapped[ReviewCycle] = seen(
        "ReviewCycle", "foreign(MeetingPlan.cycle_id) == ReviewCycle.id"
    )


class TimetableStep(Tenanted, Base):
    """One step of a meeting's timetable: when it is planned, and when it was done.

    ``round`` rises when updates are reopened, so that they close again as a deed of its own.
    """

    __tablename__ = "timetable_step"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "meeting_id", "kind"),
        Index(None, "done_at", "planned_at"),
        refs={"meeting_id": "meeting"},
    )
    meeting_id: Mapped[int]
    kind: Mapped[StepKind] = mapped_column(words(StepKind))
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_late: Mapped[bool] = mapped_column(default=False)
    round: Mapped[int] = mapped_column(default=1)
