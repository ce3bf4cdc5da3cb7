"""What minutes make known: to the chair, to members, and to a secretary whose draft is overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.minute_models import Minutes, MinutesState
from governance.models import Meeting, MeetingBoard, MeetingStatus, TimetableStep
from governance.news import Line, NewsKind
from governance.timetable import StepKind
from governance.waiting import LOOK_BACK, Waiting, tells
from tracker.edges.tenancy import ACROSS
from tracker.kernel.period import short_date
from tracker.kernel.times import london_day
from tracker.people.board_models import Board, BoardMember, BoardRole
from tracker.people.models import Partnership

DRAFTS = {
    StepKind.DRAFT_MINUTES_TO_CHAIR: "to the chair",
    StepKind.DRAFT_MINUTES_TO_MEMBERS: "to members",
}
_OUT = (
    select(Minutes, Meeting, Board, Partnership.slug)
    .join(Meeting, Meeting.id == Minutes.meeting_id)
    .join(Board, Board.id == Meeting.board_id)
    .join(Partnership, Partnership.id == Minutes.partnership_id)
    .where(Minutes.state.in_((MinutesState.WITH_CHAIR, MinutesState.WITH_MEMBERS)))
    .order_by(Minutes.id)
)
_OVERDUE = (
    select(TimetableStep, Meeting, Board, Partnership.slug)
    .join(Meeting, Meeting.id == TimetableStep.meeting_id)
    .join(Board, Board.id == Meeting.board_id)
    .join(Partnership, Partnership.id == TimetableStep.partnership_id)
    .where(
        TimetableStep.done_at.is_(None),
        TimetableStep.kind.in_(tuple(DRAFTS)),
        Meeting.status.in_([status for status in MeetingStatus if status.took_place]),
    )
    .order_by(TimetableStep.planned_at, TimetableStep.id)
)


@tells
def minutes_out(session: Session, now: datetime) -> Iterable[Waiting]:
    """Drafts that wait for their chair's answer, and drafts that members have been sent."""
    rows = session.execute(_OUT, execution_options=ACROSS).all()
    joined = _joined(session, {meeting.id for _, meeting, _, _ in rows})
    boards = {board.id for _, _, board, _ in rows}.union(*joined.values())
    seats = _seats(session, boards, london_day(now))
    for minutes, meeting, board, slug in rows:
        line = Line(
            f"{board.name}, meeting of {short_date(meeting.meets_on)}",
            f"/{slug}/boards/{board.slug}/meetings/{meeting.occurrence_on}/minutes",
        )
        if minutes.state is MinutesState.WITH_CHAIR and minutes.agreed_by_chair_at is None:
            sent_at, kind = minutes.sent_to_chair_at, NewsKind.TO_DECIDE
            title, key = "Draft minutes that wait for your agreement", "minutes-to-chair"
            people = _of(seats[board.id], {BoardRole.CHAIR})
        elif minutes.state is MinutesState.WITH_MEMBERS:
            sent_at, kind = minutes.sent_to_members_at, NewsKind.PAPERS
            title, key = "Draft minutes of your boards", "minutes-to-members"
            everybody = [one for key in (board.id, *joined[meeting.id]) for one in seats[key]]
            people = _of(everybody, set(BoardRole) - {BoardRole.SECRETARY})
            if sent_at is not None and sent_at <= now - LOOK_BACK:
                continue
        else:
            continue
        if sent_at is None:
            continue
        for person_id in people:
            yield Waiting(
                minutes.partnership_id,
                person_id,
                kind,
                f"told:{key}:{minutes.uid}:{sent_at:%Y%m%dT%H%M%S}",
                title,
                sent_at,
                line,
                again=kind is NewsKind.TO_DECIDE,
            )


@tells
def minutes_overdue(session: Session, now: datetime) -> Iterable[Waiting]:
    """Drafts whose day has passed, for the board's secretaries."""
    rows = session.execute(
        _OVERDUE.where(TimetableStep.planned_at < now, TimetableStep.planned_at > now - LOOK_BACK),
        execution_options=ACROSS,
    ).all()
    seats = _seats(session, {board.id for _, _, board, _ in rows}, london_day(now))
    for step, meeting, board, slug in rows:
        if london_day(step.planned_at) >= london_day(now):
            continue  # it has the whole of its day
        line = Line(
            f"{board.name}, meeting of {short_date(meeting.meets_on)}",
            f"/{slug}/boards/{board.slug}/meetings/{meeting.occurrence_on}/minutes",
            f"Draft {DRAFTS[step.kind]}: was due on {short_date(london_day(step.planned_at))}",
        )
        for person_id in _of(seats[board.id], {BoardRole.SECRETARY}):
            yield Waiting(
                step.partnership_id,
                person_id,
                NewsKind.WARNING,
                f"told:minutes-overdue:{meeting.uid}:{step.kind.value}:{step.planned_at:%Y%m%d}",
                "Minutes that are overdue",
                step.planned_at,
                line,
            )


def _joined(session: Session, meeting_ids: Collection[int]) -> Mapping[int, set[int]]:
    """The further boards of joint meetings, by meeting id."""
    found: dict[int, set[int]] = defaultdict(set)
    if meeting_ids:
        for meeting_id, board_id in session.execute(
            select(MeetingBoard.meeting_id, MeetingBoard.board_id).where(
                MeetingBoard.meeting_id.in_(sorted(meeting_ids))
            ),
            execution_options=ACROSS,
        ):
            found[meeting_id].add(board_id)
    return found


def _of(seats: Iterable[tuple[int, BoardRole]], roles: Collection[BoardRole]) -> list[int]:
    return sorted({person_id for person_id, role in seats if role in roles})


def _seats(
    session: Session, board_ids: Collection[int], today: date
) -> Mapping[int, list[tuple[int, BoardRole]]]:
    """Who sits on boards today, and as what, by board id."""
    found: dict[int, list[tuple[int, BoardRole]]] = defaultdict(list)
    if board_ids:
        for board_id, person_id, role in session.execute(
            select(BoardMember.board_id, BoardMember.person_id, BoardMember.role).where(
                BoardMember.board_id.in_(sorted(board_ids)),
                BoardMember.from_on <= today,
                or_(BoardMember.to_on.is_(None), BoardMember.to_on >= today),
            ),
            execution_options=ACROSS,
        ):
            found[board_id].append((person_id, role))
    return found
