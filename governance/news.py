"""What a day's message is made of: news with its lines, for one person. Values only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from tracker.ledger.outbox import Attached


class NewsKind(IntEnum):
    """What news is about, the most wanted first."""

    WARNING = -1
    LAST_CALL = 0
    ASKED = 1
    CLEARANCE = 2
    PROPOSAL = 3
    TO_DECIDE = 4
    MEETING_ACTION = 5
    CHANGED = 6
    PAPERS = 7

    @property
    def asks(self) -> bool:
        """Whether it asks for an update on actions."""
        return self in (NewsKind.LAST_CALL, NewsKind.ASKED)


@dataclass(frozen=True)
class Line:
    """One thing to do, or to know, with its one link; ``note`` says what it belongs to."""

    text: str
    path: str
    note: str | None = None


@dataclass
class News:
    """What is new for a person from one cause: the key under which it is said once.

    ``again``: while it lasts it is listed in whatever message is written anyway. Without a key it
    is only ever listed so. ``attached``: a PDF that goes with the message.
    """

    kind: NewsKind
    key: str
    title: str
    planned_at: datetime
    lines: list[Line] = field(default_factory=list)
    again: bool = False
    attached: Attached | None = None


@dataclass(frozen=True)
class Digest:
    """A person's message of a day, before it is written: what is new, and what still waits."""

    person_uid: UUID
    name: str
    email: str
    news: tuple[News, ...]
    beside: tuple[News, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of a message: lines under one heading."""

    title: str
    lines: tuple[Line, ...]
    asks: bool = False


def without_repeats(news: Iterable[News]) -> list[News]:
    """The news, the most wanted first, in which no link stands twice.

    After downtime an ask and its reminder come at once; two boards may ask about one action.
    """
    said: set[str] = set()
    kept: list[News] = []
    for each in sorted(news, key=lambda one: one.kind):
        lines = [line for line in each.lines if line.path not in said]
        said.update(line.path for line in lines)
        if lines:
            kept.append(replace(each, lines=lines))
    return kept


def sections(news: Sequence[News]) -> list[Section]:
    """The news by its headings, in its order."""
    found: dict[str, list[Line]] = {}
    asking = {each.title for each in news if each.kind.asks}
    for each in news:
        found.setdefault(each.title, []).extend(each.lines)
    return [Section(title, tuple(lines), title in asking) for title, lines in found.items()]


def asked_for(news: Sequence[News]) -> int:
    """How many actions the news asks about."""
    return sum(len(each.lines) for each in news if each.kind.asks)


def subject_of(news: Sequence[News]) -> str:
    """The subject of a day's message: what is most wanted first."""
    first = min(news, key=lambda each: each.kind)
    if first.kind.asks:
        number = asked_for(news)
        wanted = f"{number} action{'s need' if number > 1 else ' needs'} an update from you"
        return f"Last call: {wanted}" if first.kind is NewsKind.LAST_CALL else wanted
    number = sum(len(each.lines) for each in news if each.kind is first.kind)
    match first.kind:
        case NewsKind.CLEARANCE:
            return f"{number} update{'s wait' if number > 1 else ' waits'} for your clearance"
        case NewsKind.PROPOSAL:
            return f"{number} proposal{'s wait' if number > 1 else ' waits'} for your agreement"
        case NewsKind.MEETING_ACTION:
            return f"{number} meeting action{'s' if number > 1 else ''} for you"
    return first.title
