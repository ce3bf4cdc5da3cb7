"""What is known of priorities and indicators, and what may be said of their figures. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from tracker.kernel.rag import Rating


class Polarity(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    NONE = "none"


class ReadingState(StrEnum):
    """What stands where a figure would: the figure, or words that are values too."""

    VALUE = "value"
    TBC = "tbc"
    NOT_APPLICABLE = "not-applicable"
    BETTER = "better"
    WORSE = "worse"


_STATE_WORDS = {
    ReadingState.TBC: "To be confirmed",
    ReadingState.NOT_APPLICABLE: "Not applicable",
    ReadingState.BETTER: "Better than national",
    ReadingState.WORSE: "Worse than national",
}
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(%?)")


@dataclass(frozen=True)
class JudgementFacts:
    """What a priority's lead said of it, as it was signed."""

    number: int
    made_at: datetime
    person: str
    rating: Rating
    achievements: str | None = None
    risks: str | None = None
    decisions_wanted: str | None = None
    difference_made: str | None = None


@dataclass(frozen=True)
class PriorityFacts:
    """A priority of a plan, with who leads it and what its lead last said."""

    priority_id: int
    uid: str
    plan_id: int
    number: str
    title: str
    summary: str | None = None
    leads: tuple[str, ...] = ()
    involved: tuple[str, ...] = ()
    latest: JudgementFacts | None = None
    source_note: str | None = None


@dataclass(frozen=True)
class ReadingFacts:
    """One value of an indicator, with its own period.

    ``value`` is None where words stand in place of a figure; ``printed`` is the text of the
    source; ``period`` is the period as printed, and ``first_on`` and ``last_on`` its days.
    """

    value: Decimal | None
    printed: str
    state: ReadingState
    period: str | None = None
    provisional: bool = False
    first_on: date | None = None
    last_on: date | None = None
    is_baseline: bool = False

    @property
    def words(self) -> str:
        """The figure as it was printed ("22.0%"), or the words that stand for it."""
        if self.state is not ReadingState.VALUE:
            return _STATE_WORDS[self.state]
        return self._printed_figure() or self.printed

    @property
    def period_words(self) -> str:
        """The period, and whether the figure is provisional: "2012/13, provisional"."""
        parts = [self.period] if self.period else []
        if self.provisional:
            parts.append("provisional")
        return ", ".join(parts)

    @property
    def full_words(self) -> str:
        """The figure with its period: "2.5% (2012/13, provisional)"."""
        return f"{self.words} ({self.period_words})" if self.period_words else self.words

    def _printed_figure(self) -> str | None:
        # "KS2: 22.0%" holds another number, and 22.0 says more than 22: so the very number
        # is looked for in the text.
        for found in _NUMBER.finditer(self.printed):
            try:
                number = Decimal(found[1].replace(",", ""))
            except InvalidOperation:
                continue
            if number == self.value:
                return found[1] + found[2]
        return None


@dataclass(frozen=True)
class PartFacts:
    """An indicator's figures, or those of one part of it (a key stage, an area).

    ``latest`` is the newest of its own, ``previous`` the one for the period before, ``baseline``
    where the plan began. ``comparators`` holds, for each other series, the reading for the same
    period as the latest where there is one, else the newest. ``readings`` are all of them, its
    own first, then the newest first.
    """

    name: str | None = None
    latest: ReadingFacts | None = None
    previous: ReadingFacts | None = None
    baseline: ReadingFacts | None = None
    comparators: tuple[tuple[str, ReadingFacts], ...] = ()
    readings: tuple[tuple[str, ReadingFacts], ...] = ()

    def comparator(self, label: str) -> ReadingFacts | None:
        """The reading of one other series, by its label."""
        return dict(self.comparators).get(label)


NATIONAL = "National average"


@dataclass(frozen=True)
class IndicatorFacts:
    """An outcome measure of a plan with its figures. A plain indicator has one nameless part."""

    uid: str
    plan_id: int
    number: str
    title: str
    priority_number: str | None
    theme: str | None
    unit: str
    polarity: Polarity
    target: str | None
    frequency: str | None
    to_be_developed: bool = False
    also_in: tuple[str, ...] = ()
    parts: tuple[PartFacts, ...] = ()
    commentary: str | None = None
    source_note: str | None = None

    @property
    def better_words(self) -> str | None:
        """Which way is better: "Higher is better"; None where no direction is set."""
        if self.polarity is Polarity.NONE:
            return None
        return f"{self.polarity.value.capitalize()} is better"


@dataclass(frozen=True)
class Comparison:
    """How a figure stands beside another, in a word; the reason says why it cannot be said."""

    word: str
    reason: str | None = None

    @property
    def words(self) -> str:
        """ "better", or "not compared: different periods"."""
        return f"{self.word}: {self.reason}" if self.reason else self.word


NOT_COMPARED = "not compared"


def compare(own: ReadingFacts | None, other: ReadingFacts | None, polarity: Polarity) -> Comparison:
    """How a figure stands beside another: "better", "worse", "the same" or "not compared".

    It takes two figures, a direction that is better, and one period: the same first and last day.
    Where the source itself gives only the word better or worse, that word stands.
    """
    if own is not None and own.state in (ReadingState.BETTER, ReadingState.WORSE):
        return Comparison(own.state.value)
    if own is None or other is None or own.value is None or other.value is None:
        return Comparison(NOT_COMPARED, "no figure")
    if own.last_on is None or (own.first_on, own.last_on) != (other.first_on, other.last_on):
        return Comparison(NOT_COMPARED, "different periods")
    if polarity is Polarity.NONE:
        return Comparison(NOT_COMPARED, "no direction set")
    return _side(own.value, other.value, polarity)


def trend(
    latest: ReadingFacts | None, previous: ReadingFacts | None, polarity: Polarity
) -> Comparison:
    """How an indicator moved between two of its own figures; their periods differ by nature."""
    if latest is None or previous is None or latest.value is None or previous.value is None:
        return Comparison(NOT_COMPARED, "no figure")
    if polarity is Polarity.NONE:
        return Comparison(NOT_COMPARED, "no direction set")
    return _side(latest.value, previous.value, polarity)


def _side(own: Decimal, other: Decimal, polarity: Polarity) -> Comparison:
    if own == other:
        return Comparison("the same")
    return Comparison("better" if (own > other) is (polarity is Polarity.HIGHER) else "worse")


def grouped(
    indicators: Iterable[IndicatorFacts], priorities: Iterable[PriorityFacts]
) -> list[tuple[str, list[IndicatorFacts]]]:
    """Indicators of one plan under the headings of their priorities, then of their themes."""
    titles = {one.number: f"Priority {one.number}: {one.title}" for one in priorities}
    groups: dict[str, list[IndicatorFacts]] = {heading: [] for heading in titles.values()}
    for one in indicators:
        heading = titles.get(one.priority_number or "") or one.theme or "The whole plan"
        groups.setdefault(heading, []).append(one)
    return [(heading, group) for heading, group in groups.items() if group]
