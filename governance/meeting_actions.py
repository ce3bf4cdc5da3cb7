"""What is done to a meeting action: its lead says that it is still open, or done.

Whatever is said or changed leaves a note; the last thing said stands in the action log.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from governance.log_models import MeetingAction, MeetingActionNote, MeetingActionStatus
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
    person_id: int | None = None,
) -> None:
    """Record how a meeting action stands: still open, with what has been done, or done.

    What was said of it last stays where nothing new is said. Raises NoLongerOpen when it is done
    or closed already.
    """
    if meeting_action.status is not MeetingActionStatus.OPEN:
        raise NoLongerOpen
    said = progress if progress != meeting_action.progress else None
    note(
        session,
        meeting_action,
        status=status,
        said=said,
        due_on=meeting_action.due_on,
        person_id=person_id,
        now=now,
    )


def note(
    session: Session,
    meeting_action: MeetingAction,
    *,
    status: MeetingActionStatus,
    said: str | None,
    due_on: date | None,
    person_id: int | None,
    now: datetime,
) -> MeetingActionNote:
    """Keep what was said of a meeting action, and let it stand so from now on.

    What is closed is closed today; what is opened again has no closing day. ``due_on`` is by when
    it is due from now on.
    """
    if status is MeetingActionStatus.OPEN:
        meeting_action.closed_on = None
    elif meeting_action.status is MeetingActionStatus.OPEN:
        meeting_action.closed_on = london_day(now)
    meeting_action.status, meeting_action.due_on = status, due_on
    if said is not None:
        meeting_action.progress = said
    meeting_action.changed_at = now
    kept = MeetingActionNote(
        partnership_id=meeting_action.partnership_id,
        meeting_action_id=meeting_action.id,
        at=now,
        person_id=person_id,
        status=status,
        said=said,
        due_on=due_on,
        is_confidential=meeting_action.is_confidential,
    )
    session.add(kept)
    session.flush()
    return kept
