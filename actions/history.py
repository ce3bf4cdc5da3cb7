"""An action's history as one list: progress, changes of deadline, completion confirmed."""

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
) -> list[Event]:
    """Everything that was recorded of an action, newest first."""
    events = [of_entry(entry) for entry in entries]
    events += [_of_change(change) for change in changes]
    if confirmed_at is not None:
        events.append(
            Event(recorded_at=confirmed_at, title="Completion confirmed", who=confirmed_by)
        )
    return sorted(events, key=lambda event: event.recorded_at, reverse=True)


def of_entry(entry: EntryFacts) -> Event:
    """A progress entry with everything that it says."""
    said = (
        ("Cause", entry.cause),
        ("Recovery action", entry.recovery),
        ("Expected", _day(entry.forecast_on)),
        ("Help needed from the board", entry.help_needed),
        ("Evidence", entry.evidence),
        ("Next step", entry.next_step),
        ("Next step by", _day(entry.next_step_on)),
    )
    return Event(
        recorded_at=entry.entered_at,
        title="No change" if entry.is_no_change else _TITLES[entry.lifecycle],
        who=entry.person,
        rating=entry.rating.value,
        text=entry.happened,
        details=tuple((label, value) for label, value in said if value),
    )


def _of_change(change: DeadlineChange) -> Event:
    said = (
        ("From", change.before),
        ("To", change.after),
        ("Reason", change.reason),
        ("Agreed by", change.board),
    )
    return Event(
        recorded_at=change.set_at,
        title="Deadline changed",
        who=change.person,
        details=tuple((label, value) for label, value in said if value),
    )


def _day(on: date | None) -> str | None:
    return short_date(on) if on else None
