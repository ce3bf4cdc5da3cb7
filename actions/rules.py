"""What is known of an action, and what it says on a given day. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.kernel.lifecycle import Lifecycle, is_unconfirmed, lifecycle_words, no_update_words
from tracker.kernel.rag import (
    DateRule,
    Dated,
    Rating,
    Relation,
    Thresholds,
    allowed,
    explain,
    overdue_days,
    shown,
    thresholds,
)
from tracker.kernel.times import london_day


@dataclass(frozen=True)
class DeadlineFacts:
    """A deadline as printed, with the dates that the rules use and its history in short.

    ``slippage_days`` counts from the last day of the original to that of the current one;
    ``changes`` how often it was changed.
    """

    words: str
    relation: Relation | None = None
    first_on: date | None = None
    last_on: date | None = None
    original_words: str | None = None
    slippage_days: int = 0
    changes: int = 0
    reason: str | None = None

    @property
    def dated(self) -> Dated:
        """The dates alone, for the rating rules."""
        return Dated(self.relation, self.first_on, self.last_on)


@dataclass(frozen=True)
class MilestoneFacts:
    """A milestone with its date."""

    uid: str
    title: str
    deadline: DeadlineFacts
    done_on: date | None

    @property
    def dated(self) -> Dated:
        """The dates alone, for the rating rules."""
        one = self.deadline
        return Dated(one.relation, one.first_on, one.last_on, done=self.done_on is not None)


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


@dataclass(frozen=True)
class ActionFacts:
    """All that lists, pages and papers say of one action in one plan."""

    action_id: int
    uid: str
    number: int
    reference: str
    title: str
    plan_id: int
    plan_slug: str
    plan_title: str
    priority_number: str | None
    priority_title: str | None
    is_commitment: bool
    lifecycle: Lifecycle
    owner_rating: Rating
    deadline: DeadlineFacts
    followed_from_on: date
    date_rule: DateRule
    position: int = 0
    description: str | None = None
    measure: str | None = None
    on_hold_until: date | None = None
    is_confirmed: bool = False
    leads: tuple[str, ...] = ()
    involved: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    owner_ids: frozenset[int] = field(default_factory=frozenset)
    ambitions: tuple[str, ...] = ()
    milestones: tuple[MilestoneFacts, ...] = ()
    last_entry: EntryFacts | None = None
    last_entry_at: datetime | None = None
    last_ask_closed_at: datetime | None = None
    is_asked: bool = False
    source_note: str | None = None

    def thresholds(self) -> Thresholds:
        """The days from which the date limits the rating (see the rating rules)."""
        return thresholds(
            lifecycle=self.lifecycle,
            deadline=self.deadline.dated,
            milestones=[milestone.dated for milestone in self.milestones],
            last_entry_on=london_day(self.last_entry_at) if self.last_entry_at else None,
            followed_from_on=self.followed_from_on,
            date_rule=self.date_rule,
            on_hold_until=self.on_hold_until,
        )

    def rating(self, today: date) -> Rating:
        """The rating shown: the worse of the owner's and what the date allows."""
        return shown(self.owner_rating, allowed(self.thresholds(), today))

    def is_counted(self) -> bool:
        """Whether it enters the counts by rating."""
        return self.lifecycle.is_counted

    def status_words(self, today: date) -> str:
        """Where it stands in words: "In progress", "Complete, awaiting confirmation"."""
        return lifecycle_words(
            self.lifecycle,
            confirmed=self.is_confirmed,
            on_hold_until=self.on_hold_until,
            today=today,
        )

    def explanation(self, today: date) -> str:
        """How the rating came about: "Owner: Green. 40 days past its deadline: Red"."""
        return explain(self.owner_rating, self.thresholds(), today)

    def overdue(self, today: date) -> int:
        """Days past its deadline; 0 when not overdue."""
        return overdue_days(self.deadline.dated, self.lifecycle, today)

    def unconfirmed_words(self, today: date) -> str | None:
        """ "no update since March", when an ask closed after the last entry."""
        if not is_unconfirmed(self.last_entry_at, self.last_ask_closed_at):
            return None
        return no_update_words(
            london_day(self.last_entry_at) if self.last_entry_at else None, today
        )

    def rating_note(self, today: date) -> str | None:
        """The words beside the rating: days overdue, and no update since; None for none."""
        parts: list[str] = []
        overdue = self.overdue(today)
        if overdue:
            parts.append(f"{overdue} day{'s' if overdue != 1 else ''} overdue")
        elif self.rating(today) is not self.owner_rating:
            parts.append(self.explanation(today))
        unconfirmed = self.unconfirmed_words(today)
        if unconfirmed:
            parts.append(unconfirmed)
        return ", ".join(parts) or None

    @property
    def reference_words(self) -> str:
        """Its number in its plan, said so that a commitment is told from an action."""
        return f"{'Commitment' if self.is_commitment else 'Action'} {self.reference}"
