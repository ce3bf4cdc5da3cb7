"""Proposals agreed by the chair or the priority lead, returned, withdrawn."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.answer_models import AgreedAs
from actions.deadline_models import Deadline
from actions.models import Action, ActionHome, Owner, Progress
from actions.proposal_models import ProposalStatus
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.proposing import (
    CHAIR,
    LEAD,
    MEMBER,
    OWNER,
    SECRETARY,
    SignIn,
    address,
    late,
    no_use,
    only,
    reviewed_action,
)
from tracker.kernel.rag import Lifecycle
from tracker.people.board_models import BoardRole


@pytest.fixture
def action(house: House) -> Action:
    """An action of a plan that the board reviews; a chair, a lead, a secretary, a member."""
    return reviewed_action(house)


def test_a_chair_agrees_a_deadline_in_their_own_name_and_the_original_stays(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    made = late(house, action)
    sign_in(client, CHAIR)
    assert address(made, "/agree") in client.page(address(made)).hrefs
    answer = client.send(
        address(made, "/agree"), version=str(made.version), part=str(house.board.id)
    )
    text = read(answer.text).text
    assert "Agreed. The action has its new deadline." in text
    assert "Originally by April 2027" in text
    agreed = only(house)
    assert (agreed.status, agreed.decided_by) == (ProposalStatus.AGREED, "Jo Bell")
    assert (agreed.decided_as, agreed.board_id) == (AgreedAs.CHAIR, house.board.id)
    first, second = house.session.scalars(
        select(Deadline).where(Deadline.partnership_id == house.tenant).order_by(Deadline.number)
    )
    assert (first.printed, first.is_current) == ("April 2027", False)
    assert (second.printed, second.reason) == ("June 2027", "The lease takes longer.")
    assert second.agreed_by_board_id == house.board.id
    outcome = client.page(address(agreed)).text
    assert "Agreed by Jo Bell, chair of Trust Board" in outcome


def test_a_priority_lead_agrees_a_closing_and_history_says_why(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    house.ask(action)
    waits = late(house, action)
    made = no_use(house, action)
    sign_in(client, LEAD)
    answer = client.send(address(made, "/agree"), version="1", part="lead")
    text = read(answer.text).text
    assert "The action is closed, not completed." in text
    assert "The school has closed. Agreed by lead, priority lead." in text
    house.session.expire_all()
    assert action.lifecycle is Lifecycle.CLOSED_NOT_COMPLETED
    entry = house.session.scalars(
        select(Progress).where(Progress.partnership_id == house.tenant)
    ).one()
    assert entry.lifecycle is Lifecycle.CLOSED_NOT_COMPLETED
    house.session.refresh(waits)
    assert waits.status is ProposalStatus.RETURNED
    assert waits.decision_words == "The action was closed, not completed."


def test_a_new_action_that_is_agreed_has_the_next_number_and_its_proposer_as_owner(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    sign_in(client, OWNER)
    answer = client.send(
        "/ashshire/plans/childrens-plan/propose-action",
        place=f"{house.plan.id}-{house.priority.id}",
        title="Train the wardens",
        deadline="by Q3 2027/28",
        reason="Nobody knows the new form.",
    )
    assert "Proposal: new action" in read(answer.text).text
    made = only(house)
    client.post("/sign-out")
    sign_in(client, SECRETARY)
    answer = client.send(
        address(made, "/agree"),
        version="1",
        part=str(house.board.id),
        agreed_by="Jo Bell",
        words="At the meeting.",
    )
    assert "Agreed. The action is part of the plan now." in read(answer.text).text
    new = house.session.scalars(
        select(Action).where(Action.partnership_id == house.tenant, Action.number == 2)
    ).one()
    home = house.session.scalars(
        select(ActionHome).where(
            ActionHome.partnership_id == house.tenant, ActionHome.action_id == new.id
        )
    ).one()
    assert (new.title, home.reference) == ("Train the wardens", "1.2")
    owner = house.session.scalars(
        select(Owner).where(Owner.partnership_id == house.tenant, Owner.action_id == new.id)
    ).one()
    assert owner.person_id == house.people[OWNER].id
    assert new.due_on is not None
    assert new.due_on.isoformat() == "2027-12-31"
    outcome = client.page(address(only(house))).text
    assert "Agreed by Jo Bell, chair of Trust Board, recorded by Sam Ash" in outcome
    assert "At the meeting." in outcome


def test_a_secretary_who_records_must_name_who_agreed_and_as_what(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    made = late(house, action)
    sign_in(client, SECRETARY)
    answer = client.post(address(made, "/agree"), data={"version": "1", "words": "Said on Monday"})
    assert answer.status_code == 422
    assert "Choose as what it was agreed" in answer.text
    assert "Said on Monday" in answer.text
    answer = client.post(
        address(made, "/agree"), data={"version": "1", "part": str(house.board.id)}
    )
    assert answer.status_code == 422
    assert "Say who agreed" in answer.text
    assert only(house).status is ProposalStatus.WAITING


def test_nobody_agrees_to_their_own_proposal(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    made = no_use(house, action, CHAIR)
    sign_in(client, CHAIR)
    assert "Somebody else must agree" in client.send(address(made, "/agree"), version="1").text
    client.post("/sign-out")
    house.seat(house.people[CHAIR], BoardRole.SECRETARY, house.board)
    house.session.commit()
    sign_in(client, CHAIR)
    for name in ("", "jo  BELL"):
        answer = client.post(
            address(made, "/agree"),
            data={"version": "1", "part": str(house.board.id), "agreed_by": name},
        )
        assert answer.status_code == 422
        assert "name somebody else who agreed" in answer.text
    assert only(house).status is ProposalStatus.WAITING
    named = {"version": "1", "part": "lead", "agreed_by": "Lee Lead"}
    assert client.post(address(made, "/agree"), data=named).status_code == 302
    assert only(house).decided_by == "Lee Lead"


def test_who_may_agree_depends_on_the_record(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    made = late(house, action)
    other = house.make_board("Other Board")
    house.person("other@ashshire.example", seat=BoardRole.CHAIR, board=other)
    for email in (MEMBER, OWNER, "other@ashshire.example"):
        sign_in(client, email)
        client.page(address(made))
        for then in ("/agree", "/return"):
            assert client.get(address(made, then)).status_code == 403
            assert client.post(address(made, then)).status_code == 403
        client.post("/sign-out")


def test_a_proposal_is_returned_with_a_reason_and_nothing_changes(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    made = late(house, action)
    sign_in(client, CHAIR)
    answer = client.post(address(made, "/return"), data={"version": "1", "reason": " "})
    assert answer.status_code == 422
    assert "Say why it is returned" in answer.text
    client.send(address(made, "/return"), version="1", reason="Try again in May.")
    page = client.page(address(made)).text
    assert "Returned by Jo Bell , 2 November 2026. Try again in May." in page
    assert (
        len(
            house.session.scalars(
                select(Deadline).where(Deadline.partnership_id == house.tenant)
            ).all()
        )
        == 1
    )


def test_only_its_proposer_withdraws_a_proposal(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    made = late(house, action)
    sign_in(client, SECRETARY)
    assert client.post(address(made, "/withdraw"), data={"version": "1"}).status_code == 403
    client.post("/sign-out")
    sign_in(client, OWNER)
    assert client.post(address(made, "/withdraw")).status_code == 422
    assert "Withdrawn." in client.send(address(made, "/withdraw"), version="1").text
    assert only(house).status is ProposalStatus.WITHDRAWN
    assert "was decided already" in client.send(address(made, "/withdraw"), version="1").text


def test_a_page_that_somebody_overtook_is_a_conflict(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    made = late(house, action)
    sign_in(client, CHAIR)
    made.reason = "The lease takes much longer."
    house.session.commit()
    stale = {"version": "1", "part": str(house.board.id), "reason": "No."}
    for then in ("/agree", "/return"):
        answer = client.post(address(made, then), data=stale)
        assert answer.status_code == 409
        assert "Somebody else changed this first" in answer.text
    assert only(house).status is ProposalStatus.WAITING
