"""Review cycles, meetings and their timetable, agenda, action log, packs and feed links."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.agenda import ItemKind, Purpose
from governance.timetable import StepKind
from plans.models import Plan
from tracker.edges.db import (
    Base,
    CleanText,
    Keyed,
    Tenanted,
    Uid,
    UtcDateTime,
    Versioned,
    seen,
    tenant_table,
    words,
)
from tracker.people.board_models import Board
from tracker.people.models import Organisation, Person


class CycleKind(StrEnum):
    """By what kind of rule a board reviews plans."""

    RECURRENCE = "recurrence"
    EVERY_MEETING = "every-meeting"
    ONCE = "once"
    ON_REQUEST = "on-request"


class ReviewCycle(Tenanted, Uid, Versioned, Base):
    """The rule by which one board reviews plans; a recurrence also makes its meetings."""

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
    HELD = "held"
    CANCELLED = "cancelled"


class Meeting(Tenanted, Uid, Versioned, Base):
    """A sitting of a board. ``occurrence_on`` is the day the rule gave, even when it moved."""

    __tablename__ = "meeting"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "occurrence_on"),
        Index(None, "partnership_id", "starts_at"),
        refs={"board_id": "board"},
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
    board: Mapped[Board] = seen("Board", "foreign(Meeting.board_id) == Board.id")


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


class AgendaItem(Tenanted, Uid, Versioned, Base):
    """A numbered entry of a meeting's agenda, in the order of its position."""

    __tablename__ = "agenda_item"
    __table_args__ = tenant_table(refs={"meeting_id": "meeting", "plan_id": "plan"})
    meeting_id: Mapped[int]
    position: Mapped[int]
    kind: Mapped[ItemKind] = mapped_column(words(ItemKind))
    title: Mapped[str] = mapped_column(CleanText(300))
    purpose: Mapped[Purpose] = mapped_column(words(Purpose))
    presenter: Mapped[str | None] = mapped_column(CleanText(200))
    minutes: Mapped[int | None]
    plan_id: Mapped[int | None]
    text: Mapped[str | None] = mapped_column(CleanText(4000))


class MeetingActionStatus(StrEnum):
    """Where a meeting action stands."""

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed, not completed"


class MeetingAction(Tenanted, Uid, Versioned, Base):
    """Something a meeting asked somebody to do; it stays on the action log until closed."""

    __tablename__ = "meeting_action"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "reference"),
        refs={
            "board_id": "board",
            "meeting_id": "meeting",
            "organisation_id": "organisation",
        },
    )
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
    meeting: Mapped[Meeting] = seen("Meeting", "foreign(MeetingAction.meeting_id) == Meeting.id")
    person: Mapped[Person | None] = seen("Person", "foreign(MeetingAction.person_id) == Person.id")
    organisation: Mapped[Organisation | None] = seen(
        "Organisation", "foreign(MeetingAction.organisation_id) == Organisation.id"
    )


class PackStatus(StrEnum):
    """A pack is a draft until it is published; then it does not change."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Pack(Tenanted, Uid, Base):
    """A meeting's papers as one whole: the value they were written from, and the PDF."""

    __tablename__ = "pack"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "meeting_id", "status", "version_number"),
        refs={"meeting_id": "meeting"},
    )
    meeting_id: Mapped[int]
    status: Mapped[PackStatus] = mapped_column(words(PackStatus))
    version_number: Mapped[int] = mapped_column(default=1)
    schema_version: Mapped[int]
    composed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    as_at: Mapped[datetime] = mapped_column(UtcDateTime)
    snapshot_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    pdf_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    pages: Mapped[int | None]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    render_error: Mapped[str | None] = mapped_column(CleanText(500))
    meeting: Mapped[Meeting] = seen("Meeting", "foreign(Pack.meeting_id) == Meeting.id")


class FeedKind(StrEnum):
    """What a calendar link shows."""

    MINE = "my deadlines"
    BOARD = "a board's meetings"
    PLAN = "a plan's deadlines"
    EVERYTHING = "everything of mine"


class FeedLink(Keyed, Uid, Base):
    """A person's private calendar link; only the hash of its token is kept."""

    __tablename__ = "feed_link"
    __table_args__ = (
        *tenant_table(refs={"board_id": "board", "plan_id": "plan"})[1:-1],
        {"sqlite_autoincrement": True},
    )
    partnership_id: Mapped[int | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[FeedKind] = mapped_column(words(FeedKind))
    board_id: Mapped[int | None]
    plan_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(CleanText(100))
    token_hash: Mapped[str] = mapped_column(CleanText(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    board: Mapped[Board | None] = seen("Board", "foreign(FeedLink.board_id) == Board.id")
    plan: Mapped[Plan | None] = seen("Plan", "foreign(FeedLink.plan_id) == Plan.id")
