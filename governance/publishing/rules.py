"""The publish gate: what is wrong with a pack before it is published. Pure.

Each thing that is found may be overridden by name, with a reason that is kept with the pack. What
is found in a confidential item is said without its words: who may see drafts may not see those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from governance.agenda import ItemKind, Purpose
from tracker.kernel.period import short_date

MOST_WORDS = 500


class FindingKind(StrEnum):
    """What a finding is about; a further version is not asked again about time or the agenda."""

    PAPER = "paper"
    MARKED = "marked text"
    FILE = "file"
    ANSWERS = "answers"
    AGENDA = "agenda"
    TIME = "time"


# What is looked for again in whatever is published later.
ALWAYS = frozenset({FindingKind.MARKED, FindingKind.FILE})


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: a key that names it, what it is, and where it stands."""

    key: str
    words: str
    where: str
    kind: FindingKind
    may_override: bool = True


@dataclass(frozen=True)
class PaperFacts:
    """A paper as the gate sees it; ``faults`` are what was found wrong with its file."""

    uid: str
    title: str
    is_to_follow: bool = False
    is_withdrawn: bool = False
    classification: str | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemFacts:
    """An item as the gate sees it; ``texts`` is all that it prints in the open part."""

    uid: str
    number: str
    title: str
    kind: ItemKind
    purpose: Purpose
    minutes: int | None = None
    is_confidential: bool = False
    papers: tuple[PaperFacts, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """How the item is named to whoever may see drafts."""
        if self.is_confidential:
            return f"Item {self.number}, a confidential item"
        return f"Item {self.number}. {self.title}"


@dataclass(frozen=True)
class GateFacts:
    """All that the gate looks at. Instants are UTC, days London's.

    ``unanswered``: how many actions wait for an answer, by organisation. ``approved_at`` None
    where a chair is on record and has not approved; ``minutes_missing`` the day of the last
    meeting whose minutes are not there. ``lawful_until`` is the last lawful day to publish.
    """

    items: tuple[ItemFacts, ...]
    today: date
    now: datetime
    length: int
    unanswered: Mapping[str, int] | None = None
    has_chair: bool = False
    approved_at: datetime | None = None
    changed_since_approval: bool = False
    minutes_missing: date | None = None
    publish_due_at: datetime | None = None
    lawful_until: date | None = None
    clear_days: int = 5


def findings(facts: GateFacts, kinds: Iterable[FindingKind] = FindingKind) -> list[Finding]:
    """All that is wrong, of these kinds, in the order of the kinds and the agenda."""
    wanted = set(kinds)
    found = [
        *_time(facts),
        *_agenda(facts),
        *_answers(facts),
        *(one for item in facts.items for one in _papers(item)),
        *(one for item in facts.items for one in _marked(item)),
        *(one for item in facts.items for one in _files(item)),
    ]
    return [one for one in found if one.kind in wanted]


def _time(facts: GateFacts) -> list[Finding]:
    found = []
    lawful = facts.lawful_until
    if lawful is not None and facts.today > lawful:
        found.append(
            Finding(
                "unlawful",
                f"The law asks for {facts.clear_days} clear days. The last lawful day to publish"
                f" was {short_date(lawful)}.",
                "Timetable",
                FindingKind.TIME,
            )
        )
    elif facts.publish_due_at is not None and facts.now > facts.publish_due_at:
        found.append(
            Finding(
                "late",
                f"The publication day, {short_date(facts.publish_due_at.date())}, has passed.",
                "Timetable",
                FindingKind.TIME,
            )
        )
    return found


def _agenda(facts: GateFacts) -> list[Finding]:
    found = []
    if facts.approved_at is None and facts.has_chair:
        found.append(
            Finding("not-approved", "The chair has not approved it.", "Agenda", FindingKind.AGENDA)
        )
    if facts.approved_at is not None and facts.changed_since_approval:
        found.append(
            Finding(
                "changed",
                "It was changed after the chair approved it.",
                "Agenda",
                FindingKind.AGENDA,
            )
        )
    if facts.minutes_missing is not None:
        found.append(
            Finding(
                "minutes",
                f"The minutes of the meeting of {short_date(facts.minutes_missing)} have not gone"
                " to members.",
                "Minutes of the last meeting",
                FindingKind.AGENDA,
            )
        )
    taken = sum(item.minutes or 0 for item in facts.items)
    if taken > facts.length:
        found.append(
            Finding(
                "too-long",
                f"Its items take {taken} minutes, and the meeting lasts {facts.length}.",
                "Agenda",
                FindingKind.AGENDA,
            )
        )
    return found


def _answers(facts: GateFacts) -> list[Finding]:
    waiting = dict(facts.unanswered or {})
    number = sum(waiting.values())
    if not number:
        return []
    named = ", ".join(f"{name} ({count})" for name, count in sorted(waiting.items()))
    words = f"{number} action{'' if number == 1 else 's'} had no answer: {named}."
    return [Finding("unanswered", _capped(words), "Updates", FindingKind.ANSWERS)]


def _papers(item: ItemFacts) -> list[Finding]:
    """A decision without a paper, and papers that are announced and not there."""
    there = [paper for paper in item.papers if not paper.is_withdrawn]
    found = []
    if item.purpose is Purpose.DECISION and item.kind is ItemKind.TEXT and not there:
        words = "It asks for a decision and has no paper."
        found.append(Finding(f"no-paper:{item.uid}", words, item.where, FindingKind.PAPER))
    for paper in there:
        if paper.is_to_follow:
            title = "A paper" if item.is_confidential else f"“{paper.title}”"
            words = f"{title} is not there yet. It is published as to follow."
            found.append(
                Finding(f"to-follow:{paper.uid}", _capped(words), item.where, FindingKind.PAPER)
            )
    return found


_MARKS = re.compile(
    r"official[\s-]+sensitive|\bconfidential\b|\bpart\s+(?:2|ii|two)\b|\bexempt\b"
    r"|\bnot\s+for\s+publication\b|\brestricted\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")
_BIRTH = re.compile(
    r"\b(?:d\.?o\.?b\.?|date\s+of\s+birth|born(?:\s+on)?)\b\W{0,3}"
    r"\d{1,2}(?:st|nd|rd|th)?[\s./-]+(?:\d{1,2}|[a-z]{3,9})[\s./-]+\d{2,4}",
    re.IGNORECASE,
)


def marks_in(text: str) -> list[str]:
    """The words in a text that mark it as confidential, as they are written, each once."""
    found: dict[str, str] = {}
    for one in _MARKS.finditer(text):
        found.setdefault(" ".join(one[0].casefold().split()), one[0])
    return list(found.values())


def has_nhs_number(text: str) -> bool:
    """Whether a text holds what is an NHS number by its check digit (modulus 11)."""
    for one in _DIGITS.finditer(text):
        digits = "".join(one.groups())
        check = 11 - sum(int(digit) * (10 - at) for at, digit in enumerate(digits[:9])) % 11
        if len(set(digits)) > 1 and check % 11 == int(digits[9]) and check != 10:
            return True
    return False


def has_date_of_birth(text: str) -> bool:
    """Whether a text gives somebody's date of birth."""
    return _BIRTH.search(text) is not None


def _marked(item: ItemFacts) -> list[Finding]:
    """Open text that looks as if it should not be open."""
    if item.is_confidential:
        return []
    found = []
    classes = [one.classification or "" for one in item.papers if not one.is_withdrawn]
    marks = list(dict.fromkeys(m for one in (*item.texts, *classes) for m in marks_in(one)))
    if marks:
        said = ", ".join(f"“{mark}”" for mark in marks[:5])
        words = f"It stands in the open part and says {said}."
        found.append(Finding(f"marked:{item.uid}", words, item.where, FindingKind.MARKED))
    for key, says, test in (
        ("nhs-number", "what looks like an NHS number", has_nhs_number),
        ("birth", "what looks like somebody’s date of birth", has_date_of_birth),
    ):
        if any(test(one) for one in item.texts):
            words = f"It stands in the open part and holds {says}."
            found.append(Finding(f"{key}:{item.uid}", words, item.where, FindingKind.MARKED))
    return found


def _files(item: ItemFacts) -> list[Finding]:
    found = []
    for paper in item.papers:
        if paper.faults and not paper.is_withdrawn:
            title = "A file" if item.is_confidential else f"“{paper.title}”"
            words = _capped(f"{title}: {'; '.join(paper.faults)}")
            found.append(Finding(f"file:{paper.uid}", words, item.where, FindingKind.FILE))
    return found


def strings_of(value: object) -> Iterable[str]:
    """Every text that a block prints; drawings are left out, their alternative text is not."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if key not in ("svg", "kind", "anchor"):
                yield from strings_of(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from strings_of(each)


def _capped(words: str) -> str:
    return words if len(words) <= MOST_WORDS else f"{words[: MOST_WORDS - 1]}…"
