"""What a chair's briefing is written from: frozen values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from governance.packs.changes import Snapshot
from governance.packs.reports import PlanMaterial
from tracker.kernel.times import london_day


@dataclass(frozen=True)
class TaskFacts:
    """A meeting action that is overdue, as the log prints it."""

    reference: str
    what: str
    lead: str
    due: str


@dataclass(frozen=True)
class QuorumFacts:
    """Who has sent apologies so far, and whether the others would make a quorum.

    ``met`` is None where the board has set no rule.
    """

    apologies: tuple[str, ...] = ()
    met: bool | None = None
    words: str = ""


@dataclass(frozen=True)
class Briefing:
    """All that a chair's briefing is written from; ``before`` is what the last pack held."""

    partnership: str
    board: str
    chair: str
    marking: str | None
    starts_at: datetime
    place: str | None
    as_at: datetime
    plans: tuple[PlanMaterial, ...] = ()
    before: tuple[Snapshot, ...] = ()
    before_on: date | None = None
    decision_items: tuple[str, ...] = ()
    overdue: tuple[TaskFacts, ...] = ()
    to_ratify: tuple[str, ...] = ()
    circulating: tuple[str, ...] = ()
    escalations: tuple[str, ...] = ()
    confidential_items: int = 0
    quorum: QuorumFacts = QuorumFacts()

    @property
    def today(self) -> date:
        """The day on which it is written."""
        return london_day(self.as_at)
