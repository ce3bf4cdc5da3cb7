"""Decisions between meetings as the clockwork runs them: asked, reminded, closed, told; once."""

from __future__ import annotations

from datetime import date, time, timedelta

from flask import Flask
from sqlalchemy import func, select

from governance.deciding.operations import answer, close_due
from governance.decision_models import (
    Answer,
    Circulation,
    CirculationState,
    Decision,
)
from tests.clockwork.conftest import Found, RunAt
from tests.factories import House
from tests.fakes import Postbox
from tests.web.deciding import CHAIR, MEMBER, OTHER, SECRETARY, STRANGER, circulate, held, people
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.jobs import tick
from tracker.kernel.times import london
from tracker.people.board_models import BoardRole, CarriedBy

# Opened on Monday 2 November 2026; it closes on Monday the 9th at 5pm, so Friday reminds.
OPENED, DAY_AFTER = date(2026, 11, 2), date(2026, 11, 3)
REMINDED, CLOSES = date(2026, 11, 6), date(2026, 11, 9)
STATES = select(Circulation.state)


def opened(house: House) -> Circulation:
    """A decision of a board of three, which closes by itself in a week."""
    people(house)
    return circulate(house, closes_at=london(CLOSES, time(17)))


def told(postbox: Postbox) -> list[str]:
    """Who has got a message since this was last asked."""
    found = sorted(letter.recipient for letter in postbox.letters)
    postbox.letters.clear()
    return found


def agreed_by(house: House, one: Circulation, email: str) -> None:
    """A member agrees."""
    house.session.expire_all()
    answer(
        house.session,
        one,
        person_id=house.people[email].id,
        answer=Answer.AGREE,
        said=None,
        recorded_by_id=None,
        now=house.now,
    )
    house.session.commit()


def test_members_are_asked_reminded_and_told_what_became_of_it(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    one = opened(house)
    run_at(OPENED, time(11))
    assert "Buy the hub a van" in postbox.letters[0].text
    assert f"/between-meetings/{one.uid}" in postbox.letters[0].text
    assert told(postbox) == [CHAIR, MEMBER, OTHER]
    run_at(DAY_AFTER)
    assert told(postbox) == []
    agreed_by(house, one, MEMBER)
    run_at(REMINDED, time(6, 59))
    assert told(postbox) == []
    run_at(REMINDED)
    assert told(postbox) == [CHAIR, OTHER]
    agreed_by(house, one, CHAIR)
    run_at(CLOSES, time(17))
    assert "Buy the hub a van: agreed" in postbox.letters[0].text
    assert told(postbox) == [CHAIR, MEMBER, OTHER, SECRETARY]
    run_at(CLOSES + timedelta(days=1))
    assert told(postbox) == []


def test_it_closes_by_itself_at_its_time_and_only_once(
    house: House, run_at: RunAt, found: Found
) -> None:
    one = opened(house)
    house.board.carried_by = CarriedBy.NO_OBJECTION
    coming = held(house, 30)
    house.session.commit()
    run_at(CLOSES, time(16, 59))
    assert found(STATES) == [CirculationState.OPEN]
    assert run_at(CLOSES, time(17)).chores == 1
    assert run_at(CLOSES, time(17, 1)).chores == 0
    assert found(select(Decision.reference)) == ["TB/2026-11/E1"]
    house.session.expire_all()
    assert one.ratify_meeting_id == coming.id
    close_due(house.session, one.id, london(CLOSES, time(18)))
    house.session.commit()
    assert found(select(func.count(Decision.id))) == [1]


def test_two_that_close_in_one_month_have_their_own_references(
    house: House, run_at: RunAt, found: Found
) -> None:
    opened(house)
    circulate(house, title="Paint it", closes_at=london(CLOSES, time(17)))
    house.board.carried_by = CarriedBy.NO_OBJECTION
    house.session.commit()
    run_at(CLOSES, time(17))
    references = found(select(Decision.reference).order_by(Decision.id))
    assert references == ["TB/2026-11/E1", "TB/2026-11/E2"]


def test_who_does_not_belong_to_the_board_any_more_is_not_asked(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    opened(house)
    house.people[OTHER].left_on = OPENED
    house.session.commit()
    run_at(OPENED, time(11))
    assert told(postbox) == [CHAIR, MEMBER]
    assert STRANGER in house.people


def test_the_chair_is_told_of_the_briefing_two_working_days_before_the_meeting(
    app: Flask, house: House, run_at: RunAt, clock: SetClock, postbox: Postbox
) -> None:
    house.cycle()
    house.person(CHAIR, seat=BoardRole.CHAIR)
    house.person(MEMBER, seat=BoardRole.MEMBER)
    house.meetings()
    run_at(date(2026, 12, 3), time(18))
    postbox.letters.clear()
    run_at(date(2026, 12, 4))
    letters = [one for one in postbox.letters if "briefing" in one.text]
    assert [one.recipient for one in letters] == [CHAIR]
    assert "/boards/trust-board/meetings/2026-12-08/briefing" in letters[0].text
    postbox.letters.clear()
    tick(app)
    assert not postbox.letters
    db.session.remove()
