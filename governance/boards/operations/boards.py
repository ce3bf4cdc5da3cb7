"""A board is created and changed, and it ends, with or without boards that follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import cycle_queries, moving
from governance.boards.operations.refusals import Refused
from governance.boards.operations.relations import check_tie
from governance.boards.queries import after_end, seats
from governance.boards.rules import ONE_DAY, slug_from
from governance.models import Meeting, ReviewCycle
from governance.planning import settings_of
from governance.sittings.operations import cancel_meeting
from tracker.edges.bank_holidays import BankHolidays
from tracker.edges.db import key_of
from tracker.kernel.period import short_date
from tracker.people.board_models import (
    Board,
    BoardKind,
    BoardMember,
    BoardRelation,
    BoardRole,
    CarriedBy,
    RelationKind,
    Share,
)
from tracker.people.models import Alias, Person
from tracker.people.queries import board_relations, resolve


@dataclass(frozen=True)
class Character:
    """All that is said of a board itself, as its page keeps it; the columns are Board's."""

    name: str
    abbreviation: str | None
    kind: BoardKind
    chair_words: str | None
    contact: str | None
    marking: str | None
    starts_on: date | None
    ends_on: date | None
    is_public: bool
    access_law: bool
    quorum_words: str | None
    quorum_number: int | None
    quorum_share: Share | None
    quorum_organisations: int | None
    quorum_needs_chair: bool
    carried_by: CarriedBy
    paper_pattern: str
    sends_pdf: bool


@dataclass(frozen=True)
class Ending:
    """What becomes of a board's affairs when it ends on a day."""

    cycles: tuple[ReviewCycle, ...]
    relations: tuple[BoardRelation, ...]
    cancelled: tuple[Meeting, ...]
    kept: tuple[Meeting, ...]


def create_board(
    session: Session,
    partnership_id: int,
    character: Character,
    *,
    secretary: Person,
    today: date,
) -> Board:
    """Create a board with its first secretary; its address is made from its name and stays.

    Raises Refused where the partnership has a board of that name.
    """
    _no_other(session, partnership_id, character.name, None)
    taken = session.scalars(select(Board.slug).where(Board.partnership_id == partnership_id)).all()
    board = Board(
        partnership_id=partnership_id,
        slug=slug_from(character.name, taken),
        name_key=key_of(character.name),
        **asdict(character),
    )
    session.add(board)
    session.flush()
    _know_as(session, board)
    seat_secretary(session, board, secretary.id, today)
    return board


def change_board(
    session: Session,
    board: Board,
    character: Character,
    *,
    now: datetime,
    holidays: BankHolidays,
) -> int:
    """Change what is said of a board; returns how many steps of its coming meetings moved.

    They move where access-to-meetings law begins or ceases to apply. Raises Refused where another
    board has the name, or where the board would end before meetings that are planned.
    """
    _no_other(session, board.partnership_id, character.name, board.id)
    ends_on = character.ends_on
    if ends_on is not None and ends_on != board.ends_on:
        coming = [one for each in after_end(session, board, ends_on, now=now) for one in each]
        if coming:
            raise Refused(
                f"It has {_meetings(len(coming))} planned after {short_date(ends_on)}. To end it,"
                " use “This board ends or splits”, which says what becomes of them.",
                "ends_on",
            )
    had_law = board.access_law
    for column, value in asdict(character).items():
        setattr(board, column, value)
    board.name_key = key_of(character.name)
    session.flush()
    _know_as(session, board)
    if board.access_law is had_law:
        return 0
    try:
        settings_of(session, board)
    except ValueError:
        raise Refused(
            "The board’s own timetable has no room for the clear days. Change it first.",
            "access_law",
        ) from None
    return moving.plan_anew(
        session, board.partnership_id, now=now, holidays=holidays, board_ids=[board.id]
    )


def plan_ending(session: Session, board: Board, last_on: date, *, now: datetime) -> Ending:
    """What ending a board on a day would do. Nothing is changed."""
    cycles = cycle_queries.cycles(session, board.partnership_id, board.id)
    gone, kept = after_end(session, board, last_on, now=now)
    return Ending(
        cycles=tuple(one for one in cycles if one.ends_on is None or one.ends_on > last_on),
        relations=tuple(
            one
            for one in board_relations(session, board.partnership_id)
            if board.id in (one.board_id, one.other_board_id)
            and one.kind is not RelationKind.FOLLOWS
            and (one.to_on is None or one.to_on > last_on)
        ),
        cancelled=tuple(gone),
        kept=tuple(kept),
    )


def end_board(
    session: Session,
    board: Board,
    *,
    last_on: date,
    followed_by: Sequence[Board],
    new_names: Sequence[str],
    now: datetime,
    holidays: BankHolidays,
) -> list[Board]:
    """End a board on a day, and have other boards, there or new, follow it from the next.

    Its review cycles and whom it answered to end that day; its meetings planned after it are
    cancelled, save those whose pack is published. A new board begins with the secretaries and
    the ways of the old one. Returns the boards that follow.

    Raises Refused where the day is before the board began, or a new board's name is taken.
    """
    if board.starts_on is not None and last_on < board.starts_on:
        raise Refused(f"It began on {short_date(board.starts_on)}. Give a later day.", "last_on")
    plan = plan_ending(session, board, last_on, now=now)
    board.ends_on = last_on
    for cycle in plan.cycles:
        # One that has not begun would end before it begins: it falls on its last day at most.
        cycle.ends_on = max(last_on, cycle.starts_on) if cycle.starts_on else last_on
    for relation in plan.relations:
        if relation.from_on is not None and relation.from_on > last_on:
            session.delete(relation)
        else:
            relation.to_on = last_on
    for follower in followed_by:
        check_tie(session, follower, board, RelationKind.FOLLOWS, last_on + ONE_DAY, None)
    followers = [*followed_by, *(_follower(session, board, one, last_on) for one in new_names)]
    for follower in followers:
        session.add(
            BoardRelation(
                partnership_id=board.partnership_id,
                board_id=follower.id,
                other_board_id=board.id,
                kind=RelationKind.FOLLOWS,
                from_on=last_on + ONE_DAY,
            )
        )
    session.flush()
    why = f"{board.name} ended on {short_date(last_on)}."
    if followers:
        names = " and ".join(one.name for one in followers)
        why = f"{why} It is followed by {names}."
    # The latest first: nothing passes to one that falls away next.
    for meeting in reversed(plan.cancelled):
        cancel_meeting(session, meeting, why=why, now=now, holidays=holidays)
    session.flush()
    return followers


def _follower(session: Session, board: Board, name: str, last_on: date) -> Board:
    """A new board that begins after the old one's last day, kept as the old one was."""
    _no_other(session, board.partnership_id, name, None)
    begins = last_on + ONE_DAY
    taken = session.scalars(
        select(Board.slug).where(Board.partnership_id == board.partnership_id)
    ).all()
    follower = Board(
        partnership_id=board.partnership_id,
        slug=slug_from(name, taken),
        name=name,
        name_key=key_of(name),
        kind=board.kind,
        contact=board.contact,
        marking=board.marking,
        is_public=board.is_public,
        access_law=board.access_law,
        carried_by=board.carried_by,
        sends_pdf=board.sends_pdf,
        starts_on=begins,
    )
    session.add(follower)
    session.flush()
    _know_as(session, follower)
    keepers = {
        seat.person.id: seat.member.from_on
        for seat in seats(session, board)
        if seat.member.role is BoardRole.SECRETARY
        and seat.member.from_on <= last_on
        and (seat.member.to_on is None or seat.member.to_on >= last_on)
    }
    for person_id, from_on in keepers.items():
        # From the same day as on the old board: whoever keeps it must be able to prepare it.
        seat_secretary(session, follower, person_id, from_on)
    return follower


def seat_secretary(session: Session, board: Board, person_id: int, from_on: date) -> None:
    """Have somebody keep a board from a day."""
    session.add(
        BoardMember(
            partnership_id=board.partnership_id,
            board_id=board.id,
            person_id=person_id,
            role=BoardRole.SECRETARY,
            from_on=from_on,
            is_voting=False,
        )
    )
    session.flush()


def _know_as(session: Session, board: Board) -> None:
    """Have documents know a board by its name and abbreviation, where nothing else is so called."""
    for name in filter(None, (board.name, board.abbreviation)):
        if resolve(session, board.partnership_id, name) is None:
            session.add(
                Alias(
                    partnership_id=board.partnership_id,
                    name=name,
                    name_key=key_of(name),
                    board_id=board.id,
                )
            )
            session.flush()


def _no_other(session: Session, partnership_id: int, name: str, board_id: int | None) -> None:
    """Raise Refused where another board of the partnership has the name."""
    other = session.scalar(
        select(Board.id).where(
            Board.partnership_id == partnership_id,
            Board.name_key == key_of(name),
            Board.id != (board_id or 0),
        )
    )
    if other is not None:
        raise Refused(f"There is a board called “{name}” already. Give another name.", "name")


def _meetings(number: int) -> str:
    return "1 meeting" if number == 1 else f"{number} meetings"
