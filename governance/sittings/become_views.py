"""Pages on which a secretary cancels, postpones, adjourns or calls a meeting, or says it lapsed."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from governance.ground import (
    BOARD,
    MEETING,
    ON_BOARDS,
    ON_MEETINGS,
    Group,
    Signpost,
    board_of,
    meeting_address,
    meeting_of,
    pages,
)
from governance.minuting.queries import minutes_of
from governance.models import Meeting, MeetingMode, MeetingStatus
from governance.sittings import operations, queries
from governance.sittings.forms import CHANGED, AdjournForm, BecomeForm, CallForm
from governance.sittings.operations import CannotBecome, CannotCall
from governance.sittings.rules import Becoming, why_not
from tracker.edges.db import db
from tracker.kernel.period import long_date
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, requires
from tracker.web.filters import when
from tracker.web.parts import now, parts

# What each page is called, and its button.
TITLES = {
    Becoming.CANCEL: ("Cancel the meeting", "Cancel the meeting"),
    Becoming.POSTPONE: ("Postpone the meeting", "Postpone the meeting"),
    Becoming.ADJOURN: ("Adjourn the meeting", "Adjourn to that day"),
    Becoming.LAPSE: ("Record that the meeting lapsed", "Record that it lapsed"),
}


@pages.route(f"{MEETING}/cancel", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
def cancel(slug: str, on: date) -> ResponseReturnValue:
    """Cancel a meeting: see what passes to which meeting, say why."""
    return _become(slug, on, Becoming.CANCEL)


@pages.route(f"{MEETING}/postpone", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
def postpone(slug: str, on: date) -> ResponseReturnValue:
    """Postpone a meeting to a day that is fixed later."""
    return _become(slug, on, Becoming.POSTPONE)


@pages.route(f"{MEETING}/lapse", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
def lapse(slug: str, on: date) -> ResponseReturnValue:
    """Record that a meeting lapsed: see what passes to which meeting, say why."""
    return _become(slug, on, Becoming.LAPSE)


@pages.route(f"{MEETING}/adjourn", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
def adjourn(slug: str, on: date) -> ResponseReturnValue:
    """Adjourn a meeting that sat to another day."""
    return _become(slug, on, Becoming.ADJOURN)


def _become(slug: str, on: date, becoming: Becoming) -> ResponseReturnValue:
    board, meeting = meeting_of(slug, on)
    demand(Permission.RUN_MEETINGS, board_id=board.id)
    of = AdjournForm if becoming is Becoming.ADJOURN else BecomeForm
    form: BecomeForm | AdjournForm = of(data={"seen": meeting.version})
    reason = _why_not(becoming, meeting)
    if reason is not None:
        flash(reason)
        return redirect(meeting_address(board, meeting))
    if not form.is_submitted():
        return _become_page(form, board, meeting, becoming)
    if not form.validate():
        return _become_page(form, board, meeting, becoming), 422
    if form.seen.data != meeting.version:
        form.seen.data, form.seen.raw_data = meeting.version, None
        form.why.errors = [CHANGED]
        return _become_page(form, board, meeting, becoming), 409
    try:
        flash(_do(form, meeting, becoming), "success")
    except CannotCall as why:
        assert isinstance(form, AdjournForm)
        form.day.errors = [str(why)]
        db.session.rollback()
        return _become_page(form, *meeting_of(slug, on), becoming), 422
    except CannotBecome as why:
        flash(str(why))
    return redirect(meeting_address(board, meeting))


def _why_not(becoming: Becoming, meeting: Meeting) -> str | None:
    """Why that cannot become of a meeting, asked before anything is typed."""
    return why_not(
        becoming,
        meeting.status.value,
        has_begun=meeting.starts_at <= now(),
        has_records=queries.has_records(db.session(), meeting),
    )


def _do(form: BecomeForm | AdjournForm, meeting: Meeting, becoming: Becoming) -> str:
    """Do it, and say what was done."""
    session, why, at, holidays = db.session(), form.why.data or "", now(), parts().holidays
    day = long_date(meeting.meets_on)
    if isinstance(form, AdjournForm):
        goes_on = operations.adjourn_meeting(
            session,
            meeting,
            why=why,
            to=form.on(),
            starts_at=form.time(),
            now=at,
            holidays=holidays,
        )
        return f"The meeting of {day} is adjourned. It goes on on {when(goes_on.starts_at)}."
    if becoming is Becoming.POSTPONE:
        operations.postpone_meeting(session, meeting, why=why, now=at)
        return f"The meeting of {day} is postponed. Nobody is reminded until its new day is fixed."
    if becoming is Becoming.CANCEL:
        passed = operations.cancel_meeting(session, meeting, why=why, now=at, holidays=holidays)
        return f"The meeting of {day} is cancelled. {passed.words}"
    passed = operations.lapse_meeting(session, meeting, why=why, now=at, holidays=holidays)
    return f"It is recorded that the meeting of {day} lapsed. {passed.words}"


def _become_page(
    form: BecomeForm | AdjournForm, board: Board, meeting: Meeting, becoming: Becoming
) -> str:
    title, button = TITLES[becoming]
    return render_template(
        "governance/sittings/become.html",
        form=form,
        board=board,
        meeting=meeting,
        becoming=becoming.value,
        endpoint=f"governance.{becoming.value}",
        title=title,
        button=button,
        owed=queries.owed(db.session(), meeting, now=now()),
    )


@pages.route(f"{BOARD}/call", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
def call_meeting(slug: str) -> ResponseReturnValue:
    """Call an extra meeting of a board."""
    board = board_of(slug)
    demand(Permission.RUN_MEETINGS, board_id=board.id)
    form = CallForm(data={"minutes": 120, "mode": MeetingMode.IN_PERSON.value})
    form.offer(queries.plans_reviewed(db.session(), board))
    if form.validate_on_submit():
        try:
            called = _call(form, board)
        except CannotCall as why:
            form.day.errors = [str(why)]
        else:
            flash(
                f"{board.name} has an extra meeting on {when(called.starts_at)}."
                " Calendars follow by themselves.",
                "success",
            )
            return redirect(meeting_address(board, called))
    page = render_template("governance/sittings/call.html", form=form, board=board)
    return page, 422 if form.is_submitted() else 200


def _call(form: CallForm, board: Board) -> Meeting:
    return operations.call_meeting(
        db.session(),
        board,
        on=form.on(),
        starts_at=form.time(),
        minutes=form.minutes.data or 0,
        place=form.place.data,
        mode=MeetingMode(form.mode.data),
        joining_link=form.joining_link.data,
        plan_ids=form.chosen(),
        now=now(),
        holidays=parts().holidays,
    )


def _is_ahead(meeting: Meeting) -> bool:
    return meeting.status is MeetingStatus.PLANNED and meeting.starts_at > now()


def _is_over(meeting: Meeting) -> bool:
    sat = (MeetingStatus.PLANNED, MeetingStatus.HELD, MeetingStatus.INQUORATE)
    if meeting.status not in sat or meeting.starts_at > now():
        return False
    minutes = minutes_of(db.session(), meeting)
    return minutes is None or minutes.sent_to_chair_at is None


def _is_postponed(meeting: Meeting) -> bool:
    return meeting.status is MeetingStatus.POSTPONED


RUN = Permission.RUN_MEETINGS
ON_MEETINGS.extend(
    Signpost(endpoint, text, RUN, order, when=when_shown, group=Group.CHANGE)
    for endpoint, text, order, when_shown in (
        ("governance.postpone", "Postpone this meeting", 72, _is_ahead),
        ("governance.cancel", "Cancel this meeting", 73, _is_ahead),
        ("governance.move", "Fix a new day", 70, _is_postponed),
        ("governance.cancel", "Cancel this meeting", 73, _is_postponed),
        ("governance.adjourn", "Adjourn this meeting", 74, _is_over),
        ("governance.lapse", "Record that it lapsed", 75, _is_over),
    )
)
ON_BOARDS.append(
    Signpost("governance.call_meeting", "Call an extra meeting", RUN, 70, group=Group.RUN)
)
