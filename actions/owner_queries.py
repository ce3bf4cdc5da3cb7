"""Reading who is asked, who covers for whom, and which actions have nobody to ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, null, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from actions.answer_models import Cover
from actions.asked import LEAVING_DAYS, Asked
from actions.models import Action, ActionHome, Owner
from actions.names import owns_on
from plans.models import Plan
from tracker.kernel.rag import Lifecycle
from tracker.people.board_models import BoardMember, BoardRole
from tracker.people.models import Membership, Partnership, Person

ONE_DAY = timedelta(days=1)


def owners_of(
    session: Session, partnership_id: int, action_ids: Collection[int]
) -> dict[int, list[Asked]]:
    """Everybody who was, is or will be asked about these actions, by action id; one query."""
    found: dict[int, list[Asked]] = defaultdict(list)
    stay = stays(partnership_id)
    for owner, person, last_on, number in session.execute(
        select(Owner, Person, stay.c.last_on, stay.c.number)
        .join(Person, Person.id == Owner.person_id)
        .outerjoin(stay, stay.c.person_id == Owner.person_id)
        .where(Owner.partnership_id == partnership_id, Owner.action_id.in_(list(action_ids)))
        .order_by(Owner.from_on, Owner.id)
    ):
        found[owner.action_id].append(
            Asked(
                key=owner.id,
                person_id=person.id,
                name=person.name,
                from_on=owner.from_on,
                to_on=owner.to_on,
                left_on=first_day_away(owner.from_on, person.left_on, last_on, number),
            )
        )
    return found


def first_day_away(
    from_on: date, left_on: date | None, last_on: date | None, memberships: int | None
) -> date | None:
    """The first day on which somebody asked from ``from_on`` is no longer there to answer.

    They left for good on ``left_on``; their last day in the partnership is ``last_on``; without a
    membership they never were.
    """
    ends = [left_on, last_on and last_on + ONE_DAY, None if memberships else from_on]
    return min((end for end in ends if end is not None), default=None)


def stays(partnership_id: int) -> Subquery:
    """How many memberships each person has, and the last day; none where one has no end."""
    endless = func.count(Membership.id) > func.count(Membership.to_on)
    return (
        select(
            Membership.person_id,
            func.count(Membership.id).label("number"),
            case((endless, null()), else_=func.max(Membership.to_on)).label("last_on"),
        )
        .where(Membership.partnership_id == partnership_id)
        .group_by(Membership.person_id)
        .subquery()
    )


@dataclass(frozen=True)
class Unasked:
    """An action that needs somebody to be asked, where it stands, and who was or is asked."""

    action: Action
    reference: str
    plan: str
    owners: tuple[Asked, ...]


def unasked(
    session: Session,
    partnership_id: int,
    today: date,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Unasked]:
    """Open actions that nobody can be asked about, today or thirty days from now, by number.

    ``after`` and ``before`` are the numbers of actions between which to look.
    """
    soon = today + timedelta(days=LEAVING_DAYS)
    chosen = (
        select(Action)
        .where(
            Action.partnership_id == partnership_id,
            Action.lifecycle.in_([Lifecycle.NOT_STARTED, Lifecycle.IN_PROGRESS]),
            exists().where(
                ActionHome.partnership_id == partnership_id,
                ActionHome.action_id == Action.id,
                ActionHome.ended_on.is_(None),
            ),
            or_(~_is_asked(partnership_id, today), ~_is_asked(partnership_id, soon)),
        )
        .limit(limit)
    )
    if before is not None:
        chosen = chosen.where(Action.number < before).order_by(Action.number.desc())
    else:
        chosen = chosen.where(Action.number > (after or 0)).order_by(Action.number)
    actions = sorted(session.scalars(chosen), key=lambda action: action.number)
    ids = [action.id for action in actions]
    owners = owners_of(session, partnership_id, ids)
    homes = _first_homes(session, partnership_id, ids)
    return [
        Unasked(action, *homes[action.id], tuple(owners.get(action.id, ()))) for action in actions
    ]


def _is_asked(partnership_id: int, on: date) -> ColumnElement[bool]:
    """Whether somebody who is still here is asked about an action on a day."""
    return exists().where(
        Owner.partnership_id == partnership_id,
        Owner.action_id == Action.id,
        owns_on(on),
        Person.id == Owner.person_id,
        or_(Person.left_on.is_(None), Person.left_on > on),
        Membership.partnership_id == partnership_id,
        Membership.person_id == Owner.person_id,
        or_(Membership.to_on.is_(None), Membership.to_on >= on),
    )


def _first_homes(
    session: Session, partnership_id: int, ids: Sequence[int]
) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for home, plan in session.execute(
        select(ActionHome, Plan)
        .join(Plan, Plan.id == ActionHome.plan_id)
        .where(
            ActionHome.partnership_id == partnership_id,
            ActionHome.action_id.in_(ids),
            ActionHome.ended_on.is_(None),
        )
        .order_by(Plan.starts_on, Plan.id, ActionHome.position, ActionHome.id)
    ):
        found.setdefault(home.action_id, (home.reference, plan.full_title))
    return found


def actions_by_id(session: Session, partnership_id: int, ids: Iterable[int]) -> Sequence[Action]:
    """These actions of a partnership, by number; an id that is not one of them is left out."""
    return session.scalars(
        select(Action)
        .where(Action.partnership_id == partnership_id, Action.id.in_(list(ids)))
        .order_by(Action.number)
    ).all()


def agreers(
    session: Session,
    partnership_id: int,
    today: date,
    *,
    board_ids: Collection[int],
    lead_ids: Collection[int],
) -> list[str]:
    """The names of who may agree: the chairs of these boards and these priority leads."""
    chairs = select(BoardMember.person_id).where(
        BoardMember.partnership_id == partnership_id,
        BoardMember.board_id.in_(board_ids),
        BoardMember.role == BoardRole.CHAIR,
        BoardMember.from_on <= today,
        or_(BoardMember.to_on.is_(None), BoardMember.to_on >= today),
    )
    found = select(Person.name).where(or_(Person.id.in_(chairs), Person.id.in_(lead_ids)))
    return sorted(session.scalars(found))


def owner_by_id(session: Session, action: Action, key: int) -> Owner | None:
    """One row of who is asked about an action."""
    return session.scalar(
        select(Owner)
        .join(Person, Person.id == Owner.person_id)
        .options(contains_eager(Owner.person))
        .where(
            Owner.partnership_id == action.partnership_id,
            Owner.action_id == action.id,
            Owner.id == key,
        )
    )


@dataclass(frozen=True)
class CoverFacts:
    """Who answers for whom, from a day to a day, and in which partnership."""

    key: int
    partnership_id: int
    partnership: str
    person_id: int
    person: str
    cover_id: int
    cover: str
    from_on: date
    to_on: date


def covers_of(
    session: Session,
    partnership_ids: Iterable[int],
    today: date,
    *,
    person_id: int | None = None,
) -> list[CoverFacts]:
    """Covers that hold today or will, by day; of one person, or by them, where one is given."""
    away, stands_in = aliased(Person), aliased(Person)
    chosen = (
        select(Cover, Partnership.name, away.name, stands_in.name)
        .join(Partnership, Partnership.id == Cover.partnership_id)
        .join(away, away.id == Cover.person_id)
        .join(stands_in, stands_in.id == Cover.cover_id)
        .where(Cover.partnership_id.in_(list(partnership_ids)), Cover.to_on >= today)
        .order_by(Cover.from_on, Cover.id)
    )
    if person_id is not None:
        chosen = chosen.where(or_(Cover.person_id == person_id, Cover.cover_id == person_id))
    return [
        CoverFacts(
            key=row.id,
            partnership_id=row.partnership_id,
            partnership=partnership,
            person_id=row.person_id,
            person=person,
            cover_id=row.cover_id,
            cover=cover,
            from_on=row.from_on,
            to_on=row.to_on,
        )
        for row, partnership, person, cover in session.execute(chosen)
    ]


def cover_by_id(session: Session, partnership_ids: Iterable[int], key: int) -> Cover | None:
    """One cover of these partnerships."""
    return session.scalar(
        select(Cover).where(Cover.partnership_id.in_(list(partnership_ids)), Cover.id == key)
    )


def is_away(
    session: Session, partnership_id: int, person_id: int, from_on: date, to_on: date
) -> bool:
    """Whether somebody covers for this person, who is then away, on any of these days."""
    found = select(Cover.id).where(
        Cover.partnership_id == partnership_id,
        Cover.person_id == person_id,
        and_(Cover.from_on <= to_on, Cover.to_on >= from_on),
    )
    return session.scalar(found.limit(1)) is not None
