"""A plan extended, ended early, superseded or closed; with it, what becomes of its open actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from actions.forms.plan_endings import (
    EXTENDED,
    EndPlanForm,
    ExtendForm,
    FateForm,
    HowForm,
    PlanDecidedForm,
    day_of,
    fate_form,
    last_day_hint,
)
from actions.models import Action
from actions.place_queries import Candidate, Place, candidates, places
from actions.plan_endings import (
    ActionDecision,
    Fate,
    Refused,
    end_plan,
    open_actions,
)
from actions.views.ground import pages
from plans.decisions import is_ended, open_plans
from plans.models import Plan, PlanDecisionKind
from plans.operations import CannotDecide, Decision, extend
from plans.queries import plan_by_slug
from tracker.edges.db import db
from tracker.kernel.period import short_date
from tracker.people.queries import boards
from tracker.web.access import Permission, Standing, requires, standing, viewer
from tracker.web.parts import now, this_day

ENDINGS = {kind.value: kind for kind in PlanDecisionKind if kind.value != EXTENDED}
TITLES = {
    PlanDecisionKind.SUPERSEDED: "Let another plan follow",
    PlanDecisionKind.ENDED_EARLY: "End this plan early",
    PlanDecisionKind.CLOSED: "Close this plan",
}


@dataclass(frozen=True)
class Row:
    """One open action on the page on which a plan ends, with its form."""

    action_id: int
    number: int
    reference: str
    title: str
    form: FateForm


@pages.route("/<slug:partnership>/plans/<slug:slug>/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def end_plan_how(slug: str) -> ResponseReturnValue:
    """What was decided of a plan: the first of two pages; nothing is changed here."""
    here, plan = standing(), _found(slug)
    if is_ended(plan):
        return _has_ended(here, plan)
    form = HowForm()
    form.offer([one for one in open_plans(db.session(), here.partnership_id) if one.id != plan.id])
    if form.is_submitted() and form.validate():
        if form.kind.data == EXTENDED:
            return redirect(url_for("actions.extend_plan", partnership=here.slug, slug=slug))
        is_followed = form.kind.data == PlanDecisionKind.SUPERSEDED.value
        onward = {"successor": form.successor.data} if is_followed else {}
        where = {"partnership": here.slug, "slug": slug, "kind": form.kind.data}
        return redirect(url_for("actions.close_plan", **where, **onward))
    page = render_template("plans/end.html", form=form, plan=plan)
    return page, 422 if form.is_submitted() else 200


@pages.route("/<slug:partnership>/plans/<slug:slug>/extend", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def extend_plan(slug: str) -> ResponseReturnValue:
    """Give a plan a later last day."""
    here, plan = standing(), _found(slug)
    if is_ended(plan):
        return _has_ended(here, plan)
    form = ExtendForm.on(plan.version, decided_on=short_date(this_day()))
    form.offer_boards(boards(db.session(), here.partnership_id))
    if form.is_submitted() and form.validate():
        _must_be(plan, form)
        try:
            extend(db.session(), plan, ends_on=day_of(form.ends_on), by=_decided_by(form))
        except CannotDecide as refused:
            form.ends_on.errors = [str(refused)]
        else:
            flash(f"Extended. Its last day is {short_date(plan.ends_on)}.", "success")
            return _to(here, plan)
    page = render_template("plans/extend.html", form=form, plan=plan, hint=last_day_hint(plan))
    return page, 422 if form.is_submitted() else 200


@pages.route("/<slug:partnership>/plans/<slug:slug>/close", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def close_plan(slug: str) -> ResponseReturnValue:
    """End a plan, with one decision for each of its open actions: all at once, or nothing."""
    here, session, plan = standing(), db.session(), _found(slug)
    if is_ended(plan):
        return _has_ended(here, plan)
    kind = ENDINGS.get(request.args.get("kind", PlanDecisionKind.CLOSED.value))
    every = places(session, here.partnership_id)
    successor = _successor(plan, every)
    if kind is None or (kind is PlanDecisionKind.SUPERSEDED) != (successor is not None):
        return redirect(url_for("actions.end_plan_how", partnership=here.slug, slug=slug))
    form = EndPlanForm.on(plan.version, decided_on=short_date(this_day()))
    form.offer_boards(boards(session, here.partnership_id))
    others = candidates(session, here.partnership_id)
    rows = _rows(plan, successor, every, others)
    if form.is_submitted() and _all_valid(form, rows):
        _must_be(plan, form)
        if _is_ended_now(here, plan, kind, successor, form, rows):
            flash("Done. The plan’s page says what was decided.", "success")
            return redirect(url_for("plans.show", partnership=here.slug, slug=slug))
        plan = _found(slug)
    page = render_template(
        "plans/close.html",
        form=form,
        rows=rows,
        plan=plan,
        kind=kind.value,
        successor=successor,
        candidates=others,
        title=TITLES[kind],
        hint=last_day_hint(plan),
    )
    return page, 422 if form.is_submitted() else 200


def _successor(plan: Plan, every: Sequence[Place]) -> Plan | None:
    """The plan that follows, as the address names it; 404 for one that cannot."""
    slug = request.args.get("successor")
    if slug is None:
        return None
    found = [place.plan for place in every if place.plan.slug == slug and place.plan.id != plan.id]
    if not found:
        abort(404)
    return found[0]


def _rows(
    plan: Plan, successor: Plan | None, every: Sequence[Place], others: Sequence[Candidate]
) -> list[Row]:
    """A form for each open action; ``others`` are the actions that one could become part of."""
    forward = [one for one in every if successor is not None and one.plan.id == successor.id]
    ours = {plan.id, successor.id if successor is not None else plan.id}
    transfer = [one for one in every if one.plan.id not in ours]
    rows = []
    for one in open_actions(db.session(), plan):
        action, reference = one.action, one.home.reference
        form = fate_form(action.number)
        form.offer(
            reference,
            forward=forward,
            transfer=transfer,
            candidates=[other for other in others if other.action_id != action.id],
        )
        title = one.home.wording or action.title
        rows.append(Row(action.id, action.number, reference, title, form))
    return rows


def _all_valid(form: EndPlanForm, rows: Sequence[Row]) -> bool:
    """Whether everything holds; every form is checked, so that every error is shown at once."""
    is_valid = bool(form.validate())
    for row in rows:
        is_valid = row.form.validate() and is_valid
    return is_valid


def _is_ended_now(
    here: Standing,
    plan: Plan,
    kind: PlanDecisionKind,
    successor: Plan | None,
    form: EndPlanForm,
    rows: Sequence[Row],
) -> bool:
    """End it, or show beside the fields why it cannot end so; then nothing was changed."""
    is_early = kind is PlanDecisionKind.ENDED_EARLY
    if is_early and form.ends_on.on is None:
        form.ends_on.errors = ["Say its last day"]
        return False
    ends_on = day_of(form.ends_on) if is_early else plan.ends_on
    try:
        decisions = _decisions(here, rows)
        end_plan(
            db.session(),
            plan,
            kind,
            decisions,
            ends_on=ends_on,
            successor=successor,
            by=_decided_by(form),
        )
    except CannotDecide as refused:
        db.session.rollback()
        form.ends_on.errors = [str(refused)]
    except Refused as refused:
        db.session.rollback()
        for row in rows:
            words = refused.words.get(row.action_id)
            if words:
                row.form.fate.errors = [words]
    else:
        return True
    return False


def _decisions(here: Standing, rows: Sequence[Row]) -> Mapping[int, ActionDecision]:
    """What the rows say, by action id."""
    chosen = [row.form.into.chosen for row in rows]
    wanted = [one.action_id for one in chosen if one is not None]
    into = {
        action.id: action
        for action in db.session().scalars(
            select(Action).where(
                Action.partnership_id == here.partnership_id, Action.id.in_(wanted)
            )
        )
    }
    decisions = {}
    for row in rows:
        form, fate = row.form, Fate(row.form.fate.data)
        is_forward = fate is Fate.CARRIED_FORWARD
        place = form.forward_to.place if is_forward else form.transfer_to.place
        goes_on = place if is_forward or fate is Fate.TRANSFERRED else None
        named = form.into.chosen if fate is Fate.MERGED else None
        decisions[row.action_id] = ActionDecision(
            fate,
            evidence=form.evidence.data if fate is Fate.COMPLETED else None,
            plan=goes_on.plan if goes_on else None,
            priority=goes_on.priority if goes_on else None,
            reference=form.text("reference"),
            into=into[named.action_id] if named else None,
            reason=form.text("reason"),
        )
    return decisions


def _found(slug: str) -> Plan:
    """The plan of an address; 404 where the partnership has none of that slug."""
    plan = plan_by_slug(db.session(), standing().partnership_id, slug)
    if plan is None:
        abort(404)
    return plan


def _decided_by(form: PlanDecidedForm) -> Decision:
    return Decision(
        on=day_of(form.decided_on),
        board_id=form.board.board_id,
        reason=str(form.reason.data),
        person_id=viewer().person_id,
        now=now(),
    )


def _must_be(plan: Plan, form: PlanDecidedForm) -> None:
    """Go on only if nobody changed the plan since the page was opened; 409 otherwise."""
    opened_on: object = form.version.data
    if opened_on != plan.version:
        abort(409)


def _has_ended(here: Standing, plan: Plan) -> ResponseReturnValue:
    flash("Nothing was changed: this plan has ended already.")
    return _to(here, plan)


def _to(here: Standing, plan: Plan) -> ResponseReturnValue:
    return redirect(url_for("plans.show", partnership=here.slug, slug=plan.slug))
