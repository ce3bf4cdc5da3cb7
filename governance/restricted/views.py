"""Pages of a meeting's confidential items, for those entitled to them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from governance import queries as meetings
from governance.agenda_models import AgendaItem
from governance.ground import MEETING, ON_MEETINGS, Signpost, meeting_address, meeting_of, pages
from governance.models import Meeting
from governance.pack_models import PackPart
from governance.restricted import queries, redactions, takedown_views
from governance.restricted.forms import ConfidentialForm, OpenForm
from governance.restricted.operations import (
    CannotRestrict,
    make_confidential,
    make_open,
    was_published,
)
from governance.restricted.rules import SCHEDULE_12A
from tracker.edges.db import db
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, may, requires
from tracker.web.parts import this_day

__all__ = ["redactions", "takedown_views"]
ON_MEETINGS.append(
    Signpost("governance.confidential", "Confidential items", Permission.READ_CONFIDENTIAL, 45)
)
SOMEBODY = "Somebody changed this item since you opened the page. Look again."


@pages.get(f"{MEETING}/confidential")
@requires(Permission.READ_CONFIDENTIAL)
def confidential(slug: str, on: date) -> ResponseReturnValue:
    """A meeting's confidential items, on what ground, and who reads them."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.READ_CONFIDENTIAL, board_id=board.id)
    agenda = meetings.agenda(db.session(), meeting, confidential=True)
    return render_template(
        "governance/restricted/items.html",
        board=board,
        meeting=meeting,
        kept=[item for item in agenda if item.is_confidential],
        others=[
            item
            for item in agenda
            if not item.is_confidential and not was_published(db.session(), item, PackPart.OPEN)
        ],
        entitled=queries.entitled(db.session(), board, this_day()),
        paragraphs=SCHEDULE_12A,
        may_edit=may(Permission.EDIT_AGENDA, board_id=board.id),
    )


@pages.route(f"{MEETING}/items/<uuid:uid>/confidential", methods=["GET", "POST"])
@requires(Permission.EDIT_AGENDA)
def restrict(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Keep an item to those entitled: on what ground, and why."""
    board, meeting, item = _item(slug, on, uid)
    form = ConfidentialForm(
        data={
            "seen": item.version,
            "paragraph": str(item.exempt_paragraph or ""),
            "reason": item.exempt_reason,
        }
    )
    if not form.is_submitted():
        return _page(form, board, meeting, item)
    if not form.validate():
        return _page(form, board, meeting, item), 422
    if form.seen.data != item.version:
        form.seen.data, form.seen.raw_data = item.version, None
        form.reason.errors = [SOMEBODY]
        return _page(form, board, meeting, item), 409
    try:
        make_confidential(
            db.session(),
            item,
            paragraph=form.number(),
            reason=form.reason.data,
            access_law=board.access_law,
        )
    except CannotRestrict as why:
        for name, words in (why.fields or {"reason": str(why)}).items():
            form[name].errors = [words]
        return _page(form, board, meeting, item), 422
    flash("The item is confidential now: only those entitled read it.", "success")
    return redirect(meeting_address(board, meeting, "governance.confidential"))


@pages.post(f"{MEETING}/items/<uuid:uid>/open")
@requires(Permission.EDIT_AGENDA)
def unrestrict(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Make a confidential item open again."""
    board, meeting, item = _item(slug, on, uid)
    form = OpenForm()
    if not form.validate() or form.seen.data != item.version:
        flash(SOMEBODY)
        return redirect(meeting_address(board, meeting, "governance.confidential"))
    try:
        make_open(db.session(), item)
    except CannotRestrict as why:
        flash(str(why))
    else:
        flash("The item is open now: everybody who reads the papers reads it.", "success")
    return redirect(meeting_address(board, meeting, "governance.confidential"))


def _item(slug: str, on: date, uid: UUID) -> tuple[Board, Meeting, AgendaItem]:
    board, meeting = meeting_of(slug, on)
    demand(Permission.EDIT_AGENDA, board_id=board.id)
    item = queries.item_by_uid(db.session(), meeting, uid)
    if item is None:
        abort(404)
    return board, meeting, item


def _page(form: ConfidentialForm, board: Board, meeting: Meeting, item: AgendaItem) -> str:
    return render_template(
        "governance/restricted/restrict.html", form=form, board=board, meeting=meeting, item=item
    )
