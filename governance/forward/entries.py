"""Entries of a forward plan that were put there by hand, and what became of them on agendas."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.agenda_models import AgendaItem, ItemStatus
from governance.models import Meeting
from governance.report_models import ForwardItem
from tracker.people.board_models import Board


def forward_item(
    session: Session, board: Board, uid: UUID, *, confidential: bool = False
) -> ForwardItem | None:
    """One entry of a board's forward plan; a confidential one only for the entitled."""
    return session.scalar(
        select(ForwardItem).where(
            ForwardItem.partnership_id == board.partnership_id,
            ForwardItem.board_id == board.id,
            ForwardItem.uid == uid,
            ForwardItem.is_confidential.in_((False, confidential)),
        )
    )


def agenda_item_of(session: Session, item: ForwardItem) -> AgendaItem | None:
    """The agenda item that an entry was scheduled as, at the meeting that it has."""
    if item.meeting_id is None:
        return None
    return session.scalar(
        select(AgendaItem).where(
            AgendaItem.partnership_id == item.partnership_id,
            AgendaItem.meeting_id == item.meeting_id,
            AgendaItem.source_key == key_of(item),
            AgendaItem.is_confidential.in_((False, item.is_confidential)),
        )
    )


def key_of(item: ForwardItem) -> str:
    """The key under which an entry stands on an agenda."""
    return f"forward:{item.uid}"


def on_agendas(
    session: Session, board: Board, found: Sequence[ForwardItem]
) -> dict[int, ItemStatus]:
    """What became of each scheduled entry on its agenda, by the entry's id."""
    keys: dict[tuple[int, str | None], int] = {
        (item.meeting_id, key_of(item)): item.id for item in found if item.meeting_id
    }
    if not keys:
        return {}
    rows = session.execute(
        select(AgendaItem.meeting_id, AgendaItem.source_key, AgendaItem.status).where(
            AgendaItem.partnership_id == board.partnership_id,
            AgendaItem.source_key.in_([key for _, key in keys]),
        )
    )
    return {
        keys[meeting_id, key]: status
        for meeting_id, key, status in rows
        if (meeting_id, key) in keys
    }


def fell_away(session: Session, board: Board, found: Sequence[ForwardItem]) -> set[int]:
    """Those of the entries' meetings that fell away, by id."""
    ids = sorted({item.meeting_id for item in found if item.meeting_id})
    rows = session.scalars(
        select(Meeting).where(Meeting.partnership_id == board.partnership_id, Meeting.id.in_(ids))
    )
    return {meeting.id for meeting in rows if meeting.status.fell_away}
