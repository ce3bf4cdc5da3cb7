"""Where the rooms of governance tell the clockwork what it has to do for them.

A room says so beside the deed itself, with a decorator; the clockwork does it in one transaction
of its own and commits. A deed must bear being called again: it takes its key first (see the
ledger's deeds), or does nothing where its record already says that it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from governance.models import Meeting
from governance.timetable import StepKind
from tracker.edges.pdf import PdfRenderer

StepDeed = Callable[[Session, Meeting, datetime], None]
STEP_DEEDS: dict[StepKind, list[StepDeed]] = {}


@dataclass(frozen=True)
class Chore:
    """Something done whenever it is due: ``due`` finds the ids of records, ``do`` does one."""

    name: str
    due: Callable[[Session, datetime], Sequence[int]]
    do: Callable[[Session, int, datetime], None]


CHORES: list[Chore] = []


@dataclass(frozen=True)
class Printing:
    """A PDF that is made outside any transaction: ``due`` finds the ids of records without theirs.

    ``do`` commits by itself and returns whether it made one; it raises PdfError.
    """

    name: str
    due: Callable[[Session], Sequence[int]]
    do: Callable[[Session, int, PdfRenderer, datetime], bool]


PRINTINGS: list[Printing] = []


def on_step(kind: StepKind) -> Callable[[StepDeed], StepDeed]:
    """Have something done in the transaction of a step that the clockwork does by itself."""

    def add(deed: StepDeed) -> StepDeed:
        STEP_DEEDS.setdefault(kind, []).append(deed)
        return deed

    return add


def add_chore(chore: Chore) -> None:
    """Have a chore looked for at every tick."""
    CHORES.append(chore)


def add_printing(printing: Printing) -> None:
    """Have PDFs made at every tick that waits for some."""
    PRINTINGS.append(printing)
