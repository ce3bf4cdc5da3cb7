"""Commands that serve, tick, and demonstrate."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import func, select

from tracker.commands import answering, build, main, settings_now, with_app
from tracker.commands.erasing import after_restoring
from tracker.demo import DemoError
from tracker.demo import run as run_demo
from tracker.edges import migrate
from tracker.edges.clock import Clock, SetClock, SystemClock
from tracker.edges.db import db
from tracker.jobs import tick as run_tick
from tracker.kernel.times import london_day
from tracker.people.models import Partnership
from tracker.server import schedule
from tracker.server import serve as run_server
from tracker.settings import Settings


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Serve the web."""
    _free(host, port)
    settings = settings_now(secret_needed=True)
    app = build(settings)
    with answering(), app.app_context():
        migrate.upgrade(db.engine)
        after_restoring(app)
        db.engine.dispose()
    run_server(lambda: build(settings), host=host, port=port, workers=workers)


@main.command()
@with_app()
def scheduler(app: Flask) -> None:
    """Run the clockwork: everything that is due, every minute, until stopped."""
    db.session.remove()
    schedule(app)


@main.command()
@click.option("--now", "instant", help="Another time than the real one, ISO 8601 with its offset.")
def tick(instant: str | None) -> None:
    """Do everything that is due, once."""
    settings = settings_now(secret_needed=False)
    clock: Clock = SystemClock() if instant is None else SetClock(_instant(instant))
    app = build(settings, clock)
    with answering(), app.app_context():
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
    if not no_serve:
        _free(host, port)
    password = os.environ.get("TRACKER_DEMO_PASSWORD") or secrets.token_urlsafe(9)
    settings = Settings(
        secret_key=secrets.token_urlsafe(48),
        database_url=f"sqlite:///{(folder / 'demo.sqlite3').resolve()}",
        base_url=f"http://{host}:{port}",
        demonstration=True,
    )
    logging.getLogger().setLevel(logging.WARNING)
    try:
        run_demo(settings, folder, password=password, today=london_day(datetime.now(UTC)))
    except DemoError as error:
        raise click.ClickException(str(error)) from error
    if no_serve:
        return
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


def _free(host: str, port: int) -> None:
    """Go on only if the port can be taken: before any work, and in one plain line."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} of {host} cannot be used: {error.strerror}. Choose another, with"
                " --port, or PORT= for make."
            ) from error
