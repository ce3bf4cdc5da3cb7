"""Pages of a board's action log: the list, one meeting action with its history, its changes."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from actions.place_queries import places
from actions.proposals import CannotPropose
from governance.deciding import log_operations, log_queries
from governance.deciding.forms import STATUS_WORDS, LogForm, PlanActionForm
from governance.deciding.log_queries import LogFilter, LogTerms, Reader
from governance.deciding.rules import LogShows
from governance.ground import BOARD, board_address, board_of, pages
from governance.log_models import MeetingAction, MeetingActionStatus
from governance.meeting_actions import NoLongerOpen
from tracker.edges.db import db
from tracker.kernel.period import short_date
from tracker.people.board_models import Board
from tracker.people.naming import in_words, members
from tracker.web.access import Permission, demand, may, requires, standing, viewer
from tracker.web.parts import now, this_day

LOG = f"{BOARD}/action-log"
ENTRY = f"{LOG}/<uuid:uid>"
CHANGED = "Somebody changed this since you opened the page. Look again, then save."


@pages.get(LOG)
@requires(Permission.READ_MINUTES)
def action_log(slug: str) -> ResponseReturnValue:
    """A board's action log, sifted by what stands open, by lead and by meeting."""
    board = board_of(slug)
    demand(Permission.READ_MINUTES, board_id=board.id)
    session, tenant, reader = db.session(), board.partnership_id, _reader(board)
    terms = log_queries.terms(session, tenant, board.id, reader)
    wanted = _asked(terms)
    found = log_queries.log(session, tenant, board.id, wanted, reader, this_day())
    return render_template(
        "governance/deciding/log.html",
        board=board,
        rows=found[: log_queries.MOST],
        there_are_more=len(found) > log_queries.MOST,
        became=log_queries.became(session, tenant, found),
        terms=terms,
        wanted=wanted,
        lead=request.args.get("lead", ""),
        shows=LogShows,
        status_words=STATUS_WORDS,
        today=this_day(),
    )


@pages.route(ENTRY, methods=["GET", "POST"])
@requires(Permission.READ_MINUTES)
def log_entry(slug: str, uid: UUID) -> ResponseReturnValue:
    """One meeting action: its history; the secretary notes, changes, closes, opens again."""
    board, task = _found(slug, uid, Permission.READ_MINUTES)
    form, status = _log_form(board, task), 200
    if form.is_submitted():
        demand(Permission.MINUTE, board_id=board.id)
        status = 422
        if form.validate():
            status = 409
            if form.version.data == task.version and _changed(form, task):
                flash(f"Saved. {task.reference}: {STATUS_WORDS[task.status].lower()}.", "success")
                return redirect(_page(board, task))
            form.see(task.version)
            form.said.errors = [CHANGED]
    page = render_template(
        "governance/deciding/entry.html",
        board=board,
        task=task,
        form=form,
        notes=log_queries.notes(db.session(), task),
        became=log_queries.became(db.session(), board.partnership_id, [task]),
        members=[in_words(one) for one in form.lead.members],
        status_words=STATUS_WORDS,
        may_change=may(Permission.MINUTE, board_id=board.id),
        today=this_day(),
    )
    return page, status


def _log_form(board: Board, task: MeetingAction) -> LogForm:
    form = LogForm.on(
        task.version,
        status=task.status.value,
        lead=in_words(task.person) if task.person is not None else None,
        organisation=str(task.organisation_id or ""),
        due=short_date(task.due_on) if task.due_on else None,
    )
    if may(Permission.MINUTE, board_id=board.id):
        session, tenant = db.session(), board.partnership_id
        form.offer(members(session, tenant, this_day()), log_queries.organisations(session, tenant))
    return form


def _changed(form: LogForm, task: MeetingAction) -> bool:
    """Make the change; False where somebody else was quicker."""
    organisations = log_queries.organisations(db.session(), task.partnership_id)
    chosen = [one for one in organisations if str(one.id) == form.organisation.data]
    try:
        log_operations.change(
            db.session(),
            task,
            status=form.stands(),
            lead=form.lead.person,
            organisation=chosen[0] if chosen else None,
            due_on=form.due_on(),
            said=str(form.said.data),
            person_id=viewer().person_id,
            now=now(),
        )
    except StaleDataError:
        db.session.rollback()
        return False
    return True


@pages.route(f"{ENTRY}/plan-action", methods=["GET", "POST"])
@requires(Permission.MINUTE)
def become_plan_action(slug: str, uid: UUID) -> ResponseReturnValue:
    """Make a meeting action an action of a plan: choose where, who leads, by when."""
    board, task = _found(slug, uid, Permission.MINUTE)
    if task.status is not MeetingActionStatus.OPEN:
        flash("Only an open meeting action can become an action of a plan.")
        return redirect(_page(board, task))
    session, tenant = db.session(), board.partnership_id
    possible = places(session, tenant)
    form = PlanActionForm.on(
        task.version,
        title=None if task.is_confidential else task.what[:300],
        organisation=str(task.organisation_id or ""),
        deadline=f"by {short_date(task.due_on)}" if task.due_on else None,
    )
    form.offer(possible, log_queries.organisations(session, tenant))
    status = 422 if form.is_submitted() else 200
    if form.is_submitted() and form.validate():
        if form.version.data != task.version:
            form.see(task.version)
            form.place.errors, status = [CHANGED], 409
        else:
            place = next(one for one in possible if one.key == form.place.data)
            try:
                action, reference = log_operations.become_plan_action(
                    session,
                    task,
                    board,
                    task.meeting,
                    plan=place.plan,
                    priority=place.priority,
                    title=str(form.title.data),
                    organisation_id=int(form.organisation.data) if form.organisation.data else None,
                    deadline=str(form.deadline.data),
                    person_id=viewer().person_id,
                    person_name=viewer().name,
                    now=now(),
                )
            except (CannotPropose, NoLongerOpen) as why:
                words = str(why) or "It is not open any more."
                form.place.errors, status = [words], 409
            else:
                flash(f"It is action {reference} of {place.plan.full_title} now.", "success")
                here = standing().slug
                return redirect(url_for("actions.show", partnership=here, number=action.number))
    page = render_template(
        "governance/deciding/plan_action.html", board=board, task=task, form=form
    )
    return page, status


def _found(slug: str, uid: UUID, permission: Permission) -> tuple[Board, MeetingAction]:
    """The meeting action of an address, for whoever may; 404 where there is none for them."""
    board = board_of(slug)
    demand(permission, board_id=board.id)
    task = log_queries.meeting_action(
        db.session(), board.partnership_id, board.id, uid, _reader(board)
    )
    if task is None:
        abort(404)
    return board, task


def _reader(board: Board) -> Reader:
    entitled = may(Permission.READ_CONFIDENTIAL, board_id=board.id)
    return Reader(viewer().person_id, entitled)


def _asked(terms: LogTerms) -> LogFilter:
    """What the address asks for; whatever it does not offer is not asked."""
    shows = request.args.get("show", "")
    lead, meeting = request.args.get("lead", ""), request.args.get("meeting", "")
    people = {f"person-{one}": one for one, _ in terms.people}
    organisations = {f"organisation-{one}": one for one, _ in terms.organisations}
    meetings = {str(occurrence_on): one for one, occurrence_on, _ in terms.meetings}
    return LogFilter(
        shows=LogShows(shows) if shows in [one.value for one in LogShows] else LogShows.OPEN,
        person_id=people.get(lead),
        organisation_id=organisations.get(lead),
        meeting_id=meetings.get(meeting),
    )


def _page(board: Board, task: MeetingAction) -> str:
    return board_address(board, "governance.log_entry", uid=task.uid)
