"""What a hostile or careless user, two at once, or odd data can do to boards and meetings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from governance import waiting
from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem, ItemOrigin, Paper, PaperKind
from governance.boards.operations.relations import add_relation
from governance.decision_models import (
    Circulation,
    CirculationKind,
    CirculationState,
    Decision,
    DecisionKind,
)
from governance.log_models import MeetingAction
from governance.minute_models import AttendanceState, Minutes, MinutesState
from governance.minuting.operations import Mark, attendance_version, record_attendance
from governance.minuting.queries import attendance
from governance.minuting.reckoning import is_quorate
from governance.models import Meeting, MeetingStatus
from governance.queries import agenda
from governance.report_models import (
    AnnualReport,
    Escalation,
    EscalationReason,
    EscalationState,
    UpwardReport,
)
from governance.reporting.upward import ask_boards_below
from governance.reporting.writing import write_escalation
from governance.restricted.takedown import hide_text
from governance.sittings.operations import add_board, cancel_meeting
from governance.sittings.queries import takes_over
from governance.takedown_models import Takedown
from tests.conftest import MakeApp
from tests.factories import House
from tests.fakes import Postbox
from tests.pages import Visitor
from tests.web.publishing import MEMBER, SECRETARY, ready, through_gate
from tests.web.test_agendas_papers import pdf
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.edges.tenancy import row_of
from tracker.jobs import tick
from tracker.people.board_models import BoardRole, RelationKind
from tracker.people.models import Role

SignIn = Callable[[Visitor, str], None]
BOARD = "/ashshire/boards/trust-board"
PAGE = f"{BOARD}/meetings/2026-12-08"
OUTSIDER = "outsider@ashshire.example"
AFTER = datetime(2026, 12, 8, 16, 30, tzinfo=UTC)


def item_of(house: House, meeting: Meeting, title: str, **more: Any) -> AgendaItem:
    """An item on a meeting's agenda."""
    item = AgendaItem(
        partnership_id=house.tenant,
        meeting_id=meeting.id,
        position=900,
        kind=ItemKind.TEXT,
        title=title,
        purpose=Purpose.DISCUSSION,
        **more,
    )
    house.session.add(item)
    house.session.commit()
    return item


def sign_in_as(client: Visitor, sign_in: SignIn, email: str) -> None:
    client.post("/sign-out")
    sign_in(client, email)


def test_a_board_s_action_log_is_not_shown_to_who_does_not_sit_on_it(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person(MEMBER, seat=BoardRole.MEMBER)
    house.person(OUTSIDER)
    house.cycle()
    house.session.add(
        MeetingAction(
            partnership_id=house.tenant,
            board_id=house.board.id,
            meeting_id=house.meetings()[0].id,
            reference="2026-12/A1",
            what="Ring the heads",
            changed_at=house.now,
        )
    )
    house.session.commit()
    sign_in(client, OUTSIDER)
    assert "Ring the heads" not in client.page(BOARD).text
    sign_in_as(client, sign_in, MEMBER)
    assert "Ring the heads" in client.page(BOARD).text


def test_a_member_sees_the_agenda_once_it_is_published_and_not_what_came_since(
    app: Flask, client: Visitor, house: House, sign_in: SignIn, clock: SetClock
) -> None:
    meeting = ready(app, client, house, sign_in, clock)
    item_of(house, meeting, "Early matter")
    sign_in_as(client, sign_in, MEMBER)
    assert "Early matter" not in client.page(PAGE).text
    sign_in_as(client, sign_in, SECRETARY)
    assert "Early matter" in client.page(PAGE).text
    assert through_gate(client, PAGE).status_code in (200, 302)
    item_of(house, meeting, "Late matter")
    assert "Late matter" in client.page(PAGE).text
    sign_in_as(client, sign_in, MEMBER)
    seen = client.page(PAGE).text
    assert "Early matter" in seen
    assert "Late matter" not in seen


def test_a_file_given_to_a_paper_that_was_announced_is_a_draft_until_it_is_published(
    app: Flask, client: Visitor, house: House, sign_in: SignIn, clock: SetClock
) -> None:
    meeting = ready(app, client, house, sign_in, clock)
    item = item_of(house, meeting, "The budget")
    paper = Paper(
        partnership_id=house.tenant,
        item_id=item.id,
        kind=PaperKind.FILE,
        title="Budget",
        is_to_follow=True,
        added_at=house.now,
    )
    house.session.add(paper)
    house.session.commit()
    through_gate(client, PAGE)
    house.session.refresh(paper)
    house.session.commit()
    assert paper.reference is not None
    place = f"{PAGE}/agenda/papers/{paper.uid}"
    answer = client.post(
        place,
        data={
            "version": str(paper.version),
            "title": "Budget",
            "file": (BytesIO(pdf()), "budget.pdf"),
        },
        content_type="multipart/form-data",
    )
    assert answer.status_code == 302, answer.text
    assert client.get(f"{place}/file").status_code == 200
    sign_in_as(client, sign_in, MEMBER)
    assert client.get(f"{place}/file").status_code == 403


def test_an_agenda_is_not_rewritten_once_the_minutes_are_confirmed(
    client: Visitor, house: House, sign_in: SignIn, clock: SetClock
) -> None:
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.cycle()
    meeting = house.meetings()[0]
    item = item_of(house, meeting, "As it was")
    meeting.status = MeetingStatus.HELD
    house.session.add(
        Minutes(
            partnership_id=house.tenant,
            meeting_id=meeting.id,
            state=MinutesState.CONFIRMED,
            changed_at=house.now,
        )
    )
    house.session.commit()
    clock.set(AFTER)
    sign_in(client, SECRETARY)
    sent = {"version": "1", "title": "As it never was", "purpose": "discussion"}
    answer = client.post(f"{PAGE}/agenda/items/{item.uid}/change", data=sent)
    assert answer.status_code == 409
    assert "The minutes of this meeting were confirmed" in answer.text
    house.session.refresh(item)
    assert item.title == "As it was"
    house.session.rollback()


def test_a_meeting_without_its_quorum_ratifies_nothing(
    client: Visitor, house: House, sign_in: SignIn, clock: SetClock
) -> None:
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.cycle()
    meeting = house.meetings()[0]
    meeting.is_quorate = False
    by = house.people[SECRETARY].id
    circulation = Circulation(
        partnership_id=house.tenant,
        board_id=house.board.id,
        kind=CirculationKind.EMAIL,
        title="A bid",
        proposal="To bid",
        why_now="It closes",
        opened_at=house.now,
        opened_by_id=by,
        closes_at=house.now,
        state=CirculationState.AGREED,
        closed_at=house.now,
    )
    house.session.add(circulation)
    house.session.flush()
    decision = Decision(
        partnership_id=house.tenant,
        board_id=house.board.id,
        circulation_id=circulation.id,
        reference="TB/2026-11/E1",
        kind=DecisionKind.DECISION,
        text="To bid",
        made_on=house.now.date(),
    )
    house.session.add(decision)
    house.session.commit()
    clock.set(AFTER)
    sign_in(client, SECRETARY)
    address = f"{BOARD}/between-meetings/{circulation.uid}/ratify"
    answer = client.post(address, data={"meeting": str(meeting.id)})
    assert answer.status_code == 409
    assert "had no quorum" in answer.text


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
    house.cycle("FREQ=MONTHLY;INTERVAL=3;BYDAY=3WE", board=above)
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

    def attend(*marks: Mark) -> None:
        seen = attendance_version(attendance(house.session, meeting, house.board))
        record_attendance(
            house.session,
            meeting,
            house.board,
            {person.id: mark for person, mark in zip(people, marks, strict=True)},
            seen=seen,
            now=AFTER,
        )

    attend(present, absent, absent)
    meeting.status = MeetingStatus.INQUORATE  # as the clockwork makes it when the meeting is over
    assert not is_quorate(house.session, meeting, house.board)
    attend(present, present, absent)
    assert meeting.status is MeetingStatus.HELD
    assert is_quorate(house.session, meeting, house.board)
    attend(absent, present, absent)
    assert meeting.status is MeetingStatus.INQUORATE
    house.session.rollback()


def test_one_room_that_fails_keeps_nobody_elses_news_back(
    app: Flask, house: House, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(session: Session, now: datetime) -> Iterable[waiting.Waiting]:
        raise ValueError("odd data")
        yield

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


def test_another_boards_secretary_does_not_show_a_hidden_text_again(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    other = house.make_board("Other Board")
    house.person(OUTSIDER, seat=BoardRole.SECRETARY, board=other)
    admin = house.person("admin@ashshire.example", role=Role.ADMINISTRATOR)
    house.cycle()
    item = item_of(house, house.meetings()[0], "A matter", text="Of Jane Roe, aged six")
    hidden = hide_text(
        house.session, item, "text", reason="It names a child", person_id=admin.id, now=house.now
    )
    house.session.commit()
    address = f"/ashshire/taken-down/{hidden.uid}/show-again"
    sign_in(client, OUTSIDER)
    seen = {"seen": str(hidden.version)}
    assert client.post(address, data=seen).status_code == 403
    sign_in_as(client, sign_in, SECRETARY)
    assert client.post(address, data=seen).status_code == 302
    house.session.expire_all()
    found = house.session.scalars(
        select(Takedown).where(Takedown.partnership_id == house.tenant)
    ).one()
    assert found.shown_again_at is not None
    house.session.rollback()


def test_of_two_who_write_one_thing_for_the_first_time_the_second_is_told(
    make_app: MakeApp, any_url: str, sign_in: SignIn, clock: SetClock
) -> None:
    app = make_app(any_url)
    with app.app_context():
        house = House(db.session(), clock.now())
        house.person(SECRETARY, seat=BoardRole.SECRETARY)
        board_id, tenant = house.board.id, house.tenant
        db.session.remove()
        engine = db.engine
    client = app.test_client()
    assert isinstance(client, Visitor)
    sign_in(client, SECRETARY)
    met: list[str] = []

    def meanwhile(connection: Any, cursor: Any, statement: str, *rest: object) -> None:
        """In the moment before the row is written, somebody else's is there."""
        if statement.startswith("INSERT INTO annual_report") and not met:
            met.append(statement)
            connection.execute(
                AnnualReport.__table__.insert().values(
                    partnership_id=tenant,
                    board_id=board_id,
                    from_on=date(2026, 4, 1),
                    to_on=date(2027, 3, 31),
                    changed_at=clock.now(),
                    version=1,
                )
            )

    event.listen(engine, "before_cursor_execute", meanwhile)
    try:
        answer = client.post(
            f"{BOARD}/annual-reports/2026", data={"seen": "0", "foreword": "Mine."}
        )
    finally:
        event.remove(engine, "before_cursor_execute", meanwhile)
    assert met
    assert answer.status_code == 409
    assert "Somebody else changed this first" in answer.text
    with app.app_context():
        rows = db.session.execute(text("select count(*) from annual_report")).scalar_one()
        assert rows == 0
        db.session.rollback()
