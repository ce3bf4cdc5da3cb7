"""A secretary moves a meeting in a browser: its timetable, its asks and the calendars follow."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.visits import DESKTOP, PHONE, SMALL_PHONE, Visit, faults_of_page, sign_in
from tests.factories import House
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import BoardRole

pytestmark = pytest.mark.browser

SECRETARY, MEMBER, OWNER = (f"{who}@ashshire.example" for who in ("secretary", "member", "owner"))
MEETING = "/ashshire/boards/trust-board/meetings/2026-12-08"
ASKED = datetime(2026, 11, 11, 9, 0, tzinfo=UTC)


@pytest.fixture
def board(app: Flask, house: House, clock: SetClock) -> None:
    """A board that meets on 8 December 2026, whose owners were asked the day before."""
    house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    house.person(MEMBER, name="Mo Member", seat=BoardRole.MEMBER)
    house.action("Open a family hub", deadline="April 2027", owner=OWNER)
    house.cycle()
    house.meetings()
    clock.set(ASKED)
    tick(app)


def entries(page: Page, address: str) -> list[str]:
    """The meetings of a calendar link as a calendar reads them, unfolded."""
    answer = page.context.request.get(address)
    assert answer.status == 200
    unfolded = answer.text().replace("\r\n ", "")
    return [one for one in unfolded.split("BEGIN:VEVENT")[1:] if "SUMMARY:Trust Board" in one]


def subscribed(page: Page) -> str:
    """Make a calendar link and return its address."""
    page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Calendar").click()
    page.get_by_label("Name").fill("Work phone")
    page.get_by_role("button", name="Make the link").click()
    return page.locator("code").inner_text()


def test_a_moved_meeting_takes_its_timetable_asks_and_calendar_entry_along(
    visit: Visit, board: None
) -> None:
    member = visit(PHONE, False)
    member.goto("/ashshire/plans")
    sign_in(member, MEMBER)
    address = subscribed(member)
    reader = visit(DESKTOP, False)
    before = next(one for one in entries(reader, address) if "20261208T140000" in one)
    uid = next(line for line in before.splitlines() if line.startswith("UID:"))
    assert "SEQUENCE:0" in before

    page = visit(DESKTOP, True)
    page.goto(MEETING)
    sign_in(page, SECRETARY)
    page.get_by_role("link", name="Move this meeting").click()
    page.get_by_label("New day").fill("15 December 2026")
    page.get_by_label("Time").fill("10am")
    page.get_by_role("button", name="See what moves").click()
    row = page.get_by_role("row", name="Updates close")
    expect(row).to_contain_text("26 November 2026 at 5pm")
    expect(row).to_contain_text("3 December 2026 at 5pm")
    expect(page.get_by_role("row", name="Owners asked")).to_contain_text("Done, stays as it is")
    page.get_by_role("button", name="Move the meeting").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Trust Board now meets on Tuesday 15 December 2026 at 10am."
    )
    expect(page.get_by_role("row", name="Updates close")).to_contain_text("3 December 2026 at 5pm")

    [after] = [one for one in entries(reader, address) if uid in one]
    assert "DTSTART;TZID=Europe/London:20261215T100000" in after
    assert "SEQUENCE:1" in after
    assert "STATUS:CONFIRMED" in after

    owner = visit(PHONE, True)
    owner.goto("/ashshire/actions/1/progress")
    sign_in(owner, OWNER)
    expect(owner.locator("main")).to_contain_text("3 December 2026")


def test_a_postponed_meeting_leaves_calendars_until_its_new_day_is_fixed(
    visit: Visit, board: None
) -> None:
    page = visit(SMALL_PHONE, False)
    page.goto("/ashshire/plans")
    sign_in(page, SECRETARY)
    address = subscribed(page)
    page.goto(MEETING)
    page.get_by_role("link", name="Postpone this meeting").click()
    assert faults_of_page(page) == []
    page.get_by_role("button", name="Postpone the meeting").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    page.get_by_label("Why?").fill("The hall is flooded.")
    page.get_by_role("button", name="Postpone the meeting").click()
    expect(page.get_by_role("alert")).to_contain_text("is postponed")
    reader = visit(DESKTOP, False).context.request
    assert "SUMMARY:Postponed: Trust Board" in reader.get(address).text()
    page.get_by_role("link", name="Fix a new day").click()
    page.get_by_label("New day").fill("12 January 2027")
    page.get_by_label("Time").fill("2pm")
    page.get_by_role("button", name="See what moves").click()
    assert faults_of_page(page) == []
    page.get_by_role("button", name="Move the meeting").click()
    expect(page.get_by_role("alert")).to_contain_text("now meets on Tuesday 12 January 2027 at 2pm")
    assert "20270112T140000" in reader.get(address).text()
    for address in (f"{MEETING}/cancel", f"{MEETING}/details", f"{MEETING}/joint"):
        page.goto(address)
        assert faults_of_page(page) == []
    for name in ("call", "timeline"):
        page.goto(f"/ashshire/boards/trust-board/{name}")
        assert faults_of_page(page) == []
