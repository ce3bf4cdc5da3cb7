"""Agendas write themselves, and pass on what a meeting did not reach.

An item that a rule gives is written once under its key: what the secretary changed stays changed
and what was taken off stays off. Operations flush; whoever called commits.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.agenda import AgendaEntry, ItemKind, Purpose
from governance.agenda_models import AgendaItem, ItemOrigin, ItemStatus, Paper
from governance.agendas.queries import all_items, published_of
from governance.agendas.rules import ALWAYS_THERE, URGENT_ENTRY
from governance.agendas.writing import (
    item_of,
    place_in,
    put_at,
    with_papers_of,
    write_agenda,
    write_agendas,
)
from governance.minute_models import ItemMinute
from governance.models import Meeting
from governance.report_models import ForwardItem, ForwardState
from tracker.edges.db import clean

__all__ = [
    "add_item",
    "carry_items",
    "defer_item",
    "put_back",
    "take_off",
    "write_agenda",
    "write_agendas",
]
# What a rule writes anew for each meeting, so that nothing of it is carried from one to the next.
_BY_RULE = frozenset({ItemOrigin.STANDING, ItemOrigin.CYCLE, ItemOrigin.YEAR})


def add_item(
    session: Session,
    meeting: Meeting,
    *,
    kind: ItemKind,
    title: str,
    purpose: Purpose,
    origin: ItemOrigin,
    source_key: str | None = None,
    origin_words: str | None = None,
    presenter: str | None = None,
    minutes: int | None = None,
    text: str | None = None,
    plan_id: int | None = None,
    about_board_id: int | None = None,
    thread: UUID | None = None,
    carried_from: AgendaItem | None = None,
    is_confidential: bool = False,
    late_reason: str | None = None,
) -> AgendaItem:
    """Put an item on a meeting's agenda, in the part where its kind and purpose belong.

    Where an item with this ``source_key`` is there already, also one that was taken off, it is
    returned as it is. A late item before publication also puts "Late or urgent items" on the
    agenda, where its reason is printed; after publication it waits for a supplement.
    """
    items = all_items(session, meeting.partnership_id, [meeting.id]).get(meeting.id, [])
    for item in items:
        if source_key is not None and item.source_key == source_key:
            return item
    entry = AgendaEntry(kind, clean(title), purpose, presenter, minutes, plan_id, text)
    item = item_of(meeting, entry, source_key, origin, None)
    item.origin_words, item.about_board_id = origin_words, about_board_id
    item.is_confidential, item.late_reason = is_confidential, late_reason
    if carried_from is not None:
        item.carried_from_id, item.thread = carried_from.id, carried_from.thread
    if thread is not None:
        item.thread = thread
    put_at(items, item, place_in(items, kind, purpose))
    session.add(item)
    if late_reason is not None and not is_confidential:
        _announce_late(session, meeting, items)
    session.flush()
    return item


def _announce_late(session: Session, meeting: Meeting, items: list[AgendaItem]) -> None:
    """Have the agenda say what was accepted late, unless it does or its numbers are frozen."""
    if any(one.kind is ItemKind.URGENT for one in items):
        return
    if published_of(session, meeting.partnership_id, [meeting.id]):
        return
    item = item_of(meeting, URGENT_ENTRY, "late-items", ItemOrigin.LATE, None)
    put_at(items, item, place_in(items, item.kind, item.purpose))
    session.add(item)


def take_off(session: Session, item: AgendaItem, *, why: str) -> None:
    """Take an item off its agenda; it stays in the records, and no rule writes it again."""
    item.status, item.status_words = ItemStatus.REMOVED, why
    session.flush()


def put_back(session: Session, item: AgendaItem) -> None:
    """Put an item that was taken off or deferred back on its agenda, where it stood."""
    item.status, item.status_words = ItemStatus.ON_AGENDA, None
    session.flush()


def defer_item(
    session: Session, item: AgendaItem, *, to: Meeting | None, why: str, now: datetime
) -> AgendaItem | ForwardItem:
    """Put an item off to another meeting of its board; ``to`` None parks it in the forward plan.

    It leaves its agenda and says why; what takes it on there shares its thread, and its papers
    go with it. Also for an item that a meeting did not reach.
    """
    item.status, item.status_words = ItemStatus.DEFERRED, why
    if to is not None:
        return _carry(session, item, to, why, now)
    board_id = session.scalars(
        select(Meeting.board_id).where(
            Meeting.partnership_id == item.partnership_id, Meeting.id == item.meeting_id
        )
    ).one()
    parked = ForwardItem(
        partnership_id=item.partnership_id,
        board_id=board_id,
        title=item.title,
        purpose=item.purpose,
        presenter=item.presenter,
        minutes=item.minutes,
        why=why,
        from_item_id=item.id,
        thread=item.thread,
        added_at=now,
        is_confidential=item.is_confidential,
    )
    session.add(parked)
    session.flush()
    return parked


def carry_items(
    session: Session, source: Meeting, target: Meeting, *, why: str, now: datetime
) -> int:
    """Carry what a meeting did not deal with to another one; returns how many items.

    What rules write for each meeting anew is not carried, nor what was minuted, taken off or
    deferred before. Called again, it carries nothing twice.
    """
    tenant = source.partnership_id
    items = all_items(session, tenant, [source.id]).get(source.id, [])
    minuted = set(
        session.scalars(
            select(ItemMinute.item_id).where(
                ItemMinute.partnership_id == tenant, ItemMinute.meeting_id == source.id
            )
        )
    )
    carried = 0
    for item in items:
        is_done = item.id in minuted or item.status is not ItemStatus.ON_AGENDA
        if is_done or item.origin in _BY_RULE or item.kind in ALWAYS_THERE:
            continue
        item.status, item.status_words = ItemStatus.DEFERRED, why
        _carry(session, item, target, why, now)
        carried += 1
    session.flush()
    return carried


def _carry(
    session: Session, item: AgendaItem, target: Meeting, why: str, now: datetime
) -> AgendaItem:
    """An item as it stands on another meeting's agenda; the same key where it has one."""
    there = add_item(
        session,
        target,
        kind=item.kind,
        title=item.title,
        purpose=item.purpose,
        origin=ItemOrigin.CARRIED,
        source_key=item.source_key or f"carried:{item.uid}",
        origin_words=why[:500],
        presenter=item.presenter,
        minutes=item.minutes,
        text=item.text,
        plan_id=item.plan_id,
        about_board_id=item.about_board_id,
        carried_from=item,
        is_confidential=item.is_confidential,
    )
    there.status, there.status_words = ItemStatus.ON_AGENDA, None
    there.exempt_paragraph, there.exempt_reason = item.exempt_paragraph, item.exempt_reason
    if there.carried_from_id is None:
        there.carried_from_id, there.thread = item.id, item.thread
    session.flush()
    _take_papers(session, item, there, now)
    _follow(session, item, target)
    return there


def _take_papers(session: Session, item: AgendaItem, there: AgendaItem, now: datetime) -> None:
    """Copy an item's papers to the one that goes on with it; those of the first stay filed."""
    if there.id in with_papers_of(session, item.partnership_id, [there.id]):
        return
    kept = {"id", "uid", "version", "item_id", "reference", "added_at"}
    for paper in session.scalars(
        select(Paper)
        .where(
            Paper.partnership_id == item.partnership_id,
            Paper.item_id == item.id,
            Paper.withdrawn_at.is_(None),
        )
        .order_by(Paper.position, Paper.id)
    ):
        columns = [one.key for one in Paper.__mapper__.column_attrs if one.key not in kept]
        values = {key: getattr(paper, key) for key in columns}
        session.add(Paper(**values, item_id=there.id, added_at=now))
    session.flush()


def _follow(session: Session, item: AgendaItem, target: Meeting) -> None:
    """Have the forward plan's entry that brought an item point at its new meeting."""
    if item.source_key is None or not item.source_key.startswith("forward:"):
        return
    entry = session.scalar(
        select(ForwardItem).where(
            ForwardItem.partnership_id == item.partnership_id,
            ForwardItem.uid == UUID(item.source_key.removeprefix("forward:")),
        )
    )
    if entry is not None and entry.state is not ForwardState.DROPPED:
        entry.meeting_id = target.id
