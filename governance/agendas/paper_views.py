"""Pages of papers: written as a report, attached as a file, announced, changed, read."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Response, abort, flash, render_template, request
from flask.typing import ResponseReturnValue

from governance.agenda_models import AgendaItem, Paper, PaperKind
from governance.agendas.ground import item_at, sees_confidential, to_agenda, to_edit
from governance.agendas.item_views import ITEM
from governance.agendas.paper_forms import ABOVE, BELOW, IMPLICATIONS, FileForm, ReportForm
from governance.agendas.paper_rules import LARGEST_FILE
from governance.agendas.papering import (
    PDF_TYPE,
    AlreadyPublished,
    CannotAttach,
    SentFile,
    add_paper,
    change_paper,
    remove_paper,
)
from governance.agendas.queries import paper_by_uid
from governance.ground import MEETING, meeting_of, pages
from governance.models import Meeting
from governance.publishing.late import is_awaited
from tracker.edges.attachments import FileState, PdfFacts, look_into
from tracker.edges.db import db
from tracker.ledger.blobs import TakenDown, read_bytes
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, requires, viewer
from tracker.web.parts import now

PAPER = f"{MEETING}/agenda/papers/<uuid:uid>"
# Only these views read more than the few kilobytes of a form; a little beyond the limit, so that
# a file just over it gets its sentence beside the field.
UPLOADS = ("governance.paper_report", "governance.paper_attach", "governance.paper")
MOST_SENT = LARGEST_FILE + 5 * 1024 * 1024
MISSING = "Choose a PDF file, or announce the paper as to follow"


@pages.url_value_preprocessor
def _room_for_files(endpoint: str | None, values: dict[str, object] | None) -> None:
    """Before anything reads the form: these views take files."""
    if endpoint in UPLOADS:
        request.max_content_length = MOST_SENT


@pages.get(f"{ITEM}/papers/add")
@requires(Permission.EDIT_AGENDA)
def paper_add(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Choose how a paper comes: written here, or as a file."""
    board, meeting = to_edit(slug, on)
    return render_template(
        "governance/agendas/paper_add.html",
        board=board,
        meeting=meeting,
        item=item_at(board, meeting, uid),
    )


@pages.route(f"{ITEM}/papers/report", methods=["GET", "POST"])
@requires(Permission.EDIT_AGENDA)
def paper_report(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Write a report in the form of a cover sheet."""
    board, meeting = to_edit(slug, on)
    item = item_at(board, meeting, uid)
    return _added(board, meeting, item, ReportForm.on(1, author=viewer().name), PaperKind.REPORT)


@pages.route(f"{ITEM}/papers/file", methods=["GET", "POST"])
@requires(Permission.EDIT_AGENDA)
def paper_attach(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Attach a PDF, or announce that it is to follow."""
    board, meeting = to_edit(slug, on)
    item = item_at(board, meeting, uid)
    return _added(board, meeting, item, FileForm.on(1), PaperKind.FILE)


def _added(
    board: Board, meeting: Meeting, item: AgendaItem, form: FileForm, kind: PaperKind
) -> ResponseReturnValue:
    if form.is_submitted() and form.validate():
        sent = _sent()
        if kind is PaperKind.FILE and sent is None and not form.is_to_follow.data:
            form.file.errors = [MISSING]
        else:
            try:
                paper = add_paper(
                    db.session(),
                    item,
                    kind=kind,
                    title=str(form.title.data),
                    fields=form.fields(),
                    sent=sent,
                    is_to_follow=_is_to_follow(form, kind, sent),
                    person_id=viewer().person_id,
                    now=now(),
                )
                return _saved(board, meeting, item, paper)
            except CannotAttach as why:
                form.file.errors = [str(why)]
    return _paper_page(form, board, meeting, item, None, 422 if form.is_submitted() else 200)


def _is_to_follow(form: FileForm, kind: PaperKind, sent: SentFile | None) -> bool:
    """A file that is here does not follow any more."""
    return bool(form.is_to_follow.data) and kind is PaperKind.FILE and sent is None


def _sent() -> SentFile | None:
    """The file that was sent, looked into; None where none was chosen."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    data = sent.stream.read(LARGEST_FILE + 1)
    too_large = len(data) > LARGEST_FILE
    facts = PdfFacts(FileState.SOUND) if too_large else look_into(data)
    return SentFile(sent.filename, data, facts)


def _saved(board: Board, meeting: Meeting, item: AgendaItem, paper: Paper) -> ResponseReturnValue:
    said = "The paper is on the agenda."
    if paper.is_to_follow:
        said = "The paper is announced as to follow."
    elif paper.findings:
        said = f"{said} What was found in its file stands beside it, and at the gate to publish."
    flash(said, "success")
    return to_agenda(board, meeting, f"item-{item.uid}")


def _paper_page(
    form: FileForm,
    board: Board,
    meeting: Meeting,
    item: AgendaItem,
    paper: Paper | None,
    status: int,
) -> ResponseReturnValue:
    page = render_template(
        "governance/agendas/paper.html",
        form=form,
        board=board,
        meeting=meeting,
        item=item,
        paper=paper,
        is_report=isinstance(form, ReportForm),
        above=ABOVE,
        implications=IMPLICATIONS,
        below=BELOW,
        theirs=status == 409,
    )
    return page, status


@pages.route(PAPER, methods=["GET", "POST"])
@requires(Permission.EDIT_AGENDA)
def paper(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Change a paper: what a report says, or the file; both are shown where somebody was first."""
    board, meeting = to_edit(slug, on)
    found, item = _paper_at(board, meeting, uid)
    if found.withdrawn_at is not None:
        abort(404)
    begun = {"title": found.title, "is_to_follow": found.is_to_follow}
    form: FileForm
    if found.kind is PaperKind.REPORT:
        form = ReportForm.on(found.version, **begun, **ReportForm.begun(found))
    else:
        form = FileForm.on(found.version, **begun)
    status = 422 if form.is_submitted() else 200
    seen = form.version.data
    if form.is_submitted() and form.validate():
        if seen != found.version:
            form.version.data, status = found.version, 409
        elif _changed(form, found):
            return _saved(board, meeting, item, found)
    return _paper_page(form, board, meeting, item, found, status)


def _changed(form: FileForm, paper: Paper) -> bool:
    """Save what was sent; False with what is wrong beside the file where that is not taken."""
    sent = _sent()
    to_follow = _is_to_follow(form, paper.kind, sent)
    if paper.kind is PaperKind.FILE and not (sent or paper.file_sha256 or to_follow):
        form.file.errors = [MISSING]
        return False
    try:
        change_paper(
            db.session(),
            paper,
            title=str(form.title.data),
            fields=form.fields(),
            sent=sent,
            is_to_follow=to_follow,
            now=now(),
        )
    except (CannotAttach, AlreadyPublished) as why:
        form.file.errors = [str(why)]
        return False
    return True


@pages.post(f"{PAPER}/remove")
@requires(Permission.EDIT_AGENDA)
def paper_remove(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Take a paper away that was never published."""
    board, meeting = to_edit(slug, on)
    found, item = _paper_at(board, meeting, uid)
    try:
        remove_paper(db.session(), found)
    except AlreadyPublished as why:
        flash(str(why))
    else:
        flash("The paper is taken away.", "success")
    return to_agenda(board, meeting, f"item-{item.uid}")


@pages.get(f"{PAPER}/file")
@requires(Permission.READ_PUBLISHED_PACK)
def paper_file(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """A paper's file, as it was attached: a draft for who prepares the pack, then for members."""
    board, meeting = meeting_of(slug, on)
    found = paper_by_uid(db.session(), meeting, uid, confidential=sees_confidential(board))
    is_published = (
        found is not None
        and found[0].reference is not None
        and not is_awaited(db.session(), meeting, found[0])
    )
    needed = Permission.READ_PUBLISHED_PACK if is_published else Permission.READ_DRAFT_PACK
    demand(needed, board_id=board.id)
    if found is None or found[0].file_sha256 is None or found[0].withdrawn_at is not None:
        abort(404)
    try:
        data = read_bytes(db.session(), found[0].file_sha256)
    except TakenDown:
        abort(404)
    response = Response(data, content_type=PDF_TYPE)
    name = found[0].file_name or "paper.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _paper_at(board: Board, meeting: Meeting, uid: UUID) -> tuple[Paper, AgendaItem]:
    found = paper_by_uid(db.session(), meeting, uid, confidential=sees_confidential(board))
    if found is None:
        abort(404)
    return found
