"""Pages on which a secretary says how and where a meeting is held, and with which boards."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from governance.ground import (
    MEETING,
    ON_MEETINGS,
    Group,
    Signpost,
    meeting_address,
    meeting_of,
    pages,
)
from governance.models import Meeting, MeetingMode
from governance.sittings import operations, queries
from governance.sittings.forms import CHANGED, DetailsForm, JoinForm, LeaveForm
from tracker.edges.db import db
from tracker.people import queries as people
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, requires
from tracker.web.parts import now

OVER = "This meeting is over or fell away, so nothing of it is changed."


@pages.route(f"{MEETING}/details", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
def details(slug: str, on: date) -> ResponseReturnValue:
    """Change how, where and how long a meeting to come is held."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.RUN_MEETINGS, board_id=board.id)
    if not meeting.status.is_to_come:
        flash(OVER)
        return redirect(meeting_address(board, meeting))
    form = DetailsForm(data=_as_it_is(meeting))
    if not form.is_submitted():
        return _details_page(form, board, meeting)
    if not form.validate():
        return _details_page(form, board, meeting), 422
    if form.seen.data != meeting.version:
        form.seen.data, form.seen.raw_data = meeting.version, None
        form.place.errors = [CHANGED]
        return _details_page(form, board, meeting), 409
    operations.change_details(
        db.session(),
        meeting,
        mode=MeetingMode(form.mode.data),
        place=form.place.data,
        joining_link=form.joining_link.data,
        minutes=form.minutes.data or 0,
        now=now(),
    )
    flash("Saved. Calendars follow by themselves.", "success")
    return redirect(meeting_address(board, meeting))


def _as_it_is(meeting: Meeting) -> dict[str, object]:
    return {
        "mode": meeting.mode.value,
        "place": meeting.place,
        "joining_link": meeting.joining_link,
        "minutes": operations.minutes_of(meeting),
        "seen": meeting.version,
    }


def _details_page(form: DetailsForm, board: Board, meeting: Meeting) -> str:
    return render_template(
        "governance/sittings/details.html", form=form, board=board, meeting=meeting
    )


@pages.route(f"{MEETING}/joint", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
def joint(slug: str, on: date) -> ResponseReturnValue:
    """The boards of a joint meeting; a further one joins."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.RUN_MEETINGS, board_id=board.id)
    session = db.session()
    joined = queries.further_boards(session, meeting)
    there = {board.id, *(one.id for one in joined)}
    others = [one for one in people.boards(session, board.partnership_id) if one.id not in there]
    form = JoinForm()
    form.offer(others)
    if form.is_submitted() and not meeting.status.is_to_come:
        flash(OVER)
        return redirect(meeting_address(board, meeting))
    if form.validate_on_submit():
        joins = next(one for one in others if str(one.id) == form.board.data)
        operations.add_board(session, meeting, joins, now=now())
        flash(f"{joins.name} joins. The meeting is in its calendar and lists too.", "success")
        return redirect(meeting_address(board, meeting, "governance.joint"))
    page = render_template(
        "governance/sittings/joint.html",
        form=form,
        leave=LeaveForm(formdata=None),
        board=board,
        meeting=meeting,
        joined=joined,
        others=others,
    )
    return page, 422 if form.is_submitted() else 200


@pages.post(f"{MEETING}/joint/leave")
@requires(Permission.RUN_MEETINGS)
def leave_joint(slug: str, on: date) -> ResponseReturnValue:
    """Have a further board take part in a meeting no longer."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.RUN_MEETINGS, board_id=board.id)
    form = LeaveForm()
    leaves = None
    if form.validate():
        joined = queries.further_boards(db.session(), meeting)
        leaves = next((one for one in joined if one.id == form.board.data), None)
    if leaves is None:
        flash("That board does not take part in this meeting. Nothing was changed.")
    elif not meeting.status.is_to_come:
        flash(OVER)
    else:
        operations.remove_board(db.session(), meeting, leaves, now=now())
        flash(f"{leaves.name} does not take part any more.", "success")
    return redirect(meeting_address(board, meeting, "governance.joint"))


def _is_to_come(meeting: Meeting) -> bool:
    return meeting.status.is_to_come


RUN = Permission.RUN_MEETINGS
ON_MEETINGS += [
    Signpost(endpoint, text, RUN, order, _is_to_come, Group.CHANGE)
    for endpoint, text, order in (
        ("governance.details", "Change place or joining link", 71),
        ("governance.joint", "Hold it jointly with other boards", 76),
    )
]
