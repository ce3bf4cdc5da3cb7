"""Reading what a review cycle would do: its dates with their timetables, and what it moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.cycle_queries import cycles
from governance.cycles import Rule, occurrences, usual_gap_days
from governance.meetings import gap_days_on, rule_of
from governance.models import CycleKind, ReviewCycle, ReviewCyclePlan
from governance.planning import closed_days, plan_of, settings_of
from governance.reviews.warnings import warnings
from governance.timetable import Step
from tracker.edges.bank_holidays import BankHolidays
from tracker.kernel.period import clock_words, short_date
from tracker.kernel.times import london, london_day, to_london
from tracker.kernel.working_days import is_working_day
from tracker.people.board_models import Board

DATES = 12
BEGINS_AT = time(10)  # where a cycle says no time
LOOK_ON = timedelta(days=366 * 15)


@dataclass(frozen=True)
class Wanted:
    """A review cycle as it is to be; its rule is one that was checked."""

    kind: CycleKind
    words: str
    rule: Rule | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    once_on: date | None = None
    starts_at: time | None = None
    minutes: int = 120
    place: str | None = None
    is_coordinated: bool = False
    plan_ids: tuple[int, ...] = ()

    @property
    def at(self) -> time:
        """When its meetings begin, by London's clock."""
        return self.starts_at or BEGINS_AT

    def called(self, words: str) -> Wanted:
        """The same under another name."""
        return replace(self, words=words)


@dataclass(frozen=True)
class DateAhead:
    """A day of a rule: when its meeting begins, every step around it, and what to know of it.

    ``warnings`` say that the meeting itself is on a day that nobody works or that is closed;
    ``skipped`` names the bank holidays that its timetable leaves out.
    """

    starts_at: datetime
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]
    skipped: tuple[str, ...]

    @property
    def on(self) -> date:
        """The day in London."""
        return london_day(self.starts_at)

    @property
    def at(self) -> str:
        """The time by London's clock, in words."""
        return clock_words(to_london(self.starts_at).time())

    @property
    def shifted(self) -> tuple[Step, ...]:
        """The steps with which a closed period did something."""
        return tuple(step for step in self.steps if step.note)


def cycle_by_uid(
    session: Session, partnership_id: int, board_id: int, uid: UUID
) -> ReviewCycle | None:
    """One review cycle of a board."""
    return session.scalar(
        select(ReviewCycle).where(
            ReviewCycle.partnership_id == partnership_id,
            ReviewCycle.board_id == board_id,
            ReviewCycle.uid == uid,
        )
    )


def plans_brought(session: Session, cycle: ReviewCycle) -> tuple[int, ...]:
    """The ids of the plans that a cycle brings."""
    return tuple(
        session.scalars(
            select(ReviewCyclePlan.plan_id)
            .where(
                ReviewCyclePlan.partnership_id == cycle.partnership_id,
                ReviewCyclePlan.cycle_id == cycle.id,
            )
            .order_by(ReviewCyclePlan.plan_id)
        )
    )


def as_it_is(session: Session, cycle: ReviewCycle) -> Wanted:
    """A review cycle as it stands."""
    return Wanted(
        kind=cycle.kind,
        words=cycle.words,
        rule=rule_of(cycle) if cycle.kind is CycleKind.RECURRENCE else None,
        starts_on=cycle.starts_on,
        ends_on=cycle.ends_on,
        once_on=cycle.once_on,
        starts_at=cycle.starts_at,
        minutes=cycle.minutes,
        place=cycle.place,
        is_coordinated=cycle.is_coordinated,
        plan_ids=plans_brought(session, cycle),
    )


def ended(wanted: Wanted, on: date) -> Wanted:
    """A cycle with a last day; one that has not begun by then never brings anything."""
    starts_on = min(wanted.starts_on, on) if wanted.starts_on else None
    rule = wanted.rule
    if rule is not None:
        rule = Rule(rule.text, min(rule.anchor_on, on), on)
    return replace(wanted, rule=rule, starts_on=starts_on, ends_on=on)


def dates_ahead(
    session: Session,
    board: Board,
    cycle: ReviewCycle | None,
    wanted: Wanted,
    *,
    now: datetime,
    holidays: BankHolidays,
) -> list[DateAhead]:
    """The next twelve days of a recurrence, each with its timetable; none for other kinds."""
    if wanted.rule is None:
        return []
    today = london_day(now)
    days = [
        on
        for on in occurrences(wanted.rule, today, today + LOOK_ON)
        if london(on, wanted.at) > now and (board.ends_on is None or on <= board.ends_on)
    ]
    closed, settings = closed_days(session, board.partnership_id), settings_of(session, board)
    others = [one for one in known_of(session, board) if cycle is None or one.id != cycle.id]
    found = []
    for on in islice(days, DATES):
        starts_at = london(on, wanted.at)
        gap_days = min(gap_days_on(others, board.id, on), usual_gap_days(wanted.rule) or 365)
        plan = plan_of(
            session, board, starts_at, gap_days, holidays, closed, today=today, settings=settings
        )
        steps = tuple(step for step, _ in plan.values())
        names = holidays.names(on.year - 1, on.year + 1)
        found.append(
            DateAhead(
                starts_at=starts_at,
                steps=tuple(sorted(steps, key=lambda step: step.on)),
                warnings=tuple(warnings(on, names, closed)),
                skipped=_skipped(on, steps, names),
            )
        )
    return found


def _skipped(on: date, steps: Sequence[Step], names: Mapping[date, str]) -> tuple[str, ...]:
    first, last = min(step.on for step in steps), max(step.on for step in steps)
    return tuple(
        f"{name}, {short_date(day)}"
        for day, name in sorted(names.items())
        if first <= day <= last and day != on and is_working_day(day, ())
    )


def known_of(session: Session, board: Board) -> Sequence[ReviewCycle]:
    """A board's review cycles."""
    return cycles(session, board.partnership_id, board.id)
