"""Text that identifies a child: hidden at once, shown again if that was wrong, or erased.

Hiding leaves a marked gap wherever the words stand: in the record, however append-only, in its
trail, in drafts and mails, in packs and minutes. What stood there is sealed in one filed value,
which showing again reads and erasing empties.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.restricted import papers, sweep
from governance.restricted.gaps import Words, fingerprints, gap_words
from governance.restricted.sweep import Place
from governance.restricted.takeable import takeable
from governance.takedown_models import Takedown
from tracker.edges.db import Base
from tracker.kernel.times import london_day
from tracker.ledger.audit import SECRET_FIELDS
from tracker.ledger.blobs import TakenDown, empty_bytes, file_bytes, read_bytes
from tracker.ledger.history import WHOLE
from tracker.ledger.models import AuditEntry
from tracker.ledger.permits import permitted

SEALED_TYPE = "application/json"
PAPERS = {"pack", "minutes"}
LONGEST = 20000 // 65  # fingerprints that the column takes


class CannotTakeDown(Exception):
    """Nothing was taken down, shown again or erased; the message says why."""


@dataclass(frozen=True)
class Sealed:
    """What a take-down keeps closed: the words, and every place with what it said before."""

    words: str
    places: tuple[Place, ...]


def hide_text(
    session: Session,
    record: Any,
    field: str,
    *,
    reason: str,
    person_id: int,
    now: datetime,
) -> Takedown:
    """Hide a field's text everywhere at once, for a reason.

    PDFs of packs and minutes that hold it are withheld until they are rendered without it.
    Raises CannotTakeDown for a field that is no text, or has none, or is hidden already.
    """
    table = str(record.__tablename__)
    said = getattr(record, field) if field in takeable().get(table, (None, ()))[1] else None
    if not said:
        raise CannotTakeDown("There is no text to take down there. Look for it again.")
    gap = gap_words(london_day(now))
    if said.startswith("[Text taken down on "):
        raise CannotTakeDown("This text was taken down already.")
    takedown = Takedown(
        partnership_id=record.partnership_id,
        table_name=table,
        record_id=record.id,
        field=field,
        fingerprints="\n".join(fingerprints(said)[:LONGEST]),
        reason=reason,
        hidden_at=now,
        hidden_by_id=person_id,
    )
    session.add(takedown)
    session.flush()
    changes = _cleared(session, takedown, Words.of(said), gap, now=now)
    takedown.sealed = _seal(session, takedown.id, Sealed(said, tuple(changes)), now=now)
    session.flush()
    return takedown


def gap_of(takedown: Takedown) -> str:
    """What stands where its words stood."""
    return gap_words(london_day(takedown.hidden_at))


def show_again(session: Session, takedown: Takedown, *, now: datetime) -> int:
    """Put hidden words back where they were, and return how many places could not be.

    A place that somebody changed since keeps what it says now. Raises CannotTakeDown once the
    words are erased or shown.
    """
    sealed = _open(session, takedown)
    others = [
        (Words.of(each.words), gap_of(other))
        for other in _hidden(session, takedown.partnership_id)
        if other.id != takedown.id and (each := sealed_of(session, other)) is not None
    ]
    back = _back(session, takedown, sealed, others)
    with permitted(session, takedown.id, now=now):
        sweep.write(session, back)
        filed = [one for one in sealed.places if one.table in PAPERS]
        papers.put_back(session, takedown.partnership_id, filed, others)
        _empty_seal(session, takedown)
        takedown.sealed, takedown.shown_again_at = None, now
    texts = [p for p in sealed.places if p.table not in PAPERS]
    return len(texts) - len(back)


def erase_text(session: Session, takedown: Takedown, *, person_id: int, now: datetime) -> None:
    """Erase hidden words: from what was sealed, and from every filed value and PDF.

    What came up since they were hidden goes too. Raises CannotTakeDown once they are erased or
    shown again. Whoever calls it keeps the register of erasures and lets the database forget
    (see ``erasures``).
    """
    sealed = _open(session, takedown)
    erase_words(session, takedown, Words.of(sealed.words), now=now)
    takedown.erased_at, takedown.erased_by_id = now, person_id
    session.flush()


def erase_words(session: Session, takedown: Takedown, words: Words, *, now: datetime) -> int:
    """Erase words of a take-down everywhere; how many texts and filed things held them."""
    changes = _cleared(session, takedown, words, gap_of(takedown), now=now)
    held = papers.holding(session, takedown.partnership_id, words)
    with permitted(session, takedown.id, now=now):
        number = sum([empty_bytes(session, one) for one in held])
        _empty_seal(session, takedown)
        takedown.sealed = None
    return number + len(changes)


def sealed_of(session: Session, takedown: Takedown) -> Sealed | None:
    """The hidden words and where they stood, or None once they are erased or shown again."""
    if takedown.sealed is None:
        return None
    try:
        kept = json.loads(read_bytes(session, takedown.sealed, as_filed=True))
    except (TakenDown, LookupError):
        return None
    return Sealed(kept["words"], tuple(Place(*one) for one in kept["places"]))


def _open(session: Session, takedown: Takedown) -> Sealed:
    sealed = sealed_of(session, takedown)
    if sealed is None:
        what = "erased" if takedown.erased_at else "shown again"
        raise CannotTakeDown(f"Nothing was done: this text was {what} already.")
    return sealed


def _seal(session: Session, takedown_id: int, sealed: Sealed, *, now: datetime) -> str:
    places = [one.as_list() for one in sealed.places]
    # With its number the value is the take-down's own: emptying it empties no other.
    kept = {"takedown": takedown_id, "words": sealed.words, "places": places}
    data = json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()
    return file_bytes(session, data, SEALED_TYPE, now=now)


def _empty_seal(session: Session, takedown: Takedown) -> None:
    if takedown.sealed is not None:
        empty_bytes(session, takedown.sealed)


def _cleared(
    session: Session, takedown: Takedown, words: Words, gap: str, *, now: datetime
) -> list[Place]:
    """Put the gap in every place; what each said before."""
    own = list(_own(session, takedown, words, gap))
    taken = {(one.table, one.key, one.column) for one in own}
    others = [
        one
        for one in sweep.places(session, takedown.partnership_id, words, gap)
        if (one.table, one.key, one.column) not in taken
    ]
    with permitted(session, takedown.id, now=now):
        sweep.write(session, [*own, *others])
        filed = papers.redact(session, takedown.partnership_id, words, gap, now=now)
    return [*own, *others, *filed]


def _own(session: Session, takedown: Takedown, words: Words, gap: str) -> Iterator[Place]:
    """The record's own text, and all that its trail says of that field: short ones too."""
    table = Base.metadata.tables[takedown.table_name]
    column = table.c[takedown.field]
    here = Place(takedown.table_name, takedown.record_id, takedown.field, None, None)
    said = sweep.now_says(session, here)
    if said is not None and (said == words.whole or words.without(said, gap) != said):
        left = sweep.fitting(column, gap)
        yield Place(here.table, here.key, here.column, said, left)
    for entry in session.scalars(
        select(AuditEntry).where(
            AuditEntry.table_name == takedown.table_name,
            AuditEntry.record_id == takedown.record_id,
            AuditEntry.field.in_((takedown.field, WHOLE)),
            AuditEntry.at <= takedown.hidden_at,
        )
    ):
        for name, text in (("before", entry.before), ("after", entry.after)):
            left_of = _trail_without(text, entry.field, takedown.field, gap, words)
            if left_of != text:
                yield Place("audit_entry", entry.id, name, text, left_of)


def _trail_without(
    text: str | None, entry_field: str, field: str, gap: str, words: Words
) -> str | None:
    """A value of the trail with a gap in place of the field's text."""
    if text is None:
        return None
    value = json.loads(text)
    if entry_field == WHOLE:
        if not isinstance(value, dict) or not isinstance(value.get(field), str):
            return text
        value = words.redacted(value, gap) | {field: gap}
    elif isinstance(value, str) and field not in SECRET_FIELDS:
        value = gap
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _back(
    session: Session,
    takedown: Takedown,
    sealed: Sealed,
    others: Sequence[tuple[Words, str]],
) -> list[Place]:
    """What goes back into each place that still says what was left there."""
    mine, gap = Words.of(sealed.words), gap_of(takedown)
    back: list[Place] = []
    for place in sealed.places:
        if place.table in PAPERS:
            continue
        said, before = sweep.now_says(session, place), place.before or ""
        if said != place.after:
            # Another take-down may have left its own gap in the same place since.
            for words, their_gap in others:
                before = words.without(before, their_gap)
            if mine.without(before, gap) != said:
                continue
        back.append(Place(place.table, place.key, place.column, said, before))
    return back


def _hidden(session: Session, partnership_id: int) -> Sequence[Takedown]:
    return session.scalars(
        select(Takedown).where(
            Takedown.partnership_id == partnership_id, Takedown.sealed.is_not(None)
        )
    ).all()
