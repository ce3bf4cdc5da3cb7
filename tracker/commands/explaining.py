"""Why an action was rated as it was on a day, said on the command line."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime, time

import click
from flask import Flask
from sqlalchemy import select

from actions.as_it_stood import Stood, stood_as_of
from actions.explanation import Explanation, explain
from actions.models import Action, ActionHome
from plans.queries import plan_by_slug, plans_of
from tracker.commands import main, with_app
from tracker.edges.db import db, reading
from tracker.kernel.period import clock_words, short_date
from tracker.kernel.times import london, london_day, to_london
from tracker.people.models import Partnership
from tracker.people.queries import partnership_by_slug, partnerships
from tracker.web.days import end_of, read_day
from tracker.web.parts import EXTENSION

HOW = "Write it as PARTNERSHIP/NUMBER or PARTNERSHIP/PLAN:REFERENCE"
WIDTH, MARGIN = 96, 24
LARGEST = 2**63 - 1  # of a whole number in the database


@main.command("explain")
@click.argument("action")
@click.option("--on", help="The day, such as 2026-03-04 or “4 March 2026”; today if left out.")
@click.option("--at", "clock", help="The time of that day in London, such as 17:00.")
@with_app()
def explain_command(app: Flask, action: str, on: str | None, clock: str | None) -> None:
    """Say why ACTION was rated as it was on a day, and what decided.

    ACTION is PARTNERSHIP/NUMBER, or PARTNERSHIP/PLAN:REFERENCE as its plan prints it. A day is
    explained as it ended, today as it stands now.
    """
    at = _instant(on, clock, app.extensions[EXTENSION].clock.now())
    with reading():
        stood = _stood(action, at)
        for line in as_lines(stood, explain(stood.facts, london_day(at), stood.beside), at):
            click.echo(line)
        db.session.rollback()


def as_lines(stood: Stood, explained: Explanation, at: datetime) -> Iterator[str]:
    """The explanation as lines, each with its label at the margin."""
    local, facts = to_london(at), stood.facts
    day = f"{short_date(local.date())} at {clock_words(local.time())}"
    yield f"{facts.reference_words} of {facts.plan_title} (number {facts.number}): {facts.title}"
    yield f"As it stood on {day}"
    yield ""
    for label, words in explained.lines():
        yield textwrap.fill(
            words,
            width=WIDTH,
            initial_indent=f"{label}:".ljust(MARGIN),
            subsequent_indent=" " * MARGIN,
            break_long_words=False,
        )


def _stood(text: str, at: datetime) -> Stood:
    slug, _, rest = text.partition("/")
    partnership = partnership_by_slug(db.session(), slug)
    if partnership is None:
        known = ", ".join(one.slug for one in partnerships(db.session())) or "none yet"
        raise click.ClickException(f"There is no partnership “{slug}”. There is: {known}. {HOW}.")
    homes, place = _chosen(partnership, rest, at)
    if not homes:
        raise click.ClickException(
            f"That action was not kept here yet on {short_date(london_day(at))}."
        )
    own = [one for one in homes if place in (None, (one.facts.plan_slug, one.facts.reference))]
    return min(own or homes, key=lambda one: one.facts.ended_on is not None)


def _chosen(
    partnership: Partnership, rest: str, at: datetime
) -> tuple[list[Stood], tuple[str, str] | None]:
    """The action in all its homes, and the place in a plan that was named."""
    if ":" in rest:
        slug, _, reference = rest.partition(":")
        found = _id_in_plan(partnership, slug, reference)
        place = (slug, reference)
    elif rest.isdecimal() and int(rest) <= LARGEST:
        found, place = _id_of_number(partnership, int(rest)), None
    else:
        raise click.ClickException(f"“{rest}” names no action. {HOW}.")
    return stood_as_of(db.session(), partnership.id, at, action_ids=[found]), place


def _id_of_number(partnership: Partnership, number: int) -> int:
    found = db.session.scalar(
        select(Action.id).where(Action.partnership_id == partnership.id, Action.number == number)
    )
    if found is None:
        raise click.ClickException(f"{partnership.name} has no action number {number}.")
    return found


def _id_in_plan(partnership: Partnership, slug: str, reference: str) -> int:
    plan = plan_by_slug(db.session(), partnership.id, slug)
    if plan is None:
        known = ", ".join(one.slug for one in plans_of(db.session(), partnership.id))
        raise click.ClickException(f"There is no plan “{slug}”. There is: {known or 'none yet'}.")
    found = db.session.scalar(
        select(ActionHome.action_id).where(
            ActionHome.partnership_id == partnership.id,
            ActionHome.plan_id == plan.id,
            ActionHome.reference == reference,
        )
    )
    if found is None:
        raise click.ClickException(f"There is no action {reference} in {plan.full_title}.")
    return found


def _instant(on: str | None, clock: str | None, now: datetime) -> datetime:
    today = london_day(now)
    try:
        day = read_day(on, today) if on else today
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    if clock is None:
        return end_of(day) if day < today else now
    try:
        at = time.fromisoformat(clock).replace(tzinfo=None)
    except ValueError as wrong:
        raise click.ClickException(f"“{clock}” is not a time. Write it as 17:00.") from wrong
    instant = london(day, at)
    if instant > now:
        raise click.ClickException(f"{clock} on {short_date(day)} is still to come.")
    return instant
