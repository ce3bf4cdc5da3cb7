"""Pages: the forward plan: what comes to a board when, and what is parked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from governance import queries
from governance.agendas.queries import published_of
from governance.forward.entries import forward_item
from governance.forward.forms import NO_MEETING, DropForm, EntryForm
from governance.forward.operations import (
    CannotSchedule,
    change,
    drop,
    park,
    schedule,
    unschedule,
)
from governance.forward.queries import forward_plan, when_of
from governance.ground import BOARD, ON_BOARDS, Group, Signpost, board_address, board_of, pages
from governance.models import Meeting, MeetingStatus
from governance.report_models import ForwardItem, ForwardState
from tracker.edges.db import db
from tracker.people import queries as people
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, may, requires
from tracker.web.parts import now

ON_BOARDS.append(
    Signpost("governance.forward_plan", "Forward plan", Permission.READ, 20, group=Group.RECORDS)
)
NEW = 1  # what a page of a new entry has seen
OVERTAKEN = "Somebody changed this item since you opened the page. Look again."


@pages.get(f"{BOARD}/forward-plan", endpoint="forward_plan")
@requires(Permission.READ)
def show(slug: str) -> ResponseReturnValue:
    """What comes to a board in the next eighteen months, and by which rule."""
    board = board_of(slug)
    confidential = may(Permission.READ_CONFIDENTIAL, board_id=board.id)
    return render_template(
        "governance/forward/plan.html",
        board=board,
        plan=forward_plan(db.session(), board, after=now(), confidential=confidential),
        when_of=when_of,
        may_edit=may(Permission.EDIT_AGENDA, board_id=board.id),
    )


@pages.get("/published/<slug:partnership>/boards/<slug:slug>/forward-plan")
@requires(Permission.PUBLIC)
def public_forward_plan(partnership: str, slug: str) -> ResponseReturnValue:
    """The forward plan of a board that meets in public, for anybody."""
    found = people.partnership_by_slug(db.session(), partnership)
    board = people.board_by_slug(db.session(), found.id, slug) if found is not None else None
    if found is None or board is None or not board.is_public:
        abort(404)
    return render_template(
        "governance/forward/public.html",
        board=board,
        of=found,
        plan=forward_plan(db.session(), board, after=now(), is_public=True),
        when_of=when_of,
    )


@pages.route(f"{BOARD}/forward-plan/add", methods=["GET", "POST"])
@requires(Permission.EDIT_AGENDA)
def forward_add(slug: str) -> ResponseReturnValue:
    """Keep an item for a later meeting: one that is known already, or none yet."""
    board = board_of(slug)
    demand(Permission.EDIT_AGENDA, board_id=board.id)
    form, ahead = EntryForm.on(NEW), _takers(board)
    form.offer(ahead)
    if not form.validate_on_submit():
        return _entry_page(form, board, None), 422 if form.is_submitted() else 200
    item = park(
        db.session(),
        board,
        form.words(),
        now=now(),
        is_confidential=bool(form.is_confidential.data),
    )
    return _placed(form, board, item, ahead, "is in the forward plan")


@pages.route(f"{BOARD}/forward-plan/<uuid:uid>", methods=["GET", "POST"])
@requires(Permission.EDIT_AGENDA)
def forward_change(slug: str, uid: UUID) -> ResponseReturnValue:
    """Change an entry, give it a meeting, or park it again."""
    board, item = _entry(slug, uid)
    ahead = _takers(board)
    chosen = next((one for one in ahead if one.id == item.meeting_id), None)
    form = EntryForm.on(
        item.version,
        title=item.title,
        purpose=item.purpose.value,
        presenter=item.presenter,
        minutes=str(item.minutes) if item.minutes else None,
        why=item.why,
        to=str(chosen.uid) if chosen is not None else NO_MEETING,
    )
    form.offer(ahead)
    if not form.validate_on_submit():
        return _entry_page(form, board, item), 422 if form.is_submitted() else 200
    if form.version.data != item.version:
        form.version.data = item.version
        form.title.errors = [OVERTAKEN]
        return _entry_page(form, board, item), 409
    change(db.session(), item, form.words())
    return _placed(form, board, item, ahead, "is changed")


@pages.route(f"{BOARD}/forward-plan/<uuid:uid>/drop", methods=["GET", "POST"])
@requires(Permission.EDIT_AGENDA)
def forward_drop(slug: str, uid: UUID) -> ResponseReturnValue:
    """Drop an entry, and say why."""
    board, item = _entry(slug, uid)
    form = DropForm.on(item.version)
    if not form.validate_on_submit():
        return _drop_page(form, board, item), 422 if form.is_submitted() else 200
    if form.version.data != item.version:
        form.version.data = item.version
        form.why.errors = [OVERTAKEN]
        return _drop_page(form, board, item), 409
    try:
        drop(db.session(), item, why=form.why.data or "")
    except CannotSchedule as why:
        form.why.errors = [str(why)]
        return _drop_page(form, board, item), 422
    flash(f"{_name(item)} comes to no meeting any more.", "success")
    return redirect(board_address(board, "governance.forward_plan"))


def _placed(
    form: EntryForm, board: Board, item: ForwardItem, ahead: Sequence[Meeting], said: str
) -> ResponseReturnValue:
    """Give an entry the meeting that was chosen, or none."""
    meeting = next((one for one in ahead if str(one.uid) == form.to.data), None)
    is_new = item.version == NEW and said != "is changed"
    try:
        if meeting is not None:
            schedule(db.session(), item, meeting, now=now())
        elif item.state is ForwardState.SCHEDULED:
            unschedule(db.session(), item)
    except CannotSchedule as why:
        form.to.errors = [str(why)]
        return _entry_page(form, board, None if is_new else item), 422
    where = f" and comes to the meeting of {when_of(meeting)}" if meeting is not None else ""
    flash(f"{_name(item)} {said}{where}.", "success")
    return redirect(board_address(board, "governance.forward_plan"))


def _takers(board: Board) -> list[Meeting]:
    """The meetings that may take an entry: planned, and not published yet."""
    coming = queries.meetings(db.session(), board.partnership_id, board_ids=[board.id], after=now())
    planned = [one for one in coming if one.status is MeetingStatus.PLANNED]
    out = published_of(db.session(), board.partnership_id, [one.id for one in planned])
    return [one for one in planned if one.id not in out]


def _entry(slug: str, uid: UUID) -> tuple[Board, ForwardItem]:
    """An entry that may still be changed, for whoever may change it."""
    board = board_of(slug)
    demand(Permission.EDIT_AGENDA, board_id=board.id)
    confidential = may(Permission.READ_CONFIDENTIAL, board_id=board.id)
    found = forward_item(db.session(), board, uid, confidential=confidential)
    if found is None or found.state not in (ForwardState.PARKED, ForwardState.SCHEDULED):
        abort(404)
    return board, found


def _name(item: ForwardItem) -> str:
    return "A confidential item" if item.is_confidential else f"“{item.title}”"


def _entry_page(form: EntryForm, board: Board, item: ForwardItem | None) -> str:
    return render_template("governance/forward/entry.html", form=form, board=board, item=item)


def _drop_page(form: DropForm, board: Board, item: ForwardItem) -> str:
    return render_template("governance/forward/drop.html", form=form, board=board, item=item)
