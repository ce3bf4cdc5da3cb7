"""Minutes go to the chair, to members, and are confirmed; then they are locked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from governance import queries as governance
from governance.documents import draft
from governance.minute_models import Minutes, MinutesState
from governance.minuting import operations, sending
from governance.minuting.ground import CannotMinute
from governance.models import MeetingBoard
from governance.timetable import StepKind
from governance.waiting import waiting
from tests.factories import House
from tests.fakes import PlainRenderer
from tests.pages import Visitor
from tests.web.minuting import (
    AFTER,
    AT_THE_NEXT,
    CHAIR,
    ENTITLED,
    MEMBER,
    NEXT,
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
from tracker.edges.pdf import PdfError
from tracker.ledger.blobs import read_bytes
from tracker.people.board_models import BoardRole

SECRET, OPEN = "The case of a named family", "Places were discussed."


@pytest.fixture
def room(client: Visitor, house: House, clock: SetClock, sign_in: SignIn) -> Room:
    """A meeting that was held and minuted, an open item and a confidential one."""
    made = held(house, clock)
    sign_in(client, SECRETARY)
    plain = made.item("School places")
    secret = made.item("A confidential review", confidential=True)
    for item, text in ((plain, OPEN), (secret, SECRET)):
        uid = str(item.uid)
        sent(client, f"{PAGE}/minutes/write", item=uid, seen="0", text=text)
    board = {"board": "trust-board", "kind": "decision", "seen": "0"}
    path = f"{PAGE}/minutes/decisions"
    sent(client, path, **board, item=str(plain.uid), text="Agree the places")
    sent(client, path, **board, item=str(secret.uid), text="Act on the family")
    return made


def go(client: Visitor, what: str, address: str = f"{PAGE}/minutes/send") -> str:
    """Press one of the buttons of the minutes' page; what the page then says."""
    _, page = sent(client, address, **{what: "1"})
    return page.text


def to_members(client: Visitor) -> None:
    """The whole way to the members."""
    go(client, "to-chair")
    go(client, "agree", f"{PAGE}/minutes/answer")
    go(client, "to-members")


def minutes_of(room: Room) -> Minutes:
    """The minutes as they are now."""
    session = room.house.session
    session.rollback()
    found = session.scalars(
        select(Minutes).where(Minutes.partnership_id == room.house.tenant)
    ).one()
    session.refresh(found)
    session.expunge(found)
    session.rollback()
    return found


def as_somebody(app: Flask, sign_in: SignIn, email: str) -> Visitor:
    """Somebody else's browser."""
    client = app.test_client()
    assert isinstance(client, Visitor)
    sign_in(client, email)
    return client


def test_the_draft_goes_to_the_chair_to_members_and_is_confirmed_and_locked(
    app: Flask, client: Visitor, room: Room, clock: SetClock, sign_in: SignIn
) -> None:
    text = go(client, "to-chair")
    assert "The draft is with the chair" in text
    text = go(client, "to-members")
    assert "The chair has not agreed the draft yet." in text
    chair = as_somebody(app, sign_in, CHAIR)
    assert OPEN in chair.page(f"{PAGE}/minutes").text
    _, page = sent(chair, f"{PAGE}/minutes/answer", words="Shorter, please", change="1")
    assert minutes_of(room).state is MinutesState.BEING_WRITTEN
    assert "The chair says: Shorter, please" in client.page(f"{PAGE}/minutes").text
    go(client, "to-chair")
    sent(chair, f"{PAGE}/minutes/answer", agree="1")
    text = go(client, "to-members")
    assert "The draft is with members" in text
    found = minutes_of(room)
    assert (found.state, found.pages) == (MinutesState.WITH_MEMBERS, 7)
    assert (
        "Take the draft back first"
        in client.get(f"{PAGE}/minutes/write", follow_redirects=True).text
    )

    clock.set(AT_THE_NEXT)
    sign_in(client, SECRETARY)
    page = client.page(f"{NEXT}/last-minutes")
    assert OPEN in page.text
    status, page = sent(
        client,
        f"{NEXT}/last-minutes",
        seen=value_of(page, "seen"),
        amendments="Item 1: forty places, not thirty.",
    )
    assert status == 200
    assert "can no longer be changed" in page.text
    assert "Confirmed at the meeting of 9 March 2027 with these amendments:" in page.text
    assert "forty places, not thirty" in page.text
    found = minutes_of(room)
    assert found.state is MinutesState.CONFIRMED
    assert found.pdf_sha256 is not None
    data = client.get(f"{PAGE}/minutes.pdf").data
    assert data == read_bytes(room.house.session, found.pdf_sha256)
    room.house.session.rollback()
    for address, values in (
        ("attendance/guests", {"name": "Late", "stands_for": ""}),
        ("minutes/write", {"item": "x", "seen": "0", "text": "Otherwise"}),
        ("minutes/decisions", {"text": "More"}),
        ("minutes/actions", {"what": "More"}),
    ):
        _, page = sent(client, f"{PAGE}/{address}", **values)
        assert "nothing recorded of it is changed" in page.text
    assert client.get(f"{PAGE}/minutes.pdf").data == data


def test_operations_refuse_to_change_what_was_confirmed(
    client: Visitor, room: Room, clock: SetClock
) -> None:
    to_members(client)
    session, now = room.house.session, AT_THE_NEXT
    clock.set(now)
    session.rollback()
    minutes = session.scalars(
        select(Minutes).where(Minutes.partnership_id == room.house.tenant)
    ).one()
    member = room.people[MEMBER].id
    sending.confirm_minutes(
        session, minutes, at=room.coming, amendments=None, person_id=member, now=now
    )
    for change in (
        lambda: operations.declare_quorum(session, room.meeting, is_quorate=False),
        lambda: sending.send_to_chair(session, room.meeting, now=now),
        lambda: sending.take_back(session, room.meeting, now=now),
        lambda: sending.confirm_minutes(
            session, minutes, at=room.coming, amendments="No", person_id=member, now=now
        ),
    ):
        with pytest.raises(CannotMinute):
            change()
    assert list(sending.unprinted(session)) == [minutes.id]
    session.commit()
    assert sending.print_kept(session, minutes.id, PlainRenderer(), now=now) is True
    assert sending.print_kept(session, minutes.id, PlainRenderer(), now=now) is False
    assert list(sending.unprinted(session)) == []


def test_nothing_confidential_stands_in_the_open_minutes(
    app: Flask,
    client: Visitor,
    room: Room,
    renderer: PlainRenderer,
    sign_in: SignIn,
) -> None:
    to_members(client)
    for email in (MEMBER, ENTITLED, CHAIR):
        other = as_somebody(app, sign_in, email)
        for path in (f"{PAGE}/minutes", f"{PAGE}/minutes.pdf"):
            body = other.get(path).text
            assert "family" not in body, email
            assert "A confidential review" not in body
            assert "D2" not in body
        wanted = 403 if email == MEMBER else 200
        for path in (f"{PAGE}/confidential-minutes", f"{PAGE}/confidential-minutes.pdf"):
            answer = other.get(path)
            assert answer.status_code == wanted
            assert (SECRET in answer.text) is (wanted == 200)
            assert OPEN not in answer.text


def test_members_read_minutes_from_the_time_they_are_sent(
    app: Flask, client: Visitor, room: Room, sign_in: SignIn
) -> None:
    member = as_somebody(app, sign_in, MEMBER)
    go(client, "to-chair")
    page = member.page(f"{PAGE}/minutes")
    assert "have not been sent to members yet" in page.text
    assert OPEN not in page.text
    assert member.get(f"{PAGE}/minutes.pdf").status_code == 302
    assert f"{PAGE}/minutes" not in member.page("/ashshire/boards/trust-board/minutes").hrefs
    go(client, "agree", f"{PAGE}/minutes/answer")
    go(client, "to-members")
    assert OPEN in member.page(f"{PAGE}/minutes").text
    assert f"{PAGE}/minutes" in member.page("/ashshire/boards/trust-board/minutes").hrefs
    assert as_somebody(app, sign_in, STRANGER).get(f"{PAGE}/minutes").status_code == 403


def test_a_change_after_the_chair_agreed_needs_the_chair_again(client: Visitor, room: Room) -> None:
    go(client, "to-chair")
    go(client, "agree", f"{PAGE}/minutes/answer")
    sent(client, f"{PAGE}/attendance/guests", name="Late", stands_for="")
    assert "The chair has not agreed the draft yet." in go(client, "to-members")


def test_a_draft_taken_back_can_be_corrected(client: Visitor, room: Room) -> None:
    to_members(client)
    go(client, "take-back")
    assert minutes_of(room).state is MinutesState.BEING_WRITTEN
    status, _ = sent(client, f"{PAGE}/attendance/guests", name="Late Arrival", stands_for="")
    assert status == 200
    assert "Late Arrival" in client.page(f"{PAGE}/minutes").text


def test_the_notes_of_an_inquorate_meeting_print_recommendations(
    client: Visitor, room: Room
) -> None:
    sent(client, f"{PAGE}/attendance/quorum", quorate="no")
    page = client.page(f"{PAGE}/minutes")
    assert page.h1 == ["Notes of an inquorate meeting"]
    assert "Recommendation CTB/2026-12/D1" in page.text
    assert "Decision CTB" not in page.text


def test_the_steps_are_marked_done_and_people_are_told(client: Visitor, room: Room) -> None:
    session = room.house.session
    secretary, chair, member = (room.people[who].id for who in (SECRETARY, CHAIR, MEMBER))
    late = AFTER + timedelta(days=9)

    def told(person_id: int, at: object = None) -> set[str]:
        found = {
            one.title
            for one in waiting(session, late if at is None else AFTER)
            if one.person_id == person_id
        }
        session.rollback()
        return found

    session.rollback()
    assert "Minutes that are overdue" in told(secretary)
    assert told(chair) == set()
    go(client, "to-chair")
    assert told(chair, AFTER) == {"Draft minutes that wait for your agreement"}
    go(client, "agree", f"{PAGE}/minutes/answer")
    go(client, "to-members")
    assert "Draft minutes of your boards" in told(member, AFTER)
    assert "Minutes that are overdue" not in told(secretary)
    done = {step.kind for step in governance.steps(session, room.meeting) if step.done_at}
    session.rollback()
    assert {StepKind.DRAFT_MINUTES_TO_CHAIR, StepKind.DRAFT_MINUTES_TO_MEMBERS} <= done


def test_the_next_pack_prints_the_minutes_to_be_confirmed(client: Visitor, room: Room) -> None:
    to_members(client)
    value = draft(room.house.session, room.coming, as_at=AFTER)
    room.house.session.rollback()
    agenda = {item["title"]: str(item["blocks"]) for item in value["items"]}
    said = agenda["Minutes of the last meeting"]
    assert "To confirm the minutes of the meeting of 8 December 2026" in said
    assert OPEN in said
    assert "family" not in str(value)


def test_a_meeting_that_has_not_begun_confirms_nothing(client: Visitor, room: Room) -> None:
    to_members(client)
    _, page = sent(client, f"{NEXT}/last-minutes", seen="1", amendments="")
    assert "has confirmed nothing yet" in page.text
    assert minutes_of(room).state is MinutesState.WITH_MEMBERS


def test_minutes_are_sent_even_when_their_pdf_cannot_be_made(
    client: Visitor, room: Room, renderer: PlainRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(value: object) -> None:
        raise PdfError("It does not fit.")

    monkeypatch.setattr(renderer, "render", fails)
    to_members(client)
    found = minutes_of(room)
    assert (found.state, found.pdf_sha256) == (MinutesState.WITH_MEMBERS, None)
    assert list(sending.unprinted(room.house.session)) == [found.id]


def test_what_is_made_confidential_later_takes_its_record_out_of_the_open_minutes(
    client: Visitor, room: Room
) -> None:
    late = room.item("A late thought")
    uid = str(late.uid)
    board = {"board": "trust-board", "kind": "decision", "seen": "0", "item": uid}
    sent(client, f"{PAGE}/minutes/write", item=uid, seen="0", text="Said of it")
    sent(client, f"{PAGE}/minutes/decisions", **board, text="Agreed of it")
    sent(
        client,
        f"{PAGE}/interests",
        name="Mo Member",
        item=uid,
        interest="Interest of it",
        followed="They stayed",
    )
    late.is_confidential = True
    room.house.session.commit()
    opened = client.page(f"{PAGE}/minutes").text
    kept = client.page(f"{PAGE}/confidential-minutes").text
    for words in ("A late thought", "Said of it", "Agreed of it", "Interest of it"):
        assert words not in opened
        assert words in kept


def test_a_joint_meeting_has_attendance_quorum_and_decisions_of_each_board(
    client: Visitor, room: Room
) -> None:
    house = room.house
    other = house.make_board("Health Board")
    other.quorum_number, house.board.quorum_number = 1, 5
    house.seat(room.people[STRANGER], BoardRole.CHAIR, other)
    house.session.add(
        MeetingBoard(partnership_id=house.tenant, meeting_id=room.meeting.id, board_id=other.id)
    )
    house.session.commit()
    path = f"{PAGE}/attendance?of=health-board"
    seen = value_of(client.page(path), "seen")
    status, page = sent(client, path, seen=seen, **{f"how-{room.of(STRANGER)}": "present"})
    assert status == 200
    assert "1 is present: met." in page.text
    seen = value_of(client.page(f"{PAGE}/attendance"), "seen")
    marks = {f"how-{room.of(who)}": "absent" for who in (SECRETARY, MEMBER, OTHER, ENTITLED)}
    sent(client, f"{PAGE}/attendance", seen=seen, **marks, **{f"how-{room.of(CHAIR)}": "present"})
    for slug in ("trust-board", "health-board"):
        sent(
            client,
            f"{PAGE}/minutes/decisions",
            board=slug,
            item="meeting",
            kind="decision",
            text="Pool the money",
            seen="0",
        )
    text = client.page(f"{PAGE}/minutes").text
    assert "Recommendation CTB/2026-12/D3" in text
    assert "Decision HB/2026-12/D1" in text
    assert client.get(f"{PAGE}/attendance?of=nobody").status_code == 404
