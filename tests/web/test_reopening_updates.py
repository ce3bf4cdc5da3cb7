"""The secretary opens updates again on the meeting's page, until the pack is published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from governance.models import TimetableStep
from governance.timetable import StepKind
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.publishing import through_gate
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import BoardRole
from tracker.people.models import Role

SignIn = Callable[[Visitor, str], None]
SECRETARY, OWNER = "secretary@ashshire.example", "owner@ashshire.example"
PAGE = "/ashshire/boards/trust-board/meetings/2026-12-08"


@pytest.fixture
def closed(app: Flask, client: Visitor, house: House, sign_in: SignIn, clock: SetClock) -> House:
    """A meeting on 8 December whose updates closed on 26 November; it is the day after."""
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.action("Open a family hub", owner=OWNER)
    house.cycle()
    house.meetings()
    for days in (8, 25):
        clock.set(clock.now().replace(day=2) + timedelta(days=days))
        tick(app)
    sign_in(client, SECRETARY)
    return house


def rounds(house: House) -> list[int]:
    """How often updates of each meeting were opened."""
    house.session.rollback()
    found = house.session.scalars(
        select(TimetableStep.round)
        .where(
            TimetableStep.partnership_id == house.tenant,
            TimetableStep.kind == StepKind.UPDATES_CLOSE,
            TimetableStep.round > 1,
        )
        .order_by(TimetableStep.id)
    ).all()
    house.session.rollback()
    return list(found)


def test_updates_are_opened_again_until_a_day_and_time(client: Visitor, closed: House) -> None:
    assert f"{PAGE}/reopen" in client.page(PAGE).hrefs
    assert "until 1 December 2026 at 5pm at the latest" in client.page(f"{PAGE}/reopen").text
    answer = client.send(f"{PAGE}/reopen", day="30 November 2026", at="9.30am")
    text = read(answer.text).text
    assert "Updates are open again until 30 November 2026 at 9.30am. 1 action asked again." in text
    assert "The draft is composed anew when they close" in text
    assert "Publish the pack" not in text
    assert rounds(closed) == [2]
    refused = client.send(f"{PAGE}/publish", after="0").text
    assert "Updates are open again until 30 November 2026 at 9.30am" in refused
    assert "Published: version" not in refused
    again = client.send(f"{PAGE}/reopen", day="30 November 2026", at="9.30am").text
    assert "Updates are open until 30 November 2026 at 9.30am." in again
    assert rounds(closed) == [2]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Give the day on which they close again"),
        ({"day": "30 November 2026", "at": ""}, "Give the time at which they close again"),
        ({"day": "31 November 2026", "at": "5pm"}, "We cannot read “31 November 2026” as a day."),
        ({"day": "30 November 2026", "at": "tea"}, "We cannot read “tea” as a time."),
        ({"day": "26 November 2026", "at": "5pm"}, "That time has passed."),
        ({"day": "2 December 2026", "at": "9am"}, "Give a time by 1 December 2026 at 5pm"),
    ],
)
def test_a_day_or_time_that_will_not_do_is_said_so_and_opens_nothing(
    client: Visitor, closed: House, typed: dict[str, str], words: str
) -> None:
    answer = client.send(f"{PAGE}/reopen", **typed)
    assert answer.status_code == 422
    page = read(answer.text)
    assert words in page.text
    kept = {one.get("name"): one.get("value") for one in page.fields}
    assert {name: kept[name] for name in typed} == typed
    assert rounds(closed) == []


def test_once_the_pack_is_published_updates_stay_closed(client: Visitor, closed: House) -> None:
    assert "Published: version 1" in through_gate(client, PAGE).text
    assert f"{PAGE}/reopen" not in client.page(PAGE).hrefs
    answer = client.send(f"{PAGE}/reopen", day="30 November 2026", at="9am")
    assert "The pack is published, so updates stay closed." in answer.text
    assert rounds(closed) == []


def test_only_the_boards_own_secretary_or_an_administrator_opens_its_updates(
    client: Visitor, closed: House, sign_in: SignIn
) -> None:
    closed.person("admin@ashshire.example", role=Role.ADMINISTRATOR)
    closed.person("chair@ashshire.example", seat=BoardRole.CHAIR)
    for who in ("chair", "owner"):
        client.post("/sign-out")
        sign_in(client, f"{who}@ashshire.example")
        sent = {"day": "30 November 2026", "at": "9am"}
        assert client.get(f"{PAGE}/reopen").status_code == 403
        assert client.post(f"{PAGE}/reopen", data=sent).status_code == 403
    client.post("/sign-out")
    sign_in(client, "admin@ashshire.example")
    assert client.get(f"{PAGE}/reopen").status_code == 200
    assert rounds(closed) == []
