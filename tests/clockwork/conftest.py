"""The application on both engines in turn, its clockwork, and a look at what it wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select
from sqlalchemy.orm import Session

from tests.clockwork.counts import pytest_terminal_summary
from tests.conftest import MakeApp
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.jobs import Tally, tick
from tracker.kernel.times import london

__all__ = ["pytest_terminal_summary"]
RunAt = Callable[..., Tally]
Found = Callable[[Select[*tuple[Any, ...]]], list[Any]]
MORNING = time(7)


@pytest.fixture
def app(make_app: MakeApp, any_url: str) -> Flask:
    """The application, once on each engine."""
    return make_app(any_url)


@pytest.fixture
def run_at(app: Flask, clock: SetClock) -> RunAt:
    """Put the clock at a day and time in London and tick; nothing may fail."""

    def go(on: date, at: time = MORNING) -> Tally:
        clock.set(london(on, at))
        tally = tick(app)
        assert tally.failed == 0
        return tally

    return go


@pytest.fixture
def found(app: Flask) -> Found:
    """What a select finds, in a session of its own that leaves no transaction open.

    One column gives a list of its values, more give a list of tuples.
    """

    def find(statement: Select[*tuple[Any, ...]]) -> list[Any]:
        with app.app_context(), Session(db.engine) as session:
            rows = session.execute(statement).all()
            return [row[0] if len(row) == 1 else tuple(row) for row in rows]

    return find
