"""What every plan holds, counted, and when a board next reviews it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.models import Action, ActionHome, ActionKind, Milestone
from governance.queries import next_reviews
from plans.models import Plan
from priorities.indicator_models import Indicator
from priorities.models import Priority
from tracker.edges.tenancy import ACROSS
from tracker.people.models import Partnership


@dataclass(frozen=True)
class PlanStatus:
    """One plan's counts. Commitments made in prose, and indicators still to be developed, are
    counted apart."""

    partnership: str
    plan: str
    title: str
    priorities: int
    actions: int
    commitments: int
    milestones: int
    indicators: int
    to_be_developed: int
    next_review: date | None

    def as_json(self) -> dict[str, object]:
        """The row for machines."""
        return {
            "partnership": self.partnership,
            "plan": self.plan,
            "title": self.title,
            "priorities": self.priorities,
            "actions": self.actions,
            "commitments": self.commitments,
            "milestones": self.milestones,
            "indicators": self.indicators,
            "indicators_to_be_developed": self.to_be_developed,
            "next_review": self.next_review.isoformat() if self.next_review else None,
        }


def rows(session: Session, *, now: datetime) -> list[PlanStatus]:
    """Every plan of every partnership, in order; six queries whatever there is."""
    reviews = next_reviews(session, now)
    priorities = _count(session, select(Priority.plan_id, func.count()).group_by(Priority.plan_id))
    kinds = {
        kind: _count(
            session,
            select(ActionHome.plan_id, func.count())
            .join(Action, Action.id == ActionHome.action_id)
            .where(Action.kind == kind)
            .group_by(ActionHome.plan_id),
        )
        for kind in ActionKind
    }
    milestones = _count(
        session,
        select(ActionHome.plan_id, func.count(Milestone.id))
        .join(Milestone, Milestone.action_id == ActionHome.action_id)
        .group_by(ActionHome.plan_id),
    )
    ready, later = (
        _count(
            session,
            select(Indicator.plan_id, func.count())
            .where(Indicator.to_be_developed.is_(undeveloped))
            .group_by(Indicator.plan_id),
        )
        for undeveloped in (False, True)
    )
    plans = session.execute(
        select(Plan, Partnership.slug)
        .join(Partnership, Partnership.id == Plan.partnership_id)
        .order_by(Partnership.slug, Plan.starts_on, Plan.id),
        execution_options=ACROSS,
    ).all()
    return [
        PlanStatus(
            partnership=slug,
            plan=plan.slug,
            title=plan.full_title,
            priorities=priorities.get(plan.id, 0),
            actions=kinds[ActionKind.ACTION].get(plan.id, 0),
            commitments=kinds[ActionKind.COMMITMENT].get(plan.id, 0),
            milestones=milestones.get(plan.id, 0),
            indicators=ready.get(plan.id, 0),
            to_be_developed=later.get(plan.id, 0),
            next_review=reviews.get(plan.id),
        )
        for plan, slug in plans
    ]


def as_table(found: list[PlanStatus]) -> str:
    """The rows for people."""
    if not found:
        return "No plans yet. Load the examples with: tracker load-examples"
    heads = ("Partnership", "Plan", "Pri", "Act", "Com", "Mil", "Ind", "Next review")
    table = [heads] + [
        (
            row.partnership,
            row.title,
            str(row.priorities),
            str(row.actions),
            str(row.commitments),
            str(row.milestones),
            f"{row.indicators}+{row.to_be_developed}"
            if row.to_be_developed
            else str(row.indicators),
            row.next_review.isoformat() if row.next_review else "none planned",
        )
        for row in found
    ]
    widths = [max(len(line[place]) for line in table) for place in range(len(heads))]
    text = "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    )
    return (
        f"{text}\n\nPri: priorities, Act: actions, Com: commitments made in prose, Mil: milestones,"
        " Ind: indicators (+ to be developed)"
    )


def _count(session: Session, statement: Any) -> dict[int, int]:
    found = session.execute(statement, execution_options=ACROSS).all()
    return {plan_id: number for plan_id, number in found}
