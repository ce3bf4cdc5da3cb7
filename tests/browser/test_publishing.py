"""A secretary publishes through the gate, adds a late paper, and a member reads what was seen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from governance.agenda import ItemKind
from governance.agenda_models import AgendaItem, Paper, PaperKind
from tests.browser.visits import DESKTOP, PHONE, Visit, faults_of_page, sign_in
from tests.factories import House
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import BoardRole

pytestmark = pytest.mark.browser

SECRETARY, MEMBER, OWNER = (f"{who}@ashshire.example" for who in ("secretary", "member", "owner"))
MEETING = "/ashshire/boards/trust-board/meetings/2026-12-08"
ASKED = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)
AFTER_UPDATES_CLOSE = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


@pytest.fixture
def board(app: Flask, house: House, clock: SetClock) -> None:
    """A board whose owner has not answered when updates close."""
    house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    house.person(MEMBER, name="Mo Member", seat=BoardRole.MEMBER)
    house.action("Open a family hub", deadline="April 2027", owner=OWNER, lead=house.council)
    house.cycle()
    house.meetings()
    for instant in (ASKED, AFTER_UPDATES_CLOSE):
        clock.set(instant)
        tick(app)


def add_late_paper(house: House) -> str:
    """A paper that comes after publication, under the plan's report; the report's number."""
    house.session.rollback()
    item = house.session.scalars(
        select(AgendaItem).where(
            AgendaItem.partnership_id == house.tenant, AgendaItem.kind == ItemKind.PLAN_REPORT
        )
    ).first()
    assert item is not None
    assert item.number is not None
    number = item.number
    house.session.add(
        Paper(
            partnership_id=house.tenant,
            item_id=item.id,
            kind=PaperKind.REPORT,
            title="A letter from the schools",
            text="We ask for more time.",
            added_at=house.now,
        )
    )
    house.session.commit()
    return number


def test_a_secretary_publishes_through_the_gate_then_a_late_paper_and_a_member_reads_both(
    visit: Visit, house: House, board: None
) -> None:
    page = visit(DESKTOP, True)
    page.goto(f"{MEETING}/publish")
    sign_in(page, SECRETARY)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Publish the pack")
    assert faults_of_page(page) == []
    page.get_by_role("button", name="Publish all the same").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    page.get_by_label("1 action had no answer: Ashshire Council (1).").fill("Rung twice")
    page.get_by_role("button", name="Publish all the same").click()
    expect(page.get_by_role("alert")).to_contain_text("Published: version 1")

    number = add_late_paper(house)
    page.goto(f"{MEETING}/supplement")
    expect(page.get_by_role("table")).to_contain_text(f"{number}A")
    assert faults_of_page(page) == []
    page.get_by_role("button", name="Publish the supplement").click()
    expect(page.get_by_role("alert")).to_contain_text("Published: supplement 1")

    member = visit(PHONE, False)
    member.goto(f"{MEETING}/packs")
    sign_in(member, MEMBER)
    member.get_by_role("link", name="Agenda pack, version 1", exact=True).click()
    expect(member.get_by_role("heading", level=1)).to_have_text("Agenda pack, version 1")
    expect(member.get_by_text("Rung twice")).to_have_count(0)
    assert faults_of_page(member) == []
    member.get_by_role("link", name="Supplement 1, version 1").click()
    expect(member.get_by_text("We ask for more time.")).to_be_visible()
    expect(
        member.get_by_role("heading", name=f"{number}A. A letter from the schools", exact=True)
    ).to_be_visible()
    assert faults_of_page(member) == []
