"""Pages of decisions between meetings: opened, answered, withdrawn, ratified."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from governance import queries as meetings
from governance.deciding import operations, queries
from governance.deciding.forms import (
    AnswerForm,
    OpenForm,
    OutcomeForm,
    RatifyForm,
    RecordForm,
    WithdrawForm,
)
from governance.deciding.telling import how
from governance.decision_models import Circulation, CirculationKind
from governance.ground import BOARD, board_address, board_of, pages
from governance.packs.blocks import sentence
from tracker.edges.db import db
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, may, requires, standing, viewer
from tracker.web.filters import when
from tracker.web.forms import Form
from tracker.web.parts import now, this_day

BETWEEN = f"{BOARD}/between-meetings"
ONE = f"{BETWEEN}/<uuid:uid>"


@pages.get(BETWEEN)
@requires(Permission.ANSWER_BETWEEN)
def between_meetings(slug: str) -> ResponseReturnValue:
    """A board's decisions between meetings, open ones first."""
    board = board_of(slug)
    demand(Permission.ANSWER_BETWEEN, board_id=board.id)
    found = queries.circulations(
        db.session(), board.partnership_id, board.id, confidential=_entitled(board)
    )
    return render_template(
        "governance/deciding/between.html",
        board=board,
        open=[one for one in found if queries.is_open(one)],
        closed=[one for one in found if not queries.is_open(one)],
        how=_how,
        may_open=may(Permission.DECIDE_BETWEEN, board_id=board.id),
    )


@pages.route(f"{BETWEEN}/open", methods=["GET", "POST"])
@requires(Permission.DECIDE_BETWEEN)
def open_between(slug: str) -> ResponseReturnValue:
    """Open a decision that cannot wait for the next meeting."""
    board = board_of(slug)
    demand(Permission.DECIDE_BETWEEN, board_id=board.id)
    form = OpenForm()
    if form.is_submitted() and form.validate():
        try:
            made = operations.open_circulation(
                db.session(),
                board,
                kind=form.chosen_kind(),
                title=str(form.title.data),
                proposal=str(form.proposal.data),
                why_now=str(form.why_now.data),
                delegated_to=form.delegated_to.data,
                closes_at=form.closes_at(),
                is_confidential=bool(form.is_confidential.data),
                person_id=viewer().person_id,
                now=now(),
            )
        except operations.CannotDecide as why:
            form.refuse(str(why))
        else:
            flash(f"Opened. It closes by itself on {when(made.closes_at)}.", "success")
            return redirect(_page(board, made))
    page = render_template(
        "governance/deciding/open.html",
        board=board,
        form=form,
        coming=meetings.next_meeting(db.session(), board.partnership_id, board.id, now()),
        seats=queries.seats_of(db.session(), board.partnership_id, board.id, this_day()),
    )
    return page, 422 if form.is_submitted() else 200


@pages.route(ONE, methods=["GET", "POST"])
@requires(Permission.ANSWER_BETWEEN)
def circulation(slug: str, uid: UUID) -> ResponseReturnValue:
    """A decision between meetings: what is proposed, who said what; one's own answer."""
    board, one = _found(slug, uid, Permission.ANSWER_BETWEEN)
    form, status = AnswerForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                operations.answer(
                    db.session(),
                    one,
                    person_id=viewer().person_id,
                    answer=form.chosen(),
                    said=form.said.data,
                    recorded_by_id=None,
                    now=now(),
                )
            except operations.CannotDecide as why:
                form.answer.errors, status = [str(why)], 409
            else:
                flash("Your answer is kept. You can change it until it closes.", "success")
                return redirect(_page(board, one))
    return _shown(board, one, form), status


def _shown(board: Board, one: Circulation, form: AnswerForm) -> str:
    session, tenant = db.session(), board.partnership_id
    seats = queries.voters(queries.seats_of(session, tenant, board.id, this_day()), one.kind)
    answers = queries.answers_to(session, one)
    can_answer = queries.is_open(one) and one.closes_at > now()
    decision = queries.decision_of(session, one)
    return render_template(
        "governance/deciding/circulation.html",
        board=board,
        one=one,
        form=form,
        seats=seats,
        answers=answers,
        latest=queries.latest(answers),
        how=_how,
        so_far=operations.standing_of(session, one, now())[0] if can_answer else None,
        decision=decision,
        ratified_at=queries.meeting_by_id(session, tenant, decision.ratified_at_id)
        if decision and decision.ratified_at_id
        else None,
        own=any(seat.person.id == viewer().person_id for seat in seats),
        can_answer=can_answer,
        may_decide=may(Permission.DECIDE_BETWEEN, board_id=board.id),
        may_record=may(Permission.MINUTE, board_id=board.id),
        is_delegation=one.kind is CirculationKind.DELEGATION,
    )


@pages.route(f"{ONE}/record", methods=["GET", "POST"])
@requires(Permission.MINUTE)
def record_answer(slug: str, uid: UUID) -> ResponseReturnValue:
    """Record an answer that a member gave by telephone."""
    board, one = _found(slug, uid, Permission.MINUTE)
    seats = queries.voters(
        queries.seats_of(db.session(), board.partnership_id, board.id, this_day()), one.kind
    )
    form = RecordForm()
    form.who.offer(
        [
            (str(seat.person.id), seat.person.name)
            for seat in seats
            if seat.reads_confidential or not one.is_confidential
        ]
    )

    def do() -> None:
        operations.answer(
            db.session(),
            one,
            person_id=int(form.who.data),
            answer=form.chosen(),
            said=form.said.data,
            recorded_by_id=viewer().person_id,
            now=now(),
        )

    return _act(board, one, form, "Record an answer given by telephone", "Record the answer", do)


@pages.route(f"{ONE}/outcome", methods=["GET", "POST"])
@requires(Permission.DECIDE_BETWEEN)
def record_outcome(slug: str, uid: UUID) -> ResponseReturnValue:
    """Record what was decided by the one to whom it was delegated."""
    board, one = _found(slug, uid, Permission.DECIDE_BETWEEN)
    form = OutcomeForm()

    def do() -> None:
        operations.record_delegate(
            db.session(),
            one,
            agreed=form.outcome.data == "agreed",
            words=str(form.words.data),
            now=now(),
        )

    return _act(board, one, form, "Record what was decided", "Record the decision", do)


@pages.route(f"{ONE}/withdraw", methods=["GET", "POST"])
@requires(Permission.DECIDE_BETWEEN)
def withdraw_between(slug: str, uid: UUID) -> ResponseReturnValue:
    """Take a decision between meetings back."""
    board, one = _found(slug, uid, Permission.DECIDE_BETWEEN)
    form = WithdrawForm()

    def do() -> None:
        operations.withdraw(db.session(), one, why=str(form.why.data), now=now())

    return _act(board, one, form, "Withdraw this decision", "Withdraw it", do)


@pages.route(f"{ONE}/ratify", methods=["GET", "POST"])
@requires(Permission.MINUTE)
def ratify_between(slug: str, uid: UUID) -> ResponseReturnValue:
    """Record at which meeting the board ratified a decision."""
    board, one = _found(slug, uid, Permission.MINUTE)
    decision = queries.decision_of(db.session(), one)
    if decision is None:
        flash("Nothing was agreed that could be ratified.")
        return redirect(_page(board, one))
    possible = queries.ratifying_meetings(db.session(), one, decision.made_on, this_day())
    form = RatifyForm()
    form.offer(possible)

    def do() -> None:
        meeting = next(each for each in possible if str(each.id) == form.meeting.data)
        operations.ratify(db.session(), one, meeting, now=now())

    return _act(board, one, form, "Record that it was ratified", "Record it", do)


def _act(
    board: Board, one: Circulation, form: Form, title: str, button: str, do: Callable[[], None]
) -> ResponseReturnValue:
    """One form about a circulation: do what it says, or show what is wrong with it."""
    status = 422 if form.is_submitted() else 200
    refused = None
    if form.is_submitted() and form.validate():
        try:
            do()
        except operations.CannotDecide as why:
            refused, status = str(why), 409
        else:
            flash("Recorded.", "success")
            return redirect(_page(board, one))
    page = render_template(
        "governance/deciding/act.html",
        board=board,
        one=one,
        form=form,
        title=title,
        button=button,
        refused=refused,
    )
    return page, status


def _found(slug: str, uid: UUID, permission: Permission) -> tuple[Board, Circulation]:
    """The circulation of an address, for whoever may; 404 where there is none for them."""
    board = board_of(slug)
    demand(permission, board_id=board.id)
    one = queries.circulation_by_uid(
        db.session(), standing().partnership_id, board.id, uid, confidential=_entitled(board)
    )
    if one is None:
        abort(404)
    return board, one


def _how(one: Circulation) -> str:
    return sentence(how(one))


def _entitled(board: Board) -> bool:
    return may(Permission.READ_CONFIDENTIAL, board_id=board.id)


def _page(board: Board, one: Circulation) -> str:
    return board_address(board, "governance.circulation", uid=one.uid)
