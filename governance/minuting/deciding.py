"""What a meeting agreed and whom it asked to do what, numbered as it is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from governance.agenda_models import AgendaItem
from governance.decision_models import Decision, DecisionKind
from governance.log_models import MeetingAction, MeetingActionNote, MeetingActionStatus
from governance.minuting import queries
from governance.minuting.ground import CannotMinute, Overtaken, writing
from governance.minuting.reckoning import is_quorate, verdict
from governance.minuting.rules import next_reference, votes_fault
from governance.models import Meeting
from tracker.people.board_models import Board
from tracker.people.models import Organisation, Person


@dataclass(frozen=True)
class Said:
    """A decision as it is typed: its text, who moved it, and votes where they were counted."""

    kind: DecisionKind
    text: str
    proposer: str | None = None
    seconder: str | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    abstentions: int | None = None


def decide(
    session: Session, meeting: Meeting, board: Board, item: AgendaItem | None, said: Said
) -> Decision:
    """Record a decision of a board, with the next number: "CTB/2026-03/D1".

    Without its quorum a board only recommends. Raises CannotMinute when there are more votes
    than voting members present, or the minutes are closed.
    """
    writing(session, meeting)
    _check_votes(session, meeting, board, said)
    used = queries.decision_references(session, meeting.partnership_id, board.id)
    row = Decision(
        partnership_id=meeting.partnership_id,
        board_id=board.id,
        meeting_id=meeting.id,
        item_id=item.id if item else None,
        reference=next_reference(f"{board.short_name}/{meeting.meets_on:%Y-%m}/D", used),
        made_on=meeting.meets_on,
        is_confidential=item.is_confidential if item else False,
    )
    _write(session, meeting, board, row, said)
    session.add(row)
    session.flush()
    return row


def change_decision(
    session: Session, meeting: Meeting, decision: Decision, said: Said, *, seen: int
) -> None:
    """Correct a decision; it keeps its number. Raises Overtaken, or CannotMinute as ``decide``."""
    writing(session, meeting)
    session.refresh(decision)
    if decision.version != seen:
        raise Overtaken
    boards = queries.boards_of(session, meeting)
    board = next(one for one in boards if one.id == decision.board_id)
    _check_votes(session, meeting, board, said)
    _write(session, meeting, board, decision, said)
    session.flush()


def remove_decision(session: Session, meeting: Meeting, decision: Decision) -> None:
    """Take out a decision that was recorded by mistake; the others keep their numbers."""
    writing(session, meeting)
    session.delete(decision)
    session.flush()


def _write(session: Session, meeting: Meeting, board: Board, row: Decision, said: Said) -> None:
    row.kind = said.kind
    if said.kind is DecisionKind.DECISION and not is_quorate(session, meeting, board):
        row.kind = DecisionKind.RECOMMENDATION
    row.text = said.text
    row.proposer, row.seconder = said.proposer, said.seconder
    row.votes_for, row.votes_against = said.votes_for, said.votes_against
    row.abstentions = said.abstentions


def _check_votes(session: Session, meeting: Meeting, board: Board, said: Said) -> None:
    cast = (said.votes_for, said.votes_against, said.abstentions)
    if all(votes is None for votes in cast):
        return
    fault = votes_fault(cast, verdict(session, meeting, board).present)
    if fault is not None:
        raise CannotMinute(fault)


def ask_for(
    session: Session,
    meeting: Meeting,
    board: Board,
    item: AgendaItem | None,
    *,
    what: str,
    person: Person | None,
    organisation: Organisation | None,
    due_on: date | None,
    person_id: int,
    now: datetime,
) -> MeetingAction:
    """Put something that a meeting asked for on the action log, with the next number of its month.

    Raises CannotMinute where it would be due before the meeting, or the minutes are closed.
    """
    writing(session, meeting)
    if due_on is not None and due_on < meeting.meets_on:
        raise CannotMinute("It cannot be due before the meeting that asks for it.")
    used = queries.action_references(session, meeting.partnership_id, board.id)
    secret = item.is_confidential if item else False
    row = MeetingAction(
        partnership_id=meeting.partnership_id,
        board_id=board.id,
        meeting_id=meeting.id,
        reference=next_reference(f"{meeting.meets_on:%Y-%m}/A", used),
        what=what,
        person_id=person.id if person else None,
        organisation_id=organisation.id if organisation else None,
        due_on=due_on,
        status=MeetingActionStatus.OPEN,
        changed_at=now,
        item_id=item.id if item else None,
        is_confidential=secret,
    )
    session.add(row)
    session.flush()
    session.add(
        MeetingActionNote(
            partnership_id=meeting.partnership_id,
            meeting_action_id=row.id,
            at=now,
            person_id=person_id,
            status=row.status,
            said=None,
            due_on=due_on,
            is_confidential=secret,
        )
    )
    session.flush()
    return row
