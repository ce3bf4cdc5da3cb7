"""A board's meeting on 8 December 2026, and what tests do to it and read of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import Select, select

from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem, ItemOrigin, ItemStatus
from governance.agendas.operations import add_item
from governance.feed import new_link
from governance.feed_models import FeedKind
from governance.models import Meeting, MeetingStatus
from tests.factories import House
from tests.pages import Visitor, read
from tracker.edges.clock import SetClock
from tracker.edges.tenancy import ACROSS
from tracker.jobs import tick
from tracker.people.board_models import Board, BoardRole

SignIn = Callable[[Visitor, str], None]
SECRETARY, MEMBER = "secretary@ashshire.example", "member@ashshire.example"
At = Callable[..., None]
OWNER = "owner@ashshire.example"
BOARD = "/ashshire/boards/trust-board"
PAGE = f"{BOARD}/meetings/2026-12-08"
WHY = "The hall is flooded."


def prepared(client: Visitor, house: House, sign_in: SignIn) -> Meeting:
    """A meeting on 8 December 2026 at 2pm, with its secretary signed in."""
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.person(MEMBER, seat=BoardRole.MEMBER)
    house.action("Open a family hub", owner=OWNER)
    house.cycle()
    found = house.meetings()[0]
    # What a test reads of the house later must not begin a transaction that locks SQLite.
    house.session.expunge_all()
    sign_in(client, SECRETARY)
    return found


def ticking(app: Flask, clock: SetClock, client: Visitor, sign_in: SignIn) -> At:
    """Tick at a day and hour in December or November 2026, with the secretary signed in then."""

    def go(month: int, day: int, hour: int = 10) -> None:
        clock.set(datetime(2026, month, day, hour, tzinfo=UTC))
        tick(app)
        sign_in(client, SECRETARY)

    return go


@dataclass(frozen=True)
class Seen:
    """What the tests look at of a meeting."""

    status: MeetingStatus
    status_words: str | None
    status_at: datetime | None
    sequence: int
    changed_at: datetime
    version: int
    place: str | None
    meets_on: date


def read_all(house: House, chosen: Select[*tuple[Any, ...]]) -> list[Any]:
    """What a select of columns finds, with no transaction left open; one column gives values."""
    house.session.rollback()
    rows = [tuple(row) for row in house.session.execute(chosen, execution_options=ACROSS)]
    house.session.rollback()
    return [row[0] if len(row) == 1 else row for row in rows]


def seen(house: House, meeting: Meeting) -> Seen:
    """The meeting as it is now."""
    columns = [getattr(Meeting, one.name) for one in fields(Seen)]
    return Seen(*read_all(house, select(*columns).where(Meeting.id == meeting.id))[0])


def send(client: Visitor, house: House, meeting: Meeting, what: str, **values: Any) -> str:
    """Send a form of the meeting's, as seen now; what the page says."""
    version = str(seen(house, meeting).version)
    answer = client.send(f"{PAGE}/{what}", **({"seen": version, "why": WHY} | values))
    assert answer.status_code == 200, read(answer.text).text
    return read(answer.text).text


def in_march(house: House) -> int:
    """The id of the board's meeting in March 2027."""
    march = Meeting.occurrence_on == date(2027, 3, 9)
    return int(read_all(house, select(Meeting.id).where(march))[0])


def kept(house: House, meeting: Meeting) -> Meeting:
    """The meeting in the house's session, to be changed there."""
    return house.session.scalars(
        select(Meeting).where(Meeting.partnership_id == house.tenant, Meeting.id == meeting.id)
    ).one()


def item(house: House, meeting: Meeting, title: str, *, is_confidential: bool = False) -> None:
    """An agenda item of the meeting's own."""
    add_item(
        house.session,
        kept(house, meeting),
        kind=ItemKind.TEXT,
        title=title,
        purpose=Purpose.DECISION,
        origin=ItemOrigin.SECRETARY,
        is_confidential=is_confidential,
    )
    house.session.commit()
    house.session.expunge_all()


def titles(house: House, meeting_id: int) -> list[str]:
    """The titles on a meeting's agenda, the confidential ones included."""
    on_agenda = AgendaItem.status == ItemStatus.ON_AGENDA
    return read_all(
        house, select(AgendaItem.title).where(AgendaItem.meeting_id == meeting_id, on_agenda)
    )


def feed(client: Visitor, house: House, clock: SetClock, email: str, board: Board) -> str:
    """A board's calendar as a member's link gives it, unfolded."""
    _, token = new_link(
        house.session,
        person_id=house.people[email].id,
        kind=FeedKind.BOARD,
        name=board.name,
        partnership_id=house.tenant,
        board_id=board.id,
        now=clock.now(),
    )
    house.session.commit()
    answer = client.get(f"/feeds/{token}.ics")
    assert answer.status_code == 200
    return answer.text.replace("\r\n ", "")
