"""Who is asked about an action: from a day to a day, replaced when a post changes hands.

Operations flush and never commit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from actions.models import Action, Owner

ONE_DAY = timedelta(days=1)


class AskedAlready(Exception):
    """The same person is asked about the action on some of these days already."""


class BeforeItBegan(Exception):
    """Somebody cannot stop being asked before the day from which they are."""


def add_owner(
    session: Session,
    action: Action,
    person_id: int,
    *,
    from_on: date,
    to_on: date | None = None,
    now: datetime,
) -> Owner:
    """Ask somebody about an action, from a day on, both days included. Raises AskedAlready."""
    later = () if to_on is None else (Owner.from_on <= to_on,)
    met = session.scalar(
        select(Owner.id).where(
            Owner.partnership_id == action.partnership_id,
            Owner.action_id == action.id,
            Owner.person_id == person_id,
            or_(Owner.to_on.is_(None), Owner.to_on >= from_on),
            *later,
        )
    )
    if met is not None:
        raise AskedAlready
    owner = Owner(
        partnership_id=action.partnership_id,
        action_id=action.id,
        person_id=person_id,
        from_on=from_on,
        to_on=to_on,
    )
    session.add(owner)
    action.changed_at = now
    session.flush()
    return owner


def end_owner(
    session: Session, action: Action, owner: Owner, *, to_on: date, now: datetime
) -> None:
    """Ask somebody no more after a day. Raises BeforeItBegan."""
    if to_on < owner.from_on:
        raise BeforeItBegan
    owner.to_on = to_on
    action.changed_at = now
    session.flush()


def replace_owner(
    session: Session, action: Action, owner: Owner, person_id: int, *, from_on: date, now: datetime
) -> Owner:
    """Pass a post on: somebody else is asked from a day, and the one before no more from then.

    The new one is asked for as long as the old one would have been. Raises BeforeItBegan when
    the old one would never have been asked, AskedAlready.
    """
    until = owner.to_on
    end_owner(session, action, owner, to_on=from_on - ONE_DAY, now=now)
    to_on = until if until is not None and until >= from_on else None
    return add_owner(session, action, person_id, from_on=from_on, to_on=to_on, now=now)


def assign(
    session: Session, actions: Iterable[Action], person_id: int, *, from_on: date, now: datetime
) -> list[Action]:
    """Ask one person about several actions from a day on.

    Returns those that are now theirs; one about which they are asked already is left as it is.
    """
    taken = []
    for action in actions:
        try:
            add_owner(session, action, person_id, from_on=from_on, now=now)
        except AskedAlready:
            continue
        taken.append(action)
    return taken
