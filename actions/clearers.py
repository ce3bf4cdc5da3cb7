"""Who clears the updates of an organisation, whose updates it clears, and what waits for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from actions.answer_models import DraftState, ProgressDraft
from actions.models import Action
from tracker.people.models import Membership, Organisation, Person

MOST_WAITING = 50


@dataclass(frozen=True)
class Clearance:
    """The organisation that must clear an update first, and the people who can, by name."""

    organisation_id: int
    organisation: str
    names: tuple[str, ...] = ()
    person_ids: frozenset[int] = frozenset()

    @property
    def who(self) -> str:
        """ "Jo Bell or Sam Ash of Ashshire Council"; says so where there is nobody yet."""
        if not self.names:
            return f"somebody at {self.organisation}, where nobody may clear updates yet"
        return f"{' or '.join(self.names)} of {self.organisation}"


def asking_first(partnership_id: int, person_id: int, today: date) -> Select[int]:
    """The organisations of a person that clear updates first, where they do not clear themselves.

    Select of ids, the lowest first.
    """
    themselves = aliased(Membership)
    return (
        select(Organisation.id)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(
            Organisation.partnership_id == partnership_id,
            Organisation.needs_clearance,
            Membership.partnership_id == partnership_id,
            Membership.person_id == person_id,
            _lasts(Membership, today),
            ~select(themselves.id)
            .where(
                themselves.partnership_id == partnership_id,
                themselves.organisation_id == Organisation.id,
                themselves.person_id == person_id,
                themselves.may_clear,
                _lasts(themselves, today),
            )
            .exists(),
        )
        .order_by(Organisation.id)
        .limit(1)
    )


def clearance_of(
    session: Session, partnership_id: int, organisation_id: int, today: date
) -> Clearance:
    """An organisation with the people who may clear its updates today."""
    rows = session.execute(
        select(Organisation.name, Person.id, Person.name)
        .outerjoin(
            Membership,
            and_(
                Membership.partnership_id == Organisation.partnership_id,
                Membership.organisation_id == Organisation.id,
                Membership.may_clear,
                _lasts(Membership, today),
            ),
        )
        .outerjoin(Person, Person.id == Membership.person_id)
        .where(Organisation.partnership_id == partnership_id, Organisation.id == organisation_id)
        .order_by(Person.name, Person.id)
    ).all()
    people = _known((person_id, name) for _, person_id, name in rows)
    return Clearance(organisation_id, rows[0][0], tuple(people.values()), frozenset(people))


def _known(people: Iterable[tuple[int | None, str]]) -> dict[int, str]:
    """Names by id, without what stands where an organisation has nobody."""
    return {person_id: name for person_id, name in people if person_id is not None}


def clearance_for(
    session: Session, partnership_id: int, person_id: int, today: date
) -> Clearance | None:
    """Who must clear what a person says; None when nobody must."""
    organisation_id = session.scalar(asking_first(partnership_id, person_id, today))
    if organisation_id is None:
        return None
    return clearance_of(session, partnership_id, organisation_id, today)


def clears_for(
    session: Session, partnership_id: int, person_id: int, today: date
) -> dict[int, str]:
    """The organisations whose updates a person may clear today: names by id."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(
            Organisation.partnership_id == partnership_id,
            Membership.partnership_id == partnership_id,
            Membership.person_id == person_id,
            Membership.may_clear,
            _lasts(Membership, today),
        )
        .order_by(Organisation.name_key, Organisation.id)
    ).all()
    return {organisation_id: name for organisation_id, name in rows}


def waiting(
    session: Session, partnership_id: int, organisation_ids: Iterable[int]
) -> list[tuple[ProgressDraft, Action, Person]]:
    """The updates that wait for these organisations, the longest waiting first, fifty at most."""
    rows = session.execute(
        select(ProgressDraft, Action, Person)
        .join(Action, Action.id == ProgressDraft.action_id)
        .join(Person, Person.id == ProgressDraft.person_id)
        .where(
            ProgressDraft.partnership_id == partnership_id,
            ProgressDraft.state == DraftState.SUBMITTED,
            ProgressDraft.organisation_id.in_(list(organisation_ids)),
        )
        .order_by(ProgressDraft.saved_at, ProgressDraft.id)
        .limit(MOST_WAITING)
    ).all()
    return [(draft, action, person) for draft, action, person in rows]


def waiting_from(
    session: Session, partnership_id: int, action_id: int, person_uid: UUID, *, lock: bool = False
) -> tuple[ProgressDraft, Person] | None:
    """What waits of one person's update of an action; locked for whoever decides about it."""
    found = (
        select(ProgressDraft, Person)
        .join(Person, Person.id == ProgressDraft.person_id)
        .where(
            ProgressDraft.partnership_id == partnership_id,
            ProgressDraft.action_id == action_id,
            ProgressDraft.state == DraftState.SUBMITTED,
            Person.uid == person_uid,
        )
    )
    row = session.execute(
        found.with_for_update(of=ProgressDraft) if lock else found,
        # Another's change since the page was read must be seen by whoever decides.
        execution_options={"populate_existing": lock},
    ).first()
    return None if row is None else (row[0], row[1])


def _lasts(membership: type[Membership], today: date) -> ColumnElement[bool]:
    return and_(
        membership.from_on <= today,
        or_(membership.to_on.is_(None), membership.to_on >= today),
    )
