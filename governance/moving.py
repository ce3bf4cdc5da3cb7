"""A meeting moved to another day, and timetables planned anew: asks and calendars follow.

What was done stays done. What was not is planned from the new day; where its time has passed by
then, it is due at once (`docs/decisions/moved-meetings.md`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from actions.asks import close_with, move_asks
from governance import planning
from governance.models import Meeting, MeetingStatus, TimetableStep
from governance.operations import ask
from governance.planning import (
    StepChange,
    anew,
    changes,
    closed_days,
    closing_step,
    plan_of,
    settings_of,
)
from governance.queries import meetings, steps
from governance.sittings.asking_again import ask_anew, asked_again, that_have_asked
from governance.timetable import StepKind
from tracker.edges.bank_holidays import BankHolidays
from tracker.kernel.period import short_date
from tracker.kernel.times import london, london_day
from tracker.kernel.working_days import clear_days_between
from tracker.people.closed_periods import add_period, end_period
from tracker.people.models import Audience, ClosedPeriod, Partnership


class CannotMove(Exception):
    """A meeting cannot be moved there; the message says why in plain words."""


@dataclass(frozen=True)
class Move:
    """What moving a meeting does: its new time, what becomes of each step, what the law says.

    ``unlawful`` is a sentence where access-to-meetings law applies and its day has passed.
    """

    starts_at: datetime
    ends_at: datetime
    steps: tuple[StepChange, ...]
    unlawful: str | None = None

    @property
    def in_words(self) -> str:
        """How many steps of its timetable move."""
        number = sum(change.moves for change in self.steps)
        if number == 1:
            return "1 step of its timetable moves."
        return f"{number} steps of its timetable move."


def plan_move(
    session: Session,
    meeting: Meeting,
    *,
    to: date,
    starts_at: time,
    now: datetime,
    holidays: BankHolidays,
) -> Move:
    """What moving a meeting would do; it keeps its length. Nothing is changed.

    A postponed meeting gets its new day so. Raises CannotMove for a meeting that is held or
    cancelled, a time that has passed, the time at which it meets already, or a day on which its
    board has another meeting.
    """
    return _move(session, meeting, steps(session, meeting), to, starts_at, now, holidays)


def move_meeting(
    session: Session,
    meeting: Meeting,
    *,
    to: date,
    starts_at: time,
    now: datetime,
    holidays: BankHolidays,
) -> Move:
    """Move a meeting to another day or time, with its timetable and its asks.

    The day its rule gave stays its address, and its calendar entry moves in place. Meetings that
    it shared its asks with ask for themselves where they are too far from the new day; one that
    moves far later asks its owners again near its new day. Raises what ``plan_move`` raises.
    """
    rows = planning.locked(session, meeting)
    move = _move(session, meeting, rows, to, starts_at, now, holidays)
    before = meeting.meets_on
    if meeting.status is MeetingStatus.POSTPONED:
        meeting.status, meeting.status_words = MeetingStatus.PLANNED, None
        meeting.status_at = now
    meeting.meets_on = to
    meeting.starts_at = move.starts_at
    meeting.ends_at = move.ends_at
    meeting.sequence += 1
    meeting.changed_at = now
    planning.apply(session, meeting, rows, move.steps)
    move_asks(
        session,
        meeting.partnership_id,
        board_id=meeting.board_id,
        from_on=before,
        to_on=to,
        closes_at=closing_step(session, meeting).planned_at,
    )
    if to != before:
        for other in that_have_asked(session, meeting, before):
            ask(session, other, now=now, served_on=before if other.id == meeting.id else None)
        ask_anew(rows, move.steps)
        session.flush()
    return move


def add_closed_period(
    session: Session,
    partnership_id: int,
    *,
    name: str,
    from_on: date,
    to_on: date,
    audience: Audience,
    holds_publishing: bool,
    now: datetime,
    holidays: BankHolidays,
) -> int:
    """Keep a closed period and plan the coming meetings anew; returns how many steps moved."""
    add_period(
        session,
        partnership_id,
        name=name,
        from_on=from_on,
        to_on=to_on,
        audience=audience,
        holds_publishing=holds_publishing,
    )
    return plan_anew(session, partnership_id, now=now, holidays=holidays)


def end_closed_period(
    session: Session, period: ClosedPeriod, *, now: datetime, holidays: BankHolidays
) -> int:
    """End a closed period today and plan the coming meetings anew; returns how many steps moved."""
    end_period(session, period, today=london_day(now))
    return plan_anew(session, period.partnership_id, now=now, holidays=holidays)


def plan_anew(
    session: Session,
    partnership_id: int,
    *,
    now: datetime,
    holidays: BankHolidays,
    board_ids: Collection[int] | None = None,
) -> int:
    """Plan what was not done yet of every coming meeting anew; returns how many steps moved.

    ``board_ids``: of these boards only. Open asks close with their meeting's updates. Updates that
    were reopened keep their close.
    """
    closed = closed_days(session, partnership_id)
    moved = 0
    for meeting in meetings(session, partnership_id, after=now, board_ids=board_ids):
        if meeting.status is not MeetingStatus.PLANNED:
            continue
        rows = planning.locked(session, meeting)
        plan = plan_of(
            session,
            meeting.board,
            meeting.starts_at,
            meeting.gap_days,
            holidays,
            closed,
            today=london_day(now),
        )
        wanted = anew(rows, plan, now)
        moved += planning.apply(session, meeting, rows, wanted)
        if any(one.kind is StepKind.UPDATES_CLOSE and one.moves for one in wanted):
            close_with(
                session,
                partnership_id,
                board_id=meeting.board_id,
                for_on=meeting.meets_on,
                closes_at=closing_step(session, meeting).planned_at,
            )
    return moved


def _move(
    session: Session,
    meeting: Meeting,
    rows: Sequence[TimetableStep],
    to: date,
    at: time,
    now: datetime,
    holidays: BankHolidays,
) -> Move:
    starts_at = london(to, at)
    _check(session, meeting, to, starts_at, now)
    plan = plan_of(
        session,
        meeting.board,
        starts_at,
        meeting.gap_days,
        holidays,
        closed_days(session, meeting.partnership_id),
        today=london_day(now),
    )
    near = timedelta(days=session.get_one(Partnership, meeting.partnership_id).one_ask_days)
    return Move(
        starts_at=starts_at,
        ends_at=starts_at + (meeting.ends_at - meeting.starts_at),
        steps=asked_again(
            rows, plan, changes(rows, plan, now), by=to - meeting.meets_on, near=near, now=now
        ),
        unlawful=_unlawful(session, meeting, rows, plan[StepKind.PUBLISH][0].on, to, now, holidays),
    )


def _check(
    session: Session, meeting: Meeting, to: date, starts_at: datetime, now: datetime
) -> None:
    if not meeting.status.is_to_come:
        raise CannotMove(f"This meeting was {meeting.status.value}, so it is not moved.")
    is_planned = meeting.status is MeetingStatus.PLANNED
    if is_planned and meeting.starts_at <= now:
        raise CannotMove("This meeting has begun, so it is not moved.")
    if starts_at <= now:
        raise CannotMove("That time has passed. Give a day and time to come.")
    if is_planned and starts_at == meeting.starts_at:
        raise CannotMove("It meets then already. Give another day or time.")
    for other in meetings(session, meeting.partnership_id, board_ids=[meeting.board_id]):
        if other.id == meeting.id or other.status is MeetingStatus.POSTPONED:
            continue
        if other.meets_on == to and not other.status.fell_away:
            raise CannotMove(f"{meeting.board.name} meets on {short_date(to)} already.")


def _unlawful(
    session: Session,
    meeting: Meeting,
    rows: Sequence[TimetableStep],
    publish_on: date,
    to: date,
    now: datetime,
    holidays: BankHolidays,
) -> str | None:
    """What to say where the law's clear days between publishing and the meeting are too few."""
    settings = settings_of(session, meeting.board)
    if not settings.access_to_meetings:
        return None
    law = f"The law asks for {settings.clear_days} clear days between publishing and the meeting."
    done_at = next((row.done_at for row in rows if row.kind is StepKind.PUBLISH), None)
    if done_at is not None:
        days = holidays.between(to.year - 1, to.year)
        left = clear_days_between(london_day(done_at), to, days)
        if left < settings.clear_days:
            return (
                f"{law} The pack was published on {short_date(london_day(done_at))}: {left} left."
            )
    elif publish_on < london_day(now):
        return f"{law} The pack had to be published by {short_date(publish_on)}, which has passed."
    return None
