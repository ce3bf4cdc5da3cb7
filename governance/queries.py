"""Reading cycles, meetings, agendas, the action log, packs and calendar links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from governance.agenda_models import AgendaItem, ItemStatus
from governance.feed_models import FeedLink
from governance.log_models import MeetingAction, MeetingActionStatus
from governance.models import (
    FELL_AWAY,
    Meeting,
    MeetingBoard,
    MeetingPlan,
    MeetingStatus,
    ReviewCycle,
    TimetableStep,
)
from governance.pack_models import Pack, PackPart, PackStatus
from plans.models import Plan
from tracker.edges.tenancy import ACROSS
from tracker.people.board_models import Board


def meetings(
    session: Session,
    partnership_id: int,
    *,
    board_ids: Iterable[int] | None = None,
    after: datetime | None = None,
    before: datetime | None = None,
) -> Sequence[Meeting]:
    """Meetings in order of time; ``after`` is included, ``before`` is not.

    ``board_ids``: of these boards, the joint ones included that are another board's own.
    """
    chosen = select(Meeting).where(Meeting.partnership_id == partnership_id)
    if board_ids is not None:
        chosen = chosen.where(_of_boards(partnership_id, list(board_ids)))
    if after is not None:
        chosen = chosen.where(Meeting.starts_at >= after)
    if before is not None:
        chosen = chosen.where(Meeting.starts_at < before)
    return session.scalars(chosen.order_by(Meeting.starts_at, Meeting.id)).all()


def _of_boards(partnership_id: int, board_ids: list[int]) -> ColumnElement[bool]:
    """Whether a meeting is of one of these boards: its own, or joint with it."""
    joint = select(MeetingBoard.meeting_id).where(
        MeetingBoard.partnership_id == partnership_id, MeetingBoard.board_id.in_(board_ids)
    )
    return or_(Meeting.board_id.in_(board_ids), Meeting.id.in_(joint))


def boards_of(session: Session, meeting: Meeting) -> Sequence[Board]:
    """The boards that sit in a meeting: its own first, then those it is joint with, by name."""
    joint = session.scalars(
        select(Board)
        .join(MeetingBoard, MeetingBoard.board_id == Board.id)
        .where(
            Board.partnership_id == meeting.partnership_id,
            MeetingBoard.partnership_id == meeting.partnership_id,
            MeetingBoard.meeting_id == meeting.id,
        )
        .order_by(Board.name_key, Board.id)
    ).all()
    return [meeting.board, *joint]


def boards_joined(
    session: Session, partnership_id: int, meeting_ids: Iterable[int]
) -> dict[int, list[int]]:
    """The ids of the further boards of joint meetings, by meeting id."""
    found: dict[int, list[int]] = defaultdict(list)
    for meeting_id, board_id in session.execute(
        select(MeetingBoard.meeting_id, MeetingBoard.board_id)
        .where(
            MeetingBoard.partnership_id == partnership_id,
            MeetingBoard.meeting_id.in_(list(meeting_ids)),
        )
        .order_by(MeetingBoard.id)
    ):
        found[meeting_id].append(board_id)
    return dict(found)


def meeting_on(session: Session, partnership_id: int, board_id: int, on: date) -> Meeting | None:
    """A board's meeting on a day, by the day of its rule: its address."""
    return session.scalar(
        select(Meeting).where(
            Meeting.partnership_id == partnership_id,
            Meeting.board_id == board_id,
            Meeting.occurrence_on == on,
        )
    )


def next_meeting(
    session: Session, partnership_id: int, board_id: int, after: datetime
) -> Meeting | None:
    """A board's next meeting after an instant, joint or not, that neither fell away nor waits."""
    return session.scalar(
        select(Meeting)
        .where(
            Meeting.partnership_id == partnership_id,
            _of_boards(partnership_id, [board_id]),
            Meeting.starts_at > after,
            Meeting.status.not_in((*FELL_AWAY, MeetingStatus.POSTPONED)),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    )


def previous_meeting(
    session: Session, meeting: Meeting, *, board_id: int | None = None
) -> Meeting | None:
    """The board's last meeting before this one that did not fall away and is not postponed.

    ``board_id``: of this board of a joint meeting, in place of the meeting's own.
    """
    return session.scalar(
        select(Meeting)
        .where(
            Meeting.partnership_id == meeting.partnership_id,
            _of_boards(meeting.partnership_id, [board_id or meeting.board_id]),
            Meeting.starts_at < meeting.starts_at,
            Meeting.status.not_in((*FELL_AWAY, MeetingStatus.POSTPONED)),
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(1)
    )


def meeting_plans(
    session: Session, partnership_id: int, meeting_ids: Iterable[int]
) -> dict[int, list[Plan]]:
    """The plans that meetings review, by meeting id, in the order of the plans."""
    found: dict[int, list[Plan]] = defaultdict(list)
    for meeting_id, plan in session.execute(
        select(MeetingPlan.meeting_id, Plan)
        .join(Plan, Plan.id == MeetingPlan.plan_id)
        .where(
            MeetingPlan.partnership_id == partnership_id,
            MeetingPlan.meeting_id.in_(list(meeting_ids)),
        )
        .order_by(Plan.starts_on, Plan.id)
    ):
        found[meeting_id].append(plan)
    return dict(found)


def meeting_plan_rows(
    session: Session, partnership_id: int, meeting_ids: Iterable[int]
) -> dict[int, list[tuple[Plan, ReviewCycle]]]:
    """The plans that meetings review with the cycles that brought them, by meeting id."""
    found: dict[int, list[tuple[Plan, ReviewCycle]]] = defaultdict(list)
    for meeting_id, plan, cycle in session.execute(
        select(MeetingPlan.meeting_id, Plan, ReviewCycle)
        .join(Plan, Plan.id == MeetingPlan.plan_id)
        .join(ReviewCycle, ReviewCycle.id == MeetingPlan.cycle_id)
        .where(
            MeetingPlan.partnership_id == partnership_id,
            MeetingPlan.meeting_id.in_(list(meeting_ids)),
        )
        .order_by(Plan.starts_on, Plan.id)
    ):
        found[meeting_id].append((plan, cycle))
    return dict(found)


def steps(session: Session, meeting: Meeting) -> Sequence[TimetableStep]:
    """A meeting's timetable, in order."""
    return session.scalars(
        select(TimetableStep)
        .where(
            TimetableStep.partnership_id == meeting.partnership_id,
            TimetableStep.meeting_id == meeting.id,
        )
        .order_by(TimetableStep.planned_at, TimetableStep.id)
    ).all()


def agenda(
    session: Session, meeting: Meeting, *, confidential: bool = False
) -> Sequence[AgendaItem]:
    """A meeting's agenda, in order; confidential items only where the reader may see them.

    Confidential items come last, whatever their position.
    """
    chosen = select(AgendaItem).where(
        AgendaItem.partnership_id == meeting.partnership_id,
        AgendaItem.meeting_id == meeting.id,
        AgendaItem.status == ItemStatus.ON_AGENDA,
    )
    if not confidential:
        chosen = chosen.where(AgendaItem.is_confidential.is_(False))
    return session.scalars(
        chosen.order_by(AgendaItem.is_confidential, AgendaItem.position, AgendaItem.id)
    ).all()


def packs(session: Session, partnership_id: int, meeting_ids: Iterable[int]) -> Sequence[Pack]:
    """The packs of meetings, drafts first, then published by version."""
    return session.scalars(
        select(Pack)
        .where(Pack.partnership_id == partnership_id, Pack.meeting_id.in_(list(meeting_ids)))
        .order_by(Pack.meeting_id, Pack.status, Pack.version_number, Pack.id)
    ).all()


def draft_pack(session: Session, meeting: Meeting) -> Pack | None:
    """The kept draft of a meeting: what was composed when updates closed."""
    return session.scalar(
        select(Pack).where(
            Pack.partnership_id == meeting.partnership_id,
            Pack.meeting_id == meeting.id,
            Pack.status == PackStatus.DRAFT,
            Pack.part == PackPart.OPEN,
            Pack.supplement == 0,
        )
    )


def published_pack(session: Session, meeting: Meeting, version: int | None = None) -> Pack | None:
    """A published version of a meeting's open pack, the latest by default; no supplement."""
    chosen = select(Pack).where(
        Pack.partnership_id == meeting.partnership_id,
        Pack.meeting_id == meeting.id,
        Pack.status == PackStatus.PUBLISHED,
        Pack.part == PackPart.OPEN,
        Pack.supplement == 0,
    )
    if version is not None:
        chosen = chosen.where(Pack.version_number == version)
    return session.scalar(chosen.order_by(Pack.version_number.desc()).limit(1))


def action_log(
    session: Session,
    partnership_id: int,
    board_id: int,
    *,
    closed_since: date | None = None,
    confidential: bool = False,
) -> Sequence[MeetingAction]:
    """A board's open meeting actions, and those closed since a day, oldest first.

    Those of confidential items only where the reader may see them.
    """
    is_open = MeetingAction.status == MeetingActionStatus.OPEN
    wanted = is_open
    if closed_since is not None:
        wanted = or_(is_open, MeetingAction.closed_on >= closed_since)
    return session.scalars(
        select(MeetingAction)
        .options(joinedload(MeetingAction.person), joinedload(MeetingAction.organisation))
        .where(
            MeetingAction.partnership_id == partnership_id,
            MeetingAction.board_id == board_id,
            MeetingAction.is_confidential.in_((False, confidential)),
            wanted,
        )
        .order_by(MeetingAction.id)
    ).all()


def feed_links(session: Session, person_id: int) -> Sequence[FeedLink]:
    """A person's calendar links that are not revoked, newest first."""
    return session.scalars(
        select(FeedLink)
        .where(FeedLink.person_id == person_id, FeedLink.revoked_at.is_(None))
        .order_by(FeedLink.created_at.desc(), FeedLink.id.desc())
    ).all()


def feed_link_by_hash(session: Session, token_hash: str) -> FeedLink | None:
    """The live calendar link of a token's hash."""
    return session.scalar(
        select(FeedLink).where(FeedLink.token_hash == token_hash, FeedLink.revoked_at.is_(None))
    )


def next_reviews(session: Session, now: datetime) -> dict[int, date]:
    """The day of the next planned meeting that reviews each plan, by plan id, everywhere."""
    found: dict[int, date] = {}
    for plan_id, on in session.execute(
        select(MeetingPlan.plan_id, Meeting.meets_on)
        .join(Meeting, Meeting.id == MeetingPlan.meeting_id)
        .where(Meeting.starts_at > now, Meeting.status == MeetingStatus.PLANNED)
        .order_by(Meeting.starts_at.desc()),
        execution_options=ACROSS,
    ):
        found[plan_id] = on
    return found
