"""What tests of proposals share: an action that is reviewed, who is who to it, what is proposed."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from actions.models import Action
from actions.proposal_models import Proposal
from actions.proposals import propose_closing, propose_deadline
from tests.factories import House
from tests.pages import Visitor
from tracker.people.board_models import BoardRole

SignIn = Callable[[Visitor, str], None]
OWNER, CHAIR, LEAD, SECRETARY, MEMBER = (
    f"{who}@ashshire.example" for who in ("owner", "chair", "lead", "secretary", "member")
)


def reviewed_action(house: House) -> Action:
    """An action of a plan that the board reviews; a chair, a lead, a secretary, a member."""
    made = house.action("Open a hub", deadline="April 2027", owner=OWNER)
    house.person(CHAIR, name="Jo Bell", seat=BoardRole.CHAIR)
    house.person(SECRETARY, name="Sam Ash", seat=BoardRole.SECRETARY)
    house.person(MEMBER, seat=BoardRole.MEMBER)
    house.priority_lead(LEAD)
    house.cycle()
    return made


def only(house: House) -> Proposal:
    """The one proposal that there is, as it stands now."""
    made = house.session.scalars(
        select(Proposal)
        .where(Proposal.partnership_id == house.tenant)
        .execution_options(populate_existing=True)
    ).one()
    house.session.commit()  # what only reads must not keep SQLite's lock
    return made


def address(proposal: Proposal, then: str = "") -> str:
    """Where a proposal is, and what is done to it."""
    return f"/ashshire/proposals/{proposal.uid}{then}"


def late(house: House, action: Action) -> Proposal:
    """Its owner proposes a later deadline."""
    made = propose_deadline(
        house.session,
        action,
        deadline="June 2027",
        reason="The lease takes longer.",
        person_id=house.people[OWNER].id,
        now=house.now,
    )
    house.session.commit()
    return made


def no_use(house: House, action: Action, who: str = OWNER) -> Proposal:
    """Somebody proposes to close it."""
    made = propose_closing(
        house.session,
        action,
        reason="The school has closed.",
        person_id=house.people[who].id,
        now=house.now,
    )
    house.session.commit()
    return made
