"""A board ends or splits: say when and into what, see what becomes of its affairs, confirm."""

from __future__ import annotations

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from governance.boards.forms.board import EndBoardForm
from governance.boards.operations.boards import end_board, plan_ending
from governance.boards.operations.refusals import Refused
from governance.boards.operations.relations import WORDS
from governance.boards.views.ground import board_to_change, is_stale, say, to
from governance.ground import BOARD, pages
from tracker.edges.db import db
from tracker.kernel.period import short_date
from tracker.people import queries as people
from tracker.people.board_models import Board
from tracker.web.access import Permission, requires
from tracker.web.parts import now, parts


@pages.route(f"{BOARD}/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOARDS)
def end_board_page(slug: str) -> ResponseReturnValue:
    """End a board on a day, and have others follow it."""
    board = board_to_change(slug)
    form = EndBoardForm.on(board.version)
    others = [
        one
        for one in people.boards(db.session(), board.partnership_id)
        if one.id != board.id and one.ends_on is None
    ]
    form.followed_by.offer([(one.slug, one.name) for one in others])
    if not form.is_submitted():
        return _page(form, board)
    if not form.validate():
        return _page(form, board), 422
    if is_stale(form, board.version, form.last_on):
        return _page(form, board), 409
    if form.change.data:
        return _page(form, board)
    followed_by = [one for one in others if one.slug in (form.followed_by.data or ())]
    if not form.confirm.data:
        return _confirm_page(form, board, followed_by)
    try:
        found = end_board(
            db.session(),
            board,
            last_on=form.last_on.day,
            followed_by=followed_by,
            new_names=form.names(),
            now=now(),
            holidays=parts().holidays,
        )
    except Refused as refused:
        say(form, refused, form.new_names if refused.field == "name" else form.last_on)
        return _page(form, board), 422
    words = f"{board.name} ends on {short_date(form.last_on.day)}."
    if found:
        words += f" It is followed by {' and '.join(one.name for one in found)}."
    flash(words, "success")
    return to(board, "governance.board")


def _page(form: EndBoardForm, board: Board) -> str:
    return render_template("governance/boards/end.html", form=form, board=board)


def _confirm_page(form: EndBoardForm, board: Board, followed_by: list[Board]) -> str:
    return render_template(
        "governance/boards/end_confirm.html",
        form=form,
        board=board,
        last_on=form.last_on.day,
        followed_by=followed_by,
        new_names=form.names(),
        plan=plan_ending(db.session(), board, form.last_on.day, now=now()),
        words=WORDS,
    )
