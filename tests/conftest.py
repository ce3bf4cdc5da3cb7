"""What tests share: both databases, an application with fake edges, a visitor, a small house."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests import databases
from tests.clockwork.counts import pytest_terminal_summary as pytest_terminal_summary
from tests.factories import PASSWORD, House
from tests.fakes import PlainRenderer, Postbox
from tests.pages import Visitor
from tracker.app import create_app
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.ledger.audit import Actor, Source, sign
from tracker.settings import Settings

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take minutes, so that no worker ends alone with one of them."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_report_header() -> str:
    """Say in one line whether PostgreSQL is tested."""
    if databases.postgres_answers():
        return "PostgreSQL: tested as well as SQLite"
    if os.environ.get("CI"):
        return "PostgreSQL: does not answer, and is required here"
    return "PostgreSQL: NOT tested, none answers at TRACKER_TEST_POSTGRES_URL"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A migrated SQLite file, made once."""
    with databases.sqlite_template(tmp_path_factory.mktemp("template")) as path:
        yield path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """A migrated PostgreSQL database, made once."""
    if not databases.postgres_answers():
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL must answer in continuous integration")
        pytest.skip("no PostgreSQL answers")
    with databases.postgres_database() as (name, url):
        databases.migrated(url)
        yield name


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated SQLite database."""
    return databases.sqlite_copy(sqlite_template, tmp_path)


@pytest.fixture
def postgres_url(postgres_template: str) -> Iterator[str]:
    """The address of a fresh, migrated PostgreSQL database."""
    with databases.postgres_database(postgres_template) as (_, url):
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database, once of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands on Monday 2 November 2026, 10:00."""
    return SetClock(NOW)


@pytest.fixture
def postbox() -> Postbox:
    """Where the application's mail goes."""
    return Postbox()


@pytest.fixture
def renderer() -> PlainRenderer:
    """A quick renderer that keeps what it was given."""
    return PlainRenderer()


MakeApp = Callable[[str], Flask]


@pytest.fixture
def make_app(clock: SetClock, postbox: Postbox, renderer: PlainRenderer) -> Iterator[MakeApp]:
    """Make an application on a database."""
    made: list[Flask] = []

    def make(url: str) -> Flask:
        settings = Settings(
            secret_key="a secret for tests, and for nothing else",
            database_url=url,
            base_url="http://localhost",
        )
        app = create_app(settings, clock, postbox, renderer)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        app.test_client_class = Visitor
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture
def app(make_app: MakeApp, sqlite_url: str) -> Flask:
    """The application on SQLite."""
    return make_app(sqlite_url)


@pytest.fixture
def session(app: Flask, clock: SetClock) -> Iterator[Session]:
    """A session of the application's database, signed as a command."""
    with app.app_context():
        opened = db.session()
        # Reading an attribute after a commit must not begin a transaction that locks SQLite.
        opened.expire_on_commit = False
        sign(opened, Actor(at=clock.now(), source=Source.COMMAND))
        yield opened
        opened.rollback()


@pytest.fixture
def house(session: Session, clock: SetClock) -> House:
    """A small partnership: ashshire, with a board, a plan and a priority."""
    return House(session, clock.now())


@pytest.fixture
def client(app: Flask) -> Visitor:
    """A visitor that inspects every page."""
    made = app.test_client()
    assert isinstance(made, Visitor)
    return made


@pytest.fixture
def sign_in() -> Callable[[Visitor, str], None]:
    """Sign a visitor in as somebody of the house."""

    def go(client: Visitor, email: str) -> None:
        answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
        assert answer.status_code == 302, answer.text

    return go


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that is sent to a database while the test runs."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)
