"""How tests publish: a meeting that is ready for it, its items and papers, and the gate."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem, Paper, PaperKind
from governance.models import Meeting
from governance.pack_models import Pack, PackStatus
from tests.factories import House
from tests.pages import Visitor
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.ledger.blobs import read_bytes
from tracker.people.board_models import BoardRole
from tracker.people.models import Role

SignIn = Callable[[Visitor, str], None]
SECRETARY, MEMBER, CHAIR, ADMINISTRATOR, OWNER = (
    f"{who}@ashshire.example" for who in ("secretary", "member", "chair", "administrator", "owner")
)
PAGE = "/ashshire/boards/trust-board/meetings/2026-12-08"
SECRET = "Zebra contract"
REASON = "The board wants it now"


def ready(app: Flask, client: Visitor, house: House, sign_in: SignIn, clock: SetClock) -> Meeting:
    """A meeting whose updates have closed without an answer, its secretary signed in."""
    house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    house.person(MEMBER, seat=BoardRole.MEMBER)
    house.person(CHAIR, seat=BoardRole.CHAIR)
    house.person(ADMINISTRATOR, role=Role.ADMINISTRATOR)
    house.action("Open a family hub", deadline="April 2027", owner=OWNER, lead=house.council)
    house.cycle()
    found = house.meetings()[0]
    clock.set(clock.now() + timedelta(days=8))
    tick(app)  # owners are asked
    clock.set(clock.now() + timedelta(days=17))
    tick(app)
    sign_in(client, SECRETARY)
    return found


def through_gate(client: Visitor, meeting_page: str, *, reason: str = REASON) -> TestResponse:
    """Publish a meeting's first pack as its secretary, giving a reason for each finding."""
    gate = client.page(f"{meeting_page}/publish")
    fields = {one["name"]: one.get("value", "") for one in gate.fields if one.get("name")}
    sent = {
        name: reason if name.startswith("reason-") else value
        for name, value in fields.items()
        if name == "after" or name.startswith("reason-")
    }
    return client.send(f"{meeting_page}/publish", **sent)


def item(house: House, meeting: Meeting, title: str, **values: Any) -> AgendaItem:
    """An item put on the agenda, before other business unless it says otherwise."""
    row = AgendaItem(
        partnership_id=house.tenant,
        meeting_id=meeting.id,
        position=values.pop("position", 7_000),
        kind=ItemKind.TEXT,
        title=title,
        purpose=values.pop("purpose", Purpose.INFORMATION),
        **values,
    )
    house.session.add(row)
    house.session.commit()
    return row


def paper(house: House, under: AgendaItem, title: str, **values: Any) -> Paper:
    """A paper under an item."""
    row = Paper(
        partnership_id=house.tenant,
        item_id=under.id,
        kind=PaperKind.REPORT,
        title=title,
        added_at=house.now,
        is_confidential=under.is_confidential,
        **values,
    )
    house.session.add(row)
    house.session.commit()
    return row


def published(house: House) -> list[Pack]:
    """Everything published."""
    house.session.rollback()
    house.session.expire_all()
    found = list(
        house.session.scalars(
            select(Pack)
            .where(Pack.partnership_id == house.tenant, Pack.status == PackStatus.PUBLISHED)
            .order_by(Pack.id)
        )
    )
    house.session.commit()
    return found


def value_of(house: House, pack: Pack) -> dict[str, Any]:
    """The very value that was published."""
    found: dict[str, Any] = json.loads(read_bytes(house.session, pack.snapshot_sha256))
    house.session.commit()
    return found


def fresh(house: House, row: Any) -> Any:
    """A row as it is now."""
    house.session.rollback()
    house.session.refresh(row)
    house.session.commit()  # which lets the database go, and keeps what was read
    return row


def change(house: House, row: Any, **values: object) -> None:
    """Change a row past the pages."""
    house.session.rollback()
    house.session.refresh(row)
    for name, value in values.items():
        setattr(row, name, value)
    house.session.commit()


def with_secret(house: House, meeting: Meeting) -> AgendaItem:
    """A confidential item among the others."""
    row = item(
        house,
        meeting,
        SECRET,
        position=2,
        is_confidential=True,
        exempt_paragraph=3,
        exempt_reason="Bidders would learn of it",
    )
    house.board.access_law = True
    house.session.commit()
    paper(house, row, f"{SECRET}, bids")
    return row
