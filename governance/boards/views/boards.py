"""A board is created and changed; its page of settings leads to the rest."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.boards.forms.board import BoardForm, NewBoardForm, as_it_is, new_board
from governance.boards.operations.boards import change_board, create_board
from governance.boards.operations.refusals import Refused
from governance.boards.queries import chair_words
from governance.boards.views.ground import board_to_change, is_stale, say, steps_moved, to
from governance.ground import BOARD, ON_BOARDS, Group, Signpost, board_address, pages
from tracker.edges.db import db
from tracker.people.board_models import Board
from tracker.people.naming import in_words, members
from tracker.web.access import Permission, requires, standing
from tracker.web.parts import now, parts, this_day

ON_BOARDS.append(
    Signpost(
        "governance.board_settings",
        "Change this board",
        Permission.CHANGE_BOARDS,
        90,
        group=Group.RUN,
    )
)


@pages.route("/<slug:partnership>/boards/new", methods=["GET", "POST"])
@requires(Permission.CREATE_BOARDS)
def new_board_page() -> ResponseReturnValue:
    """Create a board, with whoever keeps it."""
    session, partnership_id, today = db.session(), standing().partnership_id, this_day()
    known = members(session, partnership_id, today)
    begun = new_board() if request.method == "GET" else {}
    form = NewBoardForm(members=known, data=begun)
    if form.is_submitted() and form.validate() and not form.look.data:
        try:
            board = create_board(
                session,
                partnership_id,
                form.character(),
                secretary=form.secretary.chosen,
                today=today,
            )
        except Refused as refused:
            say(form, refused, form.name)
        else:
            flash(f"{board.name} was created. Say next who sits on it.", "success")
            return redirect(board_address(board, "governance.board_settings"))
    page = render_template(
        "governance/boards/new.html",
        form=form,
        example=form.example(today),
        choices=[in_words(one) for one in known],
    )
    return page, 422 if form.errors else 200


@pages.get(f"{BOARD}/settings")
@requires(Permission.CHANGE_BOARDS)
def board_settings(slug: str) -> ResponseReturnValue:
    """What there is to set of a board, each on a page of its own."""
    board = board_to_change(slug)
    return render_template(
        "governance/boards/settings.html",
        board=board,
        chair=chair_words(db.session(), board, this_day()),
    )


@pages.route(f"{BOARD}/change", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOARDS)
def change_board_page(slug: str) -> ResponseReturnValue:
    """Change what is said of a board itself."""
    board = board_to_change(slug)
    form = BoardForm.on(board.version, **as_it_is(board))
    if form.is_submitted() and form.validate() and not form.look.data:
        if is_stale(form, board.version, form.name):
            return _change_page(form, board), 409
        try:
            moved = change_board(
                db.session(), board, form.character(), now=now(), holidays=parts().holidays
            )
        except Refused as refused:
            say(form, refused, form.name)
        else:
            flash(f"{board.name} was changed.{steps_moved(moved)}", "success")
            return to(board, "governance.board_settings")
    return _change_page(form, board), 422 if form.errors else 200


def _change_page(form: BoardForm, board: Board) -> str:
    return render_template(
        "governance/boards/change.html",
        form=form,
        board=board,
        example=form.example(this_day()),
    )
