"""Adding people from the command line: the first administrator, a secretary, an owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

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
    adding = _Adding(session, found, person, london_day(now))
    adding.memberships([Role.MEMBER, *([Role.ADMINISTRATOR] if administrator else [])])
    adding.seats(secretary_of, BoardRole.SECRETARY)
    adding.seats(member_of, BoardRole.MEMBER)
    adding.actions(owns)
    give_password(session, person, hash_password(password))
    return f"{person.name} can sign in as {person.email}."


@dataclass(frozen=True)
class _Adding:
    """A person on the way in: to which partnership, from which day."""

    session: Session
    partnership: Partnership
    person: Person
    today: date

    def memberships(self, roles: Sequence[Role]) -> None:
        held = set(
            self.session.scalars(
                select(Membership.role).where(
                    Membership.partnership_id == self.partnership.id,
                    Membership.person_id == self.person.id,
                )
            )
        )
        for role in roles:
            if role not in held:
                self._add(Membership, role=role)

    def seats(self, slugs: Sequence[str], role: BoardRole) -> None:
        for slug in slugs:
            board = board_by_slug(self.session, self.partnership.id, slug)
            if board is None:
                raise AddError(f"There is no board “{slug}” in {self.partnership.name}.")
            self._add(BoardMember, board_id=board.id, role=role)

    def actions(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            action = action_by_number(self.session, self.partnership.id, number)
            if action is None:
                raise AddError(f"There is no action {number} in {self.partnership.name}.")
            self._add(Owner, action_id=action.id)

    def _add(self, table: type[Membership | BoardMember | Owner], **values: object) -> None:
        self.session.add(
            table(
                partnership_id=self.partnership.id,
                person_id=self.person.id,
                from_on=self.today,
                **values,
            )
        )
