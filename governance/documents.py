"""Packs: gathered from the database, composed, filed, rendered, published.

Composing reads on one day; rendering happens outside any transaction; a published pack's value,
bytes and hash never change.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import queries
from governance.gathering import gather
from governance.models import Meeting
from governance.operations import mark_done
from governance.pack_models import Pack, PackPart, PackStatus
from governance.packs import SCHEMA, canonical, compose, published
from governance.packs.closing import as_at_close
from governance.planning import closed_days, closing_step
from governance.publishing.freezing import ChangedMeanwhile, freeze
from governance.publishing.queries import kept_draft, latest_packs
from governance.timetable import ClosedDays, StepKind, held_until
from tracker.edges.pdf import PdfError, PdfRenderer, RenderedPdf
from tracker.kernel.period import long_date
from tracker.kernel.times import london_day
from tracker.ledger.blobs import file_bytes, read_bytes
from tracker.people.board_models import Board
from tracker.web.filters import when

JSON_TYPE = "application/json"
PDF_TYPE = "application/pdf"
DRAFT_WORDS = "Draft, not published"


class CannotPublish(Exception):
    """A pack cannot be published; the message tells its secretary why."""


def draft(
    session: Session, meeting: Meeting, *, as_at: datetime, part: PackPart = PackPart.OPEN
) -> dict[str, Any]:
    """The pack as it would be today: for a preview, kept nowhere."""
    return compose(
        gather(session, meeting, as_at=as_at, part=part), draft=True, version=DRAFT_WORDS
    )


def keep_draft(session: Session, meeting: Meeting, *, now: datetime) -> Pack:
    """Compose and file the drafts when updates close; their PDFs follow outside this transaction.

    Where updates were reopened and close again, the kept drafts are composed anew. Returns the
    open one; where the meeting has confidential items, theirs is kept beside it.
    """
    found = queries.draft_pack(session, meeting)
    closing = closing_step(session, meeting)
    again = (
        found is not None and closing.done_at is not None and found.composed_at < closing.done_at
    )
    if found is not None and not again:
        return found
    return close_again(session, meeting, now=now)


def close_again(session: Session, meeting: Meeting, *, now: datetime) -> Pack:
    """Compose the drafts anew, as everything stands now; the change is on record."""
    for part in (PackPart.CONFIDENTIAL, PackPart.OPEN):
        kept = kept_draft(session, meeting, part)
        value = draft(session, meeting, as_at=now, part=part)
        if kept is None and part is PackPart.CONFIDENTIAL and not value["items"]:
            continue
        if kept is None:
            kept = Pack(
                partnership_id=meeting.partnership_id,
                meeting_id=meeting.id,
                status=PackStatus.DRAFT,
                part=part,
            )
            session.add(kept)
        kept.snapshot_sha256 = _file(session, value, now)
        kept.composed_at = kept.as_at = now
        kept.schema_version = SCHEMA
        kept.pdf_sha256 = kept.pages = kept.render_error = None
        session.flush()
    assert kept is not None
    return kept


def value_of(session: Session, pack: Pack) -> dict[str, Any]:
    """The value that a pack was written from."""
    return cast(dict[str, Any], json.loads(read_bytes(session, pack.snapshot_sha256)))


def version_words(version: int, now: datetime, by: str) -> str:
    """Which version it is, when it was published and by whom."""
    return f"Version {version}, published {when(now)} by {by}"


def is_publishable(meeting: Meeting) -> bool:
    """Whether a meeting's pack may be published: also late, once it was held, if not cancelled."""
    return not meeting.status.fell_away


def held_words(board: Board, closed: Sequence[ClosedDays], today: date) -> str | None:
    """Why a public board's pack is not published today, and from which day; None: it may be."""
    held = held_until(today, closed) if board.is_public else None
    if held is None:
        return None
    name, free_on = held
    return (
        f"“{name}” holds public publishing. This pack can be published from {long_date(free_on)}."
    )


def latest_version(
    session: Session, meeting: Meeting, part: PackPart = PackPart.OPEN, supplement: int = 0
) -> int:
    """The number of the latest published version of a meeting's pack, 0 before the first."""
    packs = latest_packs(session, meeting, part)
    return next((one.version_number for one in packs if one.supplement == supplement), 0)


def for_publication(
    session: Session,
    meeting: Meeting,
    *,
    now: datetime,
    by: str,
    after: int | None = None,
    part: PackPart = PackPart.OPEN,
) -> tuple[dict[str, Any], int]:
    """The value to publish, from the kept draft, and its version number.

    The agenda and its papers are those of now; what updates said is as at their close. ``after``
    is the latest version that the secretary saw (0: none; None: whichever it is). Raises
    CannotPublish for a cancelled meeting, while updates are open, in a period that holds public
    publishing, or when another version was published since.
    """
    kept = publishable(session, meeting, now)
    latest = latest_version(session, meeting, part)
    if after not in (None, latest):
        raise CannotPublish(
            f"Nothing was published: version {latest} is there already. Publish a further version"
            " only if the board needs one."
        )
    beside = kept_draft(session, meeting, PackPart.CONFIDENTIAL)
    own, other = (kept, beside) if part is PackPart.OPEN else (beside, kept)
    value = as_at_close(
        draft(session, meeting, as_at=now, part=part),
        value_of(session, own) if own is not None else None,
        [value_of(session, other)] if other is not None else [],
    )
    return published(value, version_words(latest + 1, now, by)), latest + 1


def publish(
    session: Session,
    meeting: Meeting,
    value: dict[str, Any],
    rendered: RenderedPdf,
    *,
    version: int,
    person_id: int,
    now: datetime,
    part: PackPart = PackPart.OPEN,
    supplement: int = 0,
    changes: str | None = None,
) -> Pack:
    """File a published pack: value, bytes and hash, which do not change from here on.

    Its numbers and references are given to its items and papers, for good. Raises CannotPublish
    when the meeting was cancelled, its draft went, or its agenda changed while the pack was
    rendered; IntegrityError when somebody published the same version meanwhile.
    """
    kept = publishable(session, meeting, now)
    try:
        freeze(session, meeting, value, part, supplement)
    except ChangedMeanwhile as why:
        raise CannotPublish(str(why)) from None
    value = {**value, "facts": {**value["facts"], "pages": dict(rendered.item_pages)}}
    pack = Pack(
        partnership_id=meeting.partnership_id,
        meeting_id=meeting.id,
        status=PackStatus.PUBLISHED,
        part=part,
        supplement=supplement,
        first_page=int(value.get("first_page", 1)),
        changes_words=changes,
        version_number=version,
        schema_version=int(value["schema"]),
        composed_at=kept.composed_at,
        as_at=datetime.fromisoformat(value["facts"]["as_at"]),
        snapshot_sha256=_file(session, value, now),
        pdf_sha256=file_bytes(session, rendered.data, PDF_TYPE, now=now),
        pages=rendered.pages,
        published_at=now,
        published_by_id=person_id,
    )
    session.add(pack)
    meeting.changed_at = now
    session.flush()
    if part is PackPart.OPEN:
        mark_done(session, meeting, StepKind.PUBLISH, now=now)
    return pack


def publishable(session: Session, meeting: Meeting, now: datetime) -> Pack:
    """The kept draft of a meeting whose pack may be published; CannotPublish otherwise."""
    if not is_publishable(meeting):
        raise CannotPublish("This meeting was cancelled, so its pack is not published.")
    kept = queries.draft_pack(session, meeting)
    if kept is None:
        raise CannotPublish("Updates have not closed yet, so there is no draft to publish.")
    closing = closing_step(session, meeting)
    if closing.done_at is None:
        raise CannotPublish(
            f"Updates are open again until {when(closing.planned_at)}. The pack is published from"
            " the draft that is composed when they close."
        )
    closed = closed_days(session, meeting.partnership_id)
    held = held_words(meeting.board, closed, london_day(now))
    if held is not None:
        raise CannotPublish(held)
    return kept


def unrendered(session: Session) -> Sequence[int]:
    """The ids of kept packs that have no PDF yet, everywhere."""
    return session.scalars(
        select(Pack.id)
        .where(Pack.pdf_sha256.is_(None), Pack.render_error.is_(None))
        .order_by(Pack.id),
        execution_options={"all_partnerships": True},
    ).all()


def render_kept(session: Session, pack_id: int, renderer: PdfRenderer, *, now: datetime) -> bool:
    """Render one kept pack outside any transaction and file its PDF; False when it is there.

    Raises PdfError when it cannot be rendered; that is kept beside the pack for its secretary, and
    it is not tried again by itself.
    """
    pack = _pack(session, pack_id)
    if pack is None or pack.pdf_sha256 is not None:
        session.rollback()
        return False
    written_from, value = pack.snapshot_sha256, value_of(session, pack)
    session.rollback()
    try:
        rendered = renderer.render(value)
    except PdfError as wrong:
        pack = _pack(session, pack_id, lock=True)
        if pack is not None and _waits(pack, written_from):
            pack.render_error = str(wrong)[:500]
            session.commit()
        raise
    pack = _pack(session, pack_id, lock=True)
    if pack is None or not _waits(pack, written_from):
        session.rollback()
        return False
    pack.pdf_sha256 = file_bytes(session, rendered.data, PDF_TYPE, now=now)
    pack.pages = rendered.pages
    session.commit()
    return True


def _waits(pack: Pack, written_from: str) -> bool:
    """Whether a pack still waits for the PDF of this value: it may have been composed anew."""
    return pack.pdf_sha256 is None and pack.snapshot_sha256 == written_from


def _pack(session: Session, pack_id: int, *, lock: bool = False) -> Pack | None:
    """A kept pack; locked, so that of two who rendered it at once only one files it."""
    found = select(Pack).where(Pack.id == pack_id)
    if lock:
        found = found.with_for_update().execution_options(populate_existing=True)
    return session.scalar(found, execution_options={"all_partnerships": True})


def _file(session: Session, value: dict[str, Any], now: datetime) -> str:
    return file_bytes(session, canonical(value), JSON_TYPE, now=now)
