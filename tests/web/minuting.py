"""A meeting to be minuted: its people, a way to be there, and what the forms are sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem
from governance.models import Meeting, MeetingStatus
from tests.factories import House
from tests.pages import Page, Visitor, read
from tracker.edges.clock import SetClock
from tracker.people.board_models import BoardRole
from tracker.people.models import Person

SignIn = Callable[[Visitor, str], None]
SECRETARY, CHAIR, MEMBER, OTHER, ENTITLED, STRANGER = (
    f"{who}@ashshire.example"
    for who in ("secretary", "chair", "member", "other", "entitled", "stranger")
)
PAGE = "/ashshire/boards/trust-board/meetings/2026-12-08"
NEXT = "/ashshire/boards/trust-board/meetings/2027-03-09"
AFTER = datetime(2026, 12, 8, 16, 30, tzinfo=UTC)
AT_THE_NEXT = datetime(2027, 3, 9, 14, 30, tzinfo=UTC)


@dataclass
class Room:
    """A meeting of 8 December 2026 that was held, and who sits there."""

    house: House
    meeting: Meeting
    coming: Meeting
    people: dict[str, Person]

    def item(self, title: str, *, confidential: bool = False) -> AgendaItem:
        """An item on the agenda."""
        last = self.house.session.scalars(
            select(AgendaItem.position)
            .where(
                AgendaItem.partnership_id == self.house.tenant,
                AgendaItem.meeting_id == self.meeting.id,
            )
            .order_by(AgendaItem.position.desc())
        ).first()
        row = AgendaItem(
            partnership_id=self.house.tenant,
            meeting_id=self.meeting.id,
            position=(last or 0) + 1,
            kind=ItemKind.TEXT,
            title=title,
            purpose=Purpose.DISCUSSION,
            is_confidential=confidential,
        )
        self.house.session.add(row)
        self.house.session.commit()
        return row

    def of(self, email: str) -> str:
        """Somebody's uid, as the attendance form names them."""
        return str(self.people[email].uid)


def held(house: House, clock: SetClock) -> Room:
    """A meeting that was held, with a chair, two members, a secretary and one who is entitled."""
    people = {
        SECRETARY: house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY),
        CHAIR: house.person(CHAIR, name="Cherry Chair", seat=BoardRole.CHAIR),
        MEMBER: house.person(MEMBER, name="Mo Member", seat=BoardRole.MEMBER),
        OTHER: house.person(OTHER, name="Otto Other", seat=BoardRole.MEMBER),
        ENTITLED: house.person(ENTITLED, name="Ennis Entitled"),
        STRANGER: house.person(STRANGER, name="Stray Stranger"),
    }
    house.seat(people[ENTITLED], BoardRole.MEMBER, house.board).reads_confidential = True
    house.cycle()
    meeting, coming = house.meetings()[:2]
    meeting.status = MeetingStatus.HELD
    house.board.abbreviation = "CTB"
    house.session.commit()
    clock.set(AFTER)
    return Room(house, meeting, coming, people)


def sent(client: Visitor, path: str, **values: Any) -> tuple[int, Page]:
    """Send a form; its status, and the page that comes."""
    answer = client.send(path, **values)
    return answer.status_code, read(answer.text)


def value_of(page: Page, name: str) -> str:
    """What a page keeps in a hidden field."""
    return next(one["value"] for one in page.fields if one.get("name") == name)
