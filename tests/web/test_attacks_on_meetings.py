"""What falling away, odd data and late corrections must not do to what a meeting owes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import waiting
from governance.agenda_models import AgendaItem, ItemOrigin
from governance.boards.operations.relations import add_relation
from governance.minute_models import AttendanceState
from governance.minuting.operations import Mark, attendance_version, record_attendance
from governance.minuting.queries import attendance
from governance.minuting.reckoning import is_quorate
from governance.models import Meeting, MeetingStatus
from governance.queries import agenda
from governance.report_models import (
    Escalation,
    EscalationReason,
    EscalationState,
    UpwardReport,
)
from governance.reporting.upward import ask_boards_below
from governance.reporting.writing import write_escalation
from governance.sittings.operations import add_board, cancel_meeting
from governance.sittings.queries import takes_over
from tests.factories import House
from tests.fakes import Postbox
from tests.pages import Visitor
from tests.web.attacking import AFTER, BOARD, OUTSIDER, SignIn, item_of, sign_in_as
from tests.web.publishing import SECRETARY
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.edges.tenancy import row_of
from tracker.jobs import tick
from tracker.people.board_models import BoardRole, RelationKind


def escalation_of(house: House) -> Escalation:
    """An escalation that was agreed, and waits for the agenda of the board above."""
    house.cycle()
    above = house.make_board("Above Board")
    action = house.action("Open a hub", deadline="April 2027")
    row = Escalation(
        partnership_id=house.tenant,
        board_id=house.board.id,
        to_board_id=above.id,
        action_id=action.id,
        meeting_id=house.meetings()[0].id,
        reason=EscalationReason.RED,
        drafted_at=house.now,
        state=EscalationState.AGREED,
    )
    house.session.add(row)
    house.cycle("FREQ=MONTHLY;INTERVAL=3;BYDAY=3WE", board=above)
    house.meetings()
    return row


def test_an_escalation_of_a_board_with_a_long_name_finds_its_agenda(
    app: Flask, house: House
) -> None:
    row = escalation_of(house)
    house.board.name = "x" * 200
    house.board.chair_words = "The chair, " + "z" * 280
    house.session.commit()
    assert tick(app).failed == 0
    house.session.refresh(row)
    assert row.item_id is not None
    item = row_of(house.session, AgendaItem, house.tenant, row.item_id)
    assert item.presenter is not None
    assert len(item.presenter) == 200
    house.session.rollback()


def test_an_escalation_is_still_there_where_a_cancelled_meeting_passes_it_on(
    app: Flask, house: House
) -> None:
    row = escalation_of(house)
    house.session.commit()
    tick(app)
    house.session.refresh(row)
    assert row.item_id is not None
    item = row_of(house.session, AgendaItem, house.tenant, row.item_id)
    meeting = row_of(house.session, Meeting, house.tenant, item.meeting_id)
    holidays = EnglishBankHolidays()
    passed = cancel_meeting(house.session, meeting, why="Snow", now=house.now, holidays=holidays)
    assert passed.to is not None
    there = next(
        one for one in agenda(house.session, passed.to) if one.source_key == f"escalation:{row.uid}"
    )
    said = str(write_escalation(house.session, passed.to, there, house.now))
    assert "withdrawn" not in said
    assert "Open a hub" in said
    house.session.rollback()


def test_what_a_board_wrote_for_a_meeting_above_goes_on_to_the_next_one(house: House) -> None:
    above = house.make_board("Above Board")
    house.cycle()
    house.cycle("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1WE", board=above)
    add_relation(
        house.session,
        house.board,
        above,
        RelationKind.REPORTS_TO,
        frequency=None,
        from_on=None,
        to_on=None,
    )
    first, second = [one for one in house.meetings() if one.board_id == above.id][:2]
    ask_boards_below(house.session, first, house.now)
    reports = select(UpwardReport).where(UpwardReport.partnership_id == house.tenant)
    report = house.session.scalars(reports).one()
    report.exceptions = "Half the heads have left."
    cancel_meeting(house.session, first, why="Snow", now=house.now, holidays=EnglishBankHolidays())
    for _ in range(2):
        ask_boards_below(house.session, second, house.now)
    there = house.session.scalars(reports).one()
    assert (there.to_meeting_id, there.exceptions) == (second.id, "Half the heads have left.")
    house.session.rollback()


def test_a_joint_meetings_confidential_item_is_not_in_the_other_boards_forward_plan(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    other = house.make_board("Other Board")
    house.person(OUTSIDER, seat=BoardRole.SECRETARY, board=other)
    house.cycle()
    meeting = house.meetings()[0]
    add_board(house.session, meeting, other, now=house.now)
    item_of(house, meeting, "The Smith contract", origin=ItemOrigin.CARRIED, is_confidential=True)
    item_of(house, meeting, "An open matter", origin=ItemOrigin.CARRIED)
    sign_in(client, OUTSIDER)
    page = client.page(f"/ashshire/boards/{other.slug}/forward-plan")
    assert "An open matter" in page.text
    assert "The Smith contract" not in page.text
    sign_in_as(client, sign_in, SECRETARY)
    assert "The Smith contract" in client.page(f"{BOARD}/forward-plan").text


def test_a_meeting_that_ended_before_attendance_was_complete_may_still_have_decided(
    house: House,
) -> None:
    people = [
        house.person(f"{one}@ashshire.example", seat=BoardRole.MEMBER) for one in ("a", "b", "c")
    ]
    house.board.quorum_number = 2
    house.cycle()
    meeting = house.meetings()[0]
    present, absent = Mark(AttendanceState.PRESENT), Mark(AttendanceState.ABSENT)

    def attend(*marks: Mark) -> MeetingStatus:
        seen = attendance_version(attendance(house.session, meeting, house.board))
        record_attendance(
            house.session,
            meeting,
            house.board,
            {person.id: mark for person, mark in zip(people, marks, strict=True)},
            seen=seen,
            now=AFTER,
        )
        return meeting.status

    attend(present, absent, absent)
    meeting.status = MeetingStatus.INQUORATE  # as the clockwork makes it when the meeting is over
    decides = [is_quorate(house.session, meeting, house.board)]
    became = [attend(present, present, absent)]
    decides.append(is_quorate(house.session, meeting, house.board))
    became.append(attend(absent, present, absent))
    assert decides == [False, True]
    assert became == [MeetingStatus.HELD, MeetingStatus.INQUORATE]
    house.session.rollback()


def test_one_room_that_fails_keeps_nobody_elses_news_back(
    app: Flask, house: House, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(session: Session, now: datetime) -> Iterable[waiting.Waiting]:
        raise ValueError("odd data")

    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.person("chair@ashshire.example", seat=BoardRole.CHAIR)
    row = escalation_of(house)
    row.state = EscalationState.DRAFTED
    house.session.commit()
    monkeypatch.setattr(waiting, "SOURCES", [fails, *waiting.SOURCES])
    tick(app)
    assert any("chair@ashshire.example" in str(letter) for letter in postbox.letters)


def test_what_a_cancelled_meeting_owed_goes_to_the_one_after_it(house: House) -> None:
    house.cycle()
    first, second, third = house.meetings()[:3]
    found = takes_over(house.session, second, now=house.now)
    assert found is not None
    assert found.id == third.id
    last = house.meetings()[-1]
    found = takes_over(house.session, last, now=house.now)
    assert found is not None
    assert found.id == first.id
