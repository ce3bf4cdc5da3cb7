"""A plan's page: what left it, and deadlines that are proposed or expected to be missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from actions.models import Action, ActionHome, HomeEnding
from actions.operations import Entry, record_progress
from actions.proposal_models import Proposal, ProposalKind, ProposalStatus
from tests.factories import House
from tests.pages import Visitor
from tracker.kernel.rag import Lifecycle, Rating

SignIn = Callable[[Visitor, str], None]
PLAN = "/ashshire/plans/childrens-plan"


@pytest.fixture
def reader(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """Somebody who belongs to the partnership and to nothing in it."""
    house.person("member@ashshire.example")
    sign_in(client, "member@ashshire.example")
    return client


def leave(house: House, action: Action) -> None:
    """Let an action leave the plan."""
    home = house.session.scalars(
        select(ActionHome).where(
            ActionHome.partnership_id == house.tenant, ActionHome.action_id == action.id
        )
    ).one()
    home.ended_on, home.ending = date(2026, 10, 1), HomeEnding.CARRIED_FORWARD
    house.session.commit()


def test_what_left_a_plan_stands_apart_below_and_is_not_counted(
    reader: Visitor, house: House
) -> None:
    house.action("Stays", deadline="March 2027")
    leave(house, house.action("Long overdue", deadline="March 2026"))
    page = reader.page(PLAN)
    assert "0 Red 0 Amber 0 Green 1 Grey 0 Blue" in page.text
    assert "1.2 Long overdue Carried forward 1 October 2026" in page.text
    assert page.text.index("1.1 Stays") < page.text.rindex("No longer in this plan")
    assert page.text.count("Long overdue") == 1
    assert "/ashshire/actions/2" in page.hrefs
    assert f"{PLAN}/as-it-stood" in page.hrefs


def test_a_plan_that_everything_left_still_says_so(reader: Visitor, house: House) -> None:
    leave(house, house.action("Gone"))
    text = reader.page(PLAN).text
    assert "No longer in this plan" in text
    assert "No actions of this plan are kept here" not in text
    assert "Actions by rating" not in text


def test_a_plan_that_nothing_left_does_not_speak_of_it(reader: Visitor, house: House) -> None:
    house.action("Stays")
    assert "No longer in this plan" not in reader.page(PLAN).text


def test_a_date_that_waits_and_a_forecast_stand_beside_the_deadline(
    reader: Visitor, house: House
) -> None:
    action = house.action("Open a hub", deadline="March 2027", owner="o@ashshire.example")
    person_id = house.people["o@ashshire.example"].id
    proposal = Proposal(
        partnership_id=house.tenant,
        kind=ProposalKind.DEADLINE,
        action_id=action.id,
        deadline="by June 2027",
        reason="The builder is late.",
        proposed_by_id=person_id,
        proposed_at=house.now,
    )
    house.session.add(proposal)
    record_progress(
        house.session,
        action,
        Entry(
            Lifecycle.IN_PROGRESS,
            Rating.AMBER,
            cause="Rain.",
            recovery="A tent.",
            forecast_on=date(2027, 6, 14),
        ),
        person_id=person_id,
        last_seen=0,
        now=house.now,
    )
    house.session.commit()
    words = "By March 2027; by June 2027 proposed, not agreed"
    assert f"{words} Expected 14 June 2027" in reader.page(PLAN).text
    proposal.status = ProposalStatus.WITHDRAWN
    house.session.commit()
    text = reader.page(PLAN).text
    assert "proposed, not agreed" not in text
    assert "By March 2027 Expected 14 June 2027" in text
