"""Every main page: fits the smallest phone, has one heading and a title, shows the focus."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect

from governance.meetings import make_meetings
from tests.browser.visits import DESKTOP, SMALL_PHONE, Visit, faults_of_page, path_of, sign_in
from tests.factories import House
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.loader import EXAMPLES, load_folder
from tracker.people.board_models import BoardRole
from tracker.people.models import Membership, Role
from tracker.people.queries import partnership_by_slug

pytestmark = pytest.mark.browser

WALKER = "walker@ashshire.example"
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochandthesameagain"
MEETING = "/ashshire/boards/trust-board/meetings/2026-12-08"
REAL = "/nottinghamshire"
# What is done to one action, each on a page of its own.
DEEDS = (
    "owners",
    "deadline",
    "milestones",
    "hold",
    "end",
    "move",
    "merge",
    "split",
    "offer",
    "propose-deadline",
    "propose-closing",
    "as-it-stood",
    "changes",
)
PAGES = [
    "/my-actions",
    "/my-actions/answer",
    "/account",
    "/account/password",
    "/account/authenticator",
    "/cover",
    "/calendar",
    "/ashshire",
    "/ashshire/actions",
    "/ashshire/proposals",
    "/ashshire/to-assign",
    "/ashshire/clearance",
    "/ashshire/people-away",
    "/ashshire/people",
    "/ashshire/people/invite",
    "/ashshire/organisations",
    "/ashshire/closed-periods",
    "/ashshire/settings",
    "/ashshire/mail",
    "/ashshire/changes",
    *(f"/ashshire/actions/1/{deed}" for deed in DEEDS),
    "/ashshire/plans/childrens-plan/propose-action",
    "/ashshire/plans/childrens-plan/as-it-stood",
    "/ashshire/plans/childrens-plan/end",
    "/ashshire/plans/childrens-plan/extend",
    f"{MEETING}/move",
    f"{REAL}/actions",
    f"{REAL}/plans/cypf-2014-16/as-it-stood",
    "/ashshire/plans",
    "/ashshire/plans/childrens-plan",
    "/ashshire/plans/childrens-plan/priorities/1",
    "/ashshire/actions/1",
    "/ashshire/actions/1/progress",
    "/ashshire/actions/2/progress",
    "/ashshire/boards",
    "/ashshire/boards/trust-board",
    MEETING,
    f"{REAL}/plans",
    f"{REAL}/plans/cypf-2014-16",
    f"{REAL}/plans/cypf-2016-18/priorities/1",
    f"{REAL}/actions/1",
    f"{REAL}/boards",
    f"{REAL}/boards/trust-board",
]


@dataclass
class Walk:
    """A walk through pages on one screen, which keeps what is wrong with any of them."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def look(self, name: str) -> None:
        """Look at the page as it is now."""
        self.faults += [f"{name}: {fault}" for fault in faults_of_page(self.page)]


@pytest.fixture
def full_house(house: House, app: Flask, clock: SetClock) -> House:
    """Somebody with every part in two partnerships, one of them with its real plans."""
    person = house.person(WALKER, name="Wim Walker", role=Role.ADMINISTRATOR)
    house.seat(person, BoardRole.SECRETARY, house.board)
    house.action(LONG, deadline="September 2026", owner=WALKER, lead=house.organisation(LONG))
    house.action("Train the helpers", deadline="April 2027", owner=WALKER)
    house.milestone(house.action("Ask children"), "Ask the youngest", "December 2026")
    house.cycle()
    house.meetings()
    load_folder(house.session, EXAMPLES / "nottinghamshire", now=house.now, years=10)
    real = partnership_by_slug(house.session, "nottinghamshire")
    assert real is not None
    house.session.add(
        Membership(
            partnership_id=real.id,
            person_id=person.id,
            role=Role.ADMINISTRATOR,
            from_on=house.now.date(),
        )
    )
    make_meetings(house.session, real, EnglishBankHolidays(), now=house.now)
    house.session.commit()
    clock.set(datetime(2026, 11, 27, 10, 0, tzinfo=UTC))
    tick(app)
    return house


@pytest.mark.parametrize("screen", [SMALL_PHONE, DESKTOP], ids=["320", "1280"])
def test_every_page_fits_its_screen_and_shows_where_the_focus_is(
    visit: Visit, full_house: House, screen: ViewportSize
) -> None:
    page = visit(screen, True)
    walk = Walk(page)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in").click()
    walk.look("sign-in, refused")
    sign_in(page, WALKER)
    expect(page.get_by_role("heading", level=1)).to_have_text("My actions")
    for path in PAGES:
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, path
        walk.look(path)
    page.goto("/ashshire/actions/999")
    walk.look("a page that is not there")

    page.goto("/calendar")
    page.get_by_label("Name").fill(LONG)
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_text("shown only this once")).to_be_visible()
    walk.look("a new calendar link")

    page.goto("/ashshire/actions/1/progress")
    page.get_by_label("In progress").check()
    page.get_by_label("Red").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    walk.look("an update, refused")
    page.get_by_label("What is the cause?").fill(LONG)
    page.get_by_label("What will put it right?").fill(LONG)
    page.get_by_label("What has happened").fill(LONG)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Submit this update")).to_be_visible()
    walk.look("an update, to be checked")
    page.get_by_role("button", name="Submit this update").click()
    expect(page.get_by_role("alert")).to_contain_text("The board will see Red")
    walk.look("an action with its history")
    assert not walk.faults, "\n".join(walk.faults)


def test_who_belongs_to_another_partnership_and_follows_a_link_finds_no_page(
    visit: Visit, house: House
) -> None:
    house.action("Open a family hub", owner=WALKER)
    house.cycle()
    house.meetings()
    House(house.session, house.now, "elsewhere").person("stranger@elsewhere.example")
    page = visit(DESKTOP, True)
    page.goto("/ashshire/actions/1/progress")
    sign_in(page, "stranger@elsewhere.example")
    assert path_of(page) == "/ashshire/actions/1/progress"
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    for path in ("/ashshire/plans", "/ashshire/actions/1", MEETING, f"{MEETING}/draft.pdf"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404, path
        expect(page.get_by_role("main")).not_to_contain_text("family hub")
