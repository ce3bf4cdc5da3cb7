"""A secretary sets a review cycle in words, sees what it brings, and saves it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visits import DESKTOP, PHONE, Visit, faults_of_page, path_of, sign_in
from tests.factories import House
from tracker.people.board_models import BoardRole

pytestmark = pytest.mark.browser

SECRETARY = "secretary@ashshire.example"
CYCLES = "/ashshire/boards/trust-board/cycles"


@pytest.fixture
def board(house: House) -> None:
    """A board with a secretary and no cycle yet."""
    house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)


@pytest.mark.parametrize(("screen", "scripts"), [(DESKTOP, True), (PHONE, False)])
def test_a_secretary_sets_a_cycle_in_words_sees_the_preview_and_saves(
    visit: Visit, board: None, screen: object, scripts: bool
) -> None:
    page = visit(DESKTOP if screen is DESKTOP else PHONE, scripts)
    page.goto(CYCLES)
    sign_in(page, SECRETARY)
    page.get_by_role("button", name="Add a review cycle").click()
    page.get_by_label("The rule, in words").fill("whenever it suits")
    page.get_by_label("At what time").fill("2pm")
    page.get_by_role("button", name="See what it brings").click()
    expect(page.get_by_role("alert")).to_contain_text("We cannot read “whenever it suits”")
    assert faults_of_page(page) == []
    page.get_by_label("The rule, in words").fill("second Tuesday of March, June and December")
    page.get_by_label("Children’s Plan").check()
    page.get_by_role("button", name="See what it brings").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add this review cycle?")
    expect(page.get_by_role("heading", name="Tuesday 8 December 2026, 2pm")).to_be_visible()
    page.locator("summary").first.click()
    expect(page.get_by_text("Owners asked for updates").first).to_be_visible()
    assert faults_of_page(page) == []
    page.get_by_role("button", name="Save the review cycle").first.click()
    expect(page.get_by_role("alert")).to_contain_text("meetings are made.")
    assert path_of(page) == CYCLES
    page.goto("/ashshire/boards/trust-board/forward-plan")
    expect(page.get_by_role("link", name="Tuesday 9 March 2027, 2pm")).to_be_visible()
    assert faults_of_page(page) == []
