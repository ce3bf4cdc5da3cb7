"""Pages on which a meeting's decisions and actions are recorded."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Field

from governance.decision_models import Decision, DecisionKind
from governance.ground import MEETING, meeting_address, pages
from governance.minuting import deciding, queries
from governance.minuting.forms import ActionForm, DecisionForm, ForBoard
from governance.minuting.ground import CannotMinute, Overtaken
from governance.minuting.material import item_numbers, lead_of
from governance.minuting.reckoning import is_quorate
from governance.minuting.recording_views import closed_page, reads_confidential, to_minute
from governance.minuting.writing_views import item_named
from governance.models import Meeting, MeetingStatus
from tracker.edges.db import db
from tracker.people.board_models import Board
from tracker.people.member_queries import organisations
from tracker.people.naming import in_words, members
from tracker.web.access import Permission, requires, standing, viewer
from tracker.web.parts import now, this_day


@pages.route(f"{MEETING}/minutes/decisions", methods=["GET", "POST"])
@requires(Permission.MINUTE)
def decisions(slug: str, on: date) -> ResponseReturnValue:
    """What the meeting agreed so far, and a form for more."""
    board, meeting, closed = to_minute(slug, on)
    if closed:
        return closed_page(board, meeting, closed)
    form = DecisionForm(data={"seen": 0, "kind": DecisionKind.DECISION.value})
    boards = _offer(form, board, meeting)
    if form.validate_on_submit() and _has_sat(meeting, form.text):
        whose = next(one for one in boards if one.slug == form.board.data)
        try:
            made = deciding.decide(
                db.session(),
                meeting,
                whose,
                item_named(board, meeting, form.item.data),
                _said(form),
            )
        except CannotMinute as why:
            form.votes_for.errors = [str(why)]
        else:
            flash(f"{made.kind.value.capitalize()} {made.reference} was recorded.", "success")
            return redirect(meeting_address(board, meeting, "governance.decisions"))
    return _decisions_page(board, meeting, form), 422 if form.is_submitted() else 200


def _has_sat(meeting: Meeting, beside: Field) -> bool:
    """Whether a meeting has begun, and so can have agreed anything; said beside a field if not."""
    if meeting.status is not MeetingStatus.POSTPONED and meeting.starts_at <= now():
        return True
    beside.errors = ["This meeting has not begun, so it has agreed nothing yet."]
    return False


def _decisions_page(
    board: Board, meeting: Meeting, form: DecisionForm, change: Decision | None = None
) -> str:
    secret = reads_confidential(board)
    boards = queries.boards_of(db.session(), meeting)
    return render_template(
        "governance/minuting/decisions.html",
        board=board,
        meeting=meeting,
        form=form,
        change=change,
        is_joint=len(boards) > 1,
        inquorate=[one.name for one in boards if not is_quorate(db.session(), meeting, one)],
        rows=queries.decisions(db.session(), meeting, confidential=secret),
        numbers=item_numbers(db.session(), meeting, confidential=secret),
    )


def _offer(form: ForBoard, board: Board, meeting: Meeting) -> list[Board]:
    """Offer the meeting's boards and items."""
    secret = reads_confidential(board)
    numbers = item_numbers(db.session(), meeting, confidential=secret)
    items = queries.minuted_items(db.session(), meeting, confidential=secret)
    form.offer_items([(item, numbers[item.id]) for item in items])
    boards = queries.boards_of(db.session(), meeting)
    form.offer_boards(boards)
    return boards


def _said(form: DecisionForm) -> deciding.Said:
    return deciding.Said(
        kind=DecisionKind(form.kind.data),
        text=form.text.data or "",
        proposer=form.proposer.data,
        seconder=form.seconder.data,
        votes_for=form.votes_for.data,
        votes_against=form.votes_against.data,
        abstentions=form.abstentions.data,
    )


@pages.route(f"{MEETING}/minutes/decided/<uuid:uid>", methods=["GET", "POST"])
@requires(Permission.MINUTE)
def change_decision(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Correct a decision, or take it out."""
    board, meeting, closed = to_minute(slug, on)
    row = queries.decision_by_uid(
        db.session(), meeting, uid, confidential=reads_confidential(board)
    )
    if row is None:
        abort(404)
    if closed:
        return closed_page(board, meeting, closed)
    back = meeting_address(board, meeting, "governance.decisions")
    form = DecisionForm(obj=row, data=_known(board, meeting, row))
    _offer(form, board, meeting)
    if "remove" in request.form:
        deciding.remove_decision(db.session(), meeting, row)
        flash("It was taken out.")
        return redirect(back)
    if not form.is_submitted():
        return _decisions_page(board, meeting, form, row)
    if not form.validate():
        return _decisions_page(board, meeting, form, row), 422
    try:
        seen = form.seen.data or 0
        deciding.change_decision(db.session(), meeting, row, _said(form), seen=seen)
    except CannotMinute as why:
        form.votes_for.errors = [str(why)]
        return _decisions_page(board, meeting, form, row), 422
    except Overtaken:
        form.seen.data, form.seen.raw_data = row.version, None
        form.text.errors = [f"Somebody changed this meanwhile. It now says: “{row.text}”"]
        return _decisions_page(board, meeting, form, row), 409
    flash(f"{row.reference} was changed.", "success")
    return redirect(back)


def _known(board: Board, meeting: Meeting, row: Decision) -> dict[str, object]:
    items = queries.minuted_items(db.session(), meeting, confidential=reads_confidential(board))
    item = next((str(one.uid) for one in items if one.id == row.item_id), "meeting")
    boards = queries.boards_of(db.session(), meeting)
    whose = next(one.slug for one in boards if one.id == row.board_id)
    return {"item": item, "board": whose, "seen": row.version, "kind": row.kind.value}


@pages.route(f"{MEETING}/minutes/actions", methods=["GET", "POST"])
@requires(Permission.MINUTE)
def ask_actions(slug: str, on: date) -> ResponseReturnValue:
    """What the meeting asked people to do, and a form for more."""
    board, meeting, closed = to_minute(slug, on)
    if closed:
        return closed_page(board, meeting, closed)
    session, tenant = db.session(), standing().partnership_id
    form = ActionForm()
    boards = _offer(form, board, meeting)
    form.members = members(session, tenant, this_day())
    form.organisations = organisations(session, tenant)
    if form.validate_on_submit() and _has_sat(meeting, form.what):
        whose = next(one for one in boards if one.slug == form.board.data)
        try:
            made = deciding.ask_for(
                session,
                meeting,
                whose,
                item_named(board, meeting, form.item.data),
                what=form.what.data or "",
                person=form.person,
                organisation=form.organisation,
                due_on=form.due_on,
                person_id=viewer().person_id,
                now=now(),
            )
        except CannotMinute as why:
            form.due.errors = [str(why)]
        else:
            flash(f"{made.reference} is on the action log.", "success")
            return redirect(meeting_address(board, meeting, "governance.ask_actions"))
    secret = reads_confidential(board)
    names = [in_words(one) for one in form.members]
    page = render_template(
        "governance/minuting/actions.html",
        board=board,
        meeting=meeting,
        form=form,
        is_joint=len(boards) > 1,
        choices=[*(one.name for one in form.organisations), *names],
        rows=queries.actions_of(session, meeting, confidential=secret),
        lead_of=lead_of,
    )
    return page, 422 if form.is_submitted() else 200
