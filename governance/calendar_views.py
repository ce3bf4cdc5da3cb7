"""Pages of calendar links: made, shown once, fetched by calendars, revoked."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import (
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from governance import feed, queries
from governance.feed_models import FeedKind, FeedLink
from governance.forms import FeedForm
from governance.ground import pages
from plans.queries import plans_of
from tracker.edges.db import db
from tracker.people import queries as people
from tracker.people.models import Person
from tracker.people.operations import hash_of
from tracker.web.access import Permission, Viewer, requires, viewer
from tracker.web.commits import small_write
from tracker.web.parts import now, parts, this_day

# A new link's token waits here, in the person's own signed cookie, for the one page that shows it:
# in an address it would stand in logs and histories, and the database keeps only its hash.
NEW_TOKEN = "new-calendar-link"  # noqa: S105 - the name of a place, not a secret


@pages.route("/calendar", methods=["GET", "POST"])
@requires(Permission.BE_SIGNED_IN)
def calendar_links() -> ResponseReturnValue:
    """The viewer's calendar links: make one, see when each was fetched, revoke."""
    form = FeedForm()
    choices = _feed_choices(viewer())
    form.shows.choices = [(key, words) for key, (words, *_) in choices.items()]
    if form.validate_on_submit():
        _, kind, partnership_id, board_id, plan_id = choices[form.shows.data]
        try:
            _, session[NEW_TOKEN] = feed.new_link(
                db.session(),
                person_id=viewer().person_id,
                kind=kind,
                name=form.name.data or "",
                now=now(),
                partnership_id=partnership_id,
                board_id=board_id,
                plan_id=plan_id,
            )
            return redirect(url_for("governance.calendar_links"))
        except feed.TooManyLinks:
            form.name.errors = [
                f"You have {feed.MOST_LINKS} links, which is the most. Revoke one first."
            ]
    links = queries.feed_links(db.session(), viewer().person_id)
    page = render_template(
        "governance/calendar.html", form=form, address=_new_address(links), links=links
    )
    return page, 422 if form.is_submitted() else 200


def _new_address(links: Sequence[FeedLink]) -> str | None:
    """The address of the link that was just made, once; None if it is not the viewer's."""
    token = session.pop(NEW_TOKEN, None)
    if token is None or hash_of(token) not in {link.token_hash for link in links}:
        return None
    return f"{parts().settings.base_url}/feeds/{token}.ics"


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
    if link is None or person is None or people.has_left(person, this_day()):
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
            if feed.may_follow(here, one.id):
                words = f"Meetings of {one.name}"
                found[f"board-{one.id}"] = (words, FeedKind.BOARD, tenant, one.id, None)
        for plan in plans_of(db.session(), tenant):
            words = f"Deadlines of {plan.full_title}, {here.name}"
            found[f"plan-{plan.id}"] = (words, FeedKind.PLAN, tenant, None, plan.id)
    return found
