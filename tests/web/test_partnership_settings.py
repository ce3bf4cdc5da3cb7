"""A partnership's settings: the date rule, and how often an owner is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from actions.models import Action
from actions.queries import rating_counts
from actions.settings import change_settings
from tests.conftest import NOW
from tests.factories import House
from tests.pages import Visitor
from tests.web.bad_input import Kind, nothing_changes, refused, refuses
from tracker.edges.db import db
from tracker.kernel.rag import DateRule, Lifecycle
from tracker.people.models import Partnership, Role

SignIn = Callable[[Visitor, str], None]
ADMIN, PAGE = "admin@ashshire.example", "/ashshire/settings"
TODAY = date(2026, 11, 2)


@pytest.fixture
def admin(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    house.person(ADMIN, role=Role.ADMINISTRATOR)
    sign_in(client, ADMIN)
    return client


def version(house: House) -> str:
    house.session.commit()
    found = house.session.scalar(select(Partnership.version).where(Partnership.id == house.tenant))
    house.session.commit()
    return str(found)


@pytest.mark.parametrize(
    ("rule", "amber", "red"),
    [
        ("amber-for-a-month", date(2026, 11, 1), date(2026, 12, 1)),
        ("red-at-once", None, date(2026, 11, 1)),
        ("none", None, None),
    ],
)
def test_a_new_date_rule_rewrites_the_days_of_every_open_action(
    admin: Visitor, house: House, rule: str, amber: date | None, red: date | None
) -> None:
    late = house.action(deadline="October 2026")
    done = house.action(deadline="October 2026")
    done.lifecycle = Lifecycle.COMPLETE
    before_it = DateRule.NONE if rule != "none" else DateRule.RED_AT_ONCE
    house.partnership.date_rule = before_it
    house.session.commit()
    other = House(house.session, house.now, slug="birchshire")
    theirs = other.action(deadline="October 2026")
    before = (theirs.amber_from_on, theirs.red_from_on)
    stamp = version(house)
    sent = admin.send(PAGE, version=stamp, date_rule=rule, one_ask_days="45")
    assert "Saved. Every rating follows the rule from now on." in sent.text
    house.session.commit()
    for one in (late, done, theirs, house.partnership):
        house.session.refresh(one)
    house.session.commit()
    # Nobody was heard for long: the quiet rule keeps its own Amber, whatever the date rule.
    quiet = date(2027, 1, 1)
    assert (late.amber_from_on, late.red_from_on) == (amber or quiet, red)
    assert (theirs.amber_from_on, theirs.red_from_on) == before
    assert house.partnership.one_ask_days == 45


def test_every_field_refuses_what_it_cannot_use(admin: Visitor, house: House) -> None:
    good = {"version": version(house), "date_rule": "none", "one_ask_days": "30"}
    fields = {"version": (Kind.SEEN, 0), "date_rule": (Kind.CHOICE, 0)}
    with nothing_changes():
        for name, value in refused(fields):
            refuses(admin, PAGE, good, name, value)
        for value in ("", "-1", "121", "1.5", "x", "٣", "9" * 5000, "<b>"):
            refuses(admin, PAGE, good, "one_ask_days", value)


def test_only_an_administrator_changes_settings(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person("member@ashshire.example")
    sign_in(client, "member@ashshire.example")
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE).status_code == 403


def test_a_page_opened_before_another_change_is_refused(admin: Visitor, house: House) -> None:
    old = version(house)
    house.partnership.name = "Renamed"
    house.session.commit()
    sent = {"version": old, "date_rule": "none", "one_ask_days": "30"}
    assert admin.post(PAGE, data=sent).status_code == 409


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str) -> Iterator[House]:
    """A small partnership on a database of each kind."""
    with make_app(any_url).app_context():
        yield House(db.session(), NOW)


def test_all_actions_are_rewritten_in_a_few_reads_on_either_database(
    either: House, statements: list[str]
) -> None:
    for _ in range(12):
        either.action(deadline="September 2026")
    assert rating_counts(either.session, either.tenant, TODAY)[either.plan.id]["Red"] == 12
    statements.clear()
    change_settings(either.session, either.partnership, date_rule=DateRule.NONE, one_ask_days=30)
    assert sum(one.lstrip().startswith("SELECT") for one in statements) <= 5
    either.session.commit()
    counts = rating_counts(either.session, either.tenant, TODAY)[either.plan.id]
    assert (counts["Red"], counts["Grey"]) == (0, 12)
    stored = either.session.scalars(
        select(Action.red_from_on).where(Action.partnership_id == either.tenant)
    ).all()
    assert set(stored) == {None}
