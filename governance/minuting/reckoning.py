"""Whether the boards of a meeting have their quorum, from the attendance that was recorded."""

from __future__ import annotations

from sqlalchemy.orm import Session

from governance.minuting import queries
from governance.minuting.rules import Present, QuorumRule, Verdict, quorum
from governance.models import Meeting, MeetingStatus
from tracker.people.board_models import Board


def rule_of(board: Board) -> QuorumRule:
    """A board's quorum as its settings give it."""
    return QuorumRule(
        number=board.quorum_number,
        share=board.quorum_share.value if board.quorum_share else None,
        organisations=board.quorum_organisations,
        needs_chair=board.quorum_needs_chair,
    )


def verdict(session: Session, meeting: Meeting, board: Board) -> Verdict:
    """Whether a board has its quorum at a meeting, by what is recorded so far."""
    seats = [one.seat for one in queries.sitters(session, meeting, board)]
    present = [
        Present(row.person_id, row.substitute_for_id)
        for row in queries.attendance(session, meeting, board)
        if row.state.is_there
    ]
    return quorum(rule_of(board), seats, present)


def verdicts(session: Session, meeting: Meeting) -> dict[int, Verdict]:
    """The same for each board that meets, by its id."""
    return {
        board.id: verdict(session, meeting, board) for board in queries.boards_of(session, meeting)
    }


def is_quorate(session: Session, meeting: Meeting, board: Board | None = None) -> bool:
    """Whether a meeting, or a board of it, may decide: unless it is known to lack its quorum."""
    if meeting.status is MeetingStatus.INQUORATE:
        return False
    if board is not None and _is_taken(session, meeting, board):
        found = verdict(session, meeting, board)
        if found.met is not None:
            return found.met
    return meeting.is_quorate is not False


def _is_taken(session: Session, meeting: Meeting, board: Board) -> bool:
    """Whether attendance was taken: apologies alone say nothing of who is there."""
    return any(row.state.is_there for row in queries.attendance(session, meeting, board))
