"""Loading partnerships and their plans from YAML documents, the five examples first of all.

Loading is idempotent: a partnership, plan or board that is there is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

import tracker
from tracker.loader.document import Document, DocumentError, read
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
    plans = [read(path, years=years) for path in sorted((folder / "plans").glob("*.yaml"))]
    with _understood(document):
        partnership, is_new = load_partnership(session, document, now=now)
    added: list[Document] = []
    for plan in plans:
        with _understood(plan):
            if load_plan(session, partnership, plan, now=now):
                added.append(plan)
    for plan in added:
        with _understood(plan):
            link_plans(session, partnership, plan)
    with _understood(document):
        load_cycles(session, partnership, document)
    return Loaded(int(is_new), len(added))


@contextmanager
def _understood(document: Document) -> Iterator[None]:
    """Say which file cannot be understood, and why, in plain words."""
    try:
        yield
    except KeyError as missing:
        raise DocumentError(
            f"{document.path.name}: “{missing.args[0]}” is missing, or names nothing that is there"
        ) from missing
    except (ValueError, TypeError, AttributeError, StatementError) as wrong:
        reason = str(getattr(wrong, "orig", None) or wrong)
        raise DocumentError(
            f"{document.path.name} cannot be understood: {reason}. Are names, numbers such as"
            ' "1.1" and times in quotes, and days written as 2026-03-31?'
        ) from wrong


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
