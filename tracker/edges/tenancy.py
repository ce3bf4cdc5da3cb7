"""No tenant table is read without saying whose rows are meant.

A select that touches a tenant table and does not compare partnership_id is a programming error
that would show one partnership's records to another; it raises instead. What truly reads across
partnerships (the clockwork, sign-in) says so with the execution option ``all_partnerships``.
"""

from __future__ import annotations

from typing import Any

from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Column, Select, event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression

from tracker.edges.db import Tenanted

ACROSS = {"all_partnerships": True}


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
    tenants = [m for m in execution.all_mappers if issubclass(m.class_, Tenanted)]
    statement = execution.statement
    if tenants and not (isinstance(statement, Select) and _names_partnership(statement)):
        names = ", ".join(sorted({str(m.local_table) for m in tenants}))
        raise UnscopedSelect(f"a select of {names} that names no partnership")


def _names_partnership(statement: Select[Any]) -> bool:
    """Whether partnership_id is compared with a value; with another column says nothing."""
    for element in visitors.iterate(statement):
        if isinstance(element, BinaryExpression):
            sides = (element.left, element.right)
            named = [isinstance(s, Column) and s.name == "partnership_id" for s in sides]
            if any(named) and not all(isinstance(side, Column) for side in sides):
                return True
    return False
