"""An action offered to another board: offered, accepted, returned."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from actions.endings import CannotEnd
from actions.forms.endings import OfferForm
from actions.forms.proposals import AcceptForm, ReturnForm
from actions.handovers import accept, offer, send_back
from actions.link_queries import handover_by_uid, offer_of
from actions.models import Action
from actions.place_queries import places
from actions.proposal_models import Handover
from actions.proposed import HandoverFacts
from actions.views.endings import home_of, open_homes, refuse
from actions.views.ground import found, pages, stale, to_action
from governance.cycle_queries import cycle_plans, cycles
from tracker.edges.db import db
from tracker.people.queries import boards
from tracker.web.access import Permission, Standing, demand, requires, standing, viewer
from tracker.web.parts import now


@pages.route("/<slug:partnership>/actions/<int:number>/offer", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def offer_action(number: int) -> ResponseReturnValue:
    """Offer an action to another board, for a plan that it reviews."""
    here, session = standing(), db.session()
    action = found(here, number)
    homes = open_homes(here, action)
    if not homes:
        return refuse(here, number)
    already = offer_of(session, here.partnership_id, action.id)
    if already is not None:
        flash("This action is offered already. The board must answer first.")
        return _to(already)
    reviewed = _reviewed(here)
    form = OfferForm.on(action.version)
    form.offer_homes(homes)
    every = [board for board in boards(session, here.partnership_id) if board.id in reviewed]
    form.board.offer(every)
    form.place.offer_places(
        [
            one
            for one in places(session, here.partnership_id)
            if any(one.plan.id in plan_ids for plan_ids in reviewed.values())
        ]
    )
    if form.is_submitted() and form.validate() and _is_reviewed(form, reviewed):
        stale(action, form.version.data)
        made = _offered(form, action)
        if made is not None:
            flash("Offered. It stays where it is until the board accepts it.", "success")
            return _to(made)
    page = render_template("actions/offer.html", form=form, action=homes[0])
    return page, 422 if form.is_submitted() else 200


@pages.get("/<slug:partnership>/handovers/<uuid:uid>")
@requires(Permission.READ)
def handover(uid: UUID) -> ResponseReturnValue:
    """An action that was offered to a board, and what the board answered."""
    row, facts = _found(uid)
    return render_template("actions/handover.html", facts=facts, uid=uid, board_id=row.to_board_id)


@pages.route("/<slug:partnership>/handovers/<uuid:uid>/accept", methods=["GET", "POST"])
@requires(Permission.TAKE_OVER)
def accept_handover(uid: UUID) -> ResponseReturnValue:
    """Take an offered action over into the board's plan."""
    row, facts = _found(uid)
    demand(Permission.TAKE_OVER, board_id=row.to_board_id)
    if not facts.is_waiting:
        return _answered(row)
    form = AcceptForm.on(facts.version)
    if form.is_submitted() and form.validate():
        _must_be(row, form.version.data)
        try:
            accept(
                db.session(),
                row,
                words=form.words.data,
                person_id=viewer().person_id,
                now=now(),
            )
        except CannotEnd as refused:
            db.session.rollback()
            flash(f"Nothing was changed. {refused}")
            return redirect(url_for("actions.handover", partnership=standing().slug, uid=uid))
        flash(f"Accepted. The action is in {facts.to_plan_title} now.", "success")
        return to_action(standing(), facts.number)
    page = render_template("actions/answer_offer.html", form=form, facts=facts, uid=uid)
    return page, 422 if form.is_submitted() else 200


@pages.route("/<slug:partnership>/handovers/<uuid:uid>/return", methods=["GET", "POST"])
@requires(Permission.TAKE_OVER)
def return_handover(uid: UUID) -> ResponseReturnValue:
    """Return an offered action with a reason; it stays where it is."""
    row, facts = _found(uid)
    demand(Permission.TAKE_OVER, board_id=row.to_board_id)
    if not facts.is_waiting:
        return _answered(row)
    form = ReturnForm.on(facts.version)
    if form.is_submitted() and form.validate():
        _must_be(row, form.version.data)
        send_back(
            db.session(),
            row,
            reason=str(form.reason.data),
            person_id=viewer().person_id,
            now=now(),
        )
        flash("Returned. The action stays where it is.", "success")
        return _to(row)
    page = render_template("actions/answer_offer.html", form=form, facts=facts, uid=uid)
    return page, 422 if form.is_submitted() else 200


def _reviewed(here: Standing) -> dict[int, set[int]]:
    """The plans that each board reviews, by board id."""
    brought = cycle_plans(db.session(), here.partnership_id)
    found_ones: dict[int, set[int]] = {}
    for cycle in cycles(db.session(), here.partnership_id):
        found_ones.setdefault(cycle.board_id, set()).update(brought.get(cycle.id, []))
    return found_ones


def _is_reviewed(form: OfferForm, reviewed: dict[int, set[int]]) -> bool:
    """Whether the board reviews the plan that was chosen; the error is shown where not."""
    place, board_id = form.place.place, form.board.board_id
    if place is not None and board_id is not None and place.plan.id in reviewed[board_id]:
        return True
    form.place.errors = ["That board does not review this plan: choose one that it reviews"]
    return False


def _offered(form: OfferForm, action: Action) -> Handover | None:
    """Offer it; None, with the error shown, where the place does not allow it."""
    place, board_id = form.place.place, form.board.board_id
    assert place is not None
    assert board_id is not None
    session = db.session()
    try:
        return offer(
            session,
            action,
            home_of(action, str(form.home.data)),
            board_id=board_id,
            plan=place.plan,
            priority=place.priority,
            reason=str(form.reason.data),
            person_id=viewer().person_id,
            now=now(),
        )
    except CannotEnd as refused:
        form.place.errors = [str(refused)]
        return None


def _answered(row: Handover) -> ResponseReturnValue:
    flash("Nothing was changed: this offer was answered already.")
    return _to(row)


def _to(row: Handover) -> ResponseReturnValue:
    return redirect(url_for("actions.handover", partnership=standing().slug, uid=row.uid))


def _found(uid: UUID) -> tuple[Handover, HandoverFacts]:
    """The handover of an address; 404 where the partnership has none of that key."""
    both = handover_by_uid(db.session(), standing().partnership_id, uid)
    if both is None:
        abort(404)
    return both


def _must_be(row: Handover, version: object) -> None:
    """Go on only if nobody answered since the page was opened; 409 otherwise."""
    if row.version != version:
        abort(409)
