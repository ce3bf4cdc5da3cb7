"""What is done to a meeting action: its lead says that it is still open, or done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from governance.log_models import MeetingAction, MeetingActionStatus
from tracker.kernel.times import london_day


class NoLongerOpen(Exception):
    """Only a meeting action that is open can be answered."""


def answer(
    session: Session,
    meeting_action: MeetingAction,
    *,
    status: MeetingActionStatus,
    progress: str | None,
    now: datetime,
) -> None:
    """Record how a meeting action stands: still open, with what has been done, or done.

    What was said of it last stays where nothing new is said. Who answered stands in the audit
    trail. Raises NoLongerOpen when it is done or closed already.
    """
    if meeting_action.status is not MeetingActionStatus.OPEN:
        raise NoLongerOpen
    meeting_action.status = status
    if progress is not None:
        meeting_action.progress = progress
    if status is not MeetingActionStatus.OPEN:
        meeting_action.closed_on = london_day(now)
    meeting_action.changed_at = now
    session.flush()
