"""Bytes filed by their SHA-256: any worker can read them and a backup holds them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.ledger.deeds import insert_once
from tracker.ledger.models import Blob


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


def read_bytes(session: Session, sha256: str) -> bytes:
    """The bytes of a hash; LookupError when they are not filed, ValueError when damaged."""
    data = session.scalar(select(Blob.data).where(Blob.sha256 == sha256))
    if data is None:
        raise LookupError(f"no bytes are filed under {sha256}")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"the bytes filed under {sha256} are damaged")
    return data
