"""The owner's update: one page, one form, looked through once and submitted."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from actions.clearance import submit_or_clear
from actions.clearers import Clearance
from actions.drafts import entry_of, said_in, save_draft
from actions.forms.progress import ProgressForm, drafted, filled_in
from actions.operations import NothingToRepeat, Overtaken
from actions.queries import facts
from actions.rules import main_home
from actions.update_queries import AskHere
from actions.views.ground import pages
from actions.views.update import Update, address, saved_words, update_of
from tracker.edges.db import db
from tracker.kernel.lifecycle import Lifecycle
from tracker.web.access import Permission, Standing, requires, standing, viewer
from tracker.web.parts import now, this_day

# Buttons of the form besides the one that submits, which has no name of its own.
KEEP, CHANGE, CHECK = "draft", "change", "check"


@pages.route("/<slug:partnership>/actions/<int:number>/progress", methods=["GET", "POST"])
@requires(Permission.RECORD_PROGRESS)
def progress(number: int) -> ResponseReturnValue:
    """The owner's update: one page, one form."""
    here = standing()
    update = update_of(here, number)
    if update.action.lifecycle is Lifecycle.CLOSED_NOT_COMPLETED:
        flash("This action was closed, not completed. No more updates are taken.")
        return redirect(address(here, number, "actions.show"))
    if request.method == "POST":
        # What a browser sends is all that was said: only an opened page begins with what is known.
        return _sent(update, update.prepare(ProgressForm()))
    if update.is_waiting:
        return update.waiting_page()
    return update.page(_opened(update))


def _opened(update: Update) -> ProgressForm:
    """The form as a page that is opened shows it: the draft, or what is known."""
    said = said_in(update.draft) if update.draft is not None else {}
    begun = drafted(said, update.newest) if said else {}
    if begun.keys() <= {"last_seen"}:
        begun = filled_in(update.known, update.said)
    return update.prepare(ProgressForm(formdata=None, data=begun))


def _sent(update: Update, form: ProgressForm) -> ResponseReturnValue:
    """Do what the button that was pressed says."""
    if KEEP in request.form:
        return _keep(update, form)
    if CHANGE in request.form:
        return update.page(form)
    if not form.validate():
        return update.page(form, has_failed=True)
    if CHECK in request.form:
        if form.last_seen.data != update.newest:
            return update.conflict_page(form, entry_of(form.kept(), update.action))
        return update.check_page(form)
    try:
        return _save(update, form)
    except NothingToRepeat:
        flash("“No change” repeats an earlier update of an open action. Say where it stands.")
        return update.page(_opened(update), has_failed=True)


def _keep(update: Update, form: ProgressForm) -> ResponseReturnValue:
    """Keep what was typed as this person's draft, whatever is wrong with it."""
    if not form.can_be_kept():
        return update.page(form, has_failed=True)
    was_waiting = update.is_waiting
    save_draft(
        db.session(),
        update.action,
        form.typed(),
        person_id=viewer().person_id,
        last_seen=int(form.last_seen.data or 0),
        now=now(),
    )
    flash("Draft saved. It no longer waits for clearance." if was_waiting else "Draft saved.")
    return redirect(address(update.here, update.action.number))


def _save(update: Update, form: ProgressForm) -> ResponseReturnValue:
    """Record what was said and go back to the action; or show both versions to the second."""
    here, number, asks = update.here, update.action.number, update.asks
    entry = entry_of(form.kept(), update.action)
    try:
        done = submit_or_clear(
            db.session(),
            update.action,
            entry,
            person_id=viewer().person_id,
            last_seen=int(form.last_seen.data or 0),
            now=now(),
            said=form.kept(),
        )
    except (Overtaken, IntegrityError, StaleDataError):
        db.session.rollback()
        return update_of(here, number).conflict_page(form, entry)
    if isinstance(done, Clearance):
        flash(f"Sent. It counts as soon as it is cleared by {done.who}.", "success")
        return redirect(address(here, number))
    flash(_saved(here, update.action.id, asks), "success")
    return redirect(address(here, number, "actions.show"))


def _saved(here: Standing, action_id: int, asks: list[AskHere]) -> str:
    today = this_day()
    found = facts(db.session(), here.partnership_id, today, action_ids=[action_id])
    return saved_words(main_home(found), asks, today)
