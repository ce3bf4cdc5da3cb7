"""The owner's update in a browser: from the mail, on a phone, by two at once, by keyboard."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.visits import DESKTOP, PHONE, Visit, path_of, sign_in, tab_to
from tests.factories import PASSWORD, House
from tests.fakes import Postbox
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import BoardRole

pytestmark = pytest.mark.browser

OWNER, SECRETARY = "owner@ashshire.example", "secretary@ashshire.example"
UPDATE = "/ashshire/actions/1/progress"
ASKED = datetime(2026, 11, 10, 7, 5, tzinfo=UTC)


@pytest.fixture
def action(house: House) -> None:
    """An action due in April 2027 with somebody to ask, on a plan that a board reviews."""
    house.action("Open a family hub", deadline="April 2027", owner=OWNER)
    house.cycle()
    house.meetings()


def links_of(postbox: Postbox, recipient: str) -> list[str]:
    """The links in the mail of somebody."""
    letters = [one for one in postbox.letters if one.recipient == recipient]
    return [link for one in letters for link in re.findall(r"http://\S+", one.text)]


def save(page: Page) -> None:
    """Press the button at the foot of the update."""
    page.get_by_role("button", name="Save this update").click()


def test_an_owner_answers_from_the_mail_on_a_phone_without_scripts(
    app: Flask, visit: Visit, action: None, clock: SetClock, postbox: Postbox
) -> None:
    clock.set(ASKED)
    tick(app)
    (link,) = links_of(postbox, OWNER)
    page = visit(PHONE, False)
    page.goto(link)
    assert path_of(page) == "/sign-in"
    sign_in(page, OWNER)
    assert path_of(page) == UPDATE
    expect(page.get_by_text("updates close at 5pm on 26 November 2026")).to_be_visible()

    page.get_by_label("In progress").check()
    page.get_by_label("Amber").check()
    page.get_by_label("What will put it right?").fill("A second builder is named.")
    page.get_by_label("When do you expect it to be done?").fill("soon")
    page.get_by_label("What has happened").fill("The first builder withdrew.")
    save(page)
    expect(page).to_have_title(re.compile("^Error: "))
    cause = page.get_by_label("What is the cause?")
    wrong = page.locator(f"#{cause.get_attribute('id')}-error")
    expect(wrong).to_contain_text("Say what the cause is")
    beside, field = wrong.bounding_box(), cause.bounding_box()
    assert beside
    assert field
    assert 0 < field["y"] - beside["y"] < 100
    expect(page.get_by_label("Amber")).to_be_checked()
    expect(page.get_by_label("What will put it right?")).to_have_value("A second builder is named.")
    expect(page.get_by_label("When do you expect it to be done?")).to_have_value("soon")
    expect(page.get_by_label("What has happened")).to_have_value("The first builder withdrew.")

    cause.fill("One builder for three sites.")
    page.get_by_label("When do you expect it to be done?").fill("March 2027")
    save(page)
    assert path_of(page) == "/ashshire/actions/1"
    expect(page.get_by_role("alert")).to_contain_text("The board will see Amber")
    history = page.locator(".tracker-timeline__entry").first
    for words in ("Amber", "The first builder withdrew.", "One builder for three sites."):
        expect(history).to_contain_text(words)
    expect(history).to_contain_text("31 March 2027")


def test_no_change_since_last_time_is_one_click(
    visit: Visit, action: None, house: House, clock: SetClock
) -> None:
    page = visit(PHONE, False)
    page.goto(UPDATE)
    sign_in(page, OWNER)
    page.get_by_label("In progress").check()
    page.get_by_label("Green").check()
    page.get_by_label("What has happened").fill("The building is found.")
    save(page)
    clock.set(clock.now() + timedelta(hours=2))
    page.get_by_role("button", name="Update this action").click()
    page.get_by_role("button", name="No change since last time").click()
    assert path_of(page) == "/ashshire/actions/1"
    entries = page.locator(".tracker-timeline__entry")
    expect(entries).to_have_count(2)
    expect(entries.first).to_contain_text("No change")
    expect(entries.first).to_contain_text("2 November 2026 at midday")


def test_what_is_asked_follows_from_what_was_chosen(visit: Visit, action: None) -> None:
    page = visit(PHONE, True)
    page.goto(UPDATE)
    sign_in(page, OWNER)
    cause, evidence = page.get_by_label("What is the cause?"), page.get_by_label("What shows")
    page.get_by_label("In progress").check()
    page.get_by_label("Green").check()
    expect(cause).to_be_hidden()
    page.get_by_label("Red").check()
    expect(cause).to_be_visible()
    expect(evidence).to_be_hidden()
    page.get_by_label("Complete", exact=True).check()
    expect(evidence).to_be_visible()
    expect(cause).to_be_hidden()


def test_of_two_who_edit_at_once_the_second_sees_both_and_nothing_is_lost(
    visit: Visit, action: None, house: House
) -> None:
    house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    owner, secretary = visit(PHONE, True), visit(DESKTOP, True)
    for page, email in ((owner, OWNER), (secretary, SECRETARY)):
        page.goto(UPDATE)
        sign_in(page, email)
        page.get_by_label("In progress").check()
        page.get_by_label("Green").check()
    secretary.get_by_label("What has happened").fill("They told us by telephone.")
    owner.get_by_label("What has happened").fill("The keys are <ours>.")
    save(secretary)
    save(owner)
    expect(owner.get_by_role("heading", level=1)).to_have_text("Somebody else updated this first")
    expect(owner.get_by_text("They told us by telephone.")).to_be_visible()
    expect(owner.get_by_text("The keys are <ours>.")).to_be_visible()
    owner.get_by_role("button", name="Save mine after theirs").click()
    entries = owner.locator(".tracker-timeline__entry")
    expect(entries).to_have_count(2)
    expect(entries.nth(0)).to_contain_text("The keys are <ours>.")
    expect(entries.nth(1)).to_contain_text("They told us by telephone.")


def test_an_update_needs_nothing_but_a_keyboard(visit: Visit, action: None) -> None:
    page = visit(DESKTOP, True)
    page.goto(UPDATE)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()
    tab_to(page, page.get_by_label("E-mail address"))
    page.keyboard.type(OWNER)
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(PASSWORD)
    tab_to(page, page.get_by_role("button", name="Sign in"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open a family hub")

    tab_to(page, page.get_by_label("Not started"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("In progress")).to_be_checked()
    tab_to(page, page.get_by_label("Red"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Green")).to_be_checked()
    tab_to(page, page.get_by_label("What has happened"))
    page.keyboard.type("The building is found.")
    tab_to(page, page.get_by_role("button", name="Save this update"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The board will see Green")
    expect(page.locator(".tracker-timeline__entry")).to_contain_text("The building is found.")
