"""A board's terms of reference: every version, and a new one."""

from __future__ import annotations

from flask import Response, abort, flash, render_template, request
from flask.typing import ResponseReturnValue

from governance.boards.forms.settings import TermsForm
from governance.boards.operations.refusals import Refused
from governance.boards.operations.terms import LARGEST_FILE, add_terms
from governance.boards.queries import terms_of
from governance.boards.views.ground import board_to_change, is_stale, say, to
from governance.ground import BOARD, ON_BOARDS, Group, Signpost, board_of, pages
from tracker.edges.db import db
from tracker.ledger.blobs import read_bytes
from tracker.people.board_models import Board, TermsOfReference
from tracker.web.access import Permission, may, requires
from tracker.web.parts import now, this_day

ON_BOARDS.append(
    Signpost("governance.board_terms", "Terms of reference", Permission.READ, 50, group=Group.BOARD)
)
# Beyond the largest file, so that whoever sends a larger one is told so beside the field.
LARGEST_PAGE = 3 * LARGEST_FILE


@pages.url_value_preprocessor
def let_a_file_in(endpoint: str | None, values: dict[str, object] | None) -> None:
    """Let this one page take more than others: before anything reads what was sent."""
    if endpoint == "governance.new_terms":
        request.max_content_length = LARGEST_PAGE


@pages.get(f"{BOARD}/terms")
@requires(Permission.READ)
def board_terms(slug: str) -> ResponseReturnValue:
    """The terms of reference as they are, and every version before."""
    board = board_of(slug)
    return render_template(
        "governance/boards/terms.html",
        board=board,
        versions=terms_of(db.session(), board),
        today=this_day(),
        may_change=may(Permission.CHANGE_BOARDS, board_id=board.id),
    )


@pages.route(f"{BOARD}/terms/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOARDS)
def new_terms(slug: str) -> ResponseReturnValue:
    """Keep a new version of the terms of reference, as text or as a PDF file."""
    board = board_to_change(slug)
    versions = terms_of(db.session(), board)
    latest = versions[0].version_number if versions else 0
    form = TermsForm.on(latest, text=versions[0].text if versions else None)
    if not form.is_submitted():
        return _page(form, board)
    if not form.validate():
        return _page(form, board), 422
    if is_stale(form, latest, form.agreed_on):
        return _page(form, board), 409
    try:
        kept = add_terms(
            db.session(),
            board,
            agreed_on=form.agreed_on.day,
            review_on=form.review_on.on,
            text=form.text.data,
            data=form.file.content,
            file_name=form.file.file_name,
            now=now(),
        )
    except Refused as refused:
        say(form, refused, form.text)
        return _page(form, board), 422
    flash(f"Version {kept.version_number} of the terms of reference is kept.", "success")
    return to(board, "governance.board_terms")


@pages.get(f"{BOARD}/terms/<int:number>/file")
@requires(Permission.READ)
def terms_file(slug: str, number: int) -> ResponseReturnValue:
    """The file of a version: the very bytes that were sent, to be saved and not opened here."""
    board = board_of(slug)
    terms = _version(board, number)
    if terms.file_sha256 is None:
        abort(404)
    response = Response(read_bytes(db.session(), terms.file_sha256), content_type="application/pdf")
    name = f"{board.slug}-terms-of-reference-{number}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _version(board: Board, number: int) -> TermsOfReference:
    versions = {one.version_number: one for one in terms_of(db.session(), board)}
    return versions[number] if number in versions else abort(404)


def _page(form: TermsForm, board: Board) -> str:
    return render_template("governance/boards/new_terms.html", form=form, board=board)
