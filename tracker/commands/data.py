"""Commands that bring data in and papers out."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask

from governance.meetings import make_meetings
from governance.packs.blocks import counted
from tracker.commands import main, with_app
from tracker.commands import status as status_of
from tracker.commands.erasing import after_restoring
from tracker.commands.packs import PackCommandError, write_pack
from tracker.commands.people import SHORTEST, AddError, add
from tracker.edges import migrate
from tracker.edges.db import db
from tracker.kernel.times import london_day
from tracker.ledger.audit import Actor, Source, sign
from tracker.loader import Loaded, load_folder
from tracker.loader import load_examples as load_all_examples
from tracker.loader.document import DocumentError
from tracker.people.queries import partnerships, person_by_email
from tracker.starter import FolderInUse, write_starter
from tracker.web.parts import EXTENSION


@main.command()
@with_app()
def upgrade(app: Flask) -> None:
    """Bring the database to the present schema."""
    click.echo(f"The database is at revision {migrate.head()}.")
    again = after_restoring(app)
    if again.erased:
        click.echo(str(again))


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
        _loaded(app, load_folder(db.session(), folder, now=now), now)
    except DocumentError as error:
        raise click.ClickException(f"Nothing was loaded from {folder}. {error}") from error


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def new(folder: Path) -> None:
    """Write documents to begin with into FOLDER, to be changed and then loaded."""
    try:
        written = write_starter(folder, london_day(datetime.now(UTC)))
    except (FolderInUse, OSError) as error:
        raise click.ClickException(str(error)) from error
    for path in written:
        click.echo(f"Written: {path}")
    click.echo(f"Change them, then: tracker load {folder}")


def _loaded(app: Flask, added: Loaded, now: datetime) -> None:
    """Make the meetings that new cycles give, keep everything, and say what was added."""
    holidays = app.extensions[EXTENSION].holidays
    made = sum(
        make_meetings(db.session(), partnership, holidays, now=now)
        for partnership in partnerships(db.session())
    )
    db.session.commit()
    click.echo(
        f"Added: {counted(added.partnerships, 'partnership')}, {counted(added.plans, 'plan')} and"
        f" {counted(made, 'meeting')}."
    )
    if not (added.partnerships or added.plans or made):
        click.echo("What is there already is left as it is, even where a document differs.")


@main.command("add-person")
@click.argument("email")
@click.option("--name", required=True, help="As it is to stand under what they sign.")
@click.option("--partnership", required=True, help="The partnership's slug.")
@click.option("--administrator", is_flag=True, help="May change everything of the partnership.")
@click.option("--secretary-of", multiple=True, metavar="BOARD", help="A board's slug; repeatable.")
@click.option("--member-of", multiple=True, metavar="BOARD", help="A board's slug; repeatable.")
@click.option(
    "--owns",
    multiple=True,
    metavar="REFERENCE",
    help="An action as it is printed, 1.1 or PLAN:1.1; repeatable.",
)
@click.option("--password", help="At least 12 characters; asked for when the person is new.")
@with_app()
def add_person(app: Flask, email: str, **options: Any) -> None:
    """Add a person, or give one more to do; they sign in with EMAIL and the password."""
    if options["password"] is None and person_by_email(db.session(), email) is None:
        options["password"] = click.prompt(
            f"A password for {email}, at least {SHORTEST} characters",
            hide_input=True,
            confirmation_prompt="The same again",
        )
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
@click.option("--on", "on", required=True, help="Meeting day, as 2026-12-08.")
@click.option("--format", "kind", default="pdf", type=click.Choice(["pdf"]), show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--partnership", help="The partnership's slug, where two have a board of that name.")
@with_app()
def pack(app: Flask, board: str, on: str, kind: str, out: Path, partnership: str | None) -> None:
    """Write the pack of BOARD (its slug) for its meeting ON a day.

    The published version where there is one, else the draft kept when updates closed, else a
    preview as of now.
    """
    try:
        said = write_pack(app, board, _day(on), out, partnership=partnership)
    except PackCommandError as error:
        raise click.ClickException(str(error)) from error
    click.echo(said)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.ClickException(f"“{text}” is not a day. Write it as 2026-12-08") from error
