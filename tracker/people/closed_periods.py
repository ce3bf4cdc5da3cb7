"""Closed periods: days on which nobody is asked, and who is a school contact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.edges.tenancy import ACROSS
from tracker.people.models import (
    Audience,
    ClosedPeriod,
    Membership,
    Organisation,
    OrganisationKind,
)


def closed_periods(session: Session, partnership_id: int) -> Sequence[ClosedPeriod]:
    """A partnership's closed periods, past ones included, in order of their days."""
    return session.scalars(
        select(ClosedPeriod)
        .where(ClosedPeriod.partnership_id == partnership_id)
        .order_by(ClosedPeriod.from_on, ClosedPeriod.id)
    ).all()


def closed_period(session: Session, partnership_id: int, period_id: int) -> ClosedPeriod | None:
    """One closed period of a partnership."""
    return session.scalar(
        select(ClosedPeriod).where(
            ClosedPeriod.partnership_id == partnership_id, ClosedPeriod.id == period_id
        )
    )


def schools_closed(session: Session, on: date) -> frozenset[int]:
    """The ids of the partnerships, everywhere, whose schools are closed on a day."""
    return frozenset(
        session.scalars(
            select(ClosedPeriod.partnership_id).where(
                ClosedPeriod.audience == Audience.SCHOOLS,
                ClosedPeriod.from_on <= on,
                ClosedPeriod.to_on >= on,
            ),
            execution_options=ACROSS,
        )
    )


def school_contacts(
    session: Session, partnership_ids: Collection[int], on: date
) -> dict[int, frozenset[int]]:
    """The ids of the people who belong to a partnership for schools alone, by partnership id.

    Somebody who belongs for another organisation as well is there when schools are closed.
    """
    kinds: dict[tuple[int, int], set[OrganisationKind]] = defaultdict(set)
    for partnership_id, person_id, kind in session.execute(
        select(Membership.partnership_id, Membership.person_id, Organisation.kind)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.partnership_id.in_(list(partnership_ids)),
            Membership.from_on <= on,
            or_(Membership.to_on.is_(None), Membership.to_on >= on),
        )
    ):
        kinds[partnership_id, person_id].add(kind)
    found: dict[int, set[int]] = defaultdict(set)
    for (partnership_id, person_id), of in kinds.items():
        if of == {OrganisationKind.EDUCATION}:
            found[partnership_id].add(person_id)
    return {partnership_id: frozenset(people) for partnership_id, people in found.items()}


def add_period(
    session: Session,
    partnership_id: int,
    *,
    name: str,
    from_on: date,
    to_on: date,
    audience: Audience,
    holds_publishing: bool,
) -> ClosedPeriod:
    """Keep a closed period, both days included; its first day is not after its last."""
    period = ClosedPeriod(
        partnership_id=partnership_id,
        name=name,
        from_on=from_on,
        to_on=to_on,
        audience=audience,
        holds_publishing=holds_publishing,
    )
    session.add(period)
    session.flush()
    return period


def end_period(session: Session, period: ClosedPeriod, *, today: date) -> None:
    """End a closed period: today is open again; one that has not begun by today goes altogether."""
    if period.from_on >= today:
        session.delete(period)
    else:
        period.to_on = min(period.to_on, today - timedelta(days=1))
    session.flush()
