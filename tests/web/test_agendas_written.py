"""Agendas write themselves on both databases: once, in order, and never over what people did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem, ItemOrigin, ItemStatus, Paper, PaperKind
from governance.agendas.changing import ItemWords, change_item, step_item
from governance.agendas.operations import (
    add_item,
    carry_items,
    defer_item,
    put_back,
    take_off,
    write_agenda,
    write_agendas,
)
from governance.minute_models import ItemMinute
from governance.models import Meeting, MeetingPlan
from governance.pack_models import Pack, PackStatus
from governance.queries import agenda
from governance.report_models import ForwardItem
from governance.setting_models import BusinessKind, StandingItem, YearBusiness
from tests.conftest import NOW
from tests.factories import House
from tracker.edges.db import db
from tracker.ledger.blobs import file_bytes


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str) -> Iterator[House]:
    """A small partnership on a database of each kind, with meetings of its board."""
    with make_app(any_url).app_context():
        house = House(db.session(), NOW)
        house.cycle()
        house.meetings()
        yield house


def coming(house: House) -> list[Meeting]:
    """The board's meetings, in order."""
    chosen = select(Meeting).where(Meeting.partnership_id == house.tenant)
    return list(house.session.scalars(chosen.order_by(Meeting.starts_at)))


def titles(house: House, meeting: Meeting) -> list[str]:
    """What stands on an agenda, in order."""
    return [item.title for item in agenda(house.session, meeting, confidential=True)]


def named(house: House, meeting: Meeting, title: str) -> AgendaItem:
    """An item of an agenda by its title."""
    return next(one for one in agenda(house.session, meeting) if one.title == title)


def text_item(house: House, meeting: Meeting, title: str, **more: Any) -> AgendaItem:
    """An item of the secretary's."""
    values: dict[str, Any] = {"purpose": Purpose.DISCUSSION, "origin": ItemOrigin.SECRETARY}
    values |= more
    return add_item(house.session, meeting, kind=ItemKind.TEXT, title=title, **values)


def test_an_agenda_stands_in_the_order_of_councils_packs_and_is_written_once(
    either: House,
) -> None:
    first = coming(either)[0]
    expected = [
        "Welcome, apologies and quorum",
        "Declarations of interest",
        "Minutes of the last meeting",
        "Matters arising and action log",
        "Since this board last met",
        "Progress report: Children’s Plan 2026-27",
        "Forward plan",
        "Any other business",
        "Date of the next meeting",
    ]
    found = titles(either, first)
    assert found == expected
    assert write_agenda(either.session, first, now=NOW) == 0
    assert titles(either, first) == found


def test_what_people_did_to_an_agenda_outlasts_its_rules(either: House) -> None:
    first = coming(either)[0]
    session = either.session
    take_off(session, named(either, first, "Forward plan"), why="Too early")
    change_item(
        session,
        named(either, first, "Any other business"),
        ItemWords("Anything else", Purpose.DISCUSSION, "Chair", 10),
    )
    step_item(session, first, named(either, first, "Declarations of interest"), up=True)
    before = titles(either, first)
    assert before[:2] == ["Declarations of interest", "Welcome, apologies and quorum"]
    session.add(
        StandingItem(
            partnership_id=either.tenant,
            board_id=either.board.id,
            slug="youth",
            position=1,
            kind=ItemKind.TEXT,
            title="Youth voice",
            purpose=Purpose.DISCUSSION,
        )
    )
    session.flush()
    assert write_agenda(session, first, now=NOW) == 1
    found = titles(either, first)
    assert [one for one in found if one != "Youth voice"] == before
    assert "Forward plan" not in found
    removed = session.scalars(
        select(AgendaItem).where(
            AgendaItem.partnership_id == either.tenant,
            AgendaItem.meeting_id == first.id,
            AgendaItem.status == ItemStatus.REMOVED,
        )
    ).one()
    put_back(session, removed)
    assert titles(either, first)[-3] == "Forward plan"


def test_an_agenda_that_nobody_touched_follows_its_boards_standing_agenda(either: House) -> None:
    first, second = coming(either)[:2]
    text_item(either, second, "Kept")
    for position, (slug, title) in enumerate(
        [("welcome", "Welcome"), ("youth", "Youth voice"), ("forward-plan", "What is to come")]
    ):
        either.session.add(
            StandingItem(
                partnership_id=either.tenant,
                board_id=either.board.id,
                slug=slug,
                position=position,
                kind=ItemKind.TEXT,
                title=title,
                purpose=Purpose.INFORMATION,
            )
        )
    either.session.flush()
    write_agendas(either.session, either.tenant, [first, second], now=NOW)
    found = titles(either, first)
    assert [one for one in found if not one.startswith("Progress")] == [
        "Welcome",
        "Youth voice",
        "What is to come",
    ]
    assert len(found) == 4
    write_agendas(either.session, either.tenant, [first, second], now=NOW)
    assert titles(either, first) == found
    # The secretary has begun on the second: it gets what is new, and keeps what it has.
    assert titles(either, second)[0] == "Welcome, apologies and quorum"
    assert {"Kept", "Youth voice", "Any other business"} <= set(titles(either, second))


def test_a_plan_that_a_meeting_does_not_review_any_more_leaves_unless_it_has_papers(
    either: House,
) -> None:
    first, second = coming(either)[:2]
    report = next(one for one in agenda(either.session, second) if one.plan_id)
    either.session.add(
        Paper(
            partnership_id=either.tenant,
            item_id=report.id,
            kind=PaperKind.FILE,
            title="Beside it",
            is_to_follow=True,
            added_at=NOW,
        )
    )
    rows = select(MeetingPlan).where(MeetingPlan.partnership_id == either.tenant)
    for row in either.session.scalars(rows):
        either.session.delete(row)
    either.session.flush()
    write_agendas(either.session, either.tenant, [first, second], now=NOW)
    assert not any(one.startswith("Progress report") for one in titles(either, first))
    assert any(one.startswith("Progress report") for one in titles(either, second))


def test_the_years_business_comes_to_the_first_meeting_from_its_month_on(either: House) -> None:
    for kind, month in ((BusinessKind.CHAIR, 12), (BusinessKind.DATES, 5)):
        either.session.add(
            YearBusiness(
                partnership_id=either.tenant, board_id=either.board.id, kind=kind, month=month
            )
        )
    either.session.flush()
    meetings = coming(either)
    write_agendas(either.session, either.tenant, meetings, now=NOW)
    takes = {
        one.meets_on: [t for t in titles(either, one) if t.startswith(("Appoint", "Meeting d"))]
        for one in meetings
    }
    # May’s business waits for the first meeting that there is.
    assert takes[date(2026, 12, 8)] == [
        "Appointment of the chair",
        "Meeting dates for the next year",
    ]
    assert takes[date(2027, 3, 9)] == []
    assert takes[date(2027, 6, 8)] == ["Meeting dates for the next year"]
    assert takes[date(2027, 12, 14)] == ["Appointment of the chair"]


def test_the_plans_of_a_coordinated_cycle_come_in_one_item(either: House) -> None:
    second_plan = either.make_plan("Hubs Plan")
    board = either.make_board("Other Board")
    cycle = either.cycle("FREQ=MONTHLY;BYDAY=1TH", board=board, plans=[either.plan, second_plan])
    cycle.is_coordinated = True
    either.session.commit()
    meetings = [one for one in either.meetings() if one.board_id == board.id]
    found = [one for one in titles(either, meetings[0]) if "eport" in one]
    assert len(found) == 1
    assert found[0].startswith("Coordinated report: ")
    assert "Hubs Plan" in found[0]


def test_an_item_is_added_once_under_its_key_even_after_it_was_taken_off(either: House) -> None:
    first = coming(either)[0]
    item = text_item(either, first, "From below", source_key="escalation:1")
    assert text_item(either, first, "Again", source_key="escalation:1").id == item.id
    take_off(either.session, item, why="Not now")
    assert text_item(either, first, "Again", source_key="escalation:1").id == item.id
    assert "From below" not in titles(either, first)


def test_what_is_for_decision_stands_before_the_reports_and_information_before_the_forward_plan(
    either: House,
) -> None:
    first = coming(either)[0]
    text_item(either, first, "Decide", purpose=Purpose.DECISION)
    text_item(either, first, "Know", purpose=Purpose.INFORMATION)
    text_item(either, first, "Discuss", purpose=Purpose.DISCUSSION)
    found = titles(either, first)
    assert found[5] == "Decide"
    assert found[7:10] == ["Discuss", "Know", "Forward plan"]


def test_many_items_at_one_place_keep_their_order(either: House) -> None:
    first = coming(either)[0]
    wanted = [f"Item {number}" for number in range(25)]
    for one in wanted:
        text_item(either, first, one)
    found = titles(either, first)
    assert [one for one in found if one.startswith("Item ")] == wanted


def test_a_late_item_has_the_agenda_say_so_with_its_reason(either: House) -> None:
    first = coming(either)[0]
    text_item(either, first, "Flooded hub", late_reason="It was flooded yesterday")
    assert titles(either, first)[4] == "Late or urgent items"
    text_item(either, first, "Second", late_reason="Also")
    assert titles(either, first).count("Late or urgent items") == 1


def test_a_deferred_item_goes_on_at_the_other_meeting_with_its_papers_and_thread(
    either: House,
) -> None:
    first, second = coming(either)[:2]
    item = text_item(either, first, "Budget", purpose=Purpose.DECISION)
    either.session.add(
        Paper(
            partnership_id=either.tenant,
            item_id=item.id,
            kind=PaperKind.FILE,
            title="Figures",
            is_to_follow=True,
            added_at=NOW,
            reference="TB/1",
        )
    )
    either.session.flush()
    there = defer_item(either.session, item, to=second, why="No time", now=NOW)
    assert isinstance(there, AgendaItem)
    assert (there.thread, there.carried_from_id) == (item.thread, item.id)
    assert (item.status, item.status_words) == (ItemStatus.DEFERRED, "No time")
    assert "Budget" in titles(either, second)
    paper = either.session.scalars(
        select(Paper).where(Paper.partnership_id == either.tenant, Paper.item_id == there.id)
    ).one()
    assert (paper.title, paper.reference) == ("Figures", None)


def test_an_item_that_no_meeting_takes_is_parked_in_the_forward_plan(either: House) -> None:
    first = coming(either)[0]
    item = text_item(either, first, "Budget", is_confidential=True)
    parked = defer_item(either.session, item, to=None, why="Not ready", now=NOW)
    assert isinstance(parked, ForwardItem)
    assert (parked.title, parked.thread, parked.is_confidential) == ("Budget", item.thread, True)
    assert (parked.board_id, parked.meeting_id) == (either.board.id, None)


def test_what_a_meeting_owed_is_carried_once_and_what_was_minuted_is_not(either: House) -> None:
    first, second = coming(either)[:2]
    done = text_item(either, first, "Minuted")
    text_item(either, first, "Owed")
    text_item(either, first, "Secret", is_confidential=True)
    either.session.add(
        ItemMinute(
            partnership_id=either.tenant,
            meeting_id=first.id,
            item_id=done.id,
            text="Done.",
            changed_at=NOW,
        )
    )
    either.session.flush()
    assert carry_items(either.session, first, second, why="Cancelled", now=NOW) == 2
    assert carry_items(either.session, first, second, why="Cancelled", now=NOW) == 0
    found = titles(either, second)
    assert "Owed" in found
    assert "Minuted" not in found
    assert [one.is_confidential for one in agenda(either.session, second)].count(True) == 0
    assert found[-1] == "Secret"
    assert found.count("Forward plan") == 1


def test_nothing_is_written_once_the_pack_is_published_or_the_meeting_has_begun(
    either: House,
) -> None:
    first, second = coming(either)[:2]
    either.session.add(
        Pack(
            partnership_id=either.tenant,
            meeting_id=first.id,
            status=PackStatus.PUBLISHED,
            schema_version=3,
            composed_at=NOW,
            as_at=NOW,
            snapshot_sha256=file_bytes(either.session, b"{}", "application/json", now=NOW),
        )
    )
    either.session.add(
        YearBusiness(
            partnership_id=either.tenant,
            board_id=either.board.id,
            kind=BusinessKind.CHAIR,
            month=12,
        )
    )
    either.session.flush()
    assert write_agenda(either.session, first, now=NOW) == 0
    assert write_agenda(either.session, second, now=second.starts_at + timedelta(hours=1)) == 0
