"""Answering: several at once in one table, and one meeting action on a page of its own."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from actions.lists import Need, Sort
from actions.operations import NothingToRepeat, Overtaken
from governance.answer_forms import TaskForm
from governance.answer_sheet import Saved, Sheet, opened, sent
from governance.listing import Listed, Listing, listing, tasks_of
from governance.log_models import MeetingAction, MeetingActionStatus
from governance.meeting_actions import NoLongerOpen
from governance.meeting_actions import answer as answer_task
from governance.mine_ground import own_scope, pages
from governance.mine_queries import diary, meeting_action_by_uid
from tracker.edges.db import db
from tracker.people.board_models import Board
from tracker.web.access import Permission, Standing, demand, requires, standing, viewer
from tracker.web.parts import now, this_day

CHANGED = "Somebody else changed one of these just now, so nothing was saved: save again"
QUICKER = (Overtaken, IntegrityError, StaleDataError, NothingToRepeat, NoLongerOpen)


@pages.route("/my-actions/answer", methods=["GET", "POST"])
@requires(Permission.BE_SIGNED_IN)
def answer() -> ResponseReturnValue:
    """Everything that somebody is asked for in one table, saved together."""
    if request.method == "GET":
        return _open()
    sheet = _sent()
    if sheet.validate() and not sheet.is_overtaken():
        try:
            saved = sheet.save(db.session(), viewer(), now())
        except QUICKER:
            # Nothing of it is kept; the table is read again, with what the other one entered.
            db.session.rollback()
            sheet = _sent()
            if sheet.validate() and not sheet.is_overtaken():
                sheet.errors.append((CHANGED, "#main-content"))
        else:
            flash(_words(saved), "success")
            return redirect(url_for("mine.index"))
    return _table(sheet), 409 if sheet.is_overtaken() else 422


def _open() -> ResponseReturnValue:
    today, who = this_day(), viewer()
    found = listing(
        db.session(),
        own_scope(),
        list(who.standings.values()),
        today,
        sorts=(Sort.NEEDS, Sort.DUE, Sort.REFERENCE),
        needs=Need.ASKED,
    )
    tenants = found.asked.scope.partnership_ids
    tasks, _ = diary(db.session(), tenants, who.person_id, (), now())
    uids = [one.uid for one in tasks_of(found, tasks, today)] if found.is_first else []
    # What somebody has begun on its own page, or handed on, is answered there and not here.
    apart = [one for one in found.rows if one.behalf.begun or one.behalf.handed_to]
    sheet = opened(db.session(), who, [one for one in found.rows if one not in apart], uids, now())
    return _table(sheet, found, apart)


def _sent() -> Sheet:
    return sent(
        db.session(), viewer(), request.form.getlist("row"), request.form.getlist("task"), now()
    )


def _table(sheet: Sheet, found: Listing | None = None, apart: list[Listed] | None = None) -> str:
    return render_template(
        "mine/answer.html",
        sheet=sheet,
        listing=found,
        apart=apart or [],
        several=len(viewer().standings) > 1,
        today=this_day(),
    )


def _words(saved: Saved) -> Markup:
    """How many were saved, with the way to each."""
    said = []
    if saved.recorded:
        links = Markup(", ").join(
            Markup('<a class="govuk-notification-banner__link" href="{}">{}</a>').format(
                url_for("actions.show", partnership=row.here.slug, number=row.facts.number),
                row.facts.reference,
            )
            for row in saved.recorded
        )
        number = len(saved.recorded)
        said.append(Markup("{} update{} saved: {}.").format(number, "s"[: number > 1], links))
    for row, clearance in saved.waiting:
        said.append(
            Markup("{} waits until {} has cleared it.").format(row.facts.reference, clearance.who)
        )
    if saved.tasks:
        number = len(saved.tasks)
        references = ", ".join(task.task.reference for task in saved.tasks)
        said.append(
            Markup("{} meeting action{} answered: {}.").format(
                number, "s"[: number > 1], references
            )
        )
    return Markup(" ").join(said)


@pages.route("/<slug:partnership>/meeting-actions/<uuid:uid>", methods=["GET", "POST"])
@requires(Permission.RECORD_PROGRESS)
def meeting_action(uid: UUID) -> ResponseReturnValue:
    """One meeting action: what was asked, and how it stands; its lead or a secretary says."""
    here = standing()
    task, board = meeting_action_by_uid(db.session(), here.partnership_id, uid) or abort(404)
    leads = frozenset() if task.person_id is None else frozenset({task.person_id})
    demand(Permission.RECORD_PROGRESS, owner_ids=leads)
    if task.is_confidential and viewer().person_id not in leads:
        # A secretary of another board may answer for anybody, but not read this.
        demand(Permission.READ_CONFIDENTIAL, board_id=board.id)
    form, overtaken = _task_form(task), False
    if form.is_submitted() and form.validate():
        seen = form.version.data
        overtaken = seen != task.version or task.status is not MeetingActionStatus.OPEN
        if not overtaken:
            try:
                answer_task(
                    db.session(),
                    task,
                    status=form.outcome(),
                    progress=form.progress.data,
                    now=now(),
                    person_id=viewer().person_id,
                )
                flash(f"Saved. {task.reference} is {task.status.value}.", "success")
                return redirect(_after(here, task, board))
            except StaleDataError:
                db.session.rollback()
                overtaken = True
    form.see(form.version, task.version)
    page = render_template(
        "mine/meeting_action.html", task=task, board=board, form=form, overtaken=overtaken
    )
    return page, 409 if overtaken else 422 if form.is_submitted() else 200


def _after(here: Standing, task: MeetingAction, board: Board) -> str:
    """Where to go on: the lead to their list, a secretary to the board."""
    if task.person_id == viewer().person_id:
        return url_for("mine.index")
    return url_for("governance.board", partnership=here.slug, slug=board.slug)


def _task_form(task: MeetingAction) -> TaskForm:
    is_open = not request.form
    form = TaskForm(data={"version": task.version, "progress": task.progress} if is_open else None)
    form.ask_for(newest=task.version, may_leave=False)
    return form
