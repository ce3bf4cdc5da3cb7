"""The command that erases again what a restored backup brought back."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import Flask

from governance.restricted.erasures import ErasedAgain, erase_again, forget
from tracker.commands import main, with_app
from tracker.edges.db import db
from tracker.ledger.audit import Actor, Source, sign
from tracker.web.parts import EXTENSION


@main.command("erase-again")
@with_app()
def erase_again_command(app: Flask) -> None:
    """Erase texts again that were erased and that a restored backup brought back."""
    click.echo(str(after_restoring(app)))


def after_restoring(app: Flask) -> ErasedAgain:
    """Erase what is on the register and in the database again; the context is the caller's."""
    register = app.extensions[EXTENSION].settings.erasure_register
    if not register.exists():
        return ErasedAgain()
    now = datetime.now(UTC)
    sign(db.session, Actor(at=now, source=Source.COMMAND))
    counts = erase_again(db.session(), register, now=now)
    db.session.commit()
    db.session.remove()
    if counts.erased:
        forget(db.engine)
    return counts
