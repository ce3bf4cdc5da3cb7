"""A secretary records a meeting: who was there, what was said, agreed and asked for."""

from __future__ import annotations

from typing import TypeVar

import pytest
from sqlalchemy import select

from governance.decision_models import Decision, DecisionKind
from governance.log_models import MeetingAction, MeetingActionNote
from governance.minute_models import Attendance, Declaration, ItemMinute
from governance.models import MeetingStatus
from tests.factories import House
from tests.pages import Visitor
from tests.web.minuting import (
    CHAIR,
    ENTITLED,
    MEMBER,
    OTHER,
    PAGE,
    SECRETARY,
    STRANGER,
    Room,
    SignIn,
    held,
    sent,
    value_of,
)
from tracker.edges.clock import SetClock
from tracker.edges.db import Tenanted
from tracker.people.board_models import Share

Row = TypeVar("Row", bound=Tenanted)
TOO_LONG = "x" * 30_000


@pytest.fixture
def room(client: Visitor, house: House, clock: SetClock, sign_in: SignIn) -> Room:
    """A meeting that was held, its secretary signed in."""
    made = held(house, clock)
    sign_in(client, SECRETARY)
    return made


def rows(room: Room, table: type[Row]) -> list[Row]:
    """Every row of a table of the partnership, anew."""
    session = room.house.session
    session.rollback()
    session.expire_all()
    found = session.scalars(
        select(table).where(table.partnership_id == room.house.tenant).order_by(table.id)
    ).all()
    for row in found:
        session.expunge(row)
    session.rollback()
    return list(found)


def all_there(client: Visitor, room: Room, **but: str) -> tuple[int, str]:
    """Record that everybody was present, save who is given otherwise."""
    seen = value_of(client.page(f"{PAGE}/attendance"), "seen")
    marks = {
        f"how-{room.of(email)}": but.get(email.split("@")[0], "present")
        for email in (SECRETARY, CHAIR, MEMBER, OTHER, ENTITLED)
    }
    status, page = sent(client, f"{PAGE}/attendance", seen=seen, **marks)
    return status, page.text


def test_attendance_is_marked_and_makes_the_quorum(client: Visitor, room: Room) -> None:
    room.house.board.quorum_share, room.house.board.quorum_needs_chair = Share.HALF, True
    room.house.session.commit()
    status, text = all_there(client, room, member="apologies", other="present remotely")
    assert status == 200
    assert (
        "Quorum is half of 4 voting members, so 2, and the chair or vice chair: 3 are present,"
        " the chair or vice chair among them: met." in text
    )
    found = {row.name: row.state.value for row in rows(room, Attendance)}
    assert found["Mo Member"] == "apologies"
    assert found["Otto Other"] == "present remotely"
    assert room.meeting.is_quorate is True


def test_without_the_chair_the_meeting_is_inquorate_and_only_recommends(
    client: Visitor, room: Room
) -> None:
    room.house.board.quorum_needs_chair = True
    room.house.session.commit()
    _, text = all_there(client, room, chair="absent")
    assert "neither chair nor vice chair: not met" in text
    status, page = sent(
        client,
        f"{PAGE}/minutes/decisions",
        item="meeting",
        board="trust-board",
        kind="decision",
        text="Open two hubs",
        seen="0",
    )
    assert status == 200
    assert "Recommendation CTB/2026-12/D1" in page.text
    assert rows(room, Decision)[0].kind is DecisionKind.RECOMMENDATION


def test_where_no_rule_is_set_the_secretary_declares_the_quorum(
    client: Visitor, room: Room
) -> None:
    _, text = all_there(client, room)
    assert "No quorum rule is set for this board." in text
    status, page = sent(client, f"{PAGE}/attendance/quorum", quorate="no")
    assert status == 200
    assert "The secretary declared the meeting inquorate" in page.text


def test_a_guest_in_a_members_place_counts_and_nobody_has_two(client: Visitor, room: Room) -> None:
    room.house.board.quorum_number = 4
    room.house.session.commit()
    _, text = all_there(client, room, member="apologies")
    assert "3 are present: not met" in text
    there = room.of(MEMBER)
    status, page = sent(
        client, f"{PAGE}/attendance/guests", name="Ann Else", organisation="NHS", stands_for=there
    )
    assert status == 200
    assert "4 are present: met" in page.text
    status, page = sent(client, f"{PAGE}/attendance/guests", name="Bo", stands_for=there)
    assert status == 422
    assert "Only one person can stand in for Mo Member." in page.text
    status, page = sent(client, f"{PAGE}/attendance/guests", name="Bo", stands_for=room.of(CHAIR))
    assert status == 422
    assert "Cherry Chair is recorded as present" in page.text


def test_attendance_that_somebody_recorded_meanwhile_is_not_overwritten(
    client: Visitor, room: Room
) -> None:
    old = value_of(client.page(f"{PAGE}/attendance"), "seen")
    all_there(client, room)
    status, page = sent(
        client, f"{PAGE}/attendance", seen=old, **{f"how-{room.of(CHAIR)}": "absent"}
    )
    # Fields that no page of ours leaves out are asked for.
    assert status in (409, 422)
    assert "There is a problem" in page.text
    assert {row.state.value for row in rows(room, Attendance)} == {"present"}


def test_interests_are_recorded_and_taken_off(client: Visitor, room: Room) -> None:
    item, member_id = room.item("School places"), room.people[MEMBER].id
    status, page = sent(
        client,
        f"{PAGE}/interests",
        name="Mo Member",
        item=str(item.uid),
        interest="Governor of Ash School",
        followed="They left for the item",
    )
    assert status == 200
    assert "Governor of Ash School" in page.text
    row = rows(room, Declaration)[0]
    assert row.person_id == member_id
    sent(client, f"{PAGE}/interests/remove", row=str(row.id))
    assert rows(room, Declaration) == []


def test_items_are_minuted_one_by_one(client: Visitor, room: Room) -> None:
    first, second = room.item("School places"), room.item("Family hubs")
    for item, text in ((first, "Places were discussed."), (second, "Hubs were discussed.")):
        status, page = sent(
            client, f"{PAGE}/minutes/write", item=str(item.uid), seen="0", text=text
        )
        assert status == 200
        assert "Saved." in page.text
    assert [row.text for row in rows(room, ItemMinute)] == [
        "Places were discussed.",
        "Hubs were discussed.",
    ]


def test_the_second_of_two_who_minute_at_once_sees_both_and_nothing_is_lost(
    client: Visitor, room: Room
) -> None:
    item = room.item("School places")
    path, uid = f"{PAGE}/minutes/write", str(item.uid)
    sent(client, path, item=uid, seen="0", text="Theirs.")
    status, page = sent(client, path, item=uid, seen="0", text="Mine.")
    assert status == 409
    assert "Somebody else saved this item first" in page.text
    assert "Theirs." in page.text
    assert "Mine." in page.text
    assert [row.text for row in rows(room, ItemMinute)] == ["Theirs."]
    both = next(
        one["value"] for one in page.fields if one.get("name") == "text" and one["tag"] == "input"
    )
    status, _ = sent(client, path, item=uid, seen=value_of(page, "seen"), text=both)
    assert status == 200
    assert rows(room, ItemMinute)[0].text.split() == ["Theirs.", "Mine."]


def test_decisions_are_numbered_and_votes_cannot_be_more_than_those_present(
    client: Visitor, room: Room
) -> None:
    all_there(client, room)
    item = room.item("School places")
    form = {"item": str(item.uid), "board": "trust-board", "kind": "decision", "seen": "0"}
    path = f"{PAGE}/minutes/decisions"
    status, page = sent(client, path, **form, text="Agree the places", votes_for="5")
    assert status == 422
    assert "That is 5 votes, and 4 voting members are recorded as present." in page.text
    for text in ("Agree the places", "Write to schools"):
        status, page = sent(client, path, **form, text=text, votes_for="3", votes_against="1")
        assert status == 200
    found = rows(room, Decision)
    assert [row.reference for row in found] == ["CTB/2026-12/D1", "CTB/2026-12/D2"]
    address = f"{PAGE}/minutes/decided/{found[0].uid}"
    status, page = sent(
        client,
        address,
        **(form | {"seen": str(found[0].version)}),
        text="Agree the places for 2027",
    )
    assert status == 200
    status, page = sent(client, address, **(form | {"seen": "1"}), text="Something else")
    assert status == 409
    assert "It now says: “Agree the places for 2027”" in page.text
    sent(client, address, remove="1")
    assert [row.reference for row in rows(room, Decision)] == ["CTB/2026-12/D2"]


def test_actions_go_on_the_log_with_a_lead_and_a_day(client: Visitor, room: Room) -> None:
    path = f"{PAGE}/minutes/actions"
    form = {"item": "meeting", "board": "trust-board", "what": "Write to schools"}
    status, page = sent(client, path, **form, who="Mo Member", due="15 January 2027")
    assert status == 200
    assert "2026-12/A1 Write to schools Mo Member, due 15 January 2027" in page.text
    status, page = sent(client, path, **form, who="Ashshire Council")
    assert status == 200
    for wrong, words in (
        ({"who": "Nobody Known"}, "Nobody in this partnership is known as"),
        ({"who": "Mo Member", "due": "soon"}, "We cannot read “soon” as a day."),
        ({"who": "Mo Member", "due": "1 December 2026"}, "It cannot be due before the meeting"),
    ):
        status, page = sent(client, path, **form, **wrong)
        assert status == 422
        assert words in page.text
    assert [row.reference for row in rows(room, MeetingAction)] == ["2026-12/A1", "2026-12/A2"]
    assert len(rows(room, MeetingActionNote)) == 2


def test_an_item_that_was_not_reached_goes_to_the_next_meeting(client: Visitor, room: Room) -> None:
    item = room.item("School places")
    status, page = sent(client, f"{PAGE}/minutes/defer", item=str(item.uid), why="No time")
    assert status == 200
    assert "Deferred to the meeting of 9 March 2027." in page.text
    status, page = sent(client, f"{PAGE}/minutes/defer", item=str(item.uid), why="No time")
    assert status in (409, 422)


@pytest.mark.parametrize("email", [MEMBER, CHAIR, STRANGER])
@pytest.mark.parametrize(
    "page", ["attendance", "interests", "minutes/write", "minutes/decisions", "last-minutes"]
)
def test_only_the_secretary_records(
    client: Visitor, house: House, clock: SetClock, sign_in: SignIn, email: str, page: str
) -> None:
    held(house, clock)
    sign_in(client, email)
    assert client.get(f"{PAGE}/{page}").status_code == 403


def test_nothing_is_recorded_of_a_meeting_that_was_cancelled(client: Visitor, room: Room) -> None:
    room.meeting.status = MeetingStatus.CANCELLED
    room.house.session.commit()
    _, page = sent(client, f"{PAGE}/attendance/guests", name="Bo", stands_for="")
    assert "This meeting was cancelled, so there is nothing to record of it." in page.text
    assert rows(room, Attendance) == []


@pytest.mark.parametrize(
    ("address", "good", "bad"),
    [
        ("attendance/guests", {"name": "Bo", "stands_for": ""}, {"name": TOO_LONG}),
        ("attendance/guests", {"name": "Bo", "stands_for": ""}, {"stands_for": "none of them"}),
        ("attendance/guests", {"name": "Bo", "stands_for": ""}, {"name": " \u200b"}),
        ("attendance/quorum", {"quorate": "yes"}, {"quorate": "none of them"}),
        ("interests", {"name": "Bo", "item": "meeting"}, {"interest": TOO_LONG}),
        ("interests", {"name": "Bo", "interest": "x"}, {"item": "none of them"}),
        ("minutes/write", {"seen": "0", "text": "Said"}, {"item": "not a number"}),
        ("minutes/defer", {"why": "No time"}, {"item": "not a number"}),
        ("minutes/decisions", {"text": "Agree", "kind": "decision"}, {"seen": "not a number"}),
        ("minutes/decisions", {"text": "Agree", "kind": "decision"}, {"votes_for": "-1"}),
        ("minutes/decisions", {"text": "Agree", "kind": "decision"}, {"votes_for": "9" * 50}),
        ("minutes/decisions", {"text": "Agree", "kind": "decision"}, {"board": "none of them"}),
        ("minutes/actions", {"what": "Write", "who": "Mo Member"}, {"due": TOO_LONG}),
        ("minutes/actions", {"what": "Write", "who": "Mo Member"}, {"who": TOO_LONG}),
    ],
)
def test_what_no_field_can_hold_is_refused_and_said(
    client: Visitor, room: Room, address: str, good: dict[str, str], bad: dict[str, str]
) -> None:
    sent_too = {"item": "meeting", "board": "trust-board", "seen": "0", **good, **bad}
    status, page = sent(client, f"{PAGE}/{address}", **sent_too)
    assert status == 422
    assert "There is a problem" in page.text
    for table in (Attendance, Declaration, ItemMinute, Decision, MeetingAction):
        assert rows(room, table) == []


def test_minutes_that_are_too_long_are_kept_on_the_page(client: Visitor, room: Room) -> None:
    item = room.item("School places")
    answer = client.send(f"{PAGE}/minutes/write", item=str(item.uid), seen="0", text="y" * 8001)
    assert answer.status_code == 422
    assert "Use 8,000 characters or fewer" in answer.text
    assert "y" * 8001 in answer.text
