"""A board's own timetable and its business of the year."""

from __future__ import annotations

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from governance.boards.forms.settings import (
    RUN_UP,
    TimetableForm,
    YearForm,
    months_typed,
    typed,
)
from governance.boards.operations.settings import preview_timetable, set_timetable, set_year
from governance.boards.queries import timetable_row, year_business
from governance.boards.views.ground import board_to_change, has_other, is_stale, steps_moved, to
from governance.ground import BOARD, pages
from governance.planning import settings_of
from governance.timetable import TimetableSettings
from tracker.edges.db import db
from tracker.people.board_models import Board
from tracker.web.access import Permission, requires
from tracker.web.parts import now, parts


@pages.route(f"{BOARD}/timetable-settings", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOARDS)
def timetable_settings(slug: str) -> ResponseReturnValue:
    """A board's own timetable: type it, see what moves, confirm; or go back to the standard."""
    board = board_to_change(slug)
    row = timetable_row(db.session(), board)
    version = row.version if row is not None else 0
    form = TimetableForm.on(version, **typed(settings_of(db.session(), board)))
    if not form.is_submitted():
        return _page(form, board)
    if form.standard.data:
        settings = TimetableSettings(access_to_meetings=board.access_law)
        for name, value in typed(settings).items():
            form[name].data = value
            form[name].raw_data = [value]
        return _confirm_page(form, board, settings)
    if not form.validate():
        return _page(form, board), 422
    try:
        settings = form.settings(access_to_meetings=board.access_law)
    except ValueError as why:
        form.close_ask.errors = [str(why)]
        return _page(form, board), 422
    if is_stale(form, version, form.close_gap_days):
        return _page(form, board), 409
    if form.change.data:
        return _page(form, board)
    if not form.confirm.data:
        return _confirm_page(form, board, settings)
    moved = set_timetable(db.session(), board, settings, now=now(), holidays=parts().holidays)
    flash(f"The timetable is kept.{steps_moved(moved)}", "success")
    return to(board, "governance.board_settings")


def _page(form: TimetableForm, board: Board) -> str:
    return render_template(
        "governance/boards/timetable.html",
        form=form,
        board=board,
        standard=typed(TimetableSettings()),
        run_up=RUN_UP,
        has_own=timetable_row(db.session(), board) is not None,
    )


def _confirm_page(form: TimetableForm, board: Board, settings: TimetableSettings) -> str:
    moves = preview_timetable(db.session(), board, settings, now=now(), holidays=parts().holidays)
    return render_template(
        "governance/boards/timetable_confirm.html",
        form=form,
        board=board,
        moves=moves,
        number=sum(len(steps) for _, steps in moves),
    )


@pages.route(f"{BOARD}/year", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOARDS)
def year_page(slug: str) -> ResponseReturnValue:
    """In which month each business of the year comes to a board."""
    board = board_to_change(slug)
    months = year_business(db.session(), board)
    seen = ",".join(f"{kind.value}:{months[kind]}" for kind in sorted(months)) or "none"
    form: YearForm = YearForm.showing(seen, **months_typed(months))
    status = 200
    if form.is_submitted() and not form.validate():
        status = 422
    elif form.is_submitted() and has_other(form, seen, form.chair_appointment):
        status = 409
    elif form.is_submitted():
        set_year(db.session(), board, form.months())
        flash(
            "The business of the year is kept.",
            "success",
        )
        return to(board, "governance.board_settings")
    return render_template("governance/boards/year.html", form=form, board=board), status
