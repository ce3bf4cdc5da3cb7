"""Who may read what was published, and how its files are served."""

from __future__ import annotations

from flask import Response, abort, g, render_template
from flask.typing import ResponseReturnValue

from governance import queries
from governance.models import Meeting
from governance.pack_models import Pack, PackPart
from tracker.edges.db import db
from tracker.ledger.blobs import TakenDown, read_bytes
from tracker.web.access import Permission, demand, may


def may_read(meeting: Meeting) -> None:
    """Go on only for who reads the packs of the meeting's board, or of one it is joint with."""
    boards = queries.boards_of(db.session(), meeting)
    demand(Permission.READ_PUBLISHED_PACK, board_ids=frozenset(board.id for board in boards))


def is_published(meeting: Meeting) -> bool:
    """Whether anything was published for a meeting; several links of one page ask it at once."""
    known: dict[int, bool] = g.setdefault("published_meetings", {})
    if meeting.id not in known:
        known[meeting.id] = queries.published_pack(db.session(), meeting) is not None
    return known[meeting.id]


def sees_confidential(meeting: Meeting) -> bool:
    """Whether the viewer reads the confidential items of the meeting's own board."""
    return may(Permission.READ_CONFIDENTIAL, board_id=meeting.board_id)


def not_hidden(pack: Pack | None, meeting: Meeting) -> Pack:
    """The pack, where the viewer may know that it is there; 404 otherwise."""
    if pack is None:
        abort(404)
    if pack.part is PackPart.CONFIDENTIAL and not sees_confidential(meeting):
        abort(404)
    return pack


def pdf_of(pack: Pack, name: str) -> ResponseReturnValue:
    """A published pack's file; a page that says so where it is taken down or not written yet."""
    if pack.pdf_sha256 is None:
        abort(404)
    try:
        if pack.redacted_snapshot_sha256 is not None and pack.redacted_pdf_sha256 is None:
            raise TakenDown(
                "A text in this pack was taken down. The file without it is being made."
            )
        data = read_bytes(db.session(), pack.redacted_pdf_sha256 or pack.pdf_sha256)
    except TakenDown as why:
        return render_template(
            "errors/error.html", title="This file is not shown", what_to_do=str(why)
        ), 410
    return pdf(data, name)


def pdf(data: bytes, name: str) -> Response:
    """A PDF to be shown in the browser and kept by nobody on the way."""
    response = Response(data, content_type="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
