"""Mail that comes in: reports of letters that could not be delivered.

The mail server that hands one over reads the code with which the command ends, as sysexits.h
names them: nothing for good, 65 for what cannot be used, 75 for "keep it, and try again later".
"""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from tracker.commands import build, main, settings_now
from tracker.edges.bounces import NotABounce, read_bounce
from tracker.edges.db import db
from tracker.ledger.audit import Actor, Source, sign
from tracker.mailroom.operations import NotOurs, note_bounce
from tracker.web.parts import EXTENSION, Parts

# A report carries at most the letter that came back, and ours are small.
MOST_BYTES = 5 * 1024 * 1024


class _NotUsable(click.ClickException):
    """The report is none, or not about mail of ours: to send it again would help nobody."""

    exit_code = 65


class _TryLater(click.ClickException):
    """It could not be noted now; the mail server keeps it, and hands it over again."""

    exit_code = 75


@main.command("note-bounce")
def bounce() -> None:
    """Note a mail that came back: reads a server's delivery report from standard input."""
    data = sys.stdin.buffer.read(MOST_BYTES)
    try:
        report = read_bounce(data)
    except NotABounce as error:
        raise _NotUsable(str(error)) from error
    try:
        app = build(settings_now(secret_needed=False))
    except click.ClickException as error:
        raise _TryLater(error.message) from error
    parts: Parts = app.extensions[EXTENSION]
    now = parts.clock.now()
    with app.app_context():
        try:
            sign(db.session, Actor(at=now, source=Source.EMAIL))
            said = note_bounce(db.session(), report, now=now)
            db.session.commit()
        except NotOurs as error:
            raise _NotUsable(str(error)) from error
        except SQLAlchemyError as error:
            why = getattr(error, "orig", None) or type(error).__name__
            raise _TryLater(f"The database does not answer: {why}") from error
    click.echo(said)
