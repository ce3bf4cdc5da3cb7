"""One update handed to somebody else, and handed back."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from actions.answerers import answerer_ids
from actions.delegations import CannotDelegate, NothingAsked, delegate, hand_back
from actions.forms.hand_on import DelegateForm
from actions.queries import facts
from actions.rules import main_home
from actions.update_queries import asks_here
from actions.views.ground import found, pages
from actions.views.update import address
from tracker.edges.db import db
from tracker.people.naming import Unclear, find_member, member_choices
from tracker.web.access import Permission, demand, requires, standing, viewer
from tracker.web.parts import now, this_day


@pages.route("/<slug:partnership>/actions/<int:number>/delegate", methods=["GET", "POST"])
@requires(Permission.DELEGATE)
def delegate_update(number: int) -> ResponseReturnValue:
    """Hand what is asked of an action now to somebody of the partnership."""
    here, session, today = standing(), db.session(), this_day()
    action = found(here, number)
    demand(
        Permission.DELEGATE,
        owner_ids=answerer_ids(session, here.partnership_id, action.id, today),
    )
    form = DelegateForm()
    try:
        if form.validate_on_submit():
            to = find_member(session, here.partnership_id, form.to.data or "", today)
            delegate(
                session, action, to=to, by_id=viewer().person_id, note=form.note.data, now=now()
            )
            flash(f"Handed to {to.name}, who is asked for this update instead.", "success")
            return redirect(address(here, number, "actions.show"))
    except (Unclear, CannotDelegate) as error:
        form.to.errors = [str(error)]
    except NothingAsked:
        flash("No update is asked for now, so there is nothing to hand on.")
        return redirect(address(here, number, "actions.show"))
    asks = [
        ask
        for ask in asks_here(session, here.partnership_id, action.id, today)
        if not ask.facts.is_closed
    ]
    if not asks:
        flash("No update is asked for now, so there is nothing to hand on.")
        return redirect(address(here, number, "actions.show"))
    page = render_template(
        "actions/delegate.html",
        form=form,
        action=main_home(facts(session, here.partnership_id, today, action_ids=[action.id])),
        asks=asks,
        choices=member_choices(session, here.partnership_id, today),
    )
    return page, 422 if form.errors else 200


@pages.post("/<slug:partnership>/actions/<int:number>/hand-back")
@requires(Permission.DELEGATE)
def hand_update_back(number: int) -> ResponseReturnValue:
    """Hand an update back to whoever was asked first; either side may."""
    here, session = standing(), db.session()
    action = found(here, number)
    demand(
        Permission.DELEGATE,
        owner_ids=answerer_ids(session, here.partnership_id, action.id, this_day()),
    )
    if hand_back(session, action, now=now()):
        flash("Handed back. Whoever was asked first is asked again.", "success")
    else:
        flash("This update is with nobody else.")
    return redirect(address(here, number, "actions.show"))
