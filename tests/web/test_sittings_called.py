"""The secretary calls an extra meeting, says where one is held, and holds it with other boards."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from actions.ask_models import Ask
from governance.models import Meeting
from tests.factories import PASSWORD, House
from tests.pages import Visitor, read
from tests.web.sittings import (
    BOARD,
    MEMBER,
    PAGE,
    SECRETARY,
    SignIn,
    feed,
    prepared,
    read_all,
    seen,
    send,
    titles,
)
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import BoardRole


@pytest.fixture
def meeting(client: Visitor, house: House, sign_in: SignIn) -> Meeting:
    """A meeting on 8 December 2026 at 2pm, with its secretary signed in."""
    return prepared(client, house, sign_in)


def test_an_extra_meeting_has_a_timetable_an_agenda_and_asks(
    app: Flask, client: Visitor, house: House, meeting: Meeting, clock: SetClock
) -> None:
    answer = client.send(
        f"{BOARD}/call",
        day="24 November 2026",
        at="9.30am",
        minutes="60",
        mode="remote",
        place="",
        joining_link="https://meet.example/1",
        plans=str(house.plan.id),
    )
    page = read(answer.text)
    assert "Trust Board has an extra meeting on 24 November 2026 at 9.30am." in page.text
    number, begins, ends, mode = read_all(
        house,
        select(Meeting.id, Meeting.starts_at, Meeting.ends_at, Meeting.mode).where(
            Meeting.is_extra.is_(True)
        ),
    )[0]
    assert (ends - begins, mode.value) == (timedelta(hours=1), "remote")
    assert titles(house, number)
    clock.set(clock.now() + timedelta(days=5))
    tick(app)
    assert read_all(house, select(Ask.for_on)) == [date(2026, 11, 24)]
    client.post("/sign-in", data={"email": SECRETARY, "password": PASSWORD})
    taken = client.send(
        f"{BOARD}/call", day="8 December 2026", at="9am", minutes="60", mode="remote"
    )
    assert taken.status_code == 422
    assert "Trust Board meets on 8 December 2026 already." in read(taken.text).text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"minutes": "1"}, "Give a length of 15 to 720 minutes"),
        ({"minutes": "long"}, "Not a valid integer"),
        ({"joining_link": "javascript:alert(1)"}, "The link must begin with https://"),
        ({"place": "x" * 301}, "The place must be 300 characters or fewer"),
        ({"mode": "by post"}, "Choose how members attend"),
    ],
)
def test_details_that_will_not_do_are_said_so(
    client: Visitor, house: House, meeting: Meeting, sent: dict[str, str], words: str
) -> None:
    version = str(seen(house, meeting).version)
    values = {"mode": "remote", "place": "", "joining_link": "", "minutes": "90", "seen": version}
    answer = client.send(f"{PAGE}/details", **(values | sent))
    assert (answer.status_code, words in read(answer.text).text) == (422, True)
    answer = client.send(f"{PAGE}/details", **(values | {"seen": "0"}))
    assert answer.status_code == 409


def test_details_are_saved_and_calendars_follow(
    client: Visitor, house: House, meeting: Meeting, clock: SetClock
) -> None:
    text = send(
        client,
        house,
        meeting,
        "details",
        mode="in person or remote",
        place="County Hall",
        joining_link="https://meet.example/2",
        minutes="90",
    )
    assert "Saved. Calendars follow by themselves." in text
    found = seen(house, meeting)
    assert (found.place, found.sequence) == ("County Hall", 1)
    fed = feed(client, house, clock, SECRETARY, house.board)
    assert "LOCATION:County Hall" in fed
    assert "https://meet.example/2" in fed
    assert "T153000" in fed


def test_a_joint_meeting_stands_in_the_other_boards_list_and_feed(
    client: Visitor, house: House, meeting: Meeting, clock: SetClock
) -> None:
    executive = house.make_board("Executive")
    house.person("exec@ashshire.example", seat=BoardRole.MEMBER)
    house.seat(house.people["exec@ashshire.example"], BoardRole.MEMBER, executive)
    house.session.commit()
    answer = client.send(f"{PAGE}/joint", board=str(executive.id))
    assert "Executive joins." in read(answer.text).text
    assert "8 December 2026 at 2pm" in client.page("/ashshire/boards/executive").text
    fed = feed(client, house, clock, "exec@ashshire.example", executive)
    assert "SUMMARY:Trust Board and Executive" in fed
    assert re.search(r"SEQUENCE:1\r?\n", fed)
    again = client.send(f"{PAGE}/joint", board=str(executive.id))
    assert again.status_code == 422
    answer = client.send(f"{PAGE}/joint/leave", board=str(executive.id))
    assert "Executive does not take part any more." in read(answer.text).text
    assert "8 December 2026 at 2pm" not in client.page("/ashshire/boards/executive").text
    answer = client.send(f"{PAGE}/joint/leave", board="99999999999999999999")
    assert "Nothing was changed." in read(answer.text).text


def test_only_who_runs_the_boards_meetings_may(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    client.post("/sign-out")
    sign_in(client, MEMBER)
    for what in ("cancel", "postpone", "lapse", "adjourn", "details", "joint"):
        assert client.get(f"{PAGE}/{what}").status_code == 403
    assert client.get(f"{BOARD}/call").status_code == 403
    assert "Cancel this meeting" not in client.page(PAGE).text
    line = client.page(f"{BOARD}/timeline")
    assert "Owners asked for updates" in line.text
