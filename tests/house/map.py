"""The map of all addresses, filled in with real records, so that tests can walk it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from governance.feed import new_link
from governance.models import FeedKind, FeedLink
from tests.factories import PASSWORD, House
from tests.pages import Visitor
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import BoardRole
from tracker.people.models import Role

ARGUMENT = re.compile(r"([^/<>]*/?)<(?:\w+:)?(\w+)>")
# Every part that somebody can have; who holds them all is let in everywhere.
SEATS = (BoardRole.CHAIR, BoardRole.SECRETARY, BoardRole.MEMBER)


@dataclass(frozen=True)
class Place:
    """One way to call an address: its rule, its method, and what its arguments mean."""

    rule: Rule
    method: str
    arguments: dict[str, str]

    @property
    def endpoint(self) -> str:
        """The name of the view."""
        return self.rule.endpoint

    def address(self, app: Flask, records: dict[str, Any], **others: Any) -> str:
        """The address of these records; a KeyError names an argument that no record fills."""
        values = {name: records[meaning] for name, meaning in self.arguments.items()}
        return app.url_map.bind("localhost").build(self.endpoint, values | others)


def places(app: Flask) -> Iterator[Place]:
    """Every address of the product by every method that it takes, the built assets excepted."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint == "static":
            continue
        arguments = {name: before + name for before, name in ARGUMENT.findall(rule.rule)}
        for method in sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"}):
            yield Place(rule, method, arguments)


@dataclass(frozen=True)
class Neighbour:
    """A partnership with a record at every address, and the person who may see them all."""

    house: House
    email: str
    records: dict[str, Any]


def neighbour(
    app: Flask, house: House, clock: SetClock, client: Visitor, *, name: str, rule: str
) -> Neighbour:
    """Fill a house until every address leads somewhere; its clock stands after the close."""
    email = f"everything@{house.slug}.example"
    house.board = house.make_board(f"{name} Board")
    house.plan = house.make_plan(f"{name} Plan")
    house.priority = house.make_priority(name[0], "Children are heard")
    person = house.person(email, role=Role.ADMINISTRATOR)
    for seat in SEATS:
        house.seat(person, seat, house.board)
    last = [house.action(f"{name} {at}", deadline="April 2027") for at in range(len(name))][-1]
    house.owner(last, email)
    house.cycle(rule)
    link, token = new_link(
        house.session,
        person_id=person.id,
        kind=FeedKind.EVERYTHING,
        name=f"Link of {name}",
        now=clock.now(),
    )
    house.session.commit()
    meeting = house.meetings()[0]
    records = {
        "/partnership": house.slug,
        "boards/slug": house.board.slug,
        "plans/slug": house.plan.slug,
        "priorities/number": house.priority.number,
        "actions/number": last.number,
        "meetings/on": meeting.occurrence_on,
        "pack-version": 1,
        "calendar/uid": link.uid,
        "feeds/token": token,
    }
    _publish(app, clock, client, email, records)
    return Neighbour(house, email, records)


def _publish(
    app: Flask, clock: SetClock, client: Visitor, email: str, records: dict[str, Any]
) -> None:
    before = clock.now()
    clock.set(before + timedelta(days=25))
    tick(app)
    sign_in(client, email)
    publish = next(p for p in places(app) if p.endpoint == "governance.publish")
    assert client.post(publish.address(app, records)).status_code == 302
    client.post("/sign-out")


def sign_in(client: Visitor, email: str) -> None:
    """Sign a visitor in with the password that everybody of the tests has."""
    answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.text


def with_one_other(mine: dict[str, Any], theirs: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each argument in turn, with the neighbour's record that would stand there."""
    for meaning, value in theirs.items():
        if meaning != "/partnership" and value != mine[meaning]:
            yield meaning, value


__all__ = ["FeedLink", "Neighbour", "Place", "neighbour", "places", "replace", "sign_in"]
