"""Private calendar links."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from plans.models import Plan
from tracker.edges.db import Base, CleanText, Keyed, Uid, UtcDateTime, seen, tenant_table, words
from tracker.people.board_models import Board


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
