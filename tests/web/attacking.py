"""What attacks on boards share: an item put on an agenda, and a change of who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem
from governance.models import Meeting
from tests.factories import House
from tests.pages import Visitor

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
