"""Who and what stands around one action, for its page and for who may do what: one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from actions.answer_models import Cover, Delegation
from actions.answerers import answerers, covers
from actions.ask_models import Ask
from actions.asked import Asked
from actions.models import ActionHome, ActionStrategy, Owner
from actions.names import OWNER, Names, every_name, owns_on
from actions.owner_queries import first_day_away, stays
from actions.said import AskFacts
from priorities.models import PriorityLead
from tracker.edges.db import UtcDateTime
from tracker.people.board_models import Board
from tracker.people.models import Person

ASKED, COVER, HANDED, ASK, STRATEGY = "asked", "cover", "handed", "ask", "strategy"
ANSWERS, LEADS, REVIEWS = "answers", "leads", "reviews"
_TYPES: dict[str, Any] = {
    "kind": String,
    "position": Integer,
    "key": BigInteger,
    "who": BigInteger,
    "name": String,
    "from_on": Date,
    "to_on": Date,
    "left_on": Date,
    "last_on": Date,
    "at": UtcDateTime,
    "done_at": UtcDateTime,
}


@dataclass
class Around:
    """The names, owners, covers, asks and strategies of an action, and who is what to it.

    ``covered_by`` has, by the id of who is away today, who answers for them and until when;
    ``handed_to``, by ask, who was handed it.
    """

    names: Names = field(default_factory=Names)
    owners: list[Asked] = field(default_factory=list)
    covered_by: dict[int, tuple[str, date]] = field(default_factory=dict)
    asks: dict[int, AskFacts] = field(default_factory=dict)
    handed_to: dict[int, list[str]] = field(default_factory=dict)
    strategies: list[str] = field(default_factory=list)
    answerer_ids: set[int] = field(default_factory=set)
    lead_ids: set[int] = field(default_factory=set)
    board_ids: set[int] = field(default_factory=set)


def plan_ids_now(partnership_id: int, action_id: int) -> Select[int]:
    """The ids of the plans in which an action stands now, to be asked with something else."""
    return select(ActionHome.plan_id).where(
        ActionHome.partnership_id == partnership_id,
        ActionHome.action_id == action_id,
        ActionHome.ended_on.is_(None),
    )


def who_is_who(
    session: Session, partnership_id: int, action_id: int, today: date, *, boards: Select[int]
) -> Around:
    """Who may answer about an action, leads its priorities and reviews it; one query.

    ``boards`` selects the ids of the boards that review it, which actions cannot know.
    """
    return _read(session, _ties(partnership_id, action_id, today, boards))


def around(
    session: Session, partnership_id: int, action_id: int, today: date, *, boards: Select[int]
) -> Around:
    """Everybody and everything around an action; one query."""
    names = every_name(partnership_id, [action_id], today).subquery()
    each = list(names.c)
    named = _row(kind=each[1], position=each[2], key=each[3], who=each[4], name=each[5])
    return _read(
        session,
        [
            named,
            *_ties(partnership_id, action_id, today, boards),
            *_people(partnership_id, action_id, today),
            *_asked_for(partnership_id, action_id, today),
        ],
    )


def _row(kind: Any, **given: Any) -> Select[Any]:
    """A select of the columns that all kinds share; what a kind has not is null."""
    values = {"kind": literal(kind) if isinstance(kind, str) else kind, **given}
    return select(*(values.get(name, cast(null(), _TYPES[name])).label(name) for name in _TYPES))


def _ties(
    partnership_id: int, action_id: int, today: date, boards: Select[int]
) -> list[Select[Any]]:
    each = answerers([partnership_id], today).subquery()
    reviewing = boards.subquery()
    leads = (
        _row(LEADS, who=PriorityLead.person_id)
        .join(ActionHome, ActionHome.priority_id == PriorityLead.priority_id)
        .where(
            PriorityLead.partnership_id == partnership_id,
            ActionHome.partnership_id == partnership_id,
            ActionHome.action_id == action_id,
            ActionHome.ended_on.is_(None),
            PriorityLead.from_on <= today,
            or_(PriorityLead.to_on.is_(None), PriorityLead.to_on >= today),
        )
    )
    return [
        _row(ANSWERS, who=each.c.person_id).where(each.c.action_id == action_id),
        leads,
        _row(REVIEWS, who=next(iter(reviewing.c))),
    ]


def _people(partnership_id: int, action_id: int, today: date) -> list[Select[Any]]:
    stay, stands_in = stays(partnership_id), aliased(Person)
    mine: tuple[ColumnElement[bool], ...] = (
        Owner.partnership_id == partnership_id,
        Owner.action_id == action_id,
    )
    owners = (
        _row(
            ASKED,
            key=Owner.id,
            who=Owner.person_id,
            name=Person.name,
            from_on=Owner.from_on,
            to_on=Owner.to_on,
            left_on=Person.left_on,
            last_on=stay.c.last_on,
            position=stay.c.number,
        )
        .join(Person, Person.id == Owner.person_id)
        .outerjoin(stay, stay.c.person_id == Owner.person_id)
        .where(*mine)
    )
    covering = (
        _row(COVER, who=Cover.person_id, name=stands_in.name, to_on=Cover.to_on)
        .join(Owner, and_(Owner.partnership_id == Cover.partnership_id, owns_on(today)))
        .join(stands_in, stands_in.id == Cover.cover_id)
        .where(
            Cover.partnership_id == partnership_id,
            Cover.person_id == Owner.person_id,
            covers(today),
            *mine,
        )
    )
    return [owners, covering]


def _asked_for(partnership_id: int, action_id: int, today: date) -> list[Select[Any]]:
    asks = (
        _row(
            ASK,
            key=Ask.id,
            name=Board.name,
            from_on=Ask.for_on,
            at=Ask.closes_at,
            done_at=Ask.closed_at,
        )
        .join(Board, Board.id == Ask.board_id)
        .where(
            Ask.partnership_id == partnership_id,
            Ask.action_id == action_id,
            Ask.answered_at.is_(None),
            or_(Ask.closed_at.is_(None), Ask.for_on >= today),
        )
    )
    handed = (
        _row(HANDED, key=Delegation.ask_id, who=Delegation.to_id, name=Person.name)
        .join(Person, Person.id == Delegation.to_id)
        .where(
            Delegation.partnership_id == partnership_id,
            Delegation.action_id == action_id,
            Delegation.ended_at.is_(None),
        )
    )
    strategies = _row(
        STRATEGY,
        position=ActionStrategy.position,
        key=ActionStrategy.id,
        name=ActionStrategy.title,
    ).where(ActionStrategy.partnership_id == partnership_id, ActionStrategy.action_id == action_id)
    return [asks, handed, strategies]


def _read(session: Session, parts: Iterable[Select[Any]]) -> Around:
    found = Around()
    rows = session.execute(union_all(*parts)).all()
    for row in sorted(rows, key=_in_order):
        _take(found, row)
    return found


def _in_order(row: Any) -> tuple[Any, ...]:
    by_name = row.name if row.kind == OWNER else ""
    return row.kind, row.from_on or date.min, row.position or 0, by_name, row.key or 0


def _take(found: Around, row: Any) -> None:
    match row.kind:
        case "answers":
            found.answerer_ids.add(row.who)
        case "leads":
            found.lead_ids.add(row.who)
        case "reviews":
            found.board_ids.add(row.who)
        case "asked":
            found.owners.append(
                Asked(
                    row.key,
                    row.who,
                    row.name,
                    row.from_on,
                    row.to_on,
                    left_on=first_day_away(row.from_on, row.left_on, row.last_on, row.position),
                )
            )
        case "cover":
            found.covered_by[row.who] = (row.name, row.to_on)
        case "ask":
            found.asks[row.key] = AskFacts(row.name, row.from_on, row.at, row.done_at is not None)
        case "handed":
            found.handed_to.setdefault(row.key, []).append(row.name)
        case "strategy":
            found.strategies.append(row.name)
        case _:
            found.names.by_kind[row.kind].append(row.name)
            if row.kind == OWNER:
                found.names.owner_ids.add(row.who)
