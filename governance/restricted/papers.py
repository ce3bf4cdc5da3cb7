"""Packs and minutes with words taken down: a value with a gap, rendered anew, read in their place.

What was published stays on record: its row, hash, day and pages. Where somebody asks for its
value or its PDF, the redacted ones are read instead (see the ledger's blobs); until the PDF is
rendered it is withheld. Drafts, and confidential minutes, which have no place for a second value,
simply get the value with the gap.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.minute_models import Minutes
from governance.pack_models import Pack, PackStatus
from governance.packs import canonical
from governance.restricted.gaps import Words, strings_in
from governance.restricted.sweep import Place
from tracker.edges.pdf import PdfError, PdfRenderer
from tracker.edges.tenancy import ACROSS
from tracker.ledger.audit import Actor, Source, sign
from tracker.ledger.blobs import STAND_INS, TakenDown, file_bytes, read_bytes
from tracker.ledger.history import WHOLE
from tracker.ledger.models import AuditEntry

JSON_TYPE, PDF_TYPE = "application/json", "application/pdf"
Paper = Pack | Minutes
# Each value of a row, the PDF written from it, and what stands in for both, if anything may.
VALUES: dict[Any, tuple[tuple[str, str], ...]] = {
    Pack: (("snapshot_sha256", "pdf_sha256"),),
    Minutes: (
        ("snapshot_sha256", "pdf_sha256"),
        ("confidential_snapshot_sha256", "confidential_pdf_sha256"),
    ),
}
REDACTED, REDACTED_PDF = "redacted_snapshot_sha256", "redacted_pdf_sha256"
WITHHELD = (
    "Words in this were taken down a moment ago. It is being written again without them, and can"
    " be read here in a few minutes."
)


def stand_in(session: Session, sha256: str) -> str | None:
    """What is read in place of a hash; TakenDown while the PDF without the words is not there."""
    for model in VALUES:
        row = session.scalars(
            select(model)
            .where(
                model.redacted_snapshot_sha256.is_not(None),
                or_(model.snapshot_sha256 == sha256, model.pdf_sha256 == sha256),
            )
            .order_by(model.id.desc())
            .limit(1),
            execution_options=ACROSS,
        ).first()
        if row is None:
            continue
        found: str | None = row.redacted_pdf_sha256
        if row.snapshot_sha256 == sha256:
            found = row.redacted_snapshot_sha256
        if found is None:
            raise TakenDown(WITHHELD)
        return found
    return None


STAND_INS.append(stand_in)


def papers(session: Session, partnership_id: int) -> Iterator[Paper]:
    """Every pack and all minutes of a partnership."""
    for model in VALUES:
        yield from session.scalars(
            select(model).where(model.partnership_id == partnership_id).order_by(model.id)
        ).all()


def redact(
    session: Session, partnership_id: int, words: Words, gap: str, *, now: datetime
) -> list[Place]:
    """Leave a gap in every pack and in all minutes; what was put in place of what, to undo it."""
    changes: list[Place] = []
    for row in papers(session, partnership_id):
        for snapshot, pdf in VALUES[type(row)]:
            shown = _shown(row, snapshot)
            value = _value(session, shown)
            if value is None:
                continue
            left = words.redacted(value, gap)
            if left == value:
                continue
            made = file_bytes(session, canonical(left), JSON_TYPE, now=now)
            if has_stand_in(row, snapshot):
                row.redacted_snapshot_sha256, row.redacted_pdf_sha256 = made, None
                changes.append(_place(row, REDACTED, shown, made))
            else:
                changes.append(_place(row, snapshot, shown, made))
                setattr(row, snapshot, made)
                setattr(row, pdf, None)
                if isinstance(row, Pack):
                    row.pages = row.render_error = None
    session.flush()
    return changes


def put_back(
    session: Session,
    partnership_id: int,
    places: Iterable[Place],
    keep: Sequence[tuple[Words, str]],
) -> None:
    """Undo what ``redact`` did, but for words that other take-downs hide (``keep``)."""
    for place in places:
        model: Any = Pack if place.table == "pack" else Minutes
        row = session.scalar(
            select(model).where(model.partnership_id == partnership_id, model.id == place.key)
        )
        if row is None or place.before is None:
            continue
        is_stand_in = place.column == REDACTED
        snapshot = "snapshot_sha256" if is_stand_in else place.column
        value = _value(session, row.snapshot_sha256 if is_stand_in else place.before)
        if value is None or (not is_stand_in and getattr(row, snapshot) != place.after):
            continue
        left = value
        for words, gap in keep:
            left = words.redacted(left, gap)
        made = (
            None
            if left == value
            else file_bytes(session, canonical(left), JSON_TYPE, now=_instant(session))
        )
        if is_stand_in:
            row.redacted_snapshot_sha256, row.redacted_pdf_sha256 = made, None
        else:
            setattr(row, snapshot, made or place.before)
            setattr(row, dict(VALUES[model])[snapshot], None)
    session.flush()


def _instant(session: Session) -> datetime:
    actor = session.info["actor"]
    assert isinstance(actor, Actor)
    return actor.at


def has_stand_in(row: Paper, snapshot: str) -> bool:
    """Whether a value keeps its place and another is shown instead of it."""
    is_draft = isinstance(row, Pack) and row.status is PackStatus.DRAFT
    return not is_draft and snapshot == "snapshot_sha256"


def holding(session: Session, partnership_id: int, words: Words) -> list[str]:
    """The hashes of values ever kept that hold these words, and of what was printed of them.

    What is shown now is not among them.
    """
    found: dict[str, None] = {}
    for row in papers(session, partnership_id):
        kept = _ever(session, row)
        values = {one for snapshot, _ in VALUES[type(row)] for one in kept[snapshot]}
        values |= kept[REDACTED]
        dirty = {one for one in values if _holds(session, one, words)}
        if not dirty:
            continue
        clean_pdfs = {
            getattr(row, pdf)
            for snapshot, pdf in (*VALUES[type(row)], (REDACTED, REDACTED_PDF))
            if getattr(row, snapshot) not in dirty
        }
        pdfs = {one for _, pdf in VALUES[type(row)] for one in kept[pdf]} | kept[REDACTED_PDF]
        found |= dict.fromkeys(sorted(dirty) + sorted(pdfs - clean_pdfs))
    return list(found)


def all_words(session: Session, partnership_id: int) -> Iterator[str]:
    """Every text of every value that is kept of a partnership's packs and minutes."""
    for row in papers(session, partnership_id):
        kept = _ever(session, row)
        for sha256 in sorted({one for name in kept if "snapshot" in name for one in kept[name]}):
            yield from strings_in(_value(session, sha256))


def _ever(session: Session, row: Paper) -> dict[str, set[str]]:
    """All hashes that a row's columns ever had, by column: what it says now, and its trail."""
    names = [name for pair in (*VALUES[type(row)], (REDACTED, REDACTED_PDF)) for name in pair]
    kept: dict[str, set[str]] = {
        name: {one for one in (getattr(row, name),) if one} for name in names
    }
    for entry in session.scalars(
        select(AuditEntry).where(
            AuditEntry.table_name == row.__tablename__,
            AuditEntry.record_id == row.id,
            AuditEntry.field.in_([*names, WHOLE]),
        )
    ):
        for text in (entry.before, entry.after):
            said = json.loads(text) if text else None
            fields = said if entry.field == WHOLE and said else {entry.field: said}
            for name in names:
                one = fields.get(name)
                if isinstance(one, str):
                    kept[name].add(one)
    return kept


def _holds(session: Session, sha256: str, words: Words) -> bool:
    value = _value(session, sha256)
    return value is not None and words.redacted(value, "") != value


def _shown(row: Paper, snapshot: str) -> str | None:
    """The hash of the value that is shown."""
    if has_stand_in(row, snapshot) and row.redacted_snapshot_sha256 is not None:
        return row.redacted_snapshot_sha256
    found: str | None = getattr(row, snapshot)
    return found


def _place(row: Paper, column: str, before: str | None, after: str) -> Place:
    return Place(row.__tablename__, row.id, column, before, after)


def _value(session: Session, sha256: str | None) -> Any:
    """The value filed under a hash; None where there is none, or it was erased."""
    if sha256 is None:
        return None
    try:
        return json.loads(read_bytes(session, sha256, as_filed=True))
    except (TakenDown, LookupError):
        return None


@dataclass(frozen=True)
class Rendering:
    """A kind of row whose value is rendered again: its table, value and PDF."""

    model: Any
    snapshot: str
    pdf: str


RENDERINGS = (
    Rendering(Pack, REDACTED, REDACTED_PDF),
    Rendering(Minutes, REDACTED, REDACTED_PDF),
    Rendering(Minutes, "confidential_snapshot_sha256", "confidential_pdf_sha256"),
)


def unrendered(session: Session, one: Rendering) -> Sequence[int]:
    """The rows that wait for a PDF without the words, everywhere."""
    model = one.model
    chosen = select(model.id).where(
        getattr(model, one.snapshot).is_not(None), getattr(model, one.pdf).is_(None)
    )
    return session.scalars(chosen.order_by(model.id), execution_options=ACROSS).all()


def render(
    session: Session, one: Rendering, row_id: int, renderer: PdfRenderer, *, now: datetime
) -> bool:
    """Render a value outside any transaction and file its PDF; False where it waits no longer.

    Raises PdfError when it cannot be rendered.
    """
    sign(session, Actor(at=now, source=Source.CLOCKWORK))
    row = _row(session, one, row_id)
    sha256 = getattr(row, one.snapshot) if row is not None else None
    value = _value(session, sha256)
    session.rollback()
    if value is None:
        return False
    try:
        rendered = renderer.render(value)
    except PdfError:
        session.rollback()
        raise
    row = _row(session, one, row_id)
    if row is None or getattr(row, one.snapshot) != sha256 or getattr(row, one.pdf) is not None:
        session.rollback()
        return False
    setattr(row, one.pdf, file_bytes(session, rendered.data, PDF_TYPE, now=now))
    session.commit()
    return True


def _row(session: Session, one: Rendering, row_id: int) -> Paper | None:
    found = select(one.model).where(one.model.id == row_id).with_for_update()
    row: Paper | None = session.scalar(found, execution_options=ACROSS)
    return row
