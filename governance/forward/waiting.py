"""Escalations to a board that no agenda has taken yet."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.models import Action
from governance.report_models import Escalation, EscalationState
from tracker.people.board_models import Board


def waiting_above(session: Session, board: Board) -> Iterator[tuple[str, str]]:
    """What was escalated to a board and waits for its next agenda: what, and from where."""
    rows = session.execute(
        select(Action.title, Board.name, Escalation.reason)
        .select_from(Escalation)
        .join(Action, Action.id == Escalation.action_id)
        .join(Board, Board.id == Escalation.board_id)
        .where(
            Escalation.partnership_id == board.partnership_id,
            Action.partnership_id == board.partnership_id,
            Board.partnership_id == board.partnership_id,
            Escalation.to_board_id == board.id,
            Escalation.state == EscalationState.AGREED,
            Escalation.item_id.is_(None),
        )
        .order_by(Escalation.drafted_at, Escalation.id)
    )
    for title, name, reason in rows:
        yield title, f"Escalated by {name}: {reason.value}"
