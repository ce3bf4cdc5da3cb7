"""What happens on which working day around one meeting. Pure.

The days are settings of a board; the ones here are what it begins with. Working days are
England's (`docs/decisions/working-days.md`), times are London's.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from tracker.kernel.working_days import working_day_after, working_day_before


class StepKind(StrEnum):
    """What is done around a meeting, in the order in which one day's steps are listed."""

    AGENDA_SETTING = "agenda-setting"
    ASK = "ask"
    CHASE = "chase"
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
    StepKind.ASK: "Owners asked for updates",
    StepKind.CHASE: "Owners who have not answered reminded",
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


@dataclass(frozen=True)
class Step:
    """One step around a meeting.

    `offset` counts working days from the meeting: -12 is T-12, 2 is T+2. `at` is a time by
    London's clock; None means by the end of the day.
    """

    kind: StepKind
    title: str
    offset: int
    on: date
    at: time | None


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
) -> tuple[Step, ...]:
    """Return every step around a meeting on `meeting_on`, in order.

    `gap_days` is how far apart the board's meetings are: at most 42 days gives the short run-up,
    more, or None, the long one. `holidays` must hold the bank holidays of the years around the
    meeting. Every step but the meeting itself falls on a working day.
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
    steps = [
        Step(kind, TITLES[kind], offset, _on(meeting_on, offset, holidays), times.get(kind))
        for kind, offset in offsets.items()
    ]
    return tuple(sorted(steps, key=lambda step: (step.on, _ORDER.index(step.kind))))


def _on(meeting_on: date, offset: int, holidays: Container[date]) -> date:
    if offset == 0:
        return meeting_on
    count = working_day_after if offset > 0 else working_day_before
    return count(meeting_on, abs(offset), holidays)
