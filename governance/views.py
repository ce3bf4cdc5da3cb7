"""Pages of boards, and of meetings with their timetable and pack."""

from __future__ import annotations

from datetime import date

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from governance import cycle_queries, documents, queries
from governance.cycles import plain_words
from governance.forms import PublishForm
from governance.ground import board_of, meeting_of, pages, signposts
from governance.meetings import rule_of
from governance.models import Meeting, MeetingStatus
from governance.pack_models import PackStatus
from governance.planning import closed_days
from governance.timetable import TITLES, StepKind, closed_words
from plans.queries import plans_of
from tracker.edges.db import db
from tracker.edges.pdf import PdfError
from tracker.kernel.times import london_day
from tracker.ledger.blobs import read_bytes
from tracker.people import queries as people
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, may, requires, standing, viewer
from tracker.web.parts import now, parts, this_day


@pages.get("/<slug:partnership>/boards")
@requires(Permission.READ)
def boards() -> ResponseReturnValue:
    """A partnership's boards, those that meet first: whom each answers to, when it meets next."""
    here = standing()
    coming: dict[int, Meeting] = {}
    for meeting in queries.meetings(db.session(), here.partnership_id, after=now()):
        if meeting.status is MeetingStatus.PLANNED:
            coming.setdefault(meeting.board_id, meeting)
    return render_template(
        "governance/boards.html",
        boards=sorted(
            people.boards(db.session(), here.partnership_id), key=lambda one: one.id not in coming
        ),
        relations=people.board_relations(db.session(), here.partnership_id),
        coming=coming,
        today=this_day(),
    )


@pages.get("/<slug:partnership>/boards/<slug:slug>")
@requires(Permission.READ)
def board(slug: str) -> ResponseReturnValue:
    """One board: who sits on it, what it reviews and by which rule, its meetings."""
    here = standing()
    found = board_of(slug)
    meetings = queries.meetings(db.session(), here.partnership_id, board_ids=[found.id])
    ids = [meeting.id for meeting in meetings]
    return render_template(
        "governance/board.html",
        board=found,
        relations=people.board_relations(db.session(), here.partnership_id),
        people=people.board_people(db.session(), here.partnership_id, found.id, this_day()),
        cycles=_cycles(found),
        coming=[m for m in meetings if m.starts_at >= now()],
        past=[m for m in reversed(meetings) if m.starts_at < now()],
        plans=queries.meeting_plans(db.session(), here.partnership_id, ids),
        published={
            pack.meeting_id
            for pack in queries.packs(db.session(), here.partnership_id, ids)
            if pack.status is PackStatus.PUBLISHED
        },
        log=queries.action_log(
            db.session(),
            here.partnership_id,
            found.id,
            confidential=may(Permission.READ_CONFIDENTIAL, board_id=found.id),
        ),
        links=signposts(found),
    )


@pages.get("/<slug:partnership>/boards/<slug:slug>/meetings/<day:on>")
@requires(Permission.READ)
def meeting(slug: str, on: date) -> ResponseReturnValue:
    """A meeting: when and where, its timetable, its agenda, its papers."""
    here = standing()
    found_board, found = meeting_of(slug, on)
    board_id = found_board.id
    packs = queries.packs(db.session(), here.partnership_id, [found.id])
    published = [pack for pack in packs if pack.status is PackStatus.PUBLISHED]
    steps = queries.steps(db.session(), found)
    closed = closed_days(db.session(), here.partnership_id)
    may_draft = may(Permission.READ_DRAFT_PACK, board_id=board_id)
    may_read = may(Permission.READ_PUBLISHED_PACK, board_id=board_id)
    may_publish = may(Permission.PUBLISH_PACK, board_id=board_id)
    latest = max((pack.version_number for pack in published), default=0)
    return render_template(
        "governance/meeting.html",
        board=found_board,
        meeting=found,
        steps=steps,
        closing=next((step for step in steps if step.kind is StepKind.UPDATES_CLOSE), None),
        titles=TITLES,
        in_closed=lambda step: closed_words(step.kind, london_day(step.planned_at), closed),
        agenda=queries.agenda(
            db.session(),
            found,
            confidential=may(Permission.READ_CONFIDENTIAL, board_id=board_id),
        )
        if may_draft or may_read
        else [],
        plans=queries.meeting_plans(db.session(), here.partnership_id, [found.id]).get(found.id),
        published=published if may_read else [],
        is_published=bool(published),
        draft=next((p for p in packs if p.status is PackStatus.DRAFT), None),
        may_draft=may_draft,
        may_read=may_read,
        links=signposts(found_board, found),
        may_run=may(Permission.RUN_MEETINGS, board_id=board_id),
        publish_form=PublishForm(data={"after": latest})
        if may_publish and documents.is_publishable(found)
        else None,
        held=documents.held_words(found_board, closed, this_day()),
        this_instant=now(),
    )


@pages.get("/<slug:partnership>/boards/<slug:slug>/meetings/<day:on>/draft.pdf")
@requires(Permission.READ_DRAFT_PACK)
def preview(slug: str, on: date) -> ResponseReturnValue:
    """The pack as it would be now; it is kept nowhere."""
    found_board, found = meeting_of(slug, on)
    demand(Permission.READ_DRAFT_PACK, board_id=found_board.id)
    value = documents.draft(db.session(), found, as_at=now())
    db.session.rollback()
    try:
        rendered = parts().renderer.render(value)
    except PdfError as error:
        return render_template(
            "errors/error.html", title="The draft cannot be made", what_to_do=str(error)
        ), 500
    return _pdf(rendered.data, f"{found_board.slug}-{on}-draft.pdf")


@pages.get("/<slug:partnership>/boards/<slug:slug>/meetings/<day:on>/pack-<int:version>.pdf")
@requires(Permission.READ_PUBLISHED_PACK)
def pack(slug: str, on: date, version: int) -> ResponseReturnValue:
    """A published pack: the very bytes that were published."""
    found_board, found = meeting_of(slug, on)
    demand(Permission.READ_PUBLISHED_PACK, board_id=found_board.id)
    published = queries.published_pack(db.session(), found, version)
    if published is None or published.pdf_sha256 is None:
        abort(404)
    data = read_bytes(db.session(), published.pdf_sha256)
    return _pdf(data, f"{found_board.slug}-{on}-version-{version}.pdf")


@pages.post("/<slug:partnership>/boards/<slug:slug>/meetings/<day:on>/publish")
@requires(Permission.PUBLISH_PACK)
def publish(slug: str, on: date) -> ResponseReturnValue:
    """Publish the pack from the draft that was kept when updates closed."""
    found_board, found = meeting_of(slug, on)
    demand(Permission.PUBLISH_PACK, board_id=found_board.id)
    page = url_for("governance.meeting", partnership=standing().slug, slug=slug, on=on)
    form, at, person_id = PublishForm(), now(), viewer().person_id
    if not form.validate():
        flash("Nothing was published: that page was too old. Look at this one, then publish.")
        return redirect(page)
    try:
        value, version = documents.for_publication(
            db.session(), found, now=at, by="the board secretary", after=form.after.data
        )
        db.session.rollback()  # rendering holds no transaction
        rendered = parts().renderer.render(value)
        _, found = meeting_of(slug, on)
        documents.publish(
            db.session(), found, value, rendered, version=version, person_id=person_id, now=at
        )
    except documents.CannotPublish as why:
        flash(str(why))
        return redirect(page)
    except PdfError as error:
        flash(f"The pack cannot be made, and nothing was published. {error}")
        return redirect(page)
    except IntegrityError:
        db.session.rollback()
        flash("Somebody published this pack at the same moment. Yours was not needed.")
        return redirect(page)
    flash(f"Published: version {version}, {rendered.pages} pages.", "success")
    return redirect(page)


def _cycles(board: Board) -> list[dict[str, object]]:
    """A board's review cycles in words: why, which plans, and on which days."""
    titles = {plan.id: plan.full_title for plan in plans_of(db.session(), board.partnership_id)}
    brings = cycle_queries.cycle_plans(db.session(), board.partnership_id)
    return [
        {
            "words": cycle.words,
            "days": plain_words(rule_of(cycle)) if cycle.rule else None,
            "plans": [titles[plan_id] for plan_id in brings.get(cycle.id, [])],
        }
        for cycle in cycle_queries.cycles(db.session(), board.partnership_id, board.id)
        if cycle.ends_on is None or cycle.ends_on >= this_day()
    ]


def _pdf(data: bytes, name: str) -> Response:
    response = Response(data, content_type="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
