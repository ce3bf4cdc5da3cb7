"""Minutes on their way: to the chair, to members, confirmed; filed with their PDF.

Rendering is outside any transaction: the value is composed, the transaction given up, the PDF made,
and then everything is written at once. Where the record changed meanwhile, or no PDF was made, the
value alone is filed and its PDF follows (``unprinted``, ``print_kept``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.clockwork import Printing, add_printing
from governance.minute_models import Minutes, MinutesState
from governance.minuting import queries
from governance.minuting.ground import CannotMinute, begun, held, why_closed
from governance.minuting.material import has_confidential, minutes_value
from governance.models import Meeting
from governance.operations import mark_done
from governance.packs import canonical
from governance.timetable import StepKind
from tracker.edges.pdf import PdfRenderer, RenderedPdf
from tracker.edges.tenancy import ACROSS
from tracker.ledger.blobs import file_bytes, read_bytes

JSON_TYPE, PDF_TYPE = "application/json", "application/pdf"


@dataclass(frozen=True)
class Values:
    """The minutes of a meeting as values: the open ones, and the confidential ones if any."""

    open: dict[str, Any]
    confidential: dict[str, Any] | None


@dataclass(frozen=True)
class Printed:
    """The same with their PDFs."""

    values: Values
    open: RenderedPdf
    confidential: RenderedPdf | None


def values_of(
    session: Session,
    meeting: Meeting,
    state: MinutesState,
    *,
    at: Meeting | None = None,
    amendments: str | None = None,
) -> Values:
    """What would be filed of a meeting's minutes in a state."""
    secret = None
    if has_confidential(session, meeting):
        secret = minutes_value(session, meeting, state, confidential=True, at=at)
    return Values(minutes_value(session, meeting, state, at=at, amendments=amendments), secret)


def printed(values: Values, renderer: PdfRenderer) -> Printed:
    """Make the PDFs, outside any transaction. Raises PdfError."""
    secret = renderer.render(values.confidential) if values.confidential is not None else None
    return Printed(values, renderer.render(values.open), secret)


def send_to_chair(session: Session, meeting: Meeting, *, now: datetime) -> Minutes:
    """Send the draft to the chair, or again after changes. Raises CannotMinute."""
    minutes = held(session, meeting)
    _demand(meeting, minutes)
    if not meeting.status.took_place:
        raise CannotMinute("The meeting has not been held yet, so there are no minutes to send.")
    minutes = begun(session, meeting, minutes, now)
    minutes.state = MinutesState.WITH_CHAIR
    minutes.sent_to_chair_at = minutes.changed_at = now
    minutes.agreed_by_chair_at = minutes.chair_words = None
    session.flush()
    mark_done(session, meeting, StepKind.DRAFT_MINUTES_TO_CHAIR, now=now)
    return minutes


def chair_answers(
    session: Session, meeting: Meeting, *, agrees: bool, words: str | None, now: datetime
) -> Minutes:
    """The chair agrees the draft, or says what to change; the secretary may record either.

    Raises CannotMinute when the draft is not with the chair, or nothing is said.
    """
    minutes = held(session, meeting)
    if minutes is None or minutes.state is not MinutesState.WITH_CHAIR:
        raise CannotMinute("The draft minutes are not with the chair.")
    if not agrees and not words:
        raise CannotMinute("Say what should be changed.")
    minutes.chair_words = words
    minutes.agreed_by_chair_at = now if agrees else None
    if not agrees:
        minutes.state = MinutesState.BEING_WRITTEN
    minutes.changed_at = now
    session.flush()
    return minutes


def send_to_members(
    session: Session, meeting: Meeting, *, papers: Printed | None, now: datetime
) -> Minutes:
    """Send the draft to members and file it. Raises CannotMinute before the chair has agreed."""
    minutes = held(session, meeting)
    _demand(meeting, minutes)
    if minutes is None or minutes.agreed_by_chair_at is None:
        raise CannotMinute("The chair has not agreed the draft yet.")
    minutes.state = MinutesState.WITH_MEMBERS
    minutes.sent_to_members_at = minutes.changed_at = now
    keep(session, meeting, minutes, papers, now=now)
    mark_done(session, meeting, StepKind.DRAFT_MINUTES_TO_MEMBERS, now=now)
    return minutes


def take_back(session: Session, meeting: Meeting, *, now: datetime) -> Minutes:
    """Take a draft back from members or the chair, to correct it. Raises CannotMinute."""
    minutes = held(session, meeting)
    if minutes is None or minutes.state not in (
        MinutesState.WITH_CHAIR,
        MinutesState.WITH_MEMBERS,
    ):
        raise CannotMinute("These minutes are not out as a draft.")
    minutes.state = MinutesState.BEING_WRITTEN
    minutes.agreed_by_chair_at = minutes.sent_to_members_at = None
    minutes.changed_at = now
    session.flush()
    return minutes


def confirm_minutes(
    session: Session,
    minutes: Minutes,
    *,
    at: Meeting,
    amendments: str | None,
    person_id: int,
    now: datetime,
    papers: Printed | None = None,
) -> None:
    """A later meeting of the board confirms minutes, as written or with amendments in words.

    From then on nothing recorded of their meeting is changed. Raises CannotMinute when they are
    not with members, or ``at`` is not a later sitting of the board that has begun.
    """
    meeting = session.scalars(
        select(Meeting).where(
            Meeting.partnership_id == minutes.partnership_id, Meeting.id == minutes.meeting_id
        )
    ).one()
    held(session, meeting)
    why = why_not_confirmed(meeting, minutes, at, now)
    if why is not None:
        raise CannotMinute(why)
    minutes.state = MinutesState.CONFIRMED
    minutes.amendments = amendments
    minutes.confirmed_on = at.meets_on
    minutes.confirmed_at_id = at.id
    minutes.confirmed_by_id = person_id
    minutes.changed_at = now
    session.flush()
    keep(session, meeting, minutes, papers, now=now, at=at)


def why_not_confirmed(
    meeting: Meeting, minutes: Minutes | None, at: Meeting, now: datetime
) -> str | None:
    """Why a meeting cannot confirm minutes of another now, as a sentence; None: it can."""
    if minutes is not None and minutes.state is MinutesState.CONFIRMED:
        return "These minutes were confirmed already."
    if minutes is None or minutes.state is not MinutesState.WITH_MEMBERS:
        return "These minutes have not been sent to members yet, so they cannot be confirmed."
    if at.board_id != meeting.board_id or at.starts_at <= meeting.starts_at:
        return "Minutes are confirmed by a later meeting of the same board."
    if at.status.fell_away or at.starts_at > now:
        return "The meeting has not begun, so it has confirmed nothing yet."
    return None


def _demand(meeting: Meeting, minutes: Minutes | None) -> None:
    why = why_closed(meeting, minutes)
    if why is not None:
        raise CannotMinute(why)


def keep(
    session: Session,
    meeting: Meeting,
    minutes: Minutes,
    papers: Printed | None,
    *,
    now: datetime,
    at: Meeting | None = None,
) -> None:
    """File minutes as they stand; with the PDFs where these were made of the same values."""
    values = values_of(session, meeting, minutes.state, at=at, amendments=minutes.amendments)
    same = papers if papers is not None and papers.values == values else None
    minutes.snapshot_sha256 = file_bytes(session, canonical(values.open), JSON_TYPE, now=now)
    minutes.pdf_sha256 = minutes.pages = None
    minutes.confidential_snapshot_sha256 = minutes.confidential_pdf_sha256 = None
    # What was taken down stands as a gap in the records themselves, and so in what is filed anew.
    minutes.redacted_snapshot_sha256 = minutes.redacted_pdf_sha256 = None
    if values.confidential is not None:
        minutes.confidential_snapshot_sha256 = file_bytes(
            session, canonical(values.confidential), JSON_TYPE, now=now
        )
    if same is not None:
        _file(session, minutes, same.open, same.confidential, now)
    session.flush()


def _file(
    session: Session,
    minutes: Minutes,
    main: RenderedPdf,
    secret: RenderedPdf | None,
    now: datetime,
) -> None:
    minutes.pdf_sha256 = file_bytes(session, main.data, PDF_TYPE, now=now)
    minutes.pages = main.pages
    if secret is not None:
        minutes.confidential_pdf_sha256 = file_bytes(session, secret.data, PDF_TYPE, now=now)


def kept_value(session: Session, sha256: str) -> dict[str, Any]:
    """A value that was filed."""
    return cast(dict[str, Any], json.loads(read_bytes(session, sha256)))


def unprinted(session: Session) -> Sequence[int]:
    """The ids of filed minutes that wait for a PDF, everywhere."""
    return session.scalars(
        select(Minutes.id)
        .where(
            Minutes.snapshot_sha256.is_not(None),
            Minutes.state.in_((MinutesState.WITH_MEMBERS, MinutesState.CONFIRMED)),
            Minutes.pdf_sha256.is_(None),
        )
        .order_by(Minutes.id),
        execution_options=ACROSS,
    ).all()


def print_kept(session: Session, minutes_id: int, renderer: PdfRenderer, *, now: datetime) -> bool:
    """Make the PDFs of filed minutes outside any transaction; False when they are there.

    Commits by itself, as ``documents.render_kept`` does. Raises PdfError.
    """
    found = _kept(session, minutes_id)
    if found is None:
        session.rollback()
        return False
    written_from = found.snapshot_sha256, found.confidential_snapshot_sha256
    values = [kept_value(session, one) if one else None for one in written_from]
    session.rollback()
    assert values[0] is not None
    papers = printed(Values(values[0], values[1]), renderer)
    found = _kept(session, minutes_id, lock=True)
    if found is None or written_from != (found.snapshot_sha256, found.confidential_snapshot_sha256):
        session.rollback()
        return False
    _file(session, found, papers.open, papers.confidential, now)
    session.commit()
    return True


def _kept(session: Session, minutes_id: int, *, lock: bool = False) -> Minutes | None:
    """Filed minutes without their PDF; locked, so that of two who made it only one files it."""
    found = select(Minutes).where(
        Minutes.id == minutes_id,
        Minutes.snapshot_sha256.is_not(None),
        Minutes.pdf_sha256.is_(None),
    )
    if lock:
        found = found.with_for_update().execution_options(populate_existing=True)
    return session.scalar(found, execution_options=ACROSS)


def minutes_to_confirm(session: Session, at: Meeting) -> tuple[Meeting, Minutes | None] | None:
    """The sitting whose minutes a meeting has to confirm, with its minutes; None: no sitting."""
    meeting = queries.to_confirm(session, at)
    return None if meeting is None else (meeting, queries.minutes_of(session, meeting))


def _print(session: Session, minutes_id: int, renderer: PdfRenderer, now: datetime) -> bool:
    return print_kept(session, minutes_id, renderer, now=now)


add_printing(Printing("printing of minutes", unprinted, _print))
