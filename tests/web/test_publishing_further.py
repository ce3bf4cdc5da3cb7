"""Corrections, supplements, withdrawn papers, and what the board saw."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from flask import Flask

from governance.models import Meeting, MeetingBoard, MeetingStatus
from governance.publishing.queries import baseline, last_meeting, latest_packs
from tests.factories import House
from tests.fakes import PlainRenderer
from tests.pages import Visitor, read
from tests.web.publishing import (
    OWNER,
    PAGE,
    SECRETARY,
    SignIn,
    change,
    fresh,
    item,
    paper,
    published,
    ready,
    through_gate,
    value_of,
)
from tracker.edges.clock import SetClock
from tracker.jobs import tick


@pytest.fixture
def meeting(app: Flask, client: Visitor, house: House, sign_in: SignIn, clock: SetClock) -> Meeting:
    """A meeting whose updates have closed without an answer, its secretary signed in."""
    return ready(app, client, house, sign_in, clock)


def test_a_correction_shows_what_changes_and_says_it_on_its_front_sheet(
    client: Visitor, house: House, meeting: Meeting, renderer: PlainRenderer
) -> None:
    through_gate(client, PAGE)
    change(house, meeting, place="The new library")
    page = client.page(f"{PAGE}/correct")
    assert "becomes “The new library”" in page.text
    answer = client.send(f"{PAGE}/correct", after="1", changes=" ")
    assert answer.status_code == 422
    assert "Say in a sentence what it corrects" in read(answer.text).text
    answer = client.send(f"{PAGE}/correct", after="1", changes="The place.")
    assert "Published: version 2" in answer.text
    front = renderer.rendered[-1]["front"]
    assert isinstance(front, dict)
    assert front["changes"] == (
        "Version 2 corrects version 1, published 27 November 2026 at 10am."
        "\nWhat changed: The place."
    )
    first, second = published(house)
    assert (first.changes_words, second.changes_words) == (None, "The place.")
    assert "What changed: The place." in client.page(f"{PAGE}/packs/2").text
    assert "Published since: Agenda pack, version 2" in client.page(f"{PAGE}/packs/1").text
    again = client.send(f"{PAGE}/correct", after="1", changes="Once more.")
    assert "version 2 is there already" in again.text


def test_a_correction_keeps_what_updates_said_at_their_close_unless_they_close_again(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    through_gate(client, PAGE)
    client.post("/sign-out")
    sign_in(client, OWNER)
    client.send(
        "/ashshire/actions/1/progress",
        lifecycle="in-progress",
        rating="Green",
        happened="After the close",
        last_seen="0",
        save="Save",
    )
    client.post("/sign-out")
    sign_in(client, SECRETARY)
    client.send(f"{PAGE}/correct", after="1", changes="Nothing of it.")
    client.send(f"{PAGE}/correct", after="2", changes="All of it.", close_again="y")
    said = [json.dumps(value_of(house, pack)) for pack in published(house)]
    assert ["Green" in one.split('"definitions"')[0] for one in said][:1] == [False]
    assert ["After the close" in one for one in said] == [False, False, True]


def test_late_papers_and_items_come_in_a_supplement_whose_pages_go_on(
    client: Visitor, house: House, meeting: Meeting, renderer: PlainRenderer
) -> None:
    row = item(house, meeting, "Budget", position=3)
    announced = paper(house, row, "Figures", is_to_follow=True)
    through_gate(client, PAGE)
    assert "Nothing came since" in client.send(f"{PAGE}/supplement", after="0").text
    change(house, announced, is_to_follow=False)
    paper(house, row, "A late letter")
    business = item(house, meeting, "A strike")
    text = client.page(f"{PAGE}/supplement").text
    assert "1A Figures TB/2026-12/01A" in text
    assert "1B A late letter TB/2026-12/01B" in text
    assert "From page 8." in text
    answer = client.send(f"{PAGE}/supplement", after="0")
    assert "Published: supplement 1, 7 pages" in answer.text
    made = renderer.rendered[-1]
    assert made["first_page"] == 8
    items = made["items"]
    assert isinstance(items, list)
    numbers = [one["number"] for one in items]
    assert numbers[:2] == ["1A", "1B"]
    assert fresh(house, business).number == numbers[2]
    assert business.supplement == 1
    page = client.page(f"{PAGE}/packs/{published(house)[-1].uid}")
    assert "Supplement 1 to the pack for Tuesday 8 December 2026" in page.text
    assert "Nothing came since" in client.send(f"{PAGE}/supplement", after="1").text
    client.send(f"{PAGE}/correct", after="1", changes="The same again.")
    again = value_of(house, published(house)[-1])
    assert "A strike" not in [one["title"] for one in again["items"]]
    late = paper(house, row, "Later still")
    client.send(f"{PAGE}/supplement", after="1")
    assert fresh(house, late).reference == "TB/2026-12/01C"
    assert published(house)[-1].first_page == 15


def test_a_withdrawn_paper_leaves_a_gap_and_is_not_published_as_late(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    row = item(house, meeting, "Budget", position=3)
    its = paper(house, row, "Figures")
    through_gate(client, PAGE)
    address = f"{PAGE}/papers/{its.uid}/withdraw"
    version = fresh(house, its).version
    assert client.send(address, version=str(version), why="").status_code == 422
    assert client.send(address, version=str(version - 1), why="Wrong").status_code == 409
    answer = client.send(address, version=str(version), why="The sums were wrong")
    assert "The paper is withdrawn" in answer.text
    assert fresh(house, its).withdrawn_words == "The sums were wrong"
    page = client.page(f"{PAGE}/packs/1").text
    assert "“Figures” was withdrawn on" in page
    assert "The sums were wrong" in page
    assert "withdrawn already" in client.send(address, version=str(version), why="x").text
    assert "Nothing came since" in client.send(f"{PAGE}/supplement", after="0").text


def test_a_published_pack_and_its_page_are_the_same_after_a_year_of_changes(
    app: Flask, client: Visitor, house: House, meeting: Meeting, clock: SetClock, sign_in: SignIn
) -> None:
    through_gate(client, PAGE)
    before = client.get(f"{PAGE}/pack-1.pdf").data
    page = client.page(f"{PAGE}/packs/1")
    sha256 = published(house)[0].pdf_sha256 or ""
    assert hashlib.sha256(before).hexdigest() == sha256
    assert sha256 in page.text
    change(house, house.board, name="Renamed Board")
    change(house, meeting, place="Elsewhere")
    for _ in range(12):
        clock.set(clock.now() + timedelta(days=30))
        tick(app)
    client.post("/sign-out")
    sign_in(client, SECRETARY)
    assert client.get(f"{PAGE}/pack-1.pdf").data == before
    after = client.page(f"{PAGE}/packs/1")
    assert after.h1 == page.h1
    assert (
        after.text.split("Agenda pack, version 1 (PDF")[1].split("Support")[0]
        == (page.text.split("Agenda pack, version 1 (PDF")[1].split("Support")[0])
    )


def test_what_a_board_saw_last_is_the_latest_version_with_its_supplements(
    app: Flask, client: Visitor, house: House, meeting: Meeting
) -> None:
    row = item(house, meeting, "Budget", position=3)
    through_gate(client, PAGE)
    client.send(f"{PAGE}/correct", after="1", changes="The same again.")
    paper(house, row, "Late")
    client.send(f"{PAGE}/supplement", after="0")
    house.session.rollback()
    last = last_meeting(house.session, house.board, meeting.starts_at + timedelta(days=90))
    assert last is not None
    found = baseline(house.session, last)
    assert found is not None
    assert (found.version, found.supplements, len(found.actions)) == (2, 1, 1)
    assert [pack.supplement for pack in latest_packs(house.session, last)] == [0, 1]
    joint = house.make_board("Executive")
    house.session.add(
        MeetingBoard(partnership_id=house.tenant, meeting_id=meeting.id, board_id=joint.id)
    )
    house.session.flush()
    after = meeting.starts_at + timedelta(days=1)
    assert last_meeting(house.session, joint, after) == last
    house.session.commit()
    change(house, last, status=MeetingStatus.LAPSED)
    assert last_meeting(house.session, joint, after) is None
