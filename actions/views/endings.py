"""An action moved, merged, split, made business as usual or stopped, by decision of a board."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from actions.endings import CannotEnd, live_homes, merge, move, stop
from actions.facts import facts
from actions.forms.endings import DecidedForm, EndForm, MergeForm, MoveForm, SplitForm, home_key
from actions.models import Action, ActionHome, HomeEnding
from actions.place_queries import candidates, places
from actions.rules import ActionFacts
from actions.splitting import split
from actions.views.ground import found, pages, stale, to_action
from plans.operations import Decision
from tracker.edges.db import db
from tracker.people.queries import boards
from tracker.web.access import Permission, Standing, requires, standing, viewer
from tracker.web.parts import now, this_day


@pages.route("/<slug:partnership>/actions/<int:number>/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def end(number: int) -> ResponseReturnValue:
    """The ways in which an action can end; business as usual and stopped are done here."""
    here = standing()
    action = found(here, number)
    homes = open_homes(here, action)
    if not homes:
        return refuse(here, number)
    form = EndForm.on(action.version)
    form.offer_homes(homes)

    def do(by: Decision) -> None:
        ending = HomeEnding(form.ending.data)
        stop(db.session(), action, home_of(action, str(form.home.data)), ending, by=by)

    if _is_done(form, here, action, do, beside=None):
        flash("Done. Its history says what was decided, and why.", "success")
        return to_action(here, number)
    page = render_template("actions/end.html", form=form, action=homes[0])
    return page, 422 if form.is_submitted() else 200


@pages.route("/<slug:partnership>/actions/<int:number>/move", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def move_action(number: int) -> ResponseReturnValue:
    """Move an action to another priority or plan."""
    here = standing()
    action = found(here, number)
    homes = open_homes(here, action)
    if not homes:
        return refuse(here, number)
    form = MoveForm.on(action.version)
    form.offer_homes(homes)
    form.place.offer_places(places(db.session(), here.partnership_id))

    def do(by: Decision) -> None:
        place = form.place.place
        assert place is not None
        move(
            db.session(),
            action,
            home_of(action, str(form.home.data)),
            plan=place.plan,
            priority=place.priority,
            by=by,
            reference=form.reference.data,
            wording=form.wording.data,
        )

    if _is_done(form, here, action, do, beside="place"):
        flash("Moved. Its owners, deadline and history went with it.", "success")
        return to_action(here, number)
    page = render_template("actions/move.html", form=form, action=homes[0])
    return page, 422 if form.is_submitted() else 200


@pages.route("/<slug:partnership>/actions/<int:number>/merge", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def merge_action(number: int) -> ResponseReturnValue:
    """Let an action become part of another."""
    here = standing()
    action = found(here, number)
    homes = open_homes(here, action)
    if not homes:
        return refuse(here, number)
    form = MergeForm.on(action.version)
    others = candidates(db.session(), here.partnership_id)
    form.into.candidates = [one for one in others if one.action_id != action.id]

    def do(by: Decision) -> None:
        assert form.into.chosen is not None
        other = db.session().scalars(
            select(Action).where(
                Action.partnership_id == here.partnership_id,
                Action.id == form.into.chosen.action_id,
            )
        )
        merge(db.session(), action, other.one(), by=by)

    if _is_done(form, here, action, do, beside="into"):
        flash("Merged. Both actions say so.", "success")
        return to_action(here, number)
    page = render_template("actions/merge.html", form=form, action=homes[0])
    return page, 422 if form.is_submitted() else 200


@pages.route("/<slug:partnership>/actions/<int:number>/split", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def split_action(number: int) -> ResponseReturnValue:
    """Let an action go on as two or more."""
    here = standing()
    action = found(here, number)
    homes = open_homes(here, action)
    if not homes:
        return refuse(here, number)
    form = SplitForm.on(action.version)

    def do(by: Decision) -> None:
        split(db.session(), action, form.titles(), by=by)

    if _is_done(form, here, action, do, beside="part_1"):
        flash("Split. The new actions have its owners, leads and deadline.", "success")
        return to_action(here, number)
    page = render_template("actions/split.html", form=form, action=homes[0])
    return page, 422 if form.is_submitted() else 200


def open_homes(here: Standing, action: Action) -> list[ActionFacts]:
    """The places where an open action stands now; empty when there is nothing to end."""
    homes = facts(db.session(), here.partnership_id, this_day(), action_ids=[action.id])
    return [home for home in homes if home.is_open]


def refuse(here: Standing, number: int) -> ResponseReturnValue:
    """To the action, where it is said why it cannot end."""
    flash("Nothing was changed: only an open action of a plan can be moved or ended.")
    return to_action(here, number)


def home_of(action: Action, key: str) -> ActionHome:
    """The place where an action stands of this key (see ``home_key``)."""
    homes = live_homes(db.session(), action)
    return next(one for one in homes if home_key(one.plan_id, one.reference) == key)


def decided_by(form: DecidedForm) -> Decision:
    """By whose decision, as a form says it, today."""
    return Decision(
        on=this_day(),
        board_id=form.board.board_id,
        reason=str(form.reason.data),
        person_id=viewer().person_id,
        now=now(),
    )


def _is_done(
    form: DecidedForm,
    here: Standing,
    action: Action,
    do: Callable[[Decision], None],
    *,
    beside: str | None,
) -> bool:
    """Do what a valid form says; ``beside`` is the field that shows why it could not be done."""
    form.offer_boards(boards(db.session(), here.partnership_id))
    if not (form.is_submitted() and form.validate()):
        return False
    stale(action, form.version.data)
    try:
        do(decided_by(form))
    except CannotEnd as refused:
        db.session.rollback()
        form[beside or "reason"].errors = [str(refused)]
        return False
    return True
