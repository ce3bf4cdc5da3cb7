"""Reading review cycles: which plans they bring, and which boards review a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from governance.models import ReviewCycle, ReviewCyclePlan


def cycles(
    session: Session, partnership_id: int, board_id: int | None = None
) -> Sequence[ReviewCycle]:
    """The review cycles of a partnership, or of one of its boards."""
    chosen = select(ReviewCycle).where(ReviewCycle.partnership_id == partnership_id)
    if board_id is not None:
        chosen = chosen.where(ReviewCycle.board_id == board_id)
    return session.scalars(chosen.order_by(ReviewCycle.board_id, ReviewCycle.id)).all()


def cycle_plans(session: Session, partnership_id: int) -> dict[int, list[int]]:
    """The plans that each cycle brings, by cycle id."""
    found: dict[int, list[int]] = defaultdict(list)
    for cycle_id, plan_id in session.execute(
        select(ReviewCyclePlan.cycle_id, ReviewCyclePlan.plan_id)
        .where(ReviewCyclePlan.partnership_id == partnership_id)
        .order_by(ReviewCyclePlan.id)
    ):
        found[cycle_id].append(plan_id)
    return dict(found)


def reviewing_boards(
    session: Session, partnership_id: int, plan_ids: Collection[int]
) -> frozenset[int]:
    """The boards that review any of these plans."""
    return frozenset(session.scalars(reviewers(partnership_id, plan_ids)))


def reviewers(partnership_id: int, plan_ids: Collection[int] | Select[int]) -> Select[int]:
    """The ids of the boards that review any of these plans, to be asked with something else."""
    return (
        select(ReviewCycle.board_id)
        .join(ReviewCyclePlan, ReviewCyclePlan.cycle_id == ReviewCycle.id)
        .where(
            ReviewCycle.partnership_id == partnership_id,
            ReviewCyclePlan.partnership_id == partnership_id,
            ReviewCyclePlan.plan_id.in_(plan_ids),
        )
    )
