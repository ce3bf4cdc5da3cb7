"""Adding people from the command line: the first administrator, a secretary, an owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.models import Owner
from actions.queries import action_by_number
from tracker.edges.db import key_of
from tracker.kernel.times import london_day
from tracker.ledger.audit import Actor, Source, sign
from tracker.people.board_models import BoardMember, BoardRole
from tracker.people.models import Membership, Partnership, Person, Role
from tracker.people.operations import give_password, hash_password
from tracker.people.queries import board_by_slug, partnership_by_slug, person_by_email


class AddError(Exception):
    """The person cannot be added; the message says why and what to do."""


def add(
    session: Session,
    email: str,
    *,
    now: datetime,
    name: str,
    partnership: str,
    administrator: bool = False,
    secretary_of: Sequence[str] = (),
    member_of: Sequence[str] = (),
    owns: Sequence[int] = (),
    password: str,
) -> str:
    """Add a person with what they are to do; flushes. Returns what was done, in a sentence."""
    if "@" not in email:
        raise AddError(f"“{email}” is not an e-mail address.")
    if len(password) < 12:
        raise AddError("The password must be at least 12 characters long.")
    sign(session, Actor(at=now, source=Source.COMMAND))
    found = partnership_by_slug(session, partnership)
    if found is None:
        known = ", ".join(session.scalars(select(Partnership.slug).order_by(Partnership.slug)))
        raise AddError(f"There is no partnership “{partnership}”. There is: {known or 'none yet'}")
    person = person_by_email(session, email)
    if person is None:
        person = Person(name=name, email=email, email_key=key_of(email))
        session.add(person)
        session.flush()
    today = london_day(now)
    roles = [Role.MEMBER] + ([Role.ADMINISTRATOR] if administrator else [])
    held = set(
        session.scalars(
            select(Membership.role).where(
                Membership.partnership_id == found.id, Membership.person_id == person.id
            )
        )
    )
    for role in roles:
        if role not in held:
            session.add(
                Membership(
                    partnership_id=found.id, person_id=person.id, role=role, from_on=today
                )
            )
    for slugs, seat in ((secretary_of, BoardRole.SECRETARY), (member_of, BoardRole.MEMBER)):
        for slug in slugs:
            board = board_by_slug(session, found.id, slug)
            if board is None:
                raise AddError(f"There is no board “{slug}” in {found.name}.")
            session.add(
                BoardMember(
                    partnership_id=found.id,
                    board_id=board.id,
                    person_id=person.id,
                    role=seat,
                    from_on=today,
                )
            )
    for number in owns:
        action = action_by_number(session, found.id, number)
        if action is None:
            raise AddError(f"There is no action {number} in {found.name}.")
        session.add(
            Owner(
                partnership_id=found.id, action_id=action.id, person_id=person.id, from_on=today
            )
        )
    give_password(session, person, hash_password(password))
    return f"{person.name} can sign in as {person.email}."
