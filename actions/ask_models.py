"""Asks: a request for progress on an action, for a board's meeting."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.models import Action
from tracker.edges.db import Base, Tenanted, Uid, UtcDateTime, seen, tenant_table
from tracker.people.board_models import Board


class Ask(Tenanted, Uid, Base):
    """One request for progress; any entry on the action answers every open ask.

    It knows the board and the day it is for, never the meeting itself: governance writes it.
    """

    __tablename__ = "ask"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "action_id", "board_id", "for_on"),
        refs={"action_id": "action", "board_id": "board", "answer_id": "progress"},
    )
    action_id: Mapped[int]
    board_id: Mapped[int]
    for_on: Mapped[date]
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_id: Mapped[int | None]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    action: Mapped[Action] = seen("Action", "foreign(Ask.action_id) == Action.id")
    board: Mapped[Board] = seen("Board", "foreign(Ask.board_id) == Board.id")
