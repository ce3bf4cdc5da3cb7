"""What the clockwork does around a meeting: asks, updates closing, the meeting held.

Every scheduled deed takes its key first (see the ledger's deeds) and runs in one transaction
of its own; operations flush and whoever called commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from actions.asks import close_asks, open_asks
from governance.models import (
    Meeting,
    MeetingStatus,
    TimetableStep,
)
from governance.queries import meeting_plans, steps
from governance.timetable import StepKind
from tracker.ledger.deeds import claim, is_late
from tracker.people.models import Partnership


@dataclass(frozen=True)
class DueStep:
    """A step of a timetable whose time has come."""

    step_id: int
    meeting_id: int
    kind: StepKind


def due_steps(session: Session, now: datetime) -> list[DueStep]:
    """The steps that the clockwork does itself and whose time has come, in their order."""
    doable = (StepKind.ASK, StepKind.CHASE, StepKind.UPDATES_CLOSE, StepKind.MEETING)
    rows = session.execute(
        select(TimetableStep.id, TimetableStep.meeting_id, TimetableStep.kind)
        .join(Meeting, Meeting.id == TimetableStep.meeting_id)
        .where(
            TimetableStep.done_at.is_(None),
            TimetableStep.planned_at <= now,
            TimetableStep.kind.in_(doable),
            Meeting.status == MeetingStatus.PLANNED,
            # A meeting is held when it is over, not when it begins.
            or_(TimetableStep.kind != StepKind.MEETING, Meeting.ends_at <= now),
        )
        .order_by(TimetableStep.planned_at, TimetableStep.id),
        execution_options={"all_partnerships": True},
    ).all()
    return [DueStep(step_id, meeting_id, kind) for step_id, meeting_id, kind in rows]


def do_step(session: Session, step_id: int, *, now: datetime) -> Meeting | None:
    """Do one due step of a timetable, once; None when it is done already or no longer due.

    Returns the meeting, for whatever follows. Between finding a step due and doing it, somebody
    may have moved or cancelled the meeting: what is due is asked again here.
    """
    step = session.scalar(
        select(TimetableStep).where(TimetableStep.id == step_id),
        execution_options={"all_partnerships": True},
    )
    if step is None or step.done_at is not None or step.planned_at > now:
        return None
    meeting = session.scalar(
        select(Meeting).where(
            Meeting.partnership_id == step.partnership_id, Meeting.id == step.meeting_id
        )
    )
    assert meeting is not None
    if meeting.status is not MeetingStatus.PLANNED:
        return None
    key = f"{step.kind.value}:{meeting.uid}:{meeting.occurrence_on.isoformat()}"
    if not claim(session, key, now=now, planned_at=step.planned_at):
        return None
    match step.kind:
        case StepKind.ASK:
            _ask(session, meeting, now=now)
        case StepKind.UPDATES_CLOSE:
            close_asks(
                session,
                meeting.partnership_id,
                board_id=meeting.board_id,
                for_on=meeting.meets_on,
                now=now,
            )
        case StepKind.MEETING:
            meeting.status = MeetingStatus.HELD
            meeting.changed_at = now
        case _:
            pass  # a chase has no effect of its own: the day's message carries it
    step.done_at = now
    step.is_late = is_late(now, step.planned_at)
    session.flush()
    return meeting


def mark_done(session: Session, meeting: Meeting, kind: StepKind, *, now: datetime) -> None:
    """Note that a step which people do was done; the first time counts."""
    for step in steps(session, meeting):
        if step.kind is kind and step.done_at is None:
            step.done_at = now
            step.is_late = is_late(now, step.planned_at)
    session.flush()


def _ask(session: Session, meeting: Meeting, *, now: datetime) -> None:
    plans = meeting_plans(session, meeting.partnership_id, [meeting.id]).get(meeting.id, [])
    if not plans:
        return
    partnership = session.get(Partnership, meeting.partnership_id)
    assert partnership is not None
    closing = next(step for step in steps(session, meeting) if step.kind is StepKind.UPDATES_CLOSE)
    open_asks(
        session,
        meeting.partnership_id,
        plan_ids=[plan.id for plan in plans],
        board_id=meeting.board_id,
        for_on=meeting.meets_on,
        opens_at=now,
        closes_at=closing.planned_at,
        one_ask_days=partnership.one_ask_days,
    )
