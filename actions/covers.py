"""Cover for absence: who answers for somebody who is away, from a day to a day.

Operations flush and never commit.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.answer_models import Cover
from tracker.people.models import Person


class CoveredAlready(Exception):
    """Somebody covers for this person on some of these days already."""


class CoversOneself(Exception):
    """Nobody covers for themselves."""


def add_cover(
    session: Session,
    partnership_id: int,
    person_id: int,
    cover_id: int,
    *,
    from_on: date,
    to_on: date,
    made_by_id: int | None,
    now: datetime,
) -> Cover:
    """Let somebody answer for a person who is away, both days included.

    It goes one step: what the one who covers answers for others is not passed on. Raises
    CoversOneself, CoveredAlready.
    """
    if person_id == cover_id:
        raise CoversOneself
    # Two at once for the same person come one after the other.
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    met = session.scalar(
        select(Cover.id).where(
            Cover.partnership_id == partnership_id,
            Cover.person_id == person_id,
            Cover.from_on <= to_on,
            Cover.to_on >= from_on,
        )
    )
    if met is not None:
        raise CoveredAlready
    cover = Cover(
        partnership_id=partnership_id,
        person_id=person_id,
        cover_id=cover_id,
        from_on=from_on,
        to_on=to_on,
        made_at=now,
        made_by_id=made_by_id,
    )
    session.add(cover)
    session.flush()
    return cover


def end_cover(session: Session, cover: Cover, *, today: date) -> None:
    """End a cover: who was away is back today. One that has not begun is taken back."""
    if cover.from_on >= today:
        session.delete(cover)
    else:
        cover.to_on = min(cover.to_on, today - timedelta(days=1))
    session.flush()
