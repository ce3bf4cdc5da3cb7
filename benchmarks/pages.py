"""How long our list pages take beside a bare Flask page, in one run, turn by turn.

    python benchmarks/pages.py [--others 100000] [--rounds 200]

A partnership with a plan of 25 actions stands beside another with ``--others`` of them. The floor
is a bare Flask, SQLAlchemy and Jinja page of 25 rows from the same table. Times are medians in
milliseconds of answers by the test client, no network.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from uuid import uuid4

import click
from flask import Flask, render_template_string
from sqlalchemy import insert, select

from actions.models import Action, ActionHome
from tests import databases
from tests.factories import PASSWORD, House
from tests.fakes import PlainRenderer, Postbox
from tracker.app import create_app
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.edges.tenancy import ACROSS
from tracker.settings import Settings

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
OWNER = "owner@a.example"
BARE = """<!doctype html><title>Actions</title><h1>Actions</h1><table>
{% for row in rows %}<tr><td>{{ row.number }}<td>{{ row.title }}<td>{{ row.owner_rating.value }}
<td>{{ row.lifecycle.value }}<td>{{ row.changed_at }}</tr>{% endfor %}</table>"""


def fill(house: House, neighbour: House, others: int) -> None:
    """A plan of 25 owned actions here, and ``others`` in the neighbouring partnership."""
    for number in range(25):
        house.action(f"Action {number}", deadline="April 2027", owner=OWNER)
    session = neighbour.session
    values = {
        "partnership_id": neighbour.tenant,
        "kind": "action",
        "title": "One of many",
        "lifecycle": "not-started",
        "owner_rating": "Grey",
        "followed_from_on": NOW.date(),
        "changed_at": NOW,
        "last_entry_number": 0,
        "version": 1,
    }
    rows = [{**values, "number": n, "uid": uuid4()} for n in range(1, others + 1)]
    for start in range(0, others, 5000):
        session.connection().execute(insert(Action.__table__), rows[start : start + 5000])
    ids = session.scalars(select(Action.id).where(Action.partnership_id == neighbour.tenant)).all()
    homes = [
        {
            "partnership_id": neighbour.tenant,
            "action_id": action_id,
            "plan_id": neighbour.plan.id,
            "reference": str(number),
            "position": number,
        }
        for number, action_id in enumerate(ids)
    ]
    for start in range(0, others, 5000):
        session.connection().execute(insert(ActionHome.__table__), homes[start : start + 5000])
    session.commit()


def bare_app(url: str) -> Flask:
    """The floor: an application with one page of 25 rows and nothing else."""
    app = Flask("bare")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)

    @app.get("/bare")
    def bare() -> str:
        rows = db.session.scalars(
            select(Action).order_by(Action.id).limit(25), execution_options=ACROSS
        ).all()
        return render_template_string(BARE, rows=rows)

    return app


def measure(pages: dict[str, Callable[[], int]], rounds: int) -> dict[str, float]:
    """The median time of each page in milliseconds, turn by turn so that noise falls on all."""
    times: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(rounds):
        for name, get in pages.items():
            began = time.perf_counter()
            status = get()
            times[name].append((time.perf_counter() - began) * 1000)
            if status != 200:
                raise SystemExit(f"{name} answered {status}")
    return {name: statistics.median(found) for name, found in times.items()}


@click.command()
@click.option("--others", default=100_000, show_default=True, help="Actions of the neighbour.")
@click.option("--rounds", default=200, show_default=True, help="Requests of each page.")
def main(others: int, rounds: int) -> None:
    """Print the times and their ratio to the floor."""
    with tempfile.TemporaryDirectory() as folder:
        url = databases.migrated(f"sqlite:///{Path(folder) / 'benchmark.sqlite3'}")
        settings = Settings(secret_key=token_urlsafe(48), database_url=url)
        app = create_app(settings, SetClock(NOW), Postbox(), PlainRenderer())
        app.config.update(WTF_CSRF_ENABLED=False)
        with app.app_context():
            house = House(db.session(), NOW)
            house.person(OWNER)
            neighbour = House(db.session(), NOW, slug="bournshire")
            fill(house, neighbour, others)
        client, bare = app.test_client(), bare_app(url).test_client()
        client.post("/sign-in", data={"email": OWNER, "password": PASSWORD})
        pages = {
            "bare Flask page, 25 rows": lambda: bare.get("/bare").status_code,
            "my actions, 25 rows": lambda: client.get("/my-actions").status_code,
            "plan, 25 rows": lambda: client.get("/ashshire/plans/childrens-plan").status_code,
        }
        measure(pages, 10)
        found = measure(pages, rounds)
    floor = next(iter(found.values()))
    click.echo(f"{others} actions elsewhere, {rounds} rounds, SQLite")
    for name, milliseconds in found.items():
        click.echo(f"{name:<28} {milliseconds:7.2f} ms  {milliseconds / floor:5.1f} x")


if __name__ == "__main__":
    main()
