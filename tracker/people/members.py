"""Who belongs to a partnership: inviting, changing what somebody is there, and leaving."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.edges.db import key_of
from tracker.kernel.times import london_day
from tracker.people.member_queries import is_live, last_invitation, memberships_of
from tracker.people.models import Invitation, Membership, Organisation, Person, Role
from tracker.people.queries import has_left, person_by_email

# A second invitation follows the first after this long at the earliest.
INVITED_AGAIN_AFTER = timedelta(hours=1)


class Refused(Exception):
    """It cannot be done; the message is a plain sentence for whoever asked."""


@dataclass(frozen=True)
class Part:
    """What somebody is in a partnership: for whom, in which post, with which say."""

    organisation_id: int | None = None
    post: str | None = None
    is_administrator: bool = False
    may_clear: bool = False


def invite(
    session: Session,
    partnership_id: int,
    *,
    name: str,
    email: str,
    part: Part,
    invited_by_id: int,
    now: datetime,
) -> tuple[Person, Invitation]:
    """Have somebody belong to a partnership from today, and note that they were invited.

    Whoever is known by the address already keeps their name. Raises Refused for one who belongs
    to the partnership, or has left for good.
    """
    today = london_day(now)
    person = person_by_email(session, email)
    if person is None:
        person = Person(name=name, email=email, email_key=key_of(email))
        session.add(person)
        session.flush()
    if has_left(person, today):
        raise Refused(
            "Whoever has this address is noted as having left for good. Ask whoever runs this"
            " server to take that back first."
        )
    held = memberships_of(session, partnership_id, person.id)
    if any(is_live(one, today) or one.from_on > today for one in held):
        raise Refused(f"{person.name} is in this partnership already. Find them in the list.")
    _give(session, partnership_id, person.id, Role.MEMBER, today)
    if part.is_administrator:
        _give(session, partnership_id, person.id, Role.ADMINISTRATOR, today)
    session.flush()
    _set_part(session, partnership_id, person.id, part)
    return person, _invitation(session, partnership_id, person.id, invited_by_id, now)


def invite_again(
    session: Session, partnership_id: int, person: Person, *, invited_by_id: int, now: datetime
) -> Invitation:
    """Another invitation for somebody who has not signed in since the last.

    Raises Refused when they have, when they no longer belong, or when the last has just gone.
    """
    today = london_day(now)
    last = last_invitation(session, partnership_id, person.id)
    if last is not None and last.accepted_at is not None:
        raise Refused(f"{person.name} has signed in since being invited.")
    held = memberships_of(session, partnership_id, person.id)
    if has_left(person, today) or not any(is_live(one, today) for one in held):
        raise Refused(f"{person.name} is not in this partnership today, so was not invited again.")
    if last is not None and now < last.invited_at + INVITED_AGAIN_AFTER:
        raise Refused(
            "An invitation went less than an hour ago. Ask them to look among unwanted mail too."
        )
    return _invitation(session, partnership_id, person.id, invited_by_id, now)


def change_part(
    session: Session, partnership_id: int, person: Person, part: Part, *, today: date
) -> None:
    """Change what a member is; raises Refused when nobody would administer the partnership."""
    rows = memberships_of(session, partnership_id, person.id)
    held = [one for one in rows if one.role is Role.ADMINISTRATOR and is_live(one, today)]
    if part.is_administrator and not held:
        _give(session, partnership_id, person.id, Role.ADMINISTRATOR, today)
    if held and not part.is_administrator:
        _need_another(session, partnership_id, person, today)
        _give(session, partnership_id, person.id, Role.MEMBER, today)
        for one in held:
            _end(session, one, today - timedelta(days=1))
    session.flush()
    _set_part(session, partnership_id, person.id, part)


def end_memberships(
    session: Session, partnership_id: int, person: Person, last_on: date, *, today: date
) -> None:
    """Somebody leaves the partnership after a last day. What they own stays theirs to be seen.

    Raises Refused when the day is before they came, or nobody would administer the partnership.
    """
    rows = [
        one
        for one in memberships_of(session, partnership_id, person.id)
        if one.to_on is None or one.to_on >= today
    ]
    if not rows:
        raise Refused(f"{person.name} has left already.")
    first_on = min(one.from_on for one in rows)
    if last_on < first_on:
        raise Refused("The last day cannot be before the first.")
    if any(one.role is Role.ADMINISTRATOR for one in rows):
        _need_another(session, partnership_id, person, today)
    for one in rows:
        one.to_on = max(last_on, one.from_on)
    session.flush()


def keep_memberships(session: Session, partnership_id: int, person: Person, *, today: date) -> None:
    """Somebody whose last day was set, and has not passed, stays after all."""
    for one in memberships_of(session, partnership_id, person.id):
        if one.to_on is not None and one.to_on >= today:
            one.to_on = None
    session.flush()


def rename(session: Session, person: Person, name: str, *, last_seen: int) -> None:
    """Change a person's name; StaleDataError when the version that was seen is not the last."""
    if person.version != last_seen:
        raise StaleDataError(f"person {person.id} has changed since it was shown")
    person.name = name
    session.flush()


def choose_mail(session: Session, person: Person, *, wants_optional: bool) -> None:
    """Whether a person wants the messages that they can do without."""
    person.wants_optional_mail = wants_optional
    session.flush()


def choose_clearance(
    session: Session, partnership_id: int, *, shown: Collection[str], needed: Collection[str]
) -> list[Organisation]:
    """Which of the organisations shown, by slug, clear updates first; returns those changed."""
    changed = []
    for organisation in session.scalars(
        select(Organisation).where(
            Organisation.partnership_id == partnership_id, Organisation.slug.in_(shown)
        )
    ):
        is_needed = organisation.slug in needed
        if organisation.needs_clearance is not is_needed:
            organisation.needs_clearance = is_needed
            changed.append(organisation)
    session.flush()
    return changed


def _invitation(
    session: Session, partnership_id: int, person_id: int, invited_by_id: int, now: datetime
) -> Invitation:
    invitation = Invitation(
        partnership_id=partnership_id,
        person_id=person_id,
        invited_by_id=invited_by_id,
        invited_at=now,
    )
    session.add(invitation)
    session.flush()
    return invitation


def _give(
    session: Session, partnership_id: int, person_id: int, role: Role, today: date
) -> Membership:
    """A membership that holds today: the one there was, begun again, or a new one."""
    rows = memberships_of(session, partnership_id, person_id)
    one = next((row for row in rows if row.role is role), None)
    if one is None:
        one = Membership(
            partnership_id=partnership_id, person_id=person_id, role=role, from_on=today
        )
        session.add(one)
    elif not is_live(one, today):
        one.from_on, one.to_on = today, None
    return one


def _end(session: Session, membership: Membership, last_on: date) -> None:
    """End a membership; one that would end before it began goes altogether."""
    if last_on < membership.from_on:
        session.delete(membership)
    else:
        membership.to_on = last_on


def _set_part(session: Session, partnership_id: int, person_id: int, part: Part) -> None:
    """What somebody is for the partnership stands alike on each of their memberships."""
    for one in memberships_of(session, partnership_id, person_id):
        one.organisation_id = part.organisation_id
        one.post = part.post
        one.may_clear = part.may_clear
    session.flush()


def _need_another(session: Session, partnership_id: int, person: Person, today: date) -> None:
    """Raise Refused unless somebody else stays to administer the partnership.

    All its administrators' rows are locked, so that two cannot leave each other alone at once.
    """
    rows = session.scalars(
        select(Membership)
        .where(Membership.partnership_id == partnership_id, Membership.role == Role.ADMINISTRATOR)
        .order_by(Membership.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    others = [
        one.person_id
        for one in rows
        if one.person_id != person.id and is_live(one, today) and one.to_on is None
    ]
    stays = session.scalar(
        select(Person.id)
        .where(Person.id.in_(others), or_(Person.left_on.is_(None), Person.left_on > today))
        .limit(1)
    )
    if stays is None:
        raise Refused(
            f"{person.name} is the only administrator who stays. Make somebody else an"
            " administrator first."
        )
