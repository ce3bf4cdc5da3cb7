"""What a chair's briefing is written from, gathered from the records as they stand."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from actions.models import Action
from governance.agenda import Purpose
from governance.deciding import queries
from governance.deciding.log_queries import LogFilter, Reader, log
from governance.deciding.rules import LogShows
from governance.gathering import gather
from governance.minute_models import AttendanceState
from governance.minuting import queries as minuting
from governance.minuting.reckoning import rule_of
from governance.minuting.rules import Present, quorum
from governance.models import Meeting
from governance.packs import briefing
from governance.packs.briefing_facts import Briefing, QuorumFacts, TaskFacts
from governance.queries import agenda
from governance.report_models import Escalation, EscalationState
from tracker.kernel.period import short_date
from tracker.kernel.times import london_day
from tracker.web.filters import when

# Those that the chair has not agreed, and those from below that the board has not answered.
_AWAY = (AttendanceState.APOLOGIES, AttendanceState.ABSENT)
NOBODY = Reader(person_id=0, confidential=False)


def chairs_briefing(session: Session, meeting: Meeting, *, now: datetime) -> dict[str, object]:
    """The chair's briefing for a meeting, as it stands now; confidential items are only counted."""
    sitting, board = gather(session, meeting, as_at=now), meeting.board
    baseline, today = sitting.baseline, london_day(now)
    confidential = sum(one.is_confidential for one in agenda(session, meeting, confidential=True))
    return briefing.compose(
        Briefing(
            partnership=sitting.board.partnership,
            board=board.name,
            chair=sitting.board.chair,
            marking=sitting.board.marking,
            starts_at=meeting.starts_at,
            place=meeting.place,
            as_at=now,
            plans=sitting.plans,
            before=baseline.actions if baseline else (),
            before_on=baseline.met_on if baseline else None,
            decision_items=tuple(
                f"{item.number or at}. {item.title}"
                for at, item in enumerate(sitting.items, start=1)
                if item.purpose is Purpose.DECISION
            ),
            overdue=_overdue(session, meeting, today),
            to_ratify=tuple(
                f"{decision.reference}: {circulation.title}"
                for decision, circulation in queries.to_ratify(session, meeting)
                if decision.ratified_at_id is None
            ),
            circulating=tuple(
                f"{one.title}: closes on {when(one.closes_at)}"
                for one in queries.circulations(session, board.partnership_id, board.id)
                if queries.is_open(one)
            ),
            escalations=_escalations(session, meeting),
            confidential_items=confidential,
            quorum=_quorum(session, meeting),
        )
    )


def _overdue(session: Session, meeting: Meeting, today: date) -> tuple[TaskFacts, ...]:
    found = log(
        session,
        meeting.partnership_id,
        meeting.board_id,
        LogFilter(LogShows.OVERDUE),
        NOBODY,
        today,
    )
    return tuple(
        TaskFacts(
            reference=one.reference,
            what=one.what,
            lead=", ".join(of.name for of in (one.person, one.organisation) if of)
            or "Nobody named",
            due=short_date(one.due_on) if one.due_on else "No date",
        )
        for one in found
    )


def _escalations(session: Session, meeting: Meeting) -> tuple[str, ...]:
    """Drafted here and not agreed yet; come from below and not answered yet."""
    rows = session.execute(
        select(Escalation, Action.number, Action.title)
        .join(Action, Action.id == Escalation.action_id)
        .where(
            Escalation.partnership_id == meeting.partnership_id,
            or_(
                (Escalation.board_id == meeting.board_id)
                & (Escalation.state == EscalationState.DRAFTED),
                (Escalation.to_board_id == meeting.board_id)
                & (Escalation.state == EscalationState.AGREED),
            ),
        )
        .order_by(Escalation.drafted_at, Escalation.id)
    ).all()
    return tuple(
        f"{title} ({one.reason.value}): "
        + (
            "waits for you to agree that it goes up"
            if one.state is EscalationState.DRAFTED
            else "escalated to this board, and waits for its answer"
        )
        for one, _, title in rows
    )


def _quorum(session: Session, meeting: Meeting) -> QuorumFacts:
    """Whether all those who have not sent apologies would make a quorum."""
    sitters = minuting.sitters(session, meeting, meeting.board)
    rows = minuting.attendance(session, meeting, meeting.board)
    away = {row.person_id for row in rows if row.state in _AWAY}
    standing_in = {row.person_id: row.substitute_for_id for row in rows}
    present = [
        Present(one.person.id, standing_in.get(one.person.id))
        for one in sitters
        if one.person.id not in away
    ]
    found = quorum(rule_of(meeting.board), [one.seat for one in sitters], present)
    return QuorumFacts(
        apologies=tuple(row.name for row in rows if row.state is AttendanceState.APOLOGIES),
        met=found.met,
        words=found.words.replace("are present", "would be present").replace(
            "is present", "would be present"
        ),
    )
