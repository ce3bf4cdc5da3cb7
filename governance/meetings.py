"""Meetings made ahead by their boards' rules, each with its timetable and its agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.agendas.operations import write_agendas
from governance.agendas.queries import published_of
from governance.cycle_queries import cycle_plans, cycles
from governance.cycles import Rule, occurrences, usual_gap_days
from governance.models import FELL_AWAY, CycleKind, Meeting, MeetingPlan, MeetingStatus, ReviewCycle
from governance.planning import closed_days, plan_of, write
from governance.queries import meeting_plans, meetings
from governance.timetable import ClosedDays
from tracker.edges.bank_holidays import BankHolidays
from tracker.kernel.times import london, london_day
from tracker.ledger.deeds import claim
from tracker.people.board_models import Board
from tracker.people.models import Partnership

# Meetings are made eighteen months ahead, so that calendars and forward plans reach that far.
AHEAD = timedelta(days=548)
# A board with a single sitting gets the longer run-up.
NO_GAP_DAYS = 365


@dataclass(frozen=True)
class _Sitting:
    """A day on which a board's rules have it sit, and the cycles that fall on it."""

    board_id: int
    on: date
    cycles: tuple[ReviewCycle, ...]


def make_meetings(
    session: Session, partnership: Partnership, holidays: BankHolidays, *, now: datetime
) -> int:
    """Make the meetings of every cycle from today to eighteen months ahead; returns how many.

    A meeting is made once for its board and day: its key keeps the day even when it moves. Where
    one stands already on a day, because it moved there or was called, none is made. Plans
    that a cycle brings are put on meetings that are still planned, with an agenda item.
    """
    today = london_day(now)
    made = 0
    known = cycles(session, partnership.id)
    closed = closed_days(session, partnership.id)
    boards = {
        board.id: board
        for board in session.scalars(select(Board).where(Board.partnership_id == partnership.id))
    }
    taken = days_taken(session, partnership.id)
    for sitting in _sittings(known, today, today + AHEAD):
        board = boards[sitting.board_id]
        if board.ends_on and sitting.on > board.ends_on:
            continue
        if (board.id, sitting.on) in taken:
            continue
        key = f"meeting:{board.uid}:{sitting.on.isoformat()}"
        if claim(session, key, now=now):
            _make_meeting(session, board, sitting, known, holidays, closed, now=now)
            made += 1
    session.flush()
    _bring_plans(session, partnership, known, now=now)
    return made


def days_taken(session: Session, partnership_id: int) -> set[tuple[int, date]]:
    """The boards and days for which there is a meeting: where it meets, and its rule's day.

    Those that fell away count: a day that was cancelled is not made again.
    """
    rows = session.execute(
        select(Meeting.board_id, Meeting.occurrence_on, Meeting.meets_on).where(
            Meeting.partnership_id == partnership_id
        )
    )
    return {(board_id, on) for board_id, *days in rows for on in days}


def _sittings(known: Sequence[ReviewCycle], first: date, last: date) -> list[_Sitting]:
    found: dict[tuple[int, date], list[ReviewCycle]] = {}
    for cycle in known:
        if cycle.kind is CycleKind.RECURRENCE:
            for on in occurrences(rule_of(cycle), first, last):
                found.setdefault((cycle.board_id, on), []).append(cycle)
    return [
        _Sitting(board_id, on, tuple(brought))
        for (board_id, on), brought in sorted(found.items(), key=lambda item: item[0][::-1])
    ]


def rule_of(cycle: ReviewCycle) -> Rule:
    """The rule of a cycle that recurs."""
    assert cycle.rule is not None
    assert cycle.starts_on is not None
    return Rule(cycle.rule, cycle.starts_on, cycle.ends_on)


def gap_days_on(known: Sequence[ReviewCycle], board_id: int, on: date) -> int:
    """How far apart a board's meetings are on a day, by the closest of its rules, in days."""
    gaps = [
        usual_gap_days(rule_of(cycle))
        for cycle in known
        if cycle.board_id == board_id
        and cycle.kind is CycleKind.RECURRENCE
        and (cycle.ends_on is None or cycle.ends_on >= on)
    ]
    return min((gap for gap in gaps if gap), default=NO_GAP_DAYS)


def _make_meeting(
    session: Session,
    board: Board,
    sitting: _Sitting,
    known: Sequence[ReviewCycle],
    holidays: BankHolidays,
    closed: Sequence[ClosedDays],
    *,
    now: datetime,
) -> None:
    cycle = sitting.cycles[0]
    starts_at = london(sitting.on, cycle.starts_at or time(10))
    gap_days = gap_days_on(known, board.id, sitting.on)
    meeting = Meeting(
        partnership_id=board.partnership_id,
        board_id=board.id,
        occurrence_on=sitting.on,
        meets_on=sitting.on,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=cycle.minutes),
        place=cycle.place,
        gap_days=gap_days,
        changed_at=now,
    )
    session.add(meeting)
    session.flush()
    today = london_day(now)
    plan = plan_of(session, board, starts_at, gap_days, holidays, closed, today=today)
    write(session, meeting, plan)


def _bring_plans(
    session: Session, partnership: Partnership, known: Sequence[ReviewCycle], *, now: datetime
) -> None:
    """Put the plans that cycles bring on the meetings that are planned and not published yet."""
    brings = cycle_plans(session, partnership.id)
    every = meetings(session, partnership.id)
    coming = [m for m in every if m.status is MeetingStatus.PLANNED and m.starts_at >= now]
    published = published_of(session, partnership.id, [meeting.id for meeting in coming])
    coming = [meeting for meeting in coming if meeting.id not in published]
    there = meeting_plans(session, partnership.id, [meeting.id for meeting in coming])
    open_ = [meeting for meeting in every if meeting.id not in published]
    brought = _brought_by(session, partnership.id)
    taken = {
        cycle.id: brought.get(cycle.id) or first_from(open_, cycle)
        for cycle in known
        if cycle.once_on
    }
    for meeting in coming:
        wanted: dict[int, int] = {}
        for cycle in known:
            falls = falls_on(cycle, meeting) or taken.get(cycle.id) == meeting.id
            if cycle.board_id == meeting.board_id and falls:
                for plan_id in brings.get(cycle.id, []):
                    wanted.setdefault(plan_id, cycle.id)
        have = {plan.id for plan in there.get(meeting.id, [])}
        missing = {plan_id: cycle_id for plan_id, cycle_id in wanted.items() if plan_id not in have}
        for plan_id, cycle_id in missing.items():
            session.add(
                MeetingPlan(
                    partnership_id=partnership.id,
                    meeting_id=meeting.id,
                    plan_id=plan_id,
                    cycle_id=cycle_id,
                )
            )
    session.flush()
    write_agendas(session, partnership.id, coming, now=now)


def _brought_by(session: Session, partnership_id: int) -> dict[int, int]:
    """The first meeting to which each cycle brought a plan, of those that did not fall away."""
    rows = session.execute(
        select(MeetingPlan.cycle_id, Meeting.id)
        .join(Meeting, Meeting.id == MeetingPlan.meeting_id)
        .where(MeetingPlan.partnership_id == partnership_id, Meeting.status.not_in(FELL_AWAY))
        .order_by(Meeting.starts_at.desc())
    )
    return {cycle_id: meeting_id for cycle_id, meeting_id in rows}


def first_from(every: Sequence[Meeting], cycle: ReviewCycle) -> int | None:
    """The meeting that takes a review that comes once: the board's first on or after its day."""
    return next(
        (
            meeting.id
            for meeting in every
            if meeting.board_id == cycle.board_id
            and not meeting.status.fell_away
            and cycle.once_on is not None
            and meeting.meets_on >= cycle.once_on
            and (cycle.ends_on is None or meeting.meets_on <= cycle.ends_on)
        ),
        None,
    )


def falls_on(cycle: ReviewCycle, meeting: Meeting) -> bool:
    """Whether a cycle that recurs, or comes at every meeting, comes to this one."""
    on = meeting.occurrence_on
    if cycle.kind is CycleKind.RECURRENCE:
        # A meeting that moved with its rule meets on a day of the new one, not of the old.
        days = {on, meeting.meets_on}
        return any(occurrences(rule_of(cycle), day, day) for day in days)
    if cycle.kind is CycleKind.EVERY_MEETING:
        return (cycle.starts_on is None or cycle.starts_on <= on) and (
            cycle.ends_on is None or on <= cycle.ends_on
        )
    return False
