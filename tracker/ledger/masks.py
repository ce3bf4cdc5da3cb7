"""What the trail does not tell: words of records that are confidential now.

An entry written while its record was confidential never had its words (see ``audit``). One that
was written before, or of a record that is gone, is masked when it is read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    case,
    cast,
    exists,
    inspect,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from tracker.edges.db import Base
from tracker.ledger.audit import table_name
from tracker.ledger.history import WHOLE
from tracker.ledger.models import AuditEntry

Record = tuple[str, int]
NOT_TOLD = "(confidential)"
LABEL = "a confidential item"


@cache
def guarded() -> Mapping[str, frozenset[str]]:
    """The tables whose records may be confidential, each with the fields that then are not told."""
    return {
        table_name(inspect(mapper.class_)): mapper.class_.confidential_fields
        for mapper in Base.registry.mappers
        if hasattr(mapper.class_, "confidential_fields")
    }


def confidential(
    session: Session, partnership_id: int, entries: Iterable[AuditEntry]
) -> frozenset[Record]:
    """Of which of these entries' records no words are told; no query where none can be such.

    A record that is gone counts as confidential: nothing says any more that it was not.
    """
    met: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.table_name in guarded():
            met[entry.table_name].add(entry.record_id)
    if not met:
        return frozenset()
    chosen = [_open_ones(name, ids, partnership_id) for name, ids in met.items()]
    told = {(name, key) for name, key in session.execute(union_all(*chosen))}
    return frozenset((name, key) for name, ids in met.items() for key in ids) - told


def without_words(entry: AuditEntry, hidden: frozenset[Record]) -> tuple[str | None, str | None]:
    """What an entry says before and after, as it may be told."""
    if (entry.table_name, entry.record_id) not in hidden:
        return entry.before, entry.after
    fields = guarded()[entry.table_name]
    return _masked(entry.before, entry.field, fields), _masked(entry.after, entry.field, fields)


def label(table: Table, column: str, partnership_id: int) -> ColumnElement[Any]:
    """A column by which a record is named, which says nothing of a confidential one."""
    said = cast(table.c[column], String)
    if column not in guarded().get(table.name, ()):
        return said
    return case((is_confidential(table, partnership_id), literal(LABEL)), else_=said)


def is_confidential(table: Table, partnership_id: int) -> ColumnElement[bool]:
    """Whether a row is confidential, or what it was made of is."""
    found: list[ColumnElement[bool]] = [table.c.is_confidential.is_(True)]
    for column in table.columns:
        for key in column.foreign_keys:
            parent = key.column.table
            if parent.name in guarded() and parent is not table and key.column.name == "id":
                theirs = exists().where(
                    parent.c.partnership_id == partnership_id,
                    parent.c.id == column,
                    parent.c.is_confidential.is_(True),
                )
                found.append(theirs)
    return or_(*found)


def _open_ones(name: str, ids: Iterable[int], partnership_id: int) -> Select[Any]:
    table = Base.metadata.tables[name]
    return select(literal(name), table.c.id).where(
        table.c.partnership_id == partnership_id,
        table.c.id.in_(sorted(ids)),
        ~is_confidential(table, partnership_id),
    )


def _masked(text: str | None, field: str, fields: frozenset[str]) -> str | None:
    if text is None:
        return None
    if field == WHOLE:
        value = json.loads(text)
        told = {
            name: NOT_TOLD if name in fields and one is not None else one
            for name, one in value.items()
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True)
    return json.dumps(NOT_TOLD) if field in fields and text != "null" else text
