"""What was written: mail as somebody reads it in their mailbox, and rows as they now stand."""

from __future__ import annotations

import re
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.edges.db import db, reading
from tracker.ledger.models import OutboxMail

Row = TypeVar("Row")


def look(statement: Select[Row]) -> list[Row]:
    """The rows as they now stand, read beside the test's own session, which keeps no lock."""
    with reading(), Session(db.engine, expire_on_commit=False) as fresh:
        found = list(fresh.scalars(statement).all())
        fresh.expunge_all()
    return found


def mails(kind: str) -> list[OutboxMail]:
    """Every mail of a kind ("code", "invitation"), the oldest first."""
    of_kind = OutboxMail.key.like(f"{kind}:%")
    return look(select(OutboxMail).where(of_kind).order_by(OutboxMail.id))


def newest_code() -> str:
    """The code of the newest mail that holds one, as it is printed there: "482 913"."""
    found = re.search(r"\d{3} \d{3}", mails("code")[-1].text)
    assert found is not None
    return found[0]


def another(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code.replace(' ', '')) + 1) % 1_000_000:06}"
