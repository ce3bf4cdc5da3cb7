"""Escalations are drafted, agreed, brought up and answered; reports come in time for the agenda."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.models import Action
from actions.operations import Entry, record_progress
from governance import documents
from governance.agenda_models import AgendaItem
from governance.models import Meeting
from governance.report_models import Escalation, EscalationReason, EscalationState, UpwardReport
from governance.reporting import operations, upward
from tests.clockwork.conftest import Found, RunAt
from tests.clockwork.days import OWNER, board_meets
from tests.factories import House
from tests.fakes import Postbox
from tests.pages import Visitor
from tracker.edges.tenancy import row_of
from tracker.kernel.rag import Lifecycle, Rating
from tracker.kernel.times import london
from tracker.people.board_models import Board, BoardRelation, BoardRole, RelationKind

MONTHLY = "FREQ=MONTHLY;BYDAY=2TU"
LATER = "FREQ=MONTHLY;BYDAY=4TH"
# The board meets on 10 November and on 8 December, the one above on 26 November and 24 December.
SECOND = date(2026, 12, 8)
CHAIR, SECRETARY, ABOVE = "chair@a.example", "secretary@a.example", "above@a.example"
SignIn = Callable[[Visitor, str], None]


@pytest.fixture
def above(house: House) -> Board:
    """A board above the house's own, which meets on the fourth Thursday of each month."""
    board = house.make_board("Partnership Board")
    house.session.add(
        BoardRelation(
            partnership_id=house.tenant,
            board_id=house.board.id,
            other_board_id=board.id,
            kind=RelationKind.REPORTS_TO,
        )
    )
    house.session.commit()
    house.person(CHAIR, seat=BoardRole.CHAIR)
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.person(ABOVE, seat=BoardRole.CHAIR, board=board)
    board_meets(house, MONTHLY)
    house.cycle(LATER, starts_on=date(2026, 10, 1), board=board, plans=[])
    return board


def say(house: House, action: Action, rating: Rating, on: date) -> None:
    """Have the owner say how the action stands."""
    house.session.expire_all()
    entry = Entry(Lifecycle.IN_PROGRESS, rating, happened="So it is", cause="No building")
    record_progress(
        house.session,
        action,
        entry,
        person_id=house.people[OWNER].id,
        last_seen=action.last_entry_number,
        now=london(on, time(11)),
    )
    house.session.commit()


def red_twice(house: House, run_at: RunAt) -> Action:
    """An action that is Red at two meetings running, until the day after the second."""
    action = house.action("Open a family hub", owner=OWNER)
    say(house, action, Rating.RED, date(2026, 11, 2))
    for day in (2, 5, 10, 13, 19, 26, 27, 30):
        run_at(date(2026, 11, day), time(17))
    for day in (1, 4, 7, 8, 9):
        run_at(date(2026, 12, day), time(17))
    return action


def test_red_at_two_meetings_running_is_drafted_once_for_the_board_above(
    house: House, above: Board, run_at: RunAt, found: Found, postbox: Postbox
) -> None:
    red_twice(house, run_at)
    assert found(select(Escalation.reason, Escalation.state, Escalation.to_board_id)) == [
        (EscalationReason.RED, EscalationState.DRAFTED, above.id)
    ]
    told = [letter for letter in postbox.letters if "Escalations to decide" in letter.text]
    assert {letter.recipient for letter in told} == {CHAIR, SECRETARY}
    assert len(told) == 2


def test_nothing_is_drafted_where_no_board_stands_above(
    house: House, run_at: RunAt, found: Found
) -> None:
    board_meets(house, MONTHLY)
    red_twice(house, run_at)
    assert found(select(Escalation.id)) == []


def test_what_the_chair_agrees_stands_on_the_next_open_agenda_above_and_is_answered(
    house: House, above: Board, run_at: RunAt, session: Session
) -> None:
    red_twice(house, run_at)
    drafted = session.scalars(
        select(Escalation).where(Escalation.partnership_id == house.tenant)
    ).one()
    at = london(SECOND + timedelta(days=1), time(12))
    operations.decide(
        session,
        drafted,
        EscalationState.AGREED,
        words="A building",
        person_id=house.people[CHAIR].id,
        as_chair=True,
        now=at,
    )
    session.commit()
    item = session.scalars(
        select(AgendaItem).where(
            AgendaItem.partnership_id == house.tenant, AgendaItem.id == drafted.item_id
        )
    ).one()
    meeting = row_of(session, Meeting, house.tenant, item.meeting_id)
    assert (meeting.board_id, meeting.meets_on) == (above.id, date(2026, 12, 24))
    value = documents.draft(session, meeting, as_at=at)
    entry = next(one for one in value["items"] if one["title"] == item.title)
    assert "A building" in str(entry["blocks"])
    assert "Open a family hub" in str(entry["blocks"])
    operations.answer(session, drafted, EscalationState.ACCEPTED, words="We find one", now=at)
    with pytest.raises(operations.CannotDecide):
        operations.answer(session, drafted, EscalationState.ACCEPTED, words="Again", now=at)
    session.commit()


def test_a_report_up_is_begun_when_the_board_above_asks_and_says_what_the_records_say(
    house: House, above: Board, run_at: RunAt, session: Session, postbox: Postbox
) -> None:
    red_twice(house, run_at)
    report = session.scalars(
        select(UpwardReport)
        .join(Meeting, Meeting.id == UpwardReport.to_meeting_id)
        .where(UpwardReport.partnership_id == house.tenant, Meeting.meets_on == date(2026, 11, 26))
    ).one()
    upward.write_report(
        session,
        report,
        exceptions="Two posts are empty.",
        requests=None,
        now=london(SECOND, time(18)),
    )
    session.commit()
    meeting = row_of(session, Meeting, house.tenant, report.to_meeting_id)
    value = documents.draft(session, meeting, as_at=london(SECOND, time(19)))
    entry = next(one for one in value["items"] if one["title"] == "Report of Trust Board")
    assert "Two posts are empty." in str(entry["blocks"])
    assert any("Reports to write for the board above" in one.text for one in postbox.letters)


def test_each_decides_only_for_their_own_board(
    app: Flask, client: Visitor, house: House, above: Board, run_at: RunAt, sign_in: SignIn
) -> None:
    red_twice(house, run_at)
    with app.app_context():
        uid = house.session.scalars(
            select(Escalation.uid).where(Escalation.partnership_id == house.tenant)
        ).one()
    house.session.rollback()
    page = f"/ashshire/escalations/{uid}"
    sign_in(client, ABOVE)
    client.page(page, 403)
    sign_in(client, CHAIR)
    assert "Open a family hub" in client.page(page).text
    answer = client.send(page, seen="1", choice="not escalated")
    assert (answer.status_code, "Say why, or what was decided" in answer.text) == (422, True)
    answer = client.send(page, seen="1", choice="escalated", words="A building")
    assert "Recorded." in answer.text
    sign_in(client, ABOVE)
    answer = client.send(page, seen="3", choice="accepted", words="We look for one")
    assert "Accepted. We look for one" in answer.text
