"""The forward plan edited: items parked, given a meeting, parked again, dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem, ItemOrigin, ItemStatus
from governance.agendas.changing import ItemWords, change_item
from governance.agendas.operations import add_item, put_back, take_off
from governance.agendas.queries import is_published
from governance.forward.entries import agenda_item_of, key_of
from governance.models import Meeting, MeetingStatus
from governance.report_models import ForwardItem, ForwardState
from tracker.people.board_models import Board

PARKED_AGAIN = "Put back into the forward plan"


class CannotSchedule(Exception):
    """A meeting takes no item from the forward plan; the message says why in plain words."""


@dataclass(frozen=True)
class EntryWords:
    """What people say of an entry. ``minutes`` None: no time is allotted."""

    title: str
    purpose: Purpose
    presenter: str | None = None
    minutes: int | None = None
    why: str | None = None


def park(
    session: Session,
    board: Board,
    words: EntryWords,
    *,
    now: datetime,
    is_confidential: bool = False,
) -> ForwardItem:
    """Keep an item that the board wants at a later meeting, without a meeting yet."""
    item = ForwardItem(
        partnership_id=board.partnership_id,
        board_id=board.id,
        title=words.title,
        purpose=words.purpose,
        presenter=words.presenter,
        minutes=words.minutes,
        why=words.why,
        added_at=now,
        is_confidential=is_confidential,
    )
    session.add(item)
    session.flush()
    return item


def change(session: Session, item: ForwardItem, words: EntryWords) -> None:
    """Say otherwise what an entry is; the agenda that has it follows."""
    item.title, item.purpose = words.title, words.purpose
    item.presenter, item.minutes, item.why = words.presenter, words.minutes, words.why
    there = agenda_item_of(session, item)
    if there is not None and there.status is ItemStatus.ON_AGENDA:
        change_item(
            session,
            there,
            ItemWords(words.title, words.purpose, words.presenter, words.minutes, there.text),
        )
    session.flush()


def schedule(session: Session, item: ForwardItem, meeting: Meeting, *, now: datetime) -> None:
    """Give an entry a meeting of its board: it stands on that agenda, and on no other.

    Its history goes on where it was deferred. Raises CannotSchedule for a meeting that is over or
    not planned, or whose pack is published.
    """
    if meeting.status is not MeetingStatus.PLANNED or meeting.starts_at <= now:
        raise CannotSchedule("That meeting is not to come. Choose another one.")
    if is_published(session, meeting):
        raise CannotSchedule(
            "The pack of that meeting is published. Choose a later one, or accept the item late on"
            " that meeting’s agenda."
        )
    if item.meeting_id is not None and item.meeting_id != meeting.id:
        unschedule(session, item)
    item.meeting_id, item.state = meeting.id, ForwardState.SCHEDULED
    session.flush()
    there = add_item(
        session,
        meeting,
        kind=ItemKind.TEXT,
        title=item.title,
        purpose=item.purpose,
        origin=ItemOrigin.FORWARD_PLAN,
        source_key=key_of(item),
        origin_words="From the forward plan",
        presenter=item.presenter,
        minutes=item.minutes,
        thread=item.thread,
        carried_from=_deferred_from(session, item),
        is_confidential=item.is_confidential,
    )
    if there.status is not ItemStatus.ON_AGENDA:
        put_back(session, there)


def unschedule(session: Session, item: ForwardItem) -> None:
    """Take an entry off the agenda that has it, and park it again.

    Raises CannotSchedule where that agenda is published: it stays in its records.
    """
    there = agenda_item_of(session, item)
    if there is not None and there.status is ItemStatus.ON_AGENDA:
        meeting = session.scalars(
            select(Meeting).where(
                Meeting.partnership_id == item.partnership_id, Meeting.id == there.meeting_id
            )
        ).one()
        if is_published(session, meeting):
            raise CannotSchedule(
                "It stands in a published pack. Defer it on that meeting’s agenda instead."
            )
        take_off(session, there, why=PARKED_AGAIN)
    item.meeting_id, item.state = None, ForwardState.PARKED
    session.flush()


def drop(session: Session, item: ForwardItem, *, why: str) -> None:
    """Have an entry come to no meeting any more, and keep why. Raises as ``unschedule`` does."""
    unschedule(session, item)
    item.state, item.why = ForwardState.DROPPED, why
    session.flush()


def _deferred_from(session: Session, item: ForwardItem) -> AgendaItem | None:
    if item.from_item_id is None:
        return None
    return session.scalar(
        select(AgendaItem).where(
            AgendaItem.partnership_id == item.partnership_id,
            AgendaItem.id == item.from_item_id,
            AgendaItem.is_confidential.in_((False, item.is_confidential)),
        )
    )
