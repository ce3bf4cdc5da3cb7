"""Reading what a board is and has set: who sits on it, whom it answers to, its own rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance import queries
from governance.boards.rules import STANDARD_ITEMS, StandardItem
from governance.models import Meeting, MeetingStatus
from governance.pack_models import PackStatus
from governance.setting_models import BoardTimetable, BusinessKind, StandingItem, YearBusiness
from tracker.kernel.period import short_date
from tracker.people.board_models import (
    Board,
    BoardMember,
    BoardMemberOrganisation,
    BoardRelation,
    BoardRole,
    ChairTurn,
    TermsOfReference,
)
from tracker.people.models import Organisation, Person


@dataclass(frozen=True)
class Seat:
    """Somebody's part on a board for a time: whom they speak for, whom they stand in for."""

    member: BoardMember
    person: Person
    organisations: tuple[Organisation, ...] = ()
    stands_for: str | None = None

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.member.to_on is not None and self.member.to_on < today

    def is_to_come(self, today: date) -> bool:
        """Whether its first day is still to come."""
        return self.member.from_on > today

    @property
    def what(self) -> str:
        """The role in words, with whom they stand in for where that was said."""
        role = self.member.role.value.capitalize()
        return f"{role} for {self.stands_for}" if self.stands_for else role


ROLE_ORDER = tuple(BoardRole)


def seats(session: Session, board: Board, *, person_id: int | None = None) -> list[Seat]:
    """Everybody who sits, sat or will sit on a board, by role, first day and name."""
    chosen = (
        select(BoardMember, Person)
        .join(Person, Person.id == BoardMember.person_id)
        .where(BoardMember.partnership_id == board.partnership_id, BoardMember.board_id == board.id)
    )
    if person_id is not None:
        chosen = chosen.where(BoardMember.person_id == person_id)
    rows = session.execute(chosen).all()
    speaks_for = _organisations(session, board, [member.id for member, _ in rows])
    names = {person.id: person.name for _, person in rows}
    others = {one.substitute_for_id for one, _ in rows if one.substitute_for_id} - names.keys()
    if others:
        found = select(Person.id, Person.name).where(Person.id.in_(others))
        names |= {person_id: name for person_id, name in session.execute(found)}
    every = [
        Seat(
            member,
            person,
            tuple(speaks_for.get(member.id, ())),
            names.get(member.substitute_for_id or 0),
        )
        for member, person in rows
    ]
    return sorted(
        every,
        key=lambda one: (
            ROLE_ORDER.index(one.member.role),
            one.member.from_on,
            one.person.name,
            one.member.id,
        ),
    )


def _organisations(
    session: Session, board: Board, member_ids: Collection[int]
) -> dict[int, list[Organisation]]:
    found: dict[int, list[Organisation]] = defaultdict(list)
    for member_id, organisation in session.execute(
        select(BoardMemberOrganisation.board_member_id, Organisation)
        .join(Organisation, Organisation.id == BoardMemberOrganisation.organisation_id)
        .where(
            BoardMemberOrganisation.partnership_id == board.partnership_id,
            Organisation.partnership_id == board.partnership_id,
            BoardMemberOrganisation.board_member_id.in_(list(member_ids)),
        )
        .order_by(Organisation.name_key, Organisation.id)
    ):
        found[member_id].append(organisation)
    return found


def chair_seats(session: Session, board: Board) -> Sequence[BoardMember]:
    """Every term of a board's chairs, past and to come, by first day."""
    return session.scalars(
        select(BoardMember)
        .where(
            BoardMember.partnership_id == board.partnership_id,
            BoardMember.board_id == board.id,
            BoardMember.role == BoardRole.CHAIR,
        )
        .order_by(BoardMember.from_on, BoardMember.id)
    ).all()


def chair_words(session: Session, board: Board, today: date) -> str | None:
    """Who chairs a board that rotates: "Ann Lee until 31 March 2027, then Bob Ray".

    None where its chair does not rotate, or nobody is to chair it.
    """
    if board.chair_term_months is None:
        return None
    rows = session.execute(
        select(BoardMember.from_on, BoardMember.to_on, Person.name)
        .join(Person, Person.id == BoardMember.person_id)
        .where(
            BoardMember.partnership_id == board.partnership_id,
            BoardMember.board_id == board.id,
            BoardMember.role == BoardRole.CHAIR,
            or_(BoardMember.to_on.is_(None), BoardMember.to_on >= today),
        )
        .order_by(BoardMember.from_on, BoardMember.id)
        .limit(2)
    ).all()
    if not rows:
        return None
    from_on, to_on, name = rows[0]
    words = name if from_on <= today else f"{name} from {short_date(from_on)}"
    if to_on is not None:
        words += f" until {short_date(to_on)}"
    return f"{words}, then {rows[1][2]}" if len(rows) > 1 else words


def chair_turns(session: Session, board: Board) -> Sequence[ChairTurn]:
    """Whose turns to chair follow one another, in their order."""
    return session.scalars(
        select(ChairTurn)
        .where(ChairTurn.partnership_id == board.partnership_id, ChairTurn.board_id == board.id)
        .order_by(ChairTurn.position)
    ).all()


def relations_of(session: Session, board: Board) -> Sequence[BoardRelation]:
    """What a board answers to, past and to come, by kind and first day."""
    return session.scalars(
        select(BoardRelation)
        .where(
            BoardRelation.partnership_id == board.partnership_id,
            BoardRelation.board_id == board.id,
        )
        .order_by(BoardRelation.kind, BoardRelation.from_on, BoardRelation.id)
    ).all()


def timetable_row(session: Session, board: Board) -> BoardTimetable | None:
    """A board's own timetable; None where it has the standard one."""
    return session.scalar(
        select(BoardTimetable).where(
            BoardTimetable.partnership_id == board.partnership_id,
            BoardTimetable.board_id == board.id,
        )
    )


def standing_rows(session: Session, board: Board) -> Sequence[StandingItem]:
    """The rows of a board's own standing agenda, in order; none where it has the standard."""
    return session.scalars(
        select(StandingItem)
        .where(
            StandingItem.partnership_id == board.partnership_id,
            StandingItem.board_id == board.id,
        )
        .order_by(StandingItem.position, StandingItem.id)
    ).all()


def standing_items(session: Session, board: Board) -> Sequence[StandingItem | StandardItem]:
    """What stands on every agenda of a board, in order: its own items, else the standard ones.

    An item of the kind plan-report stands where the reports of all plans under review come, one
    for each; indicators likewise; since-last-met only where a plan is reviewed.
    """
    return standing_rows(session, board) or STANDARD_ITEMS


def year_business(session: Session, board: Board) -> dict[BusinessKind, int]:
    """In which month (1 to 12) each business of the year comes; a kind without one never does."""
    rows = session.execute(
        select(YearBusiness.kind, YearBusiness.month).where(
            YearBusiness.partnership_id == board.partnership_id,
            YearBusiness.board_id == board.id,
        )
    )
    return {kind: month for kind, month in rows}


def terms_of(session: Session, board: Board) -> Sequence[TermsOfReference]:
    """The versions of a board's terms of reference, the newest first."""
    return session.scalars(
        select(TermsOfReference)
        .where(
            TermsOfReference.partnership_id == board.partnership_id,
            TermsOfReference.board_id == board.id,
        )
        .order_by(TermsOfReference.version_number.desc())
    ).all()


def after_end(
    session: Session, board: Board, last_on: date, *, now: datetime
) -> tuple[list[Meeting], list[Meeting]]:
    """The meetings to come of a board after a day: those that may go, and those that stay.

    Those stay whose pack is published, and those that have begun.
    """
    coming = [
        meeting
        for meeting in queries.meetings(session, board.partnership_id, board_ids=[board.id])
        if meeting.meets_on > last_on and meeting.status.is_to_come
    ]
    stays = {
        pack.meeting_id
        for pack in queries.packs(session, board.partnership_id, [one.id for one in coming])
        if pack.status is PackStatus.PUBLISHED
    } | {one.id for one in coming if one.status is MeetingStatus.PLANNED and one.starts_at <= now}
    return (
        [one for one in coming if one.id not in stays],
        [one for one in coming if one.id in stays],
    )
