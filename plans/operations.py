"""What is decided of plans: extended, ended early, superseded by a successor, closed.

What becomes of their open actions is decided with it, in ``actions.plan_endings``. Operations
flush and never commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from plans.decisions import is_ended
from plans.models import (
    Plan,
    PlanDecision,
    PlanDecisionKind,
    PlanLink,
    PlanLinkKind,
    PlanStatus,
)
from tracker.kernel.period import short_date


class CannotDecide(Exception):
    """The plan does not allow this decision; the message says why, in plain words."""


@dataclass(frozen=True)
class Decision:
    """By whose decision something ends or changes: the day, the board, the reason, the signer."""

    on: date
    board_id: int | None
    reason: str
    person_id: int
    now: datetime


def extend(session: Session, plan: Plan, *, ends_on: date, by: Decision) -> PlanDecision:
    """Give a plan a later last day. Raises CannotDecide when it has ended or that is no later."""
    if is_ended(plan):
        raise CannotDecide("This plan has ended. It cannot be extended.")
    if ends_on <= plan.ends_on:
        raise CannotDecide(f"Give a day after {short_date(plan.ends_on)}, its last day now")
    return _decide(session, plan, PlanDecisionKind.EXTENDED, ends_on, None, by)


def end(
    session: Session,
    plan: Plan,
    kind: PlanDecisionKind,
    *,
    ends_on: date,
    successor: Plan | None,
    by: Decision,
) -> PlanDecision:
    """End a plan; a successor says in its links that it follows it.

    Whoever calls has seen to its open actions. Raises CannotDecide when the plan has ended
    already, or the last day or the successor does not fit.
    """
    check_end(plan, kind, ends_on=ends_on, successor=successor)
    if successor is not None:
        _follows(session, plan, successor)
    return _decide(session, plan, kind, ends_on, successor, by)


def check_end(plan: Plan, kind: PlanDecisionKind, *, ends_on: date, successor: Plan | None) -> None:
    """Raise CannotDecide when a plan cannot end in this way."""
    if is_ended(plan):
        raise CannotDecide("This plan has ended already.")
    if kind is PlanDecisionKind.ENDED_EARLY and not plan.starts_on <= ends_on < plan.ends_on:
        raise CannotDecide(
            f"Give a day from {short_date(plan.starts_on)} and before"
            f" {short_date(plan.ends_on)}, its last day now"
        )
    if (kind is PlanDecisionKind.SUPERSEDED) != (successor is not None):
        raise CannotDecide("Choose the plan that follows this one.")
    if successor is not None and (successor.id == plan.id or is_ended(successor)):
        raise CannotDecide("The plan that follows must be another one that has not ended.")


def _decide(
    session: Session,
    plan: Plan,
    kind: PlanDecisionKind,
    ends_on: date,
    successor: Plan | None,
    by: Decision,
) -> PlanDecision:
    decision = PlanDecision(
        partnership_id=plan.partnership_id,
        plan_id=plan.id,
        kind=kind,
        decided_on=by.on,
        board_id=by.board_id,
        successor_id=successor.id if successor is not None else None,
        ends_on_before=plan.ends_on,
        ends_on_after=ends_on,
        reason=by.reason,
        recorded_at=by.now,
        recorded_by_id=by.person_id,
    )
    session.add(decision)
    plan.status = PlanStatus(kind.value)
    plan.ends_on = ends_on
    session.flush()
    return decision


def _follows(session: Session, plan: Plan, successor: Plan) -> None:
    """Link the successor with the plan that it follows, where its document did not already."""
    its_links = (PlanLink.partnership_id == plan.partnership_id, PlanLink.plan_id == successor.id)
    there = session.scalar(
        select(PlanLink.id).where(
            *its_links,
            PlanLink.other_plan_id == plan.id,
            PlanLink.kind == PlanLinkKind.SUCCESSOR_OF,
        )
    )
    if there is None:
        last = session.scalar(select(func.max(PlanLink.position)).where(*its_links))
        session.add(
            PlanLink(
                partnership_id=plan.partnership_id,
                plan_id=successor.id,
                other_plan_id=plan.id,
                title=plan.full_title[:200],
                kind=PlanLinkKind.SUCCESSOR_OF,
                position=0 if last is None else last + 1,
            )
        )
        session.flush()
