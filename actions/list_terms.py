"""The terms of which statements about lists of actions are made: filters, needs, keys to sort by.

Their values are parameters (``today``, ``person``, ``plan_ids``…), so that a statement made of
them can be kept and executed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from actions.answerers import answerers
from actions.ask_models import Ask
from actions.lists import NEVER, NO_DAY, Due, Need, Order, Sort
from actions.models import Action, ActionAmbition, ActionHome, ActionParty, Owner
from actions.names import owns_on
from actions.queries import shown_rating
from plans.models import Plan
from tracker.edges.db import UtcDateTime
from tracker.kernel.rag import Lifecycle, Rating

OPEN = tuple(one for one in Lifecycle if one.is_open)
# Parameters stand where the terms of other modules take a day.
TODAY = cast(date, bindparam("today", type_=Date))
SOON = bindparam("soon", type_=Date)
FIRST, LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
# What is sorted by, and whether it descends.
Keyed = Sequence[tuple[Any, bool]]


def tenant_values(partnership_ids: Sequence[int]) -> dict[str, object]:
    """The values of the parameters that ``Tenants`` makes."""
    return {f"tenant_{at}": one for at, one in enumerate(partnership_ids)}


class Tenants:
    """So many partnerships, as parameters of a statement that is built once."""

    def __init__(self, number: int) -> None:
        self.parameters: list[BindParameter[int]] = [
            bindparam(f"tenant_{at}", type_=Action.partnership_id.type) for at in range(number)
        ]

    def own(self, column: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """Whether a row is of one of them. One is compared plainly, so that an index sorts."""
        if len(self.parameters) == 1:
            return column == self.parameters[0]
        return column.in_(self.parameters)

    def answerable(self) -> CompoundSelect[int]:
        """The actions that the parameter ``person`` may answer about today.

        The person is looked for in each part of the union: SQLite would else read everybody's.
        """
        each = answerers(cast(list[int], self.parameters), TODAY).selects
        person = bindparam("person", type_=Owner.person_id.type)
        own = []
        for one in cast(Sequence[Select[Any]], each):
            _, action_id, person_id = one.selected_columns
            own.append(one.where(person_id == person).with_only_columns(action_id))
        return union(*own)


def keys_of(order: Order, tenants: Tenants) -> Keyed:
    """What an order sorts by, before the action's id."""
    down = order.descending
    # What has no day comes last, whichever way.
    none = date.min if down and order.sort is Sort.DUE else NO_DAY
    due = func.coalesce(Action.due_on, literal(none, Date))
    match order.sort:
        case Sort.DUE:
            return [(due, down)]
        case Sort.NEEDS:
            return [(_pressing(tenants), False), (due, False)]
        case Sort.RATING:
            rank = case(
                {one.value: one.rank for one in Rating},
                value=shown_rating(TODAY),
                else_=len(Rating),
            )
            return [(rank, down), (due, False)]
        case Sort.REFERENCE:
            return [(Plan.starts_on, down), (Plan.id, down), (ActionHome.position, down)]
        case Sort.UPDATED:
            return [
                (func.coalesce(Action.last_entry_at, literal(NEVER, UtcDateTime())), down),
            ]


def is_first_home(tenants: Tenants) -> ColumnElement[bool]:
    """Whether an action's home is that by which it is sorted: where it stands, in its first plan.

    Nearly every action has one home alone: then one look at an index says so.
    """
    other, plan = aliased(ActionHome), aliased(Plan)

    def place(home: Any, of: Any) -> ColumnElement[Any]:
        return tuple_(
            case((home.ended_on.is_(None), 0), else_=1),
            of.starts_on,
            of.id,
            home.position,
            home.id,
        )

    before = (
        select(other.id)
        .join(plan, plan.id == other.plan_id)
        .where(
            tenants.own(other.partnership_id),
            other.action_id == Action.id,
            other.id != ActionHome.id,
            place(other, plan) < place(ActionHome, Plan),
        )
        .correlate(Action, ActionHome, Plan)
    )
    return not_(before.exists())


def matches(name: str, tenants: Tenants) -> ColumnElement[bool]:
    """One of the filters whose values are parameters of its own name."""
    if name == "rating":
        # What is closed, or gone elsewhere, has no rating that counts.
        return and_(
            shown_rating(TODAY) == bindparam("rating", type_=String),
            Action.lifecycle != Lifecycle.CLOSED_NOT_COMPLETED,
            _stands(tenants),
        )
    table: Any
    table, column = {
        "plan_ids": (ActionHome, ActionHome.plan_id),
        "board_plan_ids": (ActionHome, ActionHome.plan_id),
        "priority_ids": (ActionHome, ActionHome.priority_id),
        "organisation_ids": (ActionParty, ActionParty.organisation_id),
        "ambition_ids": (ActionAmbition, ActionAmbition.ambition_id),
    }[name]
    return Action.id.in_(
        select(table.action_id)
        .where(tenants.own(table.partnership_id), column.in_(bindparam(name, expanding=True)))
        .correlate(None)
    )


def _stands(tenants: Tenants) -> ColumnElement[bool]:
    """Whether it stands in any plan still; the list itself may be read by its homes."""
    return (
        exists()
        .where(
            tenants.own(ActionHome.partnership_id),
            ActionHome.action_id == Action.id,
            ActionHome.ended_on.is_(None),
        )
        .correlate(Action)
    )


def _is_open(tenants: Tenants) -> ColumnElement[bool]:
    """Whether there is still work to do: neither done nor closed, and not gone elsewhere."""
    return and_(Action.lifecycle.in_(OPEN), _stands(tenants))


def is_due(due: Due, tenants: Tenants) -> ColumnElement[bool]:
    """Whether an action is due in a window."""
    match due:
        case Due.OVERDUE:
            return and_(Action.due_on < TODAY, _is_open(tenants))
        case Due.SOON:
            return Action.due_on.between(TODAY, SOON)
        case Due.QUARTER:
            return Action.due_on.between(FIRST, LAST)
        case Due.LATER:
            return Action.due_on > LAST
        case Due.NONE:
            return Action.due_on.is_(None)


def is_needed(need: Need, tenants: Tenants, *, is_own: bool) -> ColumnElement[bool]:
    """Whether somebody is needed for this reason, or there is nobody to ask.

    In a list of one's own each action is looked up; in one of everybody's that takes longer than
    reading once what is asked for, or who owns what.
    """
    if need is Need.NOBODY:
        owned = select(Owner.action_id).where(tenants.own(Owner.partnership_id), owns_on(TODAY))
        return and_(Action.id.not_in(owned), _is_open(tenants))
    if need is Need.ASKED and not is_own:
        asked = select(Ask.action_id).where(tenants.own(Ask.partnership_id), _waits())
        return and_(Action.id.in_(asked), _is_followed(tenants))
    return and_(_is_followed(tenants), _reasons(tenants)[need])


def _is_followed(tenants: Tenants) -> ColumnElement[bool]:
    """Whether anybody is needed at all: it is open, and no board has put it on hold."""
    not_held = or_(Action.on_hold_until.is_(None), Action.on_hold_until < TODAY)
    return and_(_is_open(tenants), not_held)


def _waits() -> ColumnElement[bool]:
    """Whether an ask is open and nobody has answered it."""
    return and_(Ask.answered_at.is_(None), Ask.closed_at.is_(None))


def _reasons(tenants: Tenants) -> dict[Need, ColumnElement[bool]]:
    """Why somebody is needed, the most pressing first; as ``ActionFacts.needs`` says it."""
    asked = exists().where(
        tenants.own(Ask.partnership_id),
        Ask.action_id == Action.id,
        _waits(),
    )
    unheard = or_(Action.last_entry_at.is_(None), Action.last_entry_at < Action.last_ask_closed_at)
    return {
        Need.ASKED: asked,
        Need.OVERDUE: Action.due_on < TODAY,
        Need.SOON: Action.due_on.between(TODAY, SOON),
        Need.QUIET: and_(Action.last_ask_closed_at.is_not(None), unheard),
    }


def _pressing(tenants: Tenants) -> ColumnElement[int]:
    """0 for what is asked for, then what is overdue and so on; last what is done or closed."""
    reasons = enumerate(_reasons(tenants).values())
    return case(
        (not_(Action.lifecycle.in_(OPEN)), len(Need) + 1),
        (not_(_is_followed(tenants)), len(Need)),
        *((is_so, at) for at, is_so in reasons),
        else_=len(Need),
    )
