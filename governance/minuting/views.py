"""Pages of a meeting's minutes: read, as a file, the confidential part apart."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from governance import ground
from governance.ground import BOARD, MEETING, Group, Signpost, meeting_address, meeting_of, pages
from governance.minute_models import Minutes, MinutesState
from governance.minuting import (
    deciding_views,
    news,
    queries,
    recording_views,
    sending_views,
    writing_views,
    written,
)
from governance.minuting.forms import ChairForm
from governance.minuting.ground import why_closed
from governance.minuting.material import has_confidential, minutes_value
from governance.minuting.sending import kept_value
from governance.models import Meeting
from tracker.edges.db import db
from tracker.edges.pdf import PdfError
from tracker.ledger.blobs import read_bytes
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, may, requires
from tracker.web.parts import parts

# Each tells the others that it is there when it is imported.
__all__ = ["deciding_views", "news", "recording_views", "sending_views", "writing_views", "written"]
OUT = (MinutesState.WITH_MEMBERS, MinutesState.CONFIRMED)

ground.ON_MEETINGS.append(
    Signpost(
        "governance.minutes",
        "Minutes",
        Permission.READ_MINUTES,
        order=60,
        when=lambda meeting: meeting.status.took_place,
        group=Group.RECORD,
    )
)
ground.ON_BOARDS.append(
    Signpost(
        "governance.board_minutes",
        "Minutes",
        Permission.READ_MINUTES,
        order=30,
        group=Group.RECORDS,
    )
)


def _board_ids(meeting: Meeting) -> frozenset[int]:
    return frozenset(board.id for board in queries.boards_of(db.session(), meeting))


def _reads_draft(board: Board, minutes: Minutes | None) -> bool:
    """Whether the viewer may see what is not sent yet: the secretary, and the chair once asked."""
    if may(Permission.MINUTE, board_id=board.id):
        return True
    with_chair = minutes is not None and minutes.state is MinutesState.WITH_CHAIR
    return with_chair and may(Permission.AGREE_MINUTES, board_id=board.id)


def _value(
    board: Board, meeting: Meeting, minutes: Minutes | None, *, confidential: bool = False
) -> dict[str, Any] | None:
    """The minutes that the viewer may read: as they were filed, or the draft; None: none yet."""
    session = db.session()
    if minutes is not None and minutes.state in OUT:
        if confidential:
            filed = minutes.confidential_snapshot_sha256
        else:
            filed = minutes.redacted_snapshot_sha256 or minutes.snapshot_sha256
        return kept_value(session, filed) if filed else None
    if not _reads_draft(board, minutes) or (
        confidential and not has_confidential(session, meeting)
    ):
        return None
    state = minutes.state if minutes is not None else MinutesState.BEING_WRITTEN
    return minutes_value(session, meeting, state, confidential=confidential)


@pages.get(f"{MEETING}/minutes")
@requires(Permission.READ_MINUTES)
def minutes(slug: str, on: date) -> ResponseReturnValue:
    """A meeting's minutes, and how far they have come; for the secretary, what is to be done."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.READ_MINUTES, board_ids=_board_ids(meeting))
    found = queries.minutes_of(db.session(), meeting)
    is_secretary = may(Permission.MINUTE, board_id=board.id)
    with_chair = found is not None and found.state is MinutesState.WITH_CHAIR
    reads_confidential = may(Permission.READ_CONFIDENTIAL, board_id=board.id)
    return render_template(
        "governance/minuting/minutes.html",
        board=board,
        meeting=meeting,
        minutes=found,
        value=_value(board, meeting, found),
        is_secretary=is_secretary,
        closed=why_closed(meeting, found),
        chair_form=ChairForm(formdata=None)
        if with_chair and may(Permission.AGREE_MINUTES, board_id=board.id)
        else None,
        has_confidential=reads_confidential
        and _value(board, meeting, found, confidential=True) is not None,
    )


@pages.get(f"{MEETING}/minutes.pdf")
@requires(Permission.READ_MINUTES)
def minutes_pdf(slug: str, on: date) -> ResponseReturnValue:
    """The same as a file: the very bytes that were filed, or a preview of the draft."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.READ_MINUTES, board_ids=_board_ids(meeting))
    found = queries.minutes_of(db.session(), meeting)
    value = _value(board, meeting, found)
    filed = None
    if found is not None and found.state in OUT:
        # What was hidden since is hidden in the file as well.
        filed = found.pdf_sha256
        if found.redacted_snapshot_sha256 is not None:
            filed = found.redacted_pdf_sha256
    return _pdf(board, meeting, value, filed, f"{board.slug}-{on}-minutes.pdf")


@pages.get(f"{MEETING}/confidential-minutes")
@requires(Permission.READ_CONFIDENTIAL)
def confidential_minutes(slug: str, on: date) -> ResponseReturnValue:
    """What was recorded of a meeting's confidential items, for whoever is entitled."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.READ_CONFIDENTIAL, board_id=board.id)
    found = queries.minutes_of(db.session(), meeting)
    value = _value(board, meeting, found, confidential=True)
    if value is None:
        return _none_yet(board, meeting)
    return render_template(
        "governance/minuting/confidential.html", board=board, meeting=meeting, value=value
    )


@pages.get(f"{MEETING}/confidential-minutes.pdf")
@requires(Permission.READ_CONFIDENTIAL)
def confidential_minutes_pdf(slug: str, on: date) -> ResponseReturnValue:
    """The same as a file."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.READ_CONFIDENTIAL, board_id=board.id)
    found = queries.minutes_of(db.session(), meeting)
    value = _value(board, meeting, found, confidential=True)
    out = found is not None and found.state in OUT
    filed = found.confidential_pdf_sha256 if found is not None and out else None
    return _pdf(board, meeting, value, filed, f"{board.slug}-{on}-confidential-minutes.pdf")


@pages.get(f"{BOARD}/minutes")
@requires(Permission.READ_MINUTES)
def board_minutes(slug: str) -> ResponseReturnValue:
    """A board's minutes, the latest first, with how far each has come."""
    board = ground.board_of(slug)
    demand(Permission.READ_MINUTES, board_id=board.id)
    rows = queries.minutes_of_board(db.session(), board)
    if not may(Permission.MINUTE, board_id=board.id):
        rows = [(meeting, found) for meeting, found in rows if found and found.state in OUT]
    return render_template("governance/minuting/of_board.html", board=board, rows=rows)


def _none_yet(board: Board, meeting: Meeting) -> ResponseReturnValue:
    """Back to the page that says how far the minutes have come."""
    flash("There is nothing of that to read yet.")
    return redirect(meeting_address(board, meeting, "governance.minutes"))


def _pdf(
    board: Board, meeting: Meeting, value: dict[str, Any] | None, filed: str | None, name: str
) -> ResponseReturnValue:
    """Filed bytes; or, where none are filed yet, the same made from the value, kept nowhere."""
    if value is None:
        return _none_yet(board, meeting)
    if filed is not None:
        data = read_bytes(db.session(), filed)
    else:
        back = meeting_address(board, meeting, "governance.minutes")
        db.session.rollback()  # rendering holds no transaction
        try:
            data = parts().renderer.render(value).data
        except PdfError as error:
            flash(f"The file cannot be made. {error}")
            return redirect(back)
    response = Response(data, content_type="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
