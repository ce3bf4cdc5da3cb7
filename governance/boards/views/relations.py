"""Where a board stands: whom it answers to, from a day to a day."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from governance.boards.forms.board import EndRelationForm, RelationForm
from governance.boards.operations.refusals import Refused
from governance.boards.operations.relations import (
    WORDS,
    add_relation,
    end_relation,
    take_back_relation,
)
from governance.boards.queries import relations_of
from governance.boards.views.ground import board_to_change, say, to
from governance.ground import BOARD, pages
from tracker.edges.db import db
from tracker.people import queries as people
from tracker.people.board_models import Board
from tracker.web.access import Permission, requires
from tracker.web.parts import this_day


@pages.route(f"{BOARD}/relations", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOARDS)
def board_relations_page(slug: str) -> ResponseReturnValue:
    """Whom a board answers to; add another."""
    board = board_to_change(slug)
    others = {
        one.slug: one
        for one in people.boards(db.session(), board.partnership_id)
        if one.id != board.id
    }
    form = RelationForm()
    form.other.offer([(one.slug, one.name) for one in others.values()], "Choose a board")
    if form.is_submitted() and form.validate():
        try:
            add_relation(
                db.session(),
                board,
                others[str(form.other.data)],
                form.relation_kind(),
                frequency=form.frequency.data,
                from_on=form.from_on.on,
                to_on=form.to_on.on,
            )
        except Refused as refused:
            say(form, refused, form.other)
        else:
            flash(f"{board.name} {WORDS[form.relation_kind()]} {form.other_name()}.", "success")
            return to(board, "governance.board_relations_page")
    return _page(form, board), 422 if form.errors else 200


@pages.route(f"{BOARD}/relations/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOARDS)
def end_relation_page(slug: str) -> ResponseReturnValue:
    """End one of them on a day, or take back what was a mistake."""
    board, form = board_to_change(slug), EndRelationForm()
    asked = request.values.get("relation")
    relation = next(
        (one for one in relations_of(db.session(), board) if str(one.id) == asked), None
    )
    if relation is None:
        flash("That is not there any more. Look at this page, then try again.")
        return to(board, "governance.board_relations_page")
    if form.is_submitted() and form.validate():
        try:
            if form.mistake.data:
                take_back_relation(db.session(), relation)
            else:
                end_relation(db.session(), relation, last_on=form.last_on.day)
        except Refused as refused:
            say(form, refused, form.last_on)
        else:
            flash("It was taken back." if form.mistake.data else "Its last day is kept.", "success")
            return to(board, "governance.board_relations_page")
    page = render_template(
        "governance/boards/end_relation.html",
        form=form,
        board=board,
        relation=relation,
        words=WORDS,
    )
    return page, 422 if form.errors else 200


def _page(form: RelationForm, board: Board) -> str:
    return render_template(
        "governance/boards/relations.html",
        form=form,
        board=board,
        relations=relations_of(db.session(), board),
        words=WORDS,
        today=this_day(),
    )
