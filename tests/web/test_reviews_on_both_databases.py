"""Rules that change, and change back, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, time

import pytest
from flask import Flask
from sqlalchemy import select

from governance.meetings import make_meetings
from governance.models import Meeting, MeetingPlan, MeetingStatus, ReviewCycle
from governance.moving import move_meeting
from governance.pack_models import Pack, PackStatus
from governance.queries import meetings, steps
from governance.reviews.changing import Change, plan_change
from governance.reviews.operations import save_cycle
from governance.reviews.queries import as_it_is, ended
from governance.reviews.rules import read_cycle
from governance.timetable import StepKind
from tests.conftest import NOW
from tests.factories import House
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.edges.db import db
from tracker.kernel.times import london_day
from tracker.ledger.blobs import file_bytes

HOLIDAYS = EnglishBankHolidays()
TUESDAYS = "second Tuesday of March, June, September and December"
WEDNESDAYS = "second Wednesday of March, June, September and December"
MONTHLY = "second Tuesday of every month"


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str) -> Iterator[House]:
    """A small partnership on a database of each kind."""
    with make_app(any_url).app_context():
        yield House(db.session(), NOW)


def changed(house: House, cycle: ReviewCycle, words: str, *, at: time | None = None) -> Change:
    """Change a cycle's rule."""
    now = as_it_is(house.session, cycle)
    assert now.starts_on is not None
    wanted = replace(
        now,
        rule=read_cycle(words).on(now.starts_on, now.ends_on),
        starts_at=at or now.starts_at,
    )
    _, change = save_cycle(
        house.session, house.board, cycle, wanted, now=house.now, holidays=HOLIDAYS
    )
    house.session.commit()
    return change


def board_meetings(house: House) -> list[Meeting]:
    """The board's meetings, in order, those that fell away left out."""
    found = meetings(house.session, house.tenant, board_ids=[house.board.id])
    return [one for one in found if not one.status.fell_away]


def days(house: House) -> list[date]:
    """The days of the board's meetings."""
    return [one.meets_on for one in board_meetings(house)]


def made_again(house: House) -> int:
    """How many meetings the weekly making of meetings adds."""
    made = make_meetings(house.session, house.partnership, HOLIDAYS, now=house.now)
    house.session.commit()
    return made


def test_meetings_move_with_their_rule_and_back_and_none_is_made_twice(either: House) -> None:
    cycle = either.cycle()
    either.meetings()
    before = days(either)
    ids = [one.id for one in board_meetings(either)]
    change = changed(either, cycle, WEDNESDAYS)
    assert len(change.moves) == len(before)
    assert days(either)[:2] == [date(2026, 12, 9), date(2027, 3, 10)]
    assert made_again(either) == 0
    changed(either, cycle, TUESDAYS)
    assert days(either) == before
    assert [one.id for one in board_meetings(either)] == ids
    assert made_again(either) == 0


def test_a_meeting_that_moves_takes_its_timetable_along(either: House) -> None:
    cycle = either.cycle()
    first = either.meetings()[0]
    changed(either, cycle, WEDNESDAYS)
    rows = {row.kind: row.planned_at for row in steps(either.session, first)}
    assert rows[StepKind.MEETING] == first.starts_at
    assert london_day(rows[StepKind.UPDATES_CLOSE]) == date(2026, 11, 27)


def test_more_often_makes_meetings_less_often_cancels_and_back_plans_them_again(
    either: House,
) -> None:
    cycle = either.cycle()
    either.meetings()
    quarterly = days(either)
    more = changed(either, cycle, MONTHLY)
    assert (more.moves, more.cancels) == ((), ())
    monthly = days(either)
    assert set(quarterly) < set(monthly)
    fewer = changed(either, cycle, TUESDAYS)
    assert len(fewer.cancels) == len(monthly) - len(quarterly)
    assert days(either) == quarterly
    again = changed(either, cycle, MONTHLY)
    assert len(again.revives) == len(fewer.cancels)
    assert again.makes == ()
    assert days(either) == monthly
    assert made_again(either) == 0


def test_what_was_moved_by_hand_or_cancelled_by_hand_stays_and_its_day_is_not_made(
    either: House,
) -> None:
    cycle = either.cycle()
    first, second, *_ = either.meetings()
    move_meeting(
        either.session,
        first,
        to=date(2026, 12, 15),
        starts_at=time(14),
        now=either.now,
        holidays=HOLIDAYS,
    )
    second.status, second.status_words = MeetingStatus.CANCELLED, "Half term"
    either.session.commit()
    change = changed(either, cycle, WEDNESDAYS)
    assert [(one.id, why) for one, why in change.stays] == [(first.id, "it was moved by hand")]
    assert first.meets_on == date(2026, 12, 15)
    assert date(2026, 12, 9) not in days(either)
    assert date(2027, 3, 10) not in days(either)
    assert made_again(either) == 0


def test_a_published_meeting_stays_and_the_new_day_beside_it_is_not_made(either: House) -> None:
    cycle = either.cycle()
    first = either.meetings()[0]
    either.session.add(
        Pack(
            partnership_id=either.tenant,
            meeting_id=first.id,
            status=PackStatus.PUBLISHED,
            schema_version=1,
            composed_at=NOW,
            as_at=NOW,
            snapshot_sha256=file_bytes(either.session, b"{}", "application/json", now=NOW),
            published_at=NOW,
        )
    )
    either.session.commit()
    change = changed(either, cycle, WEDNESDAYS)
    assert [(one.id, why) for one, why in change.stays] == [(first.id, "its pack is published")]
    assert change.given_up == (date(2026, 12, 9),)
    assert days(either)[:2] == [date(2026, 12, 8), date(2027, 3, 10)]
    assert made_again(either) == 0


def test_a_meeting_that_another_cycle_gives_stays_for_that_one(either: House) -> None:
    cycle = either.cycle()
    other = either.cycle("FREQ=MONTHLY;INTERVAL=6;BYDAY=2TU", starts_on=date(2026, 3, 2), plans=[])
    either.meetings()
    changed(either, cycle, WEDNESDAYS)
    found = days(either)
    # The other one falls on September and March.
    assert {date(2027, 3, 9), date(2027, 3, 10), date(2026, 12, 9)} <= set(found)
    assert date(2026, 12, 8) not in found
    shared = next(one for one in board_meetings(either) if one.meets_on == date(2027, 3, 9))
    rows = either.session.scalars(
        select(MeetingPlan.id).where(
            MeetingPlan.partnership_id == either.tenant, MeetingPlan.meeting_id == shared.id
        )
    ).all()
    assert rows == []
    assert other.rule is not None


def test_a_new_time_moves_the_same_meetings_and_a_gap_their_run_up(either: House) -> None:
    cycle = either.cycle()
    first = either.meetings()[0]
    changed(either, cycle, TUESDAYS, at=time(9, 30))
    assert first.starts_at.hour == 9
    assert first.sequence == 1
    changed(either, cycle, MONTHLY)
    assert first.gap_days == 28
    asks = next(row for row in steps(either.session, first) if row.kind is StepKind.ASK)
    assert london_day(asks.planned_at) == date(2026, 11, 20)  # T-12, not T-20


def test_ending_takes_plans_off_and_looking_changes_nothing(either: House) -> None:
    keeps = either.cycle(plans=[])
    cycle = either.cycle(starts_on=date(2026, 3, 2))
    either.meetings()
    wanted = ended(as_it_is(either.session, cycle), either.now.date())
    plan_change(either.session, either.board, cycle, wanted, now=either.now)
    assert not either.session.dirty
    before = days(either)
    _, change = save_cycle(
        either.session, either.board, cycle, wanted, now=either.now, holidays=HOLIDAYS
    )
    either.session.commit()
    assert (change.cancels, days(either)) == ((), before)
    rows = either.session.scalars(
        select(MeetingPlan.id).where(MeetingPlan.partnership_id == either.tenant)
    ).all()
    assert rows == []
    assert keeps.ends_on is None
