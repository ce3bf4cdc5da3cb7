"""The publish gate: what is wrong, why it is published all the same, what is given for good."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from governance.agenda import Purpose
from governance.models import Meeting
from governance.pack_models import PackOverride
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.publishing import (
    ADMINISTRATOR,
    CHAIR,
    MEMBER,
    PAGE,
    REASON,
    SECRETARY,
    SignIn,
    fresh,
    item,
    paper,
    published,
    ready,
    through_gate,
)
from tracker.edges.clock import SetClock


@pytest.fixture
def meeting(app: Flask, client: Visitor, house: House, sign_in: SignIn, clock: SetClock) -> Meeting:
    """A meeting whose updates have closed without an answer, its secretary signed in."""
    return ready(app, client, house, sign_in, clock)


def test_the_gate_shows_what_is_wrong_and_publishes_nothing_without_a_reason(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    item(house, meeting, "Close the old hall", purpose=Purpose.DECISION)
    text = client.page(f"{PAGE}/publish").text
    assert "1 action had no answer: Ashshire Council (1)." in text
    assert "The chair has not approved it." in text
    assert "Close the old hall: It asks for a decision and has no paper." in text
    answer = client.send(f"{PAGE}/publish", after="0")
    assert "Look at what is wrong first" in read(answer.text).text
    answer = client.send(f"{PAGE}/publish", after="0", **{"reason-unanswered": "Rung, no reply"})
    assert answer.status_code == 422
    assert "Agenda: say why it is published all the same" in read(answer.text).text
    assert 'value="Rung, no reply"' in answer.text
    assert published(house) == []


def test_what_is_overridden_is_kept_with_the_pack_and_shown_to_who_sees_drafts(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    assert "Published: version 1" in through_gate(client, PAGE).text
    (pack,) = published(house)
    kept = house.session.scalars(
        select(PackOverride).where(PackOverride.partnership_id == house.tenant)
    ).all()
    assert {one.finding_key for one in kept} == {"unanswered", "not-approved"}
    assert {(one.pack_id, one.reason) for one in kept} == {(pack.id, REASON)}
    house.session.rollback()
    for email, is_shown in ((SECRETARY, True), (ADMINISTRATOR, True), (MEMBER, False)):
        client.post("/sign-out")
        sign_in(client, email)
        assert (REASON in client.page(f"{PAGE}/packs/1").text) is is_shown, email


@pytest.mark.parametrize("reason", ["", " ", "x" * 501])
def test_a_reason_says_something_and_is_not_too_long(
    client: Visitor, house: House, meeting: Meeting, reason: str
) -> None:
    assert through_gate(client, PAGE, reason=reason).status_code == 422
    assert published(house) == []


def test_only_the_boards_secretary_comes_to_the_gate(
    client: Visitor, meeting: Meeting, sign_in: SignIn
) -> None:
    for email in (MEMBER, CHAIR, ADMINISTRATOR):
        client.post("/sign-out")
        sign_in(client, email)
        for page in ("publish", "correct", "supplement"):
            assert client.get(f"{PAGE}/{page}").status_code == 403


def test_publication_gives_numbers_and_references_for_good(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    row = item(house, meeting, "Budget", position=3)
    its = [paper(house, row, "Options"), paper(house, row, "Figures")]
    through_gate(client, PAGE)
    number = fresh(house, row).number
    assert number == "1"
    references = [fresh(house, one).reference for one in its]
    assert references == ["TB/2026-12/01", "TB/2026-12/01-2"]
