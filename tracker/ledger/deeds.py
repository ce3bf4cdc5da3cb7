"""Deeds: scheduled things that must happen once, whoever tries and however often.

A deed's transaction begins by inserting its key; where the key is there already, somebody did
it or is doing it, and the transaction does nothing. A kill leaves neither key nor deed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.edges.db import Base
from tracker.ledger.models import Deed

# A deed done later than this after its time was missed, not merely waiting its turn.
LATE_AFTER = timedelta(hours=12)


def insert_once(session: Session, table: type[Base], **values: object) -> bool:
    """Insert a row unless one with its unique key exists; say whether it was inserted."""
    insert: sqlite.Insert | postgresql.Insert
    if session.get_bind().dialect.name == "postgresql":
        insert = postgresql.insert(table).values(**values).on_conflict_do_nothing()
    else:
        insert = sqlite.insert(table).values(**values).on_conflict_do_nothing()
    return _rows(session, insert) == 1


def claim(session: Session, key: str, *, now: datetime, planned_at: datetime | None = None) -> bool:
    """Take a deed for this transaction: True when it is ours to do, False when it is done.

    ``key`` is kind:record uid:occurrence:person, where the occurrence is the original day of
    the recurrence even when the meeting moved.
    """
    return insert_once(
        session,
        Deed,
        key=key,
        done_at=now,
        planned_at=planned_at,
        is_late=is_late(now, planned_at),
    )


def is_late(now: datetime, planned_at: datetime | None) -> bool:
    """Whether a deed done now was missed at its own time."""
    return planned_at is not None and now - planned_at > LATE_AFTER


def _rows(session: Session, insert: Insert) -> int:
    # SQLAlchemy keeps an insert's count only when asked: without, PostgreSQL's is always -1.
    counted = {"preserve_rowcount": True}
    result = session.connection().execute(insert, execution_options=counted)
    return int(result.rowcount)
