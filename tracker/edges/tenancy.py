"""No tenant table is read without saying whose rows are meant.

A select that touches a tenant table and does not compare partnership_id with a value is a
programming error that would show one partnership's records to another; it raises instead,
however the table came in: as an entity, a join, a count, a subquery. What truly reads across
partnerships (the clockwork, sign-in) says so with the execution option ``all_partnerships``.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar
from weakref import WeakSet

from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Column, Select, Table, event, select
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BooleanClauseList,
    Grouping,
)

from tracker.edges.db import Base, Tenanted

Row = TypeVar("Row", bound=Tenanted)
ACROSS = {"all_partnerships": True}
# Statements that were looked at and named their partnership: those that are kept come again.
_scoped: WeakSet[Any] = WeakSet()


class UnscopedSelect(Exception):
    """A select of tenant rows named no partnership."""


def install(session_class: type[Session] = FlaskSession) -> None:
    """Set the hook on a session class; safe to call again."""
    if not event.contains(session_class, "do_orm_execute", _refuse_unscoped):
        event.listen(session_class, "do_orm_execute", _refuse_unscoped)


def _refuse_unscoped(execution: ORMExecuteState) -> None:
    if not execution.is_select or execution.is_column_load or execution.is_relationship_load:
        return
    if execution.execution_options.get("all_partnerships"):
        return
    statement = execution.statement
    if statement in _scoped:
        return
    unscoped = _unscoped(statement)
    if unscoped:
        raise UnscopedSelect(f"a select of {', '.join(sorted(unscoped))} that names no partnership")
    _scoped.add(statement)


def _unscoped(element: Any) -> set[str]:
    """The tenant tables in an element of which it is not said whose rows are meant.

    A select within a select answers for itself.
    """
    tables: set[str] = set()
    within: set[str] = set()
    waiting = list(element.get_children())
    met: dict[int, Any] = {}  # holds on to what it met, so that no address is used twice
    while waiting:
        child = waiting.pop()
        if id(child) in met:
            continue
        met[id(child)] = child
        if isinstance(child, Select):
            within |= _unscoped(child)
        elif isinstance(child, Table):
            tables |= {child.name} & _tenant_tables()
        else:
            waiting += child.get_children()
    scoped = isinstance(element, Select) and _names_partnership(element)
    return within if scoped else within | tables


def _names_partnership(statement: Select[Any]) -> bool:
    return any(_is_scope(condition) for condition in statement._where_criteria)


def _is_scope(condition: Any) -> bool:
    """Whether a condition holds only for rows of named partnerships.

    Comparing partnership_id with another column says nothing, and so does one side of an "or".
    """
    if isinstance(condition, Grouping):
        return _is_scope(condition.element)
    if isinstance(condition, BooleanClauseList):
        enough = any if condition.operator is operators.and_ else all
        return enough(_is_scope(clause) for clause in condition.clauses)
    if not isinstance(condition, BinaryExpression):
        return False
    if condition.operator not in (operators.eq, operators.in_op):
        return False
    sides = (condition.left, condition.right)
    named = [isinstance(side, Column) and side.name == "partnership_id" for side in sides]
    return any(named) and not all(isinstance(side, Column) for side in sides)


@cache
def _tenant_tables() -> frozenset[str]:
    return frozenset(
        str(mapper.local_table)
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Tenanted)
    )


def row_of(session: Session, table: type[Row], partnership_id: int, row_id: int) -> Row:
    """One row of a partnership by its key; NoResultFound where the partnership has no such one.

    ``Session.get`` would ask for it without naming the partnership.
    """
    return session.scalars(
        select(table).where(table.partnership_id == partnership_id, table.id == row_id)
    ).one()
