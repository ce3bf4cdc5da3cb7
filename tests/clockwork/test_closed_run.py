"""Closed periods as the clockwork meets them: who is asked when, and what moves when one comes."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from actions.ask_models import Ask
from actions.models import Action
from governance.models import Meeting, TimetableStep
from governance.moving import add_closed_period, end_closed_period
from governance.timetable import StepKind
from tests.clockwork.conftest import Found, RunAt
from tests.clockwork.days import ASK, CHASE, CLOSE, OTHER, OWNER, board_meets
from tests.factories import House
from tests.fakes import Postbox
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.edges.clock import SetClock
from tracker.kernel.times import london
from tracker.people.closed_periods import closed_periods
from tracker.people.models import Audience, Membership, Organisation, OrganisationKind

SCHOOL = "head@school.example"
DAY = timedelta(days=1)


def closed(
    house: House, clock: SetClock, first: date, last: date, audience: Audience = Audience.EVERYBODY
) -> int:
    """Keep a closed period."""
    house.session.expire_all()
    moved = add_closed_period(
        house.session,
        house.tenant,
        name="Closed",
        from_on=first,
        to_on=last,
        audience=audience,
        holds_publishing=False,
        now=clock.now(),
        holidays=EnglishBankHolidays(),
    )
    house.session.commit()
    return moved


def planned(found: Found, kind: StepKind, on: date = date(2026, 12, 8)) -> list[object]:
    """When a step of a meeting is planned."""
    return found(
        select(TimetableStep.planned_at)
        .join(Meeting, Meeting.id == TimetableStep.meeting_id)
        .where(Meeting.occurrence_on == on, TimetableStep.kind == kind)
    )


def school(house: House, email: str) -> None:
    """Somebody belongs to the partnership for a school."""
    if email not in house.people:
        house.person(email)
    organisation = house.session.scalar(
        select(Organisation).where(
            Organisation.partnership_id == house.tenant, Organisation.slug == "schools"
        )
    ) or house.organisation("Schools")
    organisation.kind = OrganisationKind.EDUCATION
    membership = house.session.scalars(
        select(Membership).where(
            Membership.partnership_id == house.tenant,
            Membership.person_id == house.people[email].id,
        )
    ).one()
    membership.organisation_id = organisation.id
    house.session.commit()


def test_a_period_that_comes_moves_what_was_not_done_and_its_end_moves_it_back(
    house: House, run_at: RunAt, found: Found, clock: SetClock, postbox: Postbox
) -> None:
    house.cycle()
    house.action(owner=OWNER)
    run_at(date(2026, 11, 2))
    assert closed(house, clock, ASK - DAY, ASK + 3 * DAY) == 1
    assert planned(found, StepKind.ASK) == [london(date(2026, 11, 6), time(7))]
    (period,) = closed_periods(house.session, house.tenant)
    end_closed_period(house.session, period, now=clock.now(), holidays=EnglishBankHolidays())
    house.session.commit()
    assert planned(found, StepKind.ASK) == [london(ASK, time(7))]
    assert not closed_periods(house.session, house.tenant)
    house.session.rollback()
    run_at(ASK)
    assert len(postbox.letters) == 1


def test_where_the_close_itself_is_closed_open_asks_close_earlier(
    house: House, run_at: RunAt, found: Found, clock: SetClock
) -> None:
    house.cycle()
    house.action(owner=OWNER)
    run_at(ASK)
    closed(house, clock, CLOSE - DAY, CLOSE + DAY)
    earlier = london(CLOSE - 2 * DAY, time(17))
    assert planned(found, StepKind.UPDATES_CLOSE) == [earlier]
    assert planned(found, StepKind.LAST_CALL) == [london(CLOSE - 2 * DAY, time(7))]
    assert found(select(Ask.closes_at)) == [earlier]
    run_at(CLOSE - 2 * DAY, time(17))
    assert found(select(Ask.closed_at)) == [earlier]


def test_a_period_moves_nothing_that_is_due_or_done(
    house: House, run_at: RunAt, found: Found, clock: SetClock
) -> None:
    house.cycle()
    run_at(ASK)
    assert closed(house, clock, ASK - DAY, ASK + DAY) == 0
    assert planned(found, StepKind.ASK) == [london(ASK, time(7))]
    clock.set(london(CHASE, time(7)))
    assert closed(house, clock, CHASE, CHASE) == 0
    assert planned(found, StepKind.CHASE) == [london(CHASE, time(7))]


def test_meetings_that_are_made_later_know_the_periods_there_are(
    house: House, run_at: RunAt, found: Found, clock: SetClock
) -> None:
    closed(house, clock, ASK, ASK)
    board_meets(house, "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU")
    house.cycle()
    run_at(date(2026, 11, 3))
    assert planned(found, StepKind.ASK) == [london(ASK - DAY, time(7))]


def test_school_contacts_are_asked_before_their_holidays_and_left_in_peace_in_them(
    house: House, run_at: RunAt, found: Found, clock: SetClock, postbox: Postbox
) -> None:
    house.cycle()
    for email in (SCHOOL, "deputy@school.example"):
        school(house, email)
    house.action("Read with every child", owner=SCHOOL)
    shared = house.action("Walk to school", owner=SCHOOL)
    house.owner(shared, OTHER)
    house.action("Open a family hub", owner=OWNER)
    run_at(date(2026, 11, 2))
    assert closed(house, clock, ASK - DAY, CHASE, Audience.SCHOOLS) == 1
    run_at(date(2026, 11, 6))
    assert found(select(Action.title).join(Ask, Ask.action_id == Action.id)) == [
        "Read with every child"
    ]
    assert [letter.recipient for letter in postbox.letters] == [SCHOOL]
    assert "Read with every child" in postbox.letters[0].text
    run_at(ASK)
    assert len(found(select(Ask.id))) == 3
    run_at(CHASE)
    told = sorted(letter.recipient for letter in postbox.letters[1:])
    assert told == sorted([OWNER, OTHER] * 2)
    postbox.letters.clear()
    run_at(CHASE + 3 * DAY)  # the first school day
    (letter,) = postbox.letters
    assert letter.recipient == SCHOOL
    assert "Walk to school" in letter.text
    assert "Read with every child" in letter.text


def test_who_belongs_for_another_organisation_too_is_there_in_school_holidays(
    house: House, run_at: RunAt, clock: SetClock, postbox: Postbox
) -> None:
    house.cycle()
    school(house, SCHOOL)
    house.session.add(
        Membership(
            partnership_id=house.tenant,
            person_id=house.people[SCHOOL].id,
            organisation_id=house.council.id,
            role="administrator",
            from_on=date(2026, 1, 1),
        )
    )
    house.action("Read with every child", owner=SCHOOL)
    house.session.commit()
    run_at(date(2026, 11, 2))
    closed(house, clock, ASK - DAY, CHASE, Audience.SCHOOLS)
    run_at(date(2026, 11, 6))
    assert not postbox.letters
    run_at(ASK)
    assert [letter.recipient for letter in postbox.letters] == [SCHOOL]


@pytest.mark.parametrize("audience", list(Audience))
def test_no_meeting_is_moved_or_cancelled_by_a_closed_period(
    house: House, run_at: RunAt, found: Found, clock: SetClock, audience: Audience
) -> None:
    house.cycle()
    run_at(date(2026, 11, 2))
    meetings = select(Meeting.meets_on, Meeting.status, Meeting.sequence)
    before = found(meetings)
    closed(house, clock, date(2026, 12, 1), date(2026, 12, 31), audience)
    assert found(meetings) == before
