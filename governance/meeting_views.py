"""Pages on which a board's secretary runs a meeting: it moves, its updates are opened again."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import moving, reopening
from governance.forms import MoveForm, ReopenForm
from governance.ground import ON_MEETINGS, Group, Signpost, meeting_of, pages
from governance.models import Meeting, MeetingStatus
from governance.operations import DOABLE
from tracker.edges.db import db
from tracker.kernel.period import clock_words, long_date
from tracker.kernel.times import london, to_london
from tracker.kernel.working_days import is_working_day
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, requires, standing
from tracker.web.filters import when
from tracker.web.parts import now, parts


@pages.route(
    "/<slug:partnership>/boards/<slug:slug>/meetings/<day:on>/move", methods=["GET", "POST"]
)
@requires(Permission.RUN_MEETINGS)
def move(slug: str, on: date) -> ResponseReturnValue:
    """Move a meeting: say when, see what moves with it, confirm."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.RUN_MEETINGS, board_id=board.id)
    form = MoveForm(data={"seen": meeting.version})
    if not form.is_submitted():
        return _move_page(form, board, meeting)
    if not form.validate():
        return _move_page(form, board, meeting), 422
    if form.seen.data != meeting.version:
        form.seen.data, form.seen.raw_data = meeting.version, None
        form.day.errors = ["Somebody changed this meeting since you opened the page. Look again."]
        return _move_page(form, board, meeting), 409
    if form.change.data:
        return _move_page(form, board, meeting)
    try:
        return _moved(form, board, meeting)
    except moving.CannotMove as why:
        form.day.errors = [str(why)]
        return _move_page(form, board, meeting), 422


def _moved(form: MoveForm, board: Board, meeting: Meeting) -> ResponseReturnValue:
    """Move the meeting where that was confirmed; else show what would move."""
    to, at, holidays = form.on(), form.time(), parts().holidays
    session, instant = db.session(), now()
    if form.confirm.data:
        done = moving.move_meeting(
            session, meeting, to=to, starts_at=at, now=instant, holidays=holidays
        )
        flash(
            f"{board.name} now meets on {long_date(to)} at {clock_words(at)}."
            f" {done.in_words} Calendars follow by themselves.",
            "success",
        )
        return redirect(_page(board, meeting))
    planned = moving.plan_move(
        session, meeting, to=to, starts_at=at, now=instant, holidays=holidays
    )
    return render_template(
        "governance/move_confirm.html",
        form=form,
        board=board,
        meeting=meeting,
        move=planned,
        meets_on=to,
        is_day_off=not is_working_day(to, holidays.between(to.year, to.year)),
        doable=DOABLE,
        this_instant=instant,
    )


def _move_page(form: MoveForm, board: Board, meeting: Meeting) -> str:
    if not form.is_submitted():
        local = to_london(meeting.starts_at)
        form.at.data = clock_words(local.time())
    return render_template("governance/move.html", form=form, board=board, meeting=meeting)


@pages.route(
    "/<slug:partnership>/boards/<slug:slug>/meetings/<day:on>/reopen", methods=["GET", "POST"]
)
@requires(Permission.RUN_MEETINGS)
def reopen(slug: str, on: date) -> ResponseReturnValue:
    """Open a meeting's updates again, between their close and publication."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.RUN_MEETINGS, board_id=board.id)
    try:
        latest = reopening.reopen_by(db.session(), meeting, now=now())
    except reopening.CannotReopen as why:
        flash(str(why))
        return redirect(_page(board, meeting))
    form = ReopenForm()
    if form.validate_on_submit():
        until = london(form.on(), form.time())
        try:
            asks = reopening.reopen_updates(db.session(), meeting, until=until, now=now())
        except reopening.CannotReopen as why:
            form.day.errors = [str(why)]
        else:
            number = f"{asks} action{'' if asks == 1 else 's'}"
            flash(f"Updates are open again until {when(until)}. {number} asked again.", "success")
            return redirect(_page(board, meeting))
    page = render_template(
        "governance/reopen.html", form=form, board=board, meeting=meeting, latest=latest
    )
    return page, 422 if form.is_submitted() else 200


def _page(board: Board, meeting: Meeting) -> str:
    return url_for(
        "governance.meeting",
        partnership=standing().slug,
        slug=board.slug,
        on=meeting.occurrence_on,
    )


def _is_ahead(meeting: Meeting) -> bool:
    return meeting.status is MeetingStatus.PLANNED and meeting.starts_at > now()


def _may_reopen(meeting: Meeting) -> bool:
    try:
        reopening.reopen_by(db.session(), meeting, now=now())
    except reopening.CannotReopen:
        return False
    return True


RUN, CHANGE = Permission.RUN_MEETINGS, Group.CHANGE
ON_MEETINGS += [
    Signpost("governance.move", "Move this meeting", RUN, 70, _is_ahead, CHANGE),
    Signpost("governance.reopen", "Open updates again", RUN, 69, _may_reopen, CHANGE),
]
