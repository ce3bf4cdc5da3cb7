"""The demonstration: five real plans made live today, and a year of them replayed.

The year runs day by day under a set clock: the real clockwork ticks, and a script from a fixed
seed does what owners, secretaries and chairs would, signed by roles and labelled as
demonstration. Nothing here is reachable from the product itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

import click
from flask import Flask

from governance.operations import due_steps
from tracker.app import ROOT, TEMPLATES, create_app
from tracker.demo.cast import Cast, engage
from tracker.demo.mailbox import Mailbox
from tracker.demo.report import report, write_packs, write_previews
from tracker.demo.story import Story
from tracker.edges import migrate
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.edges.pdf import TypstRenderer
from tracker.jobs import tick
from tracker.kernel.period import add_years
from tracker.kernel.times import london
from tracker.ledger.audit import Actor, Source, sign
from tracker.loader import examples, load_folder
from tracker.people.operations import hash_password
from tracker.people.queries import partnership_by_slug
from tracker.settings import Settings

# One number per partnership keeps its plans and boards in step; with these they are live in 2026.
YEARS_IN_2026 = {"nottinghamshire": 10, "nottingham-city": 2, "northamptonshire": 4}
MORNING, WORKDAY, EVENING = time(7), time(11), time(17)


class DemoError(Exception):
    """The demonstration cannot be made; the message says why."""


def run(settings: Settings, folder: Path, *, password: str, today: date) -> None:
    """Make the demonstration in ``folder`` (an old one is replaced) and print what there is."""
    _clear(folder)
    start = add_years(today, -1)
    clock = SetClock(london(start, time(0, 5)))
    mailbox = Mailbox(folder / "mail.mbox", settings.mail_from)
    renderer = TypstRenderer(TEMPLATES / "packs", ROOT / "static" / "fonts")
    app = create_app(settings, clock, mailbox, renderer)
    with app.app_context():
        migrate.upgrade(db.engine)
    casts = _load(app, clock, password, today)
    replay(app, clock, [Story(app, cast, clock, renderer) for cast in casts], start, today)
    mailbox.close()
    with app.app_context():
        session = db.session()
        packs = write_packs(session, folder / "packs")
        packs += write_previews(session, renderer, folder / "packs", clock.now())
        report(session, casts, packs, settings, folder, password)
        db.session.remove()
        db.engine.dispose()


def replay(app: Flask, clock: SetClock, stories: list[Story], start: date, today: date) -> None:
    """Replay every day from ``start`` to ``today``: clockwork, work, clockwork."""
    days = [start + timedelta(days=number) for number in range((today - start).days + 1)]
    with click.progressbar(
        days, label="Replaying a year", item_show_func=lambda day: str(day) if day else ""
    ) as shown:
        for day in shown:
            clock.set(london(day, MORNING))
            if day.weekday() < 5 or _is_due(app, clock.now()):
                _tick(app)
            clock.set(london(day, WORKDAY))
            for story in stories:
                story.work(day)
            clock.set(london(day, EVENING))
            if _is_due(app, clock.now()):  # what people did today is told tomorrow morning
                _tick(app)


def _is_due(app: Flask, now: datetime) -> bool:
    """Whether a step of a timetable is due: on most evenings none is, and a tick is saved."""
    with app.app_context():
        found = bool(due_steps(db.session(), now))
        db.session.remove()
    return found


def _tick(app: Flask) -> None:
    failed = tick(app).failed
    if failed:
        raise DemoError(f"{failed} deeds of the clockwork failed; the log says which and why.")


def _load(app: Flask, clock: SetClock, password: str, today: date) -> list[Cast]:
    secret = hash_password(password)
    casts: list[Cast] = []
    with app.app_context(), _signed(clock.now()):
        for folder in examples():
            years = YEARS_IN_2026[folder.name] + today.year - 2026
            load_folder(db.session(), folder, now=clock.now(), years=years)
            partnership = partnership_by_slug(db.session(), folder.name)
            assert partnership is not None
            partnership.is_demonstration = True
            partnership.banner = (
                f"Demonstration: these plans’ dates are moved forward by {years} years, and all"
                " updates are made up and signed by roles."
            )
            casts.append(engage(db.session(), partnership, secret, clock.now()))
    return casts


@contextmanager
def _signed(now: datetime) -> Iterator[None]:
    sign(db.session, Actor(at=now, source=Source.COMMAND))
    yield
    db.session.commit()


def _clear(folder: Path) -> None:
    """Make the folder anew, but never remove one that is not a demonstration's."""
    mark = folder / "demonstration"
    if folder.exists() and any(folder.iterdir()):
        if not mark.exists():
            raise DemoError(f"{folder} holds something else. Choose another with --folder.")
        shutil.rmtree(folder)
    (folder / "packs").mkdir(parents=True, exist_ok=True)
    mark.write_text("A demonstration of Tracker; it may be deleted.\n")
