"""What the pages of actions share: their blueprint, the action of an address, who is who to it."""

from __future__ import annotations

from flask import Blueprint, abort

from actions.answerers import answerer_ids
from actions.models import Action
from actions.queries import action_by_number, plan_ids_of, priority_lead_ids
from governance.cycle_queries import reviewing_boards
from tracker.edges.db import db
from tracker.web.access import Standing, Ties
from tracker.web.parts import this_day

pages = Blueprint("actions", __name__)


def found(here: Standing, number: int) -> Action:
    """The action of an address; 404 where the partnership has none of that number."""
    action = action_by_number(db.session(), here.partnership_id, number)
    if action is None:
        abort(404)
    return action


def ties(here: Standing, action_id: int) -> Ties:
    """Who stands how to an action: who may answer, who leads its priorities, who reviews it."""
    session, today = db.session(), this_day()
    plan_ids = plan_ids_of(session, here.partnership_id, action_id)
    return Ties(
        owner_ids=answerer_ids(session, here.partnership_id, action_id, today),
        lead_ids=priority_lead_ids(session, here.partnership_id, action_id, today),
        board_ids=reviewing_boards(session, here.partnership_id, plan_ids),
    )
