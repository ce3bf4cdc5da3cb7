"""A meeting that no rule gives: called for a day, or going on with one that was adjourned."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from governance.models import Meeting, MeetingMode, MeetingPlan
from governance.planning import Plan, closed_days, plan_of, write
from governance.queries import meeting_on
from governance.sittings.queries import cycles_of_plans, meeting_that_day
from governance.timetable import StepKind
from tracker.edges.bank_holidays import BankHolidays
from tracker.kernel.period import long_date, short_date
from tracker.kernel.times import london, london_day
from tracker.ledger.deeds import claim
from tracker.people.board_models import Board

# A called meeting gets the shorter run-up, however far the board's others are apart.
SHORT_GAP_DAYS = 7
# What a meeting that goes on with another has no use for: its owners have answered.
_ASKING = (
    StepKind.AGENDA_SETTING,
    StepKind.ASK_SCHOOLS,
    StepKind.ASK,
    StepKind.CHASE,
    StepKind.LAST_CALL,
)
# Nobody calls a meeting further ahead than calendars and forward plans reach.
LATEST = timedelta(days=548)


class CannotCall(Exception):
    """A meeting cannot be called for then; the message says why in plain words."""


def new_meeting(
    session: Session,
    board: Board,
    *,
    on: date,
    starts_at: time,
    minutes: int,
    place: str | None,
    mode: MeetingMode,
    joining_link: str | None,
    now: datetime,
    holidays: BankHolidays,
    continues: Meeting | None = None,
    plan_ids: Collection[int] = (),
) -> Meeting:
    """Make a meeting with its timetable and the plans that it reviews; its agenda is the caller's.

    Raises CannotCall for a time that has passed or is too far ahead, and for a day on which the
    board is over or meets already.
    """
    begins = london(on, starts_at)
    _check(session, board, on, begins, now)
    meeting = Meeting(
        partnership_id=board.partnership_id,
        board_id=board.id,
        occurrence_on=_address(session, board, on),
        meets_on=on,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=minutes),
        place=place,
        mode=mode,
        joining_link=joining_link,
        gap_days=SHORT_GAP_DAYS,
        is_extra=True,
        continues_id=continues.id if continues is not None else None,
        changed_at=now,
        status_at=now,
    )
    session.add(meeting)
    session.flush()
    # The rule of the board makes no second meeting with this address.
    key = f"meeting:{board.uid}:{meeting.occurrence_on.isoformat()}"
    claim(session, key, now=now)
    plan = plan_of(
        session,
        board,
        begins,
        SHORT_GAP_DAYS,
        holidays,
        closed_days(session, board.partnership_id),
        today=london_day(now),
    )
    write(session, meeting, _without_asks(plan) if continues is not None else plan)
    cycles = cycles_of_plans(session, board)
    for plan_id in sorted(set(plan_ids) & set(cycles)):
        session.add(
            MeetingPlan(
                partnership_id=board.partnership_id,
                meeting_id=meeting.id,
                plan_id=plan_id,
                cycle_id=cycles[plan_id],
            )
        )
    session.flush()
    return meeting


def _check(session: Session, board: Board, on: date, begins: datetime, now: datetime) -> None:
    if begins <= now:
        raise CannotCall("That time has passed. Give a day and time to come.")
    if begins - now > LATEST:
        raise CannotCall("That is more than eighteen months ahead. Give an earlier day.")
    if board.ends_on is not None and on > board.ends_on:
        raise CannotCall(
            f"{board.name} ends on {long_date(board.ends_on)}. Give a day before that."
        )
    if meeting_that_day(session, board, on) is not None:
        raise CannotCall(f"{board.name} meets on {short_date(on)} already.")


def _address(session: Session, board: Board, on: date) -> date:
    """The day that addresses the meeting: its own, or the next that no other meeting has."""
    while meeting_on(session, board.partnership_id, board.id, on) is not None:
        on += timedelta(days=1)
    return on


def _without_asks(plan: Plan) -> Plan:
    return {kind: step for kind, step in plan.items() if kind not in _ASKING}
