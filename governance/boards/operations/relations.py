"""Where a board stands: whom it answers to, from a date to a date."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from governance.boards.operations.refusals import Refused
from governance.boards.rules import Tie, loop, overlap
from tracker.kernel.period import short_date
from tracker.people.board_models import Board, BoardRelation, RelationKind
from tracker.people.queries import board_relations

# What puts one board above another. Two boards may well scrutinise one another.
ABOVE = (RelationKind.REPORTS_TO, RelationKind.SPONSORED_BY)
WORDS = {
    RelationKind.REPORTS_TO: "reports to",
    RelationKind.SPONSORED_BY: "is sponsored by",
    RelationKind.SCRUTINISED_BY: "is scrutinised by",
    RelationKind.FOLLOWS: "follows",
}


def add_relation(
    session: Session,
    board: Board,
    other: Board,
    kind: RelationKind,
    *,
    frequency: str | None,
    from_on: date | None,
    to_on: date | None,
) -> BoardRelation:
    """Have a board answer to another from a day to a day; None: from ever, for ever.

    Raises Refused where that is so already, where the days are not in order, or where a board
    would stand above itself.
    """
    if from_on is not None and to_on is not None and to_on < from_on:
        raise Refused("The last day must not come before the first", "to_on")
    check_tie(session, board, other, kind, from_on, to_on)
    relation = BoardRelation(
        partnership_id=board.partnership_id,
        board_id=board.id,
        other_board_id=other.id,
        kind=kind,
        frequency=frequency,
        from_on=from_on,
        to_on=to_on,
    )
    session.add(relation)
    session.flush()
    return relation


def end_relation(session: Session, relation: BoardRelation, *, last_on: date) -> None:
    """Have a board answer to another for the last time on a day.

    Raises Refused where that is before it began.
    """
    if relation.from_on is not None and last_on < relation.from_on:
        raise Refused(
            f"It begins on {short_date(relation.from_on)}. Give that day or a later one.", "last_on"
        )
    relation.to_on = last_on
    session.flush()


def take_back_relation(session: Session, relation: BoardRelation) -> None:
    """Take back what was entered by mistake; the changes keep that it was there."""
    session.delete(relation)
    session.flush()


def check_tie(
    session: Session,
    board: Board,
    other: Board,
    kind: RelationKind,
    from_on: date | None,
    to_on: date | None,
) -> None:
    """Raise Refused where a tie is there already, or puts a board above itself."""
    known = board_relations(session, board.partnership_id)
    for one in known:
        is_same = (one.board_id, one.other_board_id, one.kind) == (board.id, other.id, kind)
        days = (one.from_on or date.min, one.to_on, from_on or date.min, to_on)
        if is_same and overlap(*days):
            raise Refused(f"{board.name} {WORDS[kind]} {other.name} then already.", "other")
    kinds = ABOVE if kind in ABOVE else (kind,)
    # Of scrutiny only itself is refused: boards scrutinise one another.
    ties = [
        Tie(one.board_id, one.other_board_id, one.from_on, one.to_on)
        for one in known
        if one.kind in kinds and kind is not RelationKind.SCRUTINISED_BY
    ]
    path = loop(Tie(board.id, other.id, from_on, to_on), ties)
    if path is None:
        return
    if len(path) == 1:
        raise Refused(f"{board.name} cannot stand above itself. Choose another board.", "other")
    names = {one.board_id: one.board.name for one in known}
    names |= {one.other_board_id: one.other.name for one in known}
    word = "follows" if kind is RelationKind.FOLLOWS else "is under"
    chain = [names[one] for one in reversed(path)]
    known_words = f"{chain[0]} {word} " + f", which {word} ".join(chain[1:])
    raise Refused(
        f"{known_words}. If {board.name} {WORDS[kind]} {other.name} as well, it stands above"
        " itself. End one of these first.",
        "other",
    )
