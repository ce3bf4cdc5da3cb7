"""What all pages of boards and meetings stand on: their blueprint, their records, their links."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from governance import queries
from governance.models import Meeting
from tracker.edges.db import db
from tracker.people import queries as people
from tracker.people.board_models import Board
from tracker.web.access import Permission, may, standing
from tracker.web.errors import page as error_page

pages = Blueprint("governance", __name__)
BOARD = "/<slug:partnership>/boards/<slug:slug>"
MEETING = f"{BOARD}/meetings/<day:on>"


class Group(StrEnum):
    """Under which heading a link stands on a meeting's page, or, from RECORDS on, on a board's."""

    PREPARE = "Agenda and papers"
    RECORD = "At the meeting and after"
    CHANGE = "If something changes"
    RECORDS = "Papers and records"
    BOARD = "About this board"
    RUN = "Run this board"


@dataclass(frozen=True)
class Signpost:
    """A link from a board's or a meeting's page, for whoever may follow it.

    ``order`` counts within ``group``.
    """

    endpoint: str
    text: str
    permission: Permission
    order: int
    when: Callable[[Meeting], bool] | None = None
    group: Group = Group.PREPARE


ON_BOARDS: list[Signpost] = []
ON_MEETINGS: list[Signpost] = []


# What the drivers call a value that another row has already.
_TAKEN = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}


@pages.errorhandler(IntegrityError)
def at_the_same_moment(error: IntegrityError) -> ResponseReturnValue:
    """Two wrote one thing at once, and the other was first: a number, a row that is there once.

    Any other broken rule of the database is a fault of ours, and is told as one.
    """
    db.session.rollback()
    driver = error.orig
    names = {getattr(driver, name, None) for name in ("sqlstate", "sqlite_errorname")}
    if not names & _TAKEN:
        raise error
    return error_page(409)


def board_of(slug: str) -> Board:
    """The board of an address; 404 where the partnership has no such one."""
    found = people.board_by_slug(db.session(), standing().partnership_id, slug)
    if found is None:
        abort(404)
    return found


def meeting_of(slug: str, on: date) -> tuple[Board, Meeting]:
    """The board and the meeting of an address; 404 where the partnership has no such one."""
    board = board_of(slug)
    found = queries.meeting_on(db.session(), board.partnership_id, board.id, on)
    if found is None:
        abort(404)
    return board, found


def board_address(board: Board, endpoint: str = "governance.board", **more: Any) -> str:
    """The address of a board's page, or of another page of it."""
    return url_for(endpoint, partnership=standing().slug, slug=board.slug, **more)


def meeting_address(
    board: Board, meeting: Meeting, endpoint: str = "governance.meeting", **more: Any
) -> str:
    """The address of a meeting's page, or of another page of it."""
    return board_address(board, endpoint, on=meeting.occurrence_on, **more)


def signposts(board: Board, meeting: Meeting | None = None) -> dict[str, list[dict[str, str]]]:
    """The links that a board's or a meeting's page shows this viewer, by group, in their order."""
    found: dict[str, list[dict[str, str]]] = {}
    for post in sorted(ON_BOARDS if meeting is None else ON_MEETINGS, key=lambda one: one.order):
        if not may(post.permission, board_id=board.id):
            continue
        if meeting is None:
            href = board_address(board, post.endpoint)
        elif post.when is None or post.when(meeting):
            href = meeting_address(board, meeting, post.endpoint)
        else:
            continue
        found.setdefault(post.group.value, []).append({"text": post.text, "href": href})
    return {group.value: found[group.value] for group in Group if group.value in found}
