"""Actions handed to another board: offered, accepted, returned."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.models import Action, HomeEnding
from actions.proposal_models import Handover, ProposalStatus
from plans.models import Plan
from priorities.models import Priority
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.endings import (
    CHAIR,
    SignIn,
    another_plan,
    begun_action,
    decided,
    homes,
)
from tracker.people.board_models import BoardRole


@pytest.fixture
def action(house: House, client: Visitor, sign_in: SignIn) -> Action:
    """An action under way; the board's secretary is signed in."""
    return begun_action(house, client, sign_in)


@pytest.fixture
def elsewhere(house: House, action: Action) -> tuple[Plan, Priority]:
    """Another plan with a priority and an action of its own."""
    return another_plan(house)


@pytest.fixture
def offered(
    client: Visitor, house: House, action: Action, elsewhere: tuple[Plan, Priority]
) -> Handover:
    """The action was offered to the Health Board, for the plan that it reviews."""
    plan, priority = elsewhere
    board = house.make_board("Health Board")
    house.cycle(board=board, plans=[plan])
    house.cycle()
    house.person(CHAIR, name="Jo Bell", seat=BoardRole.CHAIR, board=board)
    place, home = f"{plan.id}-{priority.id}", f"{house.plan.id}-1.1"
    wrong = decided(house, action, place=place, home=home)
    answer = client.post("/ashshire/actions/1/offer", data=wrong)
    assert answer.status_code == 422
    assert "That board does not review this plan" in answer.text
    client.send("/ashshire/actions/1/offer", **(wrong | {"board": str(board.id)}))
    made = house.session.scalars(
        select(Handover).where(Handover.partnership_id == house.tenant)
    ).one()
    house.session.commit()
    return made


def test_a_board_accepts_what_it_is_offered_into_its_own_plan(
    client: Visitor,
    house: House,
    action: Action,
    elsewhere: tuple[Plan, Priority],
    offered: Handover,
    sign_in: SignIn,
) -> None:
    path = f"/ashshire/handovers/{offered.uid}"
    assert "Offered to Health Board by Sam Ash" in client.page("/ashshire/actions/1").text
    assert f"{path}/accept" not in client.page(path).hrefs
    assert client.post(f"{path}/accept", data={"version": "1"}).status_code == 403
    assert "offered already" in client.send("/ashshire/actions/1/offer").text
    client.post("/sign-out")
    sign_in(client, CHAIR)
    client.page(f"{path}/accept")
    text = read(client.send(f"{path}/accept", version="1", words="Gladly.").text).text
    assert "Accepted. The action is in Health Plan 2026-27 now." in text
    old, new = homes(house, action)
    assert (old.ending, new.plan_id) == (HomeEnding.TRANSFERRED, elsewhere[0].id)
    assert new.reference == "3.1"
    assert "Accepted by Jo Bell , 2 November 2026. Gladly." in client.page(path).text
    assert "answered already" in client.send(f"{path}/return", version="2", reason="No.").text


def test_a_board_returns_what_it_is_offered_with_a_reason(
    client: Visitor, house: House, action: Action, offered: Handover, sign_in: SignIn
) -> None:
    path = f"/ashshire/handovers/{offered.uid}"
    client.post("/sign-out")
    sign_in(client, CHAIR)
    answer = client.post(f"{path}/return", data={"version": "1"})
    assert answer.status_code == 422
    assert "Say why it is returned" in answer.text
    client.send(f"{path}/return", version="1", reason="It is yours.")
    assert "Returned by Jo Bell , 2 November 2026. It is yours." in client.page(path).text
    assert [home.ended_on for home in homes(house, action)] == [None]


def test_an_offer_of_what_has_ended_since_cannot_be_accepted(
    client: Visitor, house: House, action: Action, offered: Handover, sign_in: SignIn
) -> None:
    data = decided(house, action, ending="stopped", home=f"{house.plan.id}-1.1")
    client.send("/ashshire/actions/1/end", **data)
    house.session.refresh(offered)
    assert offered.status is ProposalStatus.RETURNED
    assert offered.decision_words == "The action left the place from which it was offered."
