"""A chair that rotates by rule: set, written as dated seats, and carried on every month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from governance.boards.operations.members import remove_seat, speak_for
from governance.boards.operations.refusals import Refused
from governance.boards.queries import chair_seats, chair_turns
from governance.boards.rules import ONE_DAY, TURNS_AHEAD, TURNS_NEAR, Turn, turns
from governance.clockwork import Chore, add_chore
from tracker.edges.tenancy import ACROSS
from tracker.kernel.times import london_day
from tracker.people.board_models import (
    Board,
    BoardMember,
    BoardMemberOrganisation,
    BoardRole,
    ChairTurn,
)
from tracker.people.models import Person

MOST_TURNS = 20


def set_turns(
    session: Session,
    board: Board,
    *,
    first_on: date,
    months: int,
    people: Sequence[Person],
    today: date,
) -> list[BoardMember]:
    """Have people take turns to chair a board, and write their terms of the next eighteen months.

    What was stays: the rule holds from today. Terms that were to come are replaced, and whoever
    chairs now does so until the first term by the rule begins, or to the end of their own where
    the rule names them for today. Returns the terms written.

    Raises Refused where somebody would take two turns one after another, or too many take turns.
    """
    ids = [person.id for person in people]
    if not ids:
        raise Refused("Say who takes turns, one on each line", "people")
    if len(ids) > MOST_TURNS:
        raise Refused(f"At most {MOST_TURNS} people can take turns", "people")
    # With one alone the rule still ends a term and begins the next: that is a renewal.
    if len(ids) > 1 and any(a == b for a, b in zip(ids, [*ids[1:], ids[0]], strict=True)):
        raise Refused("The same person stands twice, one turn after the other", "people")
    _keep_turns(session, board, ids)
    board.chair_turns_from_on, board.chair_term_months = first_on, months
    session.flush()
    terms = [one for one in _terms(board, ids, today) if one.to_on >= today]
    for seat in chair_seats(session, board):
        if seat.from_on > today:
            remove_seat(session, seat)
    return _write(session, board, terms, today)


def stop_turns(session: Session, board: Board, *, today: date) -> None:
    """Have a board's chair rotate no more: who chairs now goes on, terms to come are taken off."""
    _keep_turns(session, board, [])
    board.chair_term_months = board.chair_turns_from_on = None
    present = None
    for seat in chair_seats(session, board):
        if seat.from_on > today:
            remove_seat(session, seat)
        elif seat.to_on is None or seat.to_on >= today:
            present = seat
    if present is not None:
        present.to_on = None
    session.flush()


def carry_on(session: Session, board_id: int, now: datetime) -> None:
    """Write the terms of a board's chairs that have come within eighteen months."""
    board = session.scalars(
        select(Board).where(Board.id == board_id), execution_options=ACROSS
    ).one()
    ids = [turn.person_id for turn in chair_turns(session, board)]
    if board.chair_term_months is None or not ids:
        return
    last_on = max((seat.to_on or date.max for seat in chair_seats(session, board)), default=None)
    today = london_day(now)
    for term in _terms(board, ids, today):
        if term.from_on > (last_on or today):
            _seat(session, board, term.person_id, term.from_on, term.to_on)


def boards_to_carry_on(session: Session, now: datetime) -> Sequence[int]:
    """The boards, everywhere, whose chairs' terms reach less than seventeen months ahead."""
    today = london_day(now)
    reaches = func.max(func.coalesce(BoardMember.to_on, date.max))
    return session.scalars(
        select(Board.id)
        .join(
            BoardMember,
            (BoardMember.board_id == Board.id) & (BoardMember.role == BoardRole.CHAIR),
        )
        .where(
            Board.chair_term_months.is_not(None),
            or_(Board.ends_on.is_(None), Board.ends_on > today + TURNS_NEAR),
        )
        .group_by(Board.id)
        .having(reaches < today + TURNS_NEAR)
        .order_by(Board.id),
        execution_options=ACROSS,
    ).all()


add_chore(Chore("the turns of chairs", boards_to_carry_on, carry_on))


def _terms(board: Board, ids: Sequence[int], today: date) -> list[Turn]:
    """The terms by a board's rule to eighteen months ahead, or to its own last day."""
    assert board.chair_turns_from_on is not None
    assert board.chair_term_months is not None
    until = min(today + TURNS_AHEAD, board.ends_on or date.max)
    return turns(board.chair_turns_from_on, board.chair_term_months, ids, until)


def _keep_turns(session: Session, board: Board, ids: Sequence[int]) -> None:
    for turn in chair_turns(session, board):
        session.delete(turn)
    session.flush()
    for position, person_id in enumerate(ids, start=1):
        session.add(
            ChairTurn(
                partnership_id=board.partnership_id,
                board_id=board.id,
                position=position,
                person_id=person_id,
            )
        )
    session.flush()


def _write(session: Session, board: Board, terms: Sequence[Turn], today: date) -> list[BoardMember]:
    written = []
    present = [
        seat
        for seat in chair_seats(session, board)
        if seat.from_on <= today and (seat.to_on is None or seat.to_on >= today)
    ]
    for term in terms:
        begins = max(term.from_on, today)
        goes_on = [seat for seat in present if begins == today and seat.person_id == term.person_id]
        for seat in present:
            if seat in goes_on:
                seat.to_on = term.to_on
            elif seat.from_on >= begins:
                remove_seat(session, seat)
            elif seat.to_on is None or seat.to_on >= begins:
                seat.to_on = begins - ONE_DAY
        session.flush()
        written += goes_on or [_seat(session, board, term.person_id, begins, term.to_on)]
        present = []  # only the first term meets whoever chairs now
    return written


def _seat(
    session: Session, board: Board, person_id: int, from_on: date, to_on: date
) -> BoardMember:
    """A term of a chair, who speaks for whomever they speak for in their other seats."""
    others = session.scalars(
        select(BoardMemberOrganisation.organisation_id)
        .join(BoardMember, BoardMember.id == BoardMemberOrganisation.board_member_id)
        .where(
            BoardMember.partnership_id == board.partnership_id,
            BoardMemberOrganisation.partnership_id == board.partnership_id,
            BoardMember.board_id == board.id,
            BoardMember.person_id == person_id,
        )
    ).all()
    seat = BoardMember(
        partnership_id=board.partnership_id,
        board_id=board.id,
        person_id=person_id,
        role=BoardRole.CHAIR,
        from_on=from_on,
        to_on=to_on,
    )
    session.add(seat)
    session.flush()
    speak_for(session, seat, set(others))
    return seat
