"""What the pages of one's own actions share: their blueprint, and whose actions they are."""

from __future__ import annotations

from flask import Blueprint

from actions.list_queries import Scope
from tracker.web.access import viewer

pages = Blueprint("mine", __name__)


def own_scope() -> Scope:
    """The viewer's own actions, in every partnership."""
    who = viewer()
    return Scope(tuple(here.partnership_id for here in who.standings.values()), who.person_id)
