"""Pages: escalations, reports to the board above, annual reports."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from governance.ground import BOARD, ON_BOARDS, Group, Signpost, board_address, board_of, pages
from governance.models import Meeting
from governance.packs.annual import annual_report
from governance.report_models import Escalation, EscalationState
from governance.reporting import operations, queries, telling, upward, writing, year
from governance.reporting.forms import AnnualForm, EscalationForm, UpwardForm
from governance.reporting.rules import FIRST_MONTH, last_whole_year, report_year
from tracker.edges.db import db
from tracker.edges.pdf import PdfError
from tracker.edges.tenancy import row_of
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, may, requires, standing, viewer
from tracker.web.parts import now, parts, this_day

__all__ = ["telling", "writing"]
FIRST_YEAR = 2000
S = EscalationState
TO_DECIDE = (
    [(S.AGREED.value, "Escalate it to the board above"), (S.DECLINED.value, "Do not escalate it")],
    "What the board above is asked; or why it is not escalated.",
)
TO_ANSWER = {
    S.AGREED: [
        (S.ACCEPTED.value, "This board takes it up"),
        (S.RETURNED.value, "Return it to the board that sent it"),
    ],
    S.ACCEPTED: [
        (S.CLOSED.value, "Close it: it is resolved"),
        (S.RETURNED.value, "Return it to the board that sent it"),
    ],
}
ANSWER_HINT = "What this board decided, or why; the board that sent it reads this."


@pages.get(f"{BOARD}/escalations")
@requires(Permission.READ)
def escalations(slug: str) -> ResponseReturnValue:
    """What a board brings before the one above, and what is brought before it."""
    board = board_of(slug)
    tenant = board.partnership_id
    return render_template(
        "governance/reporting/escalations.html",
        board=board,
        sent=queries.escalations(db.session(), tenant, from_board=board.id),
        received=queries.escalations(db.session(), tenant, to_board=board.id),
        above=queries.boards_above(db.session(), tenant, board.id, this_day()),
        may_decide=may(Permission.ESCALATE, board_id=board.id),
    )


@pages.route("/<slug:partnership>/escalations/<uuid:uid>", methods=["GET", "POST"])
@requires(Permission.ESCALATE)
def escalation(uid: UUID) -> ResponseReturnValue:
    """Decide about an escalation: its own board first, then the board above."""
    found = queries.escalation_by_uid(db.session(), standing().partnership_id, uid)
    if found is None:
        abort(404)
    is_draft = found.state is S.DRAFTED
    board = row_of(
        db.session(),
        Board,
        found.partnership_id,
        found.board_id if is_draft else found.to_board_id,
    )
    demand(Permission.ESCALATE, board_id=board.id)
    if not is_draft and found.state not in TO_ANSWER:
        flash(f"This is {found.state.value} already.")
        return redirect(board_address(board, "governance.escalations"))
    form = EscalationForm(data={"seen": found.version})
    form.offer(*(TO_DECIDE if is_draft else (TO_ANSWER[found.state], ANSWER_HINT)))
    if form.validate_on_submit():
        if form.seen.data != found.version:
            abort(409)
        try:
            is_done = _decided(form, found, board, is_draft=is_draft)
        except operations.CannotDecide:
            abort(409)
        if is_done:
            flash("Recorded.", "success")
            return redirect(board_address(board, "governance.escalations"))
    facts = next(
        one
        for row, one in queries.escalations(
            db.session(), found.partnership_id, from_board=found.board_id
        )
        if row.id == found.id
    )
    page = render_template(
        "governance/reporting/escalation.html", form=form, board=board, one=facts, row=found
    )
    return page, 422 if form.is_submitted() else 200


def _decided(form: EscalationForm, found: Escalation, board: Board, *, is_draft: bool) -> bool:
    """Do what was chosen; False where words are missing."""
    state, session = S(form.choice.data), db.session()
    if state is not S.AGREED and not form.words.data:
        form.words.errors = ["Say why, or what was decided"]
        return False
    if is_draft:
        operations.decide(
            session,
            found,
            state,
            words=form.words.data,
            person_id=viewer().person_id,
            as_chair=board.id in standing().chairs,
            now=now(),
        )
    else:
        operations.answer(session, found, state, words=form.words.data or "", now=now())
    return True


@pages.get(f"{BOARD}/reports")
@requires(Permission.READ)
def upward_reports(slug: str) -> ResponseReturnValue:
    """A board's reports to the board above, and its annual reports."""
    board = board_of(slug)
    tenant = board.partnership_id
    last, _ = last_whole_year(this_day())
    this, _ = report_year(this_day())
    return render_template(
        "governance/reporting/reports.html",
        board=board,
        reports=queries.upward_reports(db.session(), tenant, board.id),
        # No year that ended before the board began.
        years=[
            year
            for year in (this.year, last.year, last.year - 1)
            if board.starts_on is None or board.starts_on <= _year(year)[1]
        ],
        may_edit=may(Permission.EDIT_AGENDA, board_id=board.id),
        may_read=may(Permission.READ_PUBLISHED_PACK, board_id=board.id),
    )


@pages.route("/<slug:partnership>/reports-up/<uuid:uid>", methods=["GET", "POST"])
@requires(Permission.EDIT_AGENDA)
def upward_report(uid: UUID) -> ResponseReturnValue:
    """Write what a board tells the one above, beside what the records say."""
    found = queries.upward_report(db.session(), standing().partnership_id, uid)
    if found is None:
        abort(404)
    board = row_of(db.session(), Board, found.partnership_id, found.board_id)
    demand(Permission.EDIT_AGENDA, board_id=board.id)
    meeting = row_of(db.session(), Meeting, found.partnership_id, found.to_meeting_id)
    form = UpwardForm(
        data={
            "seen": found.version,
            "exceptions": found.exceptions,
            "requests": found.requests,
        }
    )
    if form.validate_on_submit():
        if form.seen.data != found.version:
            abort(409)
        upward.write_report(
            db.session(),
            found,
            exceptions=form.exceptions.data or None,
            requests=form.requests.data or None,
            now=now(),
        )
        flash("Saved. It stands in the pack when that is composed.", "success")
        return redirect(board_address(board, "governance.upward_reports"))
    page = render_template(
        "governance/reporting/upward.html",
        form=form,
        board=board,
        meeting=meeting,
        uid=uid,
        below=writing.below(db.session(), board, meeting, now()),
    )
    return page, 422 if form.is_submitted() else 200


@pages.route(f"{BOARD}/annual-reports/<int:year_from>", methods=["GET", "POST"])
@requires(Permission.EDIT_AGENDA)
def annual(slug: str, year_from: int) -> ResponseReturnValue:
    """Write the foreword and the outlook of a board's annual report; the rest writes itself."""
    board = board_of(slug)
    demand(Permission.EDIT_AGENDA, board_id=board.id)
    from_on, to_on = _year(year_from)
    row = queries.annual_report_row(db.session(), board.partnership_id, board.id, from_on)
    form = AnnualForm(data={"seen": row.version if row else 0})
    if not form.is_submitted() and row is not None:
        form.fill(row)
    if form.validate_on_submit():
        if form.seen.data != (row.version if row else 0):
            abort(409)
        upward.write_annual_report(
            db.session(),
            board,
            year_from,
            foreword=form.foreword.data or None,
            looking_ahead=form.looking_ahead.data or None,
            now=now(),
        )
        flash("Saved.", "success")
        return redirect(board_address(board, "governance.annual", year_from=year_from))
    page = render_template(
        "governance/reporting/annual.html",
        form=form,
        board=board,
        of=year.year_of(db.session(), board, from_on, to_on, as_at=now()),
        year_from=year_from,
    )
    return page, 422 if form.is_submitted() else 200


@pages.get(f"{BOARD}/annual-reports/<int:year_from>/report.pdf")
@requires(Permission.READ_PUBLISHED_PACK)
def annual_pdf(slug: str, year_from: int) -> ResponseReturnValue:
    """A board's annual report as it would be today (PDF)."""
    board = board_of(slug)
    demand(Permission.READ_PUBLISHED_PACK, board_id=board.id)
    from_on, to_on = _year(year_from)
    found = year.year_of(db.session(), board, from_on, to_on, as_at=now())
    value = annual_report(found, draft=True)
    db.session.rollback()  # rendering holds no transaction
    try:
        rendered = parts().renderer.render(value)
    except PdfError as error:
        flash(f"The report cannot be made. {error}")
        return redirect(board_address(board, "governance.upward_reports"))
    response = Response(rendered.data, content_type="application/pdf")
    name = f"{slug}-annual-report-{year_from}.pdf"
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _year(year_from: int) -> tuple[date, date]:
    """The year of reports that begins in a year; 404 for one that no board lived in."""
    if not FIRST_YEAR <= year_from <= this_day().year:
        abort(404)
    return report_year(date(year_from, FIRST_MONTH, 1))


ON_BOARDS.append(
    Signpost("governance.escalations", "Escalations", Permission.READ, 60, group=Group.RECORDS)
)
ON_BOARDS.append(
    Signpost(
        "governance.upward_reports",
        "Reports to other boards, and annual reports",
        Permission.READ,
        65,
        group=Group.RECORDS,
    )
)
