"""Where an action stands: completion confirmed or taken back, a rating agreed, a hold."""

from __future__ import annotations

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from actions.forms.standing import LEAD, AgreeForm, HoldForm, ReopenForm
from actions.models import Action
from actions.operations import Overtaken
from actions.owner_queries import agreers
from actions.standing import (
    NotComplete,
    NothingToAgree,
    NotOpen,
    NotYetComplete,
    OwnCompletion,
    OwnRating,
    agree_rating,
    confirm_completion,
    hold,
    reopen,
    take_off_hold,
)
from actions.views.ground import found, known, pages, stale, ties, to_action
from tracker.edges.db import db
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.period import short_date
from tracker.people.queries import boards
from tracker.web.access import Permission, Standing, Ties, demand, requires, standing, viewer
from tracker.web.parts import now, this_day


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
    return to_action(here, number)


@pages.route("/<slug:partnership>/actions/<int:number>/reopen", methods=["GET", "POST"])
@requires(Permission.CONFIRM_COMPLETION)
def reopened(number: int) -> ResponseReturnValue:
    """Take a completion back, with a reason."""
    here = standing()
    action = found(here, number)
    demand(Permission.CONFIRM_COMPLETION, **ties(here, action.id))
    if action.lifecycle is not Lifecycle.COMPLETE:
        flash("Nothing was changed: this action is not complete.")
        return to_action(here, number)
    form = ReopenForm(data={"last_seen": action.last_entry_number})
    if form.is_submitted() and form.validate():
        if _reopened(form, action):
            flash("Reopened. It is in progress again.", "success")
        else:
            flash("Nothing was changed: somebody updated this action first. Look at what it says.")
        return to_action(here, number)
    page = render_template("actions/reopen.html", form=form, action=known(here, action))
    return page, 422 if form.is_submitted() else 200


def _reopened(form: ReopenForm, action: Action) -> bool:
    try:
        reopen(
            db.session(),
            action,
            str(form.reason.data),
            person_id=viewer().person_id,
            last_seen=form.last_seen.data,
            now=now(),
        )
    except (NotComplete, Overtaken):
        return False
    return True


@pages.route("/<slug:partnership>/actions/<int:number>/agree", methods=["GET", "POST"])
@requires(Permission.AGREE)
def agree(number: int) -> ResponseReturnValue:
    """Agree a rating that is better than the date allows, or record who agreed."""
    here, session = standing(), db.session()
    action = found(here, number)
    who = ties(here, action.id)
    demand(Permission.AGREE, **who)
    facts = known(here, action)
    if not facts.may_be_agreed():
        flash("Nothing was changed: there is no rating here that waits for agreement.")
        return to_action(here, number)
    form, records = (
        AgreeForm(data={"last_seen": action.last_entry_number}),
        bool(here.is_secretary_of),
    )
    mine = who["board_ids"] if records else who["board_ids"] & here.chairs
    form.offer(
        [board for board in boards(session, here.partnership_id) if board.id in mine],
        is_lead=records or viewer().person_id in who["lead_ids"],
    )
    if form.is_submitted() and form.validate() and _agreed(form, here, action, who):
        flash(f"Agreed. The board sees {facts.owner_rating}, as agreed.", "success")
        return to_action(here, number)
    page = render_template(
        "actions/agree.html",
        form=form,
        action=facts,
        today=this_day(),
        records=records,
        names=agreers(
            session,
            here.partnership_id,
            this_day(),
            board_ids=who["board_ids"],
            lead_ids=who["lead_ids"],
        )
        if records
        else [],
    )
    return page, 422 if form.is_submitted() else 200


def _agreed(form: AgreeForm, here: Standing, action: Action, who: Ties) -> bool:
    """Record the agreement, in one's own name or another's; an error if it cannot be."""
    is_lead = viewer().person_id in who["lead_ids"]
    is_own = is_lead if form.part.data == LEAD else form.board_id() in here.chairs
    named = form.agreed_by.data if here.is_secretary_of else None
    if not named and not is_own:
        form.agreed_by.errors = ["Say who agreed"]
        return False
    if form.last_seen.data != action.last_entry_number:
        form.part.errors = ["Somebody updated this action since: look at what it says now"]
        return False
    try:
        agree_rating(
            db.session(),
            action,
            agreed_as=form.agreed_as(),
            agreed_by=named or viewer().name,
            board_id=form.board_id(),
            recorded_by_id=viewer().person_id,
            now=now(),
            words=form.words.data,
            in_own_name=not named,
        )
    except OwnRating:
        field = form.agreed_by if here.is_secretary_of else form.part
        field.errors = ["Nobody agrees to a rating of their own: somebody else must"]
        return False
    except NothingToAgree:
        form.part.errors = ["There is nothing to agree any more"]
        return False
    return True


@pages.route("/<slug:partnership>/actions/<int:number>/hold", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def on_hold(number: int) -> ResponseReturnValue:
    """Put an action on hold, by decision of a board."""
    here = standing()
    action = found(here, number)
    if not action.lifecycle.is_open:
        flash("Nothing was changed: only an open action can be put on hold.")
        return to_action(here, number)
    form = HoldForm.on(action.version, **_held(action))
    form.board.offer(boards(db.session(), here.partnership_id))
    if form.is_submitted() and form.validate():
        stale(action, form.version.data)
        try:
            hold(
                db.session(),
                action,
                until=form.until.day,
                board_id=int(form.board.data),
                reason=str(form.reason.data),
                now=now(),
            )
            flash(f"On hold until {short_date(form.until.day)}.", "success")
        except NotOpen:
            flash("Nothing was changed: only an open action can be put on hold.")
        return to_action(here, number)
    page = render_template(
        "actions/hold.html", form=form, action=known(here, action), today=this_day()
    )
    return page, 422 if form.is_submitted() else 200


def _held(action: Action) -> dict[str, object]:
    """What the form begins with: the hold that there is, to be changed."""
    if action.on_hold_until is None:
        return {}
    return {
        "until": short_date(action.on_hold_until),
        "board": str(action.on_hold_board_id or ""),
        "reason": action.on_hold_reason,
    }


@pages.post("/<slug:partnership>/actions/<int:number>/hold/end")
@requires(Permission.CHANGE_PLANS)
def off_hold(number: int) -> ResponseReturnValue:
    """The hold ends today."""
    here = standing()
    action = found(here, number)
    if action.on_hold_until is None:
        flash("Nothing was changed: this action is not on hold.")
    else:
        take_off_hold(db.session(), action, now=now())
        flash("No longer on hold.", "success")
    return to_action(here, number)
