"""A board's year, gathered from its records for the annual report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.cycle_queries import cycle_plans, cycles
from governance.documents import value_of
from governance.log_models import MeetingAction
from governance.minute_models import Attendance, AttendanceState
from governance.models import Meeting
from governance.packs.annual import SeatFacts, YearOfBoard, YearOfPlan
from governance.packs.reports import PlanMaterial
from governance.report_models import Escalation, EscalationState
from governance.reporting.queries import (
    annual_report_row,
    held_since,
    published_between,
)
from plans.models import Plan
from priorities.queries import indicators_of
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.times import london, london_day
from tracker.people.board_models import Board
from tracker.people.models import Partnership


def year_of(
    session: Session, board: Board, from_on: date, to_on: date, *, as_at: datetime
) -> YearOfBoard:
    """All that a board's annual report of a year is drafted from; confidential matter is out."""
    tenant = board.partnership_id
    first = london(from_on, time())
    last = min(london(to_on + timedelta(days=1), time()), as_at)
    held, decisions, fell_away = held_since(session, tenant, board.id, after=first, before=last)
    row = annual_report_row(session, tenant, board.id, from_on)
    return YearOfBoard(
        partnership=session.get_one(Partnership, tenant).name,
        board=board.name,
        from_on=from_on,
        to_on=to_on,
        marking=board.marking,
        foreword=row.foreword if row else None,
        looking_ahead=row.looking_ahead if row else None,
        held=tuple(held),
        fell_away=fell_away,
        seats=_seats(session, board, first, last),
        decisions=tuple(decisions),
        log_made=_log(session, board, first, last, made=True),
        log_closed=_log(session, board, first, last, made=False),
        escalated=_escalated(session, board, first, last),
        plans=_plans(session, board, first, last, london_day(as_at)),
    )


def _seats(
    session: Session, board: Board, first: datetime, last: datetime
) -> tuple[SeatFacts, ...]:
    """How often each seat was filled at the meetings whose attendance was recorded."""
    came: Counter[tuple[int | str, str, str]] = Counter()
    sent: Counter[tuple[int | str, str, str]] = Counter()
    of: Counter[tuple[int | str, str, str]] = Counter()
    rows = session.scalars(
        select(Attendance)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(
            Attendance.partnership_id == board.partnership_id,
            Attendance.board_id == board.id,
            Attendance.state != AttendanceState.IN_ATTENDANCE,
            Meeting.starts_at >= first,
            Meeting.starts_at < last,
        )
        .order_by(Attendance.name, Attendance.id)
    ).all()
    stood_in = {(row.meeting_id, row.substitute_for_id) for row in rows if row.substitute_for_id}
    for row in rows:
        if row.substitute_for_id is not None:
            continue
        seat = (row.person_id or row.name, row.name, row.organisation or "")
        of[seat] += 1
        by_substitute = (row.meeting_id, row.person_id) in stood_in
        came[seat] += row.state.is_there or by_substitute
        sent[seat] += by_substitute and not row.state.is_there
    return tuple(
        SeatFacts(name, organisation, came[seat], sent[seat], of[seat])
        for seat in of
        for _, name, organisation in [seat]
    )


def _log(session: Session, board: Board, first: datetime, last: datetime, *, made: bool) -> int:
    """How many meeting actions a year's meetings made, or how many were closed in the year."""
    chosen = (
        select(func.count(MeetingAction.id))
        .join(Meeting, Meeting.id == MeetingAction.meeting_id)
        .where(
            MeetingAction.partnership_id == board.partnership_id,
            MeetingAction.board_id == board.id,
            MeetingAction.is_confidential.is_(False),
        )
    )
    if made:
        chosen = chosen.where(Meeting.starts_at >= first, Meeting.starts_at < last)
    else:
        chosen = chosen.where(
            MeetingAction.closed_on >= london_day(first), MeetingAction.closed_on < london_day(last)
        )
    return session.scalar(chosen) or 0


def _escalated(session: Session, board: Board, first: datetime, last: datetime) -> int:
    return (
        session.scalar(
            select(func.count(Escalation.id)).where(
                Escalation.partnership_id == board.partnership_id,
                Escalation.board_id == board.id,
                Escalation.state.not_in((EscalationState.DRAFTED, EscalationState.DECLINED)),
                Escalation.decided_at >= first,
                Escalation.decided_at < last,
            )
        )
        or 0
    )


def _plans(
    session: Session, board: Board, first: datetime, last: datetime, today: date
) -> tuple[YearOfPlan, ...]:
    """Each plan that the board reviews, from its packs of the year."""
    tenant = board.partnership_id
    brings = cycle_plans(session, tenant)
    ids = {one for cycle in cycles(session, tenant, board.id) for one in brings.get(cycle.id, [])}
    packs = [
        value_of(session, pack)["facts"]["actions"]
        for pack in published_between(session, tenant, board.id, first, last)
    ]
    plans = session.scalars(
        select(Plan)
        .where(Plan.partnership_id == tenant, Plan.id.in_(sorted(ids)))
        .order_by(Plan.starts_on, Plan.id)
    ).all()
    indicators = indicators_of(session, tenant, [plan.id for plan in plans])
    found = []
    for plan in plans:
        own = [[one for one in pack if one["plan_slug"] == plan.slug] for pack in packs]
        own = [pack for pack in own if pack]
        before = own[0] if own else []
        after = own[-1] if own else []
        found.append(
            YearOfPlan(
                title=plan.full_title,
                before=_counted(before),
                after=_counted(after),
                completed=tuple(_completed(before, after)) if len(own) > 1 else (),
                material=PlanMaterial(
                    plan_id=plan.id,
                    slug=plan.slug,
                    title=plan.full_title,
                    indicators=tuple(i for i in indicators if i.plan_id == plan.id),
                ),
            )
        )
    return tuple(found)


def _counted(actions: Sequence[dict[str, object]]) -> dict[str, int]:
    closed = Lifecycle.CLOSED_NOT_COMPLETED.value
    return dict(
        Counter(
            str(one["rating"])
            for one in actions
            if one["lifecycle"] != closed and not one.get("ending")
        )
    )


def _completed(
    before: Sequence[dict[str, object]], after: Sequence[dict[str, object]]
) -> list[str]:
    done = Lifecycle.COMPLETE.value
    old = {one["uid"] for one in before if one["lifecycle"] == done}
    return [
        f"{one['reference']}. {one['title']}"
        for one in after
        if one["lifecycle"] == done and one["uid"] not in old
    ]
