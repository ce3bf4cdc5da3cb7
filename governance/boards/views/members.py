"""Who sits on a board, sat on it and will: somebody joins, changes, leaves."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.boards.forms.members import EndSeatForm, NewMemberForm, SeatForm
from governance.boards.operations.members import add_member, change_seat, end_seat, take_back_seat
from governance.boards.operations.refusals import Refused
from governance.boards.queries import Seat, chair_words, seats
from governance.boards.views.ground import board_to_change, has_other, say, to
from governance.ground import BOARD, ON_BOARDS, Group, Signpost, board_address, board_of, pages
from tracker.edges.db import db
from tracker.kernel.period import short_date
from tracker.people.board_models import Board
from tracker.people.member_queries import organisations
from tracker.people.naming import in_words, members
from tracker.web.access import Permission, may, requires, standing
from tracker.web.parts import this_day

ON_BOARDS.append(
    Signpost("governance.board_members", "Members", Permission.READ, 40, group=Group.BOARD)
)


@pages.get(f"{BOARD}/members")
@requires(Permission.READ)
def board_members(slug: str) -> ResponseReturnValue:
    """Who sits on a board, who will and who did."""
    board, today = board_of(slug), this_day()
    every = seats(db.session(), board)
    return render_template(
        "governance/boards/members.html",
        board=board,
        present=[one for one in every if not one.is_over(today) and not one.is_to_come(today)],
        to_come=[one for one in every if one.is_to_come(today)],
        past=[one for one in every if one.is_over(today)],
        chair=chair_words(db.session(), board, today),
        may_change=may(Permission.CHANGE_BOARDS, board_id=board.id),
    )


@pages.route(f"{BOARD}/members/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOARDS)
def new_member(slug: str) -> ResponseReturnValue:
    """Somebody joins a board."""
    board, today = board_to_change(slug), this_day()
    known = members(db.session(), board.partnership_id, today)
    form = NewMemberForm(
        members=known,
        offered=organisations(db.session(), board.partnership_id),
        data={"is_voting": True} if request.method == "GET" else None,
    )
    if form.is_submitted() and form.validate():
        try:
            add_member(
                db.session(),
                board,
                form.person.chosen,
                form.board_role(),
                form.part(),
                from_on=form.from_on.day,
                to_on=form.to_on.on,
                stands_for=form.stands_for.person,
            )
        except Refused as refused:
            say(form, refused, form.person)
        else:
            name, role = form.person.chosen.name, form.board_role().value
            begins = short_date(form.from_on.day)
            flash(f"{name} is {role} of {board.name} from {begins}.", "success")
            return to(board, "governance.board_members")
    page = render_template(
        "governance/boards/new_member.html",
        form=form,
        board=board,
        choices=[in_words(one) for one in known],
    )
    return page, 422 if form.errors else 200


@pages.route(f"{BOARD}/members/<uuid:uid>", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOARDS)
def board_member(slug: str, uid: UUID) -> ResponseReturnValue:
    """One person's seat on a board: for whom they speak, whether they vote, what they read."""
    board = board_to_change(slug)
    seat, others = _seat_of(board, uid)
    form = SeatForm(
        offered=organisations(db.session(), board.partnership_id),
        data=_as_it_is(seat) if request.method == "GET" else None,
    )
    if form.is_submitted() and form.validate():
        if has_other(form, _state(seat), form.organisations):
            return _seat_page(board, seat, others, form, EndSeatForm(formdata=None)), 409
        change_seat(db.session(), seat.member, form.part())
        flash(f"What {seat.person.name} does on {board.name} was changed.", "success")
        return to(board, "governance.board_members")
    page = _seat_page(board, seat, others, form, EndSeatForm(formdata=None))
    return page, 422 if form.errors else 200


@pages.post(f"{BOARD}/members/<uuid:uid>/end")
@requires(Permission.CHANGE_BOARDS)
def end_member(slug: str, uid: UUID) -> ResponseReturnValue:
    """Somebody leaves a board after a day, or does not join it after all."""
    board = board_to_change(slug)
    seat, others = _seat_of(board, uid)
    form, is_administrator = EndSeatForm(), standing().is_administrator
    again = SeatForm(
        formdata=None,
        offered=organisations(db.session(), board.partnership_id),
        data=_as_it_is(seat),
    )
    if form.validate():
        if has_other(form, _state(seat), form.last_on):
            return _seat_page(board, seat, others, again, form), 409
        try:
            if form.take_back.data:
                take_back_seat(
                    db.session(),
                    board,
                    seat.member,
                    today=this_day(),
                    is_administrator=is_administrator,
                )
                words = f"{seat.person.name} does not join {board.name} after all."
            else:
                last_on = form.last_on.day
                end_seat(
                    db.session(),
                    board,
                    seat.member,
                    last_on=last_on,
                    is_administrator=is_administrator,
                )
                words = (
                    f"The last day of {seat.person.name} on {board.name}: {short_date(last_on)}."
                )
        except Refused as refused:
            say(form, refused, form.last_on)
        else:
            flash(words, "success")
            return redirect(board_address(board, "governance.board_members"))
    return _seat_page(board, seat, others, again, form), 422


def _seat_of(board: Board, uid: UUID) -> tuple[Seat, list[Seat]]:
    """The seat that is meant, and the person's others: the one asked for, else one that lasts.

    404 for whoever never sat on the board.
    """
    every = [one for one in seats(db.session(), board) if one.person.uid == uid]
    asked = request.form.get("seat") or request.args.get("seat")
    if asked is not None:
        every.sort(key=lambda one: str(one.member.id) != asked)
        if every and str(every[0].member.id) != asked and request.method == "GET":
            abort(404)
    else:
        every.sort(key=lambda one: (one.is_over(this_day()), one.is_to_come(this_day())))
    if not every:
        abort(404)
    return every[0], every[1:]


def _state(seat: Seat) -> str:
    """What a page shows of a seat, so that one who opened it before a change is told."""
    member = seat.member
    ids = ",".join(str(one.id) for one in seat.organisations)
    flags = f"{member.is_voting:d}{member.reads_confidential:d}"
    return f"{member.id}:{flags}:{member.to_on or ''}:{ids}"


def _as_it_is(seat: Seat) -> dict[str, object]:
    return {
        "seat": seat.member.id,
        "seen": _state(seat),
        "organisations": [one.slug for one in seat.organisations],
        "is_voting": seat.member.is_voting,
        "reads_confidential": seat.member.reads_confidential,
    }


def _seat_page(
    board: Board, seat: Seat, others: list[Seat], form: SeatForm, ending: EndSeatForm
) -> str:
    for one in (form, ending):
        if one.seat.data is None:
            one.seat.data, one.seen.data = seat.member.id, _state(seat)
    return render_template(
        "governance/boards/member.html",
        board=board,
        seat=seat,
        others=others,
        form=form,
        ending=ending,
        today=this_day(),
    )
