"""Why an action was rated as it was on a day: every part of the rule, and which decided. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from actions.rules import ActionFacts
from actions.said import AgreementFacts
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.period import clock_words, short_date
from tracker.kernel.rag import (
    NEAR_DEADLINE_DAYS,
    Because,
    DateRule,
    Limit,
    Rating,
    allowed,
    shown,
    worse,
)
from tracker.kernel.times import london_day, to_london

DATE_RULES = {
    DateRule.AMBER_FOR_A_MONTH: "Amber for one month after a deadline, then Red",
    DateRule.RED_AT_ONCE: "Red from the day after a deadline",
    DateRule.NONE: "A passed deadline does not limit the rating",
}


@dataclass(frozen=True)
class Beside:
    """What is known beside an action's facts: who confirmed it, and an agreement that lapsed."""

    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    lapsed: AgreementFacts | None = None
    lapsed_because: str | None = None


@dataclass(frozen=True)
class Reason:
    """One limit that the date sets: from which day, to what, why, and whether it decided.

    ``is_worst`` says that no other limit in force went further; ``decided`` that it is the rating
    shown.
    """

    limit: Limit
    in_force: bool
    is_worst: bool
    decided: bool

    @property
    def words(self) -> str:
        """ "Amber at best from 1 April 2026, because its deadline was 31 March 2026"."""
        begins = short_date(self.limit.from_on)
        said = f"{_at_best(self.limit.rating)} from {begins}, because {_because(self.limit)}"
        if self.decided:
            return f"{said}. This decided."
        if not self.in_force:
            return f"{said}. Not yet."
        return f"{said}. The worst that the date says." if self.is_worst else f"{said}."


@dataclass(frozen=True)
class Explanation:
    """A rating on a day with all that led to it. ``shown`` is what screens and papers print."""

    on: date
    action: ActionFacts
    beside: Beside
    owner: Rating
    allowed: Rating | None
    agreed: bool
    shown: Rating
    reasons: tuple[Reason, ...]

    @property
    def rule(self) -> str:
        """What decided, in a sentence."""
        if not self.action.is_counted():
            return "It did not count in this plan, so no rating was shown."
        if self.action.lifecycle is Lifecycle.COMPLETE:
            return "It was complete, so the date did not limit its rating."
        if self.allowed is None:
            return "The owner’s rating stood, because the date did not limit it."
        if self.agreed:
            return (
                f"The owner’s rating stood, as agreed; the date allowed {_at_most(self.allowed)}."
            )
        if worse(self.owner, self.allowed) is self.owner:
            return "The owner’s rating was no better than the date allowed, so it stood."
        return f"The date allowed {_at_most(self.allowed)}, which is worse than the owner’s rating."

    def lines(self) -> Iterator[tuple[str, str]]:
        """Everything that the rating follows from, each with its label, for screens and papers."""
        action = self.action
        yield "Rating shown", self.shown.value if action.is_counted() else "Not counted"
        yield "Why", self.rule
        yield "Owner’s rating", _owners(action)
        yield "What the date allowed", _at_best(self.allowed) if self.allowed else "Any rating"
        for reason in self.reasons:
            yield "Limit", reason.words
        yield "Setting for dates", DATE_RULES[action.date_rule]
        yield "Deadline", _deadline(action)
        overdue = action.overdue(self.on)
        yield "Overdue", f"{_days(overdue)}" if overdue else "No"
        yield "Where it stood", self._status()
        if action.on_hold_until is not None:
            yield "On hold", _hold(action, self.on)
        yield "Last update", self._heard()
        yield "Agreement", self._agreement()

    def _status(self) -> str:
        words = self.action.status_words(self.on)
        beside = self.beside
        if self.action.is_confirmed and beside.confirmed_at is not None:
            by = f" by {beside.confirmed_by}" if beside.confirmed_by else ""
            return f"{words}, confirmed{by} on {_when(beside.confirmed_at)}"
        return words

    def _heard(self) -> str:
        action = self.action
        last = f"{_when(action.last_entry_at)}" if action.last_entry_at else "None"
        closed = action.last_ask_closed_at
        unconfirmed = action.unconfirmed_words(self.on)
        if unconfirmed and closed is not None:
            return (
                f"{last}. {_sentence(unconfirmed)}: updates closed on {_when(closed)} without one"
            )
        if action.last_entry_at is None:
            return "None yet, and no updates have closed without one"
        if closed is not None:
            return f"{last}. Confirmed: it came after updates closed on {_when(closed)} without one"
        return f"{last}. Confirmed"

    def _agreement(self) -> str:
        if self.action.agreement is not None:
            return f"{self.action.agreement.in_words}. It covered this update and this deadline."
        if self.beside.lapsed is not None:
            return f"Lapsed, because {self.beside.lapsed_because}. {self.beside.lapsed.in_words}"
        return "No agreement"


def explain(facts: ActionFacts, on: date, beside: Beside | None = None) -> Explanation:
    """Explain an action's rating on a day, from its facts as they stood then."""
    limits, agreed = facts.thresholds(), facts.agreement is not None
    best, worst = allowed(limits, on), limits.limit(on)
    result = shown(facts.owner_rating, best, agreed=agreed)
    date_decides = best is not None and not agreed and result is not facts.owner_rating
    return Explanation(
        on=on,
        action=facts,
        beside=beside or Beside(),
        owner=facts.owner_rating,
        allowed=best,
        agreed=agreed,
        shown=result,
        reasons=tuple(
            Reason(
                limit=one,
                in_force=one.from_on <= on,
                is_worst=one is worst,
                decided=date_decides and one is worst,
            )
            for one in limits.limits
        ),
    )


def _because(limit: Limit) -> str:
    day = short_date(limit.counted_from_on)
    match limit.because:
        case Because.DEADLINE_PASSED:
            return f"its deadline is {day}"
        case Because.QUIET:
            return (
                f"of no update since {day} and {NEAR_DEADLINE_DAYS} days or fewer to its deadline"
            )
        case Because.MILESTONE_OVERDUE:
            return f"a milestone is due by {day}"
        case Because.NOT_STARTED:
            return f"it is not started and was to begin by {day}"


def _owners(action: ActionFacts) -> str:
    entry = action.last_entry
    if entry is None:
        return f"{action.owner_rating}; nobody had recorded anything yet"
    said = "said again as “no change”" if entry.is_no_change else "given"
    return f"{action.owner_rating}, {said} by {entry.who} on {_when(entry.entered_at)}"


def _deadline(action: ActionFacts) -> str:
    one = action.deadline
    words = _sentence(one.words)
    if one.original_words:
        words += f"; originally {one.original_words}"
    return f"{words}; {one.proposed_words} proposed, not agreed" if one.proposed_words else words


def _hold(action: ActionFacts, on: date) -> str:
    assert action.on_hold_until is not None
    ends = short_date(action.on_hold_until)
    words = f"Until {ends}" if action.is_on_hold(on) else f"Ended on {ends}"
    return f"{words}: {action.on_hold_reason}" if action.on_hold_reason else words


def _at_best(rating: Rating) -> str:
    return "Red" if rating is Rating.RED else f"{rating} at best"


def _at_most(rating: Rating) -> str:
    return "only Red" if rating is Rating.RED else f"{rating} at best"


def _when(instant: datetime) -> str:
    return f"{short_date(london_day(instant))} at {clock_words(to_london(instant).time())}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
