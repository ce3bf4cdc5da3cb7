"""Pages of one agenda item: added, changed, moved, taken off, put back, deferred, its history."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from governance import queries
from governance.agenda import ItemKind
from governance.agenda_models import AgendaItem, ItemOrigin, ItemStatus
from governance.agendas import queries as agendas
from governance.agendas.changing import (
    CannotChange,
    change_item,
    check_open,
    move_item,
    step_item,
)
from governance.agendas.forms import DeferForm, ItemForm, MoveItemForm, NewItemForm, WhyForm
from governance.agendas.ground import item_at, name_of, sees_confidential, to_agenda, to_edit
from governance.agendas.history import history_of
from governance.agendas.operations import add_item, defer_item, put_back, take_off
from governance.agendas.rules import ALWAYS_THERE
from governance.ground import MEETING, meeting_address, meeting_of, pages
from governance.models import Meeting
from tracker.edges.db import db
from tracker.kernel.period import long_date
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, may, requires
from tracker.web.parts import now

ITEM = f"{MEETING}/agenda/items/<uuid:uid>"
PARKED = "parked"
GONE = "It is not on the agenda any more. Look at the agenda as it is now."


@pages.route(f"{MEETING}/agenda/add", methods=["GET", "POST"])
@requires(Permission.EDIT_AGENDA)
def agenda_add(slug: str, on: date) -> ResponseReturnValue:
    """Add an item; once the pack is published, a late one with its reason."""
    board, meeting = to_edit(slug, on)
    form, is_published = NewItemForm.on(1), agendas.is_published(db.session(), meeting)
    if not meeting.status.is_to_come:
        flash("This meeting is over, so its agenda stays as it was.")
        return to_agenda(board, meeting)
    if form.is_submitted() and form.validate() and (not is_published or form.demand_reason()):
        words = form.words()
        item = add_item(
            db.session(),
            meeting,
            kind=ItemKind.TEXT,
            title=words.title,
            purpose=words.purpose,
            origin=ItemOrigin.LATE if form.late_reason.data else ItemOrigin.SECRETARY,
            presenter=words.presenter,
            minutes=words.minutes,
            text=words.text,
            late_reason=form.late_reason.data,
        )
        flash(f"Added: {item.title}.", "success")
        return to_agenda(board, meeting, f"item-{item.uid}")
    page = render_template(
        "governance/agendas/item.html",
        form=form,
        board=board,
        meeting=meeting,
        item=None,
        theirs=None,
        is_published=is_published,
    )
    return page, 422 if form.is_submitted() else 200


@pages.route(f"{ITEM}/change", methods=["GET", "POST"])
@requires(Permission.EDIT_AGENDA)
def agenda_change(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Change what an item says; where somebody changed it meanwhile, both are shown."""
    board, meeting = to_edit(slug, on)
    item = item_at(board, meeting, uid)
    form = ItemForm.on(
        item.version,
        title=item.title,
        purpose=item.purpose.value,
        presenter=item.presenter,
        minutes=item.minutes,
        text=item.text,
    )
    status, theirs = 200, None
    if form.is_submitted():
        status = 422
        seen = form.version.data
        if form.validate():
            if seen == item.version:
                change_item(db.session(), item, form.words())
                flash(f"Saved: {name_of(item)}.", "success")
                return to_agenda(board, meeting, f"item-{item.uid}")
            # What was typed stays, and is saved by whoever has read what the other saved.
            form.version.data, status, theirs = item.version, 409, item
    page = render_template(
        "governance/agendas/item.html",
        form=form,
        board=board,
        meeting=meeting,
        item=item,
        theirs=theirs,
        is_published=agendas.is_published(db.session(), meeting),
    )
    return page, status


@pages.post(f"{ITEM}/move")
@requires(Permission.EDIT_AGENDA)
def agenda_move(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Move an item up or down, or before another one; the focus stays on its button."""
    board, meeting = to_edit(slug, on)
    item = item_at(board, meeting, uid)
    form, session = MoveItemForm(), db.session()
    way = form.way.data
    try:
        if item.status is not ItemStatus.ON_AGENDA:
            flash(GONE)
        elif way in ("up", "down"):
            step_item(session, meeting, item, up=way == "up")
        elif way == "before":
            move_item(session, meeting, item, before=_before(board, meeting, form))
    except CannotChange as why:
        flash(str(why))
        return to_agenda(board, meeting)
    return to_agenda(board, meeting, _focus(board, meeting, item, way))


def _before(board: Board, meeting: Meeting, form: MoveItemForm) -> AgendaItem | None:
    try:
        uid = UUID(form.before.data or "")
    except ValueError:
        return None
    return item_at(board, meeting, uid)


def _focus(board: Board, meeting: Meeting, item: AgendaItem, way: str | None) -> str:
    """The id of the button that was pressed; at an end of the agenda, of the other one."""
    items = [
        one.id
        for one in queries.agenda(db.session(), meeting, confidential=sees_confidential(board))
        if one.is_confidential == item.is_confidential
    ]
    if way not in ("up", "down") or item.id not in items or len(items) < 2:
        return f"item-{item.uid}"
    if item.id == items[0]:
        way = "down"
    elif item.id == items[-1]:
        way = "up"
    return f"{way}-{item.uid}"


@pages.route(f"{ITEM}/take-off", methods=["GET", "POST"])
@requires(Permission.EDIT_AGENDA)
def agenda_take_off(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Take an item off the agenda, and say why."""
    board, meeting = to_edit(slug, on)
    item = item_at(board, meeting, uid)
    form = WhyForm.on(item.version)
    status = _leaving(board, meeting, item, form)
    if status == 302:
        take_off(db.session(), item, why=str(form.why.data))
        flash(f"Taken off the agenda: {name_of(item)}. You can put it back below.", "success")
        return to_agenda(board, meeting)
    return _leave_page("take_off", form, board, meeting, item, status)


@pages.post(f"{ITEM}/put-back")
@requires(Permission.EDIT_AGENDA)
def agenda_put_back(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Put an item back that was taken off."""
    board, meeting = to_edit(slug, on)
    item = item_at(board, meeting, uid)
    try:
        check_open(db.session(), meeting)
    except CannotChange as why:
        flash(str(why))
        return to_agenda(board, meeting)
    if item.status is ItemStatus.REMOVED:
        put_back(db.session(), item)
        flash(f"Back on the agenda: {name_of(item)}.", "success")
    return to_agenda(board, meeting, f"item-{item.uid}")


@pages.route(f"{ITEM}/defer", methods=["GET", "POST"])
@requires(Permission.EDIT_AGENDA)
def agenda_defer(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Put an item off to another meeting, or park it in the forward plan."""
    board, meeting = to_edit(slug, on)
    item = item_at(board, meeting, uid)
    later = _later(meeting)
    form = DeferForm.on(item.version)
    form.to.offer(
        [
            *((one.occurrence_on.isoformat(), _choice(at, one)) for at, one in enumerate(later)),
            (PARKED, "No meeting yet: park it in the forward plan"),
        ]
    )
    status = _leaving(board, meeting, item, form)
    if status == 302:
        to = next((one for one in later if one.occurrence_on.isoformat() == form.to.data), None)
        defer_item(db.session(), item, to=to, why=str(form.why.data), now=now())
        where = f"to {long_date(to.meets_on)}" if to else "and parked in the forward plan"
        flash(f"Deferred {where}: {name_of(item)}.", "success")
        return to_agenda(board, meeting)
    return _leave_page("defer", form, board, meeting, item, status)


def _later(meeting: Meeting) -> list[Meeting]:
    """The board's later meetings whose agenda still takes items."""
    session = db.session()
    coming = queries.meetings(
        session, meeting.partnership_id, board_ids=[meeting.board_id], after=meeting.ends_at
    )
    open_still = [one for one in coming if one.status.is_to_come]
    published = agendas.published_of(
        session, meeting.partnership_id, [one.id for one in open_still]
    )
    return [one for one in open_still if one.id not in published]


def _choice(at: int, meeting: Meeting) -> str:
    day = long_date(meeting.meets_on)
    return f"The next meeting, {day}" if at == 0 else day


def _leaving(board: Board, meeting: Meeting, item: AgendaItem, form: WhyForm) -> int:
    """Whether an item may leave: 302 where it does, else the status of the page that says why."""
    if not form.is_submitted():
        return 200
    if not form.validate():
        return 422
    try:
        check_open(db.session(), meeting)
    except CannotChange as why:
        form.why.errors = [str(why)]
        return 422
    if form.version.data != item.version or item.status is not ItemStatus.ON_AGENDA:
        form.version.data = item.version
        form.why.errors = ["Somebody changed this item since you opened the page. Look again."]
        return 409
    if item.kind in ALWAYS_THERE and isinstance(form, DeferForm):
        form.to.errors = ["Every meeting has this item, so it is not deferred. Take it off."]
        return 422
    return 302


def _leave_page(
    name: str, form: WhyForm, board: Board, meeting: Meeting, item: AgendaItem, status: int
) -> ResponseReturnValue:
    page = render_template(
        f"governance/agendas/{name}.html", form=form, board=board, meeting=meeting, item=item
    )
    return page, status


@pages.get(f"{ITEM}/history")
@requires(Permission.READ_MINUTES)
def agenda_history(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """One piece of business across meetings: what was minuted and decided, why it was deferred."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.READ_MINUTES, board_id=board.id)
    item = item_at(board, meeting, uid)
    is_draft = not agendas.is_published(db.session(), meeting)
    if is_draft and not may(Permission.READ_DRAFT_PACK, board_id=board.id):
        return redirect(meeting_address(board, meeting))
    return render_template(
        "governance/agendas/history.html",
        board=board,
        meeting=meeting,
        item=item,
        sittings=history_of(
            db.session(),
            item,
            board.id,
            confidential=sees_confidential(board),
            drafts=may(Permission.READ_DRAFT_PACK, board_id=board.id),
            minutes_of_all=may(Permission.MINUTE, board_id=board.id),
        ),
    )
