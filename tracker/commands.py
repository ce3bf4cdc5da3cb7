"""The ``tracker`` command: serving, the clockwork, data in, packs out."""

from __future__ import annotations

import json
import logging
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from governance.meetings import make_meetings
from tracker import status as status_of
from tracker.app import ROOT, TEMPLATES, create_app
from tracker.edges import migrate
from tracker.edges.clock import Clock, SetClock, SystemClock
from tracker.edges.db import db
from tracker.edges.mail import Mailer, MailServer, NoMailer, SmtpMailer
from tracker.edges.pdf import TypstRenderer
from tracker.jobs import tick as run_tick
from tracker.kernel.times import london_day
from tracker.ledger.audit import Actor, Source, sign
from tracker.loader import Loaded, load_folder
from tracker.loader import load_examples as load_all_examples
from tracker.loader.document import DocumentError
from tracker.people.models import Partnership
from tracker.people.queries import partnerships
from tracker.settings import Settings, SettingsError
from tracker.web.parts import EXTENSION

FONTS = ROOT / "static" / "fonts"


def build(settings: Settings, clock: Clock | None = None, mailer: Mailer | None = None) -> Flask:
    """The application with its real edges."""
    if mailer is None:
        mailer = NoMailer()
        if settings.mail_url:
            mailer = SmtpMailer(MailServer.from_url(settings.mail_url), settings.mail_from)
    renderer = TypstRenderer(TEMPLATES / "packs", FONTS)
    return create_app(settings, clock or SystemClock(), mailer, renderer)


@click.group()
@click.version_option(package_name="tracker")
def main() -> None:
    """Action plans and board meetings of children's partnerships."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


def with_app(*, secret_needed: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the application, on a database at its present schema."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(*args: Any, **options: Any) -> Any:
            app = build(_settings(secret_needed=secret_needed))
            with _answering(), app.app_context():
                migrate.upgrade(db.engine)
                return command(app, *args, **options)

        return run

    return decorate


@contextmanager
def _answering() -> Iterator[None]:
    """Say in one line that the database does not answer."""
    try:
        yield
    except OperationalError as error:
        raise click.ClickException(f"The database does not answer: {error.orig}") from error


def _settings(*, secret_needed: bool) -> Settings:
    try:
        return Settings.from_environment(os.environ, secret_needed=secret_needed)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@with_app()
def upgrade(app: Flask) -> None:
    """Bring the database to the present schema."""
    click.echo(f"The database is at revision {migrate.head()}.")


@main.command("load-examples")
@with_app()
def load_examples(app: Flask) -> None:
    """Load the five example plans of three partnerships; what is there is left as it is."""
    now = datetime.now(UTC)
    sign(db.session, Actor(at=now, source=Source.IMPORT))
    _loaded(app, load_all_examples(db.session(), now=now), now)


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_app()
def load(app: Flask, folder: Path) -> None:
    """Load a partnership of your own from FOLDER: partnership.yaml and plans/*.yaml."""
    now = datetime.now(UTC)
    sign(db.session, Actor(at=now, source=Source.IMPORT))
    try:
        added = load_folder(db.session(), folder, now=now)
    except DocumentError as error:
        raise click.ClickException(f"Nothing was loaded from {folder}. {error}") from error
    _loaded(app, added, now)


def _loaded(app: Flask, added: Loaded, now: datetime) -> None:
    """Make the meetings that new cycles give, keep everything, and say what was added."""
    holidays = app.extensions[EXTENSION].holidays
    made = sum(
        make_meetings(db.session(), partnership, holidays, now=now)
        for partnership in partnerships(db.session())
    )
    db.session.commit()
    click.echo(f"{added.partnerships} partnerships, {added.plans} plans and {made} meetings added.")


@main.command("add-person")
@click.argument("email")
@click.option("--name", required=True, help="As it is to stand under what they sign.")
@click.option("--partnership", required=True, help="The partnership's slug.")
@click.option("--administrator", is_flag=True, help="May change everything of the partnership.")
@click.option("--secretary-of", multiple=True, metavar="BOARD", help="A board's slug; repeatable.")
@click.option("--member-of", multiple=True, metavar="BOARD", help="A board's slug; repeatable.")
@click.option("--owns", multiple=True, type=int, metavar="NUMBER", help="An action; repeatable.")
@click.password_option(help="Asked for when not given.")
@with_app()
def add_person(app: Flask, email: str, **options: Any) -> None:
    """Add a person, or give one more to do; they sign in with EMAIL and the password."""
    from tracker.people_commands import AddError, add

    try:
        said = add(db.session(), email, now=datetime.now(UTC), **options)
    except AddError as error:
        raise click.ClickException(str(error)) from error
    db.session.commit()
    click.echo(said)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, a list with one object per plan.")
@with_app()
def status(app: Flask, as_json: bool) -> None:
    """List every plan with its counts and the day of its next review."""
    rows = status_of.rows(db.session(), now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=2))
    else:
        click.echo(status_of.as_table(rows))


@main.command()
@click.argument("board")
@click.option("--on", "on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Meeting day.")
@click.option("--format", "kind", default="pdf", type=click.Choice(["pdf"]), show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--partnership", help="The partnership's slug, where two have a board of that name.")
@with_app()
def pack(
    app: Flask, board: str, on: datetime, kind: str, out: Path, partnership: str | None
) -> None:
    """Write the pack of BOARD (its slug) for its meeting ON a day.

    The published version where there is one, else the draft kept when updates closed, else a
    preview as of now.
    """
    from tracker.pack_command import PackCommandError, write_pack

    try:
        said = write_pack(app, board, on.date(), out, partnership=partnership)
    except PackCommandError as error:
        raise click.ClickException(str(error)) from error
    click.echo(said)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Serve the web."""
    from tracker.server import serve as run

    settings = _settings(secret_needed=True)
    app = build(settings)
    with _answering(), app.app_context():
        migrate.upgrade(db.engine)
        db.engine.dispose()
    run(lambda: build(settings), host=host, port=port, workers=workers)


@main.command()
@with_app()
def scheduler(app: Flask) -> None:
    """Run the clockwork: everything that is due, every minute, until stopped."""
    from tracker.server import schedule

    db.session.remove()
    schedule(app)


@main.command()
@click.option("--now", "instant", help="Another time than the real one, ISO 8601 with its offset.")
def tick(instant: str | None) -> None:
    """Do everything that is due, once."""
    settings = _settings(secret_needed=False)
    clock: Clock = SystemClock() if instant is None else SetClock(_instant(instant))
    app = build(settings, clock)
    with _answering(), app.app_context():
        migrate.upgrade(db.engine)
        if instant is not None:
            _only_demonstration()
        db.session.remove()
    tally = run_tick(app)
    click.echo(str(tally))
    if tally.failed:
        raise click.ClickException(
            f"{tally.failed} of the things that were due could not be done. The log says why; the"
            " next tick tries them again."
        )


@main.command()
@click.option("--no-serve", is_flag=True, help="End after the packs are written.")
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--folder",
    default="demo-out",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the demonstration keeps its database, packs and mail.",
)
def demo(no_serve: bool, port: int, host: str, folder: Path) -> None:
    """Load the example plans as if they were live, replay a year, and serve the result."""
    from tracker.demo import DemoError, run

    password = os.environ.get("TRACKER_DEMO_PASSWORD") or secrets.token_urlsafe(9)
    settings = Settings(
        secret_key=secrets.token_urlsafe(48),
        database_url=f"sqlite:///{(folder / 'demo.sqlite3').resolve()}",
        base_url=f"http://{host}:{port}",
        demonstration=True,
    )
    logging.getLogger().setLevel(logging.WARNING)
    try:
        run(settings, folder, password=password, today=london_day(datetime.now(UTC)))
    except DemoError as error:
        raise click.ClickException(str(error)) from error
    if no_serve:
        return
    from tracker.server import serve as run_server

    click.echo(f"\nServing on {settings.base_url} - stop with Ctrl-C")
    run_server(lambda: build(settings), host=host, port=port, workers=2)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.ClickException(
            f"“{text}” is not a time. Write it as 2026-03-01T07:00:00+00:00"
        ) from error
    if instant.tzinfo is None:
        raise click.ClickException("The time needs its offset, such as 2026-03-01T07:00:00+00:00")
    return instant


def _only_demonstration() -> None:
    real = db.session.scalar(
        select(func.count()).select_from(Partnership).where(Partnership.is_demonstration.is_(False))
    )
    shown = db.session.scalar(select(func.count()).select_from(Partnership)) or 0
    if real or not shown:
        raise click.ClickException(
            "Another time than the real one is for demonstration databases only; this is none."
        )


if __name__ == "__main__":
    sys.exit(main())
