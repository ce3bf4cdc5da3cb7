"""The forward plan: what comes to a board when, edited by its secretary, read by others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from governance.agenda import Purpose
from governance.agenda_models import AgendaItem, ItemStatus
from governance.forward.operations import EntryWords, park, schedule, unschedule
from governance.forward.queries import forward_plan, forward_rows
from governance.models import CycleKind, Meeting, MeetingStatus, ReviewCycle
from governance.report_models import ForwardItem, ForwardState
from governance.setting_models import BusinessKind, YearBusiness
from tests.conftest import NOW
from tests.factories import House
from tests.pages import Visitor, read
from tracker.edges.db import db
from tracker.people.board_models import BoardRelation, BoardRole, RelationKind, TermsOfReference

SignIn = Callable[[Visitor, str], None]
SECRETARY, MEMBER = "secretary@ashshire.example", "member@ashshire.example"
PLAN = "/ashshire/boards/trust-board/forward-plan"
PUBLIC = "/published/ashshire/boards/trust-board/forward-plan"


def filled(house: House) -> list[Meeting]:
    """A board with something from every rule; its meetings in order."""
    tenant, board = house.tenant, house.board
    house.cycle()
    below = house.make_board("Early Help Group")
    house.session.add_all(
        [
            YearBusiness(
                partnership_id=tenant, board_id=board.id, kind=BusinessKind.CHAIR, month=5
            ),
            BoardRelation(
                partnership_id=tenant,
                board_id=below.id,
                other_board_id=board.id,
                kind=RelationKind.REPORTS_TO,
                frequency="Six-monthly",
            ),
            TermsOfReference(
                partnership_id=tenant,
                board_id=board.id,
                version_number=1,
                agreed_on=date(2025, 3, 1),
                review_on=date(2027, 3, 1),
            ),
            ReviewCycle(
                partnership_id=tenant,
                slug="on-request",
                board_id=board.id,
                kind=CycleKind.ON_REQUEST,
                words="Serious case reviews",
            ),
        ]
    )
    house.session.commit()
    return house.meetings()


def words(title: str, **more: Any) -> EntryWords:
    return EntryWords(title, Purpose.DISCUSSION, **more)


@pytest.fixture
def coming(client: Visitor, house: House, sign_in: SignIn) -> list[Meeting]:
    """A filled board with its secretary signed in."""
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.person(MEMBER, seat=BoardRole.MEMBER)
    found = filled(house)
    sign_in(client, SECRETARY)
    return found


def entries(house: House) -> list[ForwardItem]:
    """All entries put there by hand, as they are now."""
    house.session.rollback()
    house.session.expire_all()
    found = list(
        house.session.scalars(
            select(ForwardItem)
            .where(ForwardItem.partnership_id == house.tenant)
            .order_by(ForwardItem.id)
        )
    )
    # Reading them later must not begin a transaction that locks the file.
    for one in found:
        house.session.expunge(one)
    house.session.rollback()
    return found


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str) -> Iterator[House]:
    """A small partnership on a database of each kind."""
    with make_app(any_url).app_context():
        yield House(db.session(), NOW)


def test_each_meeting_says_what_comes_and_by_which_rule(either: House) -> None:
    meetings = filled(either)
    plan = forward_plan(either.session, either.board, after=NOW)
    assert [ahead.meeting.id for ahead in plan.meetings] == [one.id for one in meetings]
    said = {
        ahead.meeting.meets_on: [(one.what, one.why) for one in ahead.comes]
        for ahead in plan.meetings
    }
    assert said[date(2026, 12, 8)][0] == (either.plan.full_title, "Quarterly")
    chair = ("Appointment of the chair", "Business of the year")
    assert [on for on, rows in said.items() if chair in rows] == [
        date(2026, 12, 8),  # nobody has taken this year's
        date(2027, 6, 8),
    ]
    terms = ("Review of the terms of reference", "They are to be reviewed by 1 March 2027")
    assert [on for on, rows in said.items() if terms in rows] == [date(2027, 3, 9)]
    report = ("Report of Early Help Group", "It reports six-monthly")
    assert [on for on, rows in said.items() if report in rows] == [
        *(date(2026, 12, 8), date(2027, 6, 8), date(2027, 12, 14)),
    ]
    assert [one.what for one in plan.on_request] == ["Serious case reviews"]


def test_an_entry_is_given_a_meeting_parked_again_and_given_another(either: House) -> None:
    first, second, *_ = filled(either)
    item = park(either.session, either.board, words("Foster care"), now=NOW)
    schedule(either.session, item, first, now=NOW)
    unschedule(either.session, item)
    schedule(either.session, item, second, now=NOW)
    schedule(either.session, item, first, now=NOW)
    either.session.commit()
    there = either.session.scalars(
        select(AgendaItem)
        .where(
            AgendaItem.partnership_id == either.tenant,
            AgendaItem.source_key == f"forward:{item.uid}",
        )
        .order_by(AgendaItem.meeting_id)
    ).all()
    assert {(one.meeting_id, one.status) for one in there} == {
        (first.id, ItemStatus.ON_AGENDA),
        (second.id, ItemStatus.REMOVED),
    }
    assert {one.thread for one in there} == {item.thread}
    plan = forward_plan(either.session, either.board, after=NOW)
    assert "Foster care" in [one.what for one in plan.meetings[0].comes]
    assert plan.parked == ()


def test_what_lost_its_meeting_waits_for_another(either: House) -> None:
    first, *_ = filled(either)
    item = park(either.session, either.board, words("Foster care"), now=NOW)
    schedule(either.session, item, first, now=NOW)
    first.status = MeetingStatus.CANCELLED
    either.session.commit()
    plan = forward_plan(either.session, either.board, after=NOW)
    assert [one.title for one in plan.parked] == ["Foster care"]


def test_the_pack_prints_eighteen_months_from_the_next_meeting_on_and_nothing_confidential(
    either: House,
) -> None:
    first, second, *_ = filled(either)
    park(either.session, either.board, words("Foster care", why="Asked in June"), now=NOW)
    park(either.session, either.board, words("A child"), now=NOW, is_confidential=True)
    either.session.commit()
    rows = forward_rows(either.session, first)
    whens = [row.when for row in rows if row.when]
    assert whens[0] == "Tuesday 9 March 2027, 2pm"
    assert whens[-2:] == ["No meeting yet", "On request"]
    assert ("Foster care", "Asked in June") in [(row.what, row.rule) for row in rows]
    assert "A child" not in [row.what for row in rows]
    assert "A child" in [row.what for row in forward_rows(either.session, first, confidential=True)]
    assert second.meets_on == date(2027, 3, 9)


def test_the_secretary_adds_an_item_to_a_meeting_and_it_stands_on_its_agenda(
    client: Visitor, house: House, coming: list[Meeting]
) -> None:
    answer = client.send(
        f"{PLAN}/add",
        version="1",
        title="Foster care",
        purpose="decision",
        minutes="20",
        why="Asked for in June",
        to=str(coming[1].uid),
    )
    page = read(answer.text)
    assert "“Foster care” is in the forward plan and comes to the meeting of" in page.text
    item = entries(house)[0]
    assert (item.state, item.minutes) == (ForwardState.SCHEDULED, 20)
    agenda = client.page("/ashshire/boards/trust-board/meetings/2027-03-09").text
    assert "Foster care" in agenda
    answer = client.send(
        f"{PLAN}/{item.uid}",
        version=str(item.version),
        title="Foster care, again",
        purpose="decision",
        to="",
    )
    assert "“Foster care, again” is changed." in read(answer.text).text
    assert entries(house)[0].state is ForwardState.PARKED
    agenda = client.page("/ashshire/boards/trust-board/meetings/2027-03-09").text
    assert "Foster care" not in agenda


def test_an_item_is_dropped_with_why(client: Visitor, house: House, coming: list[Meeting]) -> None:
    client.send(f"{PLAN}/add", version="1", title="Foster care", purpose="decision")
    item = entries(house)[0]
    assert client.post(f"{PLAN}/{item.uid}/drop", data={"version": "1"}).status_code == 422
    answer = client.send(f"{PLAN}/{item.uid}/drop", version=str(item.version), why="Settled")
    assert "comes to no meeting any more" in read(answer.text).text
    assert "Foster care" not in client.page(PLAN).text.split("any more.")[-1]
    dropped = entries(house)[0]
    assert (dropped.state, dropped.why) == (ForwardState.DROPPED, "Settled")
    assert client.get(f"{PLAN}/{item.uid}").status_code == 404


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": ""}, "Give the item a title"),
        ({"title": "x" * 301}, "300 characters or fewer"),
        ({"purpose": "fun"}, "Choose what the item is for"),
        ({"minutes": "many"}, "Give a number of minutes"),
        ({"to": "never"}, "Choose a meeting from the list"),
    ],
)
def test_what_will_not_do_is_said(
    client: Visitor, house: House, coming: list[Meeting], values: dict[str, str], said: str
) -> None:
    good = {"version": "1", "title": "Foster care", "purpose": "decision", "presenter": "Jo"}
    answer = client.post(f"{PLAN}/add", data=good | values)
    page = read(answer.text)
    assert (answer.status_code, said in page.text) == (422, True)
    assert "Jo" in {one.get("value") for one in page.fields}
    assert entries(house) == []


def test_an_item_that_somebody_changed_is_not_changed_over(
    client: Visitor, house: House, coming: list[Meeting]
) -> None:
    client.send(f"{PLAN}/add", version="1", title="Foster care", purpose="decision")
    item = entries(house)[0]
    client.send(f"{PLAN}/{item.uid}", version="1", title="Adoption", purpose="decision")
    answer = client.post(
        f"{PLAN}/{item.uid}", data={"version": "1", "title": "Both", "purpose": "decision"}
    )
    assert answer.status_code == 409
    assert entries(house)[0].title == "Adoption"


def test_confidential_entries_are_for_the_entitled_only(
    client: Visitor, house: House, coming: list[Meeting], sign_in: SignIn
) -> None:
    answer = client.send(
        f"{PLAN}/add",
        version="1",
        title="Child K",
        purpose="decision",
        is_confidential="y",
        to=str(coming[0].uid),
    )
    page = read(answer.text)
    assert "A confidential item is in the forward plan" in page.text
    assert page.text.count("Child K") >= 1
    item = entries(house)[0]
    client.post("/sign-out")
    sign_in(client, MEMBER)
    assert "Child K" not in client.page(PLAN).text
    assert client.get(f"{PLAN}/{item.uid}").status_code == 403
    house.board.is_public = True
    house.session.commit()
    client.post("/sign-out")
    assert "Child K" not in client.page(PUBLIC).text


def test_anybody_reads_the_forward_plan_of_a_public_board_and_of_no_other(
    client: Visitor, house: House, coming: list[Meeting]
) -> None:
    client.send(f"{PLAN}/add", version="1", title="Foster care", purpose="decision")
    client.post("/sign-out")
    assert client.get(PUBLIC).status_code == 404
    house.board.is_public = True
    house.session.commit()
    text = client.page(PUBLIC).text
    assert "Tuesday 8 December 2026" in text
    assert "Children’s Plan" in text
    assert "Foster care" not in text  # it has no meeting yet
    assert client.get("/published/ashshire/boards/no-board/forward-plan").status_code == 404
    assert client.get("/published/nowhere/boards/trust-board/forward-plan").status_code == 404
    assert client.get(PLAN).status_code == 302


def test_members_read_and_do_not_edit(
    client: Visitor, house: House, coming: list[Meeting], sign_in: SignIn
) -> None:
    client.post("/sign-out")
    sign_in(client, MEMBER)
    assert "Add an item" not in client.page(PLAN).text
    assert client.get(f"{PLAN}/add").status_code == 403
