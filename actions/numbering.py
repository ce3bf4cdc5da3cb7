"""The next number of an action in its partnership, and its next reference in a plan.

Two who number at the same time wait for each other: PostgreSQL locks the partnership's row,
SQLite has one writer at a time. What is unique is held by the database as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.models import Action, ActionHome, ActionKind
from priorities.models import Priority
from tracker.people.models import Partnership

LONGEST = 20  # the width of the column
_COMMITMENT = "C"


def next_number(session: Session, partnership_id: int) -> int:
    """The number that a new action of the partnership gets."""
    take_turns(session, partnership_id)
    last = session.scalar(
        select(func.max(Action.number)).where(Action.partnership_id == partnership_id)
    )
    return (last or 0) + 1


def next_reference(
    session: Session,
    partnership_id: int,
    plan_id: int,
    priority: Priority | None,
    kind: ActionKind = ActionKind.ACTION,
) -> str:
    """The reference after the last of a plan's priority: "2.6" after "2.5".

    Actions that left the plan keep theirs. Under no priority a commitment goes on from "C5", any
    other from the plan's last whole number.
    """
    take_turns(session, partnership_id)
    taken = session.scalars(
        select(ActionHome.reference).where(
            ActionHome.partnership_id == partnership_id, ActionHome.plan_id == plan_id
        )
    ).all()
    if priority is not None and kind is not ActionKind.COMMITMENT:
        reference = _after(taken, f"{priority.number}.")
        if len(reference) <= LONGEST:
            return reference
    return _after(taken, _COMMITMENT if kind is ActionKind.COMMITMENT else "")


def next_position(session: Session, partnership_id: int, plan_id: int) -> int:
    """The place of a new action after all others of a plan."""
    last = session.scalar(
        select(func.max(ActionHome.position)).where(
            ActionHome.partnership_id == partnership_id, ActionHome.plan_id == plan_id
        )
    )
    return 0 if last is None else last + 1


def take_turns(session: Session, partnership_id: int) -> None:
    """Wait for whoever else numbers in this partnership, until the transaction ends."""
    session.execute(
        select(Partnership.id)
        .where(Partnership.id == partnership_id)
        .with_for_update(key_share=True)  # others may still write rows that point at it
    )


def _after(taken: Iterable[str], prefix: str) -> str:
    pattern = re.compile(re.escape(prefix) + r"([0-9]{1,9})")
    numbers = [int(found[1]) for one in taken if (found := pattern.fullmatch(one))]
    return f"{prefix}{max(numbers, default=0) + 1}"
