"""Why a person is asked about an action: what asks for it, whom they stand in for, who handed it.

Read for one page of their list in one query, from a statement that is built once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    String,
    and_,
    bindparam,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from actions.answer_models import Cover, Delegation, DraftState, ProgressDraft
from actions.answerers import covers
from actions.ask_models import Ask
from actions.list_terms import TODAY, Tenants, tenant_values
from actions.models import Owner
from actions.names import owns_on
from actions.said import AskFacts
from tracker.kernel.period import short_date
from tracker.people.board_models import Board
from tracker.people.models import Person

ASK, COVER, HANDED, HANDED_ON, BEGUN = "ask", "cover", "handed", "handed on", "begun"
_BEGUN_WORDS = {
    DraftState.DRAFT: "You saved a draft",
    DraftState.SUBMITTED: "Your update waits for clearance",
    DraftState.RETURNED: "Your update was returned to you",
}

_PERSON: BindParameter[int] = bindparam("person", type_=Owner.person_id.type)
_IDS: BindParameter[int] = bindparam("actions", type_=Owner.action_id.type, expanding=True)


@dataclass
class Behalf:
    """What asks for an action, and in whose place somebody may answer about it."""

    asks: list[AskFacts] = field(default_factory=list)
    covers_for: list[tuple[str, date]] = field(default_factory=list)
    handed_by: list[str] = field(default_factory=list)
    handed_to: list[str] = field(default_factory=list)
    begun: list[DraftState] = field(default_factory=list)

    def words(self, *, is_own: bool) -> list[str]:
        """ "For Jo Bell, until 5 May 2027"; ``is_own`` when they are asked in their own name."""
        said = [f"Handed to you by {name}" for name in _each_once(self.handed_by)]
        if not is_own:
            said += [f"For {name}, until {short_date(to_on)}" for name, to_on in self.covers_for]
        said += [f"Handed to {name}" for name in _each_once(self.handed_to)]
        return said + [_BEGUN_WORDS[state] for state in self.begun]

    @property
    def waits(self) -> bool:
        """Whether what they said waits for their organisation to clear it."""
        return DraftState.SUBMITTED in self.begun


def _each_once(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))


def on_behalf(
    session: Session,
    partnership_ids: Sequence[int],
    action_ids: Sequence[int],
    person_id: int,
    today: date,
) -> Mapping[int, Behalf]:
    """Why a person is asked about these actions, by action id; one query."""
    found: dict[int, Behalf] = defaultdict(Behalf)
    if not action_ids:
        return found
    values = {"today": today, "person": person_id, "actions": list(action_ids)}
    rows = session.execute(
        _statement(len(partnership_ids)), values | tenant_values(partnership_ids)
    ).all()
    for kind, action_id, words, on, at, is_closed in sorted(rows, key=_in_order):
        one = found[action_id]
        if kind == ASK:
            one.asks.append(AskFacts(words, on, at, is_closed=bool(is_closed)))
        elif kind == COVER:
            one.covers_for.append((words, on))
        elif kind == BEGUN:
            one.begun.append(DraftState(words))
        else:
            (one.handed_by if kind == HANDED else one.handed_to).append(words)
    return found


def _in_order(row: Sequence[Any]) -> tuple[date, str]:
    return row[3] or date.min, row[2]


@lru_cache(maxsize=64)
def _statement(number: int) -> CompoundSelect[Any]:
    tenants = Tenants(number)
    asks = (
        select(
            literal(ASK),
            Ask.action_id,
            Board.name,
            Ask.for_on,
            Ask.closes_at,
            Ask.closed_at.is_not(None),
        )
        .join(Board, Board.id == Ask.board_id)
        .where(
            tenants.own(Ask.partnership_id),
            Ask.action_id.in_(_IDS),
            Ask.answered_at.is_(None),
            or_(Ask.closed_at.is_(None), Ask.for_on >= TODAY),
        )
    )
    covered = (
        select(literal(COVER), Owner.action_id, Person.name, Cover.to_on, null(), null())
        .join(
            Cover,
            and_(
                Cover.partnership_id == Owner.partnership_id,
                Cover.person_id == Owner.person_id,
                covers(TODAY),
            ),
        )
        .join(Person, Person.id == Owner.person_id)
        .where(
            tenants.own(Owner.partnership_id),
            Owner.action_id.in_(_IDS),
            owns_on(TODAY),
            Cover.cover_id == _PERSON,
        )
    )
    begun = select(
        literal(BEGUN),
        ProgressDraft.action_id,
        type_coerce(ProgressDraft.state, String),
        null(),
        null(),
        null(),
    ).where(
        tenants.own(ProgressDraft.partnership_id),
        ProgressDraft.action_id.in_(_IDS),
        ProgressDraft.person_id == _PERSON,
    )
    return union_all(asks, covered, begun, *_handed(tenants))


def _handed(tenants: Tenants) -> list[Any]:
    """The asks that were handed to the person, and those that they handed on themselves."""
    return [
        select(literal(kind), Delegation.action_id, Person.name, null(), null(), null())
        .join(Ask, Ask.id == Delegation.ask_id)
        .join(Person, Person.id == other)
        .where(
            tenants.own(Delegation.partnership_id),
            Delegation.action_id.in_(_IDS),
            mine == _PERSON,
            Delegation.ended_at.is_(None),
            Ask.answered_at.is_(None),
        )
        for kind, mine, other in (
            (HANDED, Delegation.to_id, Delegation.by_id),
            (HANDED_ON, Delegation.by_id, Delegation.to_id),
        )
    ]
