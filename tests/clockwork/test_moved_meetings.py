"""A meeting that moves takes its asks along, and leaves those behind that others relied on."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from actions.answer_models import Delegation
from actions.ask_models import Ask
from actions.asks import move_asks
from actions.models import Action
from governance.models import Meeting, TimetableStep
from governance.moving import move_meeting
from governance.timetable import StepKind
from tests.clockwork.conftest import Found, RunAt
from tests.clockwork.days import ASK, CHASE, CLOSE, MEETING, OTHER, OWNER, answer
from tests.factories import House
from tests.fakes import Postbox
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.edges.clock import SetClock
from tracker.kernel.times import london
from tracker.people.board_models import Board

WEEK = timedelta(days=7)
ASKS = select(Ask.for_on, Ask.closes_at, Ask.answered_at.is_not(None)).order_by(Ask.id)
STEPS = (
    select(TimetableStep.kind, TimetableStep.planned_at, TimetableStep.done_at.is_not(None))
    .join(Meeting, Meeting.id == TimetableStep.meeting_id)
    .where(Meeting.occurrence_on == MEETING)
)


def moved(house: House, clock: SetClock, to: date, *, board: Board | None = None) -> None:
    """Move a board's first meeting to another day, at 2pm."""
    house.session.expire_all()
    meeting = house.session.scalars(
        select(Meeting)
        .where(
            Meeting.partnership_id == house.tenant,
            Meeting.board_id == (board or house.board).id,
        )
        .order_by(Meeting.occurrence_on)
    ).first()
    assert meeting is not None
    move_meeting(
        house.session,
        meeting,
        to=to,
        starts_at=time(14),
        now=clock.now(),
        holidays=EnglishBankHolidays(),
    )
    house.session.commit()


def test_open_asks_follow_the_meeting_and_answered_ones_stay(
    house: House, run_at: RunAt, found: Found, clock: SetClock, postbox: Postbox
) -> None:
    house.cycle()
    house.action("Open a family hub", owner=OWNER)
    answered = house.action("Train forty mentors", owner=OTHER)
    run_at(ASK)
    answer(house, answered, OTHER, london(ASK, time(11)))
    moved(house, clock, MEETING + WEEK)
    closes = london(CLOSE + WEEK, time(17))
    assert found(ASKS) == [
        (MEETING + WEEK, closes, False),
        (MEETING, london(CLOSE, time(17)), True),
    ]
    steps = {kind: (planned_at, is_done) for kind, planned_at, is_done in found(STEPS)}
    assert steps[StepKind.ASK] == (london(ASK, time(7)), True)
    assert steps[StepKind.CHASE] == (london(CHASE + WEEK, time(7)), False)
    assert steps[StepKind.UPDATES_CLOSE] == (closes, False)
    run_at(CHASE)
    run_at(CLOSE, time(17))
    assert found(select(Ask.closed_at).where(Ask.answered_at.is_(None))) == [None]
    postbox.letters.clear()
    run_at(CHASE + WEEK)
    assert [letter.recipient for letter in postbox.letters] == [OWNER]
    assert "updates close at 5pm on 3 December" in postbox.letters[0].text
    run_at(CLOSE + WEEK, time(17))
    assert found(select(Ask.closed_at).where(Ask.answered_at.is_(None))) == [closes]


def test_moved_earlier_what_is_past_is_due_at_once_and_marked_late(
    house: House, run_at: RunAt, found: Found, clock: SetClock
) -> None:
    house.cycle()
    house.action(owner=OWNER)
    run_at(date(2026, 11, 9))
    moved(house, clock, date(2026, 11, 24))
    run_at(date(2026, 11, 9), time(8))
    done = {kind: planned_at for kind, planned_at, is_done in found(STEPS) if is_done}
    assert done == {
        StepKind.ASK: london(date(2026, 10, 27), time(7)),
        StepKind.CHASE: london(date(2026, 11, 6), time(7)),
    }
    assert found(select(TimetableStep.is_late).where(TimetableStep.done_at.is_not(None))) == [
        True,
        True,
    ]
    assert found(ASKS) == [(date(2026, 11, 24), london(date(2026, 11, 12), time(17)), False)]


def test_moved_after_the_close_nothing_is_asked_or_closed_again(
    house: House, run_at: RunAt, found: Found, clock: SetClock
) -> None:
    house.cycle()
    house.action(owner=OWNER)
    run_at(ASK)
    run_at(CLOSE, time(17))
    moved(house, clock, MEETING + WEEK)
    assert found(select(Ask.for_on)) == [MEETING + WEEK]
    run_at(MEETING, time(18))
    run_at(CLOSE + WEEK, time(18))
    assert found(select(Ask.closed_at)) == [london(CLOSE, time(17))]
    assert found(select(Action.last_ask_closed_at)) == [london(CLOSE, time(17))]


def _two_boards(house: House, days_later: int) -> Board:
    """The plan is reviewed by two boards; the other's only meeting is some days later."""
    house.cycle("FREQ=YEARLY", starts_on=MEETING)
    other = house.make_board("Executive")
    house.cycle("FREQ=YEARLY", starts_on=MEETING + timedelta(days=days_later), board=other)
    return other


@pytest.mark.parametrize(
    ("was_answered", "to", "asks"),
    [
        # The other board, twelve days later, relied on the first one's ask.
        (False, MEETING + timedelta(days=7), {("Trust Board", MEETING + timedelta(days=7))}),
        (
            False,
            MEETING + timedelta(days=60),
            {
                ("Trust Board", MEETING + timedelta(days=60)),
                ("Executive", MEETING + timedelta(days=12)),
            },
        ),
        (True, MEETING + timedelta(days=7), {("Trust Board", MEETING)}),
        (True, MEETING + timedelta(days=60), {("Trust Board", MEETING)}),
    ],
    ids=["near", "far", "answered-near", "answered-far"],
)
def test_one_ask_still_serves_every_meeting_within_thirty_days_when_one_of_them_moves(
    house: House,
    run_at: RunAt,
    found: Found,
    clock: SetClock,
    was_answered: bool,
    to: date,
    asks: set[tuple[str, date]],
) -> None:
    _two_boards(house, 12)
    action = house.action(owner=OWNER)
    run_at(ASK)
    if was_answered:
        answer(house, action, OWNER, london(ASK, time(11)))
    run_at(ASK + timedelta(days=14))  # the other board's ask comes, and finds one there
    assert len(found(select(Ask.id))) == 1
    moved(house, clock, to)
    there = found(select(Board.name, Ask.for_on).join(Board, Board.id == Ask.board_id))
    assert set(there) == asks
    assert len(there) == len(asks)


def test_a_meeting_that_leaves_the_one_whose_ask_it_relied_on_asks_for_itself(
    house: House, run_at: RunAt, found: Found, clock: SetClock
) -> None:
    other = _two_boards(house, 12)
    house.action(owner=OWNER)
    run_at(ASK + timedelta(days=14))
    far = MEETING + timedelta(days=90)
    moved(house, clock, far, board=other)
    there = found(select(Board.name, Ask.for_on).join(Board, Board.id == Ask.board_id))
    assert set(there) == {("Trust Board", MEETING), ("Executive", far)}


@pytest.mark.parametrize("there", ["open", "closed", "answered"])
def test_two_asks_for_one_day_become_one_with_whoever_was_handed_it(
    house: House, found: Found, there: str
) -> None:
    action = house.action(owner=OWNER)
    other = house.person(OTHER)
    first = house.ask(action, days=7)
    second = house.ask(action, days=14, closed=there == "closed")
    if there == "answered":
        second.answered_at = house.now
    handed = Delegation(
        partnership_id=house.tenant,
        action_id=action.id,
        ask_id=first.id,
        by_id=house.people[OWNER].id,
        to_id=other.id,
        made_at=house.now,
    )
    house.session.add(handed)
    house.session.commit()
    closes = house.now + timedelta(days=20)
    move_asks(
        house.session,
        house.tenant,
        board_id=house.board.id,
        from_on=first.for_on,
        to_on=second.for_on,
        closes_at=closes,
    )
    house.session.commit()
    assert found(select(Ask.id)) == [second.id]
    assert found(select(Delegation.ask_id)) == [second.id]
    assert found(select(Ask.closed_at, Ask.answered_at.is_not(None))) == [
        (None, there == "answered")
    ]
    assert found(select(Action.last_ask_closed_at)) == [None]
    if there != "answered":
        assert found(select(Ask.closes_at)) == [closes]


def test_a_meeting_that_moves_a_season_later_asks_again_near_its_new_day(
    house: House, run_at: RunAt, found: Found, clock: SetClock, postbox: Postbox
) -> None:
    house.cycle("FREQ=YEARLY", starts_on=MEETING)
    house.action("Open a family hub", owner=OWNER)
    answered = house.action("Train forty mentors", owner=OTHER)
    run_at(ASK)
    answer(house, answered, OTHER, london(ASK, time(11)))
    later = timedelta(weeks=9)
    moved(house, clock, MEETING + later)
    steps = {kind: (planned_at, is_done) for kind, planned_at, is_done in found(STEPS)}
    planned_at, is_done = steps[StepKind.ASK]
    assert not is_done
    assert planned_at > london(MEETING, time(7))
    postbox.letters.clear()
    run_at(CHASE)
    run_at(CLOSE, time(17))
    assert postbox.letters == []
    run_at(planned_at.date())
    assert sorted(letter.recipient for letter in postbox.letters) == [OTHER, OWNER]
    open_now = select(Ask.for_on).where(Ask.answered_at.is_(None), Ask.closed_at.is_(None))
    assert found(open_now) == [MEETING + later] * 2
