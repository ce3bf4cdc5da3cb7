"""No tenant table is read without saying whose rows are meant.

A select that touches a tenant table and does not compare partnership_id is a programming error
that would show one partnership's records to another; it raises instead. What truly reads across
partnerships (the clockwork, sign-in) says so with the execution option ``all_partnerships``.
"""

from __future__ import annotations

from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Column, event
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
    if tenants and not _names_partnership(execution):
        names = ", ".join(sorted({m.local_table.name for m in tenants}))
        raise UnscopedSelect(f"a select of {names} that names no partnership")


def _names_partnership(execution: ORMExecuteState) -> bool:
    for element in visitors.iterate(execution.statement):
        if isinstance(element, BinaryExpression):
            for side in (element.left, element.right):
                if isinstance(side, Column) and side.name == "partnership_id":
                    return True
    return False
