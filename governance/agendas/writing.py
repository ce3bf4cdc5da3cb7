"""The agendas that write themselves: what rules give is added, once; people's changes stay."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.agenda import AgendaEntry, ItemKind, Purpose
from governance.agenda_models import AgendaItem, ItemOrigin, Paper
from governance.agendas.queries import all_items, published_of, sources
from governance.agendas.rules import STEP, Wanted, place_as_wanted, place_of, position_between
from governance.models import Meeting

_ORIGINS = {
    "standing": ItemOrigin.STANDING,
    "plan-report": ItemOrigin.CYCLE,
    "indicators": ItemOrigin.CYCLE,
    "coordinated": ItemOrigin.CYCLE,
    "year": ItemOrigin.YEAR,
}


def write_agenda(session: Session, meeting: Meeting, *, now: datetime) -> int:
    """Write what rules give for a meeting and is not on its agenda yet; returns how many items.

    Nothing is written for a meeting that has begun, fell away, or whose pack is published.
    """
    return write_agendas(session, meeting.partnership_id, [meeting], now=now)


def write_agendas(
    session: Session, partnership_id: int, meetings: Sequence[Meeting], *, now: datetime
) -> int:
    """Write the agendas of a partnership's meetings, as ``write_agenda`` does for one.

    An agenda that nobody has touched yet follows its board's standing agenda: what that no longer
    has goes from it. Reports of plans that a meeting does not review any more go as well, unless
    somebody changed them or gave them papers.
    """
    coming = [one for one in meetings if one.status.is_to_come]
    if not coming:
        return 0
    ids = [meeting.id for meeting in coming]
    frozen = published_of(session, partnership_id, ids)
    given = sources(session, partnership_id, coming)
    there = all_items(session, partnership_id, ids)
    every = [item.id for items in there.values() for item in items]
    with_papers = with_papers_of(session, partnership_id, every)
    written = 0
    for meeting in coming:
        items = there.get(meeting.id, [])
        # One that has begun keeps its agenda, but should not be without any.
        if meeting.id not in frozen and (meeting.starts_at > now or not items):
            written += _write(session, meeting, items, given.wanted(meeting), with_papers)
    session.flush()
    return written


def _write(
    session: Session,
    meeting: Meeting,
    items: list[AgendaItem],
    wanted: Sequence[Wanted],
    with_papers: Collection[int],
) -> int:
    _adopt(items, wanted)
    untouched = [one for one in items if one.version == 1 and one.id not in with_papers]
    for item in _outdated(items, untouched, wanted):
        items.remove(item)
        session.delete(item)
    # A key that goes and comes again in one flush would meet itself.
    session.flush()
    order = [one.key for one in wanted]
    written = 0
    for one in wanted:
        keys = [item.source_key for item in items]
        if one.key in keys:
            continue
        entry = one.entry
        place = place_as_wanted(one.key, order, keys)
        if place is None:
            place = place_in(items, entry.kind, entry.purpose)
        item = item_of(meeting, entry, one.key, _ORIGINS[one.key.partition(":")[0]], one.cycle_id)
        put_at(items, item, place)
        session.add(item)
        written += 1
    return written


def _adopt(items: Sequence[AgendaItem], wanted: Sequence[Wanted]) -> None:
    """Give items that were written before rules had keys the keys of their rules."""
    known = {item.source_key for item in items}
    loose = [one for one in items if one.source_key is None and one.origin is ItemOrigin.STANDING]
    for one in wanted:
        if one.key in known:
            continue
        for item in loose:
            if (item.kind, item.plan_id) == (one.entry.kind, one.entry.plan_id):
                item.source_key = one.key
                loose.remove(item)
                break


def _outdated(
    items: Sequence[AgendaItem], untouched: Sequence[AgendaItem], wanted: Sequence[Wanted]
) -> list[AgendaItem]:
    """The items that their rule gives no more, or otherwise, and that nobody has touched."""
    keys = {one.key for one in wanted}
    gone = [
        item
        for item in untouched
        if item.source_key not in keys and item.origin in (ItemOrigin.CYCLE, ItemOrigin.YEAR)
    ]
    if len(untouched) == len(items) and all(one.source_key for one in items):
        standing = [one for one in items if (one.source_key or "").startswith("standing:")]
        there = {one.source_key for one in standing}
        asked = [(one.key, one.entry) for one in wanted if one.is_standing and one.key in there]
        if [_said(one.source_key, one) for one in standing] != [_said(*one) for one in asked]:
            gone += standing
    return gone


def _said(key: str | None, one: AgendaItem | AgendaEntry) -> tuple[object, ...]:
    return key, one.kind, one.title, one.purpose, one.presenter, one.minutes, one.text


def with_papers_of(session: Session, partnership_id: int, item_ids: Collection[int]) -> set[int]:
    """Which of these items have papers."""
    return set(
        session.scalars(
            select(Paper.item_id).where(
                Paper.partnership_id == partnership_id, Paper.item_id.in_(sorted(item_ids))
            )
        )
    )


def item_of(
    meeting: Meeting, entry: AgendaEntry, key: str | None, origin: ItemOrigin, cycle_id: int | None
) -> AgendaItem:
    """An item of a meeting, not yet in its place."""
    return AgendaItem(
        partnership_id=meeting.partnership_id,
        meeting_id=meeting.id,
        kind=entry.kind,
        title=entry.title,
        purpose=entry.purpose,
        presenter=entry.presenter,
        minutes=entry.minutes,
        plan_id=entry.plan_id,
        text=entry.text,
        cycle_id=cycle_id,
        source_key=key,
        origin=origin,
    )


def place_in(items: Sequence[AgendaItem], kind: ItemKind, purpose: Purpose) -> int:
    """The place among items in which a new one of this kind and purpose belongs."""
    return place_of(kind, purpose, [(one.kind, one.purpose) for one in items])


def put_at(items: list[AgendaItem], item: AgendaItem, place: int) -> None:
    """Give an item its place among others, which stay as they are where there is room."""
    position = position_between([one.position for one in items], place)
    items.insert(place, item)
    if position is None:
        for number, one in enumerate(items, start=1):
            one.position = number * STEP
    else:
        item.position = position
