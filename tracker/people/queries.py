"""Reading people, organisations and boards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from tracker.edges.db import key_of
from tracker.edges.tenancy import ACROSS
from tracker.kernel.times import london_day
from tracker.people.board_models import Board, BoardMember, BoardRelation, BoardRole
from tracker.people.models import (
    Alias,
    Identity,
    Membership,
    Organisation,
    Partnership,
    Person,
    Role,
    SignIn,
)
from tracker.web.access import Standing, Viewer

LOCAL = "local"
LONGEST_EMAIL = 254  # RFC 5321, and the width of the column


def partnerships(session: Session) -> Sequence[Partnership]:
    """Every partnership, by name."""
    return session.scalars(select(Partnership).order_by(Partnership.name, Partnership.id)).all()


def partnership_by_slug(session: Session, slug: str) -> Partnership | None:
    """One partnership by its slug."""
    return session.scalar(select(Partnership).where(Partnership.slug == slug))


def local_identity(session: Session, email: str, *, lock: bool = False) -> Identity | None:
    """The password identity of an e-mail address; locked for whoever counts tries on it."""
    key = key_of(email)
    if len(key) > LONGEST_EMAIL:
        return None
    found = select(Identity).where(
        Identity.issuer == LOCAL, Identity.tenant == "", Identity.subject == key
    )
    return session.scalar(found.with_for_update() if lock else found)


def person_by_email(session: Session, email: str) -> Person | None:
    """The person of an e-mail address."""
    key = key_of(email)
    if len(key) > LONGEST_EMAIL:
        return None
    return session.scalar(select(Person).where(Person.email_key == key))


def has_left(person: Person, today: date) -> bool:
    """Whether a person has left for good: the day they left is their first day away."""
    return person.left_on is not None and person.left_on <= today


def live_sign_in(session: Session, token_hash: str, now: datetime) -> SignIn | None:
    """A signed-in browser of somebody who is still here, neither expired nor revoked."""
    return session.scalar(
        select(SignIn)
        .join(Person, Person.id == SignIn.person_id)
        .options(contains_eager(SignIn.person))
        .where(
            SignIn.token_hash == token_hash,
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > now,
            or_(Person.left_on.is_(None), Person.left_on > london_day(now)),
        )
    )


def live_sign_ins(session: Session, person_id: int, now: datetime) -> Sequence[SignIn]:
    """Where a person is signed in, the newest first."""
    return session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None), SignIn.expires_at > now)
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
    ).all()


def viewer_of(session: Session, person: Person, token: str, today: date) -> Viewer:
    """All that the policy needs to know of a person, in two queries."""
    memberships = session.execute(
        select(Membership.role, Partnership)
        .join(Partnership, Partnership.id == Membership.partnership_id)
        .where(
            Membership.person_id == person.id,
            Membership.from_on <= today,
            or_(Membership.to_on.is_(None), Membership.to_on >= today),
        )
        .order_by(Partnership.name, Partnership.id),
        execution_options=ACROSS,
    ).all()
    seats = session.execute(
        select(
            BoardMember.partnership_id,
            BoardMember.board_id,
            BoardMember.role,
            BoardMember.reads_confidential,
        ).where(
            BoardMember.person_id == person.id,
            BoardMember.from_on <= today,
            or_(BoardMember.to_on.is_(None), BoardMember.to_on >= today),
        ),
        execution_options=ACROSS,
    ).all()
    boards: dict[tuple[int, BoardRole], set[int]] = defaultdict(set)
    entitled: dict[int, set[int]] = defaultdict(set)
    for partnership_id, board_id, seat, reads_confidential in seats:
        boards[partnership_id, seat].add(board_id)
        if reads_confidential:
            entitled[partnership_id].add(board_id)
    roles: dict[int, set[Role]] = defaultdict(set)
    found: dict[int, Partnership] = {}
    for role, partnership in memberships:
        roles[partnership.id].add(role)
        found[partnership.id] = partnership
    standings = {
        partnership.slug: Standing(
            partnership_id=partnership.id,
            slug=partnership.slug,
            name=partnership.name,
            banner=partnership.banner,
            is_administrator=Role.ADMINISTRATOR in roles[partnership.id],
            sits_on=frozenset(
                board
                for (tenant, _), ids in boards.items()
                if tenant == partnership.id
                for board in ids
            ),
            chairs=frozenset(boards[partnership.id, BoardRole.CHAIR]),
            is_secretary_of=frozenset(boards[partnership.id, BoardRole.SECRETARY]),
            is_entitled_on=frozenset(entitled[partnership.id]),
        )
        for partnership in found.values()
    }
    return Viewer(
        person_id=person.id,
        name=person.name,
        email=person.email,
        token=token,
        standings=standings,
    )


def boards(session: Session, partnership_id: int) -> Sequence[Board]:
    """A partnership's boards, by name."""
    return session.scalars(
        select(Board)
        .where(Board.partnership_id == partnership_id)
        .order_by(Board.name_key, Board.id)
    ).all()


def board_by_slug(session: Session, partnership_id: int, slug: str) -> Board | None:
    """One board by its slug."""
    return session.scalar(
        select(Board).where(Board.partnership_id == partnership_id, Board.slug == slug)
    )


def board_relations(session: Session, partnership_id: int) -> Sequence[BoardRelation]:
    """Who reports to whom, is sponsored or scrutinised by whom, in a partnership."""
    return session.scalars(
        select(BoardRelation)
        .where(BoardRelation.partnership_id == partnership_id)
        .order_by(BoardRelation.kind, BoardRelation.id)
    ).all()


def board_people(
    session: Session, partnership_id: int, board_id: int, today: date
) -> list[tuple[BoardRole, Person]]:
    """Who sits on a board today, with their role, by role and name."""
    rows = session.execute(
        select(BoardMember.role, Person)
        .join(Person, Person.id == BoardMember.person_id)
        .where(
            BoardMember.partnership_id == partnership_id,
            BoardMember.board_id == board_id,
            BoardMember.from_on <= today,
            or_(BoardMember.to_on.is_(None), BoardMember.to_on >= today),
        )
        .order_by(BoardMember.role, Person.name, Person.id)
    ).all()
    return [(role, person) for role, person in rows]


def party_names(session: Session, partnership_id: int) -> tuple[dict[int, str], dict[int, str]]:
    """Names by id of a partnership's organisations and boards, for lists of leads."""
    organisations = session.execute(
        select(Organisation.id, Organisation.name).where(
            Organisation.partnership_id == partnership_id
        )
    ).all()
    boards_ = session.execute(
        select(Board.id, Board.name).where(Board.partnership_id == partnership_id)
    ).all()
    return {i: name for i, name in organisations}, {i: name for i, name in boards_}


def resolve(session: Session, partnership_id: int, name: str) -> Organisation | Board | None:
    """The organisation or board that a name, abbreviation or alias means in this partnership."""
    alias = session.scalar(
        select(Alias).where(Alias.partnership_id == partnership_id, Alias.name_key == key_of(name))
    )
    if alias is None:
        return None
    if alias.organisation_id is not None:
        return session.scalar(
            select(Organisation).where(
                Organisation.partnership_id == partnership_id,
                Organisation.id == alias.organisation_id,
            )
        )
    return session.scalar(
        select(Board).where(Board.partnership_id == partnership_id, Board.id == alias.board_id)
    )
