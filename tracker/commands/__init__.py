"""The ``tracker`` command: serving, the clockwork, data in, packs out."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import OperationalError

from tracker.app import ROOT, TEMPLATES, create_app
from tracker.edges import migrate
from tracker.edges.clock import Clock, SystemClock
from tracker.edges.db import db
from tracker.edges.mail import Mailer, MailServer, NoMailer, SmtpMailer
from tracker.edges.pdf import TypstRenderer
from tracker.settings import Settings, SettingsError

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
            app = build(settings_now(secret_needed=secret_needed))
            with answering(), app.app_context():
                migrate.upgrade(db.engine)
                return command(app, *args, **options)

        return run

    return decorate


@contextmanager
def answering() -> Iterator[None]:
    """Say in one line that the database does not answer."""
    try:
        yield
    except OperationalError as error:
        raise click.ClickException(f"The database does not answer: {error.orig}") from error


def settings_now(*, secret_needed: bool) -> Settings:
    """The settings of the environment, or a plain line for each that is wrong."""
    try:
        return Settings.from_environment(os.environ, secret_needed=secret_needed)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


from tracker.commands import (  # noqa: E402  # each adds to ``main``, which must be there first
    data,
    erasing,
    explaining,
    mailing,
    serving,
    timeline,
)

__all__ = [
    "build",
    "data",
    "erasing",
    "explaining",
    "mailing",
    "main",
    "serving",
    "settings_now",
    "timeline",
    "with_app",
]
