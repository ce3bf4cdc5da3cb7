"""Pages of plans: the list of a partnership's plans, and one plan whole."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from actions.queries import facts, rating_counts
from plans.decisions import decisions_of, is_ended
from plans.models import PlanLinkKind
from plans.queries import plan_around, plans_of
from priorities.queries import compare, grouped, indicators_of, priorities_of
from tracker.edges.db import db
from tracker.kernel.rag import counts
from tracker.web.access import Permission, requires, standing
from tracker.web.parts import this_day

pages = Blueprint("plans", __name__)

LINK_WORDS = {
    PlanLinkKind.PARENT: "Part of",
    PlanLinkKind.LINKED: "Linked with",
    PlanLinkKind.SUCCESSOR_OF: "Follows",
    PlanLinkKind.STRATEGY: "Linked strategies",
}


@pages.get("/<slug:partnership>/plans")
@requires(Permission.READ)
def index() -> ResponseReturnValue:
    """A partnership's plans, each with its counts by rating."""
    here, today = standing(), this_day()
    return render_template(
        "plans/index.html",
        plans=plans_of(db.session(), here.partnership_id),
        counts=rating_counts(db.session(), here.partnership_id, today),
    )


@pages.get("/<slug:partnership>/plans/<slug:slug>")
@requires(Permission.READ)
def show(slug: str) -> ResponseReturnValue:
    """One plan: its priorities with their actions, its commitments, its indicators."""
    here, today = standing(), this_day()
    around = plan_around(db.session(), here.partnership_id, slug)
    if around is None:
        abort(404)
    ids = [around.plan.id]
    actions = facts(db.session(), here.partnership_id, today, plan_ids=ids)
    priorities = priorities_of(db.session(), here.partnership_id, ids)
    once = {one.action_id: one for one in actions if one.is_counted()}
    return render_template(
        "plans/show.html",
        plan=around.plan,
        decisions=decisions_of(db.session(), here.partnership_id, around.plan.id),
        has_ended=is_ended(around.plan),
        answerers=frozenset[int]().union(*(one.owner_ids for one in actions)),
        around=around,
        link_words=LINK_WORDS,
        actions=[one for one in actions if one.ended_on is None],
        ended=[one for one in actions if one.ended_on is not None],
        counts=counts(one.rating(today) for one in once.values()),
        priorities=priorities,
        indicators=grouped(indicators_of(db.session(), here.partnership_id, ids), priorities),
        compare=compare,
        today=today,
    )
