"""Loading partnerships and their plans from YAML documents, the five examples first of all.

Loading is idempotent: a partnership, plan or board that is there is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

import tracker
from tracker.loader.document import Document, read
from tracker.loader.partnership import load_cycles, load_partnership
from tracker.loader.plan import link_plans, load_plan
from tracker.people.models import Partnership

EXAMPLES = Path(tracker.__file__).parent / "examples"


@dataclass(frozen=True)
class Loaded:
    """What a load added: how many partnerships and plans."""

    partnerships: int
    plans: int


def examples() -> list[Path]:
    """The folders of the example partnerships, in order."""
    return sorted(path.parent for path in EXAMPLES.glob("*/partnership.yaml"))


def load_folder(session: Session, folder: Path, *, now: datetime, years: int = 0) -> Loaded:
    """Load one partnership's folder, its dates moved by whole ``years``; flushes.

    Raises DocumentError, which says the file and the item, when a document cannot be understood.
    """
    document = read(folder / "partnership.yaml", years=years)
    partnership, is_new = load_partnership(session, document, now=now)
    plans = [read(path, years=years) for path in sorted((folder / "plans").glob("*.yaml"))]
    added = [p for p in plans if load_plan(session, partnership, p, now=now)]
    for plan in added:
        link_plans(session, partnership, plan)
    load_cycles(session, partnership, document)
    return Loaded(int(is_new), len(added))


def load_examples(session: Session, *, now: datetime) -> Loaded:
    """Load the five example plans of three partnerships, their dates as printed; flushes."""
    total = [load_folder(session, folder, now=now) for folder in examples()]
    return Loaded(sum(t.partnerships for t in total), sum(t.plans for t in total))


def documents() -> Iterator[tuple[Path, Document]]:
    """Every example document with its file, for whoever wants to check the facts."""
    for folder in examples():
        for path in (folder / "partnership.yaml", *sorted((folder / "plans").glob("*.yaml"))):
            yield path, read(path)


__all__ = ["Loaded", "Partnership", "documents", "examples", "load_examples", "load_folder"]
