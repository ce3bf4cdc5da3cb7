"""Escalations: drafted, agreed, put on the agenda above, answered.

Drafting is the clockwork's, deciding is people's: the chair agrees what goes up, the board above
says what becomes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.models import Action
from governance import queries
from governance.agenda import ItemKind, Purpose
from governance.agenda_models import ItemOrigin
from governance.agendas.operations import add_item
from governance.clockwork import Chore, add_chore, on_step
from governance.models import Meeting
from governance.report_models import (
    Escalation,
    EscalationState,
)
from governance.reporting.queries import (
    boards_above,
    next_open_agenda,
    snapshot_of,
)
from governance.reporting.rules import may_become, presenter_words, to_escalate
from governance.timetable import StepKind
from tracker.edges.tenancy import ACROSS, row_of
from tracker.people.board_models import Board

UNDER_WAY = (EscalationState.DRAFTED, EscalationState.AGREED, EscalationState.ACCEPTED)


class CannotDecide(Exception):
    """An escalation is no longer where that can be decided; the message says so."""


@on_step(StepKind.MEETING)
def draft_escalations(session: Session, meeting: Meeting, now: datetime) -> None:
    """Draft an escalation of each action that was Red or unanswered at two meetings running.

    Once the second meeting is over; nothing where no board stands above, and nothing for an
    action whose escalation is under way, or was decided since the first of the two meetings.
    """
    tenant = meeting.partnership_id
    before = queries.previous_meeting(session, meeting)
    above = boards_above(session, tenant, meeting.board_id, meeting.meets_on)
    if before is None or not above:
        return
    found = to_escalate(snapshot_of(session, before), snapshot_of(session, meeting))
    ids = (
        {
            str(uid): action_id
            for uid, action_id in session.execute(
                select(Action.uid, Action.id).where(Action.partnership_id == tenant)
            )
        }
        if found
        else {}
    )
    busy = _lately_escalated(session, meeting, before)
    for one in found:
        action_id = ids.get(one.uid)
        if action_id is None or action_id in busy:
            continue
        session.add(
            Escalation(
                partnership_id=tenant,
                board_id=meeting.board_id,
                to_board_id=above[0].id,
                action_id=action_id,
                meeting_id=meeting.id,
                reason=one.reason,
                drafted_at=now,
            )
        )
    session.flush()


def _lately_escalated(session: Session, meeting: Meeting, before: Meeting) -> set[int]:
    """The actions whose escalation from this board is under way or was decided since a meeting."""
    rows = session.scalars(
        select(Escalation).where(
            Escalation.partnership_id == meeting.partnership_id,
            Escalation.board_id == meeting.board_id,
        )
    )
    return {
        row.action_id
        for row in rows
        if row.state in UNDER_WAY
        or max(at for at in (row.drafted_at, row.decided_at, row.answered_at, row.closed_at) if at)
        > before.starts_at
    }


def decide(
    session: Session,
    escalation: Escalation,
    state: EscalationState,
    *,
    words: str | None,
    person_id: int,
    as_chair: bool,
    now: datetime,
) -> None:
    """The chair agrees or declines a draft; ``words`` say what is wanted, or why not.

    ``as_chair`` False: the secretary records what the chair decided. Raises CannotDecide when it
    was decided already.
    """
    _move(escalation, state)
    if state is EscalationState.AGREED:
        escalation.wanted = words or escalation.wanted
    else:
        escalation.outcome_words = words
    escalation.decided_at = now
    escalation.decided_by_id = person_id if as_chair else None
    escalation.recorded_by_id = None if as_chair else person_id
    session.flush()
    if state is EscalationState.AGREED:
        put_on_agenda(session, escalation, now=now)


def answer(
    session: Session,
    escalation: Escalation,
    state: EscalationState,
    *,
    words: str,
    now: datetime,
) -> None:
    """The board above accepts, returns or closes what was brought before it, with its words.

    Raises CannotDecide where that cannot follow.
    """
    _move(escalation, state)
    escalation.outcome_words = words
    if state is EscalationState.CLOSED:
        escalation.closed_at = now
    else:
        escalation.answered_at = now
    session.flush()


def _move(escalation: Escalation, state: EscalationState) -> None:
    if not may_become(escalation.state, state):
        raise CannotDecide(f"This is {escalation.state.value} already. Look again.")
    escalation.state = state


def put_on_agenda(session: Session, escalation: Escalation, *, now: datetime) -> bool:
    """Put an agreed escalation on the next agenda above that is still open; False: there is none.

    It is tried again by the clockwork until there is one.
    """
    tenant = escalation.partnership_id
    meeting = next_open_agenda(session, tenant, escalation.to_board_id, now)
    if meeting is None:
        return False
    board = row_of(session, Board, tenant, escalation.board_id)
    action = row_of(session, Action, tenant, escalation.action_id)
    item = add_item(
        session,
        meeting,
        kind=ItemKind.ESCALATION,
        title=f"Escalated by {board.name}: {action.title}"[:300],
        purpose=Purpose.DECISION,
        origin=ItemOrigin.ESCALATED,
        source_key=f"escalation:{escalation.uid}",
        origin_words=f"{escalation.reason.value.capitalize()}, from {board.name}",
        presenter=presenter_words(board.name, board.chair_words),
        minutes=10,
        about_board_id=board.id,
    )
    escalation.item_id = item.id
    session.flush()
    return True


def _agreed_without_agenda(session: Session, now: datetime) -> Sequence[int]:
    """Escalations that were agreed when the board above had no open agenda, and has one now."""
    waiting = session.scalars(
        select(Escalation)
        .where(Escalation.state == EscalationState.AGREED, Escalation.item_id.is_(None))
        .order_by(Escalation.id),
        execution_options=ACROSS,
    ).all()
    return [
        one.id
        for one in waiting
        if next_open_agenda(session, one.partnership_id, one.to_board_id, now) is not None
    ]


def _put_waiting(session: Session, escalation_id: int, now: datetime) -> None:
    found = session.scalar(
        select(Escalation)
        .where(Escalation.id == escalation_id)
        .with_for_update()
        .execution_options(populate_existing=True),
        execution_options=ACROSS,
    )
    still = found is not None and found.state is EscalationState.AGREED
    if found is not None and still and found.item_id is None:
        put_on_agenda(session, found, now=now)


add_chore(Chore("escalation onto an agenda", _agreed_without_agenda, _put_waiting))
