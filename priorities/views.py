"""The page of one priority."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from actions.queries import facts
from plans.queries import plan_by_slug
from priorities.queries import indicators_of, priorities_of
from priorities.rules import compare
from tracker.edges.db import db
from tracker.kernel.rag import counts
from tracker.web.access import Permission, requires, standing
from tracker.web.parts import this_day

pages = Blueprint("priorities", __name__)


@pages.get("/<slug:partnership>/plans/<slug:slug>/priorities/<number>")
@requires(Permission.READ)
def show(slug: str, number: str) -> ResponseReturnValue:
    """One priority: what its lead says, its actions, and its indicators in full."""
    here, today = standing(), this_day()
    plan = plan_by_slug(db.session(), here.partnership_id, slug)
    if plan is None:
        abort(404)
    found = priorities_of(db.session(), here.partnership_id, [plan.id])
    priority = next((one for one in found if one.number == number), None)
    if priority is None:
        abort(404)
    every = facts(db.session(), here.partnership_id, today, plan_ids=[plan.id])
    actions = [one for one in every if one.priority_number == number]
    measures = indicators_of(db.session(), here.partnership_id, [plan.id])
    return render_template(
        "priorities/show.html",
        plan=plan,
        priority=priority,
        actions=[one for one in actions if one.ended_on is None],
        ended=[one for one in actions if one.ended_on is not None],
        counts=counts(one.rating(today) for one in actions if one.is_counted()),
        indicators=[one for one in measures if one.priority_number == number],
        compare=compare,
        today=today,
    )
