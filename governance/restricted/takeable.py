"""Which texts of which records can be taken down, what they are called, and where they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from governance.restricted.gaps import Words
from governance.restricted.sweep import swept
from tracker.edges.db import Base
from tracker.ledger.audit import table_name
from tracker.ledger.change_words import field_words
from tracker.ledger.table_words import TABLES

# Written by machines, or by nobody's hand about a child; drafts are their author's alone.
_NOT_OURS = {"audit_entry", "outbox_mail", "progress_draft", "feed_link", "review_cycle", "board"}
_NOT_OURS |= {
    "membership",
    "organisation",
    "alias",
    "partnership",
    "pack",
    "pack_override",
    "indicator_part",
}
_NOT_FIELDS = {"source_note", "place", "joining_link", "media_type", "given_by", "name"}


@cache
def takeable() -> Mapping[str, tuple[type[Base], tuple[str, ...]]]:
    """The tables whose texts can be taken down: their class, and the fields, by table name."""
    classes = {table_name(inspect(m.class_)): m.class_ for m in Base.registry.mappers}
    found: dict[str, tuple[type[Base], tuple[str, ...]]] = {}
    for table, columns in swept().items():
        fields = tuple(c.name for c in columns if c.name not in _NOT_FIELDS)
        if fields and table.name not in _NOT_OURS and table.name in classes:
            found[table.name] = (classes[table.name], fields)
    return found


def called(table: str, field: str) -> str:
    """A text as people know it: "Update: what has happened"."""
    name = TABLES.get(table, table.replace("_", " ").capitalize())
    words = field_words(field)
    return f"{name}: {words[:1].lower()}{words[1:]}"


def record_of(session: Session, partnership_id: int, table: str, record_id: int) -> Any:
    """The record of a partnership in which a text stands, or None."""
    if table not in takeable():
        return None
    model: Any = takeable()[table][0]
    return session.scalar(
        select(model).where(model.partnership_id == partnership_id, model.id == record_id)
    )


def found(session: Session, partnership_id: int, phrase: str) -> Iterator[tuple[Any, str, str]]:
    """The records that hold a phrase: each with the field and the field's whole text."""
    words = Words.of(phrase)
    anchors = words.anchors or (phrase,)
    for model, fields in takeable().values():
        a_model: Any = model
        for field in fields:
            column = getattr(a_model, field)
            chosen = select(a_model).where(
                a_model.partnership_id == partnership_id,
                *(column.contains(one, autoescape=True) for one in anchors),
            )
            for record in session.scalars(chosen.order_by(a_model.id.desc()).limit(50)):
                said = getattr(record, field)
                if " ".join(phrase.split()).casefold() in " ".join(said.split()).casefold():
                    yield record, field, said
