"""Deadlines changed, and milestones added, moved and done: what was promised is never lost.

Operations flush and never commit. Each rewrites the days that the rating follows from.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from actions.deadline_models import Deadline, DeadlineKind
from actions.deadline_words import DeadlineRead
from actions.models import Action, Milestone
from actions.operations import refresh


class SameDeadline(Exception):
    """The new deadline says what the current one says: nothing would change."""


def as_deadline(read: DeadlineRead) -> Deadline:
    """A deadline that was read, as a row that ``change_deadline`` takes."""
    return Deadline(
        kind=DeadlineKind(read.kind),
        relation=read.relation,
        first_on=read.first_on,
        last_on=read.last_on,
        precision=read.precision,
        calendar=read.calendar,
        printed=read.printed,
    )


def change_deadline(
    session: Session,
    action: Action,
    new: Deadline,
    *,
    person_id: int | None,
    board_id: int | None,
    reason: str,
    now: datetime,
) -> Deadline:
    """Set a new deadline; the old ones stay, with the reason and the board that agreed.

    ``new`` carries kind, relation, days, precision, calendar and printed text. An agreement to a
    better rating lapses with the deadline that it was for. Raises SameDeadline.
    """
    _follow(session, action, _of_action(action), new, now=now)
    new.set_by_id = person_id
    new.reason = reason
    new.agreed_by_board_id = board_id
    return _kept(session, action, new)


def change_milestone(
    session: Session,
    action: Action,
    milestone: Milestone,
    new: Deadline,
    *,
    person_id: int | None,
    board_id: int | None,
    reason: str,
    now: datetime,
) -> Deadline:
    """Set a milestone's new date; the old ones stay. Raises SameDeadline."""
    new.milestone_id = milestone.id
    _follow(session, action, _of_milestone(milestone), new, now=now)
    new.set_by_id = person_id
    new.reason = reason
    new.agreed_by_board_id = board_id
    milestone.changed_at = now
    return _kept(session, action, new)


def add_milestone(
    session: Session,
    action: Action,
    title: str,
    by: Deadline,
    *,
    person_id: int | None,
    now: datetime,
) -> Milestone:
    """Add a milestone, the last of its action's, with its first date."""
    last = session.scalar(
        select(func.max(Milestone.position)).where(
            Milestone.partnership_id == action.partnership_id, Milestone.action_id == action.id
        )
    )
    milestone = Milestone(
        partnership_id=action.partnership_id,
        action_id=action.id,
        title=title,
        position=0 if last is None else last + 1,
        changed_at=now,
    )
    session.add(milestone)
    session.flush()
    by.milestone_id = milestone.id
    _follow(session, action, _of_milestone(milestone), by, now=now)
    by.set_by_id = person_id
    _kept(session, action, by)
    return milestone


def mark_milestone(
    session: Session, action: Action, milestone: Milestone, *, done_on: date | None, now: datetime
) -> None:
    """Say that a milestone was done on a day, or (None) that it is not done after all."""
    milestone.done_on = done_on
    milestone.changed_at = now
    action.changed_at = now
    session.flush()
    refresh(session, action)


def _of_action(action: Action) -> tuple[ColumnElement[bool], ...]:
    return (
        Deadline.partnership_id == action.partnership_id,
        Deadline.action_id == action.id,
        Deadline.milestone_id.is_(None),
    )


def _of_milestone(milestone: Milestone) -> tuple[ColumnElement[bool], ...]:
    return (
        Deadline.partnership_id == milestone.partnership_id,
        Deadline.milestone_id == milestone.id,
    )


def _follow(
    session: Session,
    action: Action,
    which: tuple[ColumnElement[bool], ...],
    new: Deadline,
    *,
    now: datetime,
) -> None:
    """Number the new deadline after the current one, which is current no longer."""
    current = session.scalar(select(Deadline).where(*which, Deadline.is_current))
    if current is not None:
        if _says(current) == _says(new):
            raise SameDeadline
        current.is_current = False
        session.flush()  # the database allows one current deadline at a time
    new.partnership_id = action.partnership_id
    new.action_id = action.id
    new.number = 1 if current is None else current.number + 1
    new.is_current = True
    new.set_at = now


def _kept(session: Session, action: Action, new: Deadline) -> Deadline:
    session.add(new)
    action.changed_at = new.set_at
    session.flush()
    refresh(session, action)
    return new


def _says(one: Deadline) -> tuple[object, ...]:
    return one.kind, one.relation, one.first_on, one.last_on, one.precision
