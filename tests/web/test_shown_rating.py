"""The rating in lists is one CASE over stored days: on any day it says what the rule says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from actions.answer_models import AgreedAs, Agreement
from actions.deadline_models import Deadline
from actions.deadline_words import read_deadline
from actions.deadlines import as_deadline, change_deadline, mark_milestone
from actions.facts import facts
from actions.models import Action, ActionHome, HomeEnding
from actions.operations import Entry, record_progress, refresh
from actions.queries import rating_counts, shown_rating
from actions.settings import change_settings
from actions.standing import hold
from tests.conftest import NOW
from tests.factories import House
from tracker.edges.db import db
from tracker.kernel.rag import DateRule, Lifecycle, Rating, counts

OWNER = "owner@ashshire.example"
START = date(2027, 1, 1)
DAYS = st.integers(0, 200).map(lambda gap: START + timedelta(days=gap))
DUE = st.sampled_from(
    ["January 2027", "28 February 2027", "Q1 2027", "2026/27", "from February 2027", "ongoing"]
)


@dataclass(frozen=True)
class Told:
    """What happened to an action, in the order in which it is told here."""

    lifecycle: Lifecycle
    rating: Rating
    due: str
    entered_on: date
    step_due: str | None
    step_done: bool
    moved_to: str | None
    agreed: bool
    moved_after: str | None
    held_until: date | None
    ended_on: date | None


TOLD = st.builds(
    Told,
    lifecycle=st.sampled_from(list(Lifecycle)),
    rating=st.sampled_from([Rating.RED, Rating.AMBER, Rating.GREEN]),
    due=DUE,
    entered_on=DAYS,
    step_due=st.none() | DUE,
    step_done=st.booleans(),
    moved_to=st.none() | DUE,
    agreed=st.booleans(),
    moved_after=st.none() | DUE,
    held_until=st.none() | DAYS,
    ended_on=st.none() | DAYS,
)
OWN_WORD = {Lifecycle.NOT_STARTED: Rating.GREY, Lifecycle.COMPLETE: Rating.BLUE}


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str) -> Iterator[House]:
    """A small partnership on a database of each kind."""
    with make_app(any_url).app_context():
        house = House(db.session(), NOW)
        house.person(OWNER)
        yield house


def move(house: House, action: Action, to: str | None) -> None:
    if to is None:
        return
    current = house.session.scalar(
        select(Deadline).where(
            Deadline.partnership_id == house.tenant,
            Deadline.action_id == action.id,
            Deadline.is_current,
            Deadline.milestone_id.is_(None),
        )
    )
    new = as_deadline(read_deadline(to))
    if current is None or (current.last_on, current.relation) != (new.last_on, new.relation):
        change_deadline(
            house.session, action, new, person_id=None, board_id=None, reason="r", now=NOW
        )


def live(house: House, told: Told) -> int:
    """Let an action live through what is told of it; its id."""
    action = house.action(deadline=None)
    move(house, action, None if told.due == "ongoing" else told.due)
    if told.step_due and told.step_due != "ongoing":
        step = house.milestone(action, "A step", told.step_due.removeprefix("from "))
        if told.step_done:
            mark_milestone(house.session, action, step, done_on=START, now=NOW)
    record_progress(
        house.session,
        action,
        Entry(told.lifecycle, OWN_WORD.get(told.lifecycle, told.rating), better_reason="Soon."),
        person_id=house.people[OWNER].id,
        last_seen=0,
        now=datetime.combine(told.entered_on, time(9), UTC),
    )
    move(house, action, told.moved_to)
    if told.agreed:
        (known,) = facts(house.session, house.tenant, START, action_ids=[action.id])
        house.session.add(
            Agreement(
                partnership_id=house.tenant,
                action_id=action.id,
                entry_number=1,
                deadline_number=known.deadline.number,
                agreed_at=NOW,
                agreed_as=AgreedAs.PRIORITY_LEAD,
                agreed_by="Lead",
                recorded_by_id=house.people[OWNER].id,
            )
        )
        house.session.flush()
        refresh(house.session, action)
    move(house, action, told.moved_after)
    if told.held_until and told.lifecycle.is_open:
        hold(
            house.session,
            action,
            until=told.held_until,
            board_id=house.board.id,
            reason="r",
            now=NOW,
        )
    if told.ended_on:
        home = house.session.scalars(
            select(ActionHome).where(
                ActionHome.partnership_id == house.tenant, ActionHome.action_id == action.id
            )
        ).one()
        home.ended_on, home.ending = told.ended_on, HomeEnding.STOPPED
    house.session.commit()
    return action.id


@given(st.lists(TOLD, min_size=3, max_size=5), st.sampled_from(list(DateRule)))
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_case_over_stored_days_says_on_any_day_what_the_rule_says(
    either: House, all_told: list[Told], rule: DateRule
) -> None:
    session, tenant = either.session, either.tenant
    ids = [live(either, told) for told in all_told]
    change_settings(session, either.partnership, date_rule=rule, one_ask_days=30)
    session.commit()
    known = {one.action_id: one for one in facts(session, tenant, START)}
    for today in (START + timedelta(days=gap) for gap in range(0, 400, 13)):
        seen = {
            key: Rating(word)
            for key, word in session.execute(
                select(Action.id, shown_rating(today)).where(Action.partnership_id == tenant)
            )
        }
        assert {key: seen[key] for key in ids} == {key: known[key].rating(today) for key in ids}
        by_rule = counts(one.rating(today) for one in known.values() if one.is_counted())
        assert rating_counts(session, tenant, today)[either.plan.id] == by_rule


@given(TOLD)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_agreement_lives_until_the_next_entry_or_deadline_and_not_a_day_longer(
    house: House, told: Told
) -> None:
    if OWNER not in house.people:
        house.person(OWNER)
    action_id = live(house, told)
    (known,) = facts(house.session, house.tenant, START, action_ids=[action_id])
    moved = told.moved_after is not None and known.deadline.changes > 0
    if not told.agreed:
        assert known.agreement is None
    elif not moved:
        assert known.agreement is not None
    action = house.session.scalars(
        select(Action).where(Action.partnership_id == house.tenant, Action.id == action_id)
    ).one()
    record_progress(
        house.session,
        action,
        Entry(Lifecycle.IN_PROGRESS, Rating.GREEN, happened="More."),
        person_id=house.people[OWNER].id,
        last_seen=action.last_entry_number,
        now=NOW,
    )
    (after,) = facts(house.session, house.tenant, START, action_ids=[action_id])
    assert after.agreement is None
    limits = after.thresholds()
    assert (action.amber_from_on, action.red_from_on) == (
        limits.amber_from_on,
        limits.red_from_on,
    )
    house.session.commit()
