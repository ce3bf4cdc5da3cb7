"""Who must ask again when a meeting moves: those that relied on its asks, and one that moved far.

The answers that a meeting had near its old day do not serve one a season later
(`docs/decisions/moved-meetings.md`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from governance.models import Meeting, MeetingStatus, TimetableStep
from governance.planning import Plan, StepChange
from governance.timetable import StepKind
from tracker.people.models import Partnership

_ASKED = (StepKind.ASK_SCHOOLS, StepKind.ASK, StepKind.CHASE)
# After either of these nobody is asked again by itself; the secretary may reopen updates.
_TOO_LATE = (StepKind.UPDATES_CLOSE, StepKind.PUBLISH)


def asked_again(
    rows: Sequence[TimetableStep],
    plan: Plan,
    found: Sequence[StepChange],
    *,
    by: timedelta,
    near: timedelta,
    now: datetime,
) -> tuple[StepChange, ...]:
    """The changes of a moved meeting's steps, in which owners are asked again where it moved far.

    ``by``: how far it moves; ``near``: how far one ask serves. Only where they were asked, updates
    are open still, and the new day to ask is to come.
    """
    done = {row.kind for row in rows if row.done_at is not None}
    if by <= near or StepKind.ASK not in done or done & set(_TOO_LATE):
        return tuple(found)
    if plan[StepKind.ASK][1] <= now:
        return tuple(found)
    note = "It was done; near the new day it is done again"
    changed = [
        replace(change, after=plan[change.kind][1], done_at=None, note=note)
        if change.kind in _ASKED and change.done_at is not None and change.kind in plan
        else change
        for change in found
    ]
    return tuple(sorted(changed, key=lambda change: change.after or change.before or now))


def ask_anew(rows: Sequence[TimetableStep], changed: Sequence[StepChange]) -> None:
    """Have the clockwork do again what the changes say is done again, as a deed of its own."""
    again = {change.kind for change in changed if change.done_at is None}
    for row in rows:
        if row.done_at is not None and row.kind in again:
            row.done_at, row.is_late = None, False
            row.round += 1


def that_have_asked(session: Session, moved: Meeting, before: date) -> Sequence[Meeting]:
    """The moved meeting and those near the day it left: who has asked, and takes updates still.

    They may have relied on one another's asks.
    """
    near = timedelta(days=session.get_one(Partnership, moved.partnership_id).one_ask_days)
    asked, closing = aliased(TimetableStep), aliased(TimetableStep)
    return session.scalars(
        select(Meeting)
        .join(asked, (asked.meeting_id == Meeting.id) & (asked.kind == StepKind.ASK))
        .join(
            closing,
            (closing.meeting_id == Meeting.id) & (closing.kind == StepKind.UPDATES_CLOSE),
        )
        .where(
            Meeting.partnership_id == moved.partnership_id,
            Meeting.status == MeetingStatus.PLANNED,
            (Meeting.id == moved.id) | Meeting.meets_on.between(before - near, before + near),
            asked.done_at.is_not(None),
            closing.done_at.is_(None),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
