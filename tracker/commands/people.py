"""Adding people from the command line: the first administrator, a secretary, an owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from actions.models import Action, ActionHome, Owner
from plans.models import Plan
from tracker.edges.db import clean, key_of
from tracker.kernel.times import london_day
from tracker.ledger.audit import Actor, Source, sign
from tracker.people.board_models import BoardMember, BoardRole
from tracker.people.models import Membership, Partnership, Person, Role
from tracker.people.operations import give_password, hash_password
from tracker.people.queries import board_by_slug, boards, partnership_by_slug, person_by_email

SHORTEST = 12


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
    owns: Sequence[str] = (),
    password: str | None = None,
) -> str:
    """Add a person, or give one more to do; flushes. Returns what was done, in sentences.

    ``owns`` holds references as they are printed: "1.1", or "plan:1.1" where several plans have
    one. What somebody has already is left as it is. A new person needs a password.
    """
    email, name = clean(email), clean(name)
    if "@" not in email:
        raise AddError(f"“{email}” is not an e-mail address.")
    if not name:
        raise AddError("Say with --name what is to stand under what they sign.")
    sign(session, Actor(at=now, source=Source.COMMAND))
    found = partnership_by_slug(session, partnership)
    if found is None:
        known = ", ".join(session.scalars(select(Partnership.slug).order_by(Partnership.slug)))
        raise AddError(f"There is no partnership “{partnership}”. There is: {known or 'none yet'}")
    person = person_by_email(session, email)
    if person is None:
        if password is None or len(password) < SHORTEST:
            raise AddError(f"A new person needs a password of at least {SHORTEST} characters.")
        person = Person(name=name, email=email, email_key=key_of(email))
        session.add(person)
        session.flush()
    elif password is not None and len(password) < SHORTEST:
        raise AddError(f"The password must be at least {SHORTEST} characters long.")
    adding = _Adding(session, found, person, london_day(now))
    adding.memberships([Role.MEMBER, *([Role.ADMINISTRATOR] if administrator else [])])
    adding.seats(secretary_of, BoardRole.SECRETARY)
    adding.seats(member_of, BoardRole.MEMBER)
    adding.actions(owns)
    if password is not None:
        give_password(session, person, hash_password(password))
    session.flush()
    return "\n".join([f"{person.name} signs in as {person.email}.", *adding.said])


@dataclass(frozen=True)
class _Adding:
    """A person on the way in: to which partnership, from which day, and what was said of it."""

    session: Session
    partnership: Partnership
    person: Person
    today: date
    said: list[str] = field(default_factory=list)

    def memberships(self, roles: Sequence[Role]) -> None:
        for role in roles:
            self._give(Membership, f"{role.value} of {self.partnership.name}", role=role)

    def seats(self, slugs: Sequence[str], role: BoardRole) -> None:
        for slug in slugs:
            board = board_by_slug(self.session, self.partnership.id, slug)
            if board is None:
                known = ", ".join(b.slug for b in boards(self.session, self.partnership.id))
                raise AddError(f"There is no board “{slug}” in {self.partnership.name}: {known}")
            self._give(BoardMember, f"{role.value} of {board.name}", board_id=board.id, role=role)

    def actions(self, references: Sequence[str]) -> None:
        for reference in references:
            action = self._action(reference)
            self._give(Owner, f"owner of {reference} {action.title}", action_id=action.id)

    def _action(self, reference: str) -> Action:
        plan, _, number = reference.rpartition(":")
        chosen = (
            select(Action, Plan.slug)
            .join(ActionHome, ActionHome.action_id == Action.id)
            .join(Plan, Plan.id == ActionHome.plan_id)
            .where(ActionHome.partnership_id == self.partnership.id, ActionHome.reference == number)
            .order_by(Plan.starts_on, Plan.id)
        )
        if plan:
            chosen = chosen.where(Plan.slug == plan)
        found = self.session.execute(chosen).all()
        if not found:
            raise AddError(f"There is no action {reference} in {self.partnership.name}.")
        if len(found) > 1:
            ways = " or ".join(f"{slug}:{number}" for _, slug in found)
            raise AddError(f"Several plans have an action {number}: say {ways}")
        return found[0][0]

    def _give(
        self, table: type[Membership | BoardMember | Owner], words: str, **values: object
    ) -> None:
        """Give what is not held yet, from today."""
        held = select(table.id).where(
            table.partnership_id == self.partnership.id,
            table.person_id == self.person.id,
            or_(table.to_on.is_(None), table.to_on >= self.today),
            *(getattr(table, name) == value for name, value in values.items()),
        )
        if self.session.scalar(held.limit(1)) is not None:
            self.said.append(f"Already {words}.")
            return
        self.session.add(
            table(
                partnership_id=self.partnership.id,
                person_id=self.person.id,
                from_on=self.today,
                **values,
            )
        )
        self.said.append(f"Now {words}.")
