"""Review cycles made, changed and ended, with the meetings that follow them."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from governance.agendas.operations import write_agendas
from governance.agendas.queries import published_of
from governance.meetings import falls_on, first_from, gap_days_on, make_meetings
from governance.models import (
    CycleKind,
    Meeting,
    MeetingPlan,
    MeetingStatus,
    ReviewCycle,
    ReviewCyclePlan,
    TimetableStep,
)
from governance.moving import move_meeting, plan_anew
from governance.operations import ask
from governance.queries import meetings, steps
from governance.reviews.changing import SURPLUS, Change, plan_change
from governance.reviews.queries import Wanted, known_of, plans_brought
from governance.sittings.operations import cancel_meeting
from governance.timetable import StepKind
from tracker.edges.bank_holidays import BankHolidays
from tracker.kernel.times import london, to_london
from tracker.ledger.deeds import claim
from tracker.people.board_models import Board
from tracker.people.models import Partnership


def save_cycle(
    session: Session,
    board: Board,
    cycle: ReviewCycle | None,
    wanted: Wanted,
    *,
    now: datetime,
    holidays: BankHolidays,
) -> tuple[ReviewCycle, Change]:
    """Make a review cycle, or change one, and have the meetings to come follow it.

    What follows is what ``plan_change`` says at this moment: meetings move with their timetables
    and asks, those without a day are cancelled, missing ones are made, and plans that the cycle
    does not bring any more leave the meetings that are not published.
    """
    change = plan_change(session, board, cycle, wanted, now=now)
    before = _brought_to(session, cycle, now) if cycle is not None else set()
    if cycle is None:
        cycle = ReviewCycle(
            partnership_id=board.partnership_id,
            board_id=board.id,
            slug=f"{board.slug[:60]}-cycle-{uuid4().hex[:12]}",
        )
        session.add(cycle)
    _write(session, cycle, wanted)
    _move(session, board, change, wanted, now=now, holidays=holidays)
    for meeting in change.revives:
        _revive(session, meeting, wanted, now=now)
    for on in change.given_up:
        # The weekly making of meetings finds this day done: another meeting stands for it.
        claim(session, f"meeting:{board.uid}:{on.isoformat()}", now=now)
    _take_plans_off(session, cycle, before, now=now)
    partnership = session.get_one(Partnership, board.partnership_id)
    make_meetings(session, partnership, holidays, now=now)
    # The latest first, so that nothing passes to a meeting that falls away next.
    for meeting in sorted(change.cancels, key=lambda one: one.starts_at, reverse=True):
        cancel_meeting(session, meeting, why=SURPLUS, now=now, holidays=holidays)
    if _space(session, board, now=now) or change.revives:
        plan_anew(session, board.partnership_id, now=now, holidays=holidays, board_ids=[board.id])
    session.flush()
    return cycle, change


def _write(session: Session, cycle: ReviewCycle, wanted: Wanted) -> None:
    cycle.kind = wanted.kind
    cycle.words = wanted.words
    cycle.rule = wanted.rule.text if wanted.rule else None
    cycle.starts_on = wanted.rule.anchor_on if wanted.rule else wanted.starts_on
    cycle.ends_on = wanted.ends_on
    cycle.once_on = wanted.once_on
    cycle.starts_at = wanted.starts_at
    cycle.minutes = wanted.minutes
    cycle.place = wanted.place
    cycle.is_coordinated = wanted.is_coordinated
    session.flush()
    rows = session.scalars(
        select(ReviewCyclePlan).where(
            ReviewCyclePlan.partnership_id == cycle.partnership_id,
            ReviewCyclePlan.cycle_id == cycle.id,
        )
    ).all()
    for row in rows:
        if row.plan_id not in wanted.plan_ids:
            session.delete(row)
    if set(wanted.plan_ids) != {row.plan_id for row in rows}:
        # The plans are part of what somebody else's open page showed.
        flag_modified(cycle, "words")
    for plan_id in sorted(set(wanted.plan_ids) - {row.plan_id for row in rows}):
        session.add(
            ReviewCyclePlan(partnership_id=cycle.partnership_id, cycle_id=cycle.id, plan_id=plan_id)
        )
    session.flush()


def _move(
    session: Session,
    board: Board,
    change: Change,
    wanted: Wanted,
    *,
    now: datetime,
    holidays: BankHolidays,
) -> None:
    """Move what moves, and have it and what keeps its day be as long, and where, as is wanted."""
    known = known_of(session, board)
    for meeting, starts_at in change.moves:
        local = to_london(starts_at)
        meeting.gap_days = gap_days_on(known, board.id, local.date())
        move_meeting(
            session, meeting, to=local.date(), starts_at=local.time(), now=now, holidays=holidays
        )
    for meeting in (*(one for one, _ in change.moves), *change.keeps):
        _describe(meeting, wanted, now)


def _describe(meeting: Meeting, wanted: Wanted, now: datetime) -> None:
    ends_at = meeting.starts_at + timedelta(minutes=wanted.minutes)
    if (meeting.ends_at, meeting.place) != (ends_at, wanted.place):
        meeting.ends_at, meeting.place = ends_at, wanted.place
        meeting.sequence += 1
        meeting.changed_at = now


def _revive(session: Session, meeting: Meeting, wanted: Wanted, *, now: datetime) -> None:
    """Plan a meeting again that an earlier change of the rule cancelled."""
    meeting.status = MeetingStatus.PLANNED
    meeting.status_words = None
    meeting.status_at = now
    meeting.sequence += 1
    meeting.changed_at = now
    meeting.starts_at = london(meeting.meets_on, wanted.at)
    meeting.ends_at = meeting.starts_at + timedelta(minutes=wanted.minutes)
    meeting.place = wanted.place
    session.flush()
    if _asks_are_out(steps(session, meeting)):
        # Its asks were withdrawn when it was cancelled.
        ask(session, meeting, now=now)


def _asks_are_out(rows: Sequence[TimetableStep]) -> bool:
    done = {row.kind for row in rows if row.done_at is not None}
    return StepKind.ASK in done and StepKind.UPDATES_CLOSE not in done


def _brought_to(session: Session, cycle: ReviewCycle, now: datetime) -> set[int]:
    """The meetings to come to which a cycle, as it stands, brings its plans."""
    every = meetings(session, cycle.partnership_id, board_ids=[cycle.board_id])
    once = first_from(every, cycle) if cycle.kind is CycleKind.ONCE else None
    return {
        meeting.id
        for meeting in every
        if meeting.status.is_to_come
        and meeting.starts_at > now
        and (falls_on(cycle, meeting) or meeting.id == once)
    }


def _take_plans_off(
    session: Session, cycle: ReviewCycle, before: AbstractSet[int], *, now: datetime
) -> None:
    """Take off the meetings to come what the cycle brought and does not bring any more.

    A meeting that took over what another owed keeps it, as does one whose pack is published.
    """
    plan_ids = set(plans_brought(session, cycle))
    after = _brought_to(session, cycle, now)
    coming = meetings(session, cycle.partnership_id, board_ids=[cycle.board_id], after=now)
    published = published_of(session, cycle.partnership_id, [one.id for one in coming])
    open_ones = [one for one in coming if one.status.is_to_come and one.id not in published]
    lost = before - after
    rows = session.scalars(
        select(MeetingPlan).where(
            MeetingPlan.partnership_id == cycle.partnership_id,
            MeetingPlan.cycle_id == cycle.id,
            MeetingPlan.meeting_id.in_([one.id for one in open_ones]),
        )
    ).all()
    gone = [row for row in rows if row.plan_id not in plan_ids or row.meeting_id in lost]
    for row in gone:
        session.delete(row)
    session.flush()
    touched = {row.meeting_id for row in gone}
    write_agendas(
        session, cycle.partnership_id, [one for one in open_ones if one.id in touched], now=now
    )


def _space(session: Session, board: Board, *, now: datetime) -> bool:
    """Have the meetings to come know how far apart they are now; whether any did not."""
    known = known_of(session, board)
    coming = meetings(session, board.partnership_id, board_ids=[board.id], after=now)
    published = published_of(session, board.partnership_id, [one.id for one in coming])
    changed = False
    for meeting in coming:
        if meeting.is_extra or meeting.id in published:
            continue
        if meeting.status is MeetingStatus.PLANNED and meeting.starts_at > now:
            gap_days = gap_days_on(known, board.id, meeting.meets_on)
            if meeting.gap_days != gap_days:
                meeting.gap_days, changed = gap_days, True
    session.flush()
    return changed
