"""How an action or a plan stood on a day, and every change of an action."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from actions.as_it_stood import facts_as_of, stood_as_of
from actions.change_queries import records_of
from actions.explanation import explain
from actions.views.ground import found, pages
from plans.queries import plan_by_slug
from tracker.edges.db import db
from tracker.kernel.rag import counts
from tracker.ledger.changes import changes_page
from tracker.web.access import Permission, requires, standing
from tracker.web.days import asked_day


@pages.get("/<slug:partnership>/actions/<int:number>/as-it-stood")
@requires(Permission.READ)
def as_it_stood(number: int) -> ResponseReturnValue:
    """One action as it stood on a day, and why it was rated as it was."""
    here, asked = standing(), asked_day()
    action = found(here, number)
    homes = stood_as_of(db.session(), here.partnership_id, asked.at, action_ids=[action.id])
    stood = min(homes, key=lambda one: one.facts.ended_on is not None, default=None)
    page = render_template(
        "actions/stood.html",
        number=number,
        title=action.title,
        stood=stood.facts if stood else None,
        homes=[one.facts for one in homes],
        explained=explain(stood.facts, asked.on, stood.beside) if stood else None,
        asked=asked,
    )
    return page, asked.status


@pages.get("/<slug:partnership>/actions/<int:number>/changes")
@requires(Permission.READ)
def changes(number: int) -> ResponseReturnValue:
    """Every change of every record of an action, newest first."""
    here = standing()
    action = found(here, number)
    page = changes_page(
        db.session(),
        here.partnership_id,
        before=request.args.get("before", type=int),
        among=records_of(here.partnership_id, action.id),
        within=("action", action.id),
    )
    return render_template(
        "actions/changes.html",
        action=action,
        page=page,
        is_first="before" not in request.args,
        older=url_for("actions.changes", partnership=here.slug, number=number, before=page.older)
        if page.older
        else None,
    )


@pages.get("/<slug:partnership>/plans/<slug:slug>/as-it-stood")
@requires(Permission.READ)
def plan_as_it_stood(slug: str) -> ResponseReturnValue:
    """One plan's actions with their ratings, as they stood on a day."""
    here, asked = standing(), asked_day()
    plan = plan_by_slug(db.session(), here.partnership_id, slug)
    if plan is None:
        abort(404)
    actions = facts_as_of(db.session(), here.partnership_id, asked.at, plan_ids=[plan.id])
    once = {one.action_id: one for one in actions if one.is_counted()}
    standing_then = [one for one in actions if one.ended_on is None]
    page = render_template(
        "plans/stood.html",
        plan=plan,
        title=actions[0].plan_title if actions else plan.full_title,
        actions=standing_then,
        ended=[one for one in actions if one.ended_on is not None],
        priorities=list(
            dict.fromkeys((one.priority_number, one.priority_title) for one in standing_then)
        ),
        counts=counts(one.rating(asked.on) for one in once.values()),
        asked=asked,
    )
    return page, asked.status
