"""What was said of an action: its entries, what was agreed, asked and changed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.period import clock_words, short_date
from tracker.kernel.rag import Rating
from tracker.kernel.times import london_day, to_london


@dataclass(frozen=True)
class AgreementFacts:
    """Who agreed, and as what, to a rating better than the date allows; live as long as known."""

    agreed_by: str
    agreed_as: str
    agreed_at: datetime

    @property
    def in_words(self) -> str:
        """ "Agreed by Jo Bell, chair, on 3 November 2026"."""
        day = short_date(london_day(self.agreed_at))
        return f"Agreed by {self.agreed_by}, {self.agreed_as}, on {day}"


@dataclass(frozen=True)
class EntryFacts:
    """A progress entry as it was signed."""

    number: int
    entered_at: datetime
    person: str
    lifecycle: Lifecycle
    rating: Rating
    is_no_change: bool = False
    happened: str | None = None
    cause: str | None = None
    recovery: str | None = None
    forecast_on: date | None = None
    help_needed: str | None = None
    evidence: str | None = None
    next_step: str | None = None
    next_step_on: date | None = None
    better_reason: str | None = None
    given_by: str | None = None
    given_how: str | None = None
    cleared_by: str | None = None
    is_reopening: bool = False

    @property
    def who(self) -> str:
        """Who said it, and who recorded it for them: "Jo Bell, by telephone to Sam Ash"."""
        if self.given_by is None:
            return self.person
        how = {"telephone": "by telephone", "e-mail": "by e-mail"}.get(
            self.given_how or "", "at a meeting"
        )
        return f"{self.given_by}, {how} to {self.person}"


@dataclass(frozen=True)
class DeadlineChange:
    """One change of a deadline: from which words to which, why, by whom and agreed by whom."""

    set_at: datetime
    before: str
    after: str
    reason: str | None = None
    person: str | None = None
    board: str | None = None


@dataclass(frozen=True)
class AskFacts:
    """A request for progress that nobody has answered, and the board's meeting it is for."""

    board: str
    for_on: date
    closes_at: datetime
    is_closed: bool = False

    @property
    def words(self) -> str:
        """ "Trust Board asks for an update by 5pm on 26 November 2026, for 8 December 2026"."""
        closes = to_london(self.closes_at)
        close_words = f"{clock_words(closes.time())} on {short_date(closes.date())}"
        meeting = f"its meeting on {short_date(self.for_on)}"
        if self.is_closed:
            return (
                f"{self.board} asked for an update for {meeting}; updates closed at {close_words}"
            )
        return f"{self.board} asks for an update for {meeting}; updates close at {close_words}"
