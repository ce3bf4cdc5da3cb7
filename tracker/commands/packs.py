"""Writing a board's pack to a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from governance import documents, queries
from governance.models import Meeting
from tracker.commands.boards import board_named
from tracker.edges.db import db
from tracker.edges.pdf import PdfError
from tracker.kernel.period import short_date
from tracker.ledger.blobs import read_bytes
from tracker.people.board_models import Board
from tracker.web.parts import EXTENSION


class PackCommandError(Exception):
    """The pack cannot be written; the message says why and what to do."""


def write_pack(app: Flask, board_slug: str, on: date, out: Path, *, partnership: str | None) -> str:
    """Write the best version there is and say which; raises PackCommandError."""
    board = board_named(board_slug, partnership)
    meeting = queries.meeting_on(db.session(), board.partnership_id, board.id, on)
    if meeting is None:
        raise PackCommandError(_when_it_meets(board, on))
    data, pages, what = _bytes(app, meeting)
    try:
        out.write_bytes(data)
    except OSError as error:
        raise PackCommandError(f"{out} cannot be written: {error.strerror}") from error
    return f"{out}: {what} of {board.name}, {short_date(on)}, {pages} pages"


def _when_it_meets(board: Board, on: date) -> str:
    days = db.session.scalars(
        select(Meeting.occurrence_on)
        .where(Meeting.partnership_id == board.partnership_id, Meeting.board_id == board.id)
        .order_by(Meeting.occurrence_on)
    ).all()
    if not days:
        return f"{board.name} has no meetings yet. The clockwork makes them: tracker tick"
    nearest = sorted(sorted(days, key=lambda day: abs((day - on).days))[:5])
    listed = ", ".join(day.isoformat() for day in nearest)
    return f"{board.name} does not meet on {on.isoformat()}. The nearest days: {listed}"


def _bytes(app: Flask, meeting: Meeting) -> tuple[bytes, int, str]:
    session = db.session()
    for pack, what in (
        (queries.published_pack(session, meeting), "published version {}"),
        (queries.draft_pack(session, meeting), "the draft kept when updates closed"),
    ):
        if pack is not None and pack.pdf_sha256 is not None:
            data = read_bytes(session, pack.pdf_sha256)
            return data, pack.pages or 0, what.format(pack.version_number)
    parts = app.extensions[EXTENSION]
    value = documents.draft(session, meeting, as_at=parts.clock.now())
    session.rollback()
    try:
        rendered = parts.renderer.render(value)
    except PdfError as error:
        raise PackCommandError(f"The pack cannot be rendered: {error}") from error
    return rendered.data, rendered.pages, "a preview"
