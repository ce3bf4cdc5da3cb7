"""The secretary cancels, postpones, adjourns a meeting, or says that it lapsed; what passes on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from actions.ask_models import Ask
from actions.models import Action
from governance.agenda_models import AgendaItem
from governance.models import Meeting, MeetingPlan, MeetingStatus, TimetableStep
from governance.timetable import StepKind
from tests.factories import House
from tests.fakes import Postbox
from tests.pages import Visitor, read
from tests.web.sittings import (
    BOARD,
    MEMBER,
    OWNER,
    PAGE,
    SECRETARY,
    WHY,
    At,
    SignIn,
    feed,
    in_march,
    item,
    kept,
    prepared,
    read_all,
    seen,
    send,
    ticking,
    titles,
)
from tracker.edges.clock import SetClock
from tracker.jobs import tick


@pytest.fixture
def meeting(client: Visitor, house: House, sign_in: SignIn) -> Meeting:
    """A meeting on 8 December 2026 at 2pm, with its secretary signed in."""
    return prepared(client, house, sign_in)


@pytest.fixture
def at(app: Flask, clock: SetClock, client: Visitor, sign_in: SignIn) -> At:
    """Tick at a day and hour, with the secretary signed in then."""
    return ticking(app, clock, client, sign_in)


def test_a_cancelled_meeting_passes_its_plans_items_and_asks_to_the_next(
    client: Visitor, house: House, meeting: Meeting, at: At
) -> None:
    at(11, 10)
    item(house, meeting, "Agree the budget")
    item(house, meeting, "A child’s case", is_confidential=True)
    page = client.page(f"{PAGE}/cancel").text
    assert "Children’s Plan 2026-27 passes to the meeting on Tuesday 9 March 2027" in page
    assert "1 open ask passes there too, and closes with its updates." in page
    text = send(client, house, meeting, "cancel")
    assert "The meeting of Tuesday 8 December 2026 is cancelled." in text
    assert "To the meeting on Tuesday 9 March 2027 passed: 2 agenda items and 1 open ask." in text
    found = seen(house, meeting)
    assert (found.status, found.status_words) == (MeetingStatus.CANCELLED, WHY)
    assert (found.sequence, found.status_at) == (1, found.changed_at)
    march = in_march(house)
    assert {"Agree the budget", "A child’s case"} <= set(titles(house, march))
    is_case = AgendaItem.title == "A child’s case"
    carried = select(AgendaItem.is_confidential).where(AgendaItem.meeting_id == march, is_case)
    assert read_all(house, carried) == [True]
    assert "A child’s case" not in text
    assert read_all(house, select(Ask.for_on, Ask.closed_at)) == [(date(2027, 3, 9), None)]
    plans = select(MeetingPlan.plan_id).where(MeetingPlan.meeting_id == march)
    assert read_all(house, plans) == [house.plan.id]


def test_the_clockwork_goes_on_with_the_meeting_that_took_over(
    app: Flask, client: Visitor, house: House, meeting: Meeting, at: At
) -> None:
    at(11, 10)
    send(client, house, meeting, "cancel")
    at(12, 9)
    assert seen(house, meeting).status is MeetingStatus.CANCELLED
    done = select(TimetableStep.kind).where(
        TimetableStep.meeting_id == meeting.id, TimetableStep.done_at.is_not(None)
    )
    assert read_all(house, done) == [StepKind.ASK]


def test_where_nothing_is_planned_asks_close_and_the_secretary_is_told(
    app: Flask,
    client: Visitor,
    house: House,
    meeting: Meeting,
    at: At,
    postbox: Postbox,
    clock: SetClock,
) -> None:
    at(11, 10)
    for other in house.session.scalars(
        select(Meeting).where(Meeting.partnership_id == house.tenant, Meeting.id != meeting.id)
    ):
        other.status = MeetingStatus.CANCELLED
    house.session.commit()
    house.session.expunge_all()
    assert "passes to nobody" in client.page(f"{PAGE}/cancel").text
    text = send(client, house, meeting, "cancel")
    assert "Call a meeting, or decide between meetings." in text
    closed = select(Ask.closed_at.is_not(None), Action.last_ask_closed_at).join(
        Action, Action.id == Ask.action_id
    )
    assert read_all(house, closed) == [(True, None)]
    postbox.letters.clear()
    clock.set(clock.now() + timedelta(days=1))
    tick(app)
    said = {letter.recipient: letter.text for letter in postbox.letters}
    assert "Nothing is planned that takes over what it owed" in said[SECRETARY]
    assert "Trust Board’s meeting on 8 December 2026 was cancelled" in said[MEMBER]
    assert WHY in said[MEMBER]
    postbox.letters.clear()
    clock.set(clock.now() + timedelta(days=1))
    tick(app)
    assert not [one for one in postbox.letters if "was cancelled" in one.text]


def test_a_postponed_meeting_rests_until_its_new_day_is_fixed(
    client: Visitor,
    house: House,
    meeting: Meeting,
    at: At,
    clock: SetClock,
    postbox: Postbox,
) -> None:
    at(11, 10)
    text = send(client, house, meeting, "postpone")
    assert "is postponed. Nobody is reminded until its new day is fixed." in text
    assert "Fix a new day" in text
    assert "STATUS:CANCELLED" in feed(client, house, clock, SECRETARY, house.board)
    postbox.letters.clear()
    at(12, 9)
    assert seen(house, meeting).status is MeetingStatus.POSTPONED
    assert OWNER not in {letter.recipient for letter in postbox.letters}
    version = str(seen(house, meeting).version)
    moved = client.send(f"{PAGE}/move", seen=version, day="12 January 2027", at="2pm", confirm="1")
    assert "Trust Board now meets on Tuesday 12 January 2027 at 2pm." in read(moved.text).text
    found = seen(house, meeting)
    assert (found.status, found.status_words) == (MeetingStatus.PLANNED, None)
    fed = feed(client, house, clock, SECRETARY, house.board)
    entry = next(one for one in fed.split("BEGIN:VEVENT") if "20270112T140000" in one)
    assert "STATUS:CONFIRMED" in entry
    assert "SUMMARY:Trust Board" in entry
    assert read_all(house, select(Ask.for_on, Ask.closed_at)) == [(date(2027, 1, 12), None)]


def test_an_adjourned_meeting_goes_on_with_what_was_not_reached(
    client: Visitor, house: House, meeting: Meeting, at: At
) -> None:
    item(house, meeting, "Agree the budget")
    at(12, 9)
    assert seen(house, meeting).status is MeetingStatus.HELD
    text = send(client, house, meeting, "adjourn", day="15 December 2026", at="10am")
    assert "is adjourned. It goes on on 15 December 2026 at 10am." in text
    assert seen(house, meeting).status is MeetingStatus.ADJOURNED
    goes_on, on, board_id = read_all(
        house,
        select(Meeting.id, Meeting.meets_on, Meeting.board_id).where(
            Meeting.continues_id == meeting.id
        ),
    )[0]
    assert (on, board_id) == (date(2026, 12, 15), house.board.id)
    assert "Agree the budget" in titles(house, goes_on)
    chosen = select(TimetableStep.kind).where(TimetableStep.meeting_id == goes_on)
    kinds = set(read_all(house, chosen))
    assert StepKind.ASK not in kinds
    assert {StepKind.UPDATES_CLOSE, StepKind.PUBLISH, StepKind.MEETING} <= kinds
    [heading] = client.page(f"{BOARD}/meetings/2026-12-15").h1
    assert "Tuesday 15 December 2026" in heading


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("1 December 2026", "That time has passed."),
        ("9 March 2027", "Trust Board meets on 9 March 2027 already."),
        ("1 January 2031", "That is more than eighteen months ahead."),
        ("soon", "We cannot read “soon” as a day."),
    ],
)
def test_a_meeting_goes_on_only_on_a_day_that_will_do(
    client: Visitor,
    house: House,
    meeting: Meeting,
    at: At,
    day: str,
    words: str,
) -> None:
    at(12, 9)
    version = str(seen(house, meeting).version)
    answer = client.post(
        f"{PAGE}/adjourn", data={"seen": version, "why": WHY, "day": day, "at": "10am"}
    )
    assert (answer.status_code, words in read(answer.text).text) == (422, True)
    assert WHY in answer.text
    assert seen(house, meeting).status is MeetingStatus.HELD


def test_a_meeting_to_which_nobody_came_lapses_and_passes_on_what_it_owed(
    client: Visitor, house: House, meeting: Meeting, at: At
) -> None:
    item(house, meeting, "Agree the budget")
    at(12, 9)
    text = send(client, house, meeting, "lapse")
    assert "It is recorded that the meeting of Tuesday 8 December 2026 lapsed." in text
    assert seen(house, meeting).status is MeetingStatus.LAPSED
    assert "Agree the budget" in titles(house, in_march(house))


def test_without_its_quorum_a_meeting_is_held_inquorate(
    house: House, meeting: Meeting, at: At
) -> None:
    kept(house, meeting).is_quorate = False
    house.session.commit()
    house.session.expunge_all()
    at(12, 9)
    assert seen(house, meeting).status is MeetingStatus.INQUORATE


@pytest.mark.parametrize("what", ["cancel", "postpone", "lapse", "adjourn"])
def test_without_a_reason_or_with_an_old_page_nothing_becomes_of_it(
    client: Visitor, house: House, meeting: Meeting, at: At, what: str
) -> None:
    if what in ("lapse", "adjourn"):
        at(12, 9)
    before = seen(house, meeting).status
    more = {"day": "15 December 2026", "at": "10am"}
    version = str(seen(house, meeting).version)
    for sent, status, words in (
        ({"seen": version, "why": ""}, 422, "Say why"),
        ({"seen": version, "why": "x" * 1001}, 422, "1,000 characters or fewer"),
        ({"seen": "0", "why": WHY}, 409, "Somebody changed this meeting"),
    ):
        answer = client.post(f"{PAGE}/{what}", data=sent | more)
        assert (answer.status_code, words in read(answer.text).text) == (status, True)
    assert seen(house, meeting).status is before


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("lapse", "has not begun. Cancel or postpone it instead."),
        ("adjourn", "has not begun. Cancel or postpone it instead."),
    ],
)
def test_what_cannot_become_of_a_meeting_yet_is_said(
    client: Visitor, meeting: Meeting, what: str, words: str
) -> None:
    assert words in read(client.get(f"{PAGE}/{what}", follow_redirects=True).text).text
