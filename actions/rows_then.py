"""The rows of actions as they stood at an instant, read backwards through the audit trail.

Five queries, however many actions there are. Entries never change, so they are read by their
number; people, organisations, boards and ambitions go by the names that they have now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, and_, literal, or_, select, true, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from actions.answer_models import Agreement
from actions.ask_models import Ask
from actions.deadline_models import Deadline
from actions.facts import entry_facts
from actions.models import (
    Action,
    ActionAmbition,
    ActionHome,
    ActionParty,
    Milestone,
    Owner,
    Progress,
)
from actions.proposal_models import Proposal, ProposalKind
from actions.said import EntryFacts
from plans.models import Ambition, Plan
from priorities.models import Priority
from tracker.edges.db import Base
from tracker.ledger.history import trail_after
from tracker.people.board_models import Board
from tracker.people.models import Organisation, Partnership, Person

Row = TypeVar("Row", bound=Base)
NAMED: tuple[type[Any], ...] = (Person, Organisation, Board, Ambition)
GONE = "Somebody no longer kept here"


@dataclass
class Then:
    """The rows of actions as they stood; children by their table and their action."""

    homes: list[ActionHome]
    actions: dict[int, Action]
    plans: dict[int, Plan]
    priorities: dict[int, Priority]
    partnership: Partnership
    children: dict[type[Base], dict[int, list[Any]]]
    names: dict[tuple[type[Any], int], tuple[str, int]] = field(default_factory=dict)
    entries: dict[int, EntryFacts] = field(default_factory=dict)

    def name(self, model: type[Any], key: int) -> str:
        """The name of a person, organisation, board or ambition."""
        return self.names.get((model, key), (GONE, 0))[0]

    def place(self, model: type[Any], key: int) -> int:
        """Where it stands among its like; 0 for what has no order."""
        return self.names.get((model, key), (GONE, 0))[1]

    def own(self, action_id: int, model: type[Row]) -> list[Row]:
        """An action's rows of one table, in the order of their keys."""
        return self.children[model].get(action_id, [])


def read_then(
    session: Session,
    partnership_id: int,
    at: datetime,
    *,
    plan_ids: Iterable[int] | None,
    action_ids: Iterable[int] | None,
) -> Then | None:
    """The rows of these actions, or of all in these plans, as they stood; None without any."""
    rows = session.execute(_homes(partnership_id, plan_ids, action_ids)).all()
    if not rows:
        return None
    then = _read_back(session, partnership_id, at, rows)
    if then is None:
        return None
    then.names = _names(session, partnership_id, then)
    then.entries = _entries(session, partnership_id, then.actions.values())
    return then


def _homes(
    partnership_id: int, plan_ids: Iterable[int] | None, action_ids: Iterable[int] | None
) -> Select[Any]:
    chosen = (
        select(*_PARENTS)
        .join(Action, Action.id == ActionHome.action_id)
        .join(Plan, Plan.id == ActionHome.plan_id)
        .join(Partnership, Partnership.id == ActionHome.partnership_id)
        .outerjoin(Priority, Priority.id == ActionHome.priority_id)
        .where(ActionHome.partnership_id == partnership_id)
    )
    if plan_ids is not None:
        chosen = chosen.where(ActionHome.plan_id.in_(list(plan_ids)))
    if action_ids is not None:
        chosen = chosen.where(ActionHome.action_id.in_(list(action_ids)))
    return chosen


def _read_back(
    session: Session, partnership_id: int, at: datetime, rows: Sequence[Any]
) -> Then | None:
    """Everything around these homes, put back to the instant: the children, then the trail."""
    parents: dict[type[Base], list[Any]] = {
        model: list({row[place].id: row[place] for row in rows if row[place]}.values())
        for place, model in enumerate(_PARENTS)
    }
    ids = [action.id for action in parents[Action]]
    present = parents | _children(session, partnership_id, ids, at)
    keys = {model: [row.id for row in found] for model, found in present.items()}
    trail = trail_after(session, at, keys, partnership_id=partnership_id)
    back = {model: trail.back(model, found) for model, found in present.items()}
    if not back[Partnership]:
        return None  # there was no partnership yet, and nothing in it
    known, plans = set(ids), {plan.id for plan in parents[Plan]}
    children: dict[type[Base], dict[int, list[Any]]] = {}
    belonging: tuple[type[Any], ...] = (*_CHILDREN, ActionHome)
    for model in belonging:
        children[model] = defaultdict(list)
        for row in back[model]:
            if row.action_id in known:
                children[model][row.action_id].append(row)
    return Then(
        homes=[
            home
            for found in children[ActionHome].values()
            for home in found
            if home.plan_id in plans
        ],
        actions={row.id: row for row in back[Action] if row.id in known},
        plans={row.id: row for row in back[Plan]},
        priorities={row.id: row for row in back[Priority]},
        partnership=back[Partnership][0],
        children=children,
    )


_PARENTS: tuple[type[Any], ...] = (ActionHome, Action, Plan, Priority, Partnership)
_CHILDREN: tuple[type[Any], ...] = (
    Deadline,
    Milestone,
    Owner,
    ActionParty,
    ActionAmbition,
    Agreement,
    Ask,
    Proposal,
)


def _children(
    session: Session, partnership_id: int, ids: Collection[int], at: datetime
) -> dict[type[Base], list[Any]]:
    """The rows of each table that belongs to these actions, in one query.

    Each action is joined with a number for each table, and each table with its own number only:
    so the rows add up, where plainly joined tables would multiply. Of asks and proposals only those
    that may have waited at the instant.
    """
    each = union_all(*(select(literal(n).label("n")) for n in range(len(_CHILDREN)))).subquery()
    waited = {
        Ask: and_(
            or_(Ask.answered_at.is_(None), Ask.answered_at > at),
            or_(Ask.closed_at.is_(None), Ask.closed_at > at),
        ),
        Proposal: Proposal.kind == ProposalKind.DEADLINE,
    }
    chosen = select(*_CHILDREN).select_from(Action).join(each, true())
    for number, model in enumerate(_CHILDREN):
        its_own = and_(
            each.c.n == number,
            model.partnership_id == partnership_id,
            model.action_id == Action.id,
            waited.get(model, true()),
        )
        chosen = chosen.outerjoin(model, its_own)
    found: dict[type[Base], list[Any]] = {model: [] for model in _CHILDREN}
    for row in session.execute(
        chosen.where(Action.partnership_id == partnership_id, Action.id.in_(list(ids)))
    ):
        for model, one in zip(_CHILDREN, row, strict=True):
            if one is not None:
                found[model].append(one)
    return found


def _names(
    session: Session, partnership_id: int, then: Then
) -> dict[tuple[type[Any], int], tuple[str, int]]:
    """The names of everybody around these actions, with their position where they have one."""
    ids: dict[type[Any], set[int | None]] = {model: set() for model in NAMED}
    ids[Person] |= {action.completion_confirmed_by_id for action in then.actions.values()}
    for party in _all(then, ActionParty):
        ids[Person].add(party.person_id)
        ids[Organisation].add(party.organisation_id)
        ids[Board].add(party.board_id)
    ids[Person] |= {owner.person_id for owner in _all(then, Owner)}
    ids[Ambition] |= {tag.ambition_id for tag in _all(then, ActionAmbition)}
    chosen = [
        select(
            literal(place),
            model.id,
            model.name,
            Ambition.position if model is Ambition else literal(0),
        ).where(
            model.id.in_(sorted(one for one in ids[model] if one is not None)),
            true() if model is Person else model.partnership_id == partnership_id,
        )
        for place, model in enumerate(NAMED)
    ]
    rows = session.execute(union_all(*chosen))
    return {(NAMED[place], key): (name, position) for place, key, name, position in rows}


def _all(then: Then, model: type[Base]) -> Iterable[Any]:
    return (row for found in then.children[model].values() for row in found)


def _entries(
    session: Session, partnership_id: int, actions: Iterable[Action]
) -> dict[int, EntryFacts]:
    """The last entry that each action had then, by action id."""
    last = [(one.id, one.last_entry_number) for one in actions if one.last_entry_number]
    cleared_by = aliased(Person)
    rows = session.execute(
        select(Progress, Person.name, cleared_by.name)
        .join(Person, Person.id == Progress.person_id)
        .outerjoin(cleared_by, cleared_by.id == Progress.cleared_by_id)
        .where(
            Progress.partnership_id == partnership_id,
            tuple_(Progress.action_id, Progress.number).in_(last),
        )
    )
    return {row.action_id: entry_facts(row, name, cleared) for row, name, cleared in rows}
