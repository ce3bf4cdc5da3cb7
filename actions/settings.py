"""A partnership's settings about its actions, and what follows from changing them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.facts import facts
from actions.models import Action
from actions.operations import store_days
from tracker.kernel.rag import DateRule, Lifecycle
from tracker.people.models import Partnership


def change_settings(
    session: Session, partnership: Partnership, *, date_rule: DateRule, one_ask_days: int
) -> None:
    """Set what a passed deadline allows, and within how many days one ask serves two meetings.

    The days stored with every open action are worked out again by the new rule.
    """
    is_new_rule = partnership.date_rule is not date_rule
    partnership.date_rule = date_rule
    partnership.one_ask_days = one_ask_days
    session.flush()
    if is_new_rule:
        refresh_all(session, partnership.id)


def refresh_all(session: Session, partnership_id: int) -> None:
    """Rewrite the stored days of every open action of a partnership, read in four queries."""
    actions = {
        action.id: action
        for action in session.scalars(
            select(Action).where(
                Action.partnership_id == partnership_id,
                Action.lifecycle.in_([Lifecycle.NOT_STARTED, Lifecycle.IN_PROGRESS]),
            )
        )
    }
    for known in facts(session, partnership_id, date.max):
        if known.action_id in actions:
            store_days(actions[known.action_id], known)
    session.flush()
