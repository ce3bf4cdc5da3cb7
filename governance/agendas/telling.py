"""What the clockwork does around an agenda, and how a chair learns that one waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from governance.agendas.operations import write_agenda
from governance.clockwork import Chore, add_chore, on_step
from governance.models import Meeting, MeetingStatus, TimetableStep
from governance.news import Line, NewsKind
from governance.pack_models import Pack, PackStatus
from governance.timetable import StepKind
from governance.waiting import Waiting, tells
from tracker.edges.tenancy import ACROSS
from tracker.kernel.period import short_date
from tracker.kernel.times import london_day
from tracker.ledger.deeds import claim
from tracker.ledger.models import Deed
from tracker.people.board_models import Board, BoardMember, BoardRole
from tracker.people.models import Partnership

_SET = TimetableStep.kind == StepKind.AGENDA_SETTING
_IS_PUBLISHED = (
    select(Pack.id)
    .where(Pack.meeting_id == Meeting.id, Pack.status == PackStatus.PUBLISHED)
    .exists()
)


@on_step(StepKind.ASK)
@on_step(StepKind.UPDATES_CLOSE)
def write_again(session: Session, meeting: Meeting, now: datetime) -> None:
    """Have what rules gave since stand on the agenda before the draft is composed."""
    write_agenda(session, meeting, now=now)


def due_to_set(session: Session, now: datetime) -> Sequence[int]:
    """The ids of meetings whose agenda is to be set with the chair and was not written for it."""
    rows = session.execute(
        select(Meeting)
        .join(TimetableStep, and_(TimetableStep.meeting_id == Meeting.id, _SET))
        .where(
            TimetableStep.planned_at <= now,
            Meeting.status == MeetingStatus.PLANNED,
            Meeting.starts_at > now,
            Meeting.agenda_approved_at.is_(None),
        )
        .order_by(Meeting.starts_at, Meeting.id),
        execution_options=ACROSS,
    ).scalars()
    keys = {_key(meeting): meeting.id for meeting in rows}
    if not keys:
        return []
    done = set(session.scalars(select(Deed.key).where(Deed.key.in_(keys))))
    return [meeting_id for key, meeting_id in keys.items() if key not in done]


def set_agenda(session: Session, meeting_id: int, now: datetime) -> None:
    """Write an agenda once more on the day it is set with the chair."""
    meeting = session.scalar(
        select(Meeting).where(Meeting.id == meeting_id), execution_options=ACROSS
    )
    if meeting is not None and claim(session, _key(meeting), now=now):
        write_agenda(session, meeting, now=now)


def _key(meeting: Meeting) -> str:
    return f"agenda-written:{meeting.uid}:{meeting.occurrence_on.isoformat()}"


add_chore(Chore("agendas to be set", due_to_set, set_agenda))


@tells
def agendas_to_approve(session: Session, now: datetime) -> Iterable[Waiting]:
    """Agendas that wait for their chair, from the day they are set until they are published."""
    today = london_day(now)
    rows = session.execute(
        select(Meeting, Board.name, Board.slug, Partnership.slug, TimetableStep.planned_at)
        .join(TimetableStep, and_(TimetableStep.meeting_id == Meeting.id, _SET))
        .join(Board, Board.id == Meeting.board_id)
        .join(Partnership, Partnership.id == Meeting.partnership_id)
        .where(
            TimetableStep.planned_at <= now,
            Meeting.status == MeetingStatus.PLANNED,
            Meeting.starts_at > now,
            Meeting.agenda_approved_at.is_(None),
            ~_IS_PUBLISHED,
        )
        .order_by(Meeting.starts_at, Meeting.id),
        execution_options=ACROSS,
    ).all()
    if not rows:
        return
    chairs: dict[int, list[int]] = {}
    for board_id, person_id in session.execute(
        select(BoardMember.board_id, BoardMember.person_id).where(
            BoardMember.board_id.in_({meeting.board_id for meeting, *_ in rows}),
            BoardMember.role == BoardRole.CHAIR,
            BoardMember.from_on <= today,
            or_(BoardMember.to_on.is_(None), BoardMember.to_on >= today),
        ),
        execution_options=ACROSS,
    ):
        chairs.setdefault(board_id, []).append(person_id)
    for meeting, board, slug, partnership, planned_at in rows:
        address = f"/{partnership}/boards/{slug}/meetings/{meeting.occurrence_on.isoformat()}"
        for person_id in sorted(chairs.get(meeting.board_id, [])):
            yield Waiting(
                meeting.partnership_id,
                person_id,
                NewsKind.TO_DECIDE,
                f"told:agenda:{meeting.uid}",
                "Agendas that wait for your approval",
                planned_at,
                Line(
                    f"{board}: agenda of {short_date(meeting.meets_on)}",
                    f"{address}/agenda",
                    "Approve it, or ask the board secretary to change it",
                ),
            )
