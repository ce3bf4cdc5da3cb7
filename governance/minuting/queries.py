"""Reading what was recorded of a meeting. What is confidential is left out unless asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from governance import queries
from governance.agenda import ItemKind
from governance.agenda_models import AgendaItem, ItemStatus
from governance.decision_models import Decision
from governance.log_models import MeetingAction
from governance.minute_models import Attendance, Declaration, ItemMinute, Minutes
from governance.minuting.rules import Seat
from governance.models import Meeting, MeetingBoard, MeetingStatus
from tracker.people.board_models import (
    Board,
    BoardMember,
    BoardMemberOrganisation,
    BoardRole,
)
from tracker.people.models import Organisation, Person

_ORDER = tuple(BoardRole)


@dataclass(frozen=True)
class Sitter:
    """A person of a board on the day of a meeting: in which role, for whom, with which vote."""

    person: Person
    role: BoardRole
    organisations: tuple[str, ...]
    seat: Seat
    substitute_for_id: int | None = None


def boards_of(session: Session, meeting: Meeting) -> list[Board]:
    """The boards that meet: the meeting's own first, then those that it is joint with."""
    further = session.scalars(
        select(Board)
        .join(MeetingBoard, MeetingBoard.board_id == Board.id)
        .where(
            MeetingBoard.partnership_id == meeting.partnership_id,
            MeetingBoard.meeting_id == meeting.id,
        )
        .order_by(Board.name_key, Board.id)
    ).all()
    return [meeting.board, *(board for board in further if board.id != meeting.board_id)]


def sitters(session: Session, meeting: Meeting, board: Board) -> list[Sitter]:
    """Who sits on a board on the day of a meeting, each once in their first role, by role.

    Board secretaries and substitutes have no vote of their own.
    """
    rows = session.scalars(
        select(BoardMember)
        .join(Person, Person.id == BoardMember.person_id)
        .options(joinedload(BoardMember.person))
        .where(
            BoardMember.partnership_id == meeting.partnership_id,
            BoardMember.board_id == board.id,
            BoardMember.from_on <= meeting.meets_on,
            or_(BoardMember.to_on.is_(None), BoardMember.to_on >= meeting.meets_on),
        )
        .order_by(Person.name, BoardMember.id)
    ).all()
    named = _organisations(session, meeting.partnership_id, [row.id for row in rows])
    of: dict[int, list[BoardMember]] = defaultdict(list)
    for row in rows:
        of[row.person_id].append(row)
    found = [_sitter(seats, named) for seats in of.values()]
    return sorted(found, key=lambda one: _ORDER.index(one.role))


def _sitter(seats: Sequence[BoardMember], named: dict[int, list[tuple[int, str]]]) -> Sitter:
    first = min(seats, key=lambda row: _ORDER.index(row.role))
    without = (BoardRole.SECRETARY, BoardRole.SUBSTITUTE)
    organisations = {key: name for row in seats for key, name in named.get(row.id, [])}
    return Sitter(
        person=first.person,
        role=first.role,
        organisations=tuple(organisations.values()),
        seat=Seat(
            person_id=first.person_id,
            is_voting=any(row.is_voting and row.role not in without for row in seats),
            may_chair=any(row.role in (BoardRole.CHAIR, BoardRole.VICE_CHAIR) for row in seats),
            organisations=frozenset(organisations),
        ),
        substitute_for_id=next((r.substitute_for_id for r in seats if r.substitute_for_id), None),
    )


def _organisations(
    session: Session, partnership_id: int, member_ids: Sequence[int]
) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for member_id, key, name in session.execute(
        select(BoardMemberOrganisation.board_member_id, Organisation.id, Organisation.name)
        .join(Organisation, Organisation.id == BoardMemberOrganisation.organisation_id)
        .where(
            BoardMemberOrganisation.partnership_id == partnership_id,
            BoardMemberOrganisation.board_member_id.in_(list(member_ids)),
        )
        .order_by(Organisation.name_key, Organisation.id)
    ):
        found[member_id].append((key, name))
    return found


def minutes_of(session: Session, meeting: Meeting) -> Minutes | None:
    """A meeting's minutes, once they were begun."""
    return session.scalar(
        select(Minutes).where(
            Minutes.partnership_id == meeting.partnership_id, Minutes.meeting_id == meeting.id
        )
    )


def attendance(session: Session, meeting: Meeting, board: Board) -> Sequence[Attendance]:
    """Who attended for a board, as it was recorded, in that order."""
    return session.scalars(
        select(Attendance)
        .where(
            Attendance.partnership_id == meeting.partnership_id,
            Attendance.meeting_id == meeting.id,
            Attendance.board_id == board.id,
        )
        .order_by(Attendance.id)
    ).all()


def declarations(
    session: Session, meeting: Meeting, *, confidential: bool = False
) -> Sequence[Declaration]:
    """The interests declared at a meeting, in that order."""
    return session.scalars(
        select(Declaration)
        .where(
            Declaration.partnership_id == meeting.partnership_id,
            Declaration.meeting_id == meeting.id,
            Declaration.is_confidential.in_((False, confidential)),
        )
        .order_by(Declaration.id)
    ).all()


def item_minutes(
    session: Session, meeting: Meeting, *, confidential: bool = False
) -> dict[int, ItemMinute]:
    """What is minuted of each item, by the item's id."""
    rows = session.scalars(
        select(ItemMinute).where(
            ItemMinute.partnership_id == meeting.partnership_id,
            ItemMinute.meeting_id == meeting.id,
            ItemMinute.is_confidential.in_((False, confidential)),
        )
    )
    return {row.item_id: row for row in rows}


def item_of(
    session: Session, meeting: Meeting, uid: UUID, *, confidential: bool = False
) -> AgendaItem | None:
    """An item on a meeting's agenda, by its uid."""
    items = queries.agenda(session, meeting, confidential=confidential)
    return next((item for item in items if item.uid == uid), None)


def minuted_items(
    session: Session, meeting: Meeting, *, confidential: bool = False
) -> list[AgendaItem]:
    """The items of a meeting's minutes: its agenda, and what was deferred or taken off there."""
    on_agenda = list(queries.agenda(session, meeting, confidential=confidential))
    deferred = session.scalars(
        select(AgendaItem)
        .where(
            AgendaItem.partnership_id == meeting.partnership_id,
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.status == ItemStatus.DEFERRED,
            # What was put off before the papers went out was never before the board.
            AgendaItem.number.is_not(None),
            AgendaItem.is_confidential.in_((False, confidential)),
        )
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    found = [*on_agenda, *deferred]
    return sorted(found, key=lambda item: (item.is_confidential, item.position, item.id))


def decisions(
    session: Session, meeting: Meeting, *, confidential: bool = False
) -> Sequence[Decision]:
    """The decisions of a meeting, all its boards', in that order."""
    return session.scalars(
        select(Decision)
        .where(
            Decision.partnership_id == meeting.partnership_id,
            Decision.meeting_id == meeting.id,
            Decision.is_confidential.in_((False, confidential)),
        )
        .order_by(Decision.board_id, Decision.id)
    ).all()


def decision_by_uid(
    session: Session, meeting: Meeting, uid: UUID, *, confidential: bool = False
) -> Decision | None:
    """A decision of a meeting by its uid."""
    rows = decisions(session, meeting, confidential=confidential)
    return next((row for row in rows if row.uid == uid), None)


def decision_references(session: Session, partnership_id: int, board_id: int) -> Sequence[str]:
    """Every reference of a board's decisions that is taken, confidential ones too."""
    return session.scalars(
        select(Decision.reference).where(
            Decision.partnership_id == partnership_id, Decision.board_id == board_id
        )
    ).all()


def action_references(session: Session, partnership_id: int, board_id: int) -> Sequence[str]:
    """Every reference of a board's meeting actions that is taken, confidential ones too."""
    return session.scalars(
        select(MeetingAction.reference).where(
            MeetingAction.partnership_id == partnership_id, MeetingAction.board_id == board_id
        )
    ).all()


def actions_of(
    session: Session, meeting: Meeting, *, confidential: bool = False
) -> Sequence[MeetingAction]:
    """What a meeting asked people to do, in that order."""
    return session.scalars(
        select(MeetingAction)
        .options(joinedload(MeetingAction.person), joinedload(MeetingAction.organisation))
        .where(
            MeetingAction.partnership_id == meeting.partnership_id,
            MeetingAction.meeting_id == meeting.id,
            MeetingAction.is_confidential.in_((False, confidential)),
        )
        .order_by(MeetingAction.id)
    ).all()


def to_confirm(session: Session, meeting: Meeting) -> Meeting | None:
    """The board's last sitting before a meeting: the one whose minutes it has to confirm."""
    took_place = [status for status in MeetingStatus if status.took_place]
    return session.scalar(
        select(Meeting)
        .where(
            Meeting.partnership_id == meeting.partnership_id,
            Meeting.board_id == meeting.board_id,
            Meeting.starts_at < meeting.starts_at,
            Meeting.status.in_(took_place),
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(1)
    )


def has_minutes_item(session: Session, meeting: Meeting) -> bool:
    """Whether minutes of an earlier meeting stand on a meeting's agenda."""
    return any(item.kind is ItemKind.MINUTES for item in queries.agenda(session, meeting))


def minutes_of_board(session: Session, board: Board) -> list[tuple[Meeting, Minutes | None]]:
    """A board's meetings that took place, the latest first, with their minutes."""
    rows = session.execute(
        select(Meeting, Minutes)
        .outerjoin(
            Minutes,
            (Minutes.meeting_id == Meeting.id) & (Minutes.partnership_id == Meeting.partnership_id),
        )
        .where(
            Meeting.partnership_id == board.partnership_id,
            Meeting.board_id == board.id,
            Meeting.status.in_([status for status in MeetingStatus if status.took_place]),
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    ).all()
    return [(meeting, minutes) for meeting, minutes in rows]
