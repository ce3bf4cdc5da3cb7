"""Pages on which a meeting is minuted item by item, with its decisions and actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.agenda_models import AgendaItem
from governance.ground import MEETING, meeting_address, pages
from governance.minute_models import ItemMinute
from governance.minuting import operations, queries
from governance.minuting.forms import (
    DeferForm,
    ItemMinuteForm,
)
from governance.minuting.ground import Overtaken
from governance.minuting.material import item_numbers
from governance.minuting.putting_off import put_off
from governance.minuting.recording_views import closed_page, reads_confidential, to_minute
from governance.models import Meeting
from tracker.edges.db import db
from tracker.kernel.period import short_date
from tracker.people.board_models import Board
from tracker.web.access import Permission, requires, viewer
from tracker.web.parts import now

NO_ITEM = "That item is not on this agenda any more. Look at the page again."


@dataclass(frozen=True)
class Line:
    """An item on the page that minutes it: with its number, what is saved, and its two forms."""

    item: AgendaItem
    number: str
    row: ItemMinute | None
    form: ItemMinuteForm
    defer: DeferForm


def _lines(board: Board, meeting: Meeting, sent: ItemMinuteForm | DeferForm | None) -> list[Line]:
    """The items with their forms; the one that was sent as it was sent."""
    session, secret = db.session(), reads_confidential(board)
    rows = queries.item_minutes(session, meeting, confidential=secret)
    numbers = item_numbers(session, meeting, confidential=secret)
    found = []
    items = queries.minuted_items(session, meeting, confidential=secret)
    for place, item in enumerate(items, start=1):
        row, uid = rows.get(item.id), str(item.uid)
        mine = sent if sent is not None and sent.item.data == uid else None
        form = mine if isinstance(mine, ItemMinuteForm) else None
        defer = mine if isinstance(mine, DeferForm) else None
        if form is None:
            data = {"item": uid, "seen": row.version if row else 0, "text": row.text if row else ""}
            form = ItemMinuteForm(formdata=None, data=data)
        defer = defer or DeferForm(formdata=None, data={"item": uid})
        for field in form:
            field.id = f"{field.short_name}-{place}"
        for field in defer:
            field.id = f"defer-{field.short_name}-{place}"
        found.append(Line(item, numbers[item.id], row, form, defer))
    return found


def _write_page(
    board: Board,
    meeting: Meeting,
    sent: ItemMinuteForm | DeferForm | None = None,
    problem: str = "",
) -> str:
    lines = _lines(board, meeting, sent)
    return render_template(
        "governance/minuting/write.html",
        board=board,
        meeting=meeting,
        lines=lines,
        form=sent,
        problem=problem,
        person_id=viewer().person_id,
    )


@pages.route(f"{MEETING}/minutes/write", methods=["GET", "POST"])
@requires(Permission.MINUTE)
def write_minutes(slug: str, on: date) -> ResponseReturnValue:
    """A text box for each item, saved one by one; the second of two sees both versions."""
    board, meeting, closed = to_minute(slug, on)
    if closed:
        return closed_page(board, meeting, closed)
    if request.method == "GET":
        return _write_page(board, meeting)
    form = ItemMinuteForm()
    item = item_named(board, meeting, form.item.data)
    if item is None:
        return _write_page(board, meeting, problem=NO_ITEM), 422
    if not form.validate():
        return _write_page(board, meeting, form), 422
    try:
        operations.minute_item(
            db.session(),
            meeting,
            item,
            text=form.text.data or "",
            seen=form.seen.data or 0,
            person_id=viewer().person_id,
            now=now(),
        )
    except Overtaken:
        return _both(board, meeting, item, form), 409
    flash("Saved.", "success")
    return redirect(
        meeting_address(board, meeting, "governance.write_minutes", _anchor=f"item-{item.uid}")
    )


def item_named(board: Board, meeting: Meeting, uid: str | None) -> AgendaItem | None:
    """The item that a form names, where the viewer may see it."""
    items = queries.minuted_items(db.session(), meeting, confidential=reads_confidential(board))
    return next((one for one in items if str(one.uid) == uid), None)


def _both(board: Board, meeting: Meeting, item: AgendaItem, form: ItemMinuteForm) -> str:
    """Both versions of an item that two people minuted at once."""
    rows = queries.item_minutes(db.session(), meeting, confidential=item.is_confidential)
    row = rows.get(item.id)
    theirs, mine = row.text if row else "", form.text.data or ""
    form.seen.data, form.seen.raw_data = row.version if row else 0, None
    return render_template(
        "governance/minuting/conflict.html",
        board=board,
        meeting=meeting,
        item=item,
        theirs=theirs,
        mine=mine,
        kept=form,
        both=f"{theirs}\n\n{mine}".strip(),
        longest=8000,
    )


@pages.post(f"{MEETING}/minutes/defer")
@requires(Permission.MINUTE)
def defer_unreached(slug: str, on: date) -> ResponseReturnValue:
    """Put an item that the meeting did not reach off to the board's next meeting."""
    board, meeting, closed = to_minute(slug, on)
    if closed:
        return closed_page(board, meeting, closed)
    form = DeferForm()
    item = item_named(board, meeting, form.item.data)
    if item is None:
        return _write_page(board, meeting, problem=NO_ITEM), 422
    if not form.validate():
        return _write_page(board, meeting, form), 422
    to = put_off(db.session(), meeting, item, why=form.why.data or "", now=now())
    where = f"to the meeting of {short_date(to.meets_on)}" if to else "to the forward plan"
    flash(f"Deferred {where}.", "success")
    return redirect(meeting_address(board, meeting, "governance.write_minutes"))
