"""A deadline changed; milestones added, moved, done."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from actions.deadlines import (
    SameDeadline,
    add_milestone,
    as_deadline,
    change_deadline,
    change_milestone,
    mark_milestone,
)
from actions.forms.deadlines import BY_CORRECTION, DeadlineForm, DoneForm, MilestoneForm
from actions.models import Action, Milestone
from actions.page_queries import milestone_by_uid
from actions.queries import deadline_changes
from actions.views.ground import found, known, pages, stale, ties, to_action
from tracker.edges.db import db
from tracker.kernel.period import short_date
from tracker.people.queries import boards
from tracker.web.access import Permission, Standing, demand, may, requires, standing, viewer
from tracker.web.parts import now, this_day

SAME = "That is the deadline it has now"


@pages.route("/<slug:partnership>/actions/<int:number>/deadline", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def deadline(number: int) -> ResponseReturnValue:
    """Set a new deadline, with the reason and the board that agreed; the old ones stay."""
    here, session = standing(), db.session()
    action = found(here, number)
    form = DeadlineForm.on(action.version)
    form.board.offer(boards(session, here.partnership_id), none=BY_CORRECTION)
    if form.is_submitted() and form.validate():
        stale(action, form.version.data)
        try:
            change_deadline(
                session,
                action,
                as_deadline(form.deadline.said),
                person_id=viewer().person_id,
                board_id=form.board.board_id,
                reason=str(form.reason.data),
                now=now(),
            )
            flash(f"The deadline is now {form.deadline.said.words}.", "success")
            return to_action(here, number)
        except SameDeadline:
            form.deadline.errors = [SAME]
    page = render_template(
        "actions/deadline.html",
        form=form,
        action=known(here, action),
        changes=deadline_changes(session, here.partnership_id, action.id),
        milestone=None,
        today=this_day(),
    )
    return page, 422 if form.is_submitted() else 200


@pages.route("/<slug:partnership>/actions/<int:number>/milestones", methods=["GET", "POST"])
@requires(Permission.RECORD_PROGRESS)
def milestones(number: int) -> ResponseReturnValue:
    """An action's milestones: owners say which are done, a secretary adds and moves them."""
    here = standing()
    action = _shared(here, number)
    form = DoneForm.on(action.version, done_on=short_date(this_day()))
    if form.is_submitted() and form.validate():
        stale(action, form.version.data)
        milestone = _milestone(here, action)
        mark_milestone(db.session(), action, milestone, done_on=form.done_on.day, now=now())
        flash(f"Done: {milestone.title}.", "success")
        return redirect(_milestones(here, number))
    return _page(here, action, form, MilestoneForm(formdata=None))


@pages.post("/<slug:partnership>/actions/<int:number>/milestones/add")
@requires(Permission.CHANGE_PLANS)
def milestones_add(number: int) -> ResponseReturnValue:
    """Add a milestone with its date."""
    here = standing()
    action = found(here, number)
    form = MilestoneForm.on(action.version)
    if form.validate():
        stale(action, form.version.data)
        add_milestone(
            db.session(),
            action,
            str(form.title.data),
            as_deadline(form.deadline.said),
            person_id=viewer().person_id,
            now=now(),
        )
        flash(f"Added: {form.title.data}.", "success")
        return redirect(_milestones(here, number))
    return _page(here, action, DoneForm(formdata=None), form)


@pages.post("/<slug:partnership>/actions/<int:number>/milestones/not-done")
@requires(Permission.CHANGE_PLANS)
def milestones_not_done(number: int) -> ResponseReturnValue:
    """A milestone is not done after all."""
    here = standing()
    action = found(here, number)
    if "milestone" in request.form:
        milestone = _milestone(here, action)
        mark_milestone(db.session(), action, milestone, done_on=None, now=now())
        flash(f"Not done: {milestone.title}.", "success")
    return redirect(_milestones(here, number))


@pages.route("/<slug:partnership>/actions/<int:number>/milestones/date", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def milestones_date(number: int) -> ResponseReturnValue:
    """Set a milestone's new date, with the reason and the board that agreed."""
    here, session = standing(), db.session()
    action = found(here, number)
    if "milestone" not in request.values:
        return redirect(_milestones(here, number))
    milestone = _milestone(here, action)
    form = DeadlineForm.on(action.version)
    form.board.offer(boards(session, here.partnership_id), none=BY_CORRECTION)
    if form.is_submitted() and form.validate():
        stale(action, form.version.data)
        try:
            change_milestone(
                session,
                action,
                milestone,
                as_deadline(form.deadline.said),
                person_id=viewer().person_id,
                board_id=form.board.board_id,
                reason=str(form.reason.data),
                now=now(),
            )
            flash(f"{milestone.title}: {form.deadline.said.words}.", "success")
            return redirect(_milestones(here, number))
        except SameDeadline:
            form.deadline.errors = [SAME]
    page = render_template(
        "actions/deadline.html",
        form=form,
        action=known(here, action),
        changes=deadline_changes(session, here.partnership_id, action.id, milestone.id),
        milestone=milestone,
        today=this_day(),
    )
    return page, 422 if form.is_submitted() else 200


def _shared(here: Standing, number: int) -> Action:
    """The action, for whoever may record progress on it or change it."""
    action = found(here, number)
    if may(Permission.CHANGE_PLANS):
        demand(Permission.CHANGE_PLANS)
    else:
        demand(Permission.RECORD_PROGRESS, **ties(here, action.id))
    return action


def _milestone(here: Standing, action: Action) -> Milestone:
    """The milestone that was sent; 404 where the action has none such."""
    try:
        uid = UUID(request.values.get("milestone", ""))
    except ValueError:
        abort(404)
    found_one = milestone_by_uid(db.session(), here.partnership_id, action.id, uid)
    if found_one is None:
        abort(404)
    return found_one


def _milestones(here: Standing, number: int) -> str:
    return url_for("actions.milestones", partnership=here.slug, number=number)


def _page(
    here: Standing, action: Action, done: DoneForm, adding: MilestoneForm
) -> ResponseReturnValue:
    page = render_template(
        "actions/milestones.html",
        form=adding if adding.errors else done,
        done=done,
        adding=adding,
        action=known(here, action),
        version=action.version,
        sent=request.form.get("milestone"),
        today=this_day(),
    )
    return page, 422 if request.method == "POST" else 200
