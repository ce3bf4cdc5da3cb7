"""The audit trail read backwards: rows as they stood at an instant.

What a row says now, with every change undone that was entered after the instant: fields go back to
what they were before, rows made later are left out, rows deleted since are put back. Entries at
the instant itself have happened. Of several entries at one instant, their ids say the order.

Counters that are not audited stay as they are now, and a secret reads "(secret)".
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Enum,
    Select,
    Subquery,
    TypeDecorator,
    and_,
    inspect,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.type_api import TypeEngine

from tracker.edges.db import Base
from tracker.ledger.audit import SECRET_FIELDS, table_name
from tracker.ledger.models import AuditEntry

Row = TypeVar("Row", bound=Base)
# Above so many rows of a table, its entries are chosen here rather than by a list sent to the
# database.
LONGEST_LIST = 1000
WHOLE = "*"  # the field of an entry that makes or deletes a row


@dataclass
class _Undone:
    """What undoing the entries of one record says of it."""

    fields: dict[str, Any] = field(default_factory=dict)
    is_there: bool | None = None  # None: it was there before these entries, as it is after them


class Trail:
    """The entries after an instant, of some tables, by which their rows are read backwards."""

    def __init__(self, entries: Iterable[AuditEntry]) -> None:
        """``entries`` are in the order of their ids, newest first."""
        self._undone: dict[tuple[str, int], _Undone] = defaultdict(_Undone)
        for entry in entries:
            one = self._undone[entry.table_name, entry.record_id]
            if entry.field != WHOLE:
                one.fields[entry.field] = _loads(entry.before)
            elif entry.before is None:
                one.is_there = False
            else:
                one.is_there = True
                one.fields = _loads(entry.before)

    def back(self, model: type[Row], present: Iterable[Row]) -> list[Row]:
        """These rows as they stood, and those that were deleted since, in the order of their keys.

        What comes back belongs to no session: it is for reading. Rows that nobody changed are
        the given ones themselves.
        """
        name = table_name(inspect(model))
        now = {_key(row): row for row in present}
        found: dict[int, Row] = {}
        for key, row in now.items():
            one = self._undone.get((name, key))
            if one is None:
                found[key] = row
            elif one.is_there is not False:
                found[key] = _copied(row, one.fields)
        for (table, key), one in self._undone.items():
            if table == name and key not in now and one.is_there:
                found[key] = _made(model, one.fields)
        return [found[key] for key in sorted(found)]


def trail_after(
    session: Session,
    at: datetime,
    tables: Mapping[type[Base], Collection[int]],
    *,
    partnership_id: int | None,
) -> Trail:
    """The trail after an instant, of these records and of deleted ones of their tables; one query.

    ``partnership_id`` is None for what belongs to no partnership: people, sign-ins.
    """
    since = _since(at, partnership_id)
    names = {table_name(inspect(model)): ids for model, ids in tables.items()}
    gone = _deleted(list(names), since)
    # Each part finds its entries by an index of its own.
    parts = [_of_table(name, ids, at, since) for name, ids in names.items()]
    parts.append(
        select(AuditEntry.id)
        .join(gone, and_(AuditEntry.table_name == gone.c[0], AuditEntry.record_id == gone.c[1]))
        .where(AuditEntry.at > at)
    )
    found = select(AuditEntry).where(AuditEntry.id.in_(union_all(*parts)))
    return Trail(session.scalars(found.order_by(AuditEntry.id.desc())))


def rows_as_of(
    session: Session,
    model: type[Row],
    at: datetime,
    *,
    partnership_id: int | None = None,
    **among: Collection[Any],
) -> list[Row]:
    """The rows of an audited table as they stood at an instant, in the order of their keys.

    ``among`` names fields and the values of which each was one, at that instant. A partnership's
    rows need its id. What comes back is for reading only.
    """
    is_ours = hasattr(model, "partnership_id") and partnership_id is not None
    scope = [_ours(model, partnership_id)] if is_ours else []
    wanted = [getattr(model, name).in_(list(values)) for name, values in among.items()]
    ids = _ids_that_moved(session, model, at, partnership_id, among)
    chosen = select(model).where(*scope)
    if wanted:
        key = inspect(model).primary_key[0]
        chosen = chosen.where(or_(and_(*wanted), key.in_(ids)) if ids else and_(*wanted))
    present = session.scalars(chosen).all()
    keys = [_key(row) for row in present]
    trail = trail_after(session, at, {model: keys}, partnership_id=partnership_id)
    return [
        row
        for row in trail.back(model, present)
        if all(getattr(row, name) in values for name, values in among.items())
    ]


def _ids_that_moved(
    session: Session,
    model: type[Base],
    at: datetime,
    partnership_id: int | None,
    among: Mapping[str, Collection[Any]],
) -> Sequence[int]:
    """The records whose chosen fields changed since: they may have been among these then."""
    if not among:
        return []
    return session.scalars(
        select(AuditEntry.record_id)
        .distinct()
        .where(
            _since(at, partnership_id),
            AuditEntry.table_name == table_name(inspect(model)),
            AuditEntry.field.in_(list(among)),
        )
    ).all()


def _ours(model: type[Base], partnership_id: int | None) -> ColumnElement[bool]:
    column: ColumnElement[Any] = getattr(model, "partnership_id")  # noqa: B009 - of tenant tables
    return column == partnership_id


def _since(at: datetime, partnership_id: int | None) -> ColumnElement[bool]:
    of_nobody = AuditEntry.partnership_id.is_(None)
    ours = of_nobody if partnership_id is None else AuditEntry.partnership_id == partnership_id
    return and_(ours, AuditEntry.at > at)


def _of_table(
    name: str, ids: Collection[int], at: datetime, since: ColumnElement[bool]
) -> Select[int]:
    """The entries since of a table's records."""
    of_table = select(AuditEntry.id).where(AuditEntry.table_name == name)
    if len(ids) > LONGEST_LIST:
        return of_table.where(since)
    return of_table.where(AuditEntry.record_id.in_(sorted(ids)), AuditEntry.at > at)


def _deleted(names: Sequence[str], since: ColumnElement[bool]) -> Subquery:
    """Table and key of the records of these tables that were deleted since."""
    return (
        select(AuditEntry.table_name, AuditEntry.record_id)
        .where(
            since,
            AuditEntry.table_name.in_(names),
            AuditEntry.field == WHOLE,
            AuditEntry.after.is_(None),
        )
        .subquery()
    )


def _copied(row: Row, fields: Mapping[str, Any]) -> Row:
    """A row with some of its fields as they were, in no session."""
    model = type(row)
    values = {name: getattr(row, name) for name in _types(model)}
    before = {name: _typed(model, name, fields[name]) for name in values if name in fields}
    return model(**values | before)


def _made(model: type[Row], fields: Mapping[str, Any]) -> Row:
    """A deleted row as it was; a column that its table did not have then is empty."""
    return model(
        **{name: _typed(model, name, fields[name]) for name in _types(model) if name in fields}
    )


def _key(row: Base) -> int:
    return int(getattr(row, "id"))  # noqa: B009 - every audited row has a key


def _loads(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _typed(model: type[Base], name: str, value: Any) -> Any:
    """A value of the trail as the column gives it."""
    kind = _types(model).get(name)
    if value is None or kind is None or name in SECRET_FIELDS:
        return value
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    reader = _READERS.get(kind.python_type)
    return value if reader is None else reader(value)


_READERS: Mapping[type, Any] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    time: time.fromisoformat,
    Decimal: Decimal,
    UUID: UUID,
}


@cache
def _types(model: type[Base]) -> Mapping[str, TypeEngine[Any]]:
    return {one.key: one.columns[0].type for one in inspect(model).column_attrs}
