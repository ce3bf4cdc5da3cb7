"""Reading the audit trail page by page, newest first, with the names that its numbers mean."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    Table,
    and_,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from tracker.edges.db import Base
from tracker.kernel.period import short_date
from tracker.ledger import masks
from tracker.ledger.change_words import Names, RecordChange, Told, in_words
from tracker.ledger.history import WHOLE
from tracker.ledger.models import AuditEntry

PAGE = 50
LARGEST = 2**63 - 1  # of a key: what an address names above it is no key
PERSON, ACTION = "person", "action"
# What a record is called, by its table: up to two columns.
_LABELS: Mapping[str, tuple[str, ...]] = {
    "action": ("number", "title"),
    "alias": ("name",),
    "ambition": ("name",),
    "agenda_item": ("title",),
    "ask": ("for_on",),
    "board": ("name",),
    "closed_period": ("name",),
    "indicator": ("number", "title"),
    "meeting": ("meets_on",),
    "meeting_action": ("reference", "what"),
    "milestone": ("title",),
    "organisation": ("name",),
    "partnership": ("name",),
    "person": ("name",),
    "plan": ("title", "period_printed"),
    "priority": ("number", "title"),
    "progress": ("number",),
    "review_cycle": ("words",),
}
# Whose record it is, the nearest first, where it has no name of its own.
_PARENTS = ("action_id", "priority_id", "plan_id", "meeting_id", "indicator_id", "board_id")
Record = tuple[str, int]
Href = Callable[[int], str]


@dataclass(frozen=True)
class ChangesPage:
    """One page of changes; ``older`` is the key from which the next page goes on, if any."""

    changes: list[RecordChange]
    older: int | None


def changes_page(
    session: Session,
    partnership_id: int,
    *wanted: ColumnElement[bool],
    before: int | None = None,
    limit: int = PAGE,
    action_href: Href | None = None,
    among: CompoundSelect[Any] | None = None,
    within: Record | None = None,
) -> ChangesPage:
    """The changes of a partnership's records, newest first.

    In three queries; in a fourth where words of confidential records must not be told.

    ``before`` is the key at which the page before ended. ``action_href`` gives the address of an
    action by its number: what belongs to one leads there. ``among`` selects table and key of the
    partnership's records that are meant, all if left out; ``within`` is the record that the page is
    about already, so that it is not named again and again.
    """
    chosen = _chosen(partnership_id, among).where(*wanted)
    if before is not None and before <= LARGEST:
        chosen = chosen.where(_older_than(before))
    chosen = chosen.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    found = session.scalars(chosen.limit(limit + 1)).all()
    page = found[:limit]
    owners = _owners(session, partnership_id, page)
    named = _referred(page) | set(owners.values()) | set(owners)
    named |= {(PERSON, one.person_id) for one in page if one.person_id is not None}
    labels = _labels(session, partnership_id, named)
    names = Names(
        records={record: _joined(record[0], parts) for record, parts in labels.items()},
        refers=_refers(),
        about={record: _about(record, owner, labels, within) for record, owner in owners.items()},
        owners=owners,
        hrefs=_hrefs(owners, labels, action_href),
    )
    hidden = masks.confidential(session, partnership_id, page)
    told = [_told(one, names, hidden) for one in page]
    older = page[-1].id if len(found) > limit else None
    return ChangesPage(in_words(told, names), older)


def _chosen(partnership_id: int, among: CompoundSelect[Any] | None) -> Select[Any]:
    if among is None:
        return select(AuditEntry).where(AuditEntry.partnership_id == partnership_id)
    # Records of the partnership, a few: each leads to its entries, so that they are not looked for
    # among all that ever happened.
    records = among.subquery()
    name, key = records.c
    return select(AuditEntry).join(
        records, and_(AuditEntry.table_name == name, AuditEntry.record_id == key)
    )


def _older_than(key: int) -> ColumnElement[bool]:
    """Before an entry in the order of a page; the first condition is what an index can hold."""
    at = select(AuditEntry.at).where(AuditEntry.id == key).scalar_subquery()
    return and_(AuditEntry.at <= at, or_(AuditEntry.at < at, AuditEntry.id < key))


def _about(
    record: Record, owner: Record, labels: Mapping[Record, Sequence[str | None]], within: Any
) -> str:
    """What a record is called, and whose it is where the page does not say it already."""
    said = [one for one in dict.fromkeys((record, owner)) if one in labels and one != within]
    return ", ".join(_joined(one[0], labels[one]) for one in said)


def _hrefs(
    owners: Mapping[Record, Record],
    labels: Mapping[Record, Sequence[str | None]],
    action_href: Href | None,
) -> dict[Record, str]:
    if action_href is None:
        return {}
    return {
        record: action_href(int(labels[owner][0] or 0))
        for record, owner in owners.items()
        if owner[0] == ACTION and owner in labels
    }


def _told(entry: AuditEntry, names: Names, hidden: frozenset[Record]) -> Told:
    person, (before, after) = None, masks.without_words(entry, hidden)
    if entry.person_id is not None:
        person = names.records.get((PERSON, entry.person_id), "Somebody no longer kept")
    return Told(
        id=entry.id,
        at=entry.at.astimezone(UTC),
        person=person,
        source=entry.source,
        table=entry.table_name,
        record_id=entry.record_id,
        field=entry.field,
        before=before,
        after=after,
    )


def _owners(
    session: Session, partnership_id: int, page: Sequence[AuditEntry]
) -> dict[Record, Record]:
    """Of which record each is: itself where it has a name, else its action, its plan and so on."""
    found: dict[Record, Record] = {}
    unnamed: dict[str, set[int]] = defaultdict(set)
    for entry in page:
        record = (entry.table_name, entry.record_id)
        if not _parents(entry.table_name):
            found[record] = record
        elif entry.field == WHOLE:
            whole = json.loads(entry.after or entry.before or "{}")
            _take(found, record, [whole.get(name) for name in _parents(entry.table_name)])
        else:
            unnamed[entry.table_name].add(entry.record_id)
    unnamed = {name: ids for name, ids in unnamed.items() if name in _tables()}
    if unnamed:
        chosen = [_of_whom(name, ids, partnership_id) for name, ids in unnamed.items()]
        for name, key, *parents in session.execute(union_all(*chosen)):
            _take(found, (name, key), parents[: len(_parents(name))])
    return found


def _take(found: dict[Record, Record], record: Record, parents: Sequence[int | None]) -> None:
    names = _parents(record[0])
    for name, key in zip(names, parents, strict=True):
        if key is not None:
            found.setdefault(record, (name.removesuffix("_id"), int(key)))


def _of_whom(name: str, ids: Iterable[int], partnership_id: int) -> Select[Any]:
    table, parents = _tables()[name], _parents(name)
    empty = [cast(null(), table.c.id.type)] * (len(_PARENTS) - len(parents))
    chosen = select(literal(name), table.c.id, *(table.c[one] for one in parents), *empty)
    return _scoped(chosen.where(table.c.id.in_(sorted(ids))), table, partnership_id)


@cache
def _parents(name: str) -> tuple[str, ...]:
    table = _tables().get(name)
    if table is None or name in ("action", "plan", "priority", "meeting", "indicator"):
        return ()
    return tuple(one for one in _PARENTS if one in table.c)


def _referred(page: Iterable[AuditEntry]) -> set[Record]:
    """The records that the values of these entries name by number."""
    found: set[Record] = set()
    refers = _refers()
    for entry in page:
        for text in (entry.before, entry.after):
            value = json.loads(text) if text else None
            fields = value if entry.field == WHOLE and value else {entry.field: value}
            for name, one in fields.items():
                target = refers.get((entry.table_name, name))
                if target is not None and isinstance(one, int):
                    found.add((target, one))
    return found


@cache
def _refers() -> Mapping[tuple[str, str], str]:
    """The table that each field's numbers point at, for tables whose records have names."""
    found: dict[tuple[str, str], str] = {}
    for table in _tables().values():
        for column in table.columns:
            for key in column.foreign_keys:
                target = key.column.table.name
                if column.name != "partnership_id" and target in _LABELS:
                    found[table.name, column.name] = target
    return found


def _labels(
    session: Session, partnership_id: int, records: Iterable[Record]
) -> dict[Record, Sequence[str | None]]:
    """What these records are called, by their table and key; one query."""
    ids: dict[str, set[int]] = defaultdict(set)
    for name, key in records:
        if name in _LABELS:
            ids[name].add(key)
    if not ids:
        return {}
    chosen = [_named(name, keys, partnership_id) for name, keys in ids.items()]
    return {
        (name, key): (first, second)
        for name, key, first, second in session.execute(union_all(*chosen))
    }


def _named(name: str, ids: Iterable[int], partnership_id: int) -> Select[Any]:
    table = _tables()[name]
    parts = [masks.label(table, one, partnership_id) for one in _LABELS[name]]
    parts += [cast(null(), String)] * (2 - len(parts))
    chosen = select(literal(name), table.c.id, *parts).where(table.c.id.in_(sorted(ids)))
    return _scoped(chosen, table, partnership_id)


def _scoped(chosen: Select[Any], table: Table, partnership_id: int) -> Select[Any]:
    if "partnership_id" not in table.c:
        return chosen
    return chosen.where(table.c.partnership_id == partnership_id)


def _joined(name: str, parts: Sequence[str | None]) -> str:
    said = [one for one in parts if one]
    if name == ACTION:
        return f"action {said[0]}, {said[1]}"
    if name == "progress":
        return f"number {said[0]}"
    if name in ("ask", "meeting"):
        return short_date(date.fromisoformat(said[0]))
    return " ".join(said)


@cache
def _tables() -> Mapping[str, Table]:
    return {table.name: table for table in Base.metadata.sorted_tables}
