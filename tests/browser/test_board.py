"""A board's papers and calendars in a browser: its secretary's way and its member's."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.visits import DESKTOP, PHONE, Visit, path_of, sign_in
from tests.factories import House
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import BoardRole

pytestmark = pytest.mark.browser

SECRETARY, MEMBER, OWNER = (f"{who}@ashshire.example" for who in ("secretary", "member", "owner"))
MEETING = "/ashshire/boards/trust-board/meetings/2026-12-08"
AFTER_UPDATES_CLOSE = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


@pytest.fixture
def board(house: House) -> None:
    """A board with a secretary and a member, and a meeting on 8 December 2026."""
    house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    house.person(MEMBER, name="Mo Member", seat=BoardRole.MEMBER)
    house.action("Open a family hub", deadline="April 2027", owner=OWNER)
    house.action("Train the helpers", deadline="September 2026", owner=OWNER)
    house.cycle()
    house.meetings()


def pdf_behind(page: Page, words: str | re.Pattern[str]) -> bytes:
    """The file that a link leads to, for whoever is signed in on the page."""
    href = page.get_by_role("link", name=words).get_attribute("href")
    assert href
    answer = page.context.request.get(href)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def is_tagged(data: bytes) -> bool:
    """Whether a PDF says of itself that it is tagged."""
    assert data.startswith(b"%PDF-")
    with pikepdf.open(BytesIO(data)) as pdf:
        return bool(pdf.Root.MarkInfo.Marked) and "/StructTreeRoot" in pdf.Root


def test_a_secretary_previews_and_publishes_and_a_member_opens_the_very_same_pack(
    app: Flask, visit: Visit, board: None, clock: SetClock
) -> None:
    page = visit(DESKTOP, True)
    page.goto("/sign-in")
    sign_in(page, SECRETARY)
    page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Boards").click()
    page.get_by_role("link", name="Trust Board").click()
    page.get_by_role("link", name="8 December 2026 at 2pm").first.click()
    assert path_of(page) == MEETING
    timetable = page.get_by_role("table", name="Timetable")
    row = timetable.get_by_role("row", name="Updates close")
    expect(row).to_contain_text("26 November 2026 at 5pm")
    expect(row).to_contain_text("To come")
    expect(page.get_by_role("button", name="Publish the pack")).to_have_count(0)
    assert is_tagged(pdf_behind(page, "Preview the pack as of now (PDF)"))

    clock.set(AFTER_UPDATES_CLOSE)
    tick(app)
    page.goto(MEETING)
    if path_of(page) == "/sign-in":
        sign_in(page, SECRETARY)
    expect(row).to_contain_text("Done")
    page.get_by_role("button", name="Look through and publish").click()
    for reason in page.locator("[name^='reason-']").all():
        reason.fill("Seen; the board has it on its day")
    page.get_by_role("button", name="Publish the pack").click()
    expect(page.get_by_role("alert")).to_contain_text("Published: version 1")
    # A second press by mistake publishes nothing: a further version is a choice of its own.
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    published = pdf_behind(page, re.compile("Agenda pack, version 1 as PDF"))
    assert is_tagged(published)

    member = visit(PHONE, False)
    member.goto(MEETING)
    sign_in(member, MEMBER)
    assert pdf_behind(member, re.compile("Agenda pack, version 1 as PDF")) == published


def test_a_member_subscribes_to_meetings_and_deadlines_and_may_end_it(
    visit: Visit, board: None
) -> None:
    page = visit(DESKTOP, True)
    page.goto("/ashshire/plans")
    sign_in(page, MEMBER)
    page.get_by_role("link", name="Children’s Plan").click()
    counts = page.locator(".tracker-counts").first.locator("li")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Children’s Plan")
    assert [" ".join(one.split()) for one in counts.all_inner_texts()] == [
        "1 Red",
        "0 Amber",
        "0 Green",
        "1 Grey",
        "0 Blue",
    ]
    page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Calendar").click()
    page.get_by_label("Name").fill("Work phone")
    page.get_by_role("button", name="Make the link").click()
    address = page.locator("code").inner_text()
    reader = visit(DESKTOP, False).context.request
    feed = reader.get(address)
    assert feed.status == 200
    assert feed.headers["content-type"].startswith("text/calendar")
    unfolded = feed.text().replace("\r\n ", "")
    assert "SUMMARY:Trust Board" in unfolded
    assert "DTSTART;TZID=Europe/London:20261208T140000" in unfolded
    assert re.search(r"SUMMARY:Grey: Open a family hub \(by April 2027\)", unfolded)

    page.goto("/calendar")
    expect(page.get_by_text("Last fetched 2 November 2026")).to_be_visible()
    assert address not in page.content()
    page.get_by_role("button", name="Revoke Work phone").click()
    expect(page.get_by_role("alert")).to_contain_text("no longer works")
    assert reader.get(address).status == 404
