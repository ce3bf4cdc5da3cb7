"""Databases for tests: SQLite always, PostgreSQL where one answers.

Each is migrated once for a worker; a test gets a copy of the migrated one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from tracker.edges import migrate

POSTGRES_URL = os.environ.get(
    "TRACKER_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)
WORKER = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"


@cache
def postgres_answers() -> bool:
    """Whether there is a PostgreSQL to test with."""
    engine = create_engine(POSTGRES_URL, connect_args={"connect_timeout": 3})
    try:
        with engine.connect():
            return True
    except OperationalError:
        return False
    finally:
        engine.dispose()


def migrated(url: str) -> str:
    """Bring the database of an address to the present schema, and return the address."""
    engine = create_engine(url)
    migrate.upgrade(engine)
    engine.dispose()
    return url


@contextmanager
def sqlite_template(folder: Path) -> Iterator[Path]:
    """A migrated SQLite file to copy."""
    path = folder / "template.sqlite3"
    migrated(f"sqlite:///{path}")
    yield path


def sqlite_copy(template: Path, folder: Path) -> str:
    """The address of a fresh copy of the migrated file."""
    path = folder / f"{uuid4().hex}.sqlite3"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


def _admin() -> Engine:
    return create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")


def _named(name: str) -> str:
    return make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)


@contextmanager
def postgres_database(template: str | None = None) -> Iterator[tuple[str, str]]:
    """A PostgreSQL database of our own, as (name, address); dropped at the end."""
    name = f"tracker_test_{WORKER}_{uuid4().hex[:8]}"
    admin = _admin()
    with admin.connect() as connection:
        source = f' template "{template}"' if template else ""
        connection.execute(text(f'create database "{name}"{source}'))
    try:
        yield name, _named(name)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'drop database if exists "{name}" with (force)'))
        admin.dispose()
