"""The day’s message: at most one for a person, to whom it may concern, until it is said."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from actions.ask_models import Ask
from actions.models import Action
from governance.operations import do_step, due_steps
from tests.clockwork.conftest import MORNING, Found, RunAt
from tests.clockwork.days import (
    ASK,
    CHASE,
    CLOSE,
    NEXT_WEEK,
    OTHER,
    OWNER,
    answer,
    board_meets,
)
from tests.factories import House
from tests.fakes import Postbox
from tracker.kernel.times import london
from tracker.people.models import Membership


def test_an_owner_who_has_not_answered_is_reminded_and_one_who_has_is_not(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    house.action("Open a family hub", owner=OWNER)
    answered = house.action("Train forty mentors", owner=OTHER)
    run_at(ASK)
    assert {letter.recipient for letter in postbox.letters} == {OWNER, OTHER}
    answer(house, answered, OTHER, london(ASK, time(11)))
    postbox.letters.clear()
    for day in (ASK + timedelta(days=1), CHASE, CHASE + timedelta(days=1), CLOSE):
        run_at(day, time(9))
    reminders = postbox.letters
    assert [letter.recipient for letter in reminders] == [OWNER, OWNER]
    assert [letter.subject for letter in reminders] == [
        "1 action needs an update from you",
        "Last call: 1 action needs an update from you",
    ]
    for reminder in reminders:
        assert "still waits for an update" in reminder.text
        assert "Open a family hub" in reminder.text


def test_after_downtime_an_ask_and_its_reminder_are_one_request(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    house.action(owner=OWNER)
    run_at(CHASE + timedelta(days=1), time(9))
    (letter,) = postbox.letters
    assert letter.subject == "1 action needs an update from you"
    assert "Trust Board asks for an update" in letter.text
    assert letter.text.count("/actions/1/progress") == 1
    run_at(CLOSE - timedelta(days=1))
    assert len(postbox.letters) == 1


def test_what_a_kill_kept_from_being_said_is_said_after_any_downtime(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    house.action(owner=OWNER)
    run_at(NEXT_WEEK)
    asked_at = london(ASK, MORNING)
    (step,) = due_steps(house.session, asked_at)
    assert do_step(house.session, step.step_id, now=asked_at) is not None
    house.session.commit()
    run_at(CHASE - timedelta(days=1))
    assert [letter.recipient for letter in postbox.letters] == [OWNER]


def test_an_owner_who_comes_after_the_ask_is_told_of_it(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    action = house.action()
    run_at(ASK)
    house.owner(action, OWNER)
    run_at(ASK + timedelta(days=1))
    assert [letter.recipient for letter in postbox.letters] == [OWNER]


def test_one_message_a_day_holds_what_two_boards_and_two_partnerships_ask(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    house.action("Open a family hub", owner=OWNER)
    house.plan = house.make_plan("Youth Plan")
    house.priority = house.make_priority("1", "Young people are heard")
    every_other_month = "FREQ=MONTHLY;INTERVAL=2;BYDAY=3TU"
    board_meets(house, every_other_month, board=house.make_board("Youth Board"))
    house.action("Ask young people", owner=OWNER)
    beech = House(house.session, house.now, slug="beechshire")
    beech.cycle()
    beech.action("Mend the roof", owner=OWNER)
    # Both ask on one day; then the youth board asks; the chase; the last call of one; the chase.
    for day in (ASK, date(2026, 11, 17), CHASE, CLOSE, date(2026, 11, 27)):
        for at in (time(7), time(12)):
            run_at(day, at)
    keys = [letter.key for letter in postbox.letters]
    assert len(keys) == len(set(keys)) == 5
    first = postbox.letters[0]
    assert first.subject == "2 actions need an update from you"
    assert "/ashshire/actions/1/progress" in first.text
    assert "/beechshire/actions/1/progress" in first.text
    assert any("Ask young people" in letter.text for letter in postbox.letters)


def test_what_comes_after_the_day_s_message_waits_for_the_next_day(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    house.action("Open a family hub", owner=OWNER)
    run_at(ASK)
    beech = House(house.session, london(ASK, time(9)), slug="beechshire")
    beech.cycle()
    beech.action("Mend the roof", owner=OWNER)
    for at in (time(10), time(14), time(23, 59)):
        run_at(ASK, at)
    assert len(postbox.letters) == 1
    run_at(ASK + timedelta(days=1))
    run_at(ASK + timedelta(days=1), time(8))
    first, second = postbox.letters
    assert "Mend the roof" not in first.text
    assert "Mend the roof" in second.text
    assert "Open a family hub" not in second.text


@pytest.mark.parametrize("how", ["product", "partnership", "action"])
def test_people_who_left_get_nothing(
    house: House, run_at: RunAt, postbox: Postbox, found: Found, how: str
) -> None:
    house.cycle()
    action = house.action()
    house.action("Train forty mentors", owner=OTHER)
    owner = house.owner(action, OWNER)
    person = house.people[OWNER]
    if how == "product":
        person.left_on = ASK
    elif how == "partnership":
        membership = house.session.scalar(
            select(Membership).where(
                Membership.partnership_id == house.tenant, Membership.person_id == person.id
            )
        )
        assert membership is not None
        membership.to_on = ASK - timedelta(days=1)
    else:
        owner.to_on = ASK - timedelta(days=1)
    house.session.commit()
    run_at(ASK)
    run_at(CHASE)
    assert {letter.recipient for letter in postbox.letters} == {OTHER}
    assert len(found(select(Ask.id))) == 2


def test_an_action_that_the_board_put_on_hold_is_neither_asked_about_nor_chased(
    house: House, run_at: RunAt, postbox: Postbox, found: Found
) -> None:
    house.cycle()
    held = house.action("Open a family hub", owner=OWNER)
    held.on_hold_until = date(2027, 3, 31)
    asked = house.action("Train forty mentors", owner=OWNER)
    run_at(ASK)
    assert found(select(Action.title).join(Ask, Ask.action_id == Action.id)) == [asked.title]
    house.session.expire_all()
    asked.on_hold_until = date(2027, 3, 31)
    house.session.commit()
    run_at(CHASE)
    assert len(postbox.letters) == 1
