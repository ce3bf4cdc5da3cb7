"""Where an action stands, and whether its owner was heard: facts apart from its rating."""

from datetime import date, datetime
from enum import StrEnum

from tracker.kernel.period import MONTHS, short_date


class Lifecycle(StrEnum):
    """Where an action stands. On hold is a day beside it (`on_hold_until`), not a state."""

    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    COMPLETE = "complete"
    CLOSED_NOT_COMPLETED = "closed-not-completed"

    @property
    def is_open(self) -> bool:
        """Whether there is still work to do: only then can an action be overdue."""
        return self in (Lifecycle.NOT_STARTED, Lifecycle.IN_PROGRESS)

    @property
    def is_counted(self) -> bool:
        """Whether its rating enters the counts: closed, not completed does not."""
        return self is not Lifecycle.CLOSED_NOT_COMPLETED


def is_unconfirmed(last_entry_at: datetime | None, last_closed_ask_at: datetime | None) -> bool:
    """Return whether an ask closed after the last entry. It adds words, never a colour or count."""
    if last_closed_ask_at is None:
        return False
    return last_entry_at is None or last_entry_at < last_closed_ask_at


def no_update_words(last_entry_on: date | None, today: date) -> str:
    """Return what stands beside an unconfirmed rating: "no update since March"."""
    if last_entry_on is None:
        return "no update yet"
    named = MONTHS[last_entry_on.month - 1]
    # A month of last year is named with its year: "since March" would be read as this March.
    return f"no update since {named}" + (
        "" if last_entry_on.year == today.year else f" {last_entry_on.year}"
    )


def lifecycle_words(
    lifecycle: Lifecycle, *, confirmed: bool, on_hold_until: date | None, today: date
) -> str:
    """Return where an action stands, as screens and papers say it."""
    if lifecycle.is_open and on_hold_until and today <= on_hold_until:
        return f"On hold until {short_date(on_hold_until)}"
    match lifecycle:
        case Lifecycle.NOT_STARTED:
            return "Not started"
        case Lifecycle.IN_PROGRESS:
            return "In progress"
        case Lifecycle.COMPLETE:
            return "Complete" if confirmed else "Complete, awaiting confirmation"
        case Lifecycle.CLOSED_NOT_COMPLETED:
            return "Closed, not completed"
