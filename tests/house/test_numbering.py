"""Numbers of actions and their references: the next one, once, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from actions.answer_models import AgreedAs
from actions.link_queries import links_of, offer_of
from actions.models import Action, ActionHome, ActionKind
from actions.numbering import next_reference
from actions.proposal_models import Handover, Proposal, ProposalKind, ProposalStatus
from actions.proposal_queries import decided, proposals_about, waiting
from actions.proposals import propose_closing, propose_deadline, propose_new_action
from actions.proposals_decided import Consent, agree
from tests.conftest import NOW, MakeApp
from tests.factories import House
from tracker.edges.db import db
from tracker.ledger.audit import Actor, Source, sign

OWNER = "owner@ashshire.example"
HANDS = 4


@pytest.fixture
def app(make_app: MakeApp, any_url: str) -> Flask:
    """The application, once on each engine."""
    return make_app(any_url)


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    """A small partnership on a database of each kind."""
    with app.app_context():
        session = db.session()
        session.expire_on_commit = False
        yield House(session, NOW)


def test_the_next_reference_follows_the_last_of_its_priority(house: House) -> None:
    house.action()
    house.session.add_all(
        [
            ActionHome(
                partnership_id=house.tenant,
                action_id=house.action().id,
                plan_id=house.plan.id,
                reference=reference,
            )
            for reference in ("1.10", "1.x", "11.30", "C5", "7")
        ]
    )
    house.session.flush()

    def following(number: str, kind: ActionKind = ActionKind.ACTION) -> str:
        house.priority.number = number
        return next_reference(house.session, house.tenant, house.plan.id, house.priority, kind)

    assert following("1") == "1.11"
    assert following("11") == "11.31"
    assert following("Safe") == "Safe.1"
    assert following("P" * 20) == "8"  # a number that the column could not hold
    assert following("1", ActionKind.COMMITMENT) == "C6"
    assert next_reference(house.session, house.tenant, house.plan.id, None) == "8"


def test_actions_agreed_at_the_same_time_get_numbers_of_their_own(app: Flask, house: House) -> None:
    house.action(owner=OWNER)
    person_id = house.people[OWNER].id
    keys = []
    for at in range(HANDS):
        made = propose_new_action(
            house.session,
            house.plan,
            house.priority,
            title=f"New {at}",
            description=None,
            deadline="by March 2027",
            reason="Wanted.",
            person_id=person_id,
            now=NOW,
        )
        keys.append(made.id)
    house.session.commit()
    together, wrong = Barrier(HANDS), []

    def work(key: int) -> None:
        with app.app_context():
            session = db.session()
            sign(session, Actor(at=NOW, source=Source.COMMAND))
            together.wait(30)
            try:
                row = session.scalars(
                    select(Proposal).where(
                        Proposal.partnership_id == house.tenant, Proposal.id == key
                    )
                ).one()
                consent = Consent("Jo Bell", AgreedAs.CHAIR, house.board.id)
                agree(
                    session,
                    row,
                    consent,
                    person_id=person_id,
                    person_name="Sam",
                    words=None,
                    now=NOW,
                )
                session.commit()
            except Exception as error:
                wrong.append(error)
            finally:
                db.session.remove()

    hands = [Thread(target=work, args=(key,)) for key in keys]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)
    assert wrong == []
    rows = house.session.execute(
        select(Action.number, ActionHome.reference)
        .join(ActionHome, ActionHome.action_id == Action.id)
        .where(Action.partnership_id == house.tenant)
        .order_by(Action.number)
    ).all()
    assert [tuple(row) for row in rows] == [(at, f"1.{at}") for at in range(1, HANDS + 2)]


def test_the_database_itself_refuses_a_second_of_one_kind_that_waits(house: House) -> None:
    action = house.action(owner=OWNER)
    home = house.session.scalars(
        select(ActionHome).where(ActionHome.partnership_id == house.tenant)
    ).one()

    def offer() -> Handover:
        return Handover(
            partnership_id=house.tenant,
            action_id=action.id,
            from_home_id=home.id,
            to_board_id=house.board.id,
            to_plan_id=house.plan.id,
            reason="Theirs.",
            offered_by_id=house.people[OWNER].id,
            offered_at=NOW,
        )

    def closing() -> Proposal:
        return Proposal(
            partnership_id=house.tenant,
            kind=ProposalKind.CLOSING,
            action_id=action.id,
            reason="Done with.",
            proposed_by_id=house.people[OWNER].id,
            proposed_at=NOW,
        )

    for make in (offer, closing):
        house.session.add(make())
        house.session.commit()
        house.session.add(make())
        with pytest.raises(IntegrityError):
            house.session.flush()
        house.session.rollback()
    first = offer_of(house.session, house.tenant, action.id)
    assert first is not None
    waits = links_of(house.session, house.tenant, action.id).offer
    assert waits is not None
    assert (waits.uid, waits.board, waits.offered_by) == (first.uid, "Trust Board", "owner")


def test_lists_of_proposals_are_read_alike(house: House) -> None:
    action = house.action(owner=OWNER, deadline="April 2027")
    person_id = house.people[OWNER].id
    propose_deadline(
        house.session,
        action,
        deadline="from Q2 2027/28",
        reason="Late.",
        person_id=person_id,
        now=NOW,
    )
    gone = propose_closing(house.session, action, reason="No use.", person_id=person_id, now=NOW)
    gone.status = ProposalStatus.WITHDRAWN
    house.session.commit()
    near: Any
    for near in ({}, {"plan_ids": [house.plan.id]}, {"priority_ids": [house.priority.id]}):
        (one,) = waiting(house.session, house.tenant, **near)
        assert (one.deadline, one.present, one.about) == (
            "from Q2 2027/28",
            "by April 2027",
            "Action 1.1: Open a family hub",
        )
        assert one.is_mine == bool(near)
        after = (one.is_mine, one.id)
        assert waiting(house.session, house.tenant, **near, after=after) == []
    (done,) = decided(house.session, house.tenant)
    assert done.outcome == "Withdrawn"
    assert decided(house.session, house.tenant, before=done.id) == []
    kinds = [one.kind for one in proposals_about(house.session, house.tenant, action.id)]
    assert kinds == [ProposalKind.DEADLINE, ProposalKind.CLOSING]
