"""A meeting action answered by its lead, or by a secretary, on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from governance.log_models import MeetingAction, MeetingActionStatus
from tests.factories import House
from tests.house.contents import contents
from tests.pages import Visitor, read
from tests.web.answering import OTHER, OWNER, SECRETARY, meeting_action
from tracker.edges.db import db
from tracker.people.board_models import BoardRole

SignIn = Callable[[Visitor, str], None]


@pytest.fixture
def page(client: Visitor, house: House, sign_in: SignIn) -> str:
    """The address of what a meeting asked its lead, who is signed in."""
    house.person(OTHER, seat=BoardRole.MEMBER)
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    address = f"/ashshire/meeting-actions/{meeting_action(house, OWNER).uid}"
    house.session.rollback()
    sign_in(client, OWNER)
    return address


def now_is(house: House) -> MeetingAction:
    """The meeting action as it is now."""
    house.session.rollback()
    house.session.expire_all()
    found = house.session.scalars(
        select(MeetingAction).where(MeetingAction.partnership_id == house.tenant)
    ).one()
    house.session.expunge(found)
    house.session.rollback()  # what a test has read must not lock SQLite
    return found


def test_its_lead_says_that_it_is_still_open_and_then_done(
    client: Visitor, house: House, page: str
) -> None:
    assert "Write to the districts" in client.page(page).text
    answer = client.send(page, version="1", status="open", progress="Three of seven.")
    assert answer.request.path == "/my-actions"
    assert "Saved. TB/2026/W is open." in answer.text
    known = now_is(house)
    assert (known.status, known.progress, known.closed_on) == (
        MeetingActionStatus.OPEN,
        "Three of seven.",
        None,
    )
    assert "Three of seven.</textarea>" in client.get(page).text
    client.send(page, version="2", status="done")
    known = now_is(house)
    assert (known.status, known.progress, known.closed_on) == (
        MeetingActionStatus.DONE,
        "Three of seven.",
        date(2026, 11, 2),
    )
    assert "Save</button>" not in client.get(page).text


def test_a_secretary_may_and_another_member_may_not(
    client: Visitor, house: House, page: str, sign_in: SignIn
) -> None:
    client.post("/sign-out")
    sign_in(client, OTHER)
    client.page(page, status=403)
    assert client.post(page, data={"version": "1", "status": "done"}).status_code == 403
    client.post("/sign-out")
    sign_in(client, SECRETARY)
    answer = client.send(page, version="1", status="done", progress="By telephone.")
    assert answer.request.path == "/ashshire/boards/trust-board"
    assert now_is(house).status is MeetingActionStatus.DONE


@pytest.mark.parametrize(
    "sent",
    [
        {"status": ""},
        {"status": "leave"},
        {"status": "closed, not completed"},
        {"status": "open", "progress": ""},
        {"status": "open", "progress": "\u200b \u0007"},
        {"status": "open", "progress": "é" * 1001},
        {"status": "done", "progress": "é" * 1001},
        {"status": "done", "version": "x"},
        {"status": "done", "version": "9"},
        {"status": "done", "version": ""},
    ],
)
def test_bad_input_is_said_and_changes_nothing(
    client: Visitor, house: House, page: str, sent: dict[str, str]
) -> None:
    before = contents(db.engine)
    answer = client.post(page, data={"version": "1", "progress": "Kept."} | sent)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    links = {one[1:] for one in read(answer.text).hrefs if one.startswith("#")}
    assert links & {"status", "progress"} & set(read(answer.text).ids)
    assert contents(db.engine) == before


def test_the_second_of_two_sees_what_the_first_said_and_keeps_their_own(
    client: Visitor, house: House, page: str
) -> None:
    client.post(page, data={"version": "1", "status": "open", "progress": "Theirs."})
    answer = client.post(page, data={"version": "1", "status": "done", "progress": "Mine."})
    assert answer.status_code == 409
    assert "Somebody else changed this first" in answer.text
    assert "Theirs." in answer.text
    assert "Mine.</textarea>" in answer.text
    assert now_is(house).progress == "Theirs."
    fields = {one.get("name"): one.get("value") for one in read(answer.text).fields}
    again = {"version": str(fields["version"]), "status": "done", "progress": "Mine."}
    assert client.post(page, data=again).status_code == 302
    assert now_is(house).status is MeetingActionStatus.DONE


def test_another_partnerships_is_not_there(client: Visitor, house: House, page: str) -> None:
    other = House(house.session, house.now, slug="oakshire")
    uid = meeting_action(other, "there@oakshire.example").uid
    house.session.rollback()
    client.page(f"/ashshire/meeting-actions/{uid}", status=404)
    client.page(f"/oakshire/meeting-actions/{uid}", status=404)
