"""Reading confidential items, who is entitled to them, and what was taken down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from actions.models import Action
from governance.agenda_models import AgendaItem
from governance.decision_models import Circulation
from governance.log_models import MeetingAction
from governance.models import Meeting
from governance.takedown_models import Takedown
from tracker.kernel.period import short_date
from tracker.people.board_models import Board, BoardMember, BoardRole
from tracker.people.models import Person


def item_by_uid(session: Session, meeting: Meeting, uid: UUID) -> AgendaItem | None:
    """An item of a meeting's agenda by its uid, confidential ones too: ask who may read it."""
    return session.scalar(
        select(AgendaItem).where(
            AgendaItem.partnership_id == meeting.partnership_id,
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.uid == uid,
        )
    )


def entitled(session: Session, board: Board, today: date) -> list[tuple[str, str]]:
    """Who reads a board's confidential items: each name with what entitles them, in order."""
    rows = session.execute(
        select(Person.name, BoardMember.role)
        .join(Person, Person.id == BoardMember.person_id)
        .where(
            BoardMember.partnership_id == board.partnership_id,
            BoardMember.board_id == board.id,
            BoardMember.from_on <= today,
            or_(BoardMember.to_on.is_(None), BoardMember.to_on >= today),
            or_(
                BoardMember.role.in_((BoardRole.CHAIR, BoardRole.SECRETARY)),
                BoardMember.reads_confidential.is_(True),
            ),
        )
        .order_by(Person.name, Person.id)
    )
    return [(name, role.value) for name, role in rows]


def takedowns(session: Session, partnership_id: int) -> Sequence[tuple[Takedown, str]]:
    """What was taken down of a partnership, newest first, each with the name of who hid it."""
    rows = session.execute(
        select(Takedown, Person.name)
        .join(Person, Person.id == Takedown.hidden_by_id)
        .where(Takedown.partnership_id == partnership_id)
        .order_by(Takedown.hidden_at.desc(), Takedown.id.desc())
    )
    return [(takedown, name) for takedown, name in rows]


def takedown_by_uid(session: Session, partnership_id: int, uid: UUID) -> Takedown | None:
    """A take-down by its uid."""
    return session.scalar(
        select(Takedown).where(Takedown.partnership_id == partnership_id, Takedown.uid == uid)
    )


def person_name(session: Session, person_id: int) -> str:
    """Somebody's name."""
    return session.get_one(Person, person_id).name


@dataclass(frozen=True)
class Whereabouts:
    """Where a record stands: in words without any text of it, its board, whether confidential."""

    words: str
    board_id: int | None
    is_confidential: bool


def whereabouts(session: Session, record: Any) -> Whereabouts:
    """Where a record stands; confidential too when what it was made of is."""
    partnership_id = record.partnership_id
    said: list[str] = []
    confidential = bool(getattr(record, "is_confidential", False))
    board_id, meeting_id = getattr(record, "board_id", None), getattr(record, "meeting_id", None)
    for name in ("item_id", "meeting_action_id", "circulation_id"):
        parent_id = getattr(record, name, None)
        parent = _parent(session, partnership_id, name, parent_id) if parent_id else None
        if parent is not None:
            confidential = confidential or parent.is_confidential
            board_id = board_id or getattr(parent, "board_id", None)
            meeting_id = meeting_id or getattr(parent, "meeting_id", None)
    if isinstance(record, Meeting):
        meeting_id = record.id
    meeting = _one(session, Meeting, partnership_id, meeting_id)
    board = _one(session, Board, partnership_id, meeting.board_id if meeting else board_id)
    if board is not None:
        said.append(board.name)
    if meeting is not None:
        said.append(f"meeting of {short_date(meeting.meets_on)}")
    action_id = record.id if isinstance(record, Action) else getattr(record, "action_id", None)
    action = _one(session, Action, partnership_id, action_id)
    if action is not None:
        said.append(f"action {action.number}")
    return Whereabouts(", ".join(said), board.id if board else None, confidential)


def _parent(session: Session, partnership_id: int, name: str, key: int) -> Any:
    models: dict[str, type[Any]] = {
        "item_id": AgendaItem,
        "meeting_action_id": MeetingAction,
        "circulation_id": Circulation,
    }
    return _one(session, models[name], partnership_id, key)


def _one(session: Session, model: type[Any], partnership_id: int, key: int | None) -> Any:
    if key is None:
        return None
    return session.scalar(
        select(model).where(model.partnership_id == partnership_id, model.id == key)
    )
