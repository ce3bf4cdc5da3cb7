"""The timetable as the clockwork runs it: asked, chased, closed, held, at its time and once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from actions.ask_models import Ask
from actions.models import Action
from actions.operations import record_no_change
from governance.models import Meeting, MeetingStatus, Pack, PackStatus, TimetableStep
from governance.operations import do_step, due_steps
from governance.timetable import StepKind
from tests.clockwork.conftest import MORNING, Found, RunAt
from tests.factories import House
from tests.fakes import PlainRenderer, Postbox
from tracker.kernel.times import london
from tracker.people.board_models import Board
from tracker.people.models import Membership

# The board meets on the second Tuesday of each third month; the next time on 8 December 2026.
MEETING = date(2026, 12, 8)
ASK = date(2026, 11, 10)  # T-20
CHASE = date(2026, 11, 20)  # T-12
CLOSE = date(2026, 11, 26)  # T-8
MONTHLY = "FREQ=MONTHLY;BYDAY=2TU"
NEXT_WEEK = date(2026, 11, 9)
OWNER = "owner@a.example"
OTHER = "other@a.example"
ASKS = select(Action.title, Ask.for_on).join(Action, Action.id == Ask.action_id)


def board_meets(house: House, rule: str, *, board: Board | None = None) -> None:
    """Have a board meet by a rule, from October 2026 on."""
    house.cycle(rule, starts_on=date(2026, 10, 1), board=board)


def answer(house: House, action: Action, email: str, at: datetime) -> None:
    """Record "no change" in somebody's name."""
    house.session.expire_all()
    record_no_change(
        house.session,
        action,
        person_id=house.people[email].id,
        last_seen=action.last_entry_number,
        now=at,
    )
    house.session.commit()


def test_owners_are_asked_at_seven_on_the_twentieth_working_day_before_a_quarterly_meeting(
    house: House, run_at: RunAt, found: Found
) -> None:
    house.cycle()
    house.action("Open a family hub", owner=OWNER)
    house.action("Train forty mentors")
    run_at(ASK, time(6, 59))
    assert found(ASKS) == []
    run_at(ASK)
    assert found(ASKS.order_by(Action.number)) == [
        ("Open a family hub", MEETING),
        ("Train forty mentors", MEETING),
    ]
    assert set(found(select(Ask.opens_at, Ask.closes_at))) == {
        (london(ASK, time(7)), london(CLOSE, time(17)))
    }


def test_a_board_that_meets_every_month_asks_on_the_twelfth_working_day(
    house: House, run_at: RunAt, found: Found
) -> None:
    board_meets(house, MONTHLY)
    house.action(owner=OWNER)
    run_at(date(2026, 11, 19))
    asked_before = found(ASKS)
    run_at(date(2026, 11, 20))
    fresh = [ask for ask in found(ASKS) if ask not in asked_before]
    assert fresh == [("Open a family hub", MEETING)]


@pytest.mark.parametrize(
    ("rule", "asks"),
    [
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=7", [date(2026, 12, 8)]),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=8", [date(2026, 12, 8), date(2027, 1, 8)]),
    ],
    ids=["within-30-days", "31-days-apart"],
)
def test_one_ask_serves_every_meeting_within_thirty_days(
    house: House, run_at: RunAt, found: Found, rule: str, asks: list[date]
) -> None:
    house.cycle()
    board_meets(house, rule, board=house.make_board("Executive"))
    house.action(owner=OWNER)
    for on in (ASK, CHASE, date(2026, 12, 7), date(2026, 12, 14)):
        run_at(on)
    assert found(select(Ask.for_on).order_by(Ask.for_on)) == asks


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
    (reminder,) = postbox.letters
    assert reminder.recipient == OWNER
    assert "still waits for an update" in reminder.text
    assert "Open a family hub" in reminder.text


def test_updates_close_at_five_which_keeps_the_draft_and_leaves_the_unanswered_unconfirmed(
    house: House, run_at: RunAt, found: Found, renderer: PlainRenderer
) -> None:
    house.cycle()
    house.action("Open a family hub", owner=OWNER)
    answered = house.action("Train forty mentors", owner=OTHER)
    run_at(ASK)
    answer(house, answered, OTHER, london(ASK, time(11)))
    run_at(CLOSE, time(16, 59))
    assert found(select(Pack.id)) == []
    assert found(select(Ask.id).where(Ask.closed_at.is_not(None))) == []
    run_at(CLOSE, time(17))
    closed = london(CLOSE, time(17))
    drafts = select(Pack.status, Pack.as_at, Pack.pages).where(Pack.pdf_sha256.is_not(None))
    assert found(drafts) == [(PackStatus.DRAFT, closed, 7)]
    assert set(found(select(Ask.closed_at))) == {closed}
    assert found(select(Action.title).where(Action.last_ask_closed_at.is_not(None))) == [
        "Open a family hub"
    ]
    run_at(CLOSE, time(18))
    assert len(renderer.rendered) == 1


def test_a_meeting_is_held_when_it_is_over(house: House, run_at: RunAt, found: Found) -> None:
    house.cycle()
    statuses = select(Meeting.status).where(Meeting.meets_on == MEETING)
    run_at(MEETING, time(15, 59))
    assert found(statuses) == [MeetingStatus.PLANNED]
    run_at(MEETING, time(16))
    assert found(statuses) == [MeetingStatus.HELD]


def test_a_cancelled_meeting_asks_nobody_and_closes_nothing(
    house: House, run_at: RunAt, found: Found, postbox: Postbox
) -> None:
    house.cycle()
    house.action(owner=OWNER)
    house.meetings()[0].status = MeetingStatus.CANCELLED
    house.session.commit()
    run_at(MEETING, time(18))
    assert found(ASKS) == []
    assert found(select(Pack.id)) == []
    assert found(select(Meeting.status).where(Meeting.meets_on == MEETING)) == [
        MeetingStatus.CANCELLED
    ]
    assert not postbox.letters


def test_after_downtime_what_was_missed_is_done_once_and_marked_late(
    house: House, run_at: RunAt, found: Found
) -> None:
    house.cycle()
    house.action(owner=OWNER)
    run_at(NEXT_WEEK)
    run_at(MEETING, time(20))
    run_at(MEETING, time(21))
    done = select(TimetableStep.kind, TimetableStep.done_at, TimetableStep.is_late).where(
        TimetableStep.done_at.is_not(None)
    )
    at = london(MEETING, time(20))
    assert found(done.order_by(TimetableStep.planned_at, TimetableStep.id)) == [
        (StepKind.ASK, at, True),
        (StepKind.CHASE, at, True),
        (StepKind.UPDATES_CLOSE, at, True),
        (StepKind.MEETING, at, False),
    ]
    assert len(found(ASKS)) == 1
    assert len(found(select(Pack.id))) == 1


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
    run_at(CLOSE)
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
    for day in (ASK, date(2026, 11, 17), CHASE, date(2026, 11, 27)):
        for at in (time(7), time(12)):
            run_at(day, at)
    keys = [letter.key for letter in postbox.letters]
    assert len(keys) == len(set(keys)) == 4
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
    assert len(found(ASKS)) == 2


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


def test_meetings_are_made_eighteen_months_ahead_and_then_week_by_week(
    house: House, run_at: RunAt, found: Found
) -> None:
    board_meets(house, MONTHLY)
    days = select(Meeting.meets_on).order_by(Meeting.meets_on)
    assert run_at(date(2026, 11, 2)).meetings == 18
    first = found(days)
    assert (first[0], first[-1]) == (date(2026, 11, 10), date(2028, 4, 11))
    assert run_at(date(2026, 11, 8), time(23)).meetings == 0
    assert run_at(NEXT_WEEK).meetings == 1
    assert found(days) == [*first, date(2028, 5, 9)]


def test_a_meeting_that_moved_is_not_made_again_on_its_old_day(
    house: House, run_at: RunAt, found: Found
) -> None:
    house.cycle()
    run_at(date(2026, 11, 2))
    count = found(select(func.count()).select_from(Meeting))
    house.session.expire_all()
    moved = house.meetings()[0]
    moved.meets_on += timedelta(days=7)
    moved.starts_at += timedelta(days=7)
    moved.ends_at += timedelta(days=7)
    house.session.commit()
    assert run_at(NEXT_WEEK).meetings == 0
    assert found(select(func.count()).select_from(Meeting)) == count
    assert found(select(Meeting.occurrence_on).where(Meeting.meets_on == date(2026, 12, 15))) == [
        MEETING
    ]
