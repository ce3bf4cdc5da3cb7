"""Reading a board's action log, and the history of one of its meeting actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from actions.models import Action
from governance.deciding.rules import LogShows
from governance.log_models import MeetingAction, MeetingActionNote, MeetingActionStatus
from governance.models import Meeting
from tracker.people.models import Organisation, Person

# A page shows no more; the filters reach the rest.
MOST = 100


@dataclass(frozen=True)
class Reader:
    """Who reads a log: whether they may read confidential items; what they lead they may."""

    person_id: int
    confidential: bool


@dataclass(frozen=True)
class LogFilter:
    """Which of a board's meeting actions are wanted; None for any lead or meeting."""

    shows: LogShows = LogShows.OPEN
    person_id: int | None = None
    organisation_id: int | None = None
    meeting_id: int | None = None


def log(
    session: Session,
    partnership_id: int,
    board_id: int,
    wanted: LogFilter,
    reader: Reader,
    today: date,
) -> Sequence[MeetingAction]:
    """A board's meeting actions: what is open the earliest first, what is closed the latest.

    One more than a page shows where there are more.
    """
    chosen = _readable(partnership_id, board_id, reader).options(
        joinedload(MeetingAction.meeting),
        joinedload(MeetingAction.person),
        joinedload(MeetingAction.organisation),
    )
    is_open = MeetingAction.status == MeetingActionStatus.OPEN
    match wanted.shows:
        case LogShows.OPEN:
            chosen = chosen.where(is_open)
        case LogShows.OVERDUE:
            chosen = chosen.where(is_open, MeetingAction.due_on < today)
        case LogShows.CLOSED:
            chosen = chosen.where(~is_open).order_by(MeetingAction.closed_on.desc())
    if wanted.person_id is not None:
        chosen = chosen.where(MeetingAction.person_id == wanted.person_id)
    if wanted.organisation_id is not None:
        chosen = chosen.where(MeetingAction.organisation_id == wanted.organisation_id)
    if wanted.meeting_id is not None:
        chosen = chosen.where(MeetingAction.meeting_id == wanted.meeting_id)
    return session.scalars(chosen.order_by(MeetingAction.id).limit(MOST + 1)).all()


@dataclass(frozen=True)
class LogTerms:
    """What a log can be sifted by: its leads, and the meetings that asked."""

    people: Sequence[tuple[int, str]]
    organisations: Sequence[tuple[int, str]]
    meetings: Sequence[tuple[int, date, date]]


def terms(session: Session, partnership_id: int, board_id: int, reader: Reader) -> LogTerms:
    """Who leads a meeting action of the board, and which of its meetings asked for one."""
    its = _readable(partnership_id, board_id, reader)
    people = session.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(its.with_only_columns(MeetingAction.person_id)))
        .order_by(Person.name, Person.id)
    ).all()
    organisations = session.execute(
        select(Organisation.id, Organisation.name)
        .where(
            Organisation.partnership_id == partnership_id,
            Organisation.id.in_(its.with_only_columns(MeetingAction.organisation_id)),
        )
        .order_by(Organisation.name, Organisation.id)
    ).all()
    meetings = session.execute(
        select(Meeting.id, Meeting.occurrence_on, Meeting.meets_on)
        .where(
            Meeting.partnership_id == partnership_id,
            Meeting.id.in_(its.with_only_columns(MeetingAction.meeting_id)),
        )
        .order_by(Meeting.starts_at.desc())
    ).all()
    return LogTerms(
        [(one, name) for one, name in people],
        [(one, name) for one, name in organisations],
        [(one, occurrence_on, meets_on) for one, occurrence_on, meets_on in meetings],
    )


def meeting_action(
    session: Session, partnership_id: int, board_id: int, uid: UUID, reader: Reader
) -> MeetingAction | None:
    """One of a board's meeting actions, if the reader may read it."""
    return session.scalar(
        _readable(partnership_id, board_id, reader).where(MeetingAction.uid == uid)
    )


def notes(session: Session, action: MeetingAction) -> Sequence[MeetingActionNote]:
    """What was said of a meeting action, the newest first."""
    return session.scalars(
        select(MeetingActionNote)
        .options(joinedload(MeetingActionNote.person))
        .where(
            MeetingActionNote.partnership_id == action.partnership_id,
            MeetingActionNote.meeting_action_id == action.id,
        )
        .order_by(MeetingActionNote.id.desc())
    ).all()


def became(
    session: Session, partnership_id: int, rows: Iterable[MeetingAction]
) -> dict[int, Action]:
    """The actions of plans that meeting actions became, by their ids."""
    ids = sorted({row.action_id for row in rows if row.action_id is not None})
    if not ids:
        return {}
    found = session.scalars(
        select(Action).where(Action.partnership_id == partnership_id, Action.id.in_(ids))
    )
    return {action.id: action for action in found}


def organisations(session: Session, partnership_id: int) -> Sequence[Organisation]:
    """A partnership's organisations, by name."""
    return session.scalars(
        select(Organisation)
        .where(Organisation.partnership_id == partnership_id)
        .order_by(Organisation.name_key, Organisation.id)
    ).all()


def _readable(partnership_id: int, board_id: int, reader: Reader) -> Select[MeetingAction]:
    """A board's meeting actions that somebody may read."""
    return select(MeetingAction).where(
        MeetingAction.partnership_id == partnership_id,
        MeetingAction.board_id == board_id,
        or_(
            MeetingAction.is_confidential.in_((False, reader.confidential)),
            MeetingAction.person_id == reader.person_id,
        ),
    )
