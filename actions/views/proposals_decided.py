"""One proposal: its page, agreed, returned or withdrawn."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from actions.forms.proposals import LEAD, AgreeProposalForm, ReturnForm, WithdrawForm
from actions.proposal_models import Proposal, ProposalKind
from actions.proposal_queries import proposal_by_uid
from actions.proposals import CannotPropose, NotWaiting, OwnProposal, withdraw
from actions.proposals_decided import Consent, agree, send_back
from actions.proposed import ProposalFacts
from actions.views.ground import pages, ties
from actions.views.proposals import ties_of_plan
from plans.models import Plan
from tracker.edges.db import db, key_of
from tracker.people.queries import boards
from tracker.web.access import Permission, Standing, Ties, demand, requires, standing, viewer
from tracker.web.parts import now

OWN = "This is your own proposal. Somebody else must agree to it."


@pages.get("/<slug:partnership>/proposals/<uuid:uid>")
@requires(Permission.READ)
def proposal(uid: UUID) -> ResponseReturnValue:
    """One proposal: what is proposed and why, and what became of it."""
    row, facts = _found(uid)
    return _page(row, facts, WithdrawForm.on(facts.version)), 200


@pages.route("/<slug:partnership>/proposals/<uuid:uid>/agree", methods=["GET", "POST"])
@requires(Permission.AGREE)
def agree_proposal(uid: UUID) -> ResponseReturnValue:
    """Agree to a proposal in one's own part, or record who agreed."""
    here, (row, facts) = standing(), _found(uid)
    who = _ties(here, row)
    demand(Permission.AGREE, **who)
    records = bool(here.is_secretary_of)
    if not facts.is_waiting:
        flash("Nothing was changed: this proposal was decided already.")
        return _to(row)
    if facts.proposed_by_id == viewer().person_id and not records:
        flash(OWN)
        return _to(row)
    form = AgreeProposalForm.on(facts.version)
    every = boards(db.session(), here.partnership_id)
    near = [board for board in every if board.id in who["board_ids"]]
    mine = [board for board in near if board.id in here.chairs]
    form.offer(
        (near or every) if records else mine,
        is_lead=records or viewer().person_id in who["lead_ids"],
    )
    if form.is_submitted() and form.validate():
        consent = _consent(form, here, who, facts)
        if consent is not None:
            return _agreed(form, row, facts, consent)
    page = render_template("actions/agree_proposal.html", form=form, facts=facts, records=records)
    return page, 422 if form.is_submitted() else 200


@pages.route("/<slug:partnership>/proposals/<uuid:uid>/return", methods=["GET", "POST"])
@requires(Permission.AGREE)
def return_proposal(uid: UUID) -> ResponseReturnValue:
    """Return a proposal, with a reason."""
    here, (row, facts) = standing(), _found(uid)
    demand(Permission.AGREE, **_ties(here, row))
    if not facts.is_waiting:
        flash("Nothing was changed: this proposal was decided already.")
        return _to(row)
    if facts.proposed_by_id == viewer().person_id:
        flash("This is your own proposal. You can withdraw it.")
        return _to(row)
    form = ReturnForm.on(facts.version)
    if form.is_submitted() and form.validate():
        _must_be(row, form.version.data)
        send_back(
            db.session(),
            row,
            reason=str(form.reason.data),
            returned_by=viewer().name,
            person_id=viewer().person_id,
            now=now(),
        )
        flash("Returned. Nothing else was changed.", "success")
        return _to(row)
    page = render_template("actions/return_proposal.html", form=form, facts=facts)
    return page, 422 if form.is_submitted() else 200


@pages.post("/<slug:partnership>/proposals/<uuid:uid>/withdraw")
@requires(Permission.PROPOSE)
def withdraw_proposal(uid: UUID) -> ResponseReturnValue:
    """Take one's own proposal back."""
    row, facts = _found(uid)
    demand(Permission.PROPOSE, owner_ids=frozenset({facts.proposed_by_id}))
    form = WithdrawForm.on(facts.version)
    if not form.validate():
        return _page(row, facts, form), 422
    if not facts.is_waiting:
        flash("Nothing was changed: this proposal was decided already.")
        return _to(row)
    _must_be(row, form.version.data)
    try:
        withdraw(db.session(), row, person_id=viewer().person_id, now=now())
    except OwnProposal:
        abort(403)
    flash("Withdrawn. Nothing else was changed.", "success")
    return _to(row)


def _page(row: Proposal, facts: ProposalFacts, form: WithdrawForm) -> str:
    here = standing()
    return render_template(
        "actions/proposal.html",
        form=form,
        facts=facts,
        ties=_ties(here, row) if facts.is_waiting else Ties(),
        is_own=facts.proposed_by_id == viewer().person_id,
    )


def _agreed(
    form: AgreeProposalForm, row: Proposal, facts: ProposalFacts, consent: Consent
) -> ResponseReturnValue:
    _must_be(row, form.version.data)
    uid, here = row.uid, standing()
    try:
        action = agree(
            db.session(),
            row,
            consent,
            person_id=viewer().person_id,
            person_name=viewer().name,
            words=form.words.data,
            now=now(),
        )
    except (CannotPropose, NotWaiting) as refused:
        db.session.rollback()
        flash(f"Nothing was changed. {refused}")
        return redirect(url_for("actions.proposal", partnership=here.slug, uid=uid))
    flash(_DONE[facts.kind], "success")
    return redirect(url_for("actions.show", partnership=here.slug, number=action.number))


_DONE = {
    ProposalKind.NEW_ACTION: "Agreed. The action is part of the plan now.",
    ProposalKind.DEADLINE: "Agreed. The action has its new deadline.",
    ProposalKind.CLOSING: "Agreed. The action is closed, not completed.",
}


def _consent(
    form: AgreeProposalForm, here: Standing, who: Ties, facts: ProposalFacts
) -> Consent | None:
    """Who agreed, in one's own name or another's; None, with the error shown, if it cannot be."""
    is_lead = viewer().person_id in who["lead_ids"]
    is_mine = is_lead if form.part.data == LEAD else form.board_id() in here.chairs
    named = form.agreed_by.data if here.is_secretary_of else None
    is_oneself = not named or key_of(named) == key_of(viewer().name)
    if is_oneself and not is_mine:
        form.refuse_name("Say who agreed")
        return None
    if is_oneself and facts.proposed_by_id == viewer().person_id:
        form.refuse_name("This is your own proposal: name somebody else who agreed")
        return None
    name = viewer().name if is_oneself else str(named)
    return Consent(name, form.agreed_as(), form.board_id())


def _found(uid: UUID) -> tuple[Proposal, ProposalFacts]:
    """The proposal of an address; 404 where the partnership has none of that key."""
    both = proposal_by_uid(db.session(), standing().partnership_id, uid)
    if both is None:
        abort(404)
    return both


def _ties(here: Standing, row: Proposal) -> Ties:
    """Who stands how to what a proposal is about."""
    if row.action_id is not None:
        return ties(here, row.action_id)
    plan = db.session().scalars(
        select(Plan).where(Plan.partnership_id == here.partnership_id, Plan.id == row.plan_id)
    )
    return ties_of_plan(here, plan.one(), row.priority_id)


def _must_be(row: Proposal, version: object) -> None:
    """Go on only if nobody changed the proposal since the page was opened; 409 otherwise."""
    if row.version != version:
        abort(409)


def _to(row: Proposal) -> ResponseReturnValue:
    return redirect(url_for("actions.proposal", partnership=standing().slug, uid=row.uid))
