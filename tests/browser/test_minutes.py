"""A meeting minuted in a browser: from attendance to minutes confirmed; two who minute at once."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from governance.models import MeetingStatus
from tests.browser.visits import DESKTOP, SMALL_PHONE, Visit, faults_of_page, path_of, sign_in
from tests.factories import House
from tests.web.minuting import AT_THE_NEXT, MEMBER, NEXT, PAGE, SECRETARY, Room, held
from tracker.edges.clock import SetClock
from tracker.people.board_models import BoardRole

pytestmark = pytest.mark.browser

SECOND = "second@ashshire.example"


@pytest.fixture
def room(app: Flask, house: House, clock: SetClock) -> Room:
    """A meeting that was held, with two items and two secretaries."""
    made = held(house, clock)
    made.people[SECOND] = house.person(SECOND, name="Sue Second", seat=BoardRole.SECRETARY)
    made.house.board.quorum_number = 2
    made.item("School places")
    made.item("Family hubs")
    house.session.commit()
    return made


def enter(page: Page, path: str, email: str) -> None:
    """Open a page as somebody."""
    page.goto(path)
    if path_of(page) == "/sign-in":
        sign_in(page, email)


def choose_item(page: Page, title: str) -> None:
    """Choose the agenda item of this title, whatever its number."""
    value = page.locator("#item option", has_text=title).get_attribute("value")
    assert value
    page.get_by_label("Agenda item").select_option(value)


def test_a_secretary_minutes_a_meeting_and_the_next_one_confirms_it(
    visit: Visit, room: Room, clock: SetClock
) -> None:
    page = visit(DESKTOP, True)
    enter(page, PAGE, SECRETARY)
    page.get_by_role("link", name="Attendance and quorum").click()
    assert not faults_of_page(page)
    for name in ("Cherry Chair, chair", "Mo Member, member", "Otto Other, member"):
        page.get_by_label(name).select_option("Present")
    page.get_by_label("Ennis Entitled, member").select_option("Apologies")
    page.get_by_role("button", name="Save attendance").click()
    expect(page.locator("main")).to_contain_text("3 are present: met.")

    page.get_by_role("link", name="Minutes, item by item").click()
    for place, words in ((1, "Places were discussed."), (2, "Hubs were discussed.")):
        page.get_by_label(f"Minutes of item {place}", exact=True).fill(words)
        page.get_by_role("button", name=f"Save item {place}", exact=True).click()
        expect(page.get_by_label(f"Minutes of item {place}", exact=True)).to_have_value(words)
    assert not faults_of_page(page)

    page.get_by_role("link", name="Decisions", exact=True).click()
    choose_item(page, "School places")
    page.get_by_label("What was agreed").fill("Forty more places.")
    page.get_by_label("Votes for (optional)").fill("3")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator("main")).to_contain_text("Decision CTB/2026-12/D1")
    assert not faults_of_page(page)

    page.get_by_role("link", name="Meeting actions", exact=True).click()
    choose_item(page, "Family hubs")
    page.get_by_label("What is to be done").fill("Write to the hubs")
    page.get_by_label("Lead").fill("Mo Member")
    page.get_by_label("Due (optional)").fill("15 January 2027")
    page.get_by_role("button", name="Add to the action log").click()
    expect(page.locator("main")).to_contain_text("2026-12/A1")
    assert not faults_of_page(page)

    page.get_by_role("link", name="The minutes as a whole").click()
    page.get_by_role("button", name="Send the draft to the chair").click()
    page.get_by_role("button", name="The draft is agreed").click()
    page.get_by_role("button", name="Send the draft to members").click()
    expect(page.locator("main")).to_contain_text("With members")
    assert not faults_of_page(page)

    clock.set(AT_THE_NEXT)
    enter(page, f"{NEXT}/last-minutes", SECRETARY)
    expect(page.locator("main")).to_contain_text("Forty more places.")
    page.get_by_label("Amendments").fill("Item 1: fifty places.")
    page.get_by_role("button", name="Confirm the minutes").click()
    expect(page.locator("main")).to_contain_text("with these amendments:")
    expect(page.locator("main")).to_contain_text("Item 1: fifty places.")
    assert not faults_of_page(page)

    member = visit(SMALL_PHONE, False)
    enter(member, f"{PAGE}/minutes", MEMBER)
    expect(member.locator("main")).to_contain_text("Hubs were discussed.")
    assert not faults_of_page(member)
    answer = member.context.request.get(f"{PAGE}/minutes.pdf")
    assert answer.status == 200
    with pikepdf.open(BytesIO(answer.body())) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)


def test_two_secretaries_minute_one_item_at_once_without_scripts_and_lose_nothing(
    visit: Visit, room: Room
) -> None:
    first, second = visit(DESKTOP, False), visit(SMALL_PHONE, False)
    enter(first, f"{PAGE}/minutes/write", SECRETARY)
    enter(second, f"{PAGE}/minutes/write", SECOND)
    label = "Minutes of item 1"
    first.get_by_label(label, exact=True).fill("From the first.")
    second.get_by_label(label, exact=True).fill("From the second.")
    second.get_by_label("Minutes of item 2", exact=True).fill("Not saved yet.")
    first.get_by_role("button", name="Save item 1", exact=True).click()
    second.get_by_role("button", name="Save item 1", exact=True).click()
    expect(second.get_by_role("heading", level=1)).to_have_text(
        "Somebody else saved this item first"
    )
    expect(second.locator("main")).to_contain_text("From the first.")
    expect(second.get_by_label("Yours")).to_have_value("From the second.")
    assert not faults_of_page(second)
    second.get_by_role("button", name="Keep both, theirs first").click()
    expect(second.get_by_label(label, exact=True)).to_have_value(
        "From the first.\n\nFrom the second."
    )


def test_two_secretaries_minute_different_items_at_once(visit: Visit, room: Room) -> None:
    assert room.meeting.status is MeetingStatus.HELD
    first, second = visit(DESKTOP, False), visit(DESKTOP, False)
    enter(first, f"{PAGE}/minutes/write", SECRETARY)
    enter(second, f"{PAGE}/minutes/write", SECOND)
    for page, place in ((first, 1), (second, 2)):
        page.get_by_label(f"Minutes of item {place}", exact=True).fill(f"Of item {place}.")
        page.get_by_role("button", name=f"Save item {place}", exact=True).click()
    expect(second.get_by_label("Minutes of item 1", exact=True)).to_have_value("Of item 1.")
    expect(second.get_by_label("Minutes of item 2", exact=True)).to_have_value("Of item 2.")
