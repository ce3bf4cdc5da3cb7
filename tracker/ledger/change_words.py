"""The audit trail in plain words: which record, which field, from what, to what. Pure.

Fields and tables are said in the words that people use for them. What is a draft's own, and what
is secret, is never told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tracker.kernel.period import clock_words, short_date
from tracker.kernel.times import to_london
from tracker.ledger.audit import Source
from tracker.ledger.history import WHOLE
from tracker.ledger.table_words import TABLES

_FIELDS: Mapping[str, str] = {
    "access_law": "Access-to-meetings law applies",
    "amber_from_on": "Amber at best from",
    "better_reason": "Reason for a better rating",
    "by_id": "Handed over by",
    "cover_id": "Covered by",
    "due_on": "Last day of its deadline",
    "ended_board_id": "Ended by",
    "entered_at": "Entered",
    "first_on": "First day",
    "happened": "What has happened",
    "is_current": "In force",
    "is_no_change": "No change",
    "is_reopening": "Reopened",
    "is_stated": "Printed in the plan",
    "last_ask_closed_at": "Updates closed without one",
    "last_entry_at": "Last update",
    "last_entry_number": "Number of updates",
    "last_on": "Last day",
    "last_seen": "Last update seen",
    "lifecycle": "Where it stands",
    "made_at": "Made",
    "measure": "How it is measured",
    "owner_rating": "Owner’s rating",
    "other_action_id": "Other action",
    "person_id": "Person",
    "printed": "As printed",
    "red_from_on": "Red from",
    "said": "What it says",
    "source_note": "Source",
    "to_id": "Handed to",
}
# Keys and what only repeats when the entry was made: they say nothing to anybody.
_UNTOLD = {"id", "uid", "partnership_id", "version", "changed_at", "name_key", "email_key"}
# In a new row these only repeat when it was made.
_REPEATED = {"entered_at", "made_at", "recorded_at", "saved_at", "set_at"}
_OF_A_DRAFT = {"said", "returned_reason"}
_NOT_SHOWN, _NO_KIND = "(not shown)", "not given"
_HOW: Mapping[str, str] = {
    Source.WEB: "on screen",
    Source.IMPORT: "from a document",
    Source.CLOCKWORK: "by the clockwork",
    Source.COMMAND: "by a command",
    Source.EMAIL: "by e-mail",
}
LONGEST = 300


@dataclass(frozen=True)
class Told:
    """One entry of the trail, as it was kept: values are JSON, ``person`` is a name."""

    id: int
    at: datetime
    person: str | None
    source: str
    table: str
    record_id: int
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class FieldChange:
    """A field in plain words, what it said, and what it says since."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class RecordChange:
    """What was changed of one record at once, as the timeline shows it."""

    title: str
    recorded_at: datetime
    who: str
    changes: tuple[FieldChange, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    href: str | None = None

    @property
    def at(self) -> str:
        """The instant for machines."""
        return self.recorded_at.isoformat()

    @property
    def when(self) -> str:
        """The instant on London's clock."""
        return _instant(self.recorded_at)


@dataclass(frozen=True)
class Names:
    """What records are called, by their table and id.

    ``refers`` gives the table at which the numbers of a table's field point; ``about`` what a
    record's change is headed with; ``owners`` of which record each is.
    """

    records: Mapping[tuple[str, int], str] = field(default_factory=dict)
    refers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    about: Mapping[tuple[str, int], str] = field(default_factory=dict)
    owners: Mapping[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    hrefs: Mapping[tuple[str, int], str] = field(default_factory=dict)


def in_words(entries: Iterable[Told], names: Names) -> list[RecordChange]:
    """The entries in plain words, in their order; of one record at one instant together."""
    groups: dict[tuple[object, ...], list[Told]] = {}
    for entry in entries:
        key = (entry.at, entry.person, entry.source, entry.table, entry.record_id)
        groups.setdefault((*key, _kind(entry)), []).append(entry)
    return [_record_change(group, names) for group in groups.values()]


def source_words(person: str | None, source: str) -> str:
    """Who did it and from where: "Sam Ash, on screen", "by the clockwork"."""
    how = _HOW.get(source, source)
    return f"{person}, {how}" if person else how


def field_words(name: str) -> str:
    """A field's name in plain words: "on_hold_until" is "On hold until"."""
    if name in _FIELDS:
        return _FIELDS[name]
    for ending in ("_id", "_at", "_on"):
        name = name.removesuffix(ending)
    words = name.removeprefix("is_").replace("_", " ")
    return words[:1].upper() + words[1:]


def _kind(entry: Told) -> str:
    if entry.field != WHOLE:
        return "changed"
    return "added" if entry.before is None else "removed"


def _record_change(group: list[Told], names: Names) -> RecordChange:
    first = group[0]
    record = (first.table, first.record_id)
    what = TABLES.get(first.table, first.table.replace("_", " ").capitalize())
    about = names.about.get(record)
    told: list[tuple[str, str]] = []
    changes: list[FieldChange] = []
    for entry in group:
        if entry.field == WHOLE:
            whole = _loads(entry.after if entry.before is None else entry.before)
            told += _values(record, whole, names)
        elif entry.field not in _UNTOLD:
            before, after = (
                _value(first.table, entry.field, _loads(one), names)
                for one in (entry.before, entry.after)
            )
            changes.append(FieldChange(field_words(entry.field), before, after))
    return RecordChange(
        title=f"{what} {_kind(first)}" + (f": {about}" if about else ""),
        recorded_at=first.at,
        who=source_words(first.person, first.source),
        changes=tuple(sorted(changes, key=lambda one: one.field)),
        details=tuple(told),
        href=names.hrefs.get(record),
    )


def _values(
    record: tuple[str, int], whole: Mapping[str, Any], names: Names
) -> list[tuple[str, str]]:
    """All that a row said, but for what is empty, and what its heading says already."""
    table, owner = record[0], names.owners.get(record)
    said = [
        (field_words(name), _value(table, name, value, names))
        for name, value in whole.items()
        if name not in _UNTOLD | _REPEATED and value not in (None, False, "")
        if (names.refers.get((table, name)), value) != owner
    ]
    return [(label, value) for label, value in said if value is not None]


def _value(table: str, name: str, value: Any, names: Names) -> str | None:
    if value is None:
        return None
    if table == "progress_draft" and name in _OF_A_DRAFT:
        return _NOT_SHOWN
    if isinstance(value, bool):
        return "Yes" if value else "No"
    target = names.refers.get((table, name))
    if target is not None and isinstance(value, int):
        return names.records.get((target, value), f"No. {value}, no longer kept")
    text = str(value)
    if name.endswith(("_at", "_on", "_until")):
        return _day_or_instant(text)
    if name in ("lifecycle", "kind", "date_rule", "precision", "status"):
        text = _NO_KIND if text == "none" else text.replace("-", " ")
        return text[:1].upper() + text[1:]
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _day_or_instant(text: str) -> str:
    try:
        if len(text) == len("2026-11-02"):
            return short_date(date.fromisoformat(text))
        return _instant(datetime.fromisoformat(text))
    except ValueError:
        return text


def _instant(instant: datetime) -> str:
    local = to_london(instant)
    return f"{short_date(local.date())} at {clock_words(local.time())}"


def _loads(text: str | None) -> Any:
    return None if text is None else json.loads(text)
