"""Proposing a new action, another deadline or a closing; and the list of what was proposed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from actions.forms.proposals import ClosingForm, NewActionForm, NewDeadlineForm
from actions.models import Action
from actions.place_queries import places
from actions.proposal_models import ProposalKind
from actions.proposal_queries import (
    PAGE,
    answers_in_plan,
    decided,
    leads_of_plan,
    led_priority_ids,
    waiting,
    waiting_of,
)
from actions.proposals import (
    AlreadyWaits,
    CannotPropose,
    propose_new_action,
)
from actions.proposals import propose_closing as closing_proposed
from actions.proposals import propose_deadline as deadline_proposed
from actions.proposed import ProposalFacts
from actions.views.ground import found, known, pages, ties, to_action
from governance.cycle_queries import cycle_plans, cycles, reviewing_boards
from plans.decisions import is_ended
from plans.models import Plan
from plans.queries import plan_by_slug
from tracker.edges.db import db
from tracker.web.access import Permission, Standing, Ties, demand, requires, standing, viewer
from tracker.web.parts import now, this_day

SENT = "Proposed. It waits for the chair or the priority lead to agree."


@pages.route("/<slug:partnership>/actions/<int:number>/propose-deadline", methods=["GET", "POST"])
@requires(Permission.PROPOSE)
def propose_deadline(number: int) -> ResponseReturnValue:
    """Propose another deadline for an action."""
    here = standing()
    action = _to_propose(here, number)
    refused = _refused(here, action, ProposalKind.DEADLINE)
    if refused is not None:
        return refused
    form = NewDeadlineForm()

    def send() -> None:
        deadline_proposed(
            db.session(),
            action,
            deadline=str(form.deadline.data),
            reason=str(form.reason.data),
            person_id=viewer().person_id,
            now=now(),
        )

    return _propose(form, here, action, send)


@pages.route("/<slug:partnership>/actions/<int:number>/propose-closing", methods=["GET", "POST"])
@requires(Permission.PROPOSE)
def propose_closing(number: int) -> ResponseReturnValue:
    """Propose that an action is closed, not completed."""
    here = standing()
    action = _to_propose(here, number)
    refused = _refused(here, action, ProposalKind.CLOSING)
    if refused is not None:
        return refused
    form = ClosingForm()

    def send() -> None:
        closing_proposed(
            db.session(),
            action,
            reason=str(form.reason.data),
            person_id=viewer().person_id,
            now=now(),
        )

    return _propose(form, here, action, send)


def _propose(
    form: NewDeadlineForm | ClosingForm, here: Standing, action: Action, send: Callable[[], None]
) -> ResponseReturnValue:
    """Send what was proposed of an action once it is valid; else its page, with what is wrong."""
    if form.is_submitted() and form.validate():
        try:
            send()
        except (AlreadyWaits, CannotPropose):
            abort(409)
        flash(SENT, "success")
        return to_action(here, action.number)
    page = render_template("actions/propose.html", form=form, action=known(here, action))
    return page, 422 if form.is_submitted() else 200


@pages.route("/<slug:partnership>/plans/<slug:slug>/propose-action", methods=["GET", "POST"])
@requires(Permission.PROPOSE)
def propose_action(slug: str) -> ResponseReturnValue:
    """Propose a new action for a plan."""
    here = standing()
    plan = plan_by_slug(db.session(), here.partnership_id, slug)
    if plan is None:
        abort(404)
    demand(Permission.PROPOSE, **ties_of_plan(here, plan))
    if is_ended(plan):
        flash("This plan has ended. It takes no more actions.")
        return redirect(url_for("plans.show", partnership=here.slug, slug=slug))
    form = NewActionForm()
    its_places = [
        one for one in places(db.session(), here.partnership_id) if one.plan.id == plan.id
    ]
    form.offer(its_places)
    if form.is_submitted() and form.validate():
        place = next(one for one in its_places if one.key == form.place.data)
        proposal = propose_new_action(
            db.session(),
            plan,
            place.priority,
            title=str(form.title.data),
            description=form.description.data,
            deadline=str(form.deadline.data),
            reason=str(form.reason.data),
            person_id=viewer().person_id,
            now=now(),
        )
        flash(SENT, "success")
        return redirect(url_for("actions.proposal", partnership=here.slug, uid=proposal.uid))
    page = render_template("actions/propose_action.html", form=form, plan=plan)
    return page, 422 if form.is_submitted() else 200


@pages.get("/<slug:partnership>/proposals")
@requires(Permission.READ)
def proposals() -> ResponseReturnValue:
    """What waits to be agreed, the viewer's own to agree first; and what was decided."""
    here, session = standing(), db.session()
    after = re.fullmatch(r"([01])-(\d{1,18})", request.args.get("after", ""))
    before = re.fullmatch(r"\d{1,18}", request.args.get("before", ""))
    wait: Sequence[ProposalFacts] = []
    if before is None:
        wait = waiting(
            session,
            here.partnership_id,
            plan_ids=_chaired_plan_ids(here),
            priority_ids=led_priority_ids(
                session, here.partnership_id, this_day(), person_id=viewer().person_id
            ),
            after=(after[1] == "1", int(after[2])) if after else None,
            most=PAGE + 1,
        )
    done: Sequence[ProposalFacts] = []
    if after is None:
        done = decided(
            session,
            here.partnership_id,
            before=int(before[0]) if before else None,
            most=PAGE + 1,
        )
    return render_template(
        "actions/proposals.html",
        waiting=wait[:PAGE],
        more_waiting=_address(after=f"{int(wait[PAGE - 1].is_mine)}-{wait[PAGE - 1].id}")
        if len(wait) > PAGE
        else None,
        decided=done[:PAGE],
        more_decided=_address(before=done[PAGE - 1].id) if len(done) > PAGE else None,
        is_first=after is None and before is None,
        shows_waiting=before is None,
        shows_decided=after is None,
    )


def ties_of_plan(here: Standing, plan: Plan, priority_id: int | None = None) -> Ties:
    """Who stands how to a plan, or to one of its priorities, in which an action is proposed."""
    session, today, person_id = db.session(), this_day(), viewer().person_id
    answers = answers_in_plan(session, here.partnership_id, plan.id, person_id, today)
    return Ties(
        owner_ids=frozenset({person_id} if answers else ()),
        lead_ids=leads_of_plan(session, here.partnership_id, plan.id, today, priority_id),
        board_ids=reviewing_boards(session, here.partnership_id, [plan.id]),
    )


def _to_propose(here: Standing, number: int) -> Action:
    action = found(here, number)
    demand(Permission.PROPOSE, **ties(here, action.id))
    return action


def _refused(here: Standing, action: Action, kind: ProposalKind) -> ResponseReturnValue | None:
    """To where it is said why nothing of this kind can be proposed; None when it can be."""
    if not action.lifecycle.is_open:
        flash("This action is complete or closed. Nothing can be proposed for it.")
        return to_action(here, action.number)
    already = waiting_of(db.session(), here.partnership_id, action.id, kind)
    if already is not None:
        flash("A proposal of this kind waits already. It must be decided or withdrawn first.")
        return redirect(url_for("actions.proposal", partnership=here.slug, uid=already.uid))
    return None


def _chaired_plan_ids(here: Standing) -> frozenset[int]:
    """The plans that the boards review which the viewer chairs."""
    if not here.chairs:
        return frozenset()
    brought = cycle_plans(db.session(), here.partnership_id)
    return frozenset(
        plan_id
        for cycle in cycles(db.session(), here.partnership_id)
        if cycle.board_id in here.chairs
        for plan_id in brought.get(cycle.id, [])
    )


def _address(**start: object) -> str:
    """The address of the list from somewhere on."""
    return url_for("actions.proposals", partnership=standing().slug, **start)  # type: ignore[arg-type]  # plain values
