"""A published pack does not change: not by a year of changes, not by an upgrade of the schema."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests.conftest import MakeApp
from tests.factories import House
from tests.house.test_migrations import later as later
from tests.pages import Visitor, read
from tests.web.publishing import MEMBER, PAGE, ready, through_gate
from tracker.edges import migrate
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.edges.pdf import TypstRenderer
from tracker.jobs import tick
from tracker.kernel.rag import Rating

SignIn = Callable[[Visitor, str], None]


@pytest.fixture
def app(make_app: MakeApp, any_url: str) -> Flask:
    """The application, once on each engine."""
    return make_app(any_url)


@pytest.fixture
def renderer() -> TypstRenderer:
    """The real renderer: the bytes are a real PDF's."""
    from tracker.app import ROOT, TEMPLATES

    return TypstRenderer(TEMPLATES / "packs", ROOT / "static" / "fonts")


def what_the_board_saw(client: Visitor) -> tuple[bytes, str]:
    """The pack's bytes as they are served, and the words of its page."""
    page = read(client.get(f"{PAGE}/packs/1").text).text
    return client.get(f"{PAGE}/pack-1.pdf").data, page[page.index("Agenda pack, version 1") :]


def test_bytes_hash_and_page_are_the_same_after_a_year_of_changes_and_an_upgrade(
    app: Flask,
    client: Visitor,
    house: House,
    sign_in: SignIn,
    clock: SetClock,
    later: None,
) -> None:
    meeting = ready(app, client, house, sign_in, clock)
    assert "Published: version 1" in through_gate(client, PAGE).text
    client.post("/sign-out")
    sign_in(client, MEMBER)
    data, page = what_the_board_saw(client)
    assert data.startswith(b"%PDF")
    assert hashlib.sha256(data).hexdigest() in page
    assert "Open a family hub" in page

    house.session.rollback()
    house.board.name, house.board.paper_pattern = "Another Board", "{item}"
    house.plan.title = "Another Plan"
    house.session.refresh(meeting)
    meeting.place = "Somewhere else"
    house.session.commit()
    action = house.action("Close a family hub", owner=MEMBER)
    action.owner_rating = Rating.RED
    house.session.commit()
    for _ in range(12):
        clock.set(clock.now() + timedelta(days=31))
        assert tick(app).failed == 0
    with app.app_context():
        db.session.remove()
        migrate.upgrade(db.engine)

    client.post("/sign-out")
    sign_in(client, MEMBER)
    again, page_again = what_the_board_saw(client)
    assert again == data
    assert page_again == page
    assert "Another Board" in client.page(PAGE).text
