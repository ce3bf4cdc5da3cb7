"""Updates opened again by the secretary, until the pack is published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from actions.asks import reopen_asks
from governance import planning
from governance.models import Meeting, MeetingStatus
from governance.queries import published_pack, steps
from governance.timetable import StepKind
from tracker.web.filters import when


class CannotReopen(Exception):
    """Updates cannot be opened again, or not until then; the message says why in plain words."""


def reopen_by(session: Session, meeting: Meeting, *, now: datetime) -> datetime:
    """Until when updates may be open again: publication, or the meeting where that day has passed.

    Raises CannotReopen where they have not closed, the pack is published, or the meeting is over.
    """
    by_kind = {step.kind: step for step in steps(session, meeting)}
    if meeting.status is not MeetingStatus.PLANNED or meeting.starts_at <= now:
        raise CannotReopen("This meeting is over or cancelled, so its updates stay closed.")
    closing = by_kind[StepKind.UPDATES_CLOSE]
    if closing.done_at is None:
        raise CannotReopen(f"Updates are open until {when(closing.planned_at)}.")
    if published_pack(session, meeting) is not None:
        raise CannotReopen(
            "The pack is published, so updates stay closed. What owners enter now reaches the board"
            " in a supplement, or at its next meeting."
        )
    publish_at = by_kind[StepKind.PUBLISH].planned_at
    return publish_at if publish_at > now else meeting.starts_at


def reopen_updates(session: Session, meeting: Meeting, *, until: datetime, now: datetime) -> int:
    """Take updates for a meeting again, until an instant; returns how many asks are open again.

    What was asked and not answered is asked again. Updates close once more as a deed of its own,
    and the draft pack is composed anew then. Raises CannotReopen for an instant that has passed or
    is later than ``reopen_by``, and for what that raises.
    """
    rows = planning.locked(session, meeting)
    latest = reopen_by(session, meeting, now=now)
    if until <= now:
        raise CannotReopen("That time has passed. Give a day and time to come.")
    if until > latest:
        raise CannotReopen(f"Give a time by {when(latest)}: the draft must be there by then.")
    asks = reopen_asks(
        session,
        meeting.partnership_id,
        board_id=meeting.board_id,
        for_on=meeting.meets_on,
        until=until,
    )
    closing = next(row for row in rows if row.kind is StepKind.UPDATES_CLOSE)
    closing.planned_at, closing.done_at, closing.is_late = until, None, False
    closing.round += 1
    session.flush()
    return len(asks)
