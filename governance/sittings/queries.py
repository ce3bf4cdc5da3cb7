"""Reading what may become of a meeting, which boards it joins, how its pack stands to the law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.ask_models import Ask
from governance import queries
from governance.decision_models import Decision
from governance.log_models import MeetingAction
from governance.minute_models import Attendance, ItemMinute
from governance.models import (
    FELL_AWAY,
    Meeting,
    MeetingBoard,
    MeetingStatus,
    ReviewCycle,
    ReviewCyclePlan,
)
from governance.pack_models import Pack, PackPart, PackStatus
from governance.planning import settings_of
from governance.sittings.rules import Lawfulness, judged
from plans.models import Plan
from tracker.edges.bank_holidays import BankHolidays
from tracker.people.board_models import Board


def further_boards(session: Session, meeting: Meeting) -> Sequence[Board]:
    """The boards that a joint meeting has besides its own, by name."""
    return queries.boards_of(session, meeting)[1:]


def meeting_board(session: Session, meeting: Meeting, board_id: int) -> MeetingBoard | None:
    """The row by which a further board takes part in a meeting."""
    return session.scalar(
        select(MeetingBoard).where(
            MeetingBoard.partnership_id == meeting.partnership_id,
            MeetingBoard.meeting_id == meeting.id,
            MeetingBoard.board_id == board_id,
        )
    )


def meeting_that_day(session: Session, board: Board, on: date) -> Meeting | None:
    """A board's own meeting on a day, by when it meets; none that fell away or is postponed."""
    return session.scalar(
        select(Meeting)
        .where(
            Meeting.partnership_id == board.partnership_id,
            Meeting.board_id == board.id,
            Meeting.meets_on == on,
            Meeting.status.not_in((*FELL_AWAY, MeetingStatus.POSTPONED)),
        )
        .limit(1)
    )


def takes_over(session: Session, meeting: Meeting, *, now: datetime) -> Meeting | None:
    """The meeting to which passes what this one owed: its board's next planned, unpublished one."""
    published = select(Pack.meeting_id).where(
        Pack.partnership_id == meeting.partnership_id, Pack.status == PackStatus.PUBLISHED
    )
    return session.scalar(
        select(Meeting)
        .where(
            Meeting.partnership_id == meeting.partnership_id,
            Meeting.board_id == meeting.board_id,
            Meeting.id != meeting.id,
            Meeting.status == MeetingStatus.PLANNED,
            Meeting.starts_at > now,
            Meeting.id.not_in(published),
        )
        # What was due later is not brought forward, unless nothing is planned after it.
        .order_by(Meeting.starts_at <= meeting.starts_at, Meeting.starts_at, Meeting.id)
        .limit(1)
    )


def has_records(session: Session, meeting: Meeting) -> bool:
    """Whether something is recorded of a meeting: who came, minutes, decisions, meeting actions.

    It tells only that there is something, so it counts confidential records as well.
    """
    return any(
        session.scalar(
            select(table.id)
            .where(table.partnership_id == meeting.partnership_id, table.meeting_id == meeting.id)
            .limit(1)
        )
        is not None
        for table in (Decision, ItemMinute, MeetingAction)
    ) or _somebody_came(session, meeting)


def _somebody_came(session: Session, meeting: Meeting) -> bool:
    states = session.scalars(
        select(Attendance.state).where(
            Attendance.partnership_id == meeting.partnership_id,
            Attendance.meeting_id == meeting.id,
        )
    )
    return any(state.is_there for state in states) and meeting.is_quorate is not False


def open_asks(session: Session, meeting: Meeting) -> int:
    """How many asks for a meeting are open."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Ask)
            .where(
                Ask.partnership_id == meeting.partnership_id,
                Ask.board_id == meeting.board_id,
                Ask.for_on == meeting.meets_on,
                Ask.closed_at.is_(None),
                Ask.answered_at.is_(None),
            )
        )
        or 0
    )


def cycles_of_plans(session: Session, board: Board) -> dict[int, int]:
    """The cycle by which a board reviews each plan that it reviews, by plan id."""
    found: dict[int, int] = {}
    for plan_id, cycle_id in session.execute(
        select(ReviewCyclePlan.plan_id, ReviewCyclePlan.cycle_id)
        .join(ReviewCycle, ReviewCycle.id == ReviewCyclePlan.cycle_id)
        .where(
            ReviewCyclePlan.partnership_id == board.partnership_id,
            ReviewCycle.board_id == board.id,
        )
        .order_by(ReviewCyclePlan.id)
    ):
        found.setdefault(plan_id, cycle_id)
    return found


def plans_reviewed(session: Session, board: Board) -> Sequence[Plan]:
    """The plans that a board's cycles bring, in the order of the plans."""
    return session.scalars(
        select(Plan)
        .where(
            Plan.partnership_id == board.partnership_id,
            Plan.id.in_(list(cycles_of_plans(session, board))),
        )
        .order_by(Plan.starts_on, Plan.id)
    ).all()


def first_published_at(session: Session, meeting: Meeting) -> datetime | None:
    """When the first version of a meeting's open pack was published; None: it was not."""
    return session.scalar(
        select(func.min(Pack.published_at)).where(
            Pack.partnership_id == meeting.partnership_id,
            Pack.meeting_id == meeting.id,
            Pack.status == PackStatus.PUBLISHED,
            Pack.part == PackPart.OPEN,
            Pack.supplement == 0,
        )
    )


def lawfulness(
    session: Session, meeting: Meeting, now: datetime, holidays: BankHolidays
) -> Lawfulness | None:
    """How a meeting's pack stands to the law's clear days; None where that law does not apply.

    None as well for a meeting that fell away, or whose day is not fixed.
    """
    board = meeting.board
    if not board.access_law or meeting.status.fell_away:
        return None
    if meeting.status is MeetingStatus.POSTPONED:
        return None
    return judged(
        meeting_on=meeting.meets_on,
        clear_days=settings_of(session, board).clear_days,
        published_at=first_published_at(session, meeting),
        now=now,
        holidays=holidays.between(meeting.meets_on.year - 1, meeting.meets_on.year),
    )


@dataclass(frozen=True)
class Owed:
    """What a meeting owes now, and to which it would pass; None: to none."""

    to: Meeting | None
    plans: Sequence[Plan]
    asks: int


def owed(session: Session, meeting: Meeting, *, now: datetime) -> Owed:
    """What would pass on if this meeting fell away; nothing is changed."""
    plans = queries.meeting_plans(session, meeting.partnership_id, [meeting.id])
    return Owed(
        takes_over(session, meeting, now=now),
        plans.get(meeting.id, []),
        open_asks(session, meeting),
    )
