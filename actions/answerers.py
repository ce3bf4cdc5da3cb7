"""Who may answer about which action: its owners, who covers for them, who was handed an ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, select, union
from sqlalchemy.orm import Session

from actions.answer_models import Cover, Delegation
from actions.ask_models import Ask
from actions.models import Owner
from actions.names import owns_on

Triples = CompoundSelect[int, int, int]


def answerers(partnership_ids: Collection[int], today: date) -> Triples:
    """Partnership id, action id and person id of everybody who may answer today.

    An owner who is away may still answer; whoever covers for them may as well.
    """
    ids = list(partnership_ids)
    own = select(Owner.partnership_id, Owner.action_id, Owner.person_id).where(
        Owner.partnership_id.in_(ids), owns_on(today)
    )
    covered = (
        select(Owner.partnership_id, Owner.action_id, Cover.cover_id)
        .join(Cover, and_(Cover.partnership_id == Owner.partnership_id, covers(today)))
        .where(Owner.partnership_id.in_(ids), owns_on(today), Cover.person_id == Owner.person_id)
    )
    handed = (
        select(Delegation.partnership_id, Delegation.action_id, Delegation.to_id)
        .join(Ask, Ask.id == Delegation.ask_id)
        .where(
            Delegation.partnership_id.in_(ids),
            Delegation.ended_at.is_(None),
            Ask.answered_at.is_(None),
        )
    )
    return union(own, covered, handed)


def answerable(
    session: Session, partnership_ids: Collection[int], person_id: int, today: date
) -> dict[int, list[int]]:
    """The ids of the actions that a person may answer about, by partnership id; one query."""
    found: dict[int, list[int]] = defaultdict(list)
    # The person is looked for in each part of the union: SQLite would else read everybody's.
    own: list[Any] = []
    for one in cast(Sequence[Select[Any]], answerers(partnership_ids, today).selects):
        partnership, action, person = one.selected_columns
        own.append(one.where(person == person_id).with_only_columns(partnership, action))
    for partnership_id, action_id in sorted(map(tuple, session.execute(union(*own)))):
        found[partnership_id].append(action_id)
    return found


def answerer_ids(
    session: Session, partnership_id: int, action_id: int, today: date
) -> frozenset[int]:
    """The people who may answer about an action today."""
    each = answerers([partnership_id], today).subquery()
    return frozenset(session.scalars(select(each.c.person_id).where(each.c.action_id == action_id)))


def covers(today: date) -> ColumnElement[bool]:
    """Whether a cover's dates hold this day."""
    return and_(Cover.from_on <= today, Cover.to_on >= today)
