"""The time line of a board on the command line: each meeting's steps, planned and done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime

import click
from flask import Flask

from governance.sittings.timeline import MeetingLine, Moment, TimeLine, time_line
from tracker.commands import main, with_app
from tracker.commands.boards import board_named
from tracker.edges.db import db, reading
from tracker.kernel.period import clock_words, short_date
from tracker.kernel.times import to_london
from tracker.kernel.typed_times import read_day
from tracker.web.parts import EXTENSION

NONE = "-"


@main.command("timeline")
@click.argument("board")
@click.option("--partnership", help="Whose board, where several partnerships have one so named.")
@click.option("--meeting", help="One meeting only, by its day, such as 2026-12-08.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, instants in UTC.")
@with_app()
def timeline_command(
    app: Flask, board: str, partnership: str | None, meeting: str | None, as_json: bool
) -> None:
    """Print each meeting of BOARD with each step: planned, done, late or not, by whom.

    BOARD is the last part of its page's address. Confidential decisions are not counted.
    """
    on = _day(meeting)
    with reading():
        found = time_line(
            db.session(),
            board_named(board, partnership),
            on=on,
            now=app.extensions[EXTENSION].clock.now(),
        )
        db.session.rollback()
    if on is not None and not found.meetings:
        raise click.ClickException(f"{found.board} does not meet on {on.isoformat()}.")
    if as_json:
        click.echo(json.dumps(as_values(found), ensure_ascii=False, indent=2))
        return
    for line in as_lines(found):
        click.echo(line)


def as_lines(found: TimeLine) -> Iterator[str]:
    """The time line as lines of a table for each meeting."""
    yield found.board
    for state, number in found.between.items():
        yield f"Decisions between meetings, {state}: {number}"
    for meeting in found.meetings:
        yield ""
        yield f"{_when(meeting.starts_at)}: {meeting.status}"
        if meeting.status_words:
            yield f"  {meeting.status_words}"
        yield f"  {'Step':<44}{'Planned':<28}{'Done':<28}Late  By"
        for one in meeting.moments:
            late = "late" if one.is_late else NONE
            yield (
                f"  {one.title:<44}{_when(one.planned_at):<28}{_when(one.done_at):<28}"
                f"{late:<6}{one.by or NONE}"
            )
        yield f"  Decisions: {meeting.decisions}"
        if meeting.minutes_confirmed_on is not None:
            yield f"  Minutes confirmed: {short_date(meeting.minutes_confirmed_on)}"


def as_values(found: TimeLine) -> dict[str, object]:
    """The time line as JSON takes it."""
    return {
        "board": found.board,
        "between_meetings": dict(found.between),
        "meetings": [_meeting(one) for one in found.meetings],
    }


def _meeting(one: MeetingLine) -> dict[str, object]:
    confirmed = one.minutes_confirmed_on
    return {
        "board": one.board,
        "address": one.address_on.isoformat(),
        "meets_on": one.meets_on.isoformat(),
        "starts_at": one.starts_at.isoformat(),
        "status": one.status,
        "status_words": one.status_words,
        "decisions": one.decisions,
        "minutes_confirmed_on": confirmed.isoformat() if confirmed else None,
        "late": one.late,
        "steps": [_moment(moment) for moment in one.moments],
    }


def _moment(one: Moment) -> dict[str, object]:
    return {
        "kind": one.kind,
        "title": one.title,
        "planned_at": one.planned_at.isoformat() if one.planned_at else None,
        "done_at": one.done_at.isoformat() if one.done_at else None,
        "late": one.is_late,
        "by": one.by,
    }


def _when(at: datetime | None) -> str:
    if at is None:
        return NONE
    local = to_london(at)
    return f"{short_date(local.date())} {clock_words(local.time())}"


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return read_day(text)
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from wrong
