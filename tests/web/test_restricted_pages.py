"""The pages of confidential items, and of text that is taken down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from actions.operations import Entry, record_progress
from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem, Paper, PaperKind
from governance.models import Meeting
from governance.pack_models import Pack, PackPart, PackStatus
from tests.factories import House
from tests.pages import Visitor, read
from tracker.edges.db import db, reading
from tracker.kernel.rag import Lifecycle, Rating
from tracker.ledger.blobs import file_bytes
from tracker.people.board_models import BoardRole
from tracker.people.models import Role
from tracker.web.parts import EXTENSION

SECRETARY, MEMBER = "secretary@ashshire.example", "member@ashshire.example"
ADMIN = "admin@ashshire.example"
NAMED = "Zebedee Quince moved to 4 Elm Close."
OURS = {"agenda_item": "title = 'A placement'", "paper": "title = 'The report'"}
SignIn = Callable[[Visitor, str], None]


@pytest.fixture
def meeting(house: House) -> Meeting:
    """A meeting of a board with its people."""
    house.person(SECRETARY, name="Sal Secretary", seat=BoardRole.SECRETARY)
    house.person(MEMBER, name="Mel Member", seat=BoardRole.MEMBER)
    house.person(ADMIN, name="Ada Admin", role=Role.ADMINISTRATOR)
    house.cycle()
    return house.meetings()[0]


@pytest.fixture
def item(house: House, meeting: Meeting) -> AgendaItem:
    """An item with a paper, open as yet."""
    made = AgendaItem(
        partnership_id=house.tenant,
        meeting_id=meeting.id,
        position=50,
        kind=ItemKind.TEXT,
        title="A placement",
        purpose=Purpose.DECISION,
    )
    house.session.add(made)
    house.session.flush()
    house.session.add(
        Paper(
            partnership_id=house.tenant,
            item_id=made.id,
            kind=PaperKind.REPORT,
            title="The report",
            added_at=house.now,
        )
    )
    house.session.commit()
    return made


def base(meeting: Meeting) -> str:
    """The address of the meeting."""
    return f"/ashshire/boards/trust-board/meetings/{meeting.occurrence_on}"


def rows(sql: str) -> list[Any]:
    """What the database says, read beside the session so that no page waits for it."""
    with reading(), db.engine.connect() as connection:
        return list(connection.execute(text(sql)).all())


def kept() -> list[bool]:
    """Whether the item and its papers are confidential now."""
    return [
        bool(one)
        for table in ("agenda_item", "paper")
        for (one,) in rows(f"select is_confidential from {table} where {OURS[table]}")
    ]


def test_an_item_and_its_papers_become_confidential_and_open_again(
    client: Visitor, sign_in: SignIn, session: Session, meeting: Meeting, item: AgendaItem
) -> None:
    sign_in(client, SECRETARY)
    page = client.send(f"{base(meeting)}/items/{item.uid}/confidential", seen="1")
    assert "only those entitled read it" in page.text
    assert kept() == [True, True]
    shown = read(page.text)
    assert "Sal Secretary" in shown.text
    assert "Mel Member" not in shown.text
    ((seen,),) = rows("select version from agenda_item where title = 'A placement'")
    client.send(f"{base(meeting)}/items/{item.uid}/open", seen=str(seen))
    assert kept() == [False, False]


def test_by_law_a_paragraph_and_the_public_interest_are_needed(
    client: Visitor,
    sign_in: SignIn,
    house: House,
    session: Session,
    meeting: Meeting,
    item: AgendaItem,
) -> None:
    house.board.access_law = True
    session.commit()
    sign_in(client, SECRETARY)
    address = f"{base(meeting)}/items/{item.uid}/confidential"
    answer = client.post(address, data={"seen": "1", "paragraph": "", "reason": " "})
    assert answer.status_code == 422
    assert "Choose the paragraph of Schedule 12A" in answer.text
    assert "Say why the public interest" in answer.text
    assert kept() == [False, False]
    good = {"seen": "1", "paragraph": "2", "reason": "It names a child’s school."}
    page = client.send(address, **good)
    assert "likely to reveal the identity of an individual" in page.text
    assert kept() == [True, True]


def test_what_was_published_openly_does_not_become_confidential(
    client: Visitor,
    sign_in: SignIn,
    house: House,
    session: Session,
    meeting: Meeting,
    item: AgendaItem,
) -> None:
    item.number = "6"
    sha256 = file_bytes(session, b"{}", "application/json", now=house.now)
    session.add(
        Pack(
            partnership_id=house.tenant,
            meeting_id=meeting.id,
            status=PackStatus.PUBLISHED,
            part=PackPart.OPEN,
            schema_version=1,
            composed_at=house.now,
            as_at=house.now,
            snapshot_sha256=sha256,
            pdf_sha256=sha256,
        )
    )
    session.commit()
    sign_in(client, SECRETARY)
    answer = client.post(f"{base(meeting)}/items/{item.uid}/confidential", data={"seen": "2"})
    assert answer.status_code == 422
    assert "was published openly" in answer.text


def test_an_item_that_changed_meanwhile_is_not_overwritten(
    client: Visitor, sign_in: SignIn, session: Session, meeting: Meeting, item: AgendaItem
) -> None:
    item.text = "More"
    session.commit()
    sign_in(client, SECRETARY)
    answer = client.post(f"{base(meeting)}/items/{item.uid}/confidential", data={"seen": "1"})
    assert answer.status_code == 409
    assert kept() == [False, False]


@pytest.mark.parametrize("email", [MEMBER, ADMIN])
def test_others_neither_see_nor_make_confidential_items(
    client: Visitor, sign_in: SignIn, meeting: Meeting, item: AgendaItem, email: str
) -> None:
    sign_in(client, email)
    assert client.get(f"{base(meeting)}/confidential").status_code == 403
    assert client.get(f"{base(meeting)}/items/{item.uid}/confidential").status_code == 403


@pytest.fixture
def register(app: Flask, tmp_path: Path) -> Path:
    """Where this application keeps its register of erasures."""
    parts = app.extensions[EXTENSION]
    path = tmp_path / "erasures"
    app.extensions[EXTENSION] = replace(parts, settings=replace(parts.settings, erasures=path))
    return path


@pytest.fixture
def told(house: House, meeting: Meeting) -> Any:
    """An entry that names a child."""
    action = house.action("Hear families", owner="owner@ashshire.example")
    entry = record_progress(
        house.session,
        action,
        Entry(Lifecycle.IN_PROGRESS, Rating.GREEN, happened=NAMED),
        person_id=house.people["owner@ashshire.example"].id,
        last_seen=0,
        now=house.now - timedelta(days=1),
    )
    house.session.commit()
    return entry


def choose(client: Visitor, phrase: str) -> str:
    """Look for words, and return what stands for the first text that holds them."""
    page = read(client.post("/ashshire/taken-down/new", data={"phrase": phrase}).text)
    return next(one["value"] for one in page.fields if one.get("name") == "where")


def test_a_secretary_finds_a_text_by_its_words_and_hides_it(
    client: Visitor, sign_in: SignIn, session: Session, told: Any
) -> None:
    sign_in(client, SECRETARY)
    where = choose(client, "Zebedee Quince")
    answer = client.send(
        "/ashshire/taken-down/new", phrase="Zebedee", where=where, reason="A name", hide="x"
    )
    assert "The text is hidden everywhere" in answer.text
    assert "[Text taken down on 2 November 2026]" in client.page("/ashshire/actions/1").text
    listed = client.page("/ashshire/taken-down").text
    assert "Sal Secretary: A name" in listed
    assert "Zebedee" not in listed


def test_what_is_missing_or_changed_meanwhile_is_said_and_nothing_is_hidden(
    client: Visitor, sign_in: SignIn, session: Session, told: Any
) -> None:
    sign_in(client, SECRETARY)
    where = choose(client, "Quince")
    new = "/ashshire/taken-down/new"
    for data, status, words in (
        ({"phrase": "Quince", "hide": "x", "where": where}, 422, "Say why"),
        ({"phrase": "Quince", "hide": "x", "where": "a:b:c:d", "reason": "R"}, 409, "Look again"),
        (
            {"phrase": "Quince", "hide": "x", "where": f"{where[:-2]}zz", "reason": "R"},
            409,
            "Look again",
        ),
        ({"phrase": "nowhere at all"}, 200, "No text that you may read"),
    ):
        answer = client.post(new, data=data)
        assert (answer.status_code, words in answer.text) == (status, True), data
    assert not rows("select id from takedown")


def hidden(client: Visitor) -> str:
    """Hide the entry, as its secretary does, and return the address of the take-down."""
    where = choose(client, "Quince")
    client.send("/ashshire/taken-down/new", phrase="Q q", where=where, reason="A name", hide="x")
    (found,) = rows("select uid from takedown")
    return f"/ashshire/taken-down/{UUID(str(found[0]))}"


def test_what_was_hidden_by_mistake_is_shown_again(
    client: Visitor, sign_in: SignIn, session: Session, told: Any
) -> None:
    sign_in(client, SECRETARY)
    address = hidden(client)
    assert NAMED in client.page(address).text, "who hid it may look at it again"
    assert "Look again" in client.send(f"{address}/show-again", seen="99").text
    assert "The text is shown again" in client.send(f"{address}/show-again", seen="2").text
    assert NAMED in client.page("/ashshire/actions/1").text


def test_an_administrator_erases_it_for_good_and_a_secretary_cannot(
    client: Visitor, sign_in: SignIn, session: Session, told: Any, register: Path
) -> None:
    sign_in(client, SECRETARY)
    address = hidden(client)
    assert client.get(f"{address}/erase").status_code == 403
    assert client.post(f"{address}/erase", data={"seen": "2"}).status_code == 403
    client.post("/sign-out")
    sign_in(client, ADMIN)
    assert "Erase this text for good?" in client.page(f"{address}/erase").text
    done = client.send(f"{address}/erase", seen="2")
    assert "The text is erased everywhere" in done.text
    assert "The words are nowhere any more" in client.page(address).text
    assert address.rsplit("/", 1)[1] in register.read_text()
    ((seen,),) = rows("select version from takedown")
    again = client.send(f"{address}/show-again", seen=str(seen))
    assert "was erased already" in again.text


def test_nothing_is_erased_where_the_register_cannot_be_written(
    client: Visitor, sign_in: SignIn, session: Session, told: Any, register: Path
) -> None:
    sign_in(client, ADMIN)
    address = hidden(client)
    register.mkdir()
    assert "Nothing was erased" in client.send(f"{address}/erase", seen="2").text
    assert NAMED in client.page(address).text


def test_a_member_hides_nothing(client: Visitor, sign_in: SignIn, told: Any) -> None:
    sign_in(client, MEMBER)
    assert client.get("/ashshire/taken-down").status_code == 403
    assert client.post("/ashshire/taken-down/new", data={"phrase": "Quince"}).status_code == 403
