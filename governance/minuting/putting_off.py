"""Items that a meeting did not reach."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from governance import queries
from governance.agenda_models import AgendaItem, ItemStatus
from governance.agendas.operations import defer_item
from governance.minuting.ground import CannotMinute, writing
from governance.models import Meeting


def put_off(
    session: Session, meeting: Meeting, item: AgendaItem, *, why: str, now: datetime
) -> Meeting | None:
    """Put an item that was not reached off to the board's next meeting.

    Returns that meeting; None where none is planned, so that it waits in the forward plan. Raises
    CannotMinute for an item that was put off already.
    """
    writing(session, meeting)
    session.refresh(item)
    if item.status is not ItemStatus.ON_AGENDA:
        raise CannotMinute("This item was put off or taken off already.")
    after = max(now, meeting.starts_at)
    to = queries.next_meeting(session, meeting.partnership_id, meeting.board_id, after)
    defer_item(session, item, to=to, why=why, now=now)
    return to
