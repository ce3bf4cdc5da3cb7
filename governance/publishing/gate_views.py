"""The publish gate: what is wrong before a pack is published, and the button that publishes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from governance import documents
from governance.ground import MEETING, meeting_address, meeting_of, pages
from governance.models import Meeting
from governance.pack_models import Pack
from governance.publishing import operations
from governance.publishing.forms import REASON, GateForm, with_reasons
from governance.publishing.gate import gate_facts
from governance.publishing.operations import Edition, Override
from governance.publishing.rules import Finding, findings
from governance.sittings.queries import lawfulness
from tracker.edges.db import db
from tracker.edges.pdf import PdfError
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, requires, viewer
from tracker.web.parts import now, parts

TOO_OLD = "Nothing was published: that page was too old. Look at this one, then publish."
SAME_MOMENT = "Somebody published this pack at the same moment. Yours was not needed."


@pages.route(f"{MEETING}/publish", methods=["GET", "POST"])
@requires(Permission.PUBLISH_PACK)
def publish(slug: str, on: date) -> ResponseReturnValue:
    """Publish the pack: see what is wrong, say why it is published all the same, publish."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.PUBLISH_PACK, board_id=board.id)
    latest = documents.latest_version(db.session(), meeting)
    plain = GateForm(data={"after": latest})
    if plain.is_submitted() and not plain.validate():
        return _back(board, meeting, TOO_OLD)
    if latest and plain.after.data == latest:
        return redirect(meeting_address(board, meeting, "governance.correct"))
    try:
        editions = operations.first_editions(
            db.session(), meeting, now=now(), after=plain.after.data
        )
    except documents.CannotPublish as why:
        return _back(board, meeting, str(why))
    wrong = wrong_with(meeting, editions)
    form = with_reasons(GateForm, wrong)(data={"after": latest})
    if not form.is_submitted():
        return _gate_page(form, board, meeting, wrong)
    if wrong and not any(name.startswith(REASON) for name in request.form):
        flash("Nothing was published yet. Look at what is wrong first.")
        return redirect(meeting_address(board, meeting, "governance.publish"))
    if not form.validate():
        return _gate_page(form, board, meeting, wrong), 422
    return rendered_and_filed(board, meeting, editions, form.overrides(wrong))


def wrong_with(meeting: Meeting, editions: Sequence[Edition]) -> list[Finding]:
    """All that is wrong with what is to be published."""
    values = [edition.value for edition in editions]
    return findings(gate_facts(db.session(), meeting, values, now=now(), holidays=parts().holidays))


def rendered_and_filed(
    board: Board, meeting: Meeting, editions: Sequence[Edition], overrides: Sequence[Override]
) -> ResponseReturnValue:
    """Render outside any transaction, file, and go back to the meeting with what came of it."""
    slug, on, at, person_id = board.slug, meeting.occurrence_on, now(), viewer().person_id
    db.session.rollback()  # rendering holds no transaction
    try:
        rendered = [parts().renderer.render(edition.value) for edition in editions]
        board, meeting = meeting_of(slug, on)
        packs = operations.file_editions(
            db.session(),
            meeting,
            editions,
            rendered,
            overrides=overrides,
            person_id=person_id,
            now=at,
        )
    except documents.CannotPublish as why:
        db.session.rollback()
        return _back(*meeting_of(slug, on), str(why))
    except PdfError as error:
        words = f"The pack cannot be made, and nothing was published. {error}"
        return _back(*meeting_of(slug, on), words)
    except IntegrityError:
        db.session.rollback()
        return _back(*meeting_of(slug, on), SAME_MOMENT)
    flash(f"Published: {'; '.join(_named(pack) for pack in packs)}.", "success")
    return redirect(meeting_address(board, meeting))


def _named(pack: Pack) -> str:
    """What was published, as the message on the next page says it."""
    what = f"supplement {pack.supplement}" if pack.supplement else f"version {pack.version_number}"
    part = " of the confidential part" if pack.part.value == "confidential" else ""
    return f"{what}{part}, {pack.pages} pages"


def _gate_page(form: GateForm, board: Board, meeting: Meeting, wrong: Sequence[Finding]) -> str:
    return render_template(
        "governance/publishing/gate.html",
        form=form,
        board=board,
        meeting=meeting,
        wrong=wrong,
        law=lawfulness(db.session(), meeting, now(), parts().holidays),
    )


def _back(board: Board, meeting: Meeting, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(meeting_address(board, meeting))
