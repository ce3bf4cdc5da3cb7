"""One action with its history; its completion confirmed."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from actions.history import history
from actions.operations import (
    NotYetComplete,
    OwnCompletion,
    confirm_completion,
)
from actions.queries import (
    asks_about,
    confirmer,
    deadline_changes,
    entries,
    facts,
    strategies,
)
from actions.rules import main_home
from actions.views.ground import found, pages, ties
from tracker.edges.db import db
from tracker.web.access import (
    Permission,
    demand,
    requires,
    standing,
    viewer,
)
from tracker.web.parts import now, this_day


@pages.get("/<slug:partnership>/actions/<int:number>")
@requires(Permission.READ)
def show(number: int) -> ResponseReturnValue:
    """One action, and everything that was recorded of it."""
    here, today = standing(), this_day()
    action = found(here, number)
    homes = facts(db.session(), here.partnership_id, today, action_ids=[action.id])
    events = history(
        entries(db.session(), here.partnership_id, action.id),
        deadline_changes(db.session(), here.partnership_id, action.id),
        confirmed_at=action.completion_confirmed_at,
        confirmed_by=confirmer(db.session(), action),
    )
    return render_template(
        "actions/show.html",
        action=main_home(homes),
        ties=ties(here, action.id),
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
    action = found(here, number)
    demand(Permission.CONFIRM_COMPLETION, **ties(here, action.id))
    try:
        confirm_completion(db.session(), action, person_id=viewer().person_id, now=now())
        flash("Confirmed. The action is complete.", "success")
    except NotYetComplete:
        flash("Nothing was changed: this action is not waiting to be confirmed.")
    except OwnCompletion:
        flash("Somebody else must confirm this: you are its owner, or you reported it complete.")
    return redirect(url_for("actions.show", partnership=here.slug, number=number))
