"""Actions handed to another board: offered, then accepted into one of its plans, or returned.

Until it is accepted an action stays where it is. Operations flush and never commit.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.endings import CannotEnd, move, must_be_open, must_stand
from actions.link_queries import offer_of
from actions.models import Action, ActionHome, HomeEnding
from actions.proposal_models import Handover, ProposalStatus
from plans.decisions import is_ended
from plans.models import Plan
from plans.operations import Decision
from priorities.models import Priority
from tracker.kernel.times import london_day


class AlreadyOffered(Exception):
    """The action is offered to a board already, which has not answered yet."""


class NotWaiting(Exception):
    """The offer was answered already."""


def offer(
    session: Session,
    action: Action,
    home: ActionHome,
    *,
    board_id: int,
    plan: Plan,
    priority: Priority | None,
    reason: str,
    person_id: int,
    now: datetime,
) -> Handover:
    """Offer an action to a board, for a plan that it reviews.

    Raises AlreadyOffered, or CannotEnd when the action or the place does not allow it.
    """
    must_be_open(action)
    must_stand(home)
    if offer_of(session, action.partnership_id, action.id) is not None:
        raise AlreadyOffered
    if is_ended(plan):
        raise CannotEnd(f"{plan.full_title} has ended. Choose a plan that has not.")
    priority_id = priority.id if priority is not None else None
    if (home.plan_id, home.priority_id) == (plan.id, priority_id):
        raise CannotEnd("The action stands there already.")
    made = Handover(
        partnership_id=action.partnership_id,
        action_id=action.id,
        from_home_id=home.id,
        to_board_id=board_id,
        to_plan_id=plan.id,
        to_priority_id=priority_id,
        reason=reason,
        offered_by_id=person_id,
        offered_at=now,
    )
    session.add(made)
    session.flush()
    return made


def accept(
    session: Session, handover: Handover, *, words: str | None, person_id: int, now: datetime
) -> ActionHome:
    """Take an offered action over: it leaves its place and stands in the board's plan.

    Raises NotWaiting, or CannotEnd when the plan ended since it was offered; then nothing must be
    committed.
    """
    if handover.status is not ProposalStatus.WAITING:
        raise NotWaiting
    tenant = handover.partnership_id
    action = session.scalars(
        select(Action).where(Action.partnership_id == tenant, Action.id == handover.action_id)
    ).one()
    home = session.scalars(
        select(ActionHome).where(
            ActionHome.partnership_id == tenant, ActionHome.id == handover.from_home_id
        )
    ).one()
    plan = session.scalars(
        select(Plan).where(Plan.partnership_id == tenant, Plan.id == handover.to_plan_id)
    ).one()
    priority = session.scalar(
        select(Priority).where(
            Priority.partnership_id == tenant, Priority.id == handover.to_priority_id
        )
    )
    by = Decision(
        on=london_day(now),
        board_id=handover.to_board_id,
        reason=handover.reason,
        person_id=person_id,
        now=now,
    )
    # Answered first: what still waits when the action leaves its place is returned.
    _answer(session, handover, ProposalStatus.AGREED, words, person_id, now)
    return move(
        session,
        action,
        home,
        plan=plan,
        priority=priority,
        by=by,
        ending=HomeEnding.TRANSFERRED,
    )


def send_back(
    session: Session, handover: Handover, *, reason: str, person_id: int, now: datetime
) -> None:
    """Return an offered action with a reason; it stays where it is. Raises NotWaiting."""
    if handover.status is not ProposalStatus.WAITING:
        raise NotWaiting
    _answer(session, handover, ProposalStatus.RETURNED, reason, person_id, now)


def _answer(
    session: Session,
    handover: Handover,
    status: ProposalStatus,
    words: str | None,
    person_id: int,
    now: datetime,
) -> None:
    handover.status = status
    handover.decided_by_id = person_id
    handover.decided_at = now
    handover.decision_words = words
    session.flush()
