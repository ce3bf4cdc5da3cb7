"""After publication: a correction that says what changed, a supplement, a paper withdrawn."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance import documents
from governance.agendas.queries import paper_by_uid
from governance.ground import (
    MEETING,
    ON_MEETINGS,
    Group,
    Signpost,
    meeting_address,
    meeting_of,
    pages,
)
from governance.models import Meeting
from governance.pack_models import PackPart
from governance.publishing import late, operations
from governance.publishing.forms import CorrectForm, SupplementForm, WithdrawForm, with_reasons
from governance.publishing.gate import gate_facts
from governance.publishing.gate_views import rendered_and_filed
from governance.publishing.operations import Edition
from governance.publishing.queries import latest_packs, overrides_of
from governance.publishing.rules import ALWAYS, Finding, findings
from governance.publishing.serving import is_published, sees_confidential
from tracker.edges.db import db
from tracker.web.access import Permission, demand, requires
from tracker.web.forms import tidy
from tracker.web.parts import now, parts

TO_COME = "What will be printed here"


def _something_came(meeting: Meeting) -> bool:
    """Whether a supplement would bring anything."""
    return any(late.waiting(db.session(), meeting, part) for part in PackPart)


ON_MEETINGS += [
    Signpost(
        "governance.correct",
        "Publish a correction",
        Permission.PUBLISH_PACK,
        60,
        is_published,
        Group.CHANGE,
    ),
    Signpost(
        "governance.supplement",
        "Publish late papers",
        Permission.PUBLISH_PACK,
        61,
        lambda meeting: is_published(meeting) and _something_came(meeting),
        Group.CHANGE,
    ),
]


@pages.route(f"{MEETING}/correct", methods=["GET", "POST"])
@requires(Permission.PUBLISH_PACK)
def correct(slug: str, on: date) -> ResponseReturnValue:
    """Publish a correction: see what changes, say it in a sentence, publish."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.PUBLISH_PACK, board_id=board.id)
    part = _part(meeting)
    again = bool(CorrectForm().close_again.data) if request.method == "POST" else False
    after = _after(CorrectForm()) if request.method == "POST" else None
    latest = documents.latest_version(db.session(), meeting, part)
    try:
        if again:
            documents.close_again(db.session(), meeting, now=now())
        said = tidy(request.form.get("changes")) or TO_COME
        edition, changed = operations.correction(
            db.session(), meeting, part=part, now=now(), after=after, changes=said
        )
    except documents.CannotPublish as why:
        db.session.rollback()
        flash(str(why))
        return redirect(meeting_address(board, meeting))
    wrong = _wrong(meeting, [edition], part)
    form = with_reasons(CorrectForm, wrong)(data={"after": latest})
    if not form.validate_on_submit():
        db.session.rollback()
        board, meeting = meeting_of(slug, on)
        page = render_template(
            "governance/publishing/correct.html",
            form=form,
            board=board,
            meeting=meeting,
            wrong=wrong,
            changed=changed,
            version=edition.version,
            part=part,
            parts=[one for one in PackPart if latest_packs(db.session(), meeting, one)],
        )
        return page, 422 if form.is_submitted() else 200
    if again:
        db.session.commit()  # that updates closed again is on record, whatever becomes of the file
    return rendered_and_filed(board, meeting, [edition], form.overrides(wrong))


@pages.route(f"{MEETING}/supplement", methods=["GET", "POST"])
@requires(Permission.PUBLISH_PACK)
def supplement(slug: str, on: date) -> ResponseReturnValue:
    """Publish late papers and items as a supplement: 6A, 6B, pages going on."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.PUBLISH_PACK, board_id=board.id)
    try:
        editions = operations.supplement(db.session(), meeting, now=now())
    except documents.CannotPublish as why:
        flash(str(why))
        return redirect(meeting_address(board, meeting))
    wrong = _wrong(meeting, editions, PackPart.OPEN)
    seen = late.shown(db.session(), meeting, PackPart.OPEN).supplements
    form = with_reasons(SupplementForm, wrong)(data={"after": seen})
    if form.is_submitted() and form.after.data not in (None, seen):
        flash("Somebody published a supplement since you opened the page. Look at it first.")
        return redirect(meeting_address(board, meeting))
    if not form.validate_on_submit():
        page = render_template(
            "governance/publishing/supplement.html",
            form=form,
            board=board,
            meeting=meeting,
            wrong=wrong,
            editions=editions,
        )
        return page, 422 if form.is_submitted() else 200
    return rendered_and_filed(board, meeting, editions, form.overrides(wrong))


@pages.route(f"{MEETING}/papers/<uuid:uid>/withdraw", methods=["GET", "POST"])
@requires(Permission.PUBLISH_PACK)
def withdraw_paper(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """Withdraw a paper with why: the next version has a marked gap in its place."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.PUBLISH_PACK, board_id=board.id)
    found = paper_by_uid(db.session(), meeting, uid, confidential=sees_confidential(meeting))
    if found is None:
        abort(404)
    paper, item = found
    if paper.withdrawn_at is not None:
        flash("That paper is withdrawn already.")
        return redirect(meeting_address(board, meeting))
    form = WithdrawForm(data={"version": paper.version})
    is_stale = form.is_submitted() and form.version.data != paper.version
    if form.validate_on_submit() and not is_stale:
        why = tidy(form.why.data) or ""
        operations.withdraw_paper(db.session(), paper, why=why, now=now())
        flash("The paper is withdrawn. Its file is not shown any more.", "success")
        return redirect(meeting_address(board, meeting))
    if is_stale:
        form.version.data, form.version.raw_data = paper.version, None
        form.why.errors = ["Somebody changed this paper since you opened the page. Look again."]
    page = render_template(
        "governance/publishing/withdraw.html",
        form=form,
        board=board,
        meeting=meeting,
        paper=paper,
        item=item,
        is_published=is_published(meeting),
    )
    return page, (409 if is_stale else 422) if form.is_submitted() else 200


def _part(meeting: Meeting) -> PackPart:
    """The part that the address names, the open one by default; 404 for who may not see it."""
    if request.args.get("part") != PackPart.CONFIDENTIAL.value:
        return PackPart.OPEN
    if not sees_confidential(meeting):
        abort(404)
    return PackPart.CONFIDENTIAL


def _after(form: CorrectForm) -> int | None:
    """Which version the page showed; one that says nothing is as good as one that is too old."""
    return form.after.data if form.after.data is not None else -1


def _wrong(meeting: Meeting, editions: list[Edition], part: PackPart) -> list[Finding]:
    """What is wrong with the texts and files of a later edition, and was not overridden yet."""
    session = db.session()
    values = [edition.value for edition in editions]
    facts = gate_facts(session, meeting, values, now=now(), holidays=parts().holidays)
    known = {
        (one.finding_key, one.finding)
        for pack in latest_packs(session, meeting, part)
        for one in overrides_of(session, pack)
    }
    return [
        one
        for one in findings(facts, ALWAYS)
        if (one.key, f"{one.where}: {one.words}"[:500]) not in known
    ]
