"""One piece of business across the meetings at which it was: minuted, decided, deferred."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.agenda_models import AgendaItem, ItemStatus
from governance.agendas.queries import published_of, thread_items
from governance.decision_models import Decision
from governance.minute_models import ItemMinute, Minutes, MinutesState
from governance.models import Meeting

# Before they reach members, minutes are their writer's and the chair's.
_READABLE = (MinutesState.WITH_MEMBERS, MinutesState.CONFIRMED)


@dataclass(frozen=True)
class AtMeeting:
    """What became of the business at one meeting."""

    meeting: Meeting
    title: str
    number: str | None
    minuted: str | None
    decisions: tuple[Decision, ...]
    became: str
    why: str | None


def history_of(
    session: Session,
    item: AgendaItem,
    board_id: int,
    *,
    confidential: bool = False,
    drafts: bool = False,
    minutes_of_all: bool = False,
) -> list[AtMeeting]:
    """Each meeting of a board where this business was on the agenda, the first of them first.

    ``confidential`` rows only for the entitled; ``drafts``: also meetings whose pack is not
    published; ``minutes_of_all``: also minutes that members have not been sent yet.
    """
    tenant = item.partnership_id
    rows = thread_items(session, item, board_id, confidential=confidential)
    published = published_of(session, tenant, [meeting.id for _, meeting in rows])
    rows = [one for one in rows if drafts or one[1].id in published or one[0].id == item.id]
    ids = [one.id for one, _ in rows]
    readable = {
        meeting_id
        for meeting_id, state in session.execute(
            select(Minutes.meeting_id, Minutes.state).where(
                Minutes.partnership_id == tenant,
                Minutes.meeting_id.in_([meeting.id for _, meeting in rows]),
            )
        )
        if state in _READABLE
    }
    minuted = {
        minute.item_id: minute.text
        for minute in session.scalars(
            select(ItemMinute).where(
                ItemMinute.partnership_id == tenant,
                ItemMinute.item_id.in_(ids),
                ItemMinute.is_confidential.in_((False, confidential)),
            )
        )
        if minutes_of_all or minute.meeting_id in readable
    }
    decided: dict[int, list[Decision]] = defaultdict(list)
    for decision in session.scalars(
        select(Decision)
        .where(
            Decision.partnership_id == tenant,
            Decision.item_id.in_(ids),
            Decision.is_confidential.in_((False, confidential)),
        )
        .order_by(Decision.id)
    ):
        if minutes_of_all or decision.meeting_id in readable:
            decided[decision.item_id or 0].append(decision)
    return [
        AtMeeting(
            meeting=meeting,
            title=one.title,
            number=one.number,
            minuted=minuted.get(one.id),
            decisions=tuple(decided[one.id]),
            became="On the agenda"
            if one.status is ItemStatus.ON_AGENDA
            else one.status.value.capitalize(),
            why=one.status_words,
        )
        for one, meeting in rows
    ]
