"""Reading who belongs to a partnership: the administrator's list, and one person of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.edges.db import key_of
from tracker.edges.tenancy import ACROSS
from tracker.people.board_models import Board, BoardMember, BoardRole
from tracker.people.models import (
    Invitation,
    Membership,
    Organisation,
    Person,
    Role,
    SignIn,
)
from tracker.people.queries import has_left

PAGE = 50


@dataclass(frozen=True)
class Member:
    """A person of a partnership, with what an administrator asks of them."""

    person: Person
    memberships: tuple[Membership, ...]
    organisation: Organisation | None = None
    boards: tuple[str, ...] = ()
    has_signed_in: bool = False
    invited_at: datetime | None = None

    @property
    def main(self) -> Membership:
        """The membership that speaks for the person: the plain one, else the only one."""
        return min(self.memberships, key=lambda one: (one.role is not Role.MEMBER, one.id))

    @property
    def last_on(self) -> date | None:
        """The last day of belonging; None when none is set."""
        days = [one.to_on for one in self.memberships]
        return None if None in days else max(day for day in days if day is not None)

    def is_administrator(self, today: date) -> bool:
        """Whether the person is an administrator today."""
        return any(
            one.role is Role.ADMINISTRATOR and is_live(one, today) for one in self.memberships
        )

    def has_left(self, today: date) -> bool:
        """Whether the person no longer belongs to the partnership."""
        is_over = self.last_on is not None and self.last_on < today
        return is_over or has_left(self.person, today)


@dataclass(frozen=True)
class MemberPage:
    """One page of a partnership's people, and the person with whom the pages beside it begin."""

    members: tuple[Member, ...]
    previous: UUID | None = None
    next: UUID | None = None
    total: int = 0


def is_live(membership: Membership, today: date) -> bool:
    """Whether a membership holds today."""
    return membership.from_on <= today and (membership.to_on is None or membership.to_on >= today)


def members(
    session: Session, partnership_id: int, today: date, *, start: UUID | None = None
) -> MemberPage:
    """A page of a partnership's people by name, those who have left at the end.

    Names have no stored key, so the order is made here: one short row for each person is read,
    and the rest only for those on the page. ``start`` is the person with whom the page begins.
    """
    rows = session.execute(
        select(Person.id, Person.uid, Person.name, Person.email_key, Person.left_on)
        .add_columns(
            # A membership without a last day outlasts all others.
            func.max(func.coalesce(Membership.to_on, date.max))
        )
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.partnership_id == partnership_id)
        .group_by(Person.id, Person.uid, Person.name, Person.email_key, Person.left_on)
    ).all()

    ordered = sorted(
        (
            # Who has left comes last; then by name, as it is read.
            (last_on < today or (left_on or date.max) <= today, key_of(name), email_key, id_, uid)
            for id_, uid, name, email_key, left_on, last_on in rows
        ),
    )
    uids = [uid for *_, uid in ordered]
    at = uids.index(start) if start in uids else 0
    ids = [id_ for *_, id_, _ in ordered[at : at + PAGE]]
    found = {one.person.id: one for one in _members(session, partnership_id, ids, today)}
    return MemberPage(
        members=tuple(found[one] for one in ids),
        previous=uids[max(0, at - PAGE)] if at else None,
        next=uids[at + PAGE] if at + PAGE < len(uids) else None,
        total=len(uids),
    )


def member_by_uid(session: Session, partnership_id: int, uid: UUID, today: date) -> Member | None:
    """One person of a partnership, past members included; None for anybody else."""
    person_id = session.scalar(
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.uid == uid, Membership.partnership_id == partnership_id)
        .limit(1)
    )
    if person_id is None:
        return None
    return _members(session, partnership_id, [person_id], today)[0]


def memberships_of(session: Session, partnership_id: int, person_id: int) -> Sequence[Membership]:
    """All memberships of a person in a partnership."""
    return session.scalars(
        select(Membership)
        .where(Membership.partnership_id == partnership_id, Membership.person_id == person_id)
        .order_by(Membership.id)
    ).all()


def belongs_elsewhere(session: Session, partnership_id: int, person_id: int, today: date) -> bool:
    """Whether somebody is in another partnership too, so that this one may not rename them."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Membership.person_id == person_id,
                    Membership.partnership_id != partnership_id,
                    or_(Membership.to_on.is_(None), Membership.to_on >= today),
                )
            ),
            execution_options=ACROSS,
        )
    )


def organisations(session: Session, partnership_id: int) -> Sequence[Organisation]:
    """A partnership's organisations, by name."""
    return session.scalars(
        select(Organisation)
        .where(Organisation.partnership_id == partnership_id)
        .order_by(Organisation.name_key, Organisation.id)
    ).all()


def clearers(session: Session, partnership_id: int, today: date) -> dict[int, list[str]]:
    """Who may clear updates today, by organisation id: their names."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(Membership.organisation_id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.partnership_id == partnership_id,
            Membership.organisation_id.is_not(None),
            Membership.may_clear.is_(True),
            Membership.from_on <= today,
            or_(Membership.to_on.is_(None), Membership.to_on >= today),
            or_(Person.left_on.is_(None), Person.left_on > today),
        )
        .distinct()
    ).all()
    for organisation_id, name in sorted(rows, key=lambda row: key_of(row[1])):
        if organisation_id is not None:
            found[organisation_id].append(name)
    return found


def last_invitation(session: Session, partnership_id: int, person_id: int) -> Invitation | None:
    """The newest invitation of a person into a partnership."""
    return session.scalar(
        select(Invitation)
        .where(Invitation.partnership_id == partnership_id, Invitation.person_id == person_id)
        .order_by(Invitation.invited_at.desc(), Invitation.id.desc())
        .limit(1)
    )


def _members(
    session: Session, partnership_id: int, person_ids: Collection[int], today: date
) -> list[Member]:
    """Members with all that is shown of them, in five queries however many."""
    if not person_ids:
        return []
    rows: dict[int, list[tuple[Person, Membership, Organisation | None]]] = defaultdict(list)
    for person, membership, organisation in session.execute(
        select(Person, Membership, Organisation)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(
            Organisation,
            and_(
                Organisation.id == Membership.organisation_id,
                Organisation.partnership_id == partnership_id,
            ),
        )
        .where(Membership.partnership_id == partnership_id, Person.id.in_(person_ids))
        .order_by(Membership.id)
    ):
        rows[person.id].append((person, membership, organisation))
    seats = _seats(session, partnership_id, person_ids, today)
    signed_in = set(
        session.scalars(select(SignIn.person_id).where(SignIn.person_id.in_(person_ids)).distinct())
    )
    invited: dict[int, datetime] = {
        person_id: at
        for person_id, at in session.execute(
            select(Invitation.person_id, func.max(Invitation.invited_at))
            .where(
                Invitation.partnership_id == partnership_id, Invitation.person_id.in_(person_ids)
            )
            .group_by(Invitation.person_id)
        )
    }
    return [
        Member(
            person=each[0][0],
            memberships=tuple(membership for _, membership, _ in each),
            organisation=next((one for _, _, one in each if one is not None), None),
            boards=tuple(seats.get(person_id, ())),
            has_signed_in=person_id in signed_in,
            invited_at=invited.get(person_id),
        )
        for person_id, each in rows.items()
    ]


def _seats(
    session: Session, partnership_id: int, person_ids: Collection[int], today: date
) -> dict[int, list[str]]:
    """Each person's boards in words: "Trust Board (chair)"."""
    found: dict[int, list[str]] = defaultdict(list)
    for person_id, name, role in session.execute(
        select(BoardMember.person_id, Board.name, BoardMember.role)
        .join(Board, Board.id == BoardMember.board_id)
        .where(
            BoardMember.partnership_id == partnership_id,
            BoardMember.person_id.in_(person_ids),
            BoardMember.from_on <= today,
            or_(BoardMember.to_on.is_(None), BoardMember.to_on >= today),
        )
        .order_by(Board.name_key, BoardMember.role, BoardMember.id)
    ):
        found[person_id].append(name if role is BoardRole.MEMBER else f"{name} ({role.value})")
    return found
