"""A board's standing agenda: what stands on every agenda that is written from now on."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from governance.agenda import ItemKind
from governance.boards.forms.settings import KIND_WORDS, AgendaForm, ItemForm, NewItemForm
from governance.boards.operations.refusals import Refused
from governance.boards.operations.settings import (
    add_standing_item,
    change_standing_item,
    move_standing_item,
    remove_standing_item,
    standard_agenda,
)
from governance.boards.queries import standing_items, standing_rows
from governance.boards.views.ground import board_to_change, is_stale, say, to
from governance.ground import BOARD, board_address, pages
from governance.setting_models import StandingItem
from tracker.edges.db import db
from tracker.people.board_models import Board
from tracker.web.access import Permission, requires
from tracker.web.addresses import is_slug

MOVES = {"up": -1, "down": 1}
AGENDA = "governance.standing_agenda_page"


@pages.get(f"{BOARD}/standing-agenda")
@requires(Permission.CHANGE_BOARDS)
def standing_agenda_page(slug: str) -> ResponseReturnValue:
    """The standing agenda, with buttons beside each item."""
    board = board_to_change(slug)
    return render_template(
        "governance/boards/standing_agenda.html",
        board=board,
        items=standing_items(db.session(), board),
        is_own=bool(standing_rows(db.session(), board)),
        kinds=KIND_WORDS,
    )


@pages.post(f"{BOARD}/standing-agenda")
@requires(Permission.CHANGE_BOARDS)
def change_standing_agenda(slug: str) -> ResponseReturnValue:
    """Move an item up or down, take it off, or go back to the standard agenda."""
    board, form = board_to_change(slug), AgendaForm()
    item, do = form.item.data or "", form.do.data
    try:
        if do == "standard":
            standard_agenda(db.session(), board)
            flash("This board has the standard agenda again.", "success")
        elif do in MOVES:
            move_standing_item(db.session(), board, item, MOVES[do])
        elif do == "remove":
            remove_standing_item(db.session(), board, item)
            flash("The item was taken off the standing agenda.", "success")
    except LookupError:
        # Nothing of it may stay: the standard would have become the board's own.
        db.session.rollback()
        flash("That item is not there any more. Look at this page, then try again.")
    except Refused as refused:
        db.session.rollback()
        flash(str(refused))
    # Whoever moves an item by the keyboard goes on from where it stands now.
    anchor = f"item-{item}" if do in MOVES and is_slug(item) else None
    return redirect(board_address(board_to_change(slug), AGENDA, _anchor=anchor))


@pages.route(f"{BOARD}/standing-agenda/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOARDS)
def new_standing_item(slug: str) -> ResponseReturnValue:
    """Put an item on the standing agenda."""
    board = board_to_change(slug)
    form = NewItemForm()
    there = {one.kind for one in standing_items(db.session(), board)}
    form.kind.offer(
        [
            (kind.value, words)
            for kind, words in KIND_WORDS.items()
            if kind is ItemKind.TEXT or kind not in there
        ]
    )
    if form.is_submitted() and form.validate():
        try:
            add_standing_item(db.session(), board, ItemKind(form.kind.data), form.wanted())
        except Refused as refused:
            say(form, refused, form.title)
        else:
            flash(f"“{form.title.data}” stands at the end of the agenda. Move it up.", "success")
            return to(board, AGENDA)
    address = board_address(board, "governance.new_standing_item")
    return _page(form, board, address, None), 422 if form.errors else 200


@pages.route(f"{BOARD}/standing-agenda/<slug:item>", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOARDS)
def standing_item(slug: str, item: str) -> ResponseReturnValue:
    """Change what a standing item says."""
    board = board_to_change(slug)
    found = next((one for one in standing_items(db.session(), board) if one.slug == item), None)
    if found is None:
        abort(404)
    version = found.version if isinstance(found, StandingItem) else 0
    form = ItemForm.on(
        version,
        title=found.title,
        purpose=found.purpose.value,
        presenter=found.presenter,
        minutes=str(found.minutes or ""),
        text=found.text if isinstance(found, StandingItem) else None,
    )
    status = 200
    if form.is_submitted() and not form.validate():
        status = 422
    elif form.is_submitted() and is_stale(form, version, form.title):
        status = 409
    elif form.is_submitted():
        change_standing_item(db.session(), board, item, form.wanted())
        flash(f"“{form.title.data}” was changed.", "success")
        return to(board, AGENDA)
    address = board_address(board, "governance.standing_item", item=item)
    return _page(form, board, address, found.title), status


def _page(form: ItemForm, board: Board, address: str, title: str | None) -> str:
    return render_template(
        "governance/boards/standing_item.html", form=form, board=board, address=address, item=title
    )
