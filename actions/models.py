"""Actions, where they stand, who is asked about them, and what was entered."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plans.models import Ambition, Plan
from priorities.models import Priority
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
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.models import PARTY_REFS, Party, Person, one_party


class ActionKind(StrEnum):
    """A numbered action of a plan, or a commitment that it makes in prose."""

    ACTION = "action"
    COMMITMENT = "commitment"


class Action(Tenanted, Uid, Versioned, Base):
    """What is to be done. Its rating is stored as the owner's word and two days.

    ``amber_from_on`` and ``red_from_on`` are the days from which the date allows only Amber
    or Red (none: never); the rating shown on any day follows from them alone. ``due_on`` is the
    last day of its current "by" deadline, kept here so that lists are sorted fast.
    """

    __tablename__ = "action"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "number"),
        Index(None, "partnership_id", "due_on", "id"),
        refs={"on_hold_board_id": "board"},
    )
    number: Mapped[int]
    kind: Mapped[ActionKind] = mapped_column(words(ActionKind), default=ActionKind.ACTION)
    title: Mapped[str] = mapped_column(CleanText(300))
    description: Mapped[str | None] = mapped_column(CleanText(2000))
    measure: Mapped[str | None] = mapped_column(CleanText(1000))
    lifecycle: Mapped[Lifecycle] = mapped_column(words(Lifecycle), default=Lifecycle.NOT_STARTED)
    owner_rating: Mapped[Rating] = mapped_column(words(Rating), default=Rating.GREY)
    on_hold_until: Mapped[date | None]
    on_hold_board_id: Mapped[int | None]
    on_hold_reason: Mapped[str | None] = mapped_column(CleanText(500))
    due_on: Mapped[date | None]
    amber_from_on: Mapped[date | None]
    red_from_on: Mapped[date | None]
    followed_from_on: Mapped[date]
    last_entry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_entry_number: Mapped[int] = mapped_column(default=0)
    last_ask_closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completion_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completion_confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))


class HomeEnding(StrEnum):
    """How an action left a plan, or another place in it, before it was complete there."""

    CARRIED_FORWARD = "carried forward"
    TRANSFERRED = "transferred"
    MOVED = "moved"
    MERGED = "merged"
    SPLIT = "split"
    BUSINESS_AS_USUAL = "business as usual"
    STOPPED = "stopped"


class ActionHome(Tenanted, Base):
    """A place where an action stands: one plan's priority, with its own number and wording.

    A home that ended keeps its number: the plan still shows the action, with how it left, and
    neither counts nor asks about it there.
    """

    __tablename__ = "action_home"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "plan_id", "reference"),
        refs={
            "action_id": "action",
            "plan_id": "plan",
            "priority_id": "priority",
            "ended_board_id": "board",
        },
    )
    action_id: Mapped[int]
    plan_id: Mapped[int]
    priority_id: Mapped[int | None]
    reference: Mapped[str] = mapped_column(CleanText(20))
    wording: Mapped[str | None] = mapped_column(CleanText(300))
    position: Mapped[int] = mapped_column(default=0)
    ended_on: Mapped[date | None]
    ending: Mapped[HomeEnding | None] = mapped_column(words(HomeEnding))
    ending_reason: Mapped[str | None] = mapped_column(CleanText(1000))
    ended_board_id: Mapped[int | None]
    action: Mapped[Action] = seen("Action", "foreign(ActionHome.action_id) == Action.id")
    plan: Mapped[Plan] = seen("Plan", "foreign(ActionHome.plan_id) == Plan.id")
    priority: Mapped[Priority | None] = seen(
        "Priority", "foreign(ActionHome.priority_id) == Priority.id"
    )


class ActionParty(Party, Base):
    """A lead of an action, or one involved in it."""

    __tablename__ = "action_party"
    __table_args__ = tenant_table(one_party(), refs={"action_id": "action", **PARTY_REFS})
    action_id: Mapped[int]


class ActionAmbition(Tenanted, Base):
    """An action's ambition tag: stated by the source document, or assigned by us."""

    __tablename__ = "action_ambition"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "action_id", "ambition_id"),
        refs={"action_id": "action", "ambition_id": "ambition"},
    )
    action_id: Mapped[int]
    ambition_id: Mapped[int]
    is_stated: Mapped[bool]
    note: Mapped[str | None] = mapped_column(CleanText(500))
    ambition: Mapped[Ambition] = seen(
        "Ambition", "foreign(ActionAmbition.ambition_id) == Ambition.id"
    )


class ActionStrategy(Tenanted, Base):
    """A strategy or plan outside this product that an action is linked with, by its name."""

    __tablename__ = "action_strategy"
    __table_args__ = tenant_table(refs={"action_id": "action"})
    action_id: Mapped[int]
    title: Mapped[str] = mapped_column(CleanText(300))
    position: Mapped[int] = mapped_column(default=0)


class Milestone(Tenanted, Uid, Base):
    """A dated part of an action; its date is a deadline of its own."""

    __tablename__ = "milestone"
    __table_args__ = tenant_table(refs={"action_id": "action"})
    action_id: Mapped[int]
    title: Mapped[str] = mapped_column(CleanText(300))
    position: Mapped[int] = mapped_column(default=0)
    done_on: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))


class Owner(Tenanted, Base):
    """The person asked about an action, from a date to a date."""

    __tablename__ = "owner"
    __table_args__ = tenant_table(
        Index(None, "person_id", "action_id"), refs={"action_id": "action"}
    )
    action_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    person: Mapped[Person] = seen("Person", "foreign(Owner.person_id) == Person.id")


class GivenHow(StrEnum):
    """How an answer came that the secretary recorded for somebody."""

    TELEPHONE = "telephone"
    EMAIL = "e-mail"
    MEETING = "meeting"


class Progress(Tenanted, Uid, Base):
    """A dated, signed entry about an action: append-only, numbered from 1.

    ``given_by`` names who gave an answer that ``person_id`` only recorded; ``cleared_by_id`` who
    cleared it for its organisation; ``better_reason`` says why the rating is better than the date
    allows; a reopening takes back a completion.
    """

    __tablename__ = "progress"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "action_id", "number"), refs={"action_id": "action"}
    )
    action_id: Mapped[int]
    number: Mapped[int]
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    lifecycle: Mapped[Lifecycle] = mapped_column(words(Lifecycle))
    rating: Mapped[Rating] = mapped_column(words(Rating))
    is_no_change: Mapped[bool] = mapped_column(default=False)
    happened: Mapped[str | None] = mapped_column(CleanText(2000))
    cause: Mapped[str | None] = mapped_column(CleanText(1000))
    recovery: Mapped[str | None] = mapped_column(CleanText(1000))
    forecast_on: Mapped[date | None]
    help_needed: Mapped[str | None] = mapped_column(CleanText(1000))
    evidence: Mapped[str | None] = mapped_column(CleanText(1000))
    next_step: Mapped[str | None] = mapped_column(CleanText(500))
    next_step_on: Mapped[date | None]
    better_reason: Mapped[str | None] = mapped_column(CleanText(1000))
    given_by: Mapped[str | None] = mapped_column(CleanText(200))
    given_how: Mapped[GivenHow | None] = mapped_column(words(GivenHow))
    cleared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_reopening: Mapped[bool] = mapped_column(default=False)
    person: Mapped[Person] = seen("Person", "foreign(Progress.person_id) == Person.id")
