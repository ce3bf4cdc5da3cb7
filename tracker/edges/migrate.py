"""Bringing a database to the present schema, and asking whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

import tracker

# PostgreSQL's advisory lock of an upgrade: any number that nothing else of ours takes.
LOCK = 7_283_190_417
# Both in the repository and in an installed wheel, migrations/ stands beside tracker/.
FOLDER = Path(tracker.__file__).parent.parent / "migrations"


class SchemaError(Exception):
    """A migration left the database in a state that may not be kept."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["connection"] = connection
    return made


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Upgrade the database; on SQLite with foreign keys off, checked at the end.

    Nothing is touched when it is there already; of two upgrades at once, the second waits and
    finds it done. A recreated SQLite table would otherwise delete its children. Raises
    SchemaError, and keeps nothing, when the check finds a reference to nowhere.
    """
    with engine.connect() as connection:
        if revision == "head" and current(connection) == head():
            return
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.dbapi_connection
        assert raw is not None
        if sqlite:
            raw.execute("PRAGMA foreign_keys = OFF")  # no transaction has begun yet
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
                command.upgrade(config(connection), revision)
                if sqlite:
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                    if broken:
                        raise SchemaError(f"references to nowhere after the upgrade: {broken[:5]}")
        finally:
            if sqlite:
                raw.execute("PRAGMA foreign_keys = ON")


def current(connection: Connection) -> str | None:
    """The revision that the database is at, or None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision that this product has."""
    return ScriptDirectory.from_config(config()).get_current_head()
