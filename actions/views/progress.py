"""The owner's update: one page, one form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from actions.answerers import answerer_ids
from actions.forms.progress import ProgressForm, filled_in, rating_hints
from actions.history import of_entry
from actions.models import Action
from actions.operations import (
    NothingToRepeat,
    Overtaken,
    no_change,
    record_progress,
)
from actions.queries import (
    asks_about,
    entries,
    facts,
)
from actions.rules import ActionFacts, main_home
from actions.said import AskFacts, EntryFacts
from actions.views.ground import found, pages
from tracker.edges.db import db
from tracker.kernel.lifecycle import Lifecycle
from tracker.web.access import (
    Permission,
    Standing,
    demand,
    requires,
    standing,
    viewer,
)
from tracker.web.parts import now, this_day


@pages.route("/<slug:partnership>/actions/<int:number>/progress", methods=["GET", "POST"])
@requires(Permission.RECORD_PROGRESS)
def progress(number: int) -> ResponseReturnValue:
    """The owner's update: one page, one form."""
    here, today = standing(), this_day()
    action = found(here, number)
    demand(
        Permission.RECORD_PROGRESS,
        owner_ids=answerer_ids(db.session(), here.partnership_id, action.id, today),
    )
    if action.lifecycle is Lifecycle.CLOSED_NOT_COMPLETED:
        flash("This action was closed, not completed. No more updates are taken.")
        return redirect(url_for("actions.show", partnership=here.slug, number=number))
    known = main_home(facts(db.session(), here.partnership_id, today, action_ids=[action.id]))
    said = entries(db.session(), here.partnership_id, action.id)
    # What a browser sends is all that was said: only an opened page begins with what is known.
    form = ProgressForm(data=None if request.method == "POST" else filled_in(known, said))
    if form.is_submitted() and form.validate():
        try:
            return _save(form, here, action, known)
        except NothingToRepeat:
            flash("“No change” repeats an earlier update of an open action. Say where it stands.")
            form = ProgressForm(formdata=None, data=filled_in(known, said))
    return _update_page(form, here, known, said)


def _update_page(
    form: ProgressForm, here: Standing, known: ActionFacts, said: list[EntryFacts]
) -> ResponseReturnValue:
    today = this_day()
    page = render_template(
        "actions/progress.html",
        form=form,
        action=known,
        events=[of_entry(entry) for entry in said],
        asks=asks_about(db.session(), here.partnership_id, [known.action_id], today)[
            known.action_id
        ],
        as_entered=_as_entered(known),
        rating_hints=rating_hints(),
        today=today,
    )
    return page, 422 if form.is_submitted() else 200


def _save(
    form: ProgressForm, here: Standing, action: Action, known: ActionFacts
) -> ResponseReturnValue:
    """Record what was said and go back to the action; or show both versions to the second."""
    session, today = db.session(), this_day()
    asks = asks_about(session, here.partnership_id, [action.id], today)[action.id]
    entry = no_change(action) if form.is_no_change() else form.entry()
    try:
        record_progress(
            session,
            action,
            entry,
            person_id=viewer().person_id,
            last_seen=int(form.last_seen.data or 0),
            now=now(),
        )
    except (Overtaken, IntegrityError, StaleDataError):
        session.rollback()
        return _conflict(form, here, known.number)
    shown = main_home(facts(session, here.partnership_id, today, action_ids=[action.id]))
    flash(_saved_words(shown, asks, today), "success")
    return redirect(url_for("actions.show", partnership=here.slug, number=known.number))


def _conflict(form: ProgressForm, here: Standing, number: int) -> ResponseReturnValue:
    """Both versions, so that the second to save can choose; nothing is lost."""
    action = found(here, number)
    known = main_home(facts(db.session(), here.partnership_id, this_day(), action_ids=[action.id]))
    theirs = entries(db.session(), here.partnership_id, action.id)
    entry = no_change(action) if form.is_no_change() else form.entry()
    mine = EntryFacts(action.last_entry_number + 1, now(), viewer().name, **vars(entry))
    page = render_template(
        "actions/conflict.html",
        action=known,
        missed=[of_entry(one) for one in theirs if one.number > int(form.last_seen.data or 0)],
        yours=[of_entry(mine)],
        kept=form.kept(),
    )
    return page, 409


def _as_entered(known: ActionFacts) -> ActionFacts:
    """The action as it will be once something is entered today: what the date then allows."""
    return replace(known, lifecycle=Lifecycle.IN_PROGRESS, last_entry_at=now())


def _saved_words(shown: ActionFacts, asks: list[AskFacts], today: date) -> str:
    rating, status = shown.rating(today), shown.status_words(today)
    words = f"Saved. The board will see {rating}: {status[0].lower()}{status[1:]}."
    if rating is not shown.owner_rating:
        words += f" {shown.explanation(today)}."
    if asks and all(ask.is_closed for ask in asks):
        words += (
            " Updates have closed, so this reaches the board in a supplement or at its next"
            " meeting."
        )
    return words
