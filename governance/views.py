"""Pages of boards, meetings with their timetable and pack, and calendar links."""

from __future__ import annotations

import gzip
import hashlib
from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from governance import documents, feed, queries
from governance.cycles import plain_words
from governance.forms import FeedForm, PublishForm
from governance.meetings import rule_of
from governance.models import FeedKind, FeedLink, Meeting, MeetingStatus, PackStatus
from governance.timetable import TITLES
from plans.queries import plans_of
from tracker.edges.db import db
from tracker.edges.pdf import PdfError
from tracker.ledger.blobs import read_bytes
from tracker.people import queries as people
from tracker.people.board_models import Board
from tracker.people.models import Person
from tracker.people.operations import hash_of
from tracker.web.access import Permission, Viewer, demand, may, requires, standing, viewer
from tracker.web.commits import small_write
from tracker.web.parts import now, parts, this_day

pages = Blueprint("governance", __name__)


@pages.get("/<partnership>/boards")
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


@pages.get("/<partnership>/boards/<slug>")
@requires(Permission.READ)
def board(slug: str) -> ResponseReturnValue:
    """One board: who sits on it, what it reviews and by which rule, its meetings."""
    here = standing()
    found = _board(slug)
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
        log=queries.action_log(db.session(), here.partnership_id, found.id),
    )


@pages.get("/<partnership>/boards/<slug>/meetings/<day:on>")
@requires(Permission.READ)
def meeting(slug: str, on: date) -> ResponseReturnValue:
    """A meeting: when and where, its timetable, its agenda, its papers."""
    here = standing()
    found_board, found = _meeting(slug, on)
    board_id = found_board.id
    packs = queries.packs(db.session(), here.partnership_id, [found.id])
    may_draft = may(Permission.READ_DRAFT_PACK, board_id=board_id)
    may_read = may(Permission.READ_PUBLISHED_PACK, board_id=board_id)
    return render_template(
        "governance/meeting.html",
        board=found_board,
        meeting=found,
        steps=queries.steps(db.session(), found),
        titles=TITLES,
        agenda=queries.agenda(db.session(), found) if may_draft or may_read else [],
        plans=queries.meeting_plans(db.session(), here.partnership_id, [found.id]).get(found.id),
        published=[p for p in packs if p.status is PackStatus.PUBLISHED and may_read],
        draft=next((p for p in packs if p.status is PackStatus.DRAFT), None),
        may_draft=may_draft,
        may_read=may_read,
        publish_form=PublishForm()
        if may(Permission.PUBLISH_PACK, board_id=board_id) and found.status is MeetingStatus.PLANNED
        else None,
        this_instant=now(),
    )


@pages.get("/<partnership>/boards/<slug>/meetings/<day:on>/draft.pdf")
@requires(Permission.READ_DRAFT_PACK)
def preview(slug: str, on: date) -> ResponseReturnValue:
    """The pack as it would be now; it is kept nowhere."""
    found_board, found = _meeting(slug, on)
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


@pages.get("/<partnership>/boards/<slug>/meetings/<day:on>/pack-<int:version>.pdf")
@requires(Permission.READ_PUBLISHED_PACK)
def pack(slug: str, on: date, version: int) -> ResponseReturnValue:
    """A published pack: the very bytes that were published."""
    found_board, found = _meeting(slug, on)
    demand(Permission.READ_PUBLISHED_PACK, board_id=found_board.id)
    published = queries.published_pack(db.session(), found, version)
    if published is None or published.pdf_sha256 is None:
        abort(404)
    data = read_bytes(db.session(), published.pdf_sha256)
    return _pdf(data, f"{found_board.slug}-{on}-version-{version}.pdf")


@pages.post("/<partnership>/boards/<slug>/meetings/<day:on>/publish")
@requires(Permission.PUBLISH_PACK)
def publish(slug: str, on: date) -> ResponseReturnValue:
    """Publish the pack from the draft that was kept when updates closed."""
    found_board, found = _meeting(slug, on)
    demand(Permission.PUBLISH_PACK, board_id=found_board.id)
    page = url_for("governance.meeting", partnership=standing().slug, slug=slug, on=on)
    at, person_id = now(), viewer().person_id
    try:
        value, version = documents.for_publication(
            db.session(), found, now=at, by="the board secretary"
        )
        db.session.rollback()  # rendering holds no transaction
        rendered = parts().renderer.render(value)
    except documents.NoDraft:
        flash("Updates have not closed yet, so there is no draft to publish.")
        return redirect(page)
    except PdfError as error:
        flash(f"The pack cannot be made, and nothing was published. {error}")
        return redirect(page)
    _, found = _meeting(slug, on)
    try:
        documents.publish(
            db.session(), found, value, rendered, version=version, person_id=person_id, now=at
        )
    except IntegrityError:
        db.session.rollback()
        flash("Somebody published this pack at the same moment. Yours was not needed.")
        return redirect(page)
    flash(f"Published: version {version}, {rendered.pages} pages.", "success")
    return redirect(page)


@pages.route("/calendar", methods=["GET", "POST"])
@requires(Permission.BE_SIGNED_IN)
def calendar_links() -> ResponseReturnValue:
    """The viewer's calendar links: make one, see when each was fetched, revoke."""
    form = FeedForm()
    choices = _feed_choices(viewer())
    form.shows.choices = [(key, words) for key, (words, *_) in choices.items()]
    address = None
    if form.validate_on_submit():
        _, kind, partnership_id, board_id, plan_id = choices[form.shows.data]
        _, token = feed.new_link(
            db.session(),
            person_id=viewer().person_id,
            kind=kind,
            name=form.name.data or "",
            now=now(),
            partnership_id=partnership_id,
            board_id=board_id,
            plan_id=plan_id,
        )
        address = f"{parts().settings.base_url}/feeds/{token}.ics"
        choices_shown, form = form.shows.choices, FeedForm(formdata=None)
        form.shows.choices = choices_shown
    return render_template(
        "governance/calendar.html",
        form=form,
        address=address,
        links=queries.feed_links(db.session(), viewer().person_id),
    )


@pages.post("/calendar/<uuid:uid>/revoke")
@requires(Permission.BE_SIGNED_IN)
def revoke_link(uid: UUID) -> ResponseReturnValue:
    """Revoke one of the viewer's calendar links."""
    links = queries.feed_links(db.session(), viewer().person_id)
    link = next((one for one in links if one.uid == uid), None)
    if link is None:
        abort(404)
    feed.revoke(db.session(), link, now=now())
    flash(f"“{link.name}” no longer works.", "success")
    return redirect(url_for("governance.calendar_links"))


@pages.get("/feeds/<token>.ics")
@requires(Permission.PUBLIC)
def calendar_feed(token: str) -> ResponseReturnValue:
    """A calendar by its private link; a wrong or revoked one is no page at all."""
    link = queries.feed_link_by_hash(db.session(), hash_of(token))
    person = db.session.get(Person, link.person_id) if link else None
    if link is None or person is None or person.left_on is not None:
        abort(404)
    whose = people.viewer_of(db.session(), person, "", this_day())
    data = feed.calendar(db.session(), link, whose, now=now(), base_url=parts().settings.base_url)
    link_id, at = link.id, now()
    small_write(lambda: _fetched(link_id, at), now=at)
    response = Response(data, content_type="text/calendar; charset=utf-8")
    response.set_etag(hashlib.sha256(data).hexdigest())
    response.headers["Cache-Control"] = "private, max-age=900"
    response.make_conditional(request)
    if response.status_code == 200 and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(data, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def _fetched(link_id: int, at: datetime) -> None:
    db.session.get_one(FeedLink, link_id).last_fetched_at = at


def _feed_choices(
    who: Viewer,
) -> dict[str, tuple[str, FeedKind, int | None, int | None, int | None]]:
    """What a viewer's calendar link may show, by the value of its choice."""
    found: dict[str, tuple[str, FeedKind, int | None, int | None, int | None]] = {
        "everything": ("Everything of mine", FeedKind.EVERYTHING, None, None, None),
        "mine": ("My deadlines", FeedKind.MINE, None, None, None),
    }
    for here in who.standings.values():
        tenant = here.partnership_id
        for one in people.boards(db.session(), tenant):
            if one.id in here.sits_on or here.is_administrator:
                words = f"Meetings of {one.name}"
                found[f"board-{one.id}"] = (words, FeedKind.BOARD, tenant, one.id, None)
        for plan in plans_of(db.session(), tenant):
            words = f"Deadlines of {plan.full_title}, {here.name}"
            found[f"plan-{plan.id}"] = (words, FeedKind.PLAN, tenant, None, plan.id)
    return found


def _cycles(board: Board) -> list[dict[str, object]]:
    """A board's review cycles in words: why, which plans, and on which days."""
    titles = {plan.id: plan.full_title for plan in plans_of(db.session(), board.partnership_id)}
    brings = queries.cycle_plans(db.session(), board.partnership_id)
    return [
        {
            "words": cycle.words,
            "days": plain_words(rule_of(cycle)) if cycle.rule else None,
            "plans": [titles[plan_id] for plan_id in brings.get(cycle.id, [])],
        }
        for cycle in queries.cycles(db.session(), board.partnership_id, board.id)
        if cycle.ends_on is None or cycle.ends_on >= this_day()
    ]


def _board(slug: str) -> Board:
    found = people.board_by_slug(db.session(), standing().partnership_id, slug)
    if found is None:
        abort(404)
    return found


def _meeting(slug: str, on: date) -> tuple[Board, Meeting]:
    found_board = _board(slug)
    found = queries.meeting_on(db.session(), found_board.partnership_id, found_board.id, on)
    if found is None:
        abort(404)
    return found_board, found


def _pdf(data: bytes, name: str) -> Response:
    response = Response(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
