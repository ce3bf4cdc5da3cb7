"""A meeting action becomes an action of a plan, by the board's decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from actions.models import Action, ActionParty, Owner
from actions.proposal_models import Proposal
from governance.models import Meeting
from tests.factories import House
from tests.pages import Visitor
from tests.web.deciding import MEMBER, SECRETARY, held, people, said
from tests.web.test_deciding_log import LOG, asked, now_is

SignIn = Callable[[Visitor, str], None]


@pytest.fixture
def meeting(house: House) -> Meeting:
    """A meeting that was held two weeks ago, of a board with its people."""
    people(house)
    return held(house, -14)


def test_it_becomes_an_action_of_a_plan_by_the_boards_decision(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    task = asked(house, meeting, "A1", "Write to the schools", due_on=date(2026, 12, 1))
    house.action()
    sign_in(client, SECRETARY)
    page = f"{LOG}/{task.uid}/plan-action"
    opened = client.get(page).text
    assert 'value="Write to the schools"' in opened
    assert 'value="by 1 December 2026"' in opened
    form = {
        "version": "1",
        "place": f"{house.plan.id}-{house.priority.id}",
        "title": "Write to all schools",
        "organisation": str(house.council.id),
        "deadline": "by March 2027",
    }
    for wrong in ({"place": "9-9"}, {"title": ""}, {"deadline": "by March 2020"}, {"version": ""}):
        assert said(client, page, **{**form, **wrong})[0] == 422
    assert said(client, page, **{**form, "version": "0"})[0] == 409
    status, text = said(client, page, **form)
    assert (status, "It is action 1.2 of Children’s Plan 2026-27 now." in text) == (200, True)
    assert "Trust Board at its meeting" in text
    log = client.page(f"{LOG}?show=closed").text
    assert "Became “Write to all schools”" in log
    assert "It became action 1.2 of Children’s Plan 2026-27." in log
    assert said(client, page, **form)[0] == 200  # it is done: nothing more is made of it
    known = now_is(house)
    assert known.status.value == "done"
    where = (Owner.partnership_id == house.tenant, Owner.action_id == known.action_id)
    owner = house.session.scalars(select(Owner.person_id).where(*where)).all()
    assert owner == [house.people[MEMBER].id]
    lead = house.session.scalars(
        select(ActionParty.organisation_id).where(
            ActionParty.partnership_id == house.tenant, ActionParty.action_id == known.action_id
        )
    ).all()
    assert lead == [house.council.id]
    proposal = house.session.scalars(
        select(Proposal).where(Proposal.partnership_id == house.tenant)
    ).one()
    assert (proposal.board_id, proposal.status.value) == (house.board.id, "agreed")
    assert (
        house.session.scalars(
            select(Action.id).where(Action.partnership_id == house.tenant, Action.number > 2)
        ).all()
        == []
    )


def test_one_that_nobody_led_has_nobody_to_ask(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    task = asked(house, meeting, "A1", "Write to the schools", lead=None)
    sign_in(client, SECRETARY)
    place = f"{house.plan.id}-0"
    form = {"version": "1", "place": place, "title": "Write", "deadline": "ongoing"}
    assert said(client, f"{LOG}/{task.uid}/plan-action", **form)[0] == 200
    owners = select(Owner.id).where(Owner.partnership_id == house.tenant)
    assert house.session.scalars(owners).all() == []
