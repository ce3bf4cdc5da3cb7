"""Who reaches which address: every address of the map is walked, so none can be forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.feed_models import FeedLink
from tests import databases
from tests.conftest import NOW, MakeApp
from tests.factories import House
from tests.fakes import PlainRenderer, Postbox
from tests.house.addresses import Neighbour, neighbours, places, sign_in, with_one_of
from tests.house.contents import contents
from tests.pages import Visitor
from tracker.app import create_app
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.people.models import Membership
from tracker.settings import Settings
from tracker.web.access import POLICY, Permission, Relation

PUBLIC = {p for p, relations in POLICY.items() if Relation.ANYONE in relations}
# The short list of reading addresses that write, and what they write.
FETCHED = "feed_link.last_fetched_at"


@dataclass(frozen=True)
class Town:
    """A database file with two partnerships in it, made once and copied for every test."""

    file: Path
    both: tuple[Neighbour, Neighbour]
    now: datetime


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Two partnerships with a record at every address."""
    url = databases.sqlite_copy(sqlite_template, tmp_path_factory.mktemp("town"))
    clock = SetClock(NOW)
    settings = Settings(secret_key="s" * 32, database_url=url)
    app = create_app(settings, clock, Postbox(), PlainRenderer())
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Visitor
    with app.app_context():
        session = db.session()
        session.expire_on_commit = False
        visitor = app.test_client()
        assert isinstance(visitor, Visitor)
        both = neighbours(app, House(session, NOW), clock, visitor)
        db.session.remove()
        db.engine.dispose()  # the last to leave writes the log back into the file
    return Town(Path(url.removeprefix("sqlite:///")), both, clock.now())


@pytest.fixture
def app(make_app: MakeApp, town: Town, tmp_path: Path, clock: SetClock) -> Flask:
    """The application on a copy of the town, on the day after its packs were published."""
    clock.set(town.now)
    return make_app(databases.sqlite_copy(town.file, tmp_path))


@pytest.fixture
def both(town: Town, session: Session) -> tuple[Neighbour, Neighbour]:
    """The two partnerships; the visitor is signed out."""
    return town.both


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
    assert public == {
        "/",
        "/health",
        "/sign-in",
        "/sign-in/code",
        "/sign-in/authenticator",
        "/feeds/<token>.ics",
        # A board that meets in public publishes its forward plan; any other is 404 there.
        "/published/<slug:partnership>/boards/<slug:slug>/forward-plan",
    }


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
            assert theirs.board not in answer.text
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
    assert mine.board in feed
    assert theirs.board not in feed
    assert theirs.plan not in feed


def test_whoever_left_the_partnership_finds_no_page_of_it(
    app: Flask,
    client: Visitor,
    both: tuple[Neighbour, Neighbour],
    clock: SetClock,
    session: Session,
) -> None:
    mine, _ = both
    membership = session.scalars(
        select(Membership).where(
            Membership.partnership_id == mine.tenant,
            Membership.person_id == mine.person_id,
        )
    ).one()
    membership.to_on = clock.now().date() - timedelta(days=1)
    session.commit()
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
            reading = ("select", "with", "begin")
            writing = [s for s in statements if s.split()[0].lower() not in reading]
            assert writing == [], path
            assert "BEGIN IMMEDIATE" not in statements, path
        assert contents(db.engine) == before


def test_fetching_a_calendar_notes_when_it_was_fetched_and_nothing_else(
    client: Visitor, both: tuple[Neighbour, Neighbour], clock: SetClock, session: Session
) -> None:
    mine, _ = both
    before = contents(db.engine, without=(FETCHED,))
    assert client.get(f"/feeds/{mine.records['feeds/token']}.ics").status_code == 200
    after = contents(db.engine, without=(FETCHED,))
    assert after == before
    link = session.scalars(select(FeedLink).where(FeedLink.uid == mine.records["calendar/uid"]))
    assert link.one().last_fetched_at == clock.now()


def test_a_form_without_its_token_is_refused_at_every_address(
    app: Flask, client: Visitor, both: tuple[Neighbour, Neighbour]
) -> None:
    mine, _ = both
    sign_in(client, mine.email)
    app.config["WTF_CSRF_ENABLED"] = True
    before = contents(db.engine)
    for place in places(app, "POST"):
        path = place.address(app, mine.records)
        assert client.post(path).status_code == 400, path
    assert contents(db.engine) == before
