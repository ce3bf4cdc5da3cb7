"""A meeting is recorded, sent, confirmed and locked alike on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask

from governance.decision_models import DecisionKind
from governance.minute_models import AttendanceState, MinutesState
from governance.minuting import deciding, operations, queries, sending
from governance.minuting.ground import CannotMinute, Overtaken
from governance.minuting.operations import Mark
from governance.minuting.reckoning import verdict
from governance.waiting import waiting
from tests.factories import House
from tests.fakes import PlainRenderer
from tests.web.minuting import AFTER, AT_THE_NEXT, CHAIR, MEMBER, OTHER, SECRETARY, Room, held
from tracker.edges.clock import SetClock
from tracker.edges.db import db


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str, clock: SetClock) -> Iterator[Room]:
    """A meeting that was held, on a database of each kind."""
    with make_app(any_url).app_context():
        yield held(House(db.session(), clock.now()), clock)


def test_a_meeting_is_recorded_sent_confirmed_and_locked(either: Room) -> None:
    session, meeting, board = either.house.session, either.meeting, either.house.board
    board.quorum_number = 2
    item, person_id = either.item("School places"), either.people[SECRETARY].id
    marks = {
        either.people[CHAIR].id: Mark(AttendanceState.PRESENT),
        either.people[MEMBER].id: Mark(AttendanceState.REMOTE),
        either.people[OTHER].id: Mark(AttendanceState.APOLOGIES),
    }
    operations.record_attendance(session, meeting, board, marks, seen=0, now=AFTER)
    assert meeting.is_quorate is True
    assert verdict(session, meeting, board).present == 2
    with pytest.raises(Overtaken):
        operations.record_attendance(session, meeting, board, marks, seen=0, now=AFTER)

    def minute(text: str, seen: int) -> None:
        operations.minute_item(
            session, meeting, item, text=text, seen=seen, person_id=person_id, now=AFTER
        )

    minute("First.", 0)
    minute("Second.", 1)
    with pytest.raises(Overtaken):
        minute("Third.", 1)
    said = deciding.Said(DecisionKind.DECISION, "Agree", votes_for=2)
    assert deciding.decide(session, meeting, board, item, said).reference == "CTB/2026-12/D1"
    assert deciding.decide(session, meeting, board, None, said).reference == "CTB/2026-12/D2"
    asked = deciding.ask_for(
        session,
        meeting,
        board,
        item,
        what="Write",
        person=either.people[MEMBER],
        organisation=None,
        due_on=date(2027, 1, 15),
        person_id=person_id,
        now=AFTER,
    )
    assert asked.reference == "2026-12/A1"
    sending.send_to_chair(session, meeting, now=AFTER)
    sending.chair_answers(session, meeting, agrees=True, words=None, now=AFTER)
    values = sending.values_of(session, meeting, MinutesState.WITH_MEMBERS)
    papers = sending.printed(values, PlainRenderer())
    minutes = sending.send_to_members(session, meeting, papers=papers, now=AFTER)
    assert minutes.pages == 7
    session.commit()
    assert {one.title for one in waiting(session, AFTER)} >= {"Draft minutes of your boards"}
    sending.confirm_minutes(
        session,
        minutes,
        at=either.coming,
        amendments=None,
        person_id=person_id,
        now=AT_THE_NEXT,
    )
    session.commit()
    with pytest.raises(CannotMinute):
        minute("Late.", 2)
    with pytest.raises(CannotMinute):
        deciding.remove_decision(session, meeting, queries.decisions(session, meeting)[0])
    assert sending.print_kept(session, minutes.id, PlainRenderer(), now=AT_THE_NEXT) is True


def test_a_pdf_of_other_words_than_those_filed_is_not_kept(either: Room) -> None:
    session, meeting = either.house.session, either.meeting
    item = either.item("School places")
    sending.send_to_chair(session, meeting, now=AFTER)
    values = sending.values_of(session, meeting, MinutesState.WITH_MEMBERS)
    papers = sending.printed(values, PlainRenderer())
    operations.minute_item(
        session,
        meeting,
        item,
        text="Changed in between.",
        seen=0,
        person_id=either.people[SECRETARY].id,
        now=AFTER,
    )
    sending.chair_answers(session, meeting, agrees=True, words=None, now=AFTER)
    minutes = sending.send_to_members(session, meeting, papers=papers, now=AFTER)
    assert minutes.pdf_sha256 is None
    assert minutes.snapshot_sha256 is not None
    assert "Changed in between." in str(sending.kept_value(session, minutes.snapshot_sha256))
