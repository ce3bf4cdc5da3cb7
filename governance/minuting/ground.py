"""What every record of a meeting stands on: it is still open, and one is written at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.minute_models import Minutes, MinutesState
from governance.minuting import queries
from governance.models import Meeting

LOCKED = "The minutes of this meeting were confirmed, so nothing recorded of it is changed."
SENT = (
    "The draft minutes are with members, so what they read stays as it is. Take the draft back"
    " first, or record what is wrong when the minutes are confirmed."
)


class CannotMinute(Exception):
    """It cannot be recorded; the message says why in plain words."""


class Overtaken(Exception):
    """Somebody changed the record since the page was opened."""


def why_closed(meeting: Meeting, minutes: Minutes | None) -> str | None:
    """Why nothing of a meeting can be recorded any more, as a sentence; None: it can."""
    if meeting.status.fell_away:
        return f"This meeting was {meeting.status.value}, so there is nothing to record of it."
    if minutes is None:
        return None
    if minutes.state is MinutesState.CONFIRMED:
        return LOCKED
    return SENT if minutes.state is MinutesState.WITH_MEMBERS else None


def writing(session: Session, meeting: Meeting) -> Minutes | None:
    """Hold a meeting while something of it is recorded; its minutes, where they were begun.

    Whoever writes next waits, so that no two write one thing at once. A change after the chair
    agreed takes that agreement away: it was to other words. Raises CannotMinute.
    """
    minutes = held(session, meeting)
    why = why_closed(meeting, minutes)
    if why is not None:
        raise CannotMinute(why)
    if minutes is not None and minutes.agreed_by_chair_at is not None:
        minutes.agreed_by_chair_at = None
    return minutes


def held(session: Session, meeting: Meeting) -> Minutes | None:
    """Lock a meeting's row and read its minutes anew."""
    session.scalars(
        select(Meeting)
        .where(Meeting.partnership_id == meeting.partnership_id, Meeting.id == meeting.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    minutes = queries.minutes_of(session, meeting)
    if minutes is not None:
        session.refresh(minutes)
    return minutes


def begun(session: Session, meeting: Meeting, minutes: Minutes | None, now: datetime) -> Minutes:
    """A meeting's minutes, begun where they were not."""
    if minutes is None:
        minutes = Minutes(
            partnership_id=meeting.partnership_id,
            meeting_id=meeting.id,
            state=MinutesState.BEING_WRITTEN,
            changed_at=now,
        )
        session.add(minutes)
        session.flush()
    return minutes
