"""An action split into two or more new ones, which inherit what was promised of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.ask_models import Ask
from actions.deadline_models import Deadline
from actions.endings import CannotEnd, close, leave, link_actions, live_homes, must_be_open
from actions.models import (
    Action,
    ActionAmbition,
    ActionHome,
    ActionParty,
    ActionStrategy,
    HomeEnding,
    Milestone,
    Owner,
)
from actions.numbering import next_number, next_position, next_reference
from actions.operations import Entry, record_progress, refresh
from actions.proposal_models import ActionLinkKind
from plans.operations import Decision
from priorities.models import Priority
from tracker.edges.db import Base
from tracker.kernel.times import london_day

FEWEST, MOST = 2, 6
Row = TypeVar("Row", bound=Base)
# What a copy of a row does not take over.
_OWN = {"id", "uid", "action_id", "milestone_id", "version"}


def split(session: Session, action: Action, titles: Sequence[str], *, by: Decision) -> list[Action]:
    """Let an action go on as two or more new ones, in every place where it stands.

    Each inherits its owners, leads, ambitions, strategies and deadline with every change, so that
    the original stays known, and is asked what it was asked. Milestones not yet done go with the
    first. The action is closed by an entry, and linked with them both ways. Raises CannotEnd.
    """
    must_be_open(action)
    if not FEWEST <= len(titles) <= MOST:
        raise CannotEnd(f"Give {FEWEST} to {MOST} titles.")
    homes = live_homes(session, action)
    if not homes:
        raise CannotEnd("The action stands in no plan any more.")
    parts = [_part(session, action, title, homes, by) for title in titles]
    _give_milestones(session, action, parts[0])
    asked = _open_asks(session, action)
    for part in parts:
        link_actions(session, action, part, ActionLinkKind.SPLIT_INTO, by=by)
        _begin(session, action, part, by)
        session.add_all([_copy(ask, action_id=part.id) for ask in asked])
    for home in homes:
        leave(session, home, HomeEnding.SPLIT, by)
    named = "; ".join(f"“{title}”" for title in titles)
    happened = f"Split into {named}. {by.reason}"[:2000]
    close(session, action, happened, person_id=by.person_id, now=by.now)
    for part in parts:
        refresh(session, part)
    return parts


def _part(
    session: Session, action: Action, title: str, homes: Sequence[ActionHome], by: Decision
) -> Action:
    part = Action(
        partnership_id=action.partnership_id,
        number=next_number(session, action.partnership_id),
        kind=action.kind,
        title=title,
        measure=action.measure,
        on_hold_until=action.on_hold_until,
        on_hold_board_id=action.on_hold_board_id,
        on_hold_reason=action.on_hold_reason,
        followed_from_on=max(action.followed_from_on, london_day(by.now)),
        changed_at=by.now,
    )
    session.add(part)
    session.flush()
    for home in homes:
        _stand(session, part, home)
    for table in (ActionParty, ActionAmbition, ActionStrategy):
        session.add_all(
            [
                _copy(row, action_id=part.id)
                for row in session.scalars(
                    select(table)
                    .where(
                        table.partnership_id == action.partnership_id,
                        table.action_id == action.id,
                    )
                    .order_by(table.id)
                ).all()
            ]
        )
    today = london_day(by.now)
    for owner in session.scalars(
        select(Owner).where(
            Owner.partnership_id == action.partnership_id,
            Owner.action_id == action.id,
            Owner.to_on.is_(None) | (Owner.to_on >= today),
        )
    ).all():
        new = _copy(owner, action_id=part.id)
        new.from_on = max(owner.from_on, today)
        session.add(new)
    for deadline in session.scalars(
        select(Deadline)
        .where(
            Deadline.partnership_id == action.partnership_id,
            Deadline.action_id == action.id,
            Deadline.milestone_id.is_(None),
        )
        .order_by(Deadline.number)
    ).all():
        session.add(_copy(deadline, action_id=part.id))
    session.flush()
    return part


def _stand(session: Session, part: Action, home: ActionHome) -> None:
    priority = None
    if home.priority_id is not None:
        priority = session.scalar(
            select(Priority).where(
                Priority.partnership_id == home.partnership_id, Priority.id == home.priority_id
            )
        )
    session.add(
        ActionHome(
            partnership_id=part.partnership_id,
            action_id=part.id,
            plan_id=home.plan_id,
            priority_id=home.priority_id,
            reference=next_reference(
                session, part.partnership_id, home.plan_id, priority, part.kind
            ),
            position=next_position(session, part.partnership_id, home.plan_id),
        )
    )
    session.flush()


def _give_milestones(session: Session, action: Action, first: Action) -> None:
    """Milestones not yet done, and every date they had, go on with the first part."""
    for milestone in session.scalars(
        select(Milestone).where(
            Milestone.partnership_id == action.partnership_id,
            Milestone.action_id == action.id,
            Milestone.done_on.is_(None),
        )
    ).all():
        new = _copy(milestone, action_id=first.id)
        session.add(new)
        session.flush()
        for deadline in session.scalars(
            select(Deadline).where(
                Deadline.partnership_id == action.partnership_id,
                Deadline.milestone_id == milestone.id,
            )
        ).all():
            row = _copy(deadline, action_id=first.id)
            row.milestone_id = new.id
            session.add(row)
    session.flush()


def _begin(session: Session, action: Action, part: Action, by: Decision) -> None:
    """A part of what was begun is begun: its first entry says where the whole stood."""
    if not action.last_entry_number:
        return
    entry = Entry(
        lifecycle=action.lifecycle,
        rating=action.owner_rating,
        happened=f"Split from “{action.title}”, which stood so then. {by.reason}",
    )
    record_progress(session, part, entry, person_id=by.person_id, last_seen=0, now=by.now)


def _open_asks(session: Session, action: Action) -> Sequence[Ask]:
    return session.scalars(
        select(Ask).where(
            Ask.partnership_id == action.partnership_id,
            Ask.action_id == action.id,
            Ask.answered_at.is_(None),
            Ask.closed_at.is_(None),
        )
    ).all()


def _copy(row: Row, *, action_id: int) -> Row:
    """A new row that says the same of another action."""
    values = {
        attribute.key: getattr(row, attribute.key)
        for attribute in type(row).__mapper__.column_attrs
        if attribute.key not in _OWN
    }
    return type(row)(**values, action_id=action_id)
