"""The meeting that a pack is for, with all that its papers need: frozen values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from governance.agenda import AgendaEntry
from governance.packs.changes import Snapshot
from governance.packs.reports import PlanMaterial


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


@dataclass(frozen=True)
class Sitting:
    """The meeting that a pack is for, with all that its papers need. Instants are UTC."""

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
