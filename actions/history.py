"""An action's history as one list: progress, deadlines, and all that was decided of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from actions.said import DeadlineChange, EntryFacts
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.period import clock_words, short_date
from tracker.kernel.times import to_london

_TITLES = {
    Lifecycle.NOT_STARTED: "Not started",
    Lifecycle.IN_PROGRESS: "In progress",
    Lifecycle.COMPLETE: "Complete",
    Lifecycle.CLOSED_NOT_COMPLETED: "Closed, not completed",
}


@dataclass(frozen=True)
class Event:
    """Something that was recorded: its title, instant, signer, and what was said, by label."""

    recorded_at: datetime
    title: str
    who: str | None = None
    rating: str | None = None
    text: str | None = None
    details: tuple[tuple[str, str], ...] = ()

    @property
    def at(self) -> str:
        """The instant for machines."""
        return self.recorded_at.isoformat()

    @property
    def when(self) -> str:
        """The instant on London's clock: "3 November 2026 at 9.30am"."""
        local = to_london(self.recorded_at)
        return f"{short_date(local.date())} at {clock_words(local.time())}"


def history(
    entries: Iterable[EntryFacts],
    changes: Iterable[DeadlineChange],
    *,
    confirmed_at: datetime | None = None,
    confirmed_by: str | None = None,
    beside: Iterable[Event] = (),
) -> list[Event]:
    """Everything that was recorded of an action, newest first.

    ``beside`` is what was decided of it: agreements, holds, endings, proposals.
    """
    events = [of_entry(entry) for entry in entries]
    events += beside
    events += [_of_change(change) for change in changes]
    if confirmed_at is not None:
        events.append(
            Event(recorded_at=confirmed_at, title="Completion confirmed", who=confirmed_by)
        )
    return sorted(events, key=lambda event: event.recorded_at, reverse=True)


def event(
    recorded_at: datetime, title: str, who: str | None, *said: tuple[str, str | None]
) -> Event:
    """An event with what was said of it, by label; a label that says nothing is left out."""
    return Event(
        recorded_at=recorded_at,
        title=title,
        who=who,
        details=tuple((label, value) for label, value in said if value),
    )


def of_entry(entry: EntryFacts) -> Event:
    """A progress entry with everything that it says."""
    said = (
        ("Reason", entry.better_reason),
        ("Cause", entry.cause),
        ("Recovery action", entry.recovery),
        ("Expected", _day(entry.forecast_on)),
        ("Help needed from the board", entry.help_needed),
        ("Evidence", entry.evidence),
        ("Next step", entry.next_step),
        ("Next step by", _day(entry.next_step_on)),
        ("Cleared by", entry.cleared_by),
    )
    return Event(
        recorded_at=entry.entered_at,
        title=_title(entry),
        who=entry.who,
        rating=entry.rating.value,
        text=entry.happened,
        details=tuple((label, value) for label, value in said if value),
    )


def _of_change(change: DeadlineChange) -> Event:
    return event(
        change.set_at,
        "Deadline changed",
        change.person,
        ("From", change.before),
        ("To", change.after),
        ("Reason", change.reason),
        ("Agreed by", change.board),
    )


def _title(entry: EntryFacts) -> str:
    if entry.is_reopening:
        return "Reopened"
    return "No change" if entry.is_no_change else _TITLES[entry.lifecycle]


def _day(on: date | None) -> str | None:
    return short_date(on) if on else None
