"""Somebody of a partnership, as people name them in a field: by name, by e-mail, or by both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.edges.db import key_of
from tracker.people.models import Membership, Person

HINT = "Type a name or an e-mail address, and choose from the list."
_IN_BRACKETS = re.compile(r".*<([^<>]+)>\s*", re.DOTALL)


class Unclear(Exception):
    """Nobody, or more than one, is meant. Its words are a plain sentence for the field."""


def members(session: Session, partnership_id: int, today: date) -> Sequence[Person]:
    """Who belongs to a partnership on a day and has not left, by name."""
    found = session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.partnership_id == partnership_id,
            Membership.from_on <= today,
            or_(Membership.to_on.is_(None), Membership.to_on >= today),
            or_(Person.left_on.is_(None), Person.left_on > today),
        )
    ).unique()
    people = {person.id: person for person in found}.values()
    return sorted(people, key=lambda person: (key_of(person.name), person.id))


def in_words(person: Person) -> str:
    """A person as a list offers them: "Jo Bell <jo.bell@council.example>"."""
    return f"{person.name} <{person.email}>"


def member_choices(session: Session, partnership_id: int, today: date) -> list[str]:
    """The members of a partnership on a day, by name, for the list beside a field."""
    return [in_words(person) for person in members(session, partnership_id, today)]


def find_member(session: Session, partnership_id: int, text: str, today: date) -> Person:
    """The member that a text names: "Jo Bell <jo.bell@council.example>", an address, or a name.

    Raises Unclear, with a plain sentence for the field, when it names nobody who belongs to the
    partnership that day, or more than one.
    """
    return chosen(members(session, partnership_id, today), text)


def chosen(people: Sequence[Person], text: str) -> Person:
    """The one of these people that a text names. Raises Unclear, as ``find_member`` does."""
    plain = " ".join(text.split())
    if not plain:
        raise Unclear("Say who. " + HINT)
    bracketed = _IN_BRACKETS.fullmatch(plain)
    address = bracketed[1] if bracketed else plain
    if "@" in address:
        found = [person for person in people if person.email_key == key_of(address)]
    else:
        found = [person for person in people if key_of(person.name) == key_of(plain)]
    if not found:
        raise Unclear(f"Nobody in this partnership is known as “{plain[:60]}”. {HINT}")
    if len(found) > 1:
        raise Unclear(f"There are {len(found)} people called {found[0].name}. Use an address.")
    return found[0]
