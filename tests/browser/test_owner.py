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


def go_on(page: Page) -> None:
    """Press the button at the foot of the update."""
    page.get_by_role("button", name="Continue").click()


def save(page: Page) -> None:
    """Go on to the answers, and submit them."""
    go_on(page)
    page.get_by_role("button", name="Submit this update").click()


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
    go_on(page)
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
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your update")
    expect(page.get_by_text("March 2027 (by 31 March 2027)")).to_be_visible()
    page.get_by_role("button", name="Change cause").click()
    assert page.url.endswith("#cause")
    expect(page.get_by_label("Amber")).to_be_checked()
    cause.fill("One builder for all three sites.")
    save(page)
    assert path_of(page) == "/ashshire/actions/1"
    expect(page.get_by_role("alert")).to_contain_text("The board will see Amber")
    history = page.locator(".tracker-timeline__entry").first
    for words in ("Amber", "The first builder withdrew.", "One builder for all three sites."):
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


def test_a_rating_better_than_the_date_allows_needs_a_reason_without_scripts(
    visit: Visit, house: House
) -> None:
    house.action("Open a family hub", deadline="September 2026", owner=OWNER)
    page = visit(PHONE, False)
    page.goto(UPDATE)
    sign_in(page, OWNER)
    reason = page.get_by_label("Why is your rating right?")
    page.get_by_label("In progress").check()
    page.get_by_label("Red").check()
    expect(reason).to_be_hidden()
    page.get_by_label("Green").check()
    expect(reason).to_be_visible()
    page.get_by_label("What has happened").fill("The keys are ours.")
    go_on(page)
    expect(page.locator("#better_reason-error")).to_contain_text("Say why your rating is right")
    reason.fill("It opens on Monday.")
    go_on(page)
    expect(page.get_by_role("main")).to_contain_text("once the chair or the priority lead agrees")
    page.get_by_role("button", name="Submit this update").click()
    expect(page.get_by_role("alert")).to_contain_text("The board will see Red")


def test_a_draft_waits_until_it_is_gone_on_with_or_thrown_away(visit: Visit, action: None) -> None:
    page = visit(PHONE, False)
    page.goto(UPDATE)
    sign_in(page, OWNER)
    page.get_by_label("In progress").check()
    page.get_by_label("What has happened").fill("Half a sen")
    page.get_by_role("button", name="Save a draft").click()
    assert path_of(page) == UPDATE
    page.goto("/my-actions")
    page.goto(UPDATE)
    expect(page.get_by_text("Draft saved 2 November 2026 at 10am")).to_be_visible()
    expect(page.get_by_label("What has happened")).to_have_value("Half a sen")
    expect(page.get_by_label("In progress")).to_be_checked()
    page.get_by_role("button", name="Throw the draft away").click()
    expect(page.get_by_label("What has happened")).to_have_value("")


def test_an_update_is_handed_on_and_answered_by_somebody_else(
    visit: Visit, action: None, house: House, app: Flask, clock: SetClock
) -> None:
    house.person("hal@ashshire.example", name="Hal Helper")
    clock.set(ASKED)
    tick(app)
    owner, helper = visit(PHONE, False), visit(PHONE, False)
    owner.goto(UPDATE)
    sign_in(owner, OWNER)
    owner.get_by_role("link", name="Hand this update to somebody else").click()
    owner.get_by_label("Who should answer instead?").fill("Hal Helper")
    owner.get_by_label("What should they know?").fill("Ask the builder first.")
    owner.get_by_role("button", name="Hand it on").click()
    expect(owner.get_by_role("alert")).to_contain_text("Handed to Hal Helper")
    helper.goto(UPDATE)
    sign_in(helper, "hal@ashshire.example")
    expect(helper.get_by_role("main")).to_contain_text("Ask the builder first.")
    helper.get_by_label("In progress").check()
    helper.get_by_label("Green").check()
    helper.get_by_label("What has happened").fill("The builder begins.")
    save(helper)
    expect(helper.get_by_role("alert")).to_contain_text("The board will see Green")


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
    secretary.get_by_label("By telephone").check()
    secretary.get_by_label("You are recording for").fill("owner")
    go_on(owner)
    expect(owner.get_by_role("heading", level=1)).to_have_text("Check your update")
    save(secretary)
    owner.get_by_role("button", name="Submit this update").click()
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
    tab_to(page, page.get_by_role("button", name="Continue"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Submit this update"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The board will see Green")
    expect(page.locator(".tracker-timeline__entry")).to_contain_text("The building is found.")
