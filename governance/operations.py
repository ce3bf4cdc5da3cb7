"""What the clockwork does around a meeting: asks, updates closing, the meeting held.

Every scheduled deed takes its key first (see the ledger's deeds) and runs in one transaction
of its own; operations flush and whoever called commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from actions.asks import close_asks, open_asks, owned_only_by
from governance.clockwork import STEP_DEEDS
from governance.models import Meeting, MeetingStatus, TimetableStep
from governance.planning import closing_step
from governance.queries import meeting_plans, steps
from governance.timetable import StepKind
from plans.models import PlanStatus
from tracker.edges.tenancy import ACROSS
from tracker.kernel.times import london_day
from tracker.ledger.deeds import claim, is_late
from tracker.people.closed_periods import school_contacts
from tracker.people.models import Partnership

# What the clockwork does by itself; the rest is people's, and is noted when they do it.
DOABLE = (
    StepKind.ASK_SCHOOLS,
    StepKind.ASK,
    StepKind.CHASE,
    StepKind.LAST_CALL,
    StepKind.UPDATES_CLOSE,
    StepKind.PAPERS_DUE,
    StepKind.CHAIRS_BRIEFING,
    StepKind.MEETING,
    StepKind.ACTIONS_SENT,
)
# What is done around a meeting that took place; the rest is done around one that is to come.
AFTER = (
    StepKind.ACTIONS_SENT,
    StepKind.DRAFT_MINUTES_TO_CHAIR,
    StepKind.DRAFT_MINUTES_TO_MEMBERS,
)
TOOK_PLACE = tuple(status for status in MeetingStatus if status.took_place)
# Nobody is asked about a plan that is over; its open actions were carried on elsewhere.
OVER = (PlanStatus.ENDED_EARLY, PlanStatus.SUPERSEDED, PlanStatus.CLOSED)


@dataclass(frozen=True)
class DueStep:
    """A step of a timetable whose time has come."""

    step_id: int
    meeting_id: int
    kind: StepKind


def due_steps(session: Session, now: datetime) -> list[DueStep]:
    """The steps that the clockwork does itself and whose time has come, in their order."""
    rows = session.execute(
        select(TimetableStep.id, TimetableStep.meeting_id, TimetableStep.kind)
        .join(Meeting, Meeting.id == TimetableStep.meeting_id)
        .where(
            TimetableStep.done_at.is_(None),
            TimetableStep.planned_at <= now,
            TimetableStep.kind.in_(DOABLE),
            or_(
                and_(Meeting.status == MeetingStatus.PLANNED, TimetableStep.kind.not_in(AFTER)),
                and_(Meeting.status.in_(TOOK_PLACE), TimetableStep.kind.in_(AFTER)),
            ),
            # A meeting is held when it is over, not when it begins.
            or_(TimetableStep.kind != StepKind.MEETING, Meeting.ends_at <= now),
        )
        .order_by(TimetableStep.planned_at, TimetableStep.id),
        execution_options=ACROSS,
    ).all()
    return [DueStep(step_id, meeting_id, kind) for step_id, meeting_id, kind in rows]


def do_step(session: Session, step_id: int, *, now: datetime) -> Meeting | None:
    """Do one due step of a timetable, once; None when it is done already or no longer due.

    Returns the meeting, for whatever follows. Between finding a step due and doing it, somebody
    may have moved or cancelled the meeting: what is due is asked again here.
    """
    # The meeting is held first, here as where it is moved, so that neither waits for the other.
    meeting = session.scalar(
        select(Meeting)
        .join(TimetableStep, TimetableStep.meeting_id == Meeting.id)
        .where(TimetableStep.id == step_id)
        .with_for_update(of=Meeting)
        .execution_options(populate_existing=True),
        execution_options=ACROSS,
    )
    if meeting is None:
        return None
    step = session.scalar(
        select(TimetableStep)
        .where(TimetableStep.partnership_id == meeting.partnership_id, TimetableStep.id == step_id)
        .execution_options(populate_existing=True)
    )
    if step is None or step.done_at is not None or step.planned_at > now:
        return None
    if not _is_time_of(step.kind, meeting.status):
        return None
    if not claim(session, key_of(step, meeting), now=now, planned_at=step.planned_at):
        return None
    match step.kind:
        case StepKind.ASK_SCHOOLS:
            ask(session, meeting, now=now, schools_only=True)
        case StepKind.ASK:
            ask(session, meeting, now=now)
        case StepKind.UPDATES_CLOSE:
            close_asks(
                session,
                meeting.partnership_id,
                board_id=meeting.board_id,
                for_on=meeting.meets_on,
                now=now,
            )
        case StepKind.MEETING:
            # Without its quorum a board notes and recommends; it decides nothing.
            inquorate = meeting.is_quorate is False
            meeting.status = MeetingStatus.INQUORATE if inquorate else MeetingStatus.HELD
            meeting.changed_at = now
        case _:
            pass  # the others have no effect of their own: the day's message carries them
    for deed in STEP_DEEDS.get(step.kind, ()):
        deed(session, meeting, now)
    step.done_at = now
    step.is_late = is_late(now, step.planned_at)
    session.flush()
    return meeting


def _is_time_of(kind: StepKind, status: MeetingStatus) -> bool:
    """Whether a step belongs to a meeting of this status."""
    return status.took_place if kind in AFTER else status is MeetingStatus.PLANNED


def mark_done(session: Session, meeting: Meeting, kind: StepKind, *, now: datetime) -> None:
    """Note that a step which people do was done; the first time counts."""
    for step in steps(session, meeting):
        if step.kind is kind and step.done_at is None:
            step.done_at = now
            step.is_late = is_late(now, step.planned_at)
    session.flush()


def key_of(step: TimetableStep, meeting: Meeting) -> str:
    """The key of a step as a deed; updates that were reopened close again as another."""
    key = f"{step.kind.value}:{meeting.uid}:{meeting.occurrence_on.isoformat()}"
    return key if step.round == 1 else f"{key}:{step.round}"


def ask(
    session: Session,
    meeting: Meeting,
    *,
    now: datetime,
    schools_only: bool = False,
    served_on: date | None = None,
) -> None:
    """Ask for progress on the actions of the plans that a meeting reviews.

    ``schools_only``: only where everybody who would be asked is a school contact. ``served_on`` is
    the day from which a meeting moved: who has answered for a meeting near it is not asked again.
    """
    tenant = meeting.partnership_id
    plans = meeting_plans(session, tenant, [meeting.id]).get(meeting.id, [])
    plan_ids = [plan.id for plan in plans if plan.status not in OVER]
    if not plan_ids:
        return
    partnership = session.get(Partnership, tenant)
    assert partnership is not None
    only = None
    if schools_only:
        today = london_day(now)
        schools = school_contacts(session, [tenant], today).get(tenant, frozenset())
        only = owned_only_by(session, tenant, schools, today)
    open_asks(
        session,
        tenant,
        plan_ids=plan_ids,
        board_id=meeting.board_id,
        for_on=meeting.meets_on,
        opens_at=now,
        closes_at=closing_step(session, meeting).planned_at,
        one_ask_days=partnership.one_ask_days,
        only=only,
        served_on=served_on,
    )
