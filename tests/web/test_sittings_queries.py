"""Boards of a meeting, what takes over, and how a pack stands to the law, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from governance import queries
from governance.models import Meeting, MeetingBoard, MeetingStatus
from governance.pack_models import Pack, PackStatus
from governance.packs import SCHEMA
from governance.sittings.operations import (
    CannotBecome,
    CannotCall,
    adjourn_meeting,
    call_meeting,
    cancel_meeting,
)
from governance.sittings.queries import has_records, lawfulness, takes_over
from tests.conftest import NOW
from tests.factories import House
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.edges.db import db
from tracker.kernel.times import london
from tracker.ledger.blobs import file_bytes

HOLIDAYS = EnglishBankHolidays()
WHY = "The hall is flooded."


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str) -> Iterator[House]:
    """A small partnership whose board meets each quarter, on a database of each kind."""
    with make_app(any_url).app_context():
        house = House(db.session(), NOW)
        house.cycle()
        house.meetings()
        yield house


def meetings(house: House) -> list[Meeting]:
    """The board's meetings in order."""
    return list(queries.meetings(house.session, house.tenant, board_ids=[house.board.id]))


def published(house: House, meeting: Meeting, at: datetime) -> None:
    """Keep a published pack of a meeting."""
    sha = file_bytes(house.session, b"{}", "application/json", now=at)
    house.session.add(
        Pack(
            partnership_id=house.tenant,
            meeting_id=meeting.id,
            status=PackStatus.PUBLISHED,
            schema_version=SCHEMA,
            composed_at=at,
            as_at=at,
            snapshot_sha256=sha,
            published_at=at,
        )
    )
    house.session.commit()


def test_a_joint_meeting_is_of_each_of_its_boards(either: House) -> None:
    first, second, *_ = meetings(either)
    executive = either.make_board("Executive")
    row = MeetingBoard(partnership_id=either.tenant, meeting_id=second.id, board_id=executive.id)
    either.session.add(row)
    either.session.commit()
    assert [one.name for one in queries.boards_of(either.session, second)] == [
        "Trust Board",
        "Executive",
    ]
    assert [one.name for one in queries.boards_of(either.session, first)] == ["Trust Board"]
    found = queries.meetings(either.session, either.tenant, board_ids=[executive.id])
    assert [one.id for one in found] == [second.id]
    coming = queries.next_meeting(either.session, either.tenant, executive.id, NOW)
    assert coming is not None
    assert coming.id == second.id
    assert queries.previous_meeting(either.session, second, board_id=executive.id) is None
    before = queries.previous_meeting(either.session, second)
    assert before is not None
    assert before.id == first.id
    assert queries.boards_joined(either.session, either.tenant, [first.id, second.id]) == {
        second.id: [executive.id]
    }


def test_what_a_meeting_owed_passes_to_the_next_that_is_planned_and_not_published(
    either: House,
) -> None:
    first, second, third, *_ = meetings(either)

    def taker() -> date | None:
        found = takes_over(either.session, first, now=NOW)
        return found.meets_on if found is not None else None

    assert taker() == second.meets_on
    second.status = MeetingStatus.POSTPONED
    either.session.commit()
    assert taker() == third.meets_on
    published(either, third, NOW)
    assert taker() not in (second.meets_on, third.meets_on)


def test_where_the_law_applies_a_pack_is_judged_by_its_first_version(either: House) -> None:
    [first, *_] = meetings(either)
    assert lawfulness(either.session, first, NOW, HOLIDAYS) is None
    either.board.access_law = True
    either.session.commit()
    found = lawfulness(either.session, first, NOW, HOLIDAYS)
    assert found is not None
    assert (found.last_on, found.clear_days, found.is_missed) == (date(2026, 11, 30), 5, False)
    late = lawfulness(either.session, first, london(date(2026, 12, 1), time()), HOLIDAYS)
    assert late is not None
    assert late.is_missed
    published(either, first, london(date(2026, 11, 30), time(23, 59)))
    kept = lawfulness(either.session, first, london(date(2026, 12, 3), time(9)), HOLIDAYS)
    assert kept is not None
    assert not kept.is_missed
    first.status = MeetingStatus.CANCELLED
    either.session.commit()
    assert lawfulness(either.session, first, NOW, HOLIDAYS) is None


def test_a_called_meeting_finds_an_address_where_one_that_fell_away_has_its_day(
    either: House,
) -> None:
    [first, *_] = meetings(either)
    cancel_meeting(either.session, first, why=WHY, now=NOW, holidays=HOLIDAYS)
    with pytest.raises(CannotBecome, match="was cancelled already"):
        cancel_meeting(either.session, first, why=WHY, now=NOW, holidays=HOLIDAYS)
    called = call_meeting(
        either.session,
        either.board,
        on=first.meets_on,
        starts_at=time(10),
        minutes=60,
        place=None,
        now=NOW,
        holidays=HOLIDAYS,
    )
    assert called.meets_on == first.meets_on
    assert called.occurrence_on == first.occurrence_on + timedelta(days=1)
    either.session.commit()
    assert either.meetings()
    with pytest.raises(CannotCall, match="already"):
        call_meeting(
            either.session,
            either.board,
            on=first.meets_on,
            starts_at=time(15),
            minutes=60,
            place=None,
            now=NOW,
            holidays=HOLIDAYS,
        )


def test_an_adjourned_meeting_goes_on_once_and_with_the_same_boards(either: House) -> None:
    [first, *_] = meetings(either)
    executive = either.make_board("Executive")
    either.session.add(
        MeetingBoard(partnership_id=either.tenant, meeting_id=first.id, board_id=executive.id)
    )
    first.status = MeetingStatus.HELD
    either.session.commit()
    assert not has_records(either.session, first)
    now = london(first.meets_on, time(18))
    goes_on = adjourn_meeting(
        either.session,
        first,
        why=WHY,
        to=date(2026, 12, 15),
        starts_at=time(10),
        now=now,
        holidays=HOLIDAYS,
    )
    assert [one.id for one in queries.boards_of(either.session, goes_on)] == [
        either.board.id,
        executive.id,
    ]
    plans = queries.meeting_plans(either.session, either.tenant, [goes_on.id])
    assert [plan.id for plan in plans[goes_on.id]] == [either.plan.id]
    with pytest.raises(CannotBecome, match="was adjourned already"):
        adjourn_meeting(
            either.session,
            first,
            why=WHY,
            to=date(2026, 12, 16),
            starts_at=time(10),
            now=now,
            holidays=HOLIDAYS,
        )
    either.session.commit()
