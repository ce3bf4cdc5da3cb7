"""What may become of a meeting, and until when the law lets its pack be published. Pure."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracker.kernel.period import long_date, short_date
from tracker.kernel.times import london_day
from tracker.kernel.working_days import clear_days_between, published_by


class Becoming(StrEnum):
    """What a secretary makes of a meeting, as its page's address names it."""

    CANCEL = "cancel"
    POSTPONE = "postpone"
    ADJOURN = "adjourn"
    LAPSE = "lapse"


# The words of the statuses that a meeting can leave; the records' own enumeration has the rest.
PLANNED, POSTPONED = "planned", "postponed"
SAT = ("held", "held inquorate")


def why_not(
    becoming: Becoming, status: str, *, has_begun: bool, has_records: bool = False
) -> str | None:
    """Why this cannot become of a meeting, in plain words; None where it can.

    A meeting is cancelled or postponed before it begins, adjourned or lapsed after that; one of
    which decisions or minutes are recorded did not lapse.
    """
    if becoming in (Becoming.CANCEL, Becoming.POSTPONE):
        if becoming is Becoming.CANCEL and status == POSTPONED:
            return None
        if status != PLANNED:
            return f"This meeting was {status} already."
        if has_begun:
            return "This meeting has begun. Say that it was adjourned, or that it lapsed."
        return None
    if status == PLANNED:
        return None if has_begun else "This meeting has not begun. Cancel or postpone it instead."
    if status not in SAT:
        return f"This meeting was {status} already."
    if becoming is Becoming.LAPSE and has_records:
        return "Something is recorded of this meeting, so it was held. It did not lapse."
    return None


def last_lawful_day(meeting_on: date, clear_days: int, holidays: Container[date]) -> date:
    """The last day by whose end the pack of a meeting must be published.

    So many clear days lie between: neither that day nor the meeting's counts (Local Government
    Act 1972, section 100B; `docs/decisions/working-days.md`).

    Raises:
        ValueError: ``clear_days`` is negative.
    """
    return published_by(meeting_on, clear_days, holidays)


def lawful_words(last_on: date) -> str:
    """The last lawful moment in words, for the meeting's page."""
    return f"The last lawful moment to publish is midnight at the end of {long_date(last_on)}."


@dataclass(frozen=True)
class Lawfulness:
    """How the pack of one meeting stands to the law's clear days.

    ``last_on``: the last lawful day. ``published_on``: when it was first published; None: not yet.
    """

    clear_days: int
    last_on: date
    published_on: date | None
    today: date

    @property
    def is_missed(self) -> bool:
        """Whether the last lawful day has passed, and the pack was not published by its end."""
        return (self.published_on or self.today) > self.last_on

    @property
    def words(self) -> str:
        """How it stands, in a sentence or two."""
        law = f"The law asks for {self.clear_days} clear days between publishing and the meeting."
        if self.published_on is None and self.is_missed:
            return f"{law} The last lawful day was {long_date(self.last_on)}, which has passed."
        if self.published_on is None:
            return f"{lawful_words(self.last_on)} {law}"
        if self.is_missed:
            return (
                f"{law} The pack was published on {short_date(self.published_on)}; the last lawful"
                f" day was {long_date(self.last_on)}."
            )
        return f"The pack was published in time, on {short_date(self.published_on)}."


def judged(
    *,
    meeting_on: date,
    clear_days: int,
    published_at: datetime | None,
    now: datetime,
    holidays: Container[date],
) -> Lawfulness:
    """How a pack stands to the law now; ``published_at`` is when its first version was."""
    return Lawfulness(
        clear_days=clear_days,
        last_on=last_lawful_day(meeting_on, clear_days, holidays),
        published_on=london_day(published_at) if published_at is not None else None,
        today=london_day(now),
    )


def clear_days_left(on: date, meeting_on: date, holidays: Container[date]) -> int:
    """How many clear days publishing on a day leaves before the meeting."""
    return clear_days_between(on, meeting_on, holidays)
