"""What a day's message says of meetings: a publication day missed, a meeting that will not be held.

After downtime the next tick asks the same, so what was missed then is told at once, and once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from governance.models import FELL_AWAY, Meeting, MeetingBoard, MeetingStatus, TimetableStep
from governance.news import Line, NewsKind
from governance.sittings.queries import takes_over
from governance.timetable import StepKind
from governance.waiting import LOOK_BACK, Waiting, tells
from tracker.edges.tenancy import ACROSS
from tracker.kernel.period import long_date, short_date
from tracker.kernel.times import london, london_day
from tracker.people.board_models import Board, BoardMember, BoardRole
from tracker.people.models import Membership, Partnership, Role
from tracker.web.filters import when

UNPUBLISHED = "Packs that were not published in time"
NOT_AS_PLANNED = "Meetings that changed"
# Where the next meeting is further ahead than this, what one owed may have to be decided before.
REACH = timedelta(days=92)
# Every tick asks these, so they are built once.
_UNPUBLISHED = (
    select(Meeting, Board, Partnership.slug, TimetableStep.planned_at)
    .join(TimetableStep, TimetableStep.meeting_id == Meeting.id)
    .join(Board, Board.id == Meeting.board_id)
    .join(Partnership, Partnership.id == Meeting.partnership_id)
    .where(
        TimetableStep.kind == StepKind.PUBLISH,
        TimetableStep.done_at.is_(None),
        TimetableStep.planned_at < bindparam("midnight"),
        Meeting.status == MeetingStatus.PLANNED,
        Meeting.starts_at > bindparam("now"),
    )
    .order_by(Meeting.starts_at, Meeting.id)
)
_BECAME = (
    select(Meeting, Board, Partnership.slug)
    .join(Board, Board.id == Meeting.board_id)
    .join(Partnership, Partnership.id == Meeting.partnership_id)
    .where(
        Meeting.status_at > bindparam("since"),
        or_(Meeting.status != MeetingStatus.PLANNED, Meeting.starts_at > bindparam("now")),
    )
    .order_by(Meeting.starts_at, Meeting.id)
)


@tells
def unpublished(session: Session, now: datetime) -> Iterable[Waiting]:
    """Meetings to come whose publication day passed with nothing published, for their secretary.

    Where access-to-meetings law applies, that day was the last lawful one.
    """
    midnight = london(london_day(now), time())
    values = {"now": now, "midnight": midnight}
    rows = session.execute(_UNPUBLISHED, values, execution_options=ACROSS).all()
    secretaries = _secretaries(session, [board for _, board, *_ in rows], now) if rows else {}
    for meeting, board, slug, planned_at in rows:
        on = london_day(planned_at)
        law = "the last lawful day was" if board.access_law else "it was to be published on"
        line = Line(
            f"{board.name}, {long_date(meeting.meets_on)}",
            _path(slug, board, meeting),
            f"The pack is not published; {law} {short_date(on)}",
        )
        key = f"told:unpublished:{meeting.uid}:{on}"
        for person_id in sorted(secretaries[board.id]):
            yield Waiting(
                meeting.partnership_id,
                person_id,
                NewsKind.WARNING,
                key,
                UNPUBLISHED,
                planned_at,
                line,
            )


@tells
def not_as_planned(session: Session, now: datetime) -> Iterable[Waiting]:
    """Meetings that were called, cancelled, postponed, adjourned or lapsed, for their members.

    Where nothing soon takes over what one owed, its secretary reads that instead.
    """
    values = {"now": now, "since": now - LOOK_BACK}
    rows = session.execute(_BECAME, values, execution_options=ACROSS).all()
    if not rows:
        return
    joined = _joined(session, [meeting.id for meeting, *_ in rows])
    boards = {meeting.board_id for meeting, *_ in rows}.union(*joined.values())
    members = _members(session, boards, now)
    secretaries = _secretaries(session, [board for _, board, _ in rows], now)
    for meeting, board, slug in rows:
        at = meeting.status_at or now
        key = f"told:became:{meeting.uid}:{meeting.status.name.lower()}:{at:%Y%m%dT%H%M%S}"
        path, text = _path(slug, board, meeting), _became(meeting, board)
        open_end = _open_end(session, meeting, now)
        told = secretaries[board.id] if open_end else frozenset()
        for person_id in sorted(told):
            line = Line(text, path, open_end)
            yield Waiting(
                meeting.partnership_id,
                person_id,
                NewsKind.WARNING,
                key,
                NOT_AS_PLANNED,
                at,
                line,
                again=False,
            )
        everybody = set().union(*(members[one] for one in (board.id, *joined.get(meeting.id, ()))))
        for person_id in sorted(everybody - told):
            line = Line(text, path, meeting.status_words)
            yield Waiting(
                meeting.partnership_id,
                person_id,
                NewsKind.CHANGED,
                key,
                NOT_AS_PLANNED,
                at,
                line,
                again=False,
            )


def _became(meeting: Meeting, board: Board) -> str:
    """What became of a meeting, in a line."""
    day = short_date(meeting.meets_on)
    if meeting.status is not MeetingStatus.PLANNED:
        return f"{board.name}’s meeting on {day} was {meeting.status.value}"
    if meeting.continues_id is not None:
        return f"{board.name} goes on with its adjourned meeting on {when(meeting.starts_at)}"
    if meeting.is_extra:
        return f"{board.name} has an extra meeting on {when(meeting.starts_at)}"
    return f"{board.name} now meets on {when(meeting.starts_at)}"


def _open_end(session: Session, meeting: Meeting, now: datetime) -> str | None:
    """What the secretary reads where nothing soon takes over what a meeting owed."""
    if meeting.status not in FELL_AWAY:
        return None
    target = takes_over(session, meeting, now=now)
    if target is None:
        return "Nothing is planned that takes over what it owed: call a meeting, or decide between"
    if target.starts_at - now > REACH:
        day = short_date(target.meets_on)
        return f"The next meeting is on {day}: what cannot wait may be decided between meetings"
    return None


def _path(slug: str, board: Board, meeting: Meeting) -> str:
    return f"/{slug}/boards/{board.slug}/meetings/{meeting.occurrence_on}"


def _joined(session: Session, meeting_ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for meeting_id, board_id in session.execute(
        select(MeetingBoard.meeting_id, MeetingBoard.board_id).where(
            MeetingBoard.meeting_id.in_(list(meeting_ids))
        ),
        execution_options=ACROSS,
    ):
        found[meeting_id].append(board_id)
    return found


def _secretaries(
    session: Session, boards: Sequence[Board], now: datetime
) -> Mapping[int, frozenset[int]]:
    """The secretaries of each board today; where it has none, its partnership's administrators."""
    seated = _members(session, {board.id for board in boards}, now, BoardRole.SECRETARY)
    found = {board.id: frozenset(seated.get(board.id, ())) for board in boards}
    without = [board for board in boards if not found[board.id]]
    if without:
        today = london_day(now)
        administrators: dict[int, set[int]] = defaultdict(set)
        for tenant, person_id in session.execute(
            select(Membership.partnership_id, Membership.person_id).where(
                Membership.partnership_id.in_({board.partnership_id for board in without}),
                Membership.role == Role.ADMINISTRATOR,
                Membership.from_on <= today,
                or_(Membership.to_on.is_(None), Membership.to_on >= today),
            ),
            execution_options=ACROSS,
        ):
            administrators[tenant].add(person_id)
        for board in without:
            found[board.id] = frozenset(administrators[board.partnership_id])
    return found


def _members(
    session: Session, board_ids: Collection[int], now: datetime, role: BoardRole | None = None
) -> Mapping[int, set[int]]:
    """Who sits on each board today, or sits there as this."""
    today = london_day(now)
    chosen = select(BoardMember.board_id, BoardMember.person_id).where(
        BoardMember.board_id.in_(sorted(board_ids)),
        BoardMember.from_on <= today,
        or_(BoardMember.to_on.is_(None), BoardMember.to_on >= today),
    )
    if role is not None:
        chosen = chosen.where(BoardMember.role == role)
    found: dict[int, set[int]] = defaultdict(set)
    for board_id, person_id in session.execute(chosen, execution_options=ACROSS):
        found[board_id].add(person_id)
    return found
