"""What the database itself holds, on both engines: keys, texts, times, versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, Engine, Table, inspect, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from tests.conftest import MakeApp
from tests.factories import House
from tracker.edges.db import Base, CleanText, Keyed, UtcDateTime, db, expect_writes, reading
from tracker.ledger.audit import Actor, Source, sign
from tracker.people.board_models import BoardMember
from tracker.people.models import Organisation, Partnership

DECOMPOSED, COMPOSED = "Cafe\u0301", "Caf\u00e9"


@pytest.fixture
def app(make_app: MakeApp, any_url: str) -> Flask:
    """The application, once on each engine."""
    return make_app(any_url)


@pytest.fixture
def engine(app: Flask) -> Iterator[Engine]:
    """The engine of the application's database."""
    with app.app_context():
        yield db.engine


def keyed_tables() -> list[Table]:
    return [
        mapper.local_table
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Keyed) and isinstance(mapper.local_table, Table)
    ]


def test_the_number_of_a_deleted_row_is_not_given_again(house: House, session: Session) -> None:
    first = house.organisation("First")
    gone = first.id
    session.delete(first)
    session.commit()
    assert house.organisation("Second").id > gone


def test_every_table_keeps_its_numbers_from_being_given_again(engine: Engine) -> None:
    tables = keyed_tables()
    assert len(tables) > 40
    with reading(), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            made = "select sql from sqlite_master where type = 'table' and name = :name"
            for table in tables:
                sql = connection.scalar(text(made), {"name": table.name})
                assert "AUTOINCREMENT" in str(sql), table.name
        else:
            for table in tables:
                columns = {c["name"]: c for c in inspect(connection).get_columns(table.name)}
                assert columns["id"].get("identity"), table.name


def test_a_time_without_its_zone_is_refused(house: House, session: Session) -> None:
    action = house.action()
    action.changed_at = datetime(2026, 3, 29, 1, 30)  # noqa: DTZ001 - the mistake itself
    with pytest.raises(StatementError, match="without a time zone"):
        session.flush()


def test_a_time_is_kept_as_the_same_instant_in_utc(house: House, session: Session) -> None:
    action = house.action()
    action.changed_at = datetime(2026, 7, 1, 9, 0, tzinfo=timezone(timedelta(hours=1)))
    session.commit()
    session.refresh(action)
    assert action.changed_at == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    assert action.changed_at.tzinfo is UTC


def test_no_column_of_a_time_is_without_its_zone() -> None:
    naive = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.type.python_type is datetime and not isinstance(column.type, UtcDateTime)
    ]
    assert naive == []


TEXTS = (
    (DECOMPOSED, COMPOSED),
    ("  a name  ", "a name"),
    ("one\r\ntwo\rthree", "one\ntwo\nthree"),
    ("a\ttab", "a tab"),
    ("be\x00ll\x07\x1b[1m", "bell[1m"),
    ("half \ud83d of a pair", "half  of a pair"),
    ("\ufeffmark", "mark"),
    ("क्\u200dष", "क्\u200dष"),
    ("Children’s Trust", "Children’s Trust"),
    ("👩🏽\u200d🏫", "👩🏽\u200d🏫"),
    # What turns the direction of reading, so that a name is read otherwise than written.
    ("Oak\u202eshire\u2066 Council\u2069\u202c", "Oakshire Council"),
)


def test_text_is_kept_clean_and_composed(house: House, session: Session) -> None:
    for written, kept in TEXTS:
        house.council.name = written
        session.commit()
        session.refresh(house.council)
        assert house.council.name == kept
        found = select(Organisation.id).where(*_named(house, written))
        assert session.scalar(found) == house.council.id, "it is found as it was written"


def _named(house: House, name: str) -> tuple[ColumnElement[bool], ...]:
    return Organisation.partnership_id == house.tenant, Organisation.name == name


def test_text_over_its_limit_is_refused_and_not_cut(house: House, session: Session) -> None:
    limit = Organisation.__table__.c.name.type
    assert isinstance(limit, CleanText)
    house.council.name = "é" * limit.limit
    session.commit()
    house.council.name = "é" * (limit.limit + 1)
    with pytest.raises(StatementError, match="over the limit of 200"):
        session.flush()


def test_text_is_measured_after_it_was_composed(house: House, session: Session) -> None:
    house.council.name = "e\u0301" * 200
    session.commit()
    session.refresh(house.council)
    assert house.council.name == "é" * 200


def test_a_word_that_the_product_does_not_know_is_refused(house: House, session: Session) -> None:
    house.council.kind = "guild"  # type: ignore[assignment]  # the mistake itself
    with pytest.raises(StatementError, match="guild"):
        session.flush()


def test_the_second_of_two_writers_is_told_and_changes_nothing(
    house: House, session: Session, engine: Engine
) -> None:
    board = house.make_board("Executive")
    session.commit()
    assert board.version == 1
    with sessionmaker(engine, expire_on_commit=False)() as first:
        sign(first, Actor(at=house.now, source=Source.COMMAND))
        theirs = first.scalars(select(type(board)).where(type(board).id == board.id)).one()
        theirs.name = "Renamed first"
        first.commit()
        assert theirs.version == 2
    board.name = "Renamed second"
    with pytest.raises(StaleDataError):
        session.flush()
    session.rollback()
    session.refresh(board)
    assert (board.name, board.version) == ("Renamed first", 2)


def test_every_table_that_forms_edit_counts_its_versions() -> None:
    without = [
        mapper.class_.__name__
        for mapper in Base.registry.mappers
        if hasattr(mapper.class_, "version") and mapper.version_id_col is None
    ]
    assert without == []
    assert inspect(Partnership).version_id_col is not None


def test_a_reference_to_nowhere_is_refused(house: House, session: Session) -> None:
    session.add(
        BoardMember(
            partnership_id=house.tenant,
            board_id=house.board.id,
            person_id=99999,
            role="member",
            from_on=date(2026, 1, 1),
        )
    )
    with pytest.raises(Exception, match=r"(?i)foreign key constraint"):
        session.flush()


def test_sqlite_holds_references_waits_for_locks_and_lets_readers_read(
    sqlite_app: Flask,
) -> None:
    with sqlite_app.app_context(), db.engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"pragma {name}").scalar()
            for name in ("foreign_keys", "journal_mode", "busy_timeout", "synchronous")
        }
    assert asked == {
        "foreign_keys": 1,
        "journal_mode": "wal",
        "busy_timeout": 5000,
        "synchronous": 1,
    }


def test_on_sqlite_only_what_will_write_takes_the_write_lock(
    sqlite_app: Flask, statements: list[str]
) -> None:
    with sqlite_app.app_context():
        for will_write, begun in ((True, "BEGIN IMMEDIATE"), (False, "BEGIN")):
            statements.clear()
            expect_writes(will_write)
            try:
                with db.engine.connect() as connection:
                    connection.execute(text("select 1"))
            finally:
                expect_writes(True)
            assert statements[0] == begun


def test_on_sqlite_a_reader_reads_on_while_somebody_writes(sqlite_app: Flask) -> None:
    with sqlite_app.app_context(), db.engine.connect() as writer:
        writer.execute(
            text("insert into deed (key, done_at, is_late) values ('a', '2026-01-01', false)")
        )
        with reading(), db.engine.connect() as reader:
            assert reader.scalar(text("select count(*) from deed")) == 0


@pytest.fixture
def sqlite_app(make_app: MakeApp, sqlite_url: str) -> Flask:
    """The application on SQLite, where only that is asked about."""
    return make_app(sqlite_url)
