"""Boards, meetings, packs and calendars, as people see them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from governance.timetable import StepKind
from tests.factories import House
from tests.fakes import PlainRenderer
from tests.pages import Visitor
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import BoardRole
from tracker.people.models import Role

SECRETARY, MEMBER, OTHER = "secretary@a.example", "member@a.example", "other@a.example"


@pytest.fixture
def meeting_page(house: House, clock: SetClock) -> str:
    """The address of a meeting on 8 December 2026 that reviews the plan."""
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.person(MEMBER, seat=BoardRole.MEMBER)
    house.person(OTHER)
    house.action("Open a family hub", deadline="April 2027", owner=OTHER)
    house.cycle()
    meetings = house.meetings()
    assert meetings[0].meets_on.isoformat() == "2026-12-08"
    return "/ashshire/boards/trust-board/meetings/2026-12-08"


def test_boards_page_lists_every_board_with_its_next_meeting(
    client: Visitor, sign_in: Any, meeting_page: str
) -> None:
    sign_in(client, OTHER)
    page = client.page("/ashshire/boards")
    assert "Trust Board" in page.text
    assert "8 December 2026 at 2pm" in page.text


def test_a_meeting_shows_its_timetable_to_every_member_of_the_partnership(
    client: Visitor, sign_in: Any, meeting_page: str
) -> None:
    sign_in(client, OTHER)
    page = client.page(meeting_page)
    assert "Updates close" in page.text
    assert "26 November 2026 at 5pm" in page.text
    assert "The papers are for the members of this board" in page.text


def test_only_chair_secretary_and_administrator_can_preview_a_draft(
    client: Visitor, sign_in: Any, meeting_page: str, house: House
) -> None:
    house.person("admin@a.example", role=Role.ADMINISTRATOR)
    for email, status in (
        (SECRETARY, 200),
        ("admin@a.example", 200),
        (MEMBER, 403),
        (OTHER, 403),
    ):
        sign_in(client, email)
        assert client.get(f"{meeting_page}/draft.pdf").status_code == status, email


def test_the_secretary_publishes_the_draft_that_was_kept_when_updates_closed(
    app: Flask, client: Visitor, sign_in: Any, meeting_page: str, clock: SetClock, house: House
) -> None:
    sign_in(client, SECRETARY)
    assert "Updates have not closed yet" in client.send(f"{meeting_page}/publish", after="0").text
    clock.set(clock.now() + timedelta(days=25))
    tick(app)
    sign_in(client, SECRETARY)
    answer = client.send(f"{meeting_page}/publish", after="0")
    assert "Published: version 1" in answer.text
    page = client.page(meeting_page)
    assert any(href.endswith("/pack-1.pdf") for href in page.hrefs)
    pdf = client.get(f"{meeting_page}/pack-1.pdf")
    assert pdf.status_code == 200
    assert b"Version 1, published" in pdf.data
    assert client.get(f"{meeting_page}/pack-2.pdf").status_code == 404


def test_a_published_pack_is_read_by_members_of_the_board_and_by_nobody_else_of_the_partnership(
    app: Flask, client: Visitor, sign_in: Any, meeting_page: str, clock: SetClock
) -> None:
    clock.set(clock.now() + timedelta(days=25))
    tick(app)
    sign_in(client, SECRETARY)
    client.send(f"{meeting_page}/publish", after="0")
    for email, status in ((MEMBER, 200), (OTHER, 403)):
        sign_in(client, email)
        assert client.get(f"{meeting_page}/pack-1.pdf").status_code == status


def test_what_changed_after_updates_closed_is_not_in_the_published_pack(
    app: Flask,
    client: Visitor,
    sign_in: Any,
    meeting_page: str,
    clock: SetClock,
    renderer: PlainRenderer,
) -> None:
    clock.set(clock.now() + timedelta(days=25))
    tick(app)
    kept = renderer.rendered[-1]
    sign_in(client, OTHER)
    client.send(
        "/ashshire/actions/1/progress",
        lifecycle="in-progress",
        rating="Green",
        happened="After the close",
        last_seen="0",
        save="Save",
    )
    sign_in(client, SECRETARY)
    client.send(f"{meeting_page}/publish", after="0")
    assert renderer.rendered[-1]["items"] == kept["items"]


def test_a_calendar_link_is_shown_once_and_works_until_it_is_revoked(
    client: Visitor, sign_in: Any, meeting_page: str
) -> None:
    sign_in(client, MEMBER)
    answer = client.send("/calendar", shows="everything", name="Phone")
    address = next(word for word in answer.text.split() if "/feeds/" in word)
    path = address[address.index("/feeds/") : address.index(".ics") + 4]
    stranger = client.application.test_client()
    feed = stranger.get(path)
    assert feed.status_code == 200
    assert "SUMMARY:Trust Board" in feed.text
    assert "by April 2027" in feed.text
    again = stranger.get(path, headers={"If-None-Match": feed.headers["ETag"]})
    assert again.status_code == 304
    page = client.page("/calendar")
    assert "/feeds/" not in page.text
    assert "Last fetched" in page.text
    revoke = next(f["action"] for f in page.forms if "revoke" in f.get("action", ""))
    client.send(revoke)
    assert stranger.get(path).status_code == 404


def test_a_wrong_calendar_address_is_no_page(client: Visitor, house: House) -> None:
    assert client.get("/feeds/nobody-knows-this.ics").status_code == 404


def test_a_day_that_is_no_day_is_no_page(client: Visitor, sign_in: Any, meeting_page: str) -> None:
    sign_in(client, SECRETARY)
    for wrong in ("2026-13-01", "2026-12-09", "yesterday"):
        path = f"/ashshire/boards/trust-board/meetings/{wrong}"
        assert client.get(path).status_code == 404


def test_steps_of_a_timetable_are_noted_with_their_time(
    app: Flask, meeting_page: str, clock: SetClock, house: House
) -> None:
    from governance.queries import steps

    clock.set(clock.now() + timedelta(days=25))
    tick(app)
    house.session.expire_all()
    done = {s.kind for s in steps(house.session, house.meetings()[0]) if s.done_at}
    assert done == {
        StepKind.ASK,
        StepKind.CHASE,
        StepKind.LAST_CALL,
        StepKind.UPDATES_CLOSE,
    }
