"""The agenda in a browser: edited and put in order with the keyboard alone, also on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.visits import DESKTOP, PHONE, SMALL_PHONE, Visit, faults_of_page, sign_in, tab_to
from tests.factories import House
from tracker.people.board_models import BoardRole

pytestmark = pytest.mark.browser

SECRETARY = "secretary@ashshire.example"
AGENDA = "/ashshire/boards/trust-board/meetings/2026-12-08/agenda"


@pytest.fixture
def board(house: House) -> None:
    """A board with a secretary, and a meeting on 8 December 2026."""
    house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    house.cycle()
    house.meetings()


def order(page: Page) -> list[str]:
    """The titles of the agenda, in the order in which they stand."""
    return page.locator("#agenda-items h3").all_inner_texts()


@pytest.mark.parametrize(
    ("screen", "scripts"), [(DESKTOP, True), (PHONE, True), (SMALL_PHONE, False)]
)
def test_a_secretary_edits_and_reorders_an_agenda_with_the_keyboard_alone(
    visit: Visit, board: None, screen: ViewportSize, scripts: bool
) -> None:
    page = visit(screen, scripts)
    page.goto("/sign-in")
    sign_in(page, SECRETARY)
    page.goto(AGENDA)
    assert faults_of_page(page) == []
    page.goto(AGENDA)
    assert order(page)[:3] == [
        "1. Welcome, apologies and quorum",
        "2. Declarations of interest",
        "3. Minutes of the last meeting",
    ]
    tab_to(page, page.get_by_role("link", name="Change Declarations of interest"), most=80)
    page.keyboard.press("Enter")
    title = page.get_by_label("Title")
    tab_to(page, title)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Interests")
    tab_to(page, page.get_by_role("button", name="Save the item"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2. Interests")).to_be_visible()

    up = page.get_by_role("button", name="Move up Minutes of the last meeting")
    tab_to(page, up, most=80)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2. Minutes of the last meeting")).to_be_visible()
    # The focus is on the same button of the same item: the next press moves it on.
    expect(up).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1. Minutes of the last meeting")).to_be_visible()
    # At the top only the way down is left, and it has the focus.
    down = page.get_by_role("button", name="Move down Minutes of the last meeting")
    expect(down).to_be_focused()
    assert order(page)[:3] == [
        "1. Minutes of the last meeting",
        "2. Welcome, apologies and quorum",
        "3. Interests",
    ]


def test_an_item_is_dragged_to_its_place_with_the_pointer(visit: Visit, board: None) -> None:
    page = visit(DESKTOP, True)
    page.goto("/sign-in")
    sign_in(page, SECRETARY)
    page.goto(AGENDA)
    items = page.locator("#agenda-items > li")
    items.nth(3).drag_to(items.nth(1), target_position={"x": 30, "y": 5})
    expect(items.nth(1)).to_contain_text("Matters arising and action log")
