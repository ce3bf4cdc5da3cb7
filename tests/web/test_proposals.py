"""Proposals: made by owners, refused beside the field, listed for whoever agrees."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.deadline_models import Deadline
from actions.models import Action
from actions.proposal_models import Proposal, ProposalKind, ProposalStatus
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.proposing import (
    CHAIR,
    LEAD,
    MEMBER,
    OWNER,
    SignIn,
    address,
    late,
    no_use,
    only,
    reviewed_action,
)


@pytest.fixture
def action(house: House) -> Action:
    """An action of a plan that the board reviews; a chair, a lead, a secretary, a member."""
    return reviewed_action(house)


def test_an_owner_proposes_another_deadline_that_is_printed_beside_the_old_one(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    sign_in(client, OWNER)
    answer = client.send(
        "/ashshire/actions/1/propose-deadline", deadline="june 2027", reason="The lease is late."
    )
    assert "Proposed. It waits for the chair or the priority lead" in read(answer.text).text
    made = only(house)
    assert (made.kind, made.deadline) == (ProposalKind.DEADLINE, "by June 2027")
    assert made.proposed_by_id == house.people[OWNER].id
    page = client.page(address(made))
    assert "Deadline now by April 2027 Deadline proposed by June 2027" in page.text
    assert "Withdraw your proposal" in page.text
    assert address(made, "/agree") not in page.hrefs
    current = house.session.scalars(
        select(Deadline).where(Deadline.partnership_id == house.tenant, Deadline.is_current)
    ).one()
    assert current.printed == "April 2027"


def test_a_second_proposal_of_one_kind_is_sent_to_the_first(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    late(house, action)
    sign_in(client, OWNER)
    page = client.send("/ashshire/actions/1/propose-deadline", deadline="May 2027", reason="More.")
    assert "A proposal of this kind waits already." in read(page.text).text
    assert only(house).deadline == "by June 2027"
    client.page("/ashshire/actions/1/propose-closing")


@pytest.mark.parametrize(
    ("deadline", "reason", "words"),
    [
        ("", "Late.", "Say when."),
        ("when the cows come home", "Late.", "We cannot read"),
        ("31 February 2027", "Late.", "We cannot read"),
        ("by March 2020", "Late.", "Give a deadline that has not passed"),
        ("x" * 5000, "Late.", "We cannot read"),
        ("June 2027", "\u200b\u0000 \n", "Say why it needs to change"),
        ("June 2027", "é" * 501, "Use 500 characters or fewer"),
    ],
)
def test_a_deadline_that_cannot_be_proposed_is_refused_beside_its_field(
    client: Visitor,
    house: House,
    action: Action,
    sign_in: SignIn,
    deadline: str,
    reason: str,
    words: str,
) -> None:
    sign_in(client, OWNER)
    answer = client.post(
        "/ashshire/actions/1/propose-deadline", data={"deadline": deadline, "reason": reason}
    )
    assert answer.status_code == 422
    assert words in read(answer.text).text
    assert not house.session.scalars(
        select(Proposal).where(Proposal.partnership_id == house.tenant)
    ).all()


def test_markup_and_other_alphabets_are_kept_as_they_were_typed(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    sign_in(client, OWNER)
    said = "<b>Łódź</b> 家庭 \N{FAMILY} & “so on”"
    client.send("/ashshire/actions/1/propose-closing", reason=said)
    assert said in client.page(address(only(house))).text


def test_whoever_answers_about_no_action_of_the_plan_proposes_nothing(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    sign_in(client, MEMBER)
    for path in (
        "actions/1/propose-deadline",
        "actions/1/propose-closing",
        "plans/childrens-plan/propose-action",
    ):
        assert client.get(f"/ashshire/{path}").status_code == 403


def test_the_list_puts_first_what_the_viewer_is_to_agree(
    client: Visitor, house: House, action: Action, sign_in: SignIn, statements: list[str]
) -> None:
    elsewhere = house.make_plan("Other Plan")
    house.plan = elsewhere
    house.priority = house.make_priority("9", "Elsewhere")
    far = house.action("Far away", owner=OWNER)
    no_use(house, far)
    late(house, action)
    done = no_use(house, action)
    done.status, done.decided_at = ProposalStatus.WITHDRAWN, house.now
    house.session.commit()
    for email in (CHAIR, LEAD):
        sign_in(client, email)
        statements.clear()
        text = client.page("/ashshire/proposals").text
        assert len([one for one in statements if one.startswith("SELECT")]) <= 10
        assert text.index("For you to agree") < text.index("Open a hub")
        assert text.index("Open a hub") < text.index("Waiting for others") < text.index("Far away")
        assert "Withdrawn 2 November 2026" in text
        client.post("/sign-out")
    sign_in(client, MEMBER)
    assert "For you to agree" not in client.page("/ashshire/proposals").text


def test_long_lists_are_read_page_by_page_and_nothing_is_missed(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    for at in range(60):
        house.session.add(
            Proposal(
                partnership_id=house.tenant,
                kind=ProposalKind.NEW_ACTION,
                status=ProposalStatus.WAITING if at % 2 else ProposalStatus.WITHDRAWN,
                plan_id=house.plan.id,
                title=f"Number {at:02d}",
                deadline="ongoing",
                reason="So that there are many.",
                proposed_by_id=house.people[OWNER].id,
                proposed_at=house.now,
                decided_at=None if at % 2 else house.now,
            )
        )
    house.session.commit()
    sign_in(client, CHAIR)
    waiting: set[int] = set()
    decided: set[int] = set()
    for part, seen in (("after", waiting), ("before", decided)):
        path, read_pages = "/ashshire/proposals", 0
        while path:
            page = client.page(path)
            read_pages += 1
            seen |= {at for at in range(60) if f"Number {at:02d}" in page.text}
            path = next((one for one in page.hrefs if f"proposals?{part}=" in one), "")
        assert read_pages == 2
    assert {at for at in range(60) if at % 2} <= waiting
    assert {at for at in range(60) if not at % 2} <= decided
    client.page("/ashshire/proposals?after=no-such&before=either")
