"""Decisions of boards: at a meeting, and between meetings."""

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
from tracker.people.models import Person


class CirculationKind(StrEnum):
    """How a board decides between its meetings."""

    EMAIL = "by e-mail"
    CHAIRS_ACTION = "chair’s action"
    DELEGATION = "delegation"


class CirculationState(StrEnum):
    """What became of a decision between meetings."""

    OPEN = "open"
    AGREED = "agreed"
    NOT_AGREED = "not agreed"
    WITHDRAWN = "withdrawn"


class Circulation(Tenanted, Uid, Versioned, Base):
    """A decision wanted before the next meeting: put to members, taken by the chair, or delegated.

    It closes by the board's rule and is reported to ``ratify_meeting_id`` for ratification.
    """

    __tablename__ = "circulation"
    __table_args__ = tenant_table(refs={"board_id": "board", "ratify_meeting_id": "meeting"})
    confidential_fields = frozenset({"title", "proposal", "why_now", "outcome_words"})
    board_id: Mapped[int]
    kind: Mapped[CirculationKind] = mapped_column(words(CirculationKind))
    title: Mapped[str] = mapped_column(CleanText(300))
    proposal: Mapped[str] = mapped_column(CleanText(4000))
    why_now: Mapped[str] = mapped_column(CleanText(1000))
    delegated_to: Mapped[str | None] = mapped_column(CleanText(300))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[CirculationState] = mapped_column(
        words(CirculationState), default=CirculationState.OPEN
    )
    outcome_words: Mapped[str | None] = mapped_column(CleanText(1000))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ratify_meeting_id: Mapped[int | None]
    ratified_on: Mapped[date | None]
    is_confidential: Mapped[bool] = mapped_column(default=False)


class Answer(StrEnum):
    """What a member says to a decision between meetings."""

    AGREE = "agree"
    DISAGREE = "disagree"
    ABSTAIN = "abstain"
    AT_A_MEETING = "decide it at a meeting"


class CirculationAnswer(Tenanted, Base):
    """A member's answer and when it was given; the latest counts, none is ever changed."""

    __tablename__ = "circulation_answer"
    __table_args__ = tenant_table(refs={"circulation_id": "circulation"})
    confidential_fields = frozenset({"said"})
    circulation_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[Answer] = mapped_column(words(Answer))
    said: Mapped[str | None] = mapped_column(CleanText(1000))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_confidential: Mapped[bool] = mapped_column(default=False)
    person: Mapped[Person] = seen("Person", "foreign(CirculationAnswer.person_id) == Person.id")


class DecisionKind(StrEnum):
    """What a board did: decided, or, without its quorum, only recommended; or noted."""

    DECISION = "decision"
    RECOMMENDATION = "recommendation"
    NOTED = "noted"


class Decision(Tenanted, Uid, Versioned, Base):
    """What a board agreed, numbered within its meeting; votes and names where they are used."""

    __tablename__ = "decision"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "reference"),
        refs={
            "board_id": "board",
            "meeting_id": "meeting",
            "item_id": "agenda_item",
            "circulation_id": "circulation",
            "ratified_at_id": "meeting",
        },
    )
    confidential_fields = frozenset({"text", "proposer", "seconder"})
    board_id: Mapped[int]
    meeting_id: Mapped[int | None]
    item_id: Mapped[int | None]
    circulation_id: Mapped[int | None]
    reference: Mapped[str] = mapped_column(CleanText(60))
    kind: Mapped[DecisionKind] = mapped_column(words(DecisionKind))
    text: Mapped[str] = mapped_column(CleanText(2000))
    proposer: Mapped[str | None] = mapped_column(CleanText(200))
    seconder: Mapped[str | None] = mapped_column(CleanText(200))
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    abstentions: Mapped[int | None]
    made_on: Mapped[date]
    ratified_at_id: Mapped[int | None]
    is_confidential: Mapped[bool] = mapped_column(default=False)
