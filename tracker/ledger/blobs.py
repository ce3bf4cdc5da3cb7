"""Bytes filed by their SHA-256: any worker can read them and a backup holds them.

Bytes that were taken down keep their row, with hash, size and day; what stands in for them is
read in their place, wherever they are asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.ledger.deeds import insert_once
from tracker.ledger.models import Blob

# Asked with a hash: the hash of what is read in its place, or None; may raise TakenDown.
StandIn = Callable[[Session, str], str | None]
STAND_INS: list[StandIn] = []


class TakenDown(Exception):
    """Bytes are filed but not shown, for good or for now; the message says so to a reader."""


class Erased(TakenDown):
    """The bytes were erased, because words in them identified a child."""


def file_bytes(session: Session, data: bytes, media_type: str, *, now: datetime) -> str:
    """File bytes and return their SHA-256 in hexadecimal; the same bytes are filed once."""
    sha256 = hashlib.sha256(data).hexdigest()
    insert_once(
        session,
        Blob,
        sha256=sha256,
        media_type=media_type,
        size=len(data),
        data=data,
        filed_at=now,
    )
    return sha256


def read_bytes(session: Session, sha256: str, *, as_filed: bool = False) -> bytes:
    """The bytes of a hash, or what stands in for them where words of them were taken down.

    ``as_filed`` reads the very bytes, for whoever takes words down. Raises LookupError when they
    are not filed, TakenDown when they are not shown (Erased: gone), ValueError when damaged.
    """
    if not as_filed:
        for stand_in in STAND_INS:
            sha256 = stand_in(session, sha256) or sha256
    found = session.execute(select(Blob.data, Blob.size).where(Blob.sha256 == sha256)).one_or_none()
    if found is None:
        raise LookupError(f"no bytes are filed under {sha256}")
    data, size = found
    if not data and size:
        raise Erased(
            "This was taken down, because words in it identified a child. Its date and its hash"
            " remain on record."
        )
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"the bytes filed under {sha256} are damaged")
    return bytes(data)


def empty_bytes(session: Session, sha256: str) -> bool:
    """Erase filed bytes and keep their hash, size and day; say whether there were any.

    Only inside a take-down's permit: the database refuses it otherwise.
    """
    data = session.scalar(select(Blob.data).where(Blob.sha256 == sha256))
    if not data:
        return False
    session.execute(
        update(Blob).where(Blob.sha256 == sha256).values(data=b""),
        execution_options={"synchronize_session": False},
    )
    return True
