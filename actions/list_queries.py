"""Reading lists of actions, page by page: one query finds a page, however many actions there are.

A page is found by the keys of its first or last row, never by counting from the beginning. Each
statement is built once for its shape (which filters, which order) and executed with parameters:
building one takes longer than a database takes to answer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    asc,
    bindparam,
    desc,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from actions.list_terms import (
    Keyed,
    Tenants,
    is_due,
    is_first_home,
    is_needed,
    keys_of,
    matches,
    tenant_values,
)
from actions.lists import PAGE_SIZE, Cursor, Due, Key, Need, Order, Sort, Wanted
from actions.lists import quarter as quarter_of
from actions.models import Action, ActionHome
from plans.models import Plan
from tracker.kernel.rag import NEAR_DEADLINE_DAYS


@dataclass(frozen=True)
class Scope:
    """Whose actions: those that a person may answer about, or all, of these partnerships."""

    partnership_ids: tuple[int, ...]
    person_id: int | None = None


@dataclass(frozen=True)
class Page:
    """A page of a list: (partnership id, action id) in order, and the way to what lies around."""

    found: tuple[tuple[int, int], ...]
    previous: tuple[Key, ...] | None = None
    next: tuple[Key, ...] | None = None


def page_of(
    session: Session,
    scope: Scope,
    wanted: Wanted,
    order: Order,
    today: date,
    cursor: Cursor | None = None,
    *,
    size: int = PAGE_SIZE,
) -> Page:
    """The page of a list that begins after a cursor, or ends before it; one query."""
    if not scope.partnership_ids:
        return Page(())
    lacks_day = cursor is not None and cursor.keys[0] is None
    shape = _Shape(
        len(scope.partnership_ids),
        scope.person_id is not None,
        _set_in(wanted),
        wanted.due,
        wanted.needs,
        order,
        None if cursor is None else (cursor.is_backwards, lacks_day),
    )
    rows = session.execute(
        _statement(shape),
        _values(scope, wanted, today) | _place(cursor) | {"size": size + 1},
    ).all()
    more = len(rows) > size
    rows = rows[:size]
    is_backwards = cursor is not None and cursor.is_backwards
    if is_backwards:
        rows = rows[::-1]
    if not rows:
        return Page(())
    before, after = (more, True) if is_backwards else (cursor is not None, more)
    return Page(
        tuple((row[0], row[1]) for row in rows),
        previous=_keys_of(rows[0]) if before else None,
        next=_keys_of(rows[-1]) if after else None,
    )


def _keys_of(row: Sequence[Any]) -> tuple[Key, ...]:
    return (*row[2:], row[1])


@dataclass(frozen=True)
class _Shape:
    """All that decides how a statement reads, besides the values of its parameters."""

    tenants: int
    is_own: bool
    filters: frozenset[str]
    due: Due | None
    needs: Need | None
    order: Order
    # Whether it goes backwards, and whether it begins among those without a day.
    place: tuple[bool, bool] | None = None


_LISTS = ("plan_ids", "board_plan_ids", "priority_ids", "organisation_ids", "ambition_ids")


def _set_in(wanted: Wanted) -> frozenset[str]:
    return frozenset(one for one in (*_LISTS, "rating") if getattr(wanted, one) is not None)


def _values(scope: Scope, wanted: Wanted, today: date) -> dict[str, object]:
    """The values of every parameter that a statement may have."""
    first, last = quarter_of(today)
    values: dict[str, object] = {
        "today": today,
        "soon": today + timedelta(days=NEAR_DEADLINE_DAYS),
        "first": first,
        "last": last,
        "person": scope.person_id,
        "rating": wanted.rating,
    }
    values |= {name: list(getattr(wanted, name) or ()) for name in _LISTS}
    return values | tenant_values(scope.partnership_ids)


def _place(cursor: Cursor | None) -> dict[str, object]:
    return {} if cursor is None else {f"key_{at}": key for at, key in enumerate(cursor.keys)}


@lru_cache(maxsize=256)
def _statement(shape: _Shape) -> Select[Any]:
    tenants = Tenants(shape.tenants)
    if shape.order.sort is Sort.DUE and not shape.is_own:
        return _by_day(shape, tenants)
    keys = keys_of(shape.order, tenants)
    found = _chosen(shape, tenants, [key for key, _ in keys])
    if shape.order.sort is Sort.REFERENCE:
        found = (
            found.join_from(Action, ActionHome, ActionHome.action_id == Action.id)
            .join(Plan, Plan.id == ActionHome.plan_id)
            .where(tenants.own(ActionHome.partnership_id), is_first_home(tenants))
        )
    is_backwards, _ = shape.place or (False, False)
    turned = _turned([*keys, (Action.id, False)], is_backwards)
    if shape.place is not None:
        found = found.where(_beyond(turned))
    return _in_order(found, turned)


def _turned(keys: Keyed, is_backwards: bool) -> Keyed:
    return [(key, descends is not is_backwards) for key, descends in keys]


def _beyond(keys: Keyed, first: int = 0) -> ColumnElement[bool]:
    """What lies beyond a place; its keys are the parameters from number ``first`` on."""
    (key, descends), *others = keys
    value = bindparam(f"key_{first}", type_=key.type)
    further = key < value if descends else key > value
    return further if not others else or_(further, and_(key == value, _beyond(others, first + 1)))


def _in_order(found: Select[Any], keys: Keyed) -> Select[Any]:
    by = [desc(key) if descends else asc(key) for key, descends in keys]
    return found.order_by(*by).limit(bindparam("size"))


def _by_day(shape: _Shape, tenants: Tenants) -> Select[Any]:
    """Everybody's by deadline: those with a day in the order of their index, then those without.

    One's own are few, and read by their ids; the order of this index would lead through all.
    """
    is_backwards, lacks_day = shape.place or (False, False)
    base = _chosen(shape, tenants, [Action.due_on.label("due_on")])
    by_day = _turned([(Action.due_on, shape.order.descending), (Action.id, False)], is_backwards)
    dated = base.where(Action.due_on.is_not(None))
    undated = base.where(Action.due_on.is_(None))
    # Of those that lie wholly behind the place nothing is read.
    if not lacks_day:
        if shape.place is not None:
            dated = dated.where(_beyond(by_day))
        parts = [dated] if is_backwards else [dated, undated]
    else:
        undated = undated.where(_beyond(by_day[1:], 1))
        parts = [undated, dated] if is_backwards else [undated]
    each = [
        _in_order(part, by_day if part is dated else by_day[1:]).subquery(f"part_{at}")
        for at, part in enumerate(parts)
    ]
    both = union_all(*(select(literal(at).label("part"), one) for at, one in enumerate(each)))
    rows = both.subquery("rows")
    by = _turned([(rows.c.due_on, shape.order.descending), (rows.c.id, False)], is_backwards)
    return _in_order(
        select(rows.c.partnership_id, rows.c.id, rows.c.due_on), [(rows.c.part, False), *by]
    )


def _chosen(shape: _Shape, tenants: Tenants, keys: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """The actions that are wanted, in no order yet."""
    found = select(Action.partnership_id, Action.id, *keys).where(
        tenants.own(Action.partnership_id)
    )
    if shape.is_own:
        # Joined rather than looked up: SQLite then begins with the few that are theirs.
        own = tenants.answerable().subquery("own")
        found = found.join_from(own, Action, Action.id == own.c[0])
    for name in sorted(shape.filters):
        found = found.where(matches(name, tenants))
    if shape.due is not None:
        found = found.where(is_due(shape.due, tenants))
    if shape.needs is not None:
        found = found.where(is_needed(shape.needs, tenants, is_own=shape.is_own))
    return found


def actions_by_number(
    session: Session, partnership_id: int, numbers: Sequence[int]
) -> dict[int, Action]:
    """A partnership's actions of these numbers, by id."""
    found = session.scalars(
        select(Action)
        .where(Action.partnership_id == partnership_id, Action.number.in_(numbers))
        .order_by(Action.number)
    )
    return {action.id: action for action in found}
