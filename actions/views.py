"""Pages of actions: what needs you now, one action with its history, and its owner's update."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from actions.forms import ProgressForm, filled_in, rating_hints
from actions.history import history, of_entry
from actions.models import Action
from actions.operations import (
    NothingToRepeat,
    NotYetComplete,
    Overtaken,
    OwnCompletion,
    confirm_completion,
    no_change,
    record_progress,
)
from actions.queries import (
    action_by_number,
    asks_about,
    confirmer,
    deadline_changes,
    entries,
    facts,
    owned_everywhere,
    owner_ids,
    strategies,
)
from actions.rules import ActionFacts, AskFacts, EntryFacts
from governance.queries import coming_of, own_meeting_actions
from tracker.edges.db import db
from tracker.kernel.lifecycle import Lifecycle
from tracker.web.access import (
    Permission,
    Standing,
    Viewer,
    demand,
    requires,
    standing,
    viewer,
)
from tracker.web.parts import now, this_day

pages = Blueprint("actions", __name__)


@dataclass(frozen=True)
class OwnAction:
    """An action that the viewer is asked about, wherever it is, with its other homes."""

    partnership: Standing
    facts: ActionFacts
    also: tuple[ActionFacts, ...]
    asks: tuple[AskFacts, ...]


@pages.get("/my-actions")
@requires(Permission.BE_SIGNED_IN)
def mine() -> ResponseReturnValue:
    """What needs you now, then the rest, across partnerships and plans."""
    today = this_day()
    own = _own_actions(viewer(), today)
    rest = [one for one in own if not one.facts.needs(today)]
    return render_template(
        "actions/mine.html",
        now=[one for one in own if one.facts.needs(today)],
        rest=sorted(rest, key=lambda one: not one.facts.lifecycle.is_open),
        meeting_actions=own_meeting_actions(
            db.session(),
            viewer().person_id,
            [here.partnership_id for here in viewer().standings.values()],
        ),
        coming=coming_of(db.session(), _own_boards(viewer()), now()),
        standings=list(viewer().standings.values()),
        today=today,
    )


def _own_boards(who: Viewer) -> list[int]:
    """The boards that somebody sits on or serves, in every partnership."""
    return sorted(board for here in who.standings.values() for board in here.sits_on)


@pages.get("/<slug:partnership>/actions/<int:number>")
@requires(Permission.READ)
def show(number: int) -> ResponseReturnValue:
    """One action, and everything that was recorded of it."""
    here, today = standing(), this_day()
    action = _found(here, number)
    homes = facts(db.session(), here.partnership_id, today, action_ids=[action.id])
    events = history(
        entries(db.session(), here.partnership_id, action.id),
        deadline_changes(db.session(), here.partnership_id, action.id),
        confirmed_at=action.completion_confirmed_at,
        confirmed_by=confirmer(db.session(), action),
    )
    return render_template(
        "actions/show.html",
        action=homes[0],
        homes=homes,
        events=events,
        asks=asks_about(db.session(), here.partnership_id, [action.id], today)[action.id],
        strategies=strategies(db.session(), here.partnership_id, action.id),
        today=today,
    )


@pages.post("/<slug:partnership>/actions/<int:number>/confirm")
@requires(Permission.CONFIRM_COMPLETION)
def confirm(number: int) -> ResponseReturnValue:
    """Confirm that an action is complete."""
    here = standing()
    action = _found(here, number)
    try:
        confirm_completion(db.session(), action, person_id=viewer().person_id, now=now())
        flash("Confirmed. The action is complete.", "success")
    except NotYetComplete:
        flash("Nothing was changed: this action is not waiting to be confirmed.")
    except OwnCompletion:
        flash("Somebody else must confirm this: you are its owner, or you reported it complete.")
    return redirect(url_for("actions.show", partnership=here.slug, number=number))


@pages.route("/<slug:partnership>/actions/<int:number>/progress", methods=["GET", "POST"])
@requires(Permission.RECORD_PROGRESS)
def progress(number: int) -> ResponseReturnValue:
    """The owner's update: one page, one form."""
    here, today = standing(), this_day()
    action = _found(here, number)
    demand(
        Permission.RECORD_PROGRESS,
        owner_ids=owner_ids(db.session(), here.partnership_id, action.id, today),
    )
    if action.lifecycle is Lifecycle.CLOSED_NOT_COMPLETED:
        flash("This action was closed, not completed. No more updates are taken.")
        return redirect(url_for("actions.show", partnership=here.slug, number=number))
    known = facts(db.session(), here.partnership_id, today, action_ids=[action.id])[0]
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
    shown = facts(session, here.partnership_id, today, action_ids=[action.id])[0]
    flash(_saved_words(shown, asks, today), "success")
    return redirect(url_for("actions.show", partnership=here.slug, number=known.number))


def _conflict(form: ProgressForm, here: Standing, number: int) -> ResponseReturnValue:
    """Both versions, so that the second to save can choose; nothing is lost."""
    action = _found(here, number)
    known = facts(db.session(), here.partnership_id, this_day(), action_ids=[action.id])[0]
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


def _found(here: Standing, number: int) -> Action:
    action = action_by_number(db.session(), here.partnership_id, number)
    if action is None:
        abort(404)
    return action


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


def _own_actions(who: Viewer, today: date) -> list[OwnAction]:
    session, own = db.session(), []
    owned = owned_everywhere(session, who.person_id, today)
    for here in who.standings.values():
        ids = owned.get(here.partnership_id, [])
        if not ids:
            continue
        homes: dict[int, list[ActionFacts]] = {}
        for one in facts(session, here.partnership_id, today, action_ids=ids):
            homes.setdefault(one.action_id, []).append(one)
        asks = asks_about(session, here.partnership_id, ids, today)
        own += [
            OwnAction(here, first, tuple(others), tuple(asks[key]))
            for key, (first, *others) in homes.items()
        ]
    return sorted(own, key=lambda one: one.facts.urgency(today))
