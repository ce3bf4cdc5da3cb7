"""The real pair: the plan of 2014-16 is followed by that of 2016-18, and nothing is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.link_queries import links_of
from actions.models import Action, ActionHome
from actions.plan_endings import ActionDecision, Fate, Refused, end_plan, open_actions
from actions.queries import facts, rating_counts
from actions.rules import ActionFacts
from plans.decisions import decisions_of
from plans.models import Plan, PlanDecisionKind, PlanLink, PlanLinkKind, PlanStatus
from plans.operations import Decision
from plans.queries import plan_by_slug
from priorities.models import Priority
from tests.conftest import NOW, MakeApp
from tracker.edges.db import db
from tracker.ledger.audit import Actor, Source, sign
from tracker.loader import examples, load_folder
from tracker.people.models import Person
from tracker.people.queries import boards, partnership_by_slug

TODAY = date(2026, 11, 2)
# Which priority of the new plan goes on with what the old one did under each of its own.
FORWARD = {"1": "1", "2": "2", "3": "3", "4": "4", "5": "2"}


@dataclass
class Pair:
    """The two plans of Nottinghamshire, and what it takes to end the first."""

    session: Session
    tenant: int
    old: Plan
    new: Plan
    by: Decision
    priorities: dict[str, Priority]

    def known(self, plan: Plan) -> dict[str, ActionFacts]:
        """A plan's actions by their references."""
        found = facts(self.session, self.tenant, TODAY, plan_ids=[plan.id])
        return {one.reference: one for one in found}

    def counted(self, plan: Plan) -> int:
        """How many actions of a plan are counted by rating."""
        return sum(rating_counts(self.session, self.tenant, TODAY)[plan.id].values())


@pytest.fixture
def pair(make_app: MakeApp, any_url: str) -> Iterator[Pair]:
    """The examples of Nottinghamshire, on each kind of database."""
    with make_app(any_url).app_context():
        session = db.session()
        session.expire_on_commit = False
        sign(session, Actor(at=NOW, source=Source.COMMAND))
        load_folder(
            session, next(one for one in examples() if one.name == "nottinghamshire"), now=NOW
        )
        home = partnership_by_slug(session, "nottinghamshire")
        assert home is not None
        old, new = (plan_by_slug(session, home.id, f"cypf-{at}") for at in ("2014-16", "2016-18"))
        assert old is not None
        assert new is not None
        person = Person(name="Sam Ash", email="sam@a.example", email_key="sam@a.example")
        session.add(person)
        session.flush()
        by = Decision(
            on=TODAY,
            board_id=boards(session, home.id)[0].id,
            reason="The plan of 2016-18 begins.",
            person_id=person.id,
            now=NOW,
        )
        priorities = session.scalars(
            select(Priority).where(Priority.partnership_id == home.id, Priority.plan_id == new.id)
        )
        yield Pair(session, home.id, old, new, by, {one.number: one for one in priorities})


def decide(pair: Pair) -> dict[int, ActionDecision]:
    """Every sixth is complete, merged, stopped, everyday work or elsewhere; others go on."""
    elsewhere = plan_by_slug(pair.session, pair.tenant, "early-help-2013-16")
    assert elsewhere is not None
    into = next(one.action for one in open_actions(pair.session, pair.new))
    decisions = {}
    for at, one in enumerate(open_actions(pair.session, pair.old)):
        first = one.home.reference.partition(".")[0]
        decisions[one.action.id] = {
            0: ActionDecision(Fate.COMPLETED, evidence="The report to the board."),
            1: ActionDecision(Fate.MERGED, into=into),
            2: ActionDecision(Fate.TRANSFERRED, plan=elsewhere),
            3: ActionDecision(Fate.BUSINESS_AS_USUAL),
            4: ActionDecision(Fate.STOPPED, reason="The money has gone."),
        }.get(
            at % 6 if at < 12 else 5,
            ActionDecision(
                Fate.CARRIED_FORWARD,
                plan=pair.new,
                priority=pair.priorities.get(FORWARD.get(first, "")),
            ),
        )
    return decisions


def follow(pair: Pair, decisions: dict[int, ActionDecision]) -> None:
    end_plan(
        pair.session,
        pair.old,
        PlanDecisionKind.SUPERSEDED,
        decisions,
        ends_on=pair.old.ends_on,
        successor=pair.new,
        by=pair.by,
    )
    pair.session.commit()


def test_the_plan_of_2014_to_2016_is_followed_by_the_next_and_nothing_is_lost(pair: Pair) -> None:
    session, tenant = pair.session, pair.tenant
    before, before_new = pair.known(pair.old), pair.known(pair.new)
    assert (len(before), len(before_new)) == (38, 21)
    assert (pair.counted(pair.old), pair.counted(pair.new)) == (38, 21)
    decisions = decide(pair)
    assert len(decisions) == 38
    number_before = session.scalar(
        select(func.count(Action.id)).where(Action.partnership_id == tenant)
    )
    fates = Counter(one.fate for one in decisions.values())
    assert fates[Fate.CARRIED_FORWARD] == 28
    follow(pair, decisions)

    # Every action of the old plan still stands there, by its number, with how it left.
    after, after_new = pair.known(pair.old), pair.known(pair.new)
    assert set(after) == set(before)
    left = Counter(one.ending_words for one in after.values())
    assert left == {
        "Carried forward into Children, Young People and Families Plan 2016-2018": 28,
        "Merged": 2,
        "Transferred into Early Help Development Plan 2013 – 2016": 2,
        "Business as usual": 2,
        "Stopped": 2,
        None: 2,
    }
    assert pair.counted(pair.old) == fates[Fate.COMPLETED] == 2
    assert pair.counted(pair.new) == len(after_new) == 21 + 28
    assert [one for one in after.values() if one.is_open] == []

    # What goes on is the same action: its deadline, leads and ambitions are what they were.
    for one in after.values():
        was = before[one.reference]
        assert one.deadline == was.deadline
        assert (one.uid, one.leads, one.ambitions) == (was.uid, was.leads, was.ambitions)
    carried = {one.action_id: one for one in after_new.values() if one.action_id in decisions}
    assert len(carried) == 28
    for action_id, there in carried.items():
        here = next(one for one in after.values() if one.action_id == action_id)
        assert (there.uid, there.deadline, there.title) == (here.uid, here.deadline, here.title)
        assert there.is_open
        assert not there.is_commitment or there.reference.startswith("C")
    assert sum(one.deadline.last_on is not None for one in carried.values()) > 10
    assert set(before_new) <= set(after_new)

    # No action was made or lost; none that is open stands nowhere.
    assert number_before == session.scalar(
        select(func.count(Action.id)).where(Action.partnership_id == tenant)
    )
    stands = set(
        session.scalars(
            select(ActionHome.action_id).where(
                ActionHome.partnership_id == tenant, ActionHome.ended_on.is_(None)
            )
        )
    )
    for action in session.scalars(select(Action).where(Action.partnership_id == tenant)):
        assert not action.lifecycle.is_open or action.id in stands

    # What was merged is said on both sides.
    (into_id,) = {one.into.id for one in decisions.values() if one.into is not None}
    took_in = links_of(session, tenant, into_id).actions
    assert [link.words for link in took_in] == ["Merged from", "Merged from"]
    for link in took_in:
        merged = next(one for one in after.values() if one.number == link.number)
        (onward,) = links_of(session, tenant, merged.action_id).actions
        assert onward.words == "Merged into"

    # The plans say it as well, once.
    assert pair.old.status is PlanStatus.SUPERSEDED
    (said,) = decisions_of(session, tenant, pair.old.id)
    assert (said.successor_slug, said.kind) == ("cypf-2016-18", PlanDecisionKind.SUPERSEDED)
    follows = session.scalars(
        select(PlanLink).where(
            PlanLink.partnership_id == tenant,
            PlanLink.plan_id == pair.new.id,
            PlanLink.kind == PlanLinkKind.SUCCESSOR_OF,
        )
    ).all()
    assert [link.other_plan_id for link in follows] == [pair.old.id]


def test_one_undecided_action_of_the_real_plan_is_named_and_nothing_is_done(pair: Pair) -> None:
    pair.session.commit()
    decisions = decide(pair)
    forgotten = next(
        one for one in open_actions(pair.session, pair.old) if one.home.reference == "3.4"
    )
    del decisions[forgotten.action.id]
    with pytest.raises(Refused, match=r"Say what becomes of 3\.4 "):
        follow(pair, decisions)
    pair.session.rollback()
    ended = select(ActionHome.id).where(
        ActionHome.partnership_id == pair.tenant, ActionHome.ending.is_not(None)
    )
    assert pair.session.scalars(ended).all() == []
