"""The confidential part is a file of its own, and who is told of what."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from governance import documents
from governance.agenda_models import AgendaItem
from governance.models import Meeting, MeetingBoard
from governance.pack_models import Pack, PackPart, PackStatus
from tests.factories import House
from tests.fakes import PlainRenderer, Postbox
from tests.pages import Visitor
from tests.web.publishing import (
    ADMINISTRATOR,
    CHAIR,
    MEMBER,
    PAGE,
    SECRET,
    SECRETARY,
    SignIn,
    fresh,
    item,
    published,
    ready,
    through_gate,
    value_of,
    with_secret,
)
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import BoardRole


@pytest.fixture
def meeting(app: Flask, client: Visitor, house: House, sign_in: SignIn, clock: SetClock) -> Meeting:
    """A meeting whose updates have closed without an answer, its secretary signed in."""
    return ready(app, client, house, sign_in, clock)


def test_confidential_items_stand_in_a_file_of_their_own_and_nowhere_else(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    row = with_secret(house, meeting)
    answer = through_gate(client, PAGE)
    assert "version 1 of the confidential part" in answer.text
    public, hidden = published(house)
    assert (public.part, hidden.part) == (PackPart.OPEN, PackPart.CONFIDENTIAL)
    said, kept = value_of(house, public), value_of(house, hidden)
    assert SECRET not in json.dumps(said)
    numbers = [one["number"] for one in said["items"]]
    assert numbers == [str(at) for at in range(1, len(numbers) + 1)]
    assert fresh(house, row).number == str(len(numbers) + 1)
    assert [one["title"] for one in kept["items"]] == [SECRET]
    assert kept["front"]["part"] == "Part 2: confidential"
    assert "section 100A(4)" in kept["front"]["exclusion"]
    printed = json.dumps(kept["items"])
    assert "Paragraph 3 of Part 1 of Schedule 12A" in printed
    assert "Bidders would learn of it" in printed
    addresses = [f"{PAGE}/packs/{hidden.uid}", f"{PAGE}/packs/{hidden.uid}.pdf"]
    for email, status in ((CHAIR, 200), (SECRETARY, 200), (MEMBER, 404), (ADMINISTRATOR, 404)):
        client.post("/sign-out")
        sign_in(client, email)
        for address in addresses:
            assert client.get(address).status_code == status, (email, address)
        for address in (f"{PAGE}/packs", f"{PAGE}/packs/1"):
            text = client.page(address).text
            assert SECRET not in text
            assert ("onfidential items" in text) is (status == 200 and address.endswith("packs"))


def test_members_are_told_of_each_publication_once_and_of_the_confidential_part_only_if_entitled(
    app: Flask,
    client: Visitor,
    house: House,
    meeting: Meeting,
    clock: SetClock,
    postbox: Postbox,
) -> None:
    other = house.make_board("Executive")
    house.session.add(
        MeetingBoard(partnership_id=house.tenant, meeting_id=meeting.id, board_id=other.id)
    )
    house.person("joint@ashshire.example", seat=BoardRole.MEMBER, board=other)
    with_secret(house, meeting)
    through_gate(client, PAGE)
    tick(app)
    postbox.letters.clear()
    clock.set(clock.now() + timedelta(days=1))
    tick(app)
    tick(app)
    told = {letter.recipient: letter for letter in postbox.letters}
    assert {MEMBER, CHAIR, SECRETARY, "joint@ashshire.example"} >= set(told)
    assert not any(SECRET in one.text + one.subject + one.html for one in told.values())
    every = postbox.letters
    for letter in every:
        assert ("Confidential papers for" in letter.text) <= (
            letter.recipient in (CHAIR, SECRETARY)
        )


def test_an_agenda_that_changes_while_the_pack_is_made_is_not_published(
    client: Visitor,
    house: House,
    meeting: Meeting,
    renderer: PlainRenderer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = item(house, meeting, "Budget", position=3)
    render = renderer.render

    def meanwhile(value: dict[str, object]) -> object:
        monkeypatch.undo()
        house.session.rollback()
        house.session.refresh(row)
        row.is_confidential = True
        house.session.commit()
        return render(value)

    monkeypatch.setattr(renderer, "render", meanwhile)
    assert "the agenda was changed while the pack was made" in through_gate(client, PAGE).text
    assert published(house) == []
    house.session.rollback()
    assert (
        house.session.scalar(
            select(func.count())
            .select_from(AgendaItem)
            .where(AgendaItem.partnership_id == house.tenant, AgendaItem.number.is_not(None))
        )
        == 0
    )


def test_drafts_of_both_parts_are_kept_when_updates_close(
    client: Visitor, house: House, meeting: Meeting, clock: SetClock
) -> None:
    with_secret(house, meeting)
    documents.close_again(house.session, meeting, now=clock.now())
    house.session.commit()
    drafts = house.session.scalars(
        select(Pack)
        .where(Pack.partnership_id == house.tenant, Pack.status == PackStatus.DRAFT)
        .order_by(Pack.part)
    ).all()
    assert {pack.part for pack in drafts} == set(PackPart)
    said = {pack.part: json.dumps(documents.value_of(house.session, pack)) for pack in drafts}
    assert SECRET in said[PackPart.CONFIDENTIAL]
    assert SECRET not in said[PackPart.OPEN]
