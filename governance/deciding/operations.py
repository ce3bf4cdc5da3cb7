"""Decisions between meetings: opened, answered, closed by the board's rule, ratified.

Operations flush and never commit. Whoever answers or closes takes the circulation's row first, so
that it is closed once, by the answers that were there.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.numbering import take_turns
from governance.deciding.queries import (
    answers_to,
    counted,
    decision_of,
    is_open,
    references,
    seats_of,
    voters,
)
from governance.deciding.rules import (
    Answers,
    Outcome,
    Rule,
    Verdict,
    chairs_outcome,
    decision_reference,
    delegates_outcome,
    outcome,
)
from governance.decision_models import (
    Answer,
    Circulation,
    CirculationAnswer,
    CirculationKind,
    CirculationState,
    Decision,
    DecisionKind,
)
from governance.minuting.reckoning import is_quorate
from governance.models import Meeting
from governance.queries import next_meeting
from tracker.edges.tenancy import ACROSS
from tracker.kernel.times import london_day
from tracker.people.board_models import Board


class CannotDecide(Exception):
    """It cannot be answered, closed or ratified so; the message says why, in plain words."""


LONGEST = timedelta(days=92)
OVER = "It is closed already. Nothing more can be answered or changed."


def open_circulation(
    session: Session,
    board: Board,
    *,
    kind: CirculationKind,
    title: str,
    proposal: str,
    why_now: str,
    delegated_to: str | None,
    closes_at: datetime,
    is_confidential: bool,
    person_id: int,
    now: datetime,
) -> Circulation:
    """Put a decision before a board's members, its chair or a delegate, until ``closes_at``.

    Raises CannotDecide when that has passed, when nobody of the board could answer, or when a
    delegation names nobody.
    """
    if closes_at <= now:
        raise CannotDecide("Give a day and time to come.")
    if closes_at - now > LONGEST:
        raise CannotDecide("Give a day within three months: a later one can wait for a meeting.")
    if kind is CirculationKind.DELEGATION:
        if not delegated_to:
            raise CannotDecide("Say to whom it is delegated.")
    elif not voters(seats_of(session, board.partnership_id, board.id, london_day(now)), kind):
        raise CannotDecide("Nobody on this board could answer. Choose another way to decide.")
    circulation = Circulation(
        partnership_id=board.partnership_id,
        board_id=board.id,
        kind=kind,
        title=title,
        proposal=proposal,
        why_now=why_now,
        delegated_to=delegated_to if kind is CirculationKind.DELEGATION else None,
        opened_at=now,
        opened_by_id=person_id,
        closes_at=closes_at,
        is_confidential=is_confidential,
    )
    session.add(circulation)
    session.flush()
    return circulation


def answer(
    session: Session,
    circulation: Circulation,
    *,
    person_id: int,
    answer: Answer,
    said: str | None,
    recorded_by_id: int | None,
    now: datetime,
) -> None:
    """Keep a member's answer; the latest counts. It closes where nothing can change it any more.

    ``recorded_by_id`` is who recorded an answer that somebody else gave by telephone. Raises
    CannotDecide when it is closed, or the person has no vote in it or may not read it.
    """
    _hold(session, circulation)
    if not is_open(circulation) or circulation.closes_at <= now:
        raise CannotDecide(OVER)
    tenant, today = circulation.partnership_id, london_day(now)
    entitled = {
        one.person.id
        for one in voters(seats_of(session, tenant, circulation.board_id, today), circulation.kind)
        if one.reads_confidential or not circulation.is_confidential
    }
    if person_id not in entitled:
        raise CannotDecide("Only those who have a vote in it can answer.")
    session.add(
        CirculationAnswer(
            partnership_id=tenant,
            circulation_id=circulation.id,
            person_id=person_id,
            answer=answer,
            said=said,
            answered_at=now,
            recorded_by_id=recorded_by_id,
            is_confidential=circulation.is_confidential,
        )
    )
    session.flush()
    settle(session, circulation, now=now)


def standing_of(
    session: Session, circulation: Circulation, now: datetime
) -> tuple[Outcome, Answers]:
    """What a circulation comes to as it stands, and how its answers count. Nothing is changed."""
    tenant, on = circulation.partnership_id, london_day(now)
    among = voters(seats_of(session, tenant, circulation.board_id, on), circulation.kind)
    answers, closed = counted(among, answers_to(session, circulation)), circulation.closes_at <= now
    if circulation.kind is CirculationKind.DELEGATION:
        return delegates_outcome(closed), answers
    if circulation.kind is CirculationKind.CHAIRS_ACTION:
        return chairs_outcome(answers, closed), answers
    return outcome(Rule(_board(session, circulation).carried_by), len(among), answers, closed), (
        answers
    )


def settle(session: Session, circulation: Circulation, *, now: datetime) -> None:
    """Close a circulation if its time is over, or no answer to come could change it."""
    said, answers = standing_of(session, circulation, now)
    if said.state is not Verdict.OPEN:
        _close(session, circulation, said, answers, now)


def record_delegate(
    session: Session, circulation: Circulation, *, agreed: bool, words: str, now: datetime
) -> None:
    """Record what the one decided to whom it was delegated. Raises CannotDecide when closed."""
    _hold(session, circulation)
    if not is_open(circulation) or circulation.kind is not CirculationKind.DELEGATION:
        raise CannotDecide(OVER)
    state = Verdict.AGREED if agreed else Verdict.NOT_AGREED
    _close(session, circulation, Outcome(state, words), Answers(), now)


def withdraw(session: Session, circulation: Circulation, *, why: str, now: datetime) -> None:
    """Take a circulation back, with the reason. Raises CannotDecide when it is closed."""
    _hold(session, circulation)
    if not is_open(circulation):
        raise CannotDecide(OVER)
    circulation.state = CirculationState.WITHDRAWN
    circulation.outcome_words, circulation.closed_at = why, now
    session.flush()


def ratify(session: Session, circulation: Circulation, meeting: Meeting, *, now: datetime) -> None:
    """Record that a meeting of the board ratified the decision.

    Raises CannotDecide when there is no decision or it is ratified already, or the meeting is one
    that could not: inquorate, cancelled, before the decision or still to come.
    """
    _hold(session, circulation)
    decision = decision_of(session, circulation)
    if decision is None:
        raise CannotDecide("Nothing was agreed that could be ratified.")
    if decision.ratified_at_id is not None:
        raise CannotDecide("It is ratified already.")
    if meeting.board_id != circulation.board_id or meeting.meets_on < decision.made_on:
        raise CannotDecide("Choose a meeting of this board after the decision.")
    if meeting.starts_at > now or meeting.status.fell_away:
        raise CannotDecide("That meeting has not taken place.")
    if not is_quorate(session, meeting, _board(session, circulation)):
        raise CannotDecide("That meeting had no quorum, so it could ratify nothing.")
    decision.ratified_at_id = meeting.id
    circulation.ratify_meeting_id = meeting.id
    circulation.ratified_on = meeting.meets_on
    session.flush()


def close_due(session: Session, circulation_id: int, now: datetime) -> None:
    """Close a circulation whose time is over, once; nothing where that was done meanwhile."""
    found = session.scalar(
        select(Circulation)
        .where(Circulation.id == circulation_id)
        .with_for_update()
        .execution_options(populate_existing=True),
        execution_options=ACROSS,
    )
    if found is not None and is_open(found) and found.closes_at <= now:
        settle(session, found, now=now)


def _close(
    session: Session, circulation: Circulation, said: Outcome, answers: Answers, now: datetime
) -> None:
    """Close it; what was agreed becomes a decision, to be ratified when the board next meets."""
    circulation.state = CirculationState(said.state.value)
    circulation.outcome_words, circulation.closed_at = said.words, now
    if said.state is Verdict.AGREED:
        board = _board(session, circulation)
        coming = next_meeting(session, board.partnership_id, board.id, now)
        circulation.ratify_meeting_id = coming.id if coming is not None else None
        _decide(session, circulation, board, answers, london_day(now))
    session.flush()


def _decide(
    session: Session, circulation: Circulation, board: Board, answers: Answers, on: date
) -> None:
    take_turns(session, board.partnership_id)
    is_voted = circulation.kind is CirculationKind.EMAIL
    session.add(
        Decision(
            partnership_id=board.partnership_id,
            board_id=board.id,
            circulation_id=circulation.id,
            reference=decision_reference(board.short_name, on, references(session, board)),
            kind=DecisionKind.DECISION,
            text=circulation.proposal,
            votes_for=answers.agree if is_voted else None,
            votes_against=answers.disagree if is_voted else None,
            abstentions=answers.abstain if is_voted else None,
            made_on=on,
            is_confidential=circulation.is_confidential,
        )
    )


def _board(session: Session, circulation: Circulation) -> Board:
    return session.scalars(
        select(Board).where(
            Board.partnership_id == circulation.partnership_id, Board.id == circulation.board_id
        )
    ).one()


def _hold(session: Session, circulation: Circulation) -> None:
    """Wait for whoever else changes it, and read it as it is then."""
    session.refresh(circulation, with_for_update=True)
