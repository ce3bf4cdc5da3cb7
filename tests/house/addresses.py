"""The map of all addresses, filled in with real records, so that tests can walk it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from actions.models import ActionHome
from actions.proposal_models import Handover, Proposal, ProposalKind
from governance.feed import new_link
from governance.feed_models import FeedKind
from governance.log_models import MeetingAction
from governance.pack_models import Pack, PackStatus
from tests.factories import PASSWORD, House
from tests.house.board_records import board_records
from tests.pages import Visitor, read
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.ledger.models import OutboxMail
from tracker.ledger.outbox import Mail, post
from tracker.people.board_models import BoardRole
from tracker.people.models import Role

# An argument of an address means what stands before it: "boards/slug", "actions/number".
ARGUMENT = re.compile(r"([^/<>]*/?)<(?:\w+:)?(\w+)>")
Records = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """One way to call an address: its rule, its method, and what each argument means."""

    rule: Rule
    method: str
    arguments: dict[str, str]

    @property
    def endpoint(self) -> str:
        """The name of the view."""
        return str(self.rule.endpoint)

    def address(self, app: Flask, records: Records) -> str:
        """The address of these records; a KeyError names an argument that no record fills."""
        values = {name: records[meaning] for name, meaning in self.arguments.items()}
        return app.url_map.bind("localhost").build(self.endpoint, values)


def places(app: Flask, method: str | None = None) -> list[Place]:
    """Every address of the product by every method that it takes, the built assets excepted.

    Reading comes first and signing out last, so that a walk does not cut its own branch.
    """
    found = []
    for rule in app.url_map.iter_rules():
        arguments = {name: before + name for before, name in ARGUMENT.findall(rule.rule)}
        for one in sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint != "static" and method in (None, one):
                found.append(Place(rule, one, arguments))
    return sorted(found, key=lambda p: (p.method, p.endpoint == "people.sign_out", p.rule.rule))


@dataclass(frozen=True)
class Neighbour:
    """A partnership with a record at every address, and a person who may see them all."""

    tenant: int
    email: str
    person_id: int
    board: str
    plan: str
    records: Records


def neighbours(
    app: Flask, house: House, clock: SetClock, client: Visitor
) -> tuple[Neighbour, Neighbour]:
    """Two partnerships filled until every address leads somewhere, and one published pack each."""
    other = House(house.session, house.now, slug="birchshire")
    both = (
        _filled(house, "Ash", "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU"),
        _filled(other, "Birch", "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TH"),
    )
    house.session.rollback()  # what was only read must not hold the database
    clock.set(clock.now() + timedelta(days=25))
    tick(app)  # updates close, and the draft packs are kept
    publish = next(p for p in places(app) if p.endpoint == "governance.publish")
    for one in both:
        sign_in(client, one.email)
        address = publish.address(app, one.records)
        reasons = reasons_of(client.get(address).text)
        assert client.post(address, data={"after": "0", **reasons}).status_code == 302
        one.records["packs/uid"] = published_uid(house.session, one.tenant)
        client.post("/sign-out")
    return both


def _filled(house: House, name: str, rule: str) -> Neighbour:
    email = f"everything@{house.slug}.example"
    house.board = house.make_board(f"{name} Board")
    house.plan = house.make_plan(f"{name} Plan")
    house.priority = house.make_priority(name[0], "Children are heard")
    person = house.person(email, role=Role.ADMINISTRATOR)
    for seat in (BoardRole.CHAIR, BoardRole.SECRETARY, BoardRole.MEMBER):
        house.seat(person, seat, house.board)
    # As many as the name has letters, so that no two partnerships share their last number.
    action = [house.action(f"{name} {at}", deadline="April 2027") for at in range(len(name))][-1]
    house.owner(action, email)
    house.cycle(rule)
    link, token = new_link(
        house.session,
        person_id=person.id,
        kind=FeedKind.EVERYTHING,
        name=f"Link of {name}",
        now=house.now,
    )
    house.session.commit()
    home = house.session.scalars(
        select(ActionHome).where(
            ActionHome.partnership_id == house.tenant, ActionHome.action_id == action.id
        )
    ).one()
    proposal = Proposal(
        partnership_id=house.tenant,
        kind=ProposalKind.DEADLINE,
        action_id=action.id,
        deadline="by June 2027",
        reason=f"The {name} builder is late",
        proposed_by_id=person.id,
        proposed_at=house.now,
    )
    handover = Handover(
        partnership_id=house.tenant,
        action_id=action.id,
        from_home_id=home.id,
        to_board_id=house.board.id,
        to_plan_id=house.plan.id,
        reason=f"It belongs to the {name} Board",
        offered_by_id=person.id,
        offered_at=house.now,
    )
    task = MeetingAction(
        partnership_id=house.tenant,
        board_id=house.board.id,
        meeting_id=house.meetings()[0].id,
        reference="2026-09/A1",
        what=f"Write to the {name} schools",
        person_id=person.id,
        changed_at=house.now,
    )
    house.session.add_all([proposal, handover, task])
    house.session.flush()
    mail_key = f"invitation:{person.uid}:{house.slug}"
    mail = Mail(key=mail_key, recipient=email, subject=f"{name}", text=name, html=name)
    post(house.session, mail, now=house.now, domain="a.example")
    mail_uid = house.session.scalars(select(OutboxMail.uid).where(OutboxMail.key == mail_key)).one()
    house.session.commit()
    records = {
        "/partnership": house.slug,
        "proposals/uid": proposal.uid,
        "handovers/uid": handover.uid,
        "meeting-actions/uid": task.uid,
        "people/uid": person.uid,
        "mail/uid": mail_uid,
        "boards/slug": house.board.slug,
        "plans/slug": house.plan.slug,
        "priorities/number": house.priority.number,
        "actions/number": action.number,
        "meetings/on": house.meetings()[0].occurrence_on,
        "pack-version": 1,
        "calendar/uid": link.uid,
        "feeds/token": token,
        "action-log/uid": task.uid,
        "members/uid": person.uid,
        **board_records(house, house.meetings()[0], action.id, person.id),
    }
    house.board.is_public = True
    house.session.commit()
    return Neighbour(house.tenant, email, person.id, house.board.name, house.plan.title, records)


def reasons_of(html: str) -> dict[str, str]:
    """A reason for everything that a publish gate finds wrong."""
    return {
        one["name"]: "Seen; the pack goes out all the same"
        for one in read(html).fields
        if one.get("name", "").startswith("reason-")
    }


def published_uid(session: Session, tenant: int) -> UUID:
    """The uid of a partnership's published pack."""
    found = session.scalars(
        select(Pack.uid).where(Pack.partnership_id == tenant, Pack.status == PackStatus.PUBLISHED)
    ).one()
    session.rollback()
    return found


def with_one_of(mine: Records, theirs: Records, place: Place) -> Iterator[Records]:
    """My records with one of theirs among them, once for each argument that could be theirs."""
    for meaning in place.arguments.values():
        if meaning != "/partnership" and theirs[meaning] != mine[meaning]:
            yield mine | {meaning: theirs[meaning]}


def sign_in(client: FlaskClient, email: str) -> None:
    """Sign a visitor in with the password that everybody of the tests has."""
    answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
