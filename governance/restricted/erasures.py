"""The register of erasures, kept beside the database, and erasing again after a backup came back.

A backup that was made before an erasure brings the words back. The register, an append-only file
that holds fingerprints and never words, says what to look for. It must not be restored with the
database: keep it where the database is not.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from governance.restricted import papers, sweep, takedown
from governance.restricted.gaps import Words, found_again
from governance.takedown_models import Takedown
from tracker.edges.tenancy import ACROSS
from tracker.people.models import Partnership, Person

log = logging.getLogger(__name__)
AGAIN = "Erased again, because a backup from before its erasure was restored."
TRIES, PAUSE = 5, 0.2  # seconds between tries to let a write-ahead log go


@dataclass
class ErasedAgain:
    """What erasing again found, in numbers."""

    known: int = 0
    erased: int = 0
    places: int = 0

    def __str__(self) -> str:
        return (
            f"Erasures on the register: {self.known}. Erased again: {self.erased}, in"
            f" {self.places} places."
        )


def note_erasure(session: Session, done: Takedown, register: Path) -> None:
    """Add an erasure to the register, and have it on disk before the erasure is committed.

    Raises OSError when the file cannot be written: then nothing must be erased.
    """
    assert done.erased_at is not None
    person = session.get_one(Person, done.hidden_by_id)
    partnership = session.get_one(Partnership, done.partnership_id)
    line = {
        "takedown": str(done.uid),
        "partnership": str(partnership.uid),
        "person": str(person.uid),
        "table": done.table_name,
        "record": done.record_id,
        "field": done.field,
        "hidden_at": done.hidden_at.isoformat(),
        "erased_at": done.erased_at.isoformat(),
        "fingerprints": done.fingerprints.split("\n"),
    }
    register.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(register, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, json.dumps(line, sort_keys=True).encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def erase_again(session: Session, register: Path, *, now: datetime) -> ErasedAgain:
    """Erase whatever a restored backup brought back; the caller commits, then calls ``forget``.

    A line that cannot be read is logged and stops no other. The session must be signed.
    """
    counts = ErasedAgain()
    for line in _lines(register):
        counts.known += 1
        partnership = session.scalar(
            select(Partnership).where(Partnership.uid == UUID(line["partnership"]))
        )
        if partnership is None:
            continue
        known = session.scalar(
            select(Takedown).where(Takedown.uid == UUID(line["takedown"])), execution_options=ACROSS
        )
        if known is not None and known.erased_at is not None:
            continue
        words = _words(session, partnership.id, known, frozenset(line["fingerprints"]))
        if words is None:
            continue
        again = known or _on_record(session, partnership.id, line)
        counts.places += takedown.erase_words(session, again, words, now=now)
        again.erased_at = again.erased_at or now
        again.erased_by_id = again.erased_by_id or again.hidden_by_id
        session.flush()
        counts.erased += 1
    return counts


def _words(
    session: Session, partnership_id: int, known: Takedown | None, prints: frozenset[str]
) -> Words | None:
    """The words that came back: from what was sealed, else found by their fingerprints."""
    sealed = takedown.sealed_of(session, known) if known is not None else None
    if sealed is not None:
        return Words.of(sealed.words)
    return found_again(_texts(session, partnership_id), prints)


def _texts(session: Session, partnership_id: int) -> Iterator[str]:
    yield from sweep.all_texts(session, partnership_id)
    yield from papers.all_words(session, partnership_id)


def _on_record(session: Session, partnership_id: int, line: dict[str, Any]) -> Takedown:
    """The take-down of a line, made anew in a database that is older than it."""
    person_id = session.scalar(select(Person.id).where(Person.uid == UUID(line["person"])))
    made = Takedown(
        uid=UUID(line["takedown"]),
        partnership_id=partnership_id,
        table_name=line["table"],
        record_id=line["record"],
        field=line["field"],
        fingerprints="\n".join(line["fingerprints"]),
        reason=AGAIN,
        hidden_at=datetime.fromisoformat(line["hidden_at"]),
        # Whoever hid it may be newer than the backup: then it stands under the oldest person.
        hidden_by_id=person_id or session.scalar(select(func.min(Person.id))),
    )
    session.add(made)
    session.flush()
    return made


def _lines(register: Path) -> Iterator[dict[str, Any]]:
    if not register.exists():
        return
    for number, text in enumerate(register.read_text("utf-8").splitlines(), 1):
        try:
            line = json.loads(text)
            UUID(line["takedown"])
        except (ValueError, KeyError, TypeError):
            log.error("line %s of the register of erasures cannot be read", number)
            continue
        yield line


def forget(engine: Engine) -> bool:
    """Have the database's file let go of what was erased; called outside any transaction.

    SQLite leaves the bytes of changed rows in free pages and in its write-ahead log: the file is
    written anew and the log emptied. Returns False where a long reader kept the log from going;
    it goes with the next call. PostgreSQL's own vacuum does it in time (see docs/security.md).
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("VACUUM")
        for _ in range(TRIES):
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy:
                return True
            time.sleep(PAUSE)
        log.warning("the write-ahead log still holds what was erased: a reader is in the way")
        return False
    finally:
        connection.close()
