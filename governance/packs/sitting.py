"""The meeting that a pack is for, with all that its papers need: frozen values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from governance.agenda import AgendaEntry
from governance.packs.changes import Snapshot
from governance.packs.reports import PlanMaterial

# The board's abbreviation, the year and month of the meeting, the number of the item.
PAPER_PATTERN = "{board}/{year}-{month}/{item}"


@dataclass(frozen=True)
class BoardFacts:
    """A board as its papers name it."""

    name: str
    short_name: str
    partnership: str
    chair: str
    secretary: str
    contact: str | None = None
    quorum: str | None = None
    marking: str | None = None
    notes: tuple[str, ...] = ()
    paper_pattern: str = PAPER_PATTERN
    access_law: bool = False


@dataclass(frozen=True)
class LogRow:
    """A line of the action log."""

    reference: str
    meeting: str
    what: str
    lead: str
    due: str
    status: str
    progress: str


@dataclass(frozen=True)
class ForwardRow:
    """A line of the forward plan: when, what comes, and by which rule."""

    when: str
    what: str
    rule: str


@dataclass(frozen=True)
class Baseline:
    """The board's last published pack: its snapshot, and for which meeting and version it was."""

    actions: tuple[Snapshot, ...]
    met_on: date
    version: int
    supplements: int = 0


@dataclass(frozen=True)
class PaperRecord:
    """A paper as the records know it, so that a later pack can say what came since."""

    uid: str
    version: int
    title: str = ""
    is_to_follow: bool = False
    is_withdrawn: bool = False


@dataclass(frozen=True)
class ItemRecord:
    """What the records know of an item besides what it prints.

    ``version`` is that of its row, ``exemption`` why it is confidential: labels with their words.
    ``reference`` where its paper has one of its own.
    """

    uid: str
    version: int
    papers: tuple[PaperRecord, ...] = ()
    exemption: tuple[tuple[str, str], ...] = ()
    reference: str | None = None


@dataclass(frozen=True)
class BoardBaseline:
    """A further board of a joint meeting: what it last saw, on the day it last met."""

    board: str
    baseline: Baseline | None


@dataclass(frozen=True)
class Sitting:
    """The meeting that a pack is for, with all that its papers need. Instants are UTC.

    ``records`` stand beside ``items``, one for each. ``first_number`` is the number of the first
    item that has none yet. ``others`` are the further boards of a joint meeting.
    """

    board: BoardFacts
    meets_on: date
    starts_at: datetime
    ends_at: datetime
    place: str | None
    joining_link: str | None
    as_at: datetime
    items: tuple[AgendaEntry, ...]
    plans: tuple[PlanMaterial, ...]
    log: tuple[LogRow, ...] = ()
    forward: tuple[ForwardRow, ...] = ()
    baseline: Baseline | None = None
    last_met_on: date | None = None
    next_meeting: datetime | None = None
    records: tuple[ItemRecord, ...] = ()
    first_number: int = 1
    is_confidential: bool = False
    supplement: int = 0
    others: tuple[BoardBaseline, ...] = ()
