"""The names around actions: who leads, is involved, is asked, and which ambitions they serve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from typing import cast as cast_type

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from actions.models import ActionAmbition, ActionParty, Owner
from plans.models import Ambition
from tracker.people.board_models import Board
from tracker.people.models import Organisation, Person

OWNER, AMBITION = "owner", "ambition"


@dataclass
class Names:
    """The names around one action, in their order, by kind: a party's role, owner, ambition."""

    by_kind: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    owner_ids: set[int] = field(default_factory=set)


def names_around(
    session: Session, partnership_id: int, ids: Sequence[int], today: date
) -> dict[int, Names]:
    """The names around each of these actions; one query for all kinds."""
    found: dict[int, Names] = defaultdict(Names)
    values = {"tenant": partnership_id, "action_ids": list(ids), "today": today}
    rows = session.execute(_every_name(), values).all()
    for action_id, kind, _, _, person_id, name in sorted(rows, key=_in_order):
        found[action_id].by_kind[kind].append(name)
        if kind == OWNER and person_id is not None:
            found[action_id].owner_ids.add(person_id)
    return found


def _in_order(row: Sequence[Any]) -> tuple[object, ...]:
    _, kind, position, key, _, name = row
    return kind, position, name if kind == OWNER else "", key


@cache
def _every_name() -> CompoundSelect[int, str, int, int, int | None, str]:
    """Built once, for building a statement costs more than asking it."""
    return every_name(
        cast_type(int, bindparam("tenant", type_=BigInteger)),
        bindparam("action_ids", expanding=True),
        cast_type(date, bindparam("today", type_=Date)),
    )


def every_name(
    partnership_id: int, ids: Sequence[int] | BindParameter[Any], today: date
) -> CompoundSelect[int, str, int, int, int | None, str]:
    """Action id, kind, position, key, person id and name of all the names around actions."""
    parties = (
        select(
            ActionParty.action_id,
            type_coerce(ActionParty.role, String),
            ActionParty.position,
            ActionParty.id,
            ActionParty.person_id,
            func.coalesce(Organisation.name, Board.name, Person.name),
        )
        .outerjoin(Organisation, Organisation.id == ActionParty.organisation_id)
        .outerjoin(Board, Board.id == ActionParty.board_id)
        .outerjoin(Person, Person.id == ActionParty.person_id)
        .where(ActionParty.partnership_id == partnership_id, ActionParty.action_id.in_(ids))
    )
    owners = (
        select(Owner.action_id, literal(OWNER), literal(0), Owner.id, Person.id, Person.name)
        .join(Person, Person.id == Owner.person_id)
        .where(Owner.partnership_id == partnership_id, Owner.action_id.in_(ids), owns_on(today))
    )
    ambitions = (
        select(
            ActionAmbition.action_id,
            literal(AMBITION),
            Ambition.position,
            Ambition.id,
            cast(null(), BigInteger),
            Ambition.name,
        )
        .join(Ambition, Ambition.id == ActionAmbition.ambition_id)
        .where(ActionAmbition.partnership_id == partnership_id, ActionAmbition.action_id.in_(ids))
    )
    return union_all(parties, owners, ambitions)


def owns_on(today: date) -> ColumnElement[bool]:
    """Whether an owner's dates cover this day."""
    return and_(Owner.from_on <= today, or_(Owner.to_on.is_(None), Owner.to_on >= today))
