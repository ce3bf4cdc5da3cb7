"""A chair that rotates: set who takes turns, see the terms, or have it rotate no more."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from governance.boards.forms.members import ChairForm
from governance.boards.operations.chairs import set_turns, stop_turns
from governance.boards.operations.refusals import Refused
from governance.boards.queries import chair_turns, chair_words, seats
from governance.boards.views.ground import board_to_change, is_stale, say, to
from governance.ground import BOARD, pages
from tracker.edges.db import db
from tracker.kernel.period import short_date
from tracker.people.board_models import Board, BoardRole
from tracker.people.models import Person
from tracker.people.naming import in_words, members
from tracker.web.access import Permission, requires
from tracker.web.parts import this_day


@pages.route(f"{BOARD}/chair", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOARDS)
def chair_page(slug: str) -> ResponseReturnValue:
    """Set by which rule a board's chair rotates, or that it does not."""
    board, today = board_to_change(slug), this_day()
    known = members(db.session(), board.partnership_id, today)
    form = ChairForm(members=known, data=_begun(board))
    if not form.is_submitted():
        return _page(form, board, known)
    if form.stop.data:
        if is_stale(form, board.version, form.people):
            return _page(form, board, known), 409
        stop_turns(db.session(), board, today=today)
        flash(f"The chair of {board.name} does not rotate any more.", "success")
        return to(board, "governance.board_settings")
    if not form.validate():
        return _page(form, board, known), 422
    if is_stale(form, board.version, form.people):
        return _page(form, board, known), 409
    try:
        written = set_turns(
            db.session(),
            board,
            first_on=form.first_on.day,
            months=form.months.whole,
            people=form.found,
            today=today,
        )
    except Refused as refused:
        say(form, refused, form.people)
        return _page(form, board, known), 422
    terms = f"{len(written)} term{'' if len(written) == 1 else 's'}"
    flash(f"The chair of {board.name} rotates: {terms} kept, eighteen months ahead.", "success")
    return to(board, "governance.chair_page")


def _begun(board: Board) -> dict[str, object]:
    if request.method != "GET":
        return {"version": board.version}
    return {
        "version": board.version,
        "months": str(board.chair_term_months or ""),
        "first_on": short_date(board.chair_turns_from_on) if board.chair_turns_from_on else None,
        "people": "\n".join(in_words(one.person) for one in chair_turns(db.session(), board)),
    }


def _page(form: ChairForm, board: Board, known: Sequence[Person]) -> str:
    today, choices = this_day(), [in_words(one) for one in known]
    chairs = [one for one in seats(db.session(), board) if one.member.role is BoardRole.CHAIR]
    return render_template(
        "governance/boards/chair.html",
        form=form,
        board=board,
        choices=choices,
        chair=chair_words(db.session(), board, today),
        terms=[one for one in chairs if not one.is_over(today)],
    )
