"""Pages on which minutes go to the chair, to members, and are confirmed at the next meeting."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance import ground
from governance.ground import MEETING, Group, Signpost, meeting_address, meeting_of, pages
from governance.minute_models import Minutes, MinutesState
from governance.minuting import queries, sending
from governance.minuting.forms import ChairForm, ConfirmForm
from governance.minuting.ground import CannotMinute
from governance.minuting.material import STATUS
from governance.models import Meeting
from tracker.edges.db import db
from tracker.edges.pdf import PdfError
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, requires, viewer
from tracker.web.parts import now, parts

LATER = "Its PDF is made in a few minutes."

ground.ON_MEETINGS.append(
    Signpost(
        "governance.confirm_minutes",
        "Confirm the minutes of the last meeting",
        Permission.MINUTE,
        order=49,
        when=lambda meeting: not meeting.status.fell_away,
        group=Group.RECORD,
    )
)


@pages.post(f"{MEETING}/minutes/send")
@requires(Permission.MINUTE)
def send_minutes(slug: str, on: date) -> ResponseReturnValue:
    """Send the draft to the chair or to members, or take it back."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.MINUTE, board_id=board.id)
    back = meeting_address(board, meeting, "governance.minutes")
    try:
        if "to-chair" in request.form:
            sending.send_to_chair(db.session(), meeting, now=now())
            flash("The draft is with the chair, who is told by e-mail.", "success")
        elif "to-members" in request.form:
            flash(_to_members(slug, on), "success")
        elif "take-back" in request.form:
            sending.take_back(db.session(), meeting, now=now())
            flash("The draft was taken back. Correct it, then send it again.", "success")
        else:
            flash("Nothing was sent: that page was too old. Look at this one.")
    except CannotMinute as why:
        db.session.rollback()
        flash(str(why))
    return redirect(back)


def _to_members(slug: str, on: date) -> str:
    """Send the draft to members, its file made outside any transaction."""
    _, meeting = meeting_of(slug, on)
    values = sending.values_of(db.session(), meeting, MinutesState.WITH_MEMBERS)
    papers = _printed(values)
    _, meeting = meeting_of(slug, on)
    minutes = sending.send_to_members(db.session(), meeting, papers=papers, now=now())
    return f"The draft is with members, who are told by e-mail.{_pages_words(minutes)}"


def _printed(values: sending.Values) -> sending.Printed | None:
    db.session.rollback()  # rendering holds no transaction
    try:
        return sending.printed(values, parts().renderer)
    except PdfError:
        return None


def _pages_words(minutes: Minutes) -> str:
    return "" if minutes.pdf_sha256 else f" {LATER}"


@pages.post(f"{MEETING}/minutes/answer")
@requires(Permission.AGREE_MINUTES)
def answer_minutes(slug: str, on: date) -> ResponseReturnValue:
    """The chair agrees the draft or says what to change; the secretary may record either."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.AGREE_MINUTES, board_id=board.id)
    back, form = meeting_address(board, meeting, "governance.minutes"), ChairForm()
    agrees = "agree" in request.form
    if not form.validate():
        page = render_template(
            "governance/minuting/answer.html", board=board, meeting=meeting, form=form
        )
        return page, 422
    try:
        sending.chair_answers(
            db.session(), meeting, agrees=agrees, words=form.words.data, now=now()
        )
    except CannotMinute as why:
        db.session.rollback()
        flash(str(why))
        return redirect(back)
    words = "The draft is agreed." if agrees else "What is to be changed was recorded."
    flash(words, "success")
    return redirect(back)


@pages.route(f"{MEETING}/last-minutes", methods=["GET", "POST"])
@requires(Permission.MINUTE)
def confirm_minutes(slug: str, on: date) -> ResponseReturnValue:
    """Confirm the minutes of the board's last meeting at this one."""
    board, at = meeting_of(slug, on)
    demand(Permission.MINUTE, board_id=board.id)
    found = sending.minutes_to_confirm(db.session(), at)
    if found is None:
        flash("There is no earlier meeting whose minutes could be confirmed.")
        return redirect(meeting_address(board, at))
    meeting, minutes = found
    why = sending.why_not_confirmed(meeting, minutes, at, now())
    form = ConfirmForm(data={"seen": minutes.version if minutes else 0})
    if not form.is_submitted():
        return _confirm_page(board, at, meeting, minutes, form, why)
    if why is not None or minutes is None:
        flash(why or "There is nothing to confirm.")
        return redirect(meeting_address(board, at, "governance.confirm_minutes"))
    if not form.validate():
        return _confirm_page(board, at, meeting, minutes, form, why), 422
    if form.seen.data != minutes.version:
        form.seen.data, form.seen.raw_data = minutes.version, None
        form.amendments.errors = ["Somebody changed these minutes meanwhile. Look again."]
        return _confirm_page(board, at, meeting, minutes, form, why), 409
    return _confirmed(form, slug, on)


def _confirmed(form: ConfirmForm, slug: str, on: date) -> ResponseReturnValue:
    """Make the final file outside any transaction, then confirm and lock."""
    _, at = meeting_of(slug, on)
    seen, amendments = form.seen.data, form.amendments.data
    meeting = queries.to_confirm(db.session(), at)
    assert meeting is not None
    values = sending.values_of(
        db.session(), meeting, MinutesState.CONFIRMED, at=at, amendments=amendments
    )
    papers = _printed(values)
    board, at = meeting_of(slug, on)
    found = sending.minutes_to_confirm(db.session(), at)
    back = meeting_address(board, at, "governance.confirm_minutes")
    if found is None or found[1] is None or found[1].version != seen:
        flash("Somebody changed these minutes in this moment. Nothing was confirmed: look again.")
        return redirect(back)
    meeting, minutes = found[0], found[1]
    try:
        sending.confirm_minutes(
            db.session(),
            minutes,
            at=at,
            amendments=amendments,
            person_id=viewer().person_id,
            now=now(),
            papers=papers,
        )
    except CannotMinute as why:
        db.session.rollback()
        flash(str(why))
        return redirect(back)
    flash(
        f"The minutes are confirmed and can no longer be changed.{_pages_words(minutes)}", "success"
    )
    return redirect(meeting_address(board, meeting, "governance.minutes"))


def _confirm_page(
    board: Board,
    at: Meeting,
    meeting: Meeting,
    minutes: Minutes | None,
    form: ConfirmForm,
    why: str | None,
) -> str:
    filed = None
    if minutes is not None:
        filed = minutes.redacted_snapshot_sha256 or minutes.snapshot_sha256
    return render_template(
        "governance/minuting/confirm.html",
        board=board,
        at=at,
        meeting=meeting,
        minutes=minutes,
        status=STATUS[minutes.state] if minutes else "Not begun",
        form=form,
        why=why,
        value=sending.kept_value(db.session(), filed) if filed else None,
    )
