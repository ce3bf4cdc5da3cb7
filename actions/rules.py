"""What is known of an action, and what it says on a given day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from actions.said import AgreementFacts, EntryFacts
from tracker.kernel.lifecycle import Lifecycle, is_unconfirmed, lifecycle_words, no_update_words
from tracker.kernel.rag import (
    NEAR_DEADLINE_DAYS,
    Dated,
    DateRule,
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
    number: int = 0
    proposed_words: str | None = None

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
    agreement: AgreementFacts | None = None
    ended_on: date | None = None
    ending_words: str | None = None
    on_hold_reason: str | None = None
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
        is_agreed = self.agreement is not None
        return shown(self.owner_rating, allowed(self.thresholds(), today), agreed=is_agreed)

    @property
    def is_open(self) -> bool:
        """Whether there is still work to do here: neither done, closed, nor gone elsewhere."""
        return self.lifecycle.is_open and self.ended_on is None

    def is_counted(self) -> bool:
        """Whether it enters this plan's counts by rating."""
        return self.lifecycle.is_counted and self.ended_on is None

    def status_words(self, today: date) -> str:
        """Where it stands in words: "In progress", "Complete, awaiting confirmation"."""
        if self.ending_words is not None:
            return self.ending_words
        return lifecycle_words(
            self.lifecycle,
            confirmed=self.is_confirmed,
            on_hold_until=self.on_hold_until,
            today=today,
        )

    def explanation(self, today: date) -> str:
        """How the rating came about: "Owner: Green. 40 days past its deadline: Red"."""
        is_agreed = self.agreement is not None
        return explain(self.owner_rating, self.thresholds(), today, agreed=is_agreed)

    def may_be_agreed(self) -> bool:
        """Whether its last entry says why it is better than the date allows, now or one day.

        Nobody has agreed to that entry yet, for the deadline that it has.
        """
        if self.last_entry is None or self.last_entry.better_reason is None:
            return False
        if not self.is_open or self.agreement is not None:
            return False
        limits = self.thresholds().limits
        return any(limit.rating.rank < self.owner_rating.rank for limit in limits)

    def overdue(self, today: date) -> int:
        """Days past its deadline; 0 when not overdue."""
        if self.ended_on is not None:
            return 0
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
            if self.agreement is not None:
                parts.append("rating agreed")
        elif self.rating(today) is not self.owner_rating:
            parts.append(self.explanation(today))
        unconfirmed = self.unconfirmed_words(today)
        if unconfirmed:
            parts.append(unconfirmed)
        return ", ".join(parts) or None

    def days_left(self, today: date) -> int | None:
        """Days until the last day of its "by" deadline; None without one, or once it is past."""
        due_on = self.deadline.dated.ends_on(Relation.BY)
        if due_on is None or not self.is_open or due_on < today:
            return None
        return (due_on - today).days

    def is_on_hold(self, today: date) -> bool:
        """Whether a board has put it on hold, so that nobody is chased about it."""
        return self.on_hold_until is not None and today <= self.on_hold_until

    def needs(self, today: date) -> tuple[str, ...]:
        """Why its owner is needed now, the most pressing first; empty when they are not.

        Asked for and not answered; overdue; due within 30 days; no update since.
        """
        if not self.is_open or self.is_on_hold(today):
            return ()
        words = ["Update asked for"] if self.is_asked else []
        overdue, left = self.overdue(today), self.days_left(today)
        if overdue:
            words.append(f"{overdue} day{'' if overdue == 1 else 's'} overdue")
        if left is not None and left <= NEAR_DEADLINE_DAYS:
            words.append(_due_words(left))
        unconfirmed = self.unconfirmed_words(today)
        if unconfirmed:
            words.append(unconfirmed[0].upper() + unconfirmed[1:])
        return tuple(words)

    def urgency(self, today: date) -> tuple[bool, int, int]:
        """A sort key: what is asked for first, then the most overdue, then the soonest due."""
        left = self.days_left(today)
        return not self.is_asked, -self.overdue(today), 100_000 if left is None else left

    @property
    def reference_words(self) -> str:
        """Its number in its plan, said so that a commitment is told from an action."""
        return f"{'Commitment' if self.is_commitment else 'Action'} {self.reference}"


def main_home(homes: Sequence[ActionFacts]) -> ActionFacts:
    """The home that pages of an action speak from: its first where it has not ended."""
    return min(homes, key=lambda home: home.ended_on is not None)


def _due_words(days: int) -> str:
    if days == 0:
        return "Due today"
    return "Due tomorrow" if days == 1 else f"Due in {days} days"
