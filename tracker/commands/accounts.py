"""Helping somebody who cannot sign in: a phone that is lost."""

from __future__ import annotations

import click
from flask import Flask

from tracker.commands import main, with_app
from tracker.edges.clock import SystemClock
from tracker.edges.db import db
from tracker.ledger.audit import Actor, Source, sign
from tracker.people.authenticator import identity_of, is_on, turn_off
from tracker.people.operations import end_sign_ins
from tracker.people.queries import person_by_email


@main.command("turn-off-authenticator")
@click.argument("email")
@with_app()
def turn_off_authenticator(app: Flask, email: str) -> None:
    """Ask somebody for no authenticator app any more, and sign them out everywhere.

    For whoever lost their phone. Make sure first that it is they who ask.
    """
    now, session = SystemClock().now(), db.session()
    sign(session, Actor(at=now, source=Source.COMMAND))
    person = person_by_email(session, email)
    if person is None:
        raise click.ClickException(f"Nobody here has the address “{email}”.")
    if not is_on(identity_of(session, person.id)):
        raise click.ClickException(f"{person.name} has no authenticator app set up.")
    turn_off(session, person.id)
    end_sign_ins(session, person.id, now=now)
    session.commit()
    click.echo(f"{person.name} signs in without an authenticator app from now on.")
