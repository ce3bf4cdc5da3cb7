"""The one way to change what is append-only: a take-down that is on record, while it is done.

The permit is a deed whose key names the take-down. The triggers let changes pass while it stands;
it goes before the commit, so that no other transaction ever sees it, and a rollback takes it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tracker.ledger.deeds import insert_once
from tracker.ledger.models import Deed
from tracker.ledger.triggers import PERMIT


@contextmanager
def permitted(session: Session, takedown_id: int, *, now: datetime) -> Iterator[None]:
    """Let the statements inside change append-only rows, for a take-down that is on record.

    Where something inside fails, the caller's rollback takes the permit with it.
    """
    key = f"{PERMIT}{takedown_id}"
    insert_once(session, Deed, key=key, done_at=now)
    yield
    session.flush()
    session.execute(delete(Deed).where(Deed.key == key))
