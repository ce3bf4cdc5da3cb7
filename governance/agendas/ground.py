"""What the pages of agendas share: whose agenda it is, an item of it, and how it is named."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from governance.agenda_models import AgendaItem
from governance.agendas.queries import item_by_uid
from governance.ground import meeting_address, meeting_of
from governance.minute_models import MinutesState
from governance.minuting.ground import LOCKED, CannotMinute
from governance.minuting.queries import minutes_of
from governance.models import Meeting
from tracker.edges.db import db
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, may

CONFIDENTIAL_ITEM = "a confidential item"


def to_edit(slug: str, on: date) -> tuple[Board, Meeting]:
    """A meeting whose agenda the viewer may edit.

    Raises CannotMinute for a change after its minutes were confirmed: they say what was before
    the board.
    """
    board, meeting = meeting_of(slug, on)
    demand(Permission.EDIT_AGENDA, board_id=board.id)
    if request.method == "POST":
        minutes = minutes_of(db.session(), meeting)
        if minutes is not None and minutes.state is MinutesState.CONFIRMED:
            raise CannotMinute(LOCKED)
    return board, meeting


def sees_confidential(board: Board) -> bool:
    """Whether the viewer may see a board's confidential items."""
    return may(Permission.READ_CONFIDENTIAL, board_id=board.id)


def item_at(board: Board, meeting: Meeting, uid: UUID) -> AgendaItem:
    """An item of a meeting; 404 where there is none that the viewer may see."""
    found = item_by_uid(db.session(), meeting, uid, confidential=sees_confidential(board))
    if found is None:
        abort(404)
    return found


def name_of(item: AgendaItem) -> str:
    """What a message calls an item: others may read over a shoulder, or the log."""
    return CONFIDENTIAL_ITEM if item.is_confidential else f"“{item.title}”"


def to_agenda(board: Board, meeting: Meeting, part: str | None = None) -> ResponseReturnValue:
    """Back to the agenda, to a part of it."""
    return redirect(meeting_address(board, meeting, "governance.agenda", _anchor=part))
