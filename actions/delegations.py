"""One ask handed to somebody else, and handed back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.answer_models import Delegation
from actions.answerers import answerer_ids
from actions.ask_models import Ask
from actions.models import Action
from tracker.kernel.times import london_day
from tracker.people.models import Person


class CannotDelegate(Exception):
    """The update cannot be handed to that person. Its words are a plain sentence."""


class NothingAsked(Exception):
    """There is no open ask on the action to hand to anybody."""


def delegate(
    session: Session,
    action: Action,
    *,
    to: Person,
    by_id: int,
    note: str | None,
    now: datetime,
) -> list[Delegation]:
    """Hand every open ask on an action to somebody: they are asked instead until it is answered.

    Raises NothingAsked when no ask is open; CannotDelegate for oneself, for somebody who is asked
    already, and while it is with somebody else.
    """
    asks = _open_asks(session, action)
    if not asks:
        raise NothingAsked
    if to.id == by_id:
        raise CannotDelegate("Choose somebody other than yourself")
    live = _live(session, action)
    other = next((handed.to.name for handed in live if handed.to_id != to.id), None)
    if other is not None:
        raise CannotDelegate(
            f"This update is with {other}. It must be handed back before somebody else can have it"
        )
    handed_already = {handed.ask_id for handed in live}
    asks = [ask for ask in asks if ask.id not in handed_already]
    if not asks:
        raise CannotDelegate(f"{to.name} has this update already")
    asked = answerer_ids(session, action.partnership_id, action.id, london_day(now))
    if not live and to.id in asked:
        raise CannotDelegate(f"{to.name} is asked about this action already")
    made = [
        Delegation(
            partnership_id=action.partnership_id,
            action_id=action.id,
            ask_id=ask.id,
            by_id=by_id,
            to_id=to.id,
            note=note,
            made_at=now,
        )
        for ask in asks
    ]
    session.add_all(made)
    session.flush()
    return made


def hand_back(session: Session, action: Action, *, now: datetime) -> list[Delegation]:
    """End whatever of an action's asks was handed to somebody; returns what ended."""
    live = list(_live(session, action))
    for handed in live:
        handed.ended_at = now
    session.flush()
    return live


def _open_asks(session: Session, action: Action) -> Sequence[Ask]:
    """The open asks, locked: of two who hand them on at once, the second sees the first."""
    return session.scalars(
        select(Ask)
        .where(
            Ask.partnership_id == action.partnership_id,
            Ask.action_id == action.id,
            Ask.answered_at.is_(None),
            Ask.closed_at.is_(None),
        )
        .order_by(Ask.id)
        .with_for_update()
    ).all()


def _live(session: Session, action: Action) -> Sequence[Delegation]:
    return session.scalars(
        select(Delegation)
        .join(Ask, Ask.id == Delegation.ask_id)
        .where(
            Delegation.partnership_id == action.partnership_id,
            Delegation.action_id == action.id,
            Delegation.ended_at.is_(None),
            Ask.answered_at.is_(None),
        )
        .order_by(Delegation.id)
    ).all()
