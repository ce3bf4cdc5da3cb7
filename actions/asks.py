"""Asks: written for a board's meeting, closed when updates close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from actions.ask_models import Ask
from actions.models import Action, ActionHome
from tracker.kernel.rag import Lifecycle


def open_asks(
    session: Session,
    partnership_id: int,
    *,
    plan_ids: Iterable[int],
    board_id: int,
    for_on: date,
    opens_at: datetime,
    closes_at: datetime,
    one_ask_days: int,
) -> list[Ask]:
    """Ask for progress on every open action of these plans, for a board's meeting.

    An action that was asked about for a meeting within ``one_ask_days`` of this one is not asked
    again: one answer serves both. Where that ask closed without an answer, it is asked again. On
    hold, complete and closed actions are left in peace.
    """
    actions = session.scalars(
        select(Action)
        .where(
            Action.partnership_id == partnership_id,
            Action.lifecycle.in_([Lifecycle.NOT_STARTED, Lifecycle.IN_PROGRESS]),
            Action.on_hold_until.is_(None) | (Action.on_hold_until < for_on),
            Action.id.in_(
                select(ActionHome.action_id).where(
                    ActionHome.partnership_id == partnership_id,
                    ActionHome.plan_id.in_(list(plan_ids)),
                    ActionHome.ended_on.is_(None),
                )
            ),
        )
        .order_by(Action.number)
    ).all()
    near = timedelta(days=one_ask_days)
    asked = set(
        session.scalars(
            select(Ask.action_id).where(
                Ask.partnership_id == partnership_id,
                Ask.for_on.between(for_on - near, for_on + near),
                or_(Ask.answered_at.is_not(None), Ask.closed_at.is_(None)),
            )
        )
    )
    asks = [
        Ask(
            partnership_id=partnership_id,
            action_id=action.id,
            board_id=board_id,
            for_on=for_on,
            opens_at=opens_at,
            closes_at=closes_at,
        )
        for action in actions
        if action.id not in asked
    ]
    session.add_all(asks)
    session.flush()
    return asks


def close_asks(
    session: Session, partnership_id: int, *, board_id: int, for_on: date, now: datetime
) -> Sequence[Ask]:
    """Close a meeting's asks; an action not answered by then is unconfirmed from here on.

    An ask that downtime opened only after its close left nobody time to answer: it closes without
    that consequence. Returns the asks that nobody answered.
    """
    asks = session.scalars(
        select(Ask)
        .where(
            Ask.partnership_id == partnership_id,
            Ask.board_id == board_id,
            Ask.for_on == for_on,
            Ask.closed_at.is_(None),
        )
        .order_by(Ask.id)
    ).all()
    unanswered = [ask for ask in asks if ask.answered_at is None and ask.opens_at < ask.closes_at]
    for ask in asks:
        ask.closed_at = now
    for action in session.scalars(
        select(Action).where(
            Action.partnership_id == partnership_id,
            Action.id.in_([ask.action_id for ask in unanswered]),
        )
    ):
        action.last_ask_closed_at = now
    session.flush()
    return unanswered
