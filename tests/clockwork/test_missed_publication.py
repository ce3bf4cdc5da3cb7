"""A publication day missed is told to the secretary at once, and once; missed steps run late."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from governance.models import Meeting, MeetingStatus, TimetableStep
from governance.sittings.operations import postpone_meeting
from governance.timetable import StepKind
from tests.clockwork.conftest import Found, RunAt
from tests.clockwork.days import CLOSE, MEETING, OWNER
from tests.factories import House
from tests.fakes import Postbox
from tracker.edges.clock import SetClock
from tracker.people.board_models import BoardRole

SECRETARY = "secretary@a.example"
PUBLISH, LAWFUL = date(2026, 12, 1), date(2026, 11, 30)
STEPS = select(TimetableStep.kind, TimetableStep.is_late).join(
    Meeting, Meeting.id == TimetableStep.meeting_id
)


@pytest.fixture
def secretary(house: House) -> House:
    """A board that meets on 8 December, with a secretary and an action."""
    house.cycle()
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.action("Open a family hub", owner=OWNER)
    return house


def warnings(postbox: Postbox) -> list[tuple[str, str]]:
    """Who was warned, and the line that says of what."""
    return [
        (letter.recipient, line.strip())
        for letter in postbox.letters
        for line in letter.text.splitlines()
        if "is not published" in line
    ]


@pytest.mark.parametrize(
    ("access_law", "last_on", "words"),
    [
        (False, PUBLISH, "it was to be published on 1 December 2026"),
        (True, LAWFUL, "the last lawful day was 30 November 2026"),
    ],
)
def test_a_publication_day_that_passed_is_told_once_on_the_next_day(
    secretary: House,
    run_at: RunAt,
    postbox: Postbox,
    access_law: bool,
    last_on: date,
    words: str,
) -> None:
    secretary.board.access_law = access_law
    secretary.session.commit()
    run_at(CLOSE, time(17))
    run_at(last_on, time(23, 30))
    assert warnings(postbox) == []
    run_at(last_on + timedelta(days=1))
    [(who, said)] = warnings(postbox)
    assert (who, words in said) == (SECRETARY, True)
    postbox.letters.clear()
    run_at(last_on + timedelta(days=2))
    assert warnings(postbox) == []


def test_after_downtime_the_warning_comes_at_once_and_missed_steps_run_late_once(
    secretary: House, run_at: RunAt, found: Found, postbox: Postbox
) -> None:
    run_at(date(2026, 11, 2))
    run_at(MEETING - timedelta(days=1), time(18))
    assert [who for who, _ in warnings(postbox)] == [SECRETARY]
    late = dict(found(STEPS.where(Meeting.occurrence_on == MEETING)))
    for kind in (StepKind.ASK, StepKind.UPDATES_CLOSE, StepKind.PAPERS_DUE):
        assert late[kind]
    run_at(MEETING, time(20))
    run_at(MEETING + timedelta(days=4))
    done = found(STEPS.where(Meeting.occurrence_on == MEETING, TimetableStep.done_at.is_not(None)))
    assert (StepKind.CHAIRS_BRIEFING, True) in done
    assert (StepKind.ACTIONS_SENT, True) in done
    again = run_at(MEETING + timedelta(days=4), time(9))
    assert again.steps == 0


def test_a_meeting_that_is_postponed_is_warned_of_no_more(
    secretary: House, run_at: RunAt, clock: SetClock, postbox: Postbox
) -> None:
    run_at(date(2026, 11, 25))
    secretary.session.expire_all()
    meeting = secretary.session.scalars(
        select(Meeting).where(
            Meeting.partnership_id == secretary.tenant, Meeting.occurrence_on == MEETING
        )
    ).one()
    postpone_meeting(secretary.session, meeting, why="The hall is flooded.", now=clock.now())
    secretary.session.commit()
    assert meeting.status is MeetingStatus.POSTPONED
    run_at(PUBLISH + timedelta(days=1))
    assert warnings(postbox) == []
