"""Every place in a partnership's tables where words stand, and putting a gap there.

It goes by the tables themselves, not by a list, so that a table added later is swept too. What is
changed is changed past the audit trail on purpose: the trail would keep the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, Enum, Select, Table, Text, or_, select
from sqlalchemy.orm import Session

from governance.restricted.gaps import Words, strings_in
from tracker.edges.db import Base, CleanText

# Shorter columns hold names of files, slugs and references, which are keys to other things.
SHORTEST = 100
# Their own words are about the take-down; deeds and keys are never prose.
_NOT_SWEPT = {"takedown", "deed", "blob", "try_count", "sign_in", "sign_in_code", "identity"}
_NEVER = {"key", "message_id", "recipient", "email", "rule", "finding_key", "token_hash"}
# Tables whose rows may belong to no partnership: a day's message spans several.
_SHARED = {"outbox_mail", "audit_entry"}


@dataclass(frozen=True)
class Place:
    """A column of a row, what it said, and what it says with the gap."""

    table: str
    key: int
    column: str
    before: str | None
    after: str | None

    def as_list(self) -> list[Any]:
        """As it is sealed."""
        return [self.table, self.key, self.column, self.before, self.after]


def places(session: Session, partnership_id: int, words: Words, gap: str) -> Iterator[Place]:
    """Every place that holds words, with what it says once they are gone."""
    session.flush()
    if not words.sought:
        return
    for table, columns in swept().items():
        for row in _rows(session, table, columns, partnership_id, words):
            for column in columns:
                said = row[column.name]
                if said is None:
                    continue
                left = fitting(column, words.without(said, gap))
                if left != said:
                    yield Place(table.name, row["id"], column.name, said, left)


def all_texts(session: Session, partnership_id: int) -> Iterator[str]:
    """Every text of a partnership's rows, those inside JSON too."""
    session.flush()
    for table, columns in swept().items():
        for row in _rows(session, table, columns, partnership_id, None):
            for column in columns:
                if row[column.name]:
                    yield from strings_in(row[column.name])


def write(session: Session, changes: Sequence[Place]) -> None:
    """Put what each place says after into it; a row that forms edit counts as changed."""
    connection = session.connection()
    for one in changes:
        table = Base.metadata.tables[one.table]
        values: dict[str, Any] = {one.column: one.after}
        if "version" in table.c:
            values["version"] = table.c.version + 1
        connection.execute(table.update().where(table.c.id == one.key).values(values))
    session.expire_all()


def now_says(session: Session, place: Place) -> str | None:
    """What a place says now; None too when its row is gone."""
    table = Base.metadata.tables[place.table]
    chosen = select(table.c[place.column]).where(table.c.id == place.key)
    found: str | None = session.connection().execute(chosen).scalar()
    return found


def fitting(column: Column[Any], text: str) -> str:
    """A text cut to what its column takes: a gap may be longer than the words were."""
    limit = column.type.limit if isinstance(column.type, CleanText) else None
    return text if limit is None else text[:limit]


@cache
def swept() -> dict[Table, tuple[Column[Any], ...]]:
    """The tables of partnerships, each with its columns of prose."""
    found: dict[Table, tuple[Column[Any], ...]] = {}
    for table in Base.metadata.sorted_tables:
        if "partnership_id" not in table.c or "id" not in table.c or table.name in _NOT_SWEPT:
            continue
        columns = tuple(column for column in table.columns if _is_prose(column))
        if columns:
            found[table] = columns
    return found


def _is_prose(column: Column[Any]) -> bool:
    kind, name = column.type, column.name
    if name in _NEVER or name.endswith(("_key", "_hash", "_sha256")) or isinstance(kind, Enum):
        return False
    return isinstance(kind, Text) or (isinstance(kind, CleanText) and kind.limit >= SHORTEST)


def _rows(
    session: Session,
    table: Table,
    columns: Sequence[Column[Any]],
    partnership_id: int,
    words: Words | None,
) -> Sequence[Any]:
    ours = table.c.partnership_id == partnership_id
    if table.name in _SHARED:
        ours = or_(ours, table.c.partnership_id.is_(None))
    chosen: Select[Any] = select(table.c.id, *columns).where(ours)
    if words is not None and words.anchors is not None:
        chosen = chosen.where(
            or_(
                *(
                    column.contains(anchor, autoescape=True)
                    for column in columns
                    for anchor in words.anchors
                )
            )
        )
    return session.connection().execute(chosen).mappings().all()
