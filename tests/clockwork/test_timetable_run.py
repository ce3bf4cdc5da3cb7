"""The timetable as the clockwork runs it: asked, closed, held, at its time and once."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from actions.ask_models import Ask
from actions.models import Action
from governance.models import Meeting, MeetingStatus, TimetableStep
from governance.pack_models import Pack, PackStatus
from governance.timetable import StepKind
from tests.clockwork.conftest import Found, RunAt
from tests.clockwork.days import (
    ASK,
    CHASE,
    CLOSE,
    MEETING,
    MONTHLY,
    NEXT_WEEK,
    OTHER,
    OWNER,
    answer,
    board_meets,
)
from tests.factories import House
from tests.fakes import PlainRenderer, Postbox
from tracker.kernel.times import london

ASKS = select(Action.title, Ask.for_on).join(Action, Action.id == Ask.action_id)


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


FIRST, WITHIN, BEYOND = date(2026, 12, 8), date(2027, 1, 7), date(2027, 1, 8)


@pytest.mark.parametrize(
    ("other", "answered", "asks"),
    [
        (WITHIN, True, [FIRST]),
        (WITHIN, False, [FIRST, WITHIN]),
        (BEYOND, True, [FIRST, BEYOND]),
    ],
    ids=["within-30-days", "nobody-answered", "31-days-apart"],
)
def test_one_answered_ask_serves_every_meeting_within_thirty_days(
    house: House, run_at: RunAt, found: Found, other: date, answered: bool, asks: list[date]
) -> None:
    house.cycle()
    rule = f"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY={other.day}"
    board_meets(house, rule, board=house.make_board("Executive"))
    action = house.action(owner=OWNER)
    run_at(ASK)
    if answered:
        answer(house, action, OWNER, london(ASK, time(9)))
    for on in (CHASE, date(2026, 12, 7), date(2026, 12, 14)):
        run_at(on)
    assert found(select(Ask.for_on).order_by(Ask.for_on)) == asks


def test_an_ask_that_still_waits_serves_the_next_meeting_too(
    house: House, run_at: RunAt, found: Found
) -> None:
    house.cycle()
    house.cycle(starts_on=date(2026, 3, 9), board=house.make_board("Executive"))
    house.action(owner=OWNER)
    run_at(ASK)
    run_at(CHASE)
    assert len(found(ASKS)) == 1


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
        (StepKind.LAST_CALL, at, True),
        (StepKind.UPDATES_CLOSE, at, True),
        (StepKind.PAPERS_DUE, at, True),
        (StepKind.CHAIRS_BRIEFING, at, True),
        (StepKind.MEETING, at, False),
    ]
    assert len(found(ASKS)) == 1
    assert len(found(select(Pack.id))) == 1


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
