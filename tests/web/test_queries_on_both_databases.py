"""What pages read is the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from actions.models import ActionAmbition
from actions.operations import Entry, record_progress
from actions.queries import asks_about, facts, owned_everywhere, rating_counts
from plans.models import Ambition
from plans.queries import plan_around, plan_by_slug, plans_of
from priorities.models import PriorityParty
from priorities.queries import priorities_of
from tests.conftest import NOW
from tests.factories import House
from tracker.edges.db import db
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.models import PartyRole

TODAY = date(2026, 11, 2)
OWNER = "owner@ashshire.example"


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str) -> Iterator[House]:
    """A small partnership on a database of each kind."""
    with make_app(any_url).app_context():
        yield House(db.session(), NOW)


def test_the_facts_of_actions_carry_the_names_dates_and_last_entry_around_them(
    either: House,
) -> None:
    first = either.action("First", deadline="September 2026", owner=OWNER, lead=either.council)
    either.action("Second")
    either.milestone(first, "A step", "August 2026")
    tag = Ambition(partnership_id=either.tenant, slug="start", name="A Good Start")
    either.session.add(tag)
    either.session.flush()
    either.session.add(
        ActionAmbition(
            partnership_id=either.tenant, action_id=first.id, ambition_id=tag.id, is_stated=True
        )
    )
    record_progress(
        either.session,
        first,
        Entry(Lifecycle.IN_PROGRESS, Rating.GREEN, happened="Begun."),
        person_id=either.people[OWNER].id,
        last_seen=0,
        now=NOW - timedelta(days=1),
    )
    either.session.commit()
    one, two = facts(either.session, either.tenant, TODAY, plan_ids=[either.plan.id])
    assert one.leads == ("Ashshire Council",)
    assert one.owners == ("owner",)
    assert one.owner_ids == {either.people[OWNER].id}
    assert one.ambitions == ("A Good Start",)
    assert [step.deadline.words for step in one.milestones] == ["by August 2026"]
    assert one.last_entry is not None
    assert one.last_entry.happened == "Begun."
    assert (one.rating(TODAY), two.rating(TODAY)) == (Rating.RED, Rating.GREY)
    assert (two.leads, two.owners, two.last_entry) == ((), (), None)
    counts = rating_counts(either.session, either.tenant, TODAY)[either.plan.id]
    assert counts == {"Red": 1, "Amber": 0, "Green": 0, "Grey": 1, "Blue": 0}
    assert owned_everywhere(either.session, either.people[OWNER].id, TODAY) == {
        either.tenant: [first.id]
    }
    assert asks_about(either.session, either.tenant, [first.id], TODAY) == {}


def test_plans_and_priorities_are_read_in_their_order(either: House) -> None:
    either.session.add(
        PriorityParty(
            partnership_id=either.tenant,
            priority_id=either.priority.id,
            role=PartyRole.LEAD,
            board_id=either.board.id,
        )
    )
    either.make_priority("2", "Children are healthy").position = 1
    either.session.commit()
    first, second = priorities_of(either.session, either.tenant, [either.plan.id])
    assert (first.number, first.leads, first.latest) == ("1", ("Trust Board",), None)
    assert (second.number, second.leads) == ("2", ())
    assert [plan.title for plan in plans_of(either.session, either.tenant)] == ["Children’s Plan"]
    assert plan_by_slug(either.session, either.tenant, "no-such-plan") is None
    around = plan_around(either.session, either.tenant, "childrens-plan")
    assert around is not None
    assert (around.links, around.reviews) == ((), ())
