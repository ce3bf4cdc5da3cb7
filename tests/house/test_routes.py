"""Who reaches which address: every address of the map is walked, so none can be forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from governance.models import FeedLink
from tests.factories import House
from tests.house.addresses import Neighbour, neighbours, places, sign_in, with_one_of
from tests.house.contents import contents
from tests.pages import Visitor
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.ledger.models import AuditEntry
from tracker.people.models import Membership
from tracker.web.access import POLICY, Permission, Relation

PUBLIC = {p for p, relations in POLICY.items() if Relation.ANYONE in relations}
# The short list of reading addresses that write, and what they write.
FETCHED = "feed_link.last_fetched_at"


@pytest.fixture
def both(app: Flask, house: House, clock: SetClock, client: Visitor) -> tuple[Neighbour, Neighbour]:
    """Two partnerships with a record at every address; the visitor is signed out."""
    return neighbours(app, house, clock, client)


def permission_of(app: Flask, endpoint: str) -> object:
    return getattr(app.view_functions[endpoint], "permission", None)


def test_every_address_declares_its_permission(app: Flask) -> None:
    undeclared = [
        f"{place.method} {place.rule.rule}"
        for place in places(app)
        if not isinstance(permission_of(app, place.endpoint), Permission)
    ]
    assert undeclared == []


def test_what_is_public_is_a_short_list(app: Flask) -> None:
    public = {p.rule.rule for p in places(app) if permission_of(app, p.endpoint) in PUBLIC}
    assert public == {"/", "/health", "/sign-in", "/feeds/<token>.ics"}


def test_every_address_answers_whoever_has_every_part_in_its_partnership(
    app: Flask, client: Visitor, both: tuple[Neighbour, Neighbour]
) -> None:
    """Without this the walks below could pass on addresses that lead nowhere for anybody."""
    for one in both:
        sign_in(client, one.email)
        for place in places(app):
            path = place.address(app, one.records)
            answer = client.open(path, method=place.method)
            expected = (200, 302) if place.method == "GET" else (200, 302, 422)
            assert answer.status_code in expected, f"{place.method} {path}: {answer.status}"


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_sends_nothing(
    app: Flask, client: Visitor, both: tuple[Neighbour, Neighbour]
) -> None:
    for place in places(app):
        if permission_of(app, place.endpoint) in PUBLIC:
            continue
        path = place.address(app, both[0].records)
        answer = client.open(path, method=place.method)
        if place.method == "GET":
            assert answer.status_code == 302, path
            assert answer.headers["Location"] == f"/sign-in?next={path}"
        else:
            assert answer.status_code == 401, path


def test_another_partnerships_address_is_no_page_whatever_somebody_is_at_home(
    app: Flask, client: Visitor, both: tuple[Neighbour, Neighbour]
) -> None:
    mine, theirs = both
    sign_in(client, mine.email)
    before, walked = contents(db.engine), 0
    for place in places(app):
        if "/partnership" in place.arguments.values() or "calendar/uid" in place.arguments.values():
            path = place.address(app, theirs.records)
            answer = client.open(path, method=place.method)
            assert answer.status_code == 404, f"{place.method} {path}: {answer.status}"
            assert theirs.house.board.name not in answer.text
            walked += 1
    assert walked >= 13
    assert contents(db.engine) == before


def test_another_partnerships_record_is_no_page_under_ones_own_address_either(
    app: Flask, client: Visitor, both: tuple[Neighbour, Neighbour]
) -> None:
    mine, theirs = both
    sign_in(client, mine.email)
    before, walked = contents(db.engine), 0
    for place in places(app):
        if "/partnership" not in place.arguments.values():
            continue
        for records in with_one_of(mine.records, theirs.records, place):
            path = place.address(app, records)
            answer = client.open(path, method=place.method)
            assert answer.status_code == 404, f"{place.method} {path}: {answer.status}"
            walked += 1
    assert walked >= 15
    assert contents(db.engine) == before


def test_a_calendar_shows_nothing_of_another_partnership(
    client: Visitor, both: tuple[Neighbour, Neighbour]
) -> None:
    mine, theirs = both
    feed = client.get(f"/feeds/{mine.records['feeds/token']}.ics").text
    assert mine.house.board.name in feed
    assert theirs.house.board.name not in feed
    assert theirs.house.plan.title not in feed


def test_whoever_left_the_partnership_finds_no_page_of_it(
    app: Flask, client: Visitor, both: tuple[Neighbour, Neighbour], clock: SetClock
) -> None:
    mine, _ = both
    membership = mine.house.session.scalars(
        select(Membership).where(
            Membership.partnership_id == mine.house.tenant,
            Membership.person_id == mine.house.people[mine.email].id,
        )
    ).one()
    membership.to_on = clock.now().date() - timedelta(days=1)
    mine.house.session.commit()
    sign_in(client, mine.email)
    for place in places(app):
        if "/partnership" in place.arguments.values():
            path = place.address(app, mine.records)
            assert client.open(path, method=place.method).status_code == 404, path


def test_no_page_that_is_only_looked_at_changes_anything(
    app: Flask, client: Visitor, both: tuple[Neighbour, Neighbour], statements: list[str]
) -> None:
    mine, _ = both
    for email in (mine.email, None):
        if email is None:
            client.post("/sign-out")
        else:
            sign_in(client, email)
        before = contents(db.engine)
        for place in places(app, "GET"):
            if place.endpoint == "governance.calendar_feed":
                continue
            statements.clear()
            path = place.address(app, mine.records)
            client.get(path)
            writing = [s for s in statements if s.split()[0].lower() not in ("select", "begin")]
            assert writing == [], path
            assert "BEGIN IMMEDIATE" not in statements, path
        assert contents(db.engine) == before


def test_fetching_a_calendar_notes_when_it_was_fetched_and_nothing_else(
    client: Visitor, both: tuple[Neighbour, Neighbour], clock: SetClock
) -> None:
    mine, _ = both
    before = contents(db.engine, without=(FETCHED,))
    assert client.get(f"/feeds/{mine.records['feeds/token']}.ics").status_code == 200
    after = contents(db.engine, without=(FETCHED,))
    entries = after.pop("audit_entry")[len(before.pop("audit_entry")) :]
    assert after == before
    assert len(entries) == 1
    session = mine.house.session
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.table_name, entry.field) == ("feed_link", "last_fetched_at")
    link = session.scalars(select(FeedLink).where(FeedLink.uid == mine.records["calendar/uid"]))
    assert link.one().last_fetched_at == clock.now()


def test_a_form_without_its_token_is_refused_at_every_address(
    app: Flask, client: Visitor, both: tuple[Neighbour, Neighbour]
) -> None:
    mine, _ = both
    sign_in(client, mine.email)
    app.config["WTF_CSRF_ENABLED"] = True
    before = mine.house.session.scalar(select(func.count()).select_from(AuditEntry))
    for place in places(app, "POST"):
        path = place.address(app, mine.records)
        assert client.post(path).status_code == 400, path
    assert mine.house.session.scalar(select(func.count()).select_from(AuditEntry)) == before
