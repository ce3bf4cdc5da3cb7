"""The audit trail: every change of every record, written by one listener.

It runs after the flush has assigned keys and before the history of the change is forgotten,
in the same transaction, so that no change is ever without its entry. Entries carry person ids,
never names. A new row is one entry (field ``*``) that holds all its values.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Table, event, insert, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, UOWTransaction

from tracker.edges.db import Base, clean
from tracker.ledger.models import AuditEntry

SECRET_FIELDS = {"secret_hash", "token_hash", "totp_secret", "sealed", "fingerprints"}
# Bookkeeping, not changes: counters, and when a program last fetched a calendar.
UNAUDITED_FIELDS = {"version", "last_fetched_at", "totp_last_step"}


class Source(StrEnum):
    """Where a change came from."""

    WEB = "web"
    IMPORT = "import"
    CLOCKWORK = "clockwork"
    COMMAND = "command"
    EMAIL = "email"


@dataclass(frozen=True)
class Actor:
    """Who changes things in a session (None: the clockwork or a command), when, from where."""

    at: datetime
    source: Source
    person_id: int | None = None


class UnauditedChange(Exception):
    """A change tried to pass by the audit trail."""


def sign(session: Any, actor: Actor) -> None:
    """Sign what this session does from here on; without it no audited change is accepted."""
    session.info["actor"] = actor


def install(session_class: type[Session] = FlaskSession) -> None:
    """Set the listeners on a session class; safe to call again."""
    if event.contains(session_class, "after_flush", _write_entries):
        return
    event.listen(session_class, "before_flush", _load_deleted)
    event.listen(session_class, "after_flush", _write_entries)
    event.listen(session_class, "do_orm_execute", _refuse_bulk)
    for mapper in Base.registry.mappers:
        for attribute in mapper.column_attrs:
            # The value before is loaded where it is not at hand, or no entry would have it.
            event.listen(attribute.class_attribute, "set", _load_before, active_history=True)


def _load_before(record: object, after: object, before: object, initiator: object) -> None:
    """Nothing to do: listening with active history has loaded the value before."""


def _load_deleted(session: Session, flush: UOWTransaction, instances: object) -> None:
    for record in session.deleted:
        _values(record)  # afterwards there is nothing left to load them from


def _write_entries(session: Session, flush: UOWTransaction) -> None:
    rows: list[dict[str, object]] = []
    for record in session.new:
        rows += _entry(record, "*", None, _json(_values(record)))
    for record in session.deleted:
        rows += _entry(record, "*", _json(_values(record)), None)
    for record in session.dirty:
        for field, before, after in _changes(record):
            rows += _entry(record, field, _json(before), _json(after))
    if not rows:
        return
    actor = session.info.get("actor")
    if not isinstance(actor, Actor):
        raise UnauditedChange("a change without a signature: call ledger.audit.sign first")
    signed = {"at": actor.at, "person_id": actor.person_id, "source": actor.source.value}
    session.connection().execute(insert(AuditEntry), [row | signed for row in rows])


def _entry(
    record: object, field: str, before: str | None, after: str | None
) -> list[dict[str, object]]:
    if not is_audited(type(record)):
        return []
    table = table_name(inspect(type(record)))
    partnership_id = getattr(record, "partnership_id", None)
    if table == "partnership":
        partnership_id = getattr(record, "id", None)
    return [
        {
            "partnership_id": partnership_id,
            "table_name": table,
            "record_id": getattr(record, "id"),  # noqa: B009 - every audited row has a key
            "field": field,
            "before": before,
            "after": after,
        }
    ]


def is_audited(table: type) -> bool:
    """Whether changes of a table are recorded: the record itself, and mere counters, are not."""
    return bool(getattr(table, "is_audited", True))


def table_name(mapper: Mapper[Any]) -> str:
    """The name of a mapper's table; every mapper here maps a plain table."""
    return str(mapper.local_table)


def _values(record: object) -> dict[str, object]:
    state = inspect(record)
    return {
        attribute.key: _shown(record, attribute.key, state.attrs[attribute.key].value)
        for attribute in state.mapper.column_attrs
    }


def _changes(record: object) -> list[tuple[str, object, object]]:
    state = inspect(record)
    found: list[tuple[str, object, object]] = []
    for attribute in state.mapper.column_attrs:
        if attribute.key in UNAUDITED_FIELDS:
            continue
        history = state.attrs[attribute.key].history
        if history.has_changes():
            before = _kept(history.deleted[0]) if history.deleted else None
            after = _kept(history.added[0]) if history.added else None
            if before != after:
                found.append(
                    (
                        attribute.key,
                        _shown(record, attribute.key, before),
                        _shown(record, attribute.key, after),
                    )
                )
    return found


def _shown(record: object, field: str, value: object) -> object:
    if value is not None and field in SECRET_FIELDS:
        return "(secret)"
    if value is not None and field in hidden_fields(record):
        return "(confidential)"
    return _kept(value)


def hidden_fields(record: object) -> frozenset[str]:
    """The fields of a record whose words nobody reads in its changes, because it is confidential.

    A table names them as ``confidential_fields`` beside its column ``is_confidential``.
    """
    if not getattr(record, "is_confidential", False):
        return frozenset()
    found: frozenset[str] = getattr(type(record), "confidential_fields", frozenset())
    return found


def _kept(value: object) -> object:
    """A value as its column keeps it: an entry that said otherwise could not be read backwards."""
    return clean(value) if isinstance(value, str) else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in the audit trail")


def _refuse_bulk(execution: ORMExecuteState) -> None:
    if not (execution.is_insert or execution.is_update or execution.is_delete):
        return
    table = getattr(execution.statement, "table", None)
    if isinstance(table, Table) and table.name in _audited_tables():
        raise UnauditedChange(f"bulk changes of {table.name} would pass by the audit trail")


@cache
def _audited_tables() -> frozenset[str]:
    mappers = Base.registry.mappers
    return frozenset(table_name(mapper) for mapper in mappers if is_audited(mapper.class_))
