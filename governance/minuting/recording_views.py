"""Pages on which a secretary records who was there, the quorum, and interests."""

from __future__ import annotations

from datetime import date

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance import ground
from governance.ground import MEETING, Group, Signpost, meeting_address, meeting_of, pages
from governance.minuting import operations, queries
from governance.minuting.forms import (
    WHOLE,
    AttendanceForm,
    GuestForm,
    InterestForm,
    QuorumForm,
    RowForm,
    attendance_data,
    for_sitters,
)
from governance.minuting.ground import CannotMinute, Overtaken, why_closed
from governance.minuting.material import item_numbers
from governance.minuting.reckoning import rule_of, verdict
from governance.models import Meeting
from tracker.edges.db import db
from tracker.people.board_models import Board
from tracker.people.naming import in_words, members
from tracker.web.access import Permission, demand, may, requires, standing
from tracker.web.parts import now, this_day

ground.ON_MEETINGS += [
    Signpost(
        endpoint,
        text,
        Permission.MINUTE,
        order=order,
        when=lambda meeting: not meeting.status.fell_away,
        group=Group.RECORD,
    )
    for order, (endpoint, text) in enumerate(
        [
            ("governance.attendance", "Attendance and quorum"),
            ("governance.interests", "Interests declared"),
            ("governance.write_minutes", "Minute the meeting"),
            ("governance.decisions", "Decisions of this meeting"),
            ("governance.ask_actions", "Meeting actions"),
        ],
        start=50,
    )
]


def to_minute(slug: str, on: date) -> tuple[Board, Meeting, str | None]:
    """A meeting for whoever may minute it; and why nothing can be recorded of it any more."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.MINUTE, board_id=board.id)
    return board, meeting, why_closed(meeting, queries.minutes_of(db.session(), meeting))


def closed_page(board: Board, meeting: Meeting, why: str) -> ResponseReturnValue:
    """Back to the minutes, with why nothing is recorded any more."""
    flash(why)
    return redirect(meeting_address(board, meeting, "governance.minutes"))


@pages.errorhandler(CannotMinute)
def cannot_minute(why: CannotMinute) -> ResponseReturnValue:
    """What was closed in the very moment in which somebody wrote."""
    return render_template(
        "errors/error.html", title="Nothing was recorded", what_to_do=str(why)
    ), 409


def reads_confidential(board: Board) -> bool:
    """Whether the viewer may see confidential items here."""
    return may(Permission.READ_CONFIDENTIAL, board_id=board.id)


def _whose(meeting: Meeting) -> Board:
    """The board whose attendance is looked at: the address may name another of a joint meeting."""
    boards = queries.boards_of(db.session(), meeting)
    wanted = request.args.get("of", boards[0].slug)
    found = next((board for board in boards if board.slug == wanted), None)
    if found is None:
        abort(404)
    return found


@pages.route(f"{MEETING}/attendance", methods=["GET", "POST"])
@requires(Permission.MINUTE)
def attendance(slug: str, on: date) -> ResponseReturnValue:
    """Who of a board was there, and whether that makes its quorum."""
    board, meeting, closed = to_minute(slug, on)
    if closed:
        return closed_page(board, meeting, closed)
    whose = _whose(meeting)
    sitters = queries.sitters(db.session(), meeting, whose)
    rows = queries.attendance(db.session(), meeting, whose)
    version = operations.attendance_version(rows)
    make = for_sitters(sitters, rows)
    if request.method == "GET":
        form = make(formdata=None, data={"seen": version, **attendance_data(sitters, rows)})
        return _attendance_page(board, meeting, whose, form)
    form = make()
    if not form.validate():
        return _attendance_page(board, meeting, whose, form), 422
    try:
        operations.record_attendance(
            db.session(), meeting, whose, form.marks(), seen=form.seen.data or 0, now=now()
        )
    except CannotMinute as why:
        form.seen.errors = [str(why)]
        return _attendance_page(board, meeting, whose, form), 422
    except Overtaken:
        form.seen.data, form.seen.raw_data = version, None
        form.seen.errors = [
            "Somebody recorded attendance since you opened the page. Theirs is saved; what you"
            " chose is kept below. Look at both, then save."
        ]
        return _attendance_page(board, meeting, whose, form), 409
    flash(f"Attendance saved. {verdict(db.session(), meeting, whose).words}", "success")
    return redirect(_attendance_address(board, meeting, whose))


def _attendance_address(board: Board, meeting: Meeting, whose: Board) -> str:
    of = {} if whose.id == board.id else {"of": whose.slug}
    return meeting_address(board, meeting, "governance.attendance", **of)


def _attendance_page(
    board: Board,
    meeting: Meeting,
    whose: Board,
    form: AttendanceForm | None = None,
    guest_form: GuestForm | None = None,
    quorum_form: QuorumForm | None = None,
) -> str:
    sitters = queries.sitters(db.session(), meeting, whose)
    rows = queries.attendance(db.session(), meeting, whose)
    if form is None:
        data = {"seen": operations.attendance_version(rows), **attendance_data(sitters, rows)}
        form = for_sitters(sitters, rows)(formdata=None, data=data)
    if guest_form is None:
        guest_form = GuestForm(formdata=None)
        guest_form.offer(sitters)
    boards = queries.boards_of(db.session(), meeting)
    return render_template(
        "governance/minuting/attendance.html",
        board=board,
        meeting=meeting,
        whose=whose,
        boards=[(one, _attendance_address(board, meeting, one)) for one in boards],
        here=_attendance_address(board, meeting, whose),
        form=next((one for one in (form, guest_form, quorum_form) if one and one.errors), form),
        attendance_form=form,
        guest_form=guest_form,
        quorum_form=quorum_form or QuorumForm(formdata=None),
        guests=[row for row in rows if row.person_id is None],
        recorded={row.person_id: row for row in rows},
        names={one.person.id: one.person.name for one in sitters},
        verdict=verdict(db.session(), meeting, whose),
        may_declare=any(not rule_of(one).is_set for one in boards),
    )


@pages.post(f"{MEETING}/attendance/guests")
@requires(Permission.MINUTE)
def add_guest(slug: str, on: date) -> ResponseReturnValue:
    """Add somebody who is not on the board: a guest, or in the place of a member."""
    board, meeting, closed = to_minute(slug, on)
    if closed:
        return closed_page(board, meeting, closed)
    whose, form = _whose(meeting), GuestForm()
    sitters = queries.sitters(db.session(), meeting, whose)
    form.offer(sitters)
    if not form.validate():
        return _attendance_page(board, meeting, whose, guest_form=form), 422
    ids = {str(one.person.uid): one.person.id for one in sitters}
    try:
        guest = operations.add_guest(
            db.session(),
            meeting,
            whose,
            name=form.name.data or "",
            organisation=form.organisation.data,
            for_id=ids.get(form.stands_for.data),
            now=now(),
        )
    except CannotMinute as why:
        form.stands_for.errors = [str(why)]
        return _attendance_page(board, meeting, whose, guest_form=form), 422
    flash(f"{guest.name} was added.", "success")
    return redirect(_attendance_address(board, meeting, whose))


@pages.post(f"{MEETING}/attendance/guests/remove")
@requires(Permission.MINUTE)
def remove_guest(slug: str, on: date) -> ResponseReturnValue:
    """Take a guest off again."""
    board, meeting, closed = to_minute(slug, on)
    if closed:
        return closed_page(board, meeting, closed)
    form = RowForm()
    done = form.validate() and operations.remove_guest(
        db.session(), meeting, form.row.data or 0, now=now()
    )
    flash("They were taken off." if done else "They are off the list already.")
    return redirect(_attendance_address(board, meeting, _whose(meeting)))


@pages.post(f"{MEETING}/attendance/quorum")
@requires(Permission.MINUTE)
def declare_quorum(slug: str, on: date) -> ResponseReturnValue:
    """Say whether the meeting is quorate, where no rule says it."""
    board, meeting, closed = to_minute(slug, on)
    if closed:
        return closed_page(board, meeting, closed)
    whose, form = _whose(meeting), QuorumForm()
    if not form.validate():
        return _attendance_page(board, meeting, whose, quorum_form=form), 422
    try:
        operations.declare_quorum(db.session(), meeting, is_quorate=form.quorate.data == "yes")
    except CannotMinute as why:
        form.quorate.errors = [str(why)]
        return _attendance_page(board, meeting, whose, quorum_form=form), 422
    flash("The quorum was recorded.", "success")
    return redirect(_attendance_address(board, meeting, whose))


@pages.route(f"{MEETING}/interests", methods=["GET", "POST"])
@requires(Permission.MINUTE)
def interests(slug: str, on: date) -> ResponseReturnValue:
    """Interests that members declare, in an item or in the whole meeting."""
    board, meeting, closed = to_minute(slug, on)
    if closed:
        return closed_page(board, meeting, closed)
    session, secret = db.session(), reads_confidential(board)
    items = queries.minuted_items(session, meeting, confidential=secret)
    numbers = item_numbers(session, meeting, confidential=secret)
    form = InterestForm()
    form.offer_items([(item, numbers[item.id]) for item in items])
    people = members(session, standing().partnership_id, this_day())
    if form.validate_on_submit():
        name = form.name.data or ""
        person = next((one for one in people if name in (one.name, in_words(one))), None)
        item = next((one for one in items if str(one.uid) == form.item.data), None)
        try:
            operations.declare_interest(
                session,
                meeting,
                name=person.name if person else name,
                person=person,
                item=item,
                interest=form.interest.data or "",
                what_followed=form.followed.data,
            )
        except CannotMinute as why:
            return closed_page(board, meeting, str(why))
        flash("The interest was recorded.", "success")
        return redirect(meeting_address(board, meeting, "governance.interests"))
    page = render_template(
        "governance/minuting/interests.html",
        board=board,
        meeting=meeting,
        form=form,
        choices=[in_words(one) for one in people],
        rows=queries.declarations(session, meeting, confidential=secret),
        numbers=numbers,
        whole=WHOLE,
    )
    return page, 422 if form.is_submitted() else 200


@pages.post(f"{MEETING}/interests/remove")
@requires(Permission.MINUTE)
def remove_interest(slug: str, on: date) -> ResponseReturnValue:
    """Take back an interest that was recorded by mistake."""
    board, meeting, closed = to_minute(slug, on)
    if closed:
        return closed_page(board, meeting, closed)
    form = RowForm()
    done = form.validate() and operations.withdraw_declaration(
        db.session(), meeting, form.row.data or 0, confidential=reads_confidential(board)
    )
    flash("It was taken off." if done else "It is off the list already.")
    return redirect(meeting_address(board, meeting, "governance.interests"))
