"""Where the rooms of governance say how their agenda items are written into the pack.

A writer reads records and returns blocks (see ``packs.blocks``): plain values, which the pack
keeps. Kinds without a writer here are written from the sitting alone, by ``packs.items``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from governance.agenda import ItemKind
from governance.agenda_models import AgendaItem
from governance.models import Meeting
from governance.packs.blocks import Block

Writer = Callable[[Session, Meeting, AgendaItem, datetime], Sequence[Block]]
WRITERS: dict[ItemKind, Writer] = {}
# What is added to items of every kind, after their own text: papers.
ADDITIONS: list[Writer] = []


def writes(*kinds: ItemKind) -> Callable[[Writer], Writer]:
    """Have a function write the items of these kinds."""

    def add(writer: Writer) -> Writer:
        for kind in kinds:
            WRITERS[kind] = writer
        return writer

    return add


def adds_to_items(writer: Writer) -> Writer:
    """Have a function add blocks to every item that it has something for."""
    ADDITIONS.append(writer)
    return writer


def written(
    session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime
) -> tuple[Block, ...] | None:
    """What its writer says for an item; None where the sitting alone says it."""
    writer = WRITERS.get(item.kind)
    return None if writer is None else tuple(writer(session, meeting, item, as_at))


def added(
    session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime
) -> tuple[Block, ...]:
    """What is added to an item after its own text."""
    return tuple(block for one in ADDITIONS for block in one(session, meeting, item, as_at))
