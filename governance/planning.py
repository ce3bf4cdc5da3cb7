"""Meetings' timetables: worked out from their day, written, and planned anew when it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.models import Meeting, TimetableStep
from governance.setting_models import BoardTimetable
from governance.timetable import (
    TITLES,
    ClosedDays,
    RunUp,
    Step,
    StepKind,
    TimetableSettings,
    timetable,
)
from tracker.edges.bank_holidays import BankHolidays
from tracker.kernel.times import london, london_day
from tracker.people.board_models import Board
from tracker.people.closed_periods import closed_periods
from tracker.people.models import Audience

END_OF_DAY = time(17)
# What need not be there, and the step after which it has no use any more.
_BEFORE = {StepKind.ASK_SCHOOLS: StepKind.ASK, StepKind.LAST_CALL: StepKind.UPDATES_CLOSE}
Plan = Mapping[StepKind, tuple[Step, datetime]]


@dataclass(frozen=True)
class StepChange:
    """What becomes of one step: from when to when (None: there was none, there is none)."""

    kind: StepKind
    before: datetime | None
    after: datetime | None
    done_at: datetime | None = None
    note: str | None = None

    @property
    def title(self) -> str:
        """The step in words."""
        return TITLES[self.kind]

    @property
    def moves(self) -> bool:
        """Whether anything changes."""
        return self.before != self.after


def closed_days(session: Session, partnership_id: int) -> tuple[ClosedDays, ...]:
    """A partnership's closed periods, as the rules of timetables take them."""
    return tuple(
        ClosedDays(
            name=period.name,
            first_on=period.from_on,
            last_on=period.to_on,
            for_schools=period.audience is Audience.SCHOOLS,
            holds_publishing=period.holds_publishing,
        )
        for period in closed_periods(session, partnership_id)
    )


def settings_of(session: Session, board: Board) -> TimetableSettings:
    """A board's settings for its timetables: its own, else the standard; one query."""
    row = session.scalar(
        select(BoardTimetable).where(
            BoardTimetable.partnership_id == board.partnership_id,
            BoardTimetable.board_id == board.id,
        )
    )
    if row is None:
        return TimetableSettings(access_to_meetings=board.access_law)
    return TimetableSettings(
        access_to_meetings=board.access_law,
        clear_days=row.clear_days,
        close_gap_days=row.close_gap_days,
        close=RunUp(
            row.close_agenda_setting,
            ask=row.close_ask,
            chase=row.close_chase,
            updates_close=row.close_updates_close,
            papers_due=row.close_papers_due,
            publish=row.close_publish,
        ),
        far=RunUp(
            row.far_agenda_setting,
            ask=row.far_ask,
            chase=row.far_chase,
            updates_close=row.far_updates_close,
            papers_due=row.far_papers_due,
            publish=row.far_publish,
        ),
        chairs_briefing=row.chairs_briefing,
        actions_sent=row.actions_sent,
        draft_minutes_to_chair=row.draft_minutes_to_chair,
        draft_minutes_to_members=row.draft_minutes_to_members,
        asks_at=row.asks_at,
        closes_at=row.closes_at,
    )


def plan_of(
    session: Session,
    board: Board,
    starts_at: datetime,
    gap_days: int,
    holidays: BankHolidays,
    closed: Sequence[ClosedDays],
    *,
    today: date,
    settings: TimetableSettings | None = None,
) -> Plan:
    """Every step around a meeting that begins at an instant, with its own instant, by kind.

    ``settings``: those to plan with in place of the board's own.
    """
    on = london_day(starts_at)
    found = timetable(
        on,
        gap_days,
        holidays.between(on.year - 1, on.year + 1),
        settings or settings_of(session, board),
        closed=closed,
        today=today,
    )
    return {
        step.kind: (
            step,
            starts_at if step.kind is StepKind.MEETING else london(step.on, step.at or END_OF_DAY),
        )
        for step in found
    }


def write(session: Session, meeting: Meeting, plan: Plan) -> None:
    """Write the timetable of a new meeting."""
    for kind, (_, planned_at) in plan.items():
        _add(session, meeting, kind, planned_at)


def changes(rows: Sequence[TimetableStep], plan: Plan, now: datetime) -> list[StepChange]:
    """What a plan changes of a meeting's steps, in their order; what was done stays as it was."""
    there = {row.kind: row for row in rows}
    done = {kind for kind, row in there.items() if row.done_at is not None}
    found = []
    for kind in StepKind:
        row, planned = there.get(kind), plan.get(kind)
        if row is not None and row.done_at is not None:
            found.append(StepChange(kind, row.planned_at, row.planned_at, row.done_at))
        elif row is not None:
            step, after = planned if planned is not None else (None, None)
            found.append(StepChange(kind, row.planned_at, after, note=step.note if step else None))
        elif planned is not None and planned[1] > now and _BEFORE.get(kind) not in done:
            found.append(StepChange(kind, None, planned[1], note=planned[0].note))
    return sorted(found, key=lambda change: change.after or change.before or now)


def anew(rows: Sequence[TimetableStep], plan: Plan, now: datetime) -> list[StepChange]:
    """What a plan changes of a coming meeting whose day stays.

    Updates that were reopened keep their close, and what is due is due: nothing that is set later
    puts it off.
    """
    reopened = {row.kind for row in rows if row.round > 1}
    return [
        one
        for one in changes(rows, plan, now)
        if one.kind not in reopened and (one.before is None or one.before > now)
    ]


def apply(
    session: Session, meeting: Meeting, rows: Sequence[TimetableStep], wanted: Sequence[StepChange]
) -> int:
    """Write the changes of a meeting's steps; returns how many there are."""
    there = {row.kind: row for row in rows}
    moved = [change for change in wanted if change.moves]
    for change in moved:
        row = there.get(change.kind)
        if row is not None and change.after is not None:
            row.planned_at = change.after
        elif row is not None:
            session.delete(row)
        elif change.after is not None:
            _add(session, meeting, change.kind, change.after)
    session.flush()
    return len(moved)


def locked(session: Session, meeting: Meeting) -> Sequence[TimetableStep]:
    """A meeting's steps, read anew, with the meeting held so that nobody does or moves one."""
    session.refresh(meeting, with_for_update=True)
    return session.scalars(
        select(TimetableStep)
        .where(
            TimetableStep.partnership_id == meeting.partnership_id,
            TimetableStep.meeting_id == meeting.id,
        )
        .order_by(TimetableStep.planned_at, TimetableStep.id)
        .execution_options(populate_existing=True)
    ).all()


def closing_step(session: Session, meeting: Meeting) -> TimetableStep:
    """The step at which a meeting's updates close."""
    return session.scalars(
        select(TimetableStep).where(
            TimetableStep.partnership_id == meeting.partnership_id,
            TimetableStep.meeting_id == meeting.id,
            TimetableStep.kind == StepKind.UPDATES_CLOSE,
        )
    ).one()


def _add(session: Session, meeting: Meeting, kind: StepKind, planned_at: datetime) -> None:
    session.add(
        TimetableStep(
            partnership_id=meeting.partnership_id,
            meeting_id=meeting.id,
            kind=kind,
            planned_at=planned_at,
        )
    )
