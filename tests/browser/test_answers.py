"""Eight asks answered in one table: on a phone without scripts, at a desk with them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from actions.models import Progress
from tests.browser.visits import DESKTOP, PHONE, SMALL_PHONE, Visit, faults_of_page, path_of
from tests.factories import PASSWORD, House
from tests.web.answering import OWNER, asked, meeting_action, record
from tracker.kernel.rag import Rating

pytestmark = pytest.mark.browser

GREEN, AMBER, RED, BLUE = Rating.GREEN, Rating.AMBER, Rating.RED, Rating.BLUE


@pytest.fixture
def eight(house: House) -> House:
    """Eight actions that their owner is asked for, the first three with an update before."""
    house.person(OWNER, name="Olive Owner")
    actions = asked(house, *["April 2027"] * 8)
    for number in (1, 2, 3):
        record(house, number, OWNER, happened="Begun.")
        house.ask(actions[number - 1], days=25)
    meeting_action(house, OWNER)
    return house


def enter(page: Page) -> None:
    """Sign in at the door that stands before the page."""
    page.get_by_label("E-mail address").fill(OWNER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def row(page: Page, words: str) -> Locator:
    """The row of an action or a meeting action."""
    return page.locator(".tracker-answers__row").filter(has=page.get_by_role("link", name=words))


def answer(page: Page, words: str, choice: str, **said: str) -> None:
    """Choose an answer in a row and write what goes with it."""
    one = row(page, words)
    one.get_by_role("radio", name=choice).check()
    for label, text in said.items():
        one.get_by_label(LABELS[label]).fill(text)


LABELS = {
    "happened": "What has happened?",
    "cause": "What is the cause?",
    "recovery": "What will put it right?",
    "evidence": "What shows that it is complete?",
    "progress": "What has been done?",
}


def test_eight_asks_are_answered_in_one_table_on_a_phone_without_scripts(
    visit: Visit, eight: House
) -> None:
    page = visit(PHONE, False)
    page.goto("/my-actions")
    enter(page)
    page.get_by_role("button", name="Answer several at once").click()
    assert path_of(page) == "/my-actions/answer"
    expect(page.locator(".tracker-answers__row")).to_have_count(9)
    assert faults_of_page(page) == []

    first = row(page, "1.4 Action 4")
    expect(first.get_by_label(LABELS["happened"])).to_be_hidden()
    for name in ("1.1 Action 1", "1.2 Action 2", "1.3 Action 3"):
        answer(page, name, "No change")
    for name in ("1.4 Action 4", "1.5 Action 5"):
        answer(page, name, "Green", happened="Two sites are agreed.")
    expect(first.get_by_label(LABELS["cause"])).to_be_hidden()
    answer(page, "1.6 Action 6", "Amber", happened="One site is lost.", cause="No lease.")
    answer(page, "1.7 Action 7", "Red", happened="Stuck.", cause="No money.", recovery="A bid.")
    answer(page, "1.8 Action 8", "Complete", evidence="https://ashshire.example/report")
    answer(page, "Write to the districts", "Still open", progress="Three of seven answered.")
    page.get_by_role("button", name="Save these answers").click()

    problem = page.get_by_role("link", name="1.6: Say what will put it right")
    expect(problem).to_be_visible()
    amber = row(page, "1.6 Action 6")
    expect(amber.get_by_role("radio", name="Amber")).to_be_checked()
    expect(amber.get_by_label(LABELS["cause"])).to_have_value("No lease.")
    assert faults_of_page(page) == []
    amber.get_by_label(LABELS["recovery"]).fill("A second landlord is named.")
    page.get_by_role("button", name="Save these answers").click()

    assert path_of(page) == "/my-actions"
    expect(page.get_by_role("alert")).to_contain_text("8 updates saved: 1.1,")
    expect(page.get_by_role("alert")).to_contain_text("1 meeting action answered")
    assert _ratings(eight)[3:] == [GREEN, GREEN, GREEN, GREEN, GREEN, AMBER, RED, BLUE]
    expect(page.get_by_text("Nothing. You are up to date.")).to_be_visible()
    page.get_by_role("alert").get_by_role("link", name="1.7").click()
    expect(page.get_by_text("No money.")).to_be_visible()


def _ratings(house: House) -> list[Rating]:
    """Every rating that was entered, in the order of entering."""
    house.session.rollback()
    found = house.session.scalars(
        select(Progress.rating).where(Progress.partnership_id == house.tenant).order_by(Progress.id)
    ).all()
    house.session.rollback()
    return list(found)


def test_at_a_desk_somebody_else_was_quicker_and_nothing_is_lost(
    visit: Visit, eight: House
) -> None:
    page = visit(DESKTOP, True)
    page.goto("/my-actions/answer")
    enter(page)
    answer(page, "1.4 Action 4", "Green", happened="My own words.")
    answer(page, "1.8 Action 8", "Complete", evidence="It opened on Friday.")
    record(eight, 4, OWNER, happened="Said on the telephone.")
    page.get_by_role("button", name="Save these answers").click()
    expect(page.get_by_text("Somebody else updated this first")).to_be_visible()
    expect(row(page, "1.4 Action 4").get_by_text("Said on the telephone.").first).to_be_visible()
    expect(row(page, "1.8 Action 8").get_by_role("radio", name="Complete")).to_be_checked()
    assert faults_of_page(page) == []
    page.get_by_role("button", name="Save again, after theirs").click()
    expect(page.get_by_role("alert")).to_contain_text("2 updates saved")
    assert _ratings(eight)[3:] == [GREEN, GREEN, BLUE]


def test_filters_work_by_address_alone_on_the_smallest_phone(visit: Visit, eight: House) -> None:
    eight.action("Long ago", deadline="March 2026", owner=OWNER)
    page = visit(SMALL_PHONE, False)
    page.goto("/my-actions")
    enter(page)
    page.get_by_text("Filter and sort").click()
    page.get_by_label("Due", exact=True).select_option("overdue")
    page.get_by_label("Sorted by").select_option("rating-descending")
    page.get_by_role("button", name="Show").click()
    assert "due=overdue" in page.url
    expect(page.get_by_text("Sorted by rating, the best first.")).to_be_visible()
    expect(page.get_by_role("link", name="1.9 Long ago")).to_be_visible()
    expect(page.get_by_role("link", name="1.1 Action 1")).to_have_count(0)
    assert faults_of_page(page) == []
    page.goto("/ashshire/actions?needs=nobody")
    expect(page.get_by_text("No action matches these filters.")).to_be_visible()
    page.get_by_role("link", name="Clear the filters").first.click()
    expect(page.get_by_role("link", name="1.9 Long ago")).to_be_visible()
    assert faults_of_page(page) == []
