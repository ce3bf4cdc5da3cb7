"""Asks: written for a board's meeting, closed when updates close, moved and opened again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from actions.answer_models import Delegation
from actions.ask_models import Ask
from actions.models import Action, ActionHome, Owner, Progress
from actions.names import owns_on
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
    only: Collection[int] | None = None,
    served_on: date | None = None,
) -> list[Ask]:
    """Ask for progress on every open action of these plans, for a board's meeting.

    An action that was asked about for a meeting within ``one_ask_days`` of this one is not asked
    again: one answer serves both. Where that ask closed without an answer, it is asked again. On
    hold, complete and closed actions are left in peace. ``only``: none but these actions.
    ``served_on``: the day from which the meeting moved; an answer for a meeting near it serves too.
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
    if served_on is not None:
        asked |= set(
            session.scalars(
                select(Ask.action_id).where(
                    Ask.partnership_id == partnership_id,
                    Ask.for_on.between(served_on - near, served_on + near),
                    Ask.answered_at.is_not(None),
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
        if action.id not in asked and (only is None or action.id in only)
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


def move_asks(
    session: Session,
    partnership_id: int,
    *,
    board_id: int,
    from_on: date,
    to_on: date,
    closes_at: datetime,
    only_open: bool = False,
) -> int:
    """Have the asks of a meeting follow it to another day; what was answered stays as it was.

    Open ones close with the meeting's updates. Where the board asks about the same action for that
    day already, the two become one: the open one, until the later close, with who was handed it.
    ``only_open``: those that closed without an answer stay behind. Returns how many open ones went.
    """
    followed = 0
    there = {
        ask.action_id: ask
        for ask in _of(session, partnership_id, board_id, to_on)
        if to_on != from_on
    }
    for ask in _of(session, partnership_id, board_id, from_on):
        if ask.answered_at is not None:
            continue
        is_open = ask.closed_at is None
        if only_open and not is_open:
            continue
        followed += is_open
        other = there.get(ask.action_id)
        if other is None:
            ask.for_on = to_on
            ask.closes_at = closes_at if is_open else ask.closes_at
        elif is_open:
            _merge(session, ask, other, closes_at)
    session.flush()
    return followed


def withdraw_asks(
    session: Session, partnership_id: int, *, board_id: int, for_on: date, now: datetime
) -> int:
    """Close a meeting's open asks because it is not held; returns how many.

    Nobody failed to answer: an ask that closes as it opened leaves its action as it was.
    """
    asks = [ask for ask in _of(session, partnership_id, board_id, for_on) if ask.closed_at is None]
    for ask in asks:
        ask.closed_at = now
        if ask.answered_at is None:
            ask.closes_at = ask.opens_at
    session.flush()
    return len(asks)


def _merge(session: Session, ask: Ask, into: Ask, closes_at: datetime) -> None:
    """Let one open ask go into another for the same day; an answered one has answered both."""
    if into.answered_at is None:
        into.closes_at = closes_at if into.closed_at else max(into.closes_at, closes_at)
        into.closed_at = None
    for handed in session.scalars(
        select(Delegation).where(
            Delegation.partnership_id == ask.partnership_id, Delegation.ask_id == ask.id
        )
    ):
        handed.ask_id = into.id
    session.flush()
    session.delete(ask)
    session.flush()
    _work_out_closes(session, into.partnership_id, [into.action_id])


def reopen_asks(
    session: Session,
    partnership_id: int,
    *,
    board_id: int,
    for_on: date,
    until: datetime,
) -> list[Ask]:
    """Open again a meeting's asks that closed without an answer; returns those now open.

    Where an entry came since they closed, that late entry is now in time, and answers them.
    """
    closed = [
        ask
        for ask in _of(session, partnership_id, board_id, for_on)
        if ask.answered_at is None and ask.closed_at is not None
    ]
    late = _first_entries_since(session, partnership_id, closed)
    opened = []
    for ask in closed:
        entry = late.get(ask.id)
        if entry is not None:
            ask.answered_at, ask.answer_id = entry.entered_at, entry.id
        else:
            ask.closed_at, ask.closes_at = None, until
            opened.append(ask)
    session.flush()
    _work_out_closes(session, partnership_id, [ask.action_id for ask in closed])
    return opened


def close_with(
    session: Session, partnership_id: int, *, board_id: int, for_on: date, closes_at: datetime
) -> None:
    """Have a meeting's open asks close at another instant, because its updates do."""
    for ask in _of(session, partnership_id, board_id, for_on):
        if ask.closed_at is None:
            ask.closes_at = closes_at
    session.flush()


def owned_only_by(
    session: Session, partnership_id: int, people: Collection[int], today: date
) -> frozenset[int]:
    """The ids of the actions that have owners today, and none but these people."""
    owners: dict[int, set[int]] = {}
    for action_id, person_id in session.execute(
        select(Owner.action_id, Owner.person_id).where(
            Owner.partnership_id == partnership_id, owns_on(today)
        )
    ):
        owners.setdefault(action_id, set()).add(person_id)
    return frozenset(action_id for action_id, who in owners.items() if who <= set(people))


def _of(session: Session, partnership_id: int, board_id: int, for_on: date) -> Sequence[Ask]:
    return session.scalars(
        select(Ask)
        .where(Ask.partnership_id == partnership_id, Ask.board_id == board_id, Ask.for_on == for_on)
        .order_by(Ask.id)
    ).all()


def _first_entries_since(
    session: Session, partnership_id: int, asks: Sequence[Ask]
) -> dict[int, Progress]:
    """The first entry on its action after each of these asks closed, by ask id."""
    found: dict[int, Progress] = {}
    for ask_id, entry in session.execute(
        select(Ask.id, Progress)
        .join(Progress, Progress.action_id == Ask.action_id)
        .where(
            Ask.partnership_id == partnership_id,
            Ask.id.in_([ask.id for ask in asks]),
            Progress.partnership_id == partnership_id,
            Progress.entered_at >= Ask.closed_at,
        )
        .order_by(Progress.number)
    ):
        found.setdefault(ask_id, entry)
    return found


def _work_out_closes(session: Session, partnership_id: int, action_ids: Collection[int]) -> None:
    """Write anew on actions when an ask last closed without an answer, from the asks there are."""
    last = {
        action_id: closed_at
        for action_id, closed_at in session.execute(
            select(Ask.action_id, func.max(Ask.closed_at))
            .where(
                Ask.partnership_id == partnership_id,
                Ask.action_id.in_(list(action_ids)),
                Ask.answered_at.is_(None),
                Ask.opens_at < Ask.closes_at,
            )
            .group_by(Ask.action_id)
        )
    }
    for action in session.scalars(
        select(Action).where(
            Action.partnership_id == partnership_id, Action.id.in_(list(action_ids))
        )
    ):
        action.last_ask_closed_at = last.get(action.id)
    session.flush()
