"""Reading decisions between meetings: who may answer, what they said, what waits to be ratified."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from governance.deciding.rules import Answers
from governance.decision_models import (
    Answer,
    Circulation,
    CirculationAnswer,
    CirculationKind,
    CirculationState,
    Decision,
)
from governance.models import Meeting, MeetingStatus
from tracker.people.board_models import Board, BoardMember, BoardRole
from tracker.people.models import Person

_LEADING = (BoardRole.CHAIR, BoardRole.VICE_CHAIR)
_SITTING = (*_LEADING, BoardRole.MEMBER)
_RATIFYING = (MeetingStatus.PLANNED, MeetingStatus.HELD, MeetingStatus.ADJOURNED)


@dataclass(frozen=True)
class Seat:
    """Somebody on a board, in all parts that they have there today."""

    person: Person
    roles: frozenset[BoardRole]
    is_voting: bool
    reads_confidential: bool


def seats(rows: Collection[tuple[BoardMember, Person]]) -> list[Seat]:
    """The people of a board's rows, each once. Secretaries and substitutes have no vote there.

    A substitute stands in at a meeting; between meetings the member answers.
    """
    found: dict[int, list[tuple[BoardMember, Person]]] = {}
    for member, person in rows:
        found.setdefault(person.id, []).append((member, person))
    return [
        Seat(
            person=its[0][1],
            roles=frozenset(member.role for member, _ in its),
            is_voting=any(member.is_voting and member.role in _SITTING for member, _ in its),
            reads_confidential=any(
                member.reads_confidential or member.role in (BoardRole.CHAIR, BoardRole.SECRETARY)
                for member, _ in its
            ),
        )
        for its in found.values()
    ]


def voters(among: Sequence[Seat], kind: CirculationKind) -> list[Seat]:
    """Whose answers count: by e-mail the voting members; of a chair's action the chair.

    Where a board has no chair the vice chair acts. A delegated decision asks nobody of the board.
    """
    if kind is CirculationKind.DELEGATION:
        return []
    if kind is CirculationKind.EMAIL:
        return [one for one in among if one.is_voting]
    chairs = [one for one in among if BoardRole.CHAIR in one.roles]
    return chairs or [one for one in among if BoardRole.VICE_CHAIR in one.roles]


def seats_of(session: Session, partnership_id: int, board_id: int, on: date) -> list[Seat]:
    """Who sits on a board on a day, by name."""
    rows = session.execute(
        select(BoardMember, Person)
        .join(Person, Person.id == BoardMember.person_id)
        .where(
            BoardMember.partnership_id == partnership_id,
            BoardMember.board_id == board_id,
            BoardMember.from_on <= on,
            or_(BoardMember.to_on.is_(None), BoardMember.to_on >= on),
            or_(Person.left_on.is_(None), Person.left_on > on),
        )
        .order_by(Person.name, Person.id)
    ).all()
    return seats([(member, person) for member, person in rows])


def circulations(
    session: Session, partnership_id: int, board_id: int, *, confidential: bool = False
) -> Sequence[Circulation]:
    """A board's decisions between meetings, the newest first."""
    return session.scalars(
        select(Circulation)
        .where(
            Circulation.partnership_id == partnership_id,
            Circulation.board_id == board_id,
            Circulation.is_confidential.in_((False, confidential)),
        )
        .order_by(Circulation.id.desc())
    ).all()


def circulation_by_uid(
    session: Session, partnership_id: int, board_id: int, uid: UUID, *, confidential: bool = False
) -> Circulation | None:
    """One of a board's decisions between meetings; a confidential one only for who may read it."""
    return session.scalar(
        select(Circulation).where(
            Circulation.partnership_id == partnership_id,
            Circulation.board_id == board_id,
            Circulation.uid == uid,
            Circulation.is_confidential.in_((False, confidential)),
        )
    )


def answers_to(session: Session, circulation: Circulation) -> Sequence[CirculationAnswer]:
    """Every answer to a circulation, in the order in which they came."""
    return session.scalars(
        select(CirculationAnswer)
        .options(joinedload(CirculationAnswer.person))
        .where(
            CirculationAnswer.partnership_id == circulation.partnership_id,
            CirculationAnswer.circulation_id == circulation.id,
        )
        .order_by(CirculationAnswer.id)
    ).all()


def latest(answers: Sequence[CirculationAnswer]) -> dict[int, CirculationAnswer]:
    """The answer that counts of each person, by their id: the last that they gave."""
    return {one.person_id: one for one in answers}


def counted(among: Sequence[Seat], answers: Sequence[CirculationAnswer]) -> Answers:
    """How many of those who have a vote gave which answer."""
    last = latest(answers)
    given = [last[one.person.id].answer for one in among if one.person.id in last]
    return Answers(
        agree=given.count(Answer.AGREE),
        disagree=given.count(Answer.DISAGREE),
        abstain=given.count(Answer.ABSTAIN),
        at_meeting=given.count(Answer.AT_A_MEETING),
    )


def decision_of(session: Session, circulation: Circulation) -> Decision | None:
    """The decision that a circulation came to."""
    return session.scalar(
        select(Decision).where(
            Decision.partnership_id == circulation.partnership_id,
            Decision.circulation_id == circulation.id,
        )
    )


def references(session: Session, board: Board) -> Sequence[str]:
    """The references of a board's decisions between meetings, confidential ones included."""
    return session.scalars(
        select(Decision.reference).where(
            Decision.partnership_id == board.partnership_id,
            Decision.board_id == board.id,
            Decision.circulation_id.is_not(None),
        )
    ).all()


def to_ratify(
    session: Session, meeting: Meeting, *, confidential: bool = False
) -> list[tuple[Decision, Circulation]]:
    """The decisions that a meeting is to ratify, or ratified, in the order in which they were made.

    One that an earlier meeting did not ratify comes again. Either the confidential ones or the
    others: they are never printed together.
    """
    rows = session.execute(
        select(Decision, Circulation)
        .join(Circulation, Circulation.id == Decision.circulation_id)
        .where(
            Decision.partnership_id == meeting.partnership_id,
            Decision.board_id == meeting.board_id,
            Decision.made_on <= meeting.meets_on,
            or_(Decision.ratified_at_id.is_(None), Decision.ratified_at_id == meeting.id),
            Decision.is_confidential.is_(confidential),
        )
        .order_by(Decision.made_on, Decision.id)
    ).all()
    return [(decision, circulation) for decision, circulation in rows]


def ratifying_meetings(
    session: Session, circulation: Circulation, made_on: date, today: date
) -> Sequence[Meeting]:
    """The board's meetings since a decision was made that could ratify it, the latest first."""
    return session.scalars(
        select(Meeting)
        .where(
            Meeting.partnership_id == circulation.partnership_id,
            Meeting.board_id == circulation.board_id,
            Meeting.meets_on >= made_on,
            Meeting.meets_on <= today,
            Meeting.status.in_(_RATIFYING),
        )
        .order_by(Meeting.starts_at.desc())
        .limit(10)
    ).all()


def is_open(circulation: Circulation) -> bool:
    """Whether a circulation can still be answered."""
    return circulation.state is CirculationState.OPEN


def meeting_by_id(session: Session, partnership_id: int, meeting_id: int) -> Meeting | None:
    """A meeting by its id."""
    return session.scalar(
        select(Meeting).where(Meeting.partnership_id == partnership_id, Meeting.id == meeting_id)
    )
