"""The chair's briefing: a page, and a PDF to print."""

from __future__ import annotations

from datetime import date

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from governance.deciding.briefing import chairs_briefing
from governance.ground import MEETING, meeting_of, pages
from tracker.edges.db import db
from tracker.edges.pdf import PdfError
from tracker.web.access import Permission, demand, requires
from tracker.web.parts import now, parts


@pages.get(f"{MEETING}/briefing")
@requires(Permission.READ_BRIEFING)
def briefing(slug: str, on: date) -> ResponseReturnValue:
    """What the chair should know before the meeting, as it stands now."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.READ_BRIEFING, board_id=board.id)
    return render_template(
        "governance/deciding/briefing.html",
        board=board,
        meeting=meeting,
        briefing=chairs_briefing(db.session(), meeting, now=now()),
    )


@pages.get(f"{MEETING}/briefing.pdf")
@requires(Permission.READ_BRIEFING)
def briefing_pdf(slug: str, on: date) -> ResponseReturnValue:
    """The same as a PDF; it is kept nowhere."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.READ_BRIEFING, board_id=board.id)
    value = chairs_briefing(db.session(), meeting, now=now())
    db.session.rollback()  # rendering holds no transaction
    try:
        rendered = parts().renderer.render(value)
    except PdfError as error:
        page = render_template(
            "errors/error.html", title="The briefing cannot be made", what_to_do=str(error)
        )
        return page, 500
    response = Response(rendered.data, content_type="application/pdf")
    response.headers.set(
        "Content-Disposition", "inline", filename=f"{board.slug}-{on}-briefing.pdf"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
