"""Proposals and endings in a browser: on a phone and a desk, no scripts needed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, ViewportSize

from actions.models import Action
from tests.browser.visits import (
    DESKTOP,
    PHONE,
    SMALL_PHONE,
    Visit,
    faults_of_page,
    path_of,
    sign_in,
)
from tests.factories import House
from tracker.people.board_models import BoardRole

OWNER, CHAIR, SECRETARY = (f"{who}@ashshire.example" for who in ("owner", "chair", "secretary"))


@pytest.fixture
def action(house: House) -> Action:
    """An action, who is asked about it, who chairs, and a plan that follows."""
    made = house.action("Open a family hub in every district", deadline="April 2027", owner=OWNER)
    house.action("Train a worker for each hub", deadline="June 2027", owner=OWNER)
    house.person(CHAIR, name="Jo Bell", seat=BoardRole.CHAIR)
    house.person(SECRETARY, name="Sam Ash", seat=BoardRole.SECRETARY)
    house.cycle()
    old, priority = house.plan, house.priority
    house.plan = house.make_plan("Next Children’s Plan")
    house.make_priority("1", "Children and families get help early, wherever they live")
    house.plan, house.priority = old, priority
    house.session.commit()
    return made


def follow(way: Locator) -> None:
    """Press what leads to another page, and wait until it is there."""
    with way.page.expect_navigation():
        way.click()


def opened(visit: Visit, screen: ViewportSize, email: str, path: str, *, scripts: bool) -> Page:
    page = visit(screen, scripts)
    page.goto(path)
    sign_in(page, email)
    page.goto(path)
    return page


def test_a_deadline_is_proposed_on_a_phone_and_agreed_at_a_desk(
    visit: Visit, house: House, action: Action
) -> None:
    page = opened(visit, PHONE, OWNER, "/ashshire/actions/1/propose-deadline", scripts=False)
    assert faults_of_page(page) == []
    page.get_by_label("Which deadline do you propose?").fill("by June 2027")
    page.get_by_label("Why does it need to change?").fill("The lease takes two months longer.")
    follow(page.get_by_role("button", name="Propose"))
    assert path_of(page) == "/ashshire/actions/1"
    follow(page.get_by_role("link", name="See the proposed deadline"))
    assert faults_of_page(page) == []
    proposal = path_of(page)

    desk = opened(visit, DESKTOP, CHAIR, "/ashshire/proposals", scripts=True)
    assert faults_of_page(desk) == []
    follow(desk.get_by_role("link", name="Action 1.1: Open a family hub"))
    assert path_of(desk) == proposal
    follow(desk.get_by_role("button", name="Agree"))
    assert faults_of_page(desk) == []
    follow(desk.get_by_role("button", name="Agree"))
    assert path_of(desk) == "/ashshire/actions/1"
    assert "Agreed. The action has its new deadline." in desk.inner_text("main")


@pytest.mark.parametrize("screen", [SMALL_PHONE, DESKTOP], ids=["phone", "desk"])
def test_a_plan_is_followed_by_another_without_scripts(
    visit: Visit, house: House, action: Action, screen: ViewportSize
) -> None:
    where = "/ashshire/plans/childrens-plan/end"
    page = opened(visit, screen, SECRETARY, where, scripts=False)
    assert faults_of_page(page) == []
    page.get_by_label("Another plan follows it").check()
    page.get_by_label("Which plan follows?").select_option("next-childrens-plan")
    follow(page.get_by_role("button", name="Continue"))
    assert faults_of_page(page) == []
    page.get_by_label("Which board decided this?").select_option("Trust Board")
    page.get_by_label("Why?", exact=True).fill("The new plan begins.")
    first = page.get_by_role("group", name="1.1 Open a family hub")
    first.get_by_label("What becomes of it?").select_option("carried forward")
    assert not first.get_by_label("What shows that it is complete?").is_visible()
    first.get_by_label("Under which priority").select_option(index=1)
    follow(page.get_by_role("button", name="Let another plan follow"))
    assert "Say what becomes of action 1.2" in page.inner_text("main")
    assert faults_of_page(page) == []
    second = page.get_by_role("group", name="1.2 Train a worker")
    second.get_by_label("What becomes of it?").select_option("completed")
    second.get_by_label("What shows that it is complete?").fill("All are trained.")
    follow(page.get_by_role("button", name="Let another plan follow"))
    assert path_of(page) == "/ashshire/plans/childrens-plan"


@pytest.mark.parametrize("screen", [SMALL_PHONE, DESKTOP], ids=["phone", "desk"])
def test_the_pages_on_which_an_action_ends_fit_the_screen(
    visit: Visit, house: House, action: Action, screen: ViewportSize
) -> None:
    page = opened(visit, screen, SECRETARY, "/ashshire/actions/1/end", scripts=False)
    for then in ("end", "move", "merge", "split", "offer", "propose-closing"):
        page.goto(f"/ashshire/actions/1/{then}")
        assert faults_of_page(page) == [], then
    page.goto("/ashshire/plans/childrens-plan/propose-action")
    assert faults_of_page(page) == []
    page.goto("/ashshire/plans/childrens-plan/extend")
    assert faults_of_page(page) == []
