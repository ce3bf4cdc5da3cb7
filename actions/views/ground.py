"""What the pages of actions share: their blueprint, the action of an address, who is who to it."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from actions.around import Around, plan_ids_now, who_is_who
from actions.models import Action
from actions.queries import action_by_number, facts
from actions.rules import ActionFacts, main_home
from governance.cycle_queries import reviewers
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


def known(here: Standing, action: Action) -> ActionFacts:
    """What is known of an action today, in its first home that has not ended."""
    return main_home(facts(db.session(), here.partnership_id, this_day(), action_ids=[action.id]))


def to_action(here: Standing, number: int) -> ResponseReturnValue:
    """Back to the action's own page."""
    return redirect(url_for("actions.show", partnership=here.slug, number=number))


def ties(here: Standing, action_id: int) -> Ties:
    """Who stands how to an action: who may answer, who leads its priorities, who reviews it."""
    return ties_of(
        who_is_who(
            db.session(),
            here.partnership_id,
            action_id,
            this_day(),
            boards=boards_of(here, action_id),
        )
    )


def ties_of(near: Around) -> Ties:
    """The same, where what stands around the action is known already."""
    return Ties(
        owner_ids=frozenset(near.answerer_ids),
        lead_ids=frozenset(near.lead_ids),
        board_ids=frozenset(near.board_ids),
    )


def boards_of(here: Standing, action_id: int) -> Select[int]:
    """The ids of the boards that review an action, to be asked with something else."""
    return reviewers(here.partnership_id, plan_ids_now(here.partnership_id, action_id))


def stale(action: Action, version: int | None) -> None:
    """Go on only if nobody changed the action since the page was opened; 409 otherwise."""
    if version != action.version:
        abort(409)
