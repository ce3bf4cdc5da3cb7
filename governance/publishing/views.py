"""Pages on which a pack is previewed, published and read as it was published."""

from __future__ import annotations

from datetime import date

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from governance import documents, queries
from governance.ground import MEETING, meeting_of, pages
from governance.publishing import further_views, gate_views, reading_views
from governance.publishing.serving import may_read, pdf, pdf_of
from tracker.edges.db import db
from tracker.edges.pdf import PdfError
from tracker.web.access import Permission, demand, requires
from tracker.web.parts import now, parts

__all__ = ["further_views", "gate_views", "reading_views"]


@pages.get(f"{MEETING}/draft.pdf")
@requires(Permission.READ_DRAFT_PACK)
def preview(slug: str, on: date) -> ResponseReturnValue:
    """The pack as it would be now; it is kept nowhere."""
    found_board, found = meeting_of(slug, on)
    demand(Permission.READ_DRAFT_PACK, board_id=found_board.id)
    value = documents.draft(db.session(), found, as_at=now())
    db.session.rollback()
    try:
        rendered = parts().renderer.render(value)
    except PdfError as error:
        return render_template(
            "errors/error.html", title="The draft cannot be made", what_to_do=str(error)
        ), 500
    return pdf(rendered.data, f"{found_board.slug}-{on}-draft.pdf")


@pages.get(f"{MEETING}/pack-<int:version>.pdf")
@requires(Permission.READ_PUBLISHED_PACK)
def pack(slug: str, on: date, version: int) -> ResponseReturnValue:
    """A published pack: the very bytes that were published."""
    found_board, found = meeting_of(slug, on)
    may_read(found)
    published = queries.published_pack(db.session(), found, version)
    if published is None:
        abort(404)
    return pdf_of(published, f"{found_board.slug}-{on}-version-{version}.pdf")
