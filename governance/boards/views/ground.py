"""What the pages of a board's own affairs share."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue
from wtforms import Field

from actions.forms.fields import VersionedForm
from governance.boards.forms.fields import CHANGED, SeenForm
from governance.boards.operations.refusals import Refused
from governance.ground import board_address, board_of
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand
from tracker.web.forms import Form


def board_to_change(slug: str) -> Board:
    """The board of an address, for whoever may change it; else 404 or 403."""
    board = board_of(slug)
    demand(Permission.CHANGE_BOARDS, board_id=board.id)
    return board


def to(board: Board, endpoint: str) -> ResponseReturnValue:
    """On to another page of a board."""
    return redirect(board_address(board, endpoint))


def say(form: Form, refused: Refused, otherwise: Field) -> None:
    """Put a refusal beside the field that it belongs to."""
    is_there = refused.field in form
    (form[refused.field] if is_there else otherwise).errors = [str(refused)]


def is_stale(form: VersionedForm, present: int, beside: Field) -> bool:
    """Whether the record was changed since the page was opened; said beside a field if so."""
    if form.version.data == present:
        return False
    form.version.data, form.version.raw_data = present, None
    beside.errors = [CHANGED]
    return True


def has_other(form: SeenForm, present: str, beside: Field) -> bool:
    """Whether there is something else now than the page showed; said beside a field if so."""
    if not form.is_stale(present):
        return False
    form.seen.data, form.seen.raw_data = present, None
    beside.errors = [CHANGED]
    return True


def steps_moved(number: int) -> str:
    """How many steps of coming meetings moved, in a sentence; nothing for none."""
    if not number:
        return ""
    return f" {number} step{'' if number == 1 else 's'} of coming meetings moved."
