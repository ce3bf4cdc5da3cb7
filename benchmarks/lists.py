"""How long lists of actions take with 100 and with 100,000 in the database, beside a bare page.

    python benchmarks/lists.py [--many 100000] [--rounds 100] [--url postgresql+psycopg://…]

Of the many, half are the neighbouring partnership's and half are this one's, in plans of their own
and owned by forty colleagues. The owner has 60 actions. The floor is a bare Flask, SQLAlchemy and
Jinja page of 25 rows of the same table. Times are medians in milliseconds of answers by the test
client, turn by turn in one run, no network.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from html import unescape
from pathlib import Path
from secrets import token_urlsafe
from uuid import uuid4

import click
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, text

from actions.deadline_models import Deadline
from actions.models import Action, ActionHome, Owner
from benchmarks.pages import NOW, OWNER, bare_app, measure
from tests import databases
from tests.factories import PASSWORD, House
from tests.fakes import PlainRenderer, Postbox
from tracker.app import create_app
from tracker.edges.clock import SetClock
from tracker.edges.db import Base, db
from tracker.settings import Settings

RATINGS = ["Green", "Green", "Green", "Amber", "Grey", "Blue"]


def fill(house: House, number: int, owner_ids: Sequence[int]) -> None:
    """So many actions of a partnership with a home, a deadline and an owner each, in bulk."""
    session, tenant = house.session, house.tenant
    last = session.scalar(select(func.max(Action.number)).where(Action.partnership_id == tenant))
    first = (last or 0) + 1
    plain = {"partnership_id": tenant, "followed_from_on": NOW.date(), "changed_at": NOW}
    _insert(house, Action, [plain | _action(first + at) for at in range(number)])
    rows = session.execute(
        select(Action.id, Action.number, Action.due_on).where(
            Action.partnership_id == tenant, Action.number >= first
        )
    ).all()
    tie = {"partnership_id": tenant}
    homes = [
        {"action_id": key, "plan_id": house.plan.id, "reference": f"9.{at}", "position": at}
        for key, at, _ in rows
    ]
    deadlines = [
        {"action_id": key, "number": 1, "is_current": True, "kind": "dated", "relation": "by"}
        | {"first_on": on, "last_on": on, "precision": "day", "printed": on.isoformat()}
        | {"calendar": "calendar", "set_at": NOW}
        for key, _, on in rows
    ]
    owners = [
        {
            "action_id": key,
            "person_id": owner_ids[at % len(owner_ids)],
            "from_on": NOW.date() - timedelta(days=9),
        }
        for key, at, _ in rows
    ]
    for model, found in ((ActionHome, homes), (Deadline, deadlines), (Owner, owners)):
        _insert(house, model, [tie | one for one in found])
    session.commit()


def _action(number: int) -> dict[str, object]:
    due_on = NOW.date() + timedelta(days=number % 700 - 100)
    is_done = RATINGS[number % 6] == "Blue"
    return {
        "number": number,
        "uid": uuid4(),
        "kind": "action",
        "title": f"One of many, number {number}",
        "lifecycle": "complete" if is_done else "in-progress",
        "owner_rating": RATINGS[number % 6],
        "due_on": due_on,
        "amber_from_on": None if is_done else due_on + timedelta(days=1),
        "red_from_on": None if is_done else due_on + timedelta(days=31),
        "last_entry_at": NOW - timedelta(days=number % 90),
        "last_entry_number": 0,
        "version": 1,
    }


def _insert(house: House, model: type[Base], rows: list[dict[str, object]]) -> None:
    table = Base.metadata.tables[model.__tablename__]
    for start in range(0, len(rows), 5000):
        house.session.connection().execute(insert(table), rows[start : start + 5000])


def prepare(url: str, many: int) -> FlaskClient:
    """The product on a database filled with so many actions, its owner signed in."""
    settings = Settings(secret_key=token_urlsafe(48), database_url=url)
    app = create_app(settings, SetClock(NOW), Postbox(), PlainRenderer())
    app.config.update(WTF_CSRF_ENABLED=False)
    with app.app_context():
        house = House(db.session(), NOW)
        house.person(OWNER)
        for at in range(60):
            action = house.action(f"Mine {at}", deadline="April 2027", owner=OWNER)
            if at < 10:
                house.ask(action)
        colleagues = [house.person(f"colleague{at}@a.example").id for at in range(40)]
        neighbour = House(db.session(), NOW, slug="bournshire")
        for one in (house, neighbour):
            fill(one, many // 2, colleagues)
        db.session.execute(text("analyze"))
        db.session.commit()
    client = app.test_client()
    client.post("/sign-in", data={"email": OWNER, "password": PASSWORD})
    return client


def later(client: FlaskClient, path: str) -> str:
    """The address of the third page of a list, as its own links lead there."""
    for _ in range(2):
        found = re.findall(r'href="([^"]*after=[^"]*)"', client.get(path).text)
        path = unescape(found[-1]) if found else path
    return path


@click.command()
@click.option("--many", default=100_000, show_default=True, help="Actions in the database.")
@click.option("--rounds", default=100, show_default=True, help="Requests of each page.")
@click.option("--postgres", is_flag=True, help="On the PostgreSQL of the tests.")
def main(many: int, rounds: int, postgres: bool) -> None:
    """Print the times and their ratio to the floor."""
    with tempfile.TemporaryDirectory() as folder:
        sqlite = nullcontext(("", f"sqlite:///{Path(folder) / 'benchmark.sqlite3'}"))
        database: AbstractContextManager[tuple[str, str]] = (
            databases.postgres_database() if postgres else sqlite
        )
        with database as (_, url):
            databases.migrated(url)
            client, bare = prepare(url, many), bare_app(url).test_client()
            paths = ["/my-actions", "/my-actions?sort=due", "/my-actions?rating=Grey"]
            every = ["", "?rating=Red", "?rating=Green", "?sort=rating", "?sort=reference"]
            paths += [f"/ashshire/actions{query}" for query in every]
            paths += [later(client, paths[0]), later(client, paths[4])]
            pages = {"bare Flask page, 25 rows": lambda: bare.get("/bare").status_code}
            for at, path in enumerate(paths):
                name = re.sub(r"(after=).*", "later page", path)
                pages[f"{name}{' ' * (at > 7)}"] = lambda path=path: client.get(path).status_code
            measure(pages, 5)
            found = measure(pages, rounds)
    floor = next(iter(found.values()))
    click.echo(f"{many} actions, {rounds} rounds, {'PostgreSQL' if postgres else 'SQLite'}")
    for name, milliseconds in found.items():
        click.echo(f"{name:<44} {milliseconds:7.2f} ms  {milliseconds / floor:5.1f} x")


if __name__ == "__main__":
    main()
