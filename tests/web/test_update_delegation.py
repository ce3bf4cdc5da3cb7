"""One update handed to somebody else, and handed back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.answer_models import Delegation
from actions.models import Action
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.updates import OWNER, PAGE, SECRETARY, SignIn, act_as, entries, person
from tests.web.updates import action as action_now
from tracker.people.board_models import BoardRole

HELPER, OTHER = "helper@ashshire.example", "other@ashshire.example"
ACTION = "/ashshire/actions/1"
HAND_ON, HAND_BACK = f"{ACTION}/delegate", f"{ACTION}/hand-back"
GREEN = {"last_seen": "0", "lifecycle": "in-progress", "rating": "Green", "happened": "Begun."}


@pytest.fixture
def action(house: House) -> Action:
    """An action that two boards ask about, and people around it."""
    found = house.action("Open a hub", deadline="April 2027", owner=OWNER)
    house.ask(found)
    house.ask(found, board=house.make_board("Executive"))
    house.person(HELPER, name="Hal Helper")
    house.person(OTHER, name="Hal Helper")
    return found


@pytest.fixture
def owner(client: Visitor, action: Action, sign_in: SignIn) -> Visitor:
    """The owner of the action, signed in."""
    sign_in(client, OWNER)
    return client


def handed(house: House, *, live: bool = True) -> list[Delegation]:
    house.session.rollback()
    found = house.session.scalars(
        select(Delegation)
        .where(Delegation.partnership_id == house.tenant)
        .order_by(Delegation.id)
        .execution_options(populate_existing=True)
    ).all()
    house.session.rollback()
    return [one for one in found if not live or one.ended_at is None]


def test_every_open_ask_is_handed_to_one_who_may_then_answer(
    owner: Visitor, house: House, sign_in: SignIn
) -> None:
    assert HAND_ON in owner.page(PAGE).hrefs
    answer = owner.send(HAND_ON, to=f"Hal Helper <{HELPER}>", note="Ask the builder.")
    assert "Handed to Hal Helper" in answer.text
    assert [one.to_id for one in handed(house)] == [person(house, HELPER).id] * 2
    assert owner.get(PAGE).status_code == 200
    helper = act_as(owner, sign_in, HELPER)
    text = helper.page(PAGE).text
    assert "owner handed this update to Hal Helper on 2 November 2026. “Ask the builder.”" in text
    assert "You are recording for" not in text
    assert helper.post(PAGE, data=GREEN).status_code == 302
    assert handed(house) == []
    helper.page(PAGE, status=403)


@pytest.mark.parametrize("email", [OWNER, HELPER])
def test_either_side_hands_it_back(
    owner: Visitor, house: House, sign_in: SignIn, email: str
) -> None:
    owner.post(HAND_ON, data={"to": HELPER})
    act_as(owner, sign_in, email)
    assert ("Hand it back" if email == HELPER else "Take it back") in owner.page(PAGE).text
    assert "Handed back." in owner.send(HAND_BACK).text
    assert handed(house) == []
    assert len(handed(house, live=False)) == 2
    act_as(owner, sign_in, HELPER)
    owner.page(PAGE, status=403)


def test_what_cannot_be_is_said_beside_the_field(
    owner: Visitor, house: House, sign_in: SignIn
) -> None:
    house.owner(action_now(house), "second@ashshire.example")
    for who, words in (
        (OWNER, "Choose somebody other than yourself"),
        ("second", "second is asked about this action already"),
        ("Hal Helper", "There are 2 people called Hal Helper"),
        ("Nobody Known", "Nobody in this partnership is known as"),
    ):
        answer = owner.post(HAND_ON, data={"to": who, "note": "Kept as typed."})
        assert answer.status_code == 422
        page = read(answer.text)
        assert page.text.count(words) == 2
        assert "#to" in page.hrefs
        assert "Kept as typed." in answer.text
    assert handed(house) == []
    owner.post(HAND_ON, data={"to": HELPER})
    assert "Hal Helper has this update already" in owner.post(HAND_ON, data={"to": HELPER}).text
    busy = owner.post(HAND_ON, data={"to": OTHER})
    assert "This update is with Hal Helper. It must be handed back" in busy.text
    assert len(handed(house)) == 2


def test_somebody_of_another_partnership_cannot_be_handed_anything(
    owner: Visitor, house: House
) -> None:
    House(house.session, house.now, "elsewhere").person("stranger@elsewhere.example")
    answer = owner.post(HAND_ON, data={"to": "stranger@elsewhere.example"})
    assert answer.status_code == 422
    assert "Nobody in this partnership is known as" in answer.text
    assert "stranger" not in str(owner.page(HAND_ON).fields)


def test_without_an_open_ask_there_is_nothing_to_hand_on(owner: Visitor, house: House) -> None:
    owner.post(PAGE, data=GREEN)
    assert HAND_ON not in owner.page(PAGE).hrefs
    for answer in (
        owner.get(HAND_ON, follow_redirects=True),
        owner.send(HAND_ON, to=HELPER),
    ):
        assert "No update is asked for now" in answer.text
    assert "This update is with nobody else." in owner.send(HAND_BACK).text
    assert handed(house, live=False) == []


def test_a_secretary_may_hand_it_on_and_a_member_may_not(
    owner: Visitor, house: House, sign_in: SignIn
) -> None:
    act_as(owner, sign_in, HELPER)
    owner.page(HAND_ON, status=403)
    assert owner.post(HAND_ON, data={"to": OTHER}).status_code == 403
    assert owner.post(HAND_BACK).status_code == 403
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    act_as(owner, sign_in, SECRETARY)
    assert owner.post(HAND_ON, data={"to": OTHER}).status_code == 302
    assert {one.by_id for one in handed(house)} == {person(house, SECRETARY).id}


def test_a_later_ask_is_handed_to_the_same_person_too(
    owner: Visitor, house: House, action: Action
) -> None:
    owner.post(HAND_ON, data={"to": HELPER})
    house.ask(action_now(house), board=house.make_board("Later"))
    assert owner.post(HAND_ON, data={"to": HELPER}).status_code == 302
    assert len(handed(house)) == 3
    assert entries(house) == []
