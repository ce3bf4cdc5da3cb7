"""The secretary moves a meeting: sees what moves, confirms, and everything follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from governance.models import Meeting, MeetingStatus
from tests.factories import House
from tests.pages import Visitor, read
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import BoardRole
from tracker.people.models import Role

SignIn = Callable[[Visitor, str], None]
SECRETARY, MEMBER = "secretary@ashshire.example", "member@ashshire.example"
PAGE = "/ashshire/boards/trust-board/meetings/2026-12-08"


@pytest.fixture
def meeting(client: Visitor, house: House, sign_in: SignIn) -> Meeting:
    """A meeting on 8 December 2026 at 2pm, with its secretary signed in."""
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.person(MEMBER, seat=BoardRole.MEMBER)
    house.action("Open a family hub", owner=MEMBER)
    house.cycle()
    found = house.meetings()[0]
    sign_in(client, SECRETARY)
    return found


def sent(client: Visitor, *, seen: int = 1, **values: Any) -> tuple[int, str]:
    """Send the form; its status, and what the page says."""
    answer = client.send(f"{PAGE}/move", seen=str(seen), **values)
    return answer.status_code, read(answer.text).text


def now_of(house: House, meeting: Meeting) -> tuple[date, int, int]:
    """The meeting's day, how often its calendar entry changed, and its version, as they are now."""
    house.session.rollback()
    house.session.refresh(meeting)
    found = meeting.meets_on, meeting.sequence, meeting.version
    house.session.rollback()
    return found


def days(house: House, meeting: Meeting) -> tuple[date, int]:
    """On which day the meeting is now, and how often its calendar entry changed."""
    return now_of(house, meeting)[:2]


def version(house: House, meeting: Meeting) -> int:
    """What a page opened now says that it has seen."""
    return now_of(house, meeting)[2]


def test_what_moves_is_shown_before_anything_moves(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    status, text = sent(client, day="15 December 2026", at="10am")
    assert status == 200
    assert "Move the meeting to Tuesday 15 December 2026?" in text
    assert "Owners asked for updates 10 November 2026 at 7am 17 November 2026 at 7am" in text
    assert "Updates close 26 November 2026 at 5pm 3 December 2026 at 5pm" in text
    assert days(house, meeting) == (date(2026, 12, 8), 0)


def test_a_confirmed_move_keeps_the_address_and_moves_the_timetable(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    status, text = sent(client, day="15/12/2026", at="10.30", confirm="1")
    assert status == 200
    assert "Trust Board now meets on Tuesday 15 December 2026 at 10.30am." in text
    assert "12 steps of its timetable move." in text
    assert days(house, meeting) == (date(2026, 12, 15), 1)
    page = client.page(PAGE)
    assert page.h1 == ["Meeting of Tuesday 15 December 2026"]
    assert "3 December 2026 at 5pm" in page.text


def test_the_way_back_from_the_confirmation_keeps_what_was_typed(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    answer = client.send(f"{PAGE}/move", seen="1", day="15 December 2026", at="10am", change="1")
    typed = {one.get("name"): one.get("value") for one in read(answer.text).fields}
    assert (typed["day"], typed["at"]) == ("15 December 2026", "10am")
    assert days(house, meeting) == (date(2026, 12, 8), 0)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": "", "at": "10am"}, "Give the new day"),
        ({"day": "15 December 2026", "at": ""}, "Give the time at which it begins"),
        ({"day": "31 February 2027", "at": "10am"}, "We cannot read “31 February 2027” as a day."),
        ({"day": "December 2026", "at": "10am"}, "“December 2026” is more than one day."),
        ({"day": "<b>soon</b>", "at": "10am"}, "We cannot read “<b>soon</b>” as a day."),
        ({"day": "15 December 2026", "at": "25:00"}, "There is no such time as “25:00”."),
        ({"day": "15 December 2026", "at": "🕙"}, "We cannot read “🕙” as a time."),
        ({"day": "15 December 2026", "at": "x" * 5000}, "We cannot read “xxx"),
        ({"day": "1 November 2026", "at": "10am"}, "That time has passed."),
        ({"day": "8 December 2026", "at": "2pm"}, "It meets then already."),
        ({"day": "9 March 2027", "at": "2pm"}, "Trust Board meets on 9 March 2027 already."),
    ],
)
@pytest.mark.parametrize("confirm", ["", "1"])
def test_a_day_or_time_that_will_not_do_is_said_so_and_moves_nothing(
    client: Visitor,
    house: House,
    meeting: Meeting,
    typed: dict[str, Any],
    words: str,
    confirm: str,
) -> None:
    status, text = sent(client, **typed, confirm=confirm)
    assert status == 422
    assert words in text
    assert days(house, meeting) == (date(2026, 12, 8), 0)


def test_a_page_that_somebody_overtook_moves_nothing(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    sent(client, day="15 December 2026", at="10am", confirm="1")
    status, text = sent(client, day="17 December 2026", at="10am", confirm="1")
    assert status == 409
    assert "Somebody changed this meeting since you opened the page" in text
    assert days(house, meeting) == (date(2026, 12, 15), 1)
    status, _ = sent(client, seen=2, day="17 December 2026", at="10am", confirm="1")
    assert days(house, meeting) == (date(2026, 12, 17), 2)


@pytest.mark.parametrize(
    ("status", "words"),
    [(MeetingStatus.HELD, "was held"), (MeetingStatus.CANCELLED, "was cancelled")],
)
def test_a_meeting_that_was_held_or_cancelled_is_not_moved(
    client: Visitor, house: House, meeting: Meeting, status: MeetingStatus, words: str
) -> None:
    meeting.status = status
    house.session.commit()
    assert "Move this meeting" not in client.page(PAGE).text
    code, text = sent(client, seen=2, day="15 December 2026", at="10am", confirm="1")
    assert (code, words in text) == (422, True)
    assert days(house, meeting) == (date(2026, 12, 8), 0)


def test_the_law_is_named_where_its_day_has_passed(
    app: Flask, client: Visitor, house: House, meeting: Meeting, clock: SetClock, sign_in: SignIn
) -> None:
    house.board.access_law = True
    house.session.commit()
    seen = version(house, meeting)
    _, text = sent(client, seen=seen, day="10 November 2026", at="10am")
    assert "The law asks" not in text  # published today, it leaves five
    _, text = sent(client, seen=seen, day="9 November 2026", at="10am")
    assert "The law asks for 5 clear days between publishing and the meeting." in text
    assert "The pack had to be published by 30 October 2026, which has passed." in text
    assert "past, so it is done at once" in text


def test_the_law_counts_from_the_day_on_which_the_pack_was_published(
    app: Flask, client: Visitor, house: House, meeting: Meeting, clock: SetClock, sign_in: SignIn
) -> None:
    house.board.access_law = True
    house.session.commit()
    clock.set(clock.now() + timedelta(days=25))
    tick(app)
    sign_in(client, SECRETARY)
    assert "Published" in client.send(f"{PAGE}/publish", after="0").text
    seen = version(house, meeting)
    _, text = sent(client, seen=seen, day="3 December 2026", at="10am")
    assert "The pack was published on 27 November 2026: 3 left." in text
    _, text = sent(client, seen=seen, day="7 December 2026", at="10am")
    assert "The law asks" not in text


def test_a_day_that_nobody_works_is_pointed_out(client: Visitor, meeting: Meeting) -> None:
    assert "no working day" in sent(client, day="12 December 2026", at="10am")[1]
    assert "no working day" in sent(client, day="28 December 2026", at="10am")[1]
    assert "no working day" not in sent(client, day="11 December 2026", at="10am")[1]


def test_only_the_boards_own_secretary_or_an_administrator_moves_its_meetings(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    house.person("admin@ashshire.example", role=Role.ADMINISTRATOR)
    house.person("chair@ashshire.example", seat=BoardRole.CHAIR)
    other = house.make_board("Other Board")
    house.person("other@ashshire.example", seat=BoardRole.SECRETARY, board=other)
    for who in ("chair", "other", "member"):
        client.post("/sign-out")
        sign_in(client, f"{who}@ashshire.example")
        assert client.get(f"{PAGE}/move").status_code == 403
        answer = client.post(
            f"{PAGE}/move", data={"day": "15 December 2026", "at": "10am", "confirm": "1"}
        )
        assert answer.status_code == 403
        assert "Move this meeting" not in client.page(PAGE).text
    client.post("/sign-out")
    sign_in(client, "admin@ashshire.example")
    assert "Move this meeting" in client.page(PAGE).text
    assert days(house, meeting) == (date(2026, 12, 8), 0)


def test_the_calendar_entry_moves_in_place(client: Visitor, house: House, meeting: Meeting) -> None:
    made = read(client.send("/calendar", shows=f"board-{house.board.id}", name="Phone").text).text
    feed = next(word for word in made.split() if "/feeds/" in word).split("localhost")[1]
    before = client.get(feed).text
    sent(client, day="15 December 2026", at="10am", confirm="1")
    after = client.get(feed).text
    uids = [
        [line for line in feed.splitlines() if line.startswith("UID:")] for feed in (before, after)
    ]
    assert uids[0] == uids[1] != []
    assert "20261208T140000" in before
    assert "20261215T100000" in after
    assert "20261208T140000" not in after
