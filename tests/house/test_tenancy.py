"""Partnerships kept apart: by the database's own keys, and by the hook on every select."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    Connection,
    ForeignKeyConstraint,
    Table,
    and_,
    exists,
    func,
    insert,
    or_,
    select,
    union_all,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from actions.models import Action, ActionHome
from tests.conftest import MakeApp
from tests.factories import House
from tests.house.addresses import neighbours
from tests.pages import Visitor
from tracker.edges.clock import SetClock
from tracker.edges.db import Base, Tenanted, reading
from tracker.edges.tenancy import ACROSS, UnscopedSelect
from tracker.ledger.triggers import APPEND_ONLY
from tracker.people.board_models import Board
from tracker.people.models import Partnership


@pytest.fixture
def app(make_app: MakeApp, any_url: str) -> Flask:
    """The application, once on each engine."""
    return make_app(any_url)


def tenant_tables() -> dict[str, Table]:
    return {
        mapper.local_table.name: mapper.local_table
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Tenanted) and isinstance(mapper.local_table, Table)
    }


def references() -> list[tuple[Table, str, str]]:
    """Every reference from one tenant table to another: table, column, the other's name."""
    return [
        (table, key.column_keys[1], key.referred_table.name)
        for table in tenant_tables().values()
        for key in sorted(table.foreign_key_constraints, key=lambda key: tuple(key.column_keys))
        if len(key.column_keys) == 2
    ]


# What points at a record of any table names that table beside it, as the trail does.
NAMED_WITH_THEIR_TABLE = {"takedown": {"record_id"}}


def test_every_reference_between_tenant_tables_carries_the_partnership() -> None:
    tables = tenant_tables()
    assert len(tables) > 30
    for table in tables.values():
        for key in table.foreign_key_constraints:
            assert isinstance(key, ForeignKeyConstraint)
            if key.referred_table.name in tables:
                assert key.column_keys[0] == "partnership_id", f"{table.name}: {key.column_keys}"
                assert [e.column.name for e in key.elements] == ["partnership_id", "id"]
        columns = {column.name for column in table.columns if column.name.endswith("_id")}
        held = {name for key in table.foreign_key_constraints for name in key.column_keys}
        held |= NAMED_WITH_THEIR_TABLE.get(table.name, set())
        assert columns <= held, f"{table.name}: nothing holds {sorted(columns - held)}"


def test_the_database_refuses_every_reference_to_another_partnerships_row(
    app: Flask, house: House, clock: SetClock, client: Visitor, session: Session
) -> None:
    neighbours(app, house, clock, client)
    refused: set[str] = set()
    for table, column, other in references():
        strangers = tenant_tables()[other]
        homes = select(table).where(table.c[column].is_not(None)).limit(1)
        with session.get_bind().connect() as connection:  # type: ignore[union-attr]  # an engine here
            row = connection.execute(homes).mappings().first()
            if row is None:
                continue
            stranger = connection.scalar(
                select(strangers.c.id)
                .where(strangers.c.partnership_id != row["partnership_id"])
                .limit(1)
            )
            if stranger is None:
                continue
            with pytest.raises(IntegrityError, match=r"(?i)foreign key constraint"):
                _point(connection, table, dict(row), column, stranger)
            refused.add(table.name)
            connection.rollback()
    assert len(refused) >= 13
    assert {"action_home", "deadline", "meeting_plan", "ask", "pack", "owner"} <= refused


# An action has one current deadline: what is pointed at the stranger's must not be a second.
OUT_OF_THE_WAY: dict[str, dict[str, Any]] = {"deadline": {"is_current": False}}


def _point(
    connection: Connection, table: Table, row: dict[str, Any], column: str, stranger: int
) -> None:
    """Point a row at a stranger's; what may not be changed gets a new row that points there."""
    if table.name in APPEND_ONLY:
        values = {k: v for k, v in row.items() if k not in ("id", "uid")}
        values |= {"number": 99} if "number" in table.c else {}
        connection.execute(insert(table).values(**(values | {column: stranger})))
    else:
        values = {column: stranger} | OUT_OF_THE_WAY.get(table.name, {})
        connection.execute(table.update().where(table.c.id == row["id"]).values(**values))


OTHER = aliased(Board)
INNER = select(Action.id).subquery()
OUTSIDE = select(Action.id).cte("outside")

UNSCOPED: dict[str, Any] = {
    "the rows": select(Action),
    "one column": select(Action.title),
    "rows by their key": select(Action).where(Action.id == 1),
    "an alias": select(OTHER),
    "the table itself": select(Action.__table__),
    "a count": select(func.count()).select_from(Action),
    "a count of a column": select(func.count(Action.id)),
    "a join from a global table": select(Partnership.name).join(
        Board, Board.partnership_id == Partnership.id
    ),
    "a join of two tenant tables": select(Action).join(
        ActionHome,
        and_(ActionHome.action_id == Action.id, ActionHome.partnership_id == Action.partnership_id),
    ),
    "a subquery": select(INNER.c.id),
    "a subquery beside a scoped table": select(Board.id).where(
        Board.partnership_id == 1, Board.id == INNER.c.id
    ),
    "a common table expression": select(OUTSIDE.c.id),
    "a scalar subquery": select(Partnership.id, select(func.count(Action.id)).scalar_subquery()),
    "exists": select(Partnership.id).where(exists().where(Action.number == 1)),
    "a list from a select": select(Partnership.id).where(
        Partnership.id.in_(select(Action.partnership_id))
    ),
    "one side of a union": union_all(
        select(Action.id).where(Action.partnership_id == 1), select(Board.id)
    ),
    "one side of an or": select(Action).where(or_(Action.partnership_id == 1, Action.number == 1)),
    "everybody else's": select(Action).where(Action.partnership_id != 1),
    "a comparison with itself": select(Action).where(
        Action.partnership_id == Action.partnership_id
    ),
}
MINE = select(Action.id).where(Action.partnership_id == 1).subquery()
SCOPED: dict[str, Any] = {
    "the rows": select(Action).where(Action.partnership_id == 1),
    "one of several": select(Action).where(Action.partnership_id.in_([1, 2])),
    "and more": select(Action).where(and_(Action.partnership_id == 1, Action.number == 2)),
    "either of two": select(Action).where(
        or_(Action.partnership_id == 1, Action.partnership_id == 2)
    ),
    "a count": select(func.count()).select_from(Action).where(Action.partnership_id == 1),
    "an alias": select(OTHER).where(OTHER.partnership_id == 1),
    "a join": select(Action, ActionHome)
    .join(ActionHome, ActionHome.action_id == Action.id)
    .where(Action.partnership_id == 1),
    "a subquery": select(MINE.c.id),
    "exists": select(Partnership.id).where(
        exists().where(Action.partnership_id == 1, Action.number == 1)
    ),
    "a union": union_all(
        select(Action.id).where(Action.partnership_id == 1),
        select(Board.id).where(Board.partnership_id == 1),
    ),
    "a global table": select(Partnership),
}


def test_a_select_that_does_not_say_whose_rows_is_refused(session: Session) -> None:
    passed = []
    for what, statement in UNSCOPED.items():
        with reading(), suppress(UnscopedSelect):
            session.execute(statement)
            passed.append(what)
    assert passed == []


def test_what_truly_reads_across_partnerships_says_so(session: Session) -> None:
    with reading():
        for statement in UNSCOPED.values():
            session.execute(statement, execution_options=ACROSS)


def test_a_select_that_says_whose_rows_is_answered(house: House, session: Session) -> None:
    house.action()
    with reading():
        found = {what: len(session.execute(s).all()) for what, s in SCOPED.items()}
    assert found["the rows"] == found["a count"] == found["a join"] == found["exists"] == 1


def test_a_row_is_not_got_by_its_key_alone(house: House, session: Session) -> None:
    action_id = house.action().id
    session.expunge_all()
    with pytest.raises(UnscopedSelect):
        session.get(Action, action_id)
    assert session.get(Partnership, house.tenant) is not None


def test_what_a_row_points_at_and_what_it_forgot_may_be_loaded(
    house: House, session: Session
) -> None:
    action = house.action()
    session.expire_all()
    assert action.title == "Open a family hub"
    home = session.scalars(
        select(ActionHome).where(ActionHome.partnership_id == house.tenant)
    ).one()
    assert home.plan.id == house.plan.id
