"""Who is told of escalations and reports up, in the day's message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from governance.models import Meeting
from governance.news import Line, NewsKind
from governance.report_models import Escalation, EscalationState, UpwardReport
from governance.waiting import Waiting, tells
from tracker.edges.tenancy import ACROSS
from tracker.kernel.period import short_date
from tracker.kernel.times import london_day
from tracker.people.board_models import Board, BoardMember, BoardRole
from tracker.people.models import Partnership

LOOK_BACK = timedelta(days=7)
TO_BE_TOLD = (BoardRole.CHAIR, BoardRole.SECRETARY)


@tells
def escalations_to_decide(session: Session, now: datetime) -> Iterable[Waiting]:
    """A draft waits for its board's chair; what came up, for the chair of the board above."""
    member, today = aliased(BoardMember), london_day(now)
    seated = or_(
        and_(Escalation.state == EscalationState.DRAFTED, member.board_id == Escalation.board_id),
        and_(Escalation.state == EscalationState.AGREED, member.board_id == Escalation.to_board_id),
    )
    rows = session.execute(
        select(Escalation, Board, Partnership.slug, member.person_id)
        .join(Board, Board.id == Escalation.board_id)
        .join(Partnership, Partnership.id == Escalation.partnership_id)
        .join(
            member,
            and_(
                member.partnership_id == Escalation.partnership_id,
                seated,
                member.role.in_(TO_BE_TOLD),
                member.from_on <= today,
                or_(member.to_on.is_(None), member.to_on >= today),
            ),
        )
        .where(Escalation.state.in_((EscalationState.DRAFTED, EscalationState.AGREED)))
        .order_by(Escalation.id, member.id),
        execution_options=ACROSS,
    )
    for one, board, slug, person_id in rows:
        is_draft = one.state is EscalationState.DRAFTED
        path = f"/{slug}/escalations/{one.uid}"
        text = "Decide whether it is escalated" if is_draft else "Answer what was brought up"
        yield Waiting(
            partnership_id=one.partnership_id,
            person_id=person_id,
            kind=NewsKind.TO_DECIDE,
            key=f"told:escalation:{one.state.value}:{one.uid}",
            title="Escalations to decide",
            planned_at=one.drafted_at if is_draft else one.decided_at or one.drafted_at,
            line=Line(text, path, f"{board.name}: {one.reason.value}"),
        )


@tells
def reports_to_write(session: Session, now: datetime) -> Iterable[Waiting]:
    """A secretary is told when the board above is to have a report."""
    today = london_day(now)
    rows = session.execute(
        select(UpwardReport, Meeting, Board, Partnership.slug, BoardMember.person_id)
        .join(Meeting, Meeting.id == UpwardReport.to_meeting_id)
        .join(Board, Board.id == Meeting.board_id)
        .join(Partnership, Partnership.id == UpwardReport.partnership_id)
        .join(
            BoardMember,
            and_(
                BoardMember.partnership_id == UpwardReport.partnership_id,
                BoardMember.board_id == UpwardReport.board_id,
                BoardMember.role == BoardRole.SECRETARY,
                BoardMember.from_on <= today,
                or_(BoardMember.to_on.is_(None), BoardMember.to_on >= today),
            ),
        )
        .where(
            Meeting.starts_at > now,
            UpwardReport.changed_at > now - LOOK_BACK,
            UpwardReport.exceptions.is_(None),
            UpwardReport.requests.is_(None),
        )
        .order_by(UpwardReport.id, BoardMember.id),
        execution_options=ACROSS,
    )
    for report, meeting, above, slug, person_id in rows:
        yield Waiting(
            partnership_id=report.partnership_id,
            person_id=person_id,
            kind=NewsKind.TO_DECIDE,
            key=f"told:report-up:{report.uid}",
            title="Reports to write for the board above",
            planned_at=report.changed_at,
            line=Line(
                f"Write the report to {above.name}",
                f"/{slug}/reports-up/{report.uid}",
                f"For its meeting of {short_date(meeting.meets_on)}",
            ),
        )
