"""Who sits on a board: added, changed, ended; and a board is never left without its secretary."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.boards.operations.refusals import Refused
from governance.boards.queries import seats
from governance.boards.rules import ONE_DAY, overlap
from tracker.kernel.period import short_date
from tracker.people.board_models import (
    Board,
    BoardMember,
    BoardMemberOrganisation,
    BoardRole,
)
from tracker.people.models import Person


@dataclass(frozen=True)
class Part:
    """What somebody's seat lets them do, and for whom they speak."""

    organisation_ids: frozenset[int] = frozenset()
    is_voting: bool = True
    reads_confidential: bool = False


def add_member(
    session: Session,
    board: Board,
    person: Person,
    role: BoardRole,
    part: Part,
    *,
    from_on: date,
    to_on: date | None = None,
    stands_for: Person | None = None,
) -> BoardMember:
    """Give a person a seat on a board from a day to a day, both included.

    Raises Refused where they have that seat then already, where the days are not in order, or
    where a substitute stands in for nobody who sits on the board.
    """
    if to_on is not None and to_on < from_on:
        raise Refused("The last day must not come before the first", "to_on")
    there = seats(session, board)
    for one in there:
        member = one.member
        is_same = member.person_id == person.id and member.role is role
        if is_same and overlap(member.from_on, member.to_on, from_on, to_on):
            raise Refused(f"{person.name} is {role.value} of this board then already.", "person")
    if role is BoardRole.SUBSTITUTE:
        if stands_for is None:
            raise Refused("Say whom they stand in for", "stands_for")
        if stands_for.id == person.id:
            raise Refused("Nobody can stand in for themselves", "stands_for")
        if not any(
            one.member.person_id == stands_for.id
            and one.member.role is not BoardRole.SUBSTITUTE
            and overlap(one.member.from_on, one.member.to_on, from_on, to_on)
            for one in there
        ):
            raise Refused(f"{stands_for.name} does not sit on this board then", "stands_for")
    seat = BoardMember(
        partnership_id=board.partnership_id,
        board_id=board.id,
        person_id=person.id,
        role=role,
        from_on=from_on,
        to_on=to_on,
        is_voting=part.is_voting,
        reads_confidential=part.reads_confidential,
        substitute_for_id=(
            stands_for.id if stands_for is not None and role is BoardRole.SUBSTITUTE else None
        ),
    )
    session.add(seat)
    session.flush()
    speak_for(session, seat, part.organisation_ids)
    return seat


def change_seat(session: Session, seat: BoardMember, part: Part) -> None:
    """Change what a seat lets somebody do, and for whom they speak."""
    seat.is_voting = part.is_voting
    seat.reads_confidential = part.reads_confidential
    session.flush()
    speak_for(session, seat, part.organisation_ids)


def end_seat(
    session: Session,
    board: Board,
    seat: BoardMember,
    *,
    last_on: date,
    is_administrator: bool,
) -> None:
    """End somebody's seat after a day.

    Raises Refused where that day is before the seat began, or where the board would be left
    without a secretary and the asker is no administrator.
    """
    if last_on < seat.from_on:
        raise Refused(
            f"It begins on {short_date(seat.from_on)}. Give that day or a later one.", "last_on"
        )
    if not is_administrator:
        _one_stays(session, board, seat, last_on + ONE_DAY)
    seat.to_on = last_on
    session.flush()


def take_back_seat(
    session: Session,
    board: Board,
    seat: BoardMember,
    *,
    today: date,
    is_administrator: bool,
) -> None:
    """Take back a seat that has not begun; the changes keep that it was there.

    Raises Refused for one that has begun: that one is ended.
    """
    if seat.from_on <= today:
        raise Refused("It has begun, so it is ended and not taken back.", "last_on")
    if not is_administrator:
        _one_stays(session, board, seat, seat.from_on)
    remove_seat(session, seat)


def remove_seat(session: Session, seat: BoardMember) -> None:
    """Delete a seat with the organisations that it speaks for."""
    speak_for(session, seat, ())
    session.delete(seat)
    session.flush()


def speak_for(session: Session, seat: BoardMember, organisation_ids: Collection[int]) -> None:
    """Have a seat speak for these organisations and no others."""
    rows = session.scalars(
        select(BoardMemberOrganisation).where(
            BoardMemberOrganisation.partnership_id == seat.partnership_id,
            BoardMemberOrganisation.board_member_id == seat.id,
        )
    ).all()
    for row in rows:
        if row.organisation_id not in organisation_ids:
            session.delete(row)
    there = {row.organisation_id for row in rows}
    for organisation_id in sorted(set(organisation_ids) - there):
        session.add(
            BoardMemberOrganisation(
                partnership_id=seat.partnership_id,
                board_member_id=seat.id,
                organisation_id=organisation_id,
            )
        )
    session.flush()


def _one_stays(session: Session, board: Board, seat: BoardMember, on: date) -> None:
    """Raise Refused where a secretary's seat is the only one that keeps its board on a day."""
    if seat.role is not BoardRole.SECRETARY or (seat.to_on is not None and seat.to_on < on):
        return
    for other in seats(session, board):
        member = other.member
        if member.role is not BoardRole.SECRETARY or member.id == seat.id:
            continue
        if overlap(member.from_on, member.to_on, on, on):
            return
    raise Refused(
        "Nobody else keeps this board after that day. Add another secretary first, or ask an"
        " administrator to end it.",
        "last_on",
    )
