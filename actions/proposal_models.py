"""What was proposed, offered or linked: a proposal waits until it is agreed or returned."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from actions.answer_models import AgreedAs
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
from tracker.people.models import Person


class ProposalKind(StrEnum):
    """What an owner may propose."""

    NEW_ACTION = "new action"
    DEADLINE = "changed deadline"
    CLOSING = "closing"


class ProposalStatus(StrEnum):
    """Where a proposal or an offer stands."""

    WAITING = "waiting"
    AGREED = "agreed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Proposal(Tenanted, Uid, Versioned, Base):
    """A new action, a changed deadline or a closing that waits for agreement.

    ``deadline`` is in words that ``actions.deadline_words`` reads ("by March 2027", "ongoing").
    ``decided_by`` names the chair or priority lead who agreed; ``recorded_by_id`` who recorded it.
    """

    __tablename__ = "proposal"
    __table_args__ = tenant_table(
        Index(
            "uq_proposal_waiting_of_action",
            "action_id",
            "kind",
            unique=True,
            sqlite_where=text("status = 'waiting' and action_id is not null"),
            postgresql_where=text("status = 'waiting' and action_id is not null"),
        ),
        Index(None, "partnership_id", "status", "proposed_at"),
        refs={
            "action_id": "action",
            "plan_id": "plan",
            "priority_id": "priority",
            "board_id": "board",
        },
    )
    kind: Mapped[ProposalKind] = mapped_column(words(ProposalKind))
    status: Mapped[ProposalStatus] = mapped_column(
        words(ProposalStatus), default=ProposalStatus.WAITING
    )
    action_id: Mapped[int | None]
    plan_id: Mapped[int | None]
    priority_id: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(CleanText(300))
    description: Mapped[str | None] = mapped_column(CleanText(2000))
    deadline: Mapped[str | None] = mapped_column(CleanText(120))
    reason: Mapped[str] = mapped_column(CleanText(1000))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(CleanText(200))
    decided_as: Mapped[AgreedAs | None] = mapped_column(words(AgreedAs))
    board_id: Mapped[int | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision_words: Mapped[str | None] = mapped_column(CleanText(1000))
    proposed_by: Mapped[Person] = seen("Person", "foreign(Proposal.proposed_by_id) == Person.id")
    board: Mapped[Board | None] = seen("Board", "foreign(Proposal.board_id) == Board.id")


class Handover(Tenanted, Uid, Versioned, Base):
    """An action offered to another board, which takes it into one of the plans it reviews."""

    __tablename__ = "handover"
    __table_args__ = tenant_table(
        Index(
            "uq_handover_waiting_of_action",
            "action_id",
            unique=True,
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        refs={
            "action_id": "action",
            "from_home_id": "action_home",
            "to_board_id": "board",
            "to_plan_id": "plan",
            "to_priority_id": "priority",
        },
    )
    action_id: Mapped[int]
    from_home_id: Mapped[int]
    to_board_id: Mapped[int]
    to_plan_id: Mapped[int]
    to_priority_id: Mapped[int | None]
    status: Mapped[ProposalStatus] = mapped_column(
        words(ProposalStatus), default=ProposalStatus.WAITING
    )
    reason: Mapped[str] = mapped_column(CleanText(1000))
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_words: Mapped[str | None] = mapped_column(CleanText(1000))
    to_board: Mapped[Board] = seen("Board", "foreign(Handover.to_board_id) == Board.id")
    offered_by: Mapped[Person] = seen("Person", "foreign(Handover.offered_by_id) == Person.id")


class ActionLinkKind(StrEnum):
    """How one action became another."""

    MERGED_INTO = "merged into"
    SPLIT_INTO = "split into"


class ActionLink(Tenanted, Base):
    """One action went into another; shown from both sides."""

    __tablename__ = "action_link"
    __table_args__ = tenant_table(refs={"action_id": "action", "other_action_id": "action"})
    action_id: Mapped[int]
    other_action_id: Mapped[int]
    kind: Mapped[ActionLinkKind] = mapped_column(words(ActionLinkKind))
    reason: Mapped[str | None] = mapped_column(CleanText(1000))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
