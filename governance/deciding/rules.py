"""What carries a decision between meetings, and how the action log is sifted. Pure.

A board's terms of reference say what carries: more than half of all voting members, every one of
them, or that nobody disagrees in time. Whoever does not answer has not agreed. One voting member
who wants it decided at a meeting is enough to keep it for the meeting
(`docs/decisions/between-meetings.md`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.kernel.period import short_date


class Rule(StrEnum):
    """What carries a decision, in the words that a board chooses it by."""

    MAJORITY = "more than half agree"
    EVERYBODY = "every member agrees"
    NO_OBJECTION = "nobody disagrees in time"


class Verdict(StrEnum):
    """What became of it: still open, agreed, or not."""

    OPEN = "open"
    AGREED = "agreed"
    NOT_AGREED = "not agreed"


@dataclass(frozen=True)
class Answers:
    """How many voting members gave which answer; the last that each gave."""

    agree: int = 0
    disagree: int = 0
    abstain: int = 0
    at_meeting: int = 0

    @property
    def given(self) -> int:
        """How many have answered."""
        return self.agree + self.disagree + self.abstain + self.at_meeting


@dataclass(frozen=True)
class Outcome:
    """What became of it, and why, in a sentence or two."""

    state: Verdict
    words: str


def outcome(rule: Rule, voting: int, answers: Answers, closed: bool) -> Outcome:
    """What a circulation to ``voting`` members comes to; ``closed`` when its time is over.

    Before that it is settled only when the answers still to come cannot change it: everybody has
    answered, or more than half cannot agree any more.
    """
    waiting = voting - answers.given
    said = _said(voting, answers)
    out_of_reach = rule is Rule.MAJORITY and 2 * (answers.agree + waiting) <= voting
    if not (closed or waiting <= 0 or out_of_reach) or (voting == 0 and not closed):
        return Outcome(Verdict.OPEN, said)
    if voting == 0:
        return Outcome(Verdict.NOT_AGREED, "The board has no voting member who could agree.")
    if answers.at_meeting:
        one = answers.at_meeting == 1
        asked = "1 member asks" if one else f"{answers.at_meeting} members ask"
        return Outcome(Verdict.NOT_AGREED, f"{asked} for it to be decided at a meeting. {said}")
    carried = {
        Rule.MAJORITY: 2 * answers.agree > voting,
        Rule.EVERYBODY: answers.agree == voting,
        Rule.NO_OBJECTION: answers.disagree == 0,
    }[rule]
    if carried:
        return Outcome(Verdict.AGREED, said)
    return Outcome(Verdict.NOT_AGREED, f"{said} {_WANTED[rule]}")


def chairs_outcome(answers: Answers, closed: bool) -> Outcome:
    """What a chair's action comes to: what the chair says settles it at once."""
    if answers.disagree:
        return Outcome(Verdict.NOT_AGREED, "The chair does not agree.")
    if answers.at_meeting:
        return Outcome(Verdict.NOT_AGREED, "The chair wants it decided at a meeting.")
    if answers.agree:
        return Outcome(Verdict.AGREED, "Agreed by the chair.")
    if closed:
        return Outcome(Verdict.NOT_AGREED, "The chair did not agree in time.")
    return Outcome(Verdict.OPEN, "The chair has not decided yet.")


def delegates_outcome(closed: bool) -> Outcome:
    """What a delegated decision comes to while nothing is recorded of it."""
    if closed:
        return Outcome(Verdict.NOT_AGREED, "No decision was recorded in time.")
    return Outcome(Verdict.OPEN, "No decision is recorded yet.")


_WANTED = {
    Rule.MAJORITY: "More than half must agree.",
    Rule.EVERYBODY: "Every voting member must agree.",
    Rule.NO_OBJECTION: "Nobody may disagree.",
}


def _said(voting: int, answers: Answers) -> str:
    """ "Of 8 voting members 5 agree, 1 disagrees, 2 have not answered."."""
    silent = voting - answers.given
    parts = [f"{answers.agree} {'agrees' if answers.agree == 1 else 'agree'}"]
    if answers.disagree:
        parts.append(f"{answers.disagree} {'disagrees' if answers.disagree == 1 else 'disagree'}")
    if answers.abstain:
        parts.append(f"{answers.abstain} {'abstains' if answers.abstain == 1 else 'abstain'}")
    if silent > 0:
        parts.append(f"{silent} {'has' if silent == 1 else 'have'} not answered")
    return f"Of {voting} voting member{'' if voting == 1 else 's'} {', '.join(parts)}."


def decision_reference(short_name: str, on: date, taken: Iterable[str]) -> str:
    """The next reference of a decision between meetings: "CTB/2026-03/E1".

    ``taken`` are references of the board's decisions; the month is that in which it was made.
    """
    prefix = f"{short_name}/{on:%Y-%m}/E"
    pattern = re.compile(re.escape(prefix) + r"([0-9]{1,9})")
    numbers = [int(found[1]) for one in taken if (found := pattern.fullmatch(one))]
    return f"{prefix}{max(numbers, default=0) + 1}"


class LogShows(StrEnum):
    """Which meeting actions a log shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True)
class Standing:
    """What can change of a meeting action: who leads it, and by when; names, not ids."""

    lead: str
    due_on: date | None


def change_words(before: Standing, after: Standing) -> str:
    """What a change did, in sentences; empty where lead and day stay."""
    said = []
    if before.lead != after.lead:
        said.append(f"Lead changed from {before.lead} to {after.lead}.")
    if before.due_on != after.due_on:
        said.append(f"Due date changed from {_day(before.due_on)} to {_day(after.due_on)}.")
    return " ".join(said)


def _day(on: date | None) -> str:
    return short_date(on) if on else "no date"
