"""An agenda edited by people: items changed, moved; approved by the chair, and changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from governance import queries
from governance.agenda import Purpose
from governance.agenda_models import AgendaItem, Paper
from governance.agendas.queries import is_published
from governance.agendas.rules import STEP, position_between
from governance.models import Meeting
from governance.operations import mark_done
from governance.timetable import StepKind
from tracker.ledger.models import AuditEntry

# Set at publication, not by whoever edits: an agenda that got its numbers is not another one.
_GIVEN_AT_PUBLICATION = ("number", "supplement", "reference")


class CannotChange(Exception):
    """The agenda does not change in this way any more; the message says why in plain words."""


@dataclass(frozen=True)
class ItemWords:
    """What people say of an item. ``minutes`` None: no time is allotted."""

    title: str
    purpose: Purpose
    presenter: str | None = None
    minutes: int | None = None
    text: str | None = None


def check_open(session: Session, meeting: Meeting) -> None:
    """Go on only while the agenda may be put in another order; raises CannotChange after that."""
    if not meeting.status.is_to_come:
        raise CannotChange("This meeting is over, so its agenda stays as it was.")
    if is_published(session, meeting):
        raise CannotChange(
            "The pack is published, so its items keep their numbers and their order. You can still"
            " accept a late item, or correct an item and publish a correction."
        )


def change_item(session: Session, item: AgendaItem, words: ItemWords) -> None:
    """Say otherwise what an item is; no rule changes it back."""
    item.title, item.purpose = words.title, words.purpose
    item.presenter, item.minutes, item.text = words.presenter, words.minutes, words.text
    session.flush()


def move_item(
    session: Session, meeting: Meeting, item: AgendaItem, *, before: AgendaItem | None
) -> None:
    """Put an item before another one of its meeting, or last. Confidential items stay together.

    Raises CannotChange once the pack is published.
    """
    check_open(session, meeting)
    others = [one for one in _together(session, meeting, item) if one.id != item.id]
    place = len(others) if before is None else _index(others, before, len(others))
    position = position_between([one.position for one in others], place)
    if position is not None:
        item.position = position
    else:
        others.insert(place, item)
        for number, one in enumerate(others, start=1):
            one.position = number * STEP
    session.flush()


def step_item(session: Session, meeting: Meeting, item: AgendaItem, *, up: bool) -> None:
    """Move an item one place up or down; at the end of the agenda it stays.

    Raises CannotChange once the pack is published.
    """
    items = _together(session, meeting, item)
    at = _index(items, item, 0)
    if up and at > 0:
        move_item(session, meeting, item, before=items[at - 1])
    elif not up and at + 1 < len(items):
        after = items[at + 2] if at + 2 < len(items) else None
        move_item(session, meeting, item, before=after)
    else:
        check_open(session, meeting)


def _together(session: Session, meeting: Meeting, item: AgendaItem) -> list[AgendaItem]:
    """The items among which one may move: those in the same file."""
    return [
        one
        for one in queries.agenda(session, meeting, confidential=True)
        if one.is_confidential == item.is_confidential
    ]


def _index(items: list[AgendaItem], item: AgendaItem, default: int) -> int:
    return next((at for at, one in enumerate(items) if one.id == item.id), default)


def approve_agenda(
    session: Session,
    meeting: Meeting,
    *,
    chair_id: int | None,
    recorded_by_id: int | None,
    at: datetime,
    now: datetime,
) -> None:
    """Record that the chair approved the agenda, at an instant; again after it changed.

    ``recorded_by_id`` is the secretary's who records it; None where the chair pressed the button.
    The step of the timetable counts as done the first time.
    """
    meeting.agenda_approved_at = at
    meeting.agenda_approved_by_id, meeting.agenda_recorded_by_id = chair_id, recorded_by_id
    session.flush()
    mark_done(session, meeting, StepKind.AGENDA_SETTING, now=now)


def changed_since_approval(session: Session, meeting: Meeting) -> set[int]:
    """The ids of items that changed, came or left since the chair approved; empty before that."""
    approved_at = meeting.agenda_approved_at
    if approved_at is None:
        return set()
    tenant = meeting.partnership_id
    items = select(AgendaItem.id).where(
        AgendaItem.partnership_id == tenant, AgendaItem.meeting_id == meeting.id
    )
    papers = select(Paper.id).where(Paper.partnership_id == tenant, Paper.item_id.in_(items))
    changed = session.execute(
        select(AuditEntry.table_name, AuditEntry.record_id)
        .where(
            AuditEntry.partnership_id == tenant,
            AuditEntry.at > approved_at,
            AuditEntry.field.not_in(_GIVEN_AT_PUBLICATION),
            or_(
                and_(
                    AuditEntry.table_name == AgendaItem.__tablename__,
                    AuditEntry.record_id.in_(items),
                ),
                and_(
                    AuditEntry.table_name == Paper.__tablename__, AuditEntry.record_id.in_(papers)
                ),
            ),
        )
        .distinct()
    ).all()
    found = {record_id for table, record_id in changed if table == AgendaItem.__tablename__}
    of_papers = {record_id for table, record_id in changed if table == Paper.__tablename__}
    if of_papers:
        found |= set(
            session.scalars(
                select(Paper.item_id).where(
                    Paper.partnership_id == tenant, Paper.id.in_(sorted(of_papers))
                )
            )
        )
    return found
