"""What happens on which working day around one meeting. Pure.

The days are settings of a board; the ones here are what it begins with. Working days are
England's (`docs/decisions/working-days.md`), times are London's. Closed periods move what asks
people (`docs/decisions/closed-periods.md`).
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum

from tracker.kernel.period import short_date
from tracker.kernel.working_days import working_day_after, working_day_before


class StepKind(StrEnum):
    """What is done around a meeting, in the order in which one day's steps are listed."""

    AGENDA_SETTING = "agenda-setting"
    ASK_SCHOOLS = "ask-schools"
    ASK = "ask"
    CHASE = "chase"
    LAST_CALL = "last-call"
    UPDATES_CLOSE = "updates-close"
    PAPERS_DUE = "papers-due"
    PUBLISH = "publish"
    CHAIRS_BRIEFING = "chairs-briefing"
    MEETING = "meeting"
    ACTIONS_SENT = "actions-sent"
    DRAFT_MINUTES_TO_CHAIR = "draft-minutes-to-chair"
    DRAFT_MINUTES_TO_MEMBERS = "draft-minutes-to-members"


TITLES = {
    StepKind.AGENDA_SETTING: "Agenda set with the chair",
    StepKind.ASK_SCHOOLS: "School contacts asked for updates",
    StepKind.ASK: "Owners asked for updates",
    StepKind.CHASE: "Reminder to owners who have not answered",
    StepKind.LAST_CALL: "Last call for updates",
    StepKind.UPDATES_CLOSE: "Updates close",
    StepKind.PAPERS_DUE: "Papers due",
    StepKind.PUBLISH: "Pack published",
    StepKind.CHAIRS_BRIEFING: "Chair’s briefing",
    StepKind.MEETING: "Meeting",
    StepKind.ACTIONS_SENT: "Meeting actions sent",
    StepKind.DRAFT_MINUTES_TO_CHAIR: "Draft minutes to the chair",
    StepKind.DRAFT_MINUTES_TO_MEMBERS: "Draft minutes to members",
}
_ORDER = tuple(StepKind)
# What asks people, and so does not fall in a closed period; and until when they may answer.
ASKING = (StepKind.ASK, StepKind.CHASE, StepKind.UPDATES_CLOSE)
# The longest run of closed days that a step is moved to before. Nobody is asked a season early.
LONGEST_SHIFT = timedelta(days=92)


@dataclass(frozen=True)
class ClosedDays:
    """Days on which nobody is asked, or no school contact where `for_schools`; both included."""

    name: str
    first_on: date
    last_on: date
    for_schools: bool = False
    holds_publishing: bool = False

    def holds(self, on: date) -> bool:
        """Return whether a day is one of them."""
        return self.first_on <= on <= self.last_on


@dataclass(frozen=True)
class Step:
    """One step around a meeting.

    `offset` counts working days from the meeting: -12 is T-12, 2 is T+2; closed periods move `on`
    and leave it. `at` is a time by London's clock; None means by the end of the day. `note` says
    in words what a closed period did to the step, or could not do.
    """

    kind: StepKind
    title: str
    offset: int
    on: date
    at: time | None
    note: str | None = None


@dataclass(frozen=True)
class RunUp:
    """Working days before the meeting of each step up to publication; None leaves a step out."""

    agenda_setting: int | None
    ask: int
    chase: int
    updates_close: int
    papers_due: int
    publish: int


CLOSE_MEETINGS = RunUp(None, ask=12, chase=9, updates_close=7, papers_due=7, publish=5)
FAR_MEETINGS = RunUp(25, ask=20, chase=12, updates_close=8, papers_due=7, publish=5)


@dataclass(frozen=True)
class TimetableSettings:
    """A board's settings for its timetable, all in working days save `close_gap_days`.

    Where access-to-meetings law applies, the pack is published at `clear_days` clear days,
    whatever the run-up says.

    Raises:
        ValueError: the steps would not come in their order, in plain words.
    """

    access_to_meetings: bool = False
    clear_days: int = 5
    close_gap_days: int = 42
    close: RunUp = CLOSE_MEETINGS
    far: RunUp = FAR_MEETINGS
    chairs_briefing: int = 2
    actions_sent: int = 2
    draft_minutes_to_chair: int = 5
    draft_minutes_to_members: int = 10
    asks_at: time = time(7)
    closes_at: time = time(17)

    def __post_init__(self) -> None:
        for gap_days in (self.close_gap_days, self.close_gap_days + 1):
            before = list(self.before(gap_days).values())
            if sorted(before, reverse=True) != before or before[-1] < 1:
                raise ValueError(
                    "Each step must come on or before the day of the next: agenda-setting, ask, "
                    "chase, updates close, papers due, publish, chair’s briefing, meeting."
                )
        after = [self.actions_sent, self.draft_minutes_to_chair, self.draft_minutes_to_members]
        if sorted(after) != after or after[0] < 1:
            raise ValueError("Meeting actions go out first, then draft minutes to the chair.")

    def before(self, gap_days: int | None) -> dict[StepKind, int]:
        """Return the working days before the meeting of each step, earliest first.

        `gap_days` is how far apart the board's meetings are; None for a single meeting, which
        gets the longer run-up.
        """
        close = gap_days is not None and gap_days <= self.close_gap_days
        run_up = self.close if close else self.far
        publish = self.clear_days + 1 if self.access_to_meetings else run_up.publish
        steps = {
            StepKind.AGENDA_SETTING: run_up.agenda_setting,
            StepKind.ASK: run_up.ask,
            StepKind.CHASE: run_up.chase,
            StepKind.UPDATES_CLOSE: run_up.updates_close,
            StepKind.PAPERS_DUE: run_up.papers_due,
            StepKind.PUBLISH: publish,
            StepKind.CHAIRS_BRIEFING: self.chairs_briefing,
        }
        return {kind: days for kind, days in steps.items() if days is not None}


STANDARD = TimetableSettings()


def timetable(
    meeting_on: date,
    gap_days: int | None,
    holidays: Container[date],
    settings: TimetableSettings = STANDARD,
    *,
    closed: Sequence[ClosedDays] = (),
    today: date | None = None,
) -> tuple[Step, ...]:
    """Return every step around a meeting on `meeting_on`, in order.

    `gap_days` is how far apart the board's meetings are: at most 42 days gives the short run-up,
    more, or None, the long one. `holidays` must hold the bank holidays of the years around the
    meeting. Every step but the meeting itself falls on a working day.

    Ask, chase and last call that fall on `closed` days for everybody move to the last working day
    before them; so does the close of updates where it falls on one itself, else it stays, and so
    does everything after it. What would have to move to before `today`, or over more than
    `LONGEST_SHIFT`, stays where it was, and its note says so. Where the ask falls on closed days
    for schools, school contacts have a step of their own, on the last working day before.

    The last call is on the morning of the day on which updates close, unless the chase is.
    """
    offsets = {kind: -days for kind, days in settings.before(gap_days).items()} | {
        StepKind.MEETING: 0,
        StepKind.ACTIONS_SENT: settings.actions_sent,
        StepKind.DRAFT_MINUTES_TO_CHAIR: settings.draft_minutes_to_chair,
        StepKind.DRAFT_MINUTES_TO_MEMBERS: settings.draft_minutes_to_members,
    }
    times = {
        StepKind.ASK: settings.asks_at,
        StepKind.CHASE: settings.asks_at,
        StepKind.UPDATES_CLOSE: settings.closes_at,
        StepKind.PUBLISH: settings.closes_at,
    }
    steps = {
        kind: Step(kind, TITLES[kind], offset, _on(meeting_on, offset, holidays), times.get(kind))
        for kind, offset in offsets.items()
    }
    for kind in ASKING:
        steps[kind] = _opened(steps[kind], holidays, closed, today)
    closing = steps[StepKind.UPDATES_CLOSE]
    if steps[StepKind.CHASE].on != closing.on:
        steps[StepKind.LAST_CALL] = replace(
            closing,
            kind=StepKind.LAST_CALL,
            title=TITLES[StepKind.LAST_CALL],
            at=settings.asks_at,
        )
    for_schools = _asked_before_schools_close(steps[StepKind.ASK], holidays, closed, today)
    found = [*steps.values(), *for_schools]
    return tuple(sorted(found, key=lambda step: (step.on, _ORDER.index(step.kind))))


def held_until(on: date, closed: Sequence[ClosedDays]) -> tuple[str, date] | None:
    """Return the name of what holds public publishing on a day, and the day it is free; or None.

    Periods that follow one another hold it as one.
    """
    name, free_on = None, on
    for period in sorted(closed, key=lambda one: one.first_on):
        if period.holds_publishing and period.holds(free_on):
            name = name or period.name
            free_on = period.last_on + timedelta(days=1)
    return (name, free_on) if name is not None else None


def closed_words(kind: StepKind, on: date, closed: Sequence[ClosedDays]) -> str | None:
    """Return words for a step that asks people on a day on which nobody is asked; else None."""
    if kind not in (*ASKING, StepKind.LAST_CALL):
        return None
    names = [one.name for one in closed if one.holds(on) and not one.for_schools]
    return f"falls in “{names[0]}”" if names else None


def _opened(
    step: Step, holidays: Container[date], closed: Sequence[ClosedDays], today: date | None
) -> Step:
    """The step on a day that is open for everybody, or where it was with a note that says why."""
    everybody = [period for period in closed if not period.for_schools]
    found = _before(step.on, everybody, holidays)
    if found is None:
        return step
    name, on = found
    if step.on - on > LONGEST_SHIFT or (today is not None and on < today):
        return replace(step, note=f"Falls in “{name}”, and could not be moved to before it")
    return replace(step, on=on, note=f"Before “{name}”; it was {short_date(step.on)}")


def _asked_before_schools_close(
    ask: Step, holidays: Container[date], closed: Sequence[ClosedDays], today: date | None
) -> list[Step]:
    """The step of their own that school contacts have where the ask falls on their closed days."""
    if not any(period.for_schools and period.holds(ask.on) for period in closed):
        return []
    found = _before(ask.on, closed, holidays)
    if found is None or ask.on - found[1] > LONGEST_SHIFT or (today and found[1] < today):
        return []
    name, on = found
    kind = StepKind.ASK_SCHOOLS
    return [replace(ask, kind=kind, title=TITLES[kind], on=on, note=f"Before “{name}”")]


def _before(
    on: date, closed: Sequence[ClosedDays], holidays: Container[date]
) -> tuple[str, date] | None:
    """The period that a day falls in and the last working day before it; None where it is open.

    Where that day is closed as well, the last working day before that, and so on.
    """
    name = None
    while period := next((one for one in closed if one.holds(on)), None):
        name = name or period.name
        on = working_day_before(period.first_on, 1, holidays)
    return (name, on) if name is not None else None


def _on(meeting_on: date, offset: int, holidays: Container[date]) -> date:
    if offset == 0:
        return meeting_on
    count = working_day_after if offset > 0 else working_day_before
    return count(meeting_on, abs(offset), holidays)
