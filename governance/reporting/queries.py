"""Reading escalations, boards above and below, and what a board did since a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from actions.models import Action, ActionHome
from governance import queries
from governance.decision_models import Decision
from governance.documents import value_of
from governance.models import Meeting, MeetingStatus, TimetableStep
from governance.pack_models import Pack, PackPart, PackStatus
from governance.packs.upward import DecisionFacts, EscalationFacts, MeetingHeld
from governance.report_models import (
    AnnualReport,
    Escalation,
    EscalationState,
    UpwardReport,
)
from governance.timetable import StepKind
from plans.models import Plan
from tracker.kernel.times import london_day
from tracker.people.board_models import Board, BoardRelation, RelationKind

TOOK_PLACE = tuple(status for status in MeetingStatus if status.took_place)


def boards_above(session: Session, partnership_id: int, board_id: int, on: date) -> list[Board]:
    """The boards that a board reports to on a day."""
    return _related(
        session,
        partnership_id,
        on,
        BoardRelation.board_id == board_id,
        BoardRelation.other_board_id,
    )


def boards_below(session: Session, partnership_id: int, board_id: int, on: date) -> list[Board]:
    """The boards that report to a board on a day."""
    return _related(
        session,
        partnership_id,
        on,
        BoardRelation.other_board_id == board_id,
        BoardRelation.board_id,
    )


def _related(
    session: Session, partnership_id: int, on: date, which: Any, wanted: Any
) -> list[Board]:
    found = session.scalars(
        select(Board)
        .join(BoardRelation, wanted == Board.id)
        .where(
            Board.partnership_id == partnership_id,
            BoardRelation.partnership_id == partnership_id,
            BoardRelation.kind == RelationKind.REPORTS_TO,
            which,
            or_(BoardRelation.from_on.is_(None), BoardRelation.from_on <= on),
            or_(BoardRelation.to_on.is_(None), BoardRelation.to_on >= on),
            or_(Board.ends_on.is_(None), Board.ends_on >= on),
        )
        .order_by(Board.id)
    )
    return list(dict.fromkeys(found))


def snapshot_of(session: Session, meeting: Meeting) -> list[dict[str, Any]]:
    """The actions that a meeting's pack kept: its latest published version, else its draft."""
    pack = queries.published_pack(session, meeting) or queries.draft_pack(session, meeting)
    if pack is None:
        return []
    found: list[dict[str, Any]] = value_of(session, pack)["facts"]["actions"]
    return found


def next_open_agenda(
    session: Session, partnership_id: int, board_id: int, now: datetime
) -> Meeting | None:
    """A board's next planned meeting whose papers are not due yet and whose pack is not out."""
    return session.scalar(
        select(Meeting)
        .join(
            TimetableStep,
            (TimetableStep.meeting_id == Meeting.id) & (TimetableStep.kind == StepKind.PAPERS_DUE),
        )
        .where(
            Meeting.partnership_id == partnership_id,
            Meeting.board_id == board_id,
            Meeting.status == MeetingStatus.PLANNED,
            TimetableStep.planned_at > now,
            Meeting.id.not_in(
                select(Pack.meeting_id).where(
                    Pack.partnership_id == partnership_id, Pack.status == PackStatus.PUBLISHED
                )
            ),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    )


def escalation_by_uid(session: Session, partnership_id: int, uid: UUID) -> Escalation | None:
    """One escalation of a partnership."""
    return session.scalar(
        select(Escalation).where(Escalation.partnership_id == partnership_id, Escalation.uid == uid)
    )


def escalations(
    session: Session,
    partnership_id: int,
    *,
    from_board: int | None = None,
    to_board: int | None = None,
    since: datetime | None = None,
) -> list[tuple[Escalation, EscalationFacts]]:
    """Escalations of a board or to one, the newest first, with what papers print of them."""
    chosen = (
        select(Escalation, Board.name, Action.title, Meeting.meets_on)
        .join(Board, Board.id == Escalation.board_id)
        .join(Action, Action.id == Escalation.action_id)
        .join(Meeting, Meeting.id == Escalation.meeting_id)
        .where(Escalation.partnership_id == partnership_id)
    )
    if from_board is not None:
        chosen = chosen.where(Escalation.board_id == from_board)
    if to_board is not None:
        chosen = chosen.where(
            Escalation.to_board_id == to_board,
            Escalation.state.not_in((EscalationState.DRAFTED, EscalationState.DECLINED)),
        )
    if since is not None:
        chosen = chosen.where(Escalation.drafted_at >= since)
    rows = session.execute(chosen.order_by(Escalation.drafted_at.desc(), Escalation.id.desc()))
    found = [(one, board, title, met_on) for one, board, title, met_on in rows]
    homes = _homes(session, partnership_id, [one.action_id for one, _, _, _ in found])
    return [
        (one, _facts(one, board, title, met_on, *homes.get(one.action_id, ("", ""))))
        for one, board, title, met_on in found
    ]


def _homes(
    session: Session, partnership_id: int, action_ids: Sequence[int]
) -> dict[int, tuple[str, str]]:
    """Each action's number and plan, of its first home."""
    found: dict[int, tuple[str, str]] = {}
    for action_id, reference, plan in session.execute(
        select(ActionHome.action_id, ActionHome.reference, Plan)
        .join(Plan, Plan.id == ActionHome.plan_id)
        .where(
            ActionHome.partnership_id == partnership_id,
            ActionHome.action_id.in_(sorted(set(action_ids))),
        )
        .order_by(ActionHome.id)
    ):
        found.setdefault(action_id, (reference, plan.full_title))
    return found


def _facts(
    one: Escalation, board: str, title: str, met_on: date, reference: str, plan: str
) -> EscalationFacts:
    return EscalationFacts(
        board=board,
        reference=reference,
        title=title,
        plan=plan,
        reason=one.reason.value,
        met_on=met_on,
        drafted_on=london_day(one.drafted_at),
        state=one.state.value,
        wanted=one.wanted,
        answer=one.outcome_words,
    )


def held_since(
    session: Session,
    partnership_id: int,
    board_id: int,
    *,
    after: datetime | None,
    before: datetime,
    confidential: bool = False,
) -> tuple[list[MeetingHeld], list[DecisionFacts], int]:
    """A board's meetings and decisions in a time, and how many meetings fell away.

    Confidential decisions are neither listed nor counted unless the reader may see them.
    """
    found = queries.meetings(
        session, partnership_id, board_ids=[board_id], after=after, before=before
    )
    held = [meeting for meeting in found if meeting.status.took_place]
    chosen = select(Decision).where(
        Decision.partnership_id == partnership_id,
        Decision.board_id == board_id,
        Decision.made_on < london_day(before),
    )
    if after is not None:
        chosen = chosen.where(Decision.made_on >= london_day(after))
    if not confidential:
        chosen = chosen.where(Decision.is_confidential.is_(False))
    rows = session.scalars(chosen.order_by(Decision.made_on, Decision.id)).all()
    return (
        [
            MeetingHeld(
                on=meeting.meets_on,
                status=meeting.status.value,
                decisions=sum(row.meeting_id == meeting.id for row in rows),
            )
            for meeting in held
        ],
        [DecisionFacts(row.reference, row.made_on, row.kind.value, row.text) for row in rows],
        sum(meeting.status.fell_away for meeting in found),
    )


def upward_report(session: Session, partnership_id: int, uid: UUID) -> UpwardReport | None:
    """One report of a board to the one above."""
    return session.scalar(
        select(UpwardReport).where(
            UpwardReport.partnership_id == partnership_id, UpwardReport.uid == uid
        )
    )


def upward_reports(
    session: Session, partnership_id: int, board_id: int
) -> Sequence[tuple[UpwardReport, Meeting, Board]]:
    """A board's reports to boards above, with the meetings they are for, the latest first."""
    rows = session.execute(
        select(UpwardReport, Meeting, Board)
        .join(Meeting, Meeting.id == UpwardReport.to_meeting_id)
        .join(Board, Board.id == Meeting.board_id)
        .where(UpwardReport.partnership_id == partnership_id, UpwardReport.board_id == board_id)
        .order_by(Meeting.starts_at.desc(), UpwardReport.id.desc())
    )
    return [(report, meeting, board) for report, meeting, board in rows]


def annual_report_row(
    session: Session, partnership_id: int, board_id: int, from_on: date
) -> AnnualReport | None:
    """What was written for a board's annual report of the year that begins on a day."""
    return session.scalar(
        select(AnnualReport).where(
            AnnualReport.partnership_id == partnership_id,
            AnnualReport.board_id == board_id,
            AnnualReport.from_on == from_on,
        )
    )


def published_between(
    session: Session, partnership_id: int, board_id: int, first: datetime, last: datetime
) -> Sequence[Pack]:
    """The latest version of each pack published for a board's meetings in a time, in order."""
    latest = (
        select(func.max(Pack.id))
        .join(Meeting, Meeting.id == Pack.meeting_id)
        .where(
            Pack.partnership_id == partnership_id,
            Pack.status == PackStatus.PUBLISHED,
            Pack.part == PackPart.OPEN,
            Pack.supplement == 0,
            Meeting.board_id == board_id,
            Meeting.starts_at >= first,
            Meeting.starts_at < last,
        )
        .group_by(Pack.meeting_id)
    )
    return session.scalars(
        select(Pack)
        .join(Meeting, Meeting.id == Pack.meeting_id)
        .where(Pack.partnership_id == partnership_id, Pack.id.in_(latest))
        .order_by(Meeting.starts_at, Pack.id)
    ).all()
