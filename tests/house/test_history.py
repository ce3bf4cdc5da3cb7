"""The audit trail read backwards gives what was there, at every instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from actions.models import Action, Milestone
from governance.feed_models import FeedKind, FeedLink
from governance.models import CycleKind, ReviewCycle
from priorities.indicator_models import Reading
from tests.conftest import NOW
from tests.factories import House
from tests.web.measures import indicator, reading
from tracker.edges.db import Base, db
from tracker.ledger.audit import Actor, Source, sign
from tracker.ledger.history import rows_as_of
from tracker.people.models import (
    ClosedPeriod,
    Identity,
    Organisation,
    OrganisationKind,
    Partnership,
)

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
INSTANTS = st.integers(0, 500_000).map(lambda minutes: NOW + timedelta(minutes=minutes))
NAMES = st.text(min_size=1, max_size=20).filter(lambda one: bool(one.strip()))
# What may be changed of each table, and to what: every kind of column that has a form in the trail.
CHANGES: dict[type[Base], dict[str, st.SearchStrategy[Any]]] = {
    Organisation: {
        "name": NAMES,
        "abbreviation": st.none() | NAMES,
        "kind": st.sampled_from(OrganisationKind),
        "needs_clearance": st.booleans(),
    },
    ClosedPeriod: {"name": NAMES, "to_on": st.dates(date(2027, 2, 1), date(2027, 12, 31))},
    Milestone: {"title": NAMES, "done_on": st.none() | DAYS, "changed_at": INSTANTS},
}


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """Some things done one after another: (what, table, which, field, value, minutes passed)."""
    found = []
    for _ in range(draw(st.integers(1, 12))):
        table = draw(st.sampled_from(list(CHANGES)))
        what = draw(st.sampled_from(["add", "change", "change", "change", "remove"]))
        field = draw(st.sampled_from(list(CHANGES[table])))
        value = draw(CHANGES[table][field])
        # Nothing passes between changes of one transaction.
        found.append((what, table, draw(st.integers(0, 5)), field, value, draw(st.integers(0, 2))))
    return found


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str) -> Iterator[House]:
    """A small partnership on a database of each kind."""
    with make_app(any_url).app_context():
        yield House(db.session(), NOW)


def values(row: Base) -> dict[str, Any]:
    """All that a row says, counters apart."""
    names = [one.key for one in inspect(type(row)).column_attrs]
    return {name: getattr(row, name) for name in names if name != "version"}


def made(house: House, table: type[Base], action: Action) -> Base:
    """A new row of a table."""
    if table is Organisation:
        slug = f"o-{datetime.now(UTC).timestamp()}"
        return Organisation(
            partnership_id=house.tenant,
            slug=slug,
            name=slug,
            name_key=slug,
            kind=OrganisationKind.COUNCIL,
        )
    if table is ClosedPeriod:
        days = {"from_on": date(2026, 12, 24), "to_on": date(2027, 1, 2)}
        return ClosedPeriod(partnership_id=house.tenant, name="Christmas", **days)
    return Milestone(
        partnership_id=house.tenant, action_id=action.id, title="A step", changed_at=house.now
    )


def there(session: Session, house: House, table: Any) -> list[dict[str, Any]]:
    """The rows of a table as they are."""
    chosen = select(table).where(table.partnership_id == house.tenant).order_by(table.id)
    session.flush()
    return [
        values(row) for row in session.scalars(chosen.execution_options(populate_existing=True))
    ]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=steps())
def test_at_every_instant_the_rows_read_backwards_are_those_that_were_there(
    either: House, steps: list[tuple[Any, ...]]
) -> None:
    session, at = either.session, either.now
    action = session.scalars(select(Action).where(Action.partnership_id == either.tenant)).first()
    action = action or either.action()
    seen: dict[datetime, dict[type[Base], list[dict[str, Any]]]] = {}
    for what, table, which, field, value, minutes in steps:
        at += timedelta(minutes=minutes)
        sign(session, Actor(at=at, source=Source.COMMAND))
        rows = session.scalars(
            select(table).where(table.partnership_id == either.tenant).order_by(table.id)
        ).all()
        if what == "add" or not rows:
            session.add(made(either, table, action))
        elif what == "change":
            setattr(rows[which % len(rows)], field, value)
        elif rows[which % len(rows)] is not either.council:
            session.delete(rows[which % len(rows)])
        seen[at] = {one: there(session, either, one) for one in CHANGES}
    for instant, tables in seen.items():
        for table, expected in tables.items():
            found = rows_as_of(session, table, instant, partnership_id=either.tenant)
            assert [values(row) for row in found] == expected
    session.rollback()


def test_what_was_made_later_is_left_out_and_what_was_deleted_since_is_put_back(
    house: House, session: Session
) -> None:
    gone = house.organisation("Elm District Council")
    session.commit()
    sign(session, Actor(at=NOW + timedelta(hours=1), source=Source.COMMAND))
    session.delete(gone)
    house.organisation("Oak District Council")
    session.commit()

    def names(at: datetime) -> list[str]:
        found = rows_as_of(session, Organisation, at, partnership_id=house.tenant)
        return [one.name for one in found]

    assert names(NOW) == ["Ashshire Council", "Elm District Council"]
    assert names(NOW + timedelta(hours=1)) == ["Ashshire Council", "Oak District Council"]


def test_rows_are_chosen_by_what_they_said_then_and_not_by_what_they_say_now(
    house: House, session: Session
) -> None:
    first, second = house.action("First"), house.action("Second")
    step = house.milestone(first, "A step", "March 2027")
    sign(session, Actor(at=NOW + timedelta(hours=1), source=Source.COMMAND))
    step.action_id = second.id
    session.commit()

    def of(action: Action, at: datetime) -> list[str]:
        ids = [action.id]
        found = rows_as_of(session, Milestone, at, partnership_id=house.tenant, action_id=ids)
        return [one.title for one in found]

    assert (of(first, NOW), of(second, NOW)) == (["A step"], [])
    later = NOW + timedelta(hours=2)
    assert (of(first, later), of(second, later)) == ([], ["A step"])


def test_every_kind_of_value_comes_back_as_its_column_gives_it(
    house: House, session: Session
) -> None:
    cycle = house.cycle()
    reading(house, indicator(house, "1", "Absence"), "5.10", 2024)
    measured = session.scalars(select(Reading).where(Reading.partnership_id == house.tenant)).one()
    before = {model: values(row) for model, row in ((ReviewCycle, cycle), (Reading, measured))}
    sign(session, Actor(at=NOW + timedelta(hours=1), source=Source.COMMAND))
    cycle.starts_at, cycle.kind, cycle.starts_on = time(9, 30), CycleKind.ON_REQUEST, None
    measured.value, measured.is_provisional = None, True
    session.flush()
    session.delete(measured)
    session.commit()
    for model, expected in before.items():
        (found,) = rows_as_of(session, model, NOW, partnership_id=house.tenant)
        assert values(found) == expected


def test_what_belongs_to_no_partnership_is_read_backwards_too_and_secrets_stay_secret(
    house: House, session: Session
) -> None:
    person = house.person("member@ashshire.example")
    link = FeedLink(
        person_id=person.id, kind=FeedKind.MINE, name="Phone", token_hash="a", created_at=NOW
    )
    session.add(link)
    session.commit()
    sign(session, Actor(at=NOW + timedelta(hours=1), source=Source.COMMAND))
    house.partnership.name = "Ashshire"
    identity = session.scalars(select(Identity)).one()
    identity.secret_hash = "another"
    session.delete(link)
    session.commit()
    (then,) = rows_as_of(session, Partnership, NOW, partnership_id=house.tenant, id=[house.tenant])
    assert then.name == "Ashshire Children’s Trust"
    (known,) = rows_as_of(session, Identity, NOW)
    assert (known.secret_hash, known.subject) == ("(secret)", "member@ashshire.example")
    (kept,) = rows_as_of(session, FeedLink, NOW)
    assert (kept.token_hash, kept.name, kept.kind) == ("(secret)", "Phone", FeedKind.MINE)


def test_reading_backwards_changes_nothing(house: House, session: Session) -> None:
    sign(session, Actor(at=NOW + timedelta(hours=1), source=Source.COMMAND))
    house.council.name = "Ash Council"
    session.commit()
    (then,) = rows_as_of(session, Organisation, NOW, partnership_id=house.tenant)
    assert then.name == "Ashshire Council"
    assert house.council.name == "Ash Council"
    assert not session.new
    assert not session.dirty
