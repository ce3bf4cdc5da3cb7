"""Reading what was decided of plans: whether one has ended, by whose decision, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from plans.models import Plan, PlanDecision, PlanDecisionKind, PlanStatus
from tracker.kernel.period import short_date
from tracker.people.board_models import Board

# A plan of one of these takes no asks and no more actions.
ENDED = (PlanStatus.ENDED_EARLY, PlanStatus.SUPERSEDED, PlanStatus.CLOSED)


@dataclass(frozen=True)
class PlanDecisionFacts:
    """A decision on a plan's period; ``successor_slug`` leads to the plan that followed."""

    kind: PlanDecisionKind
    decided_on: date
    ends_on_before: date
    ends_on_after: date
    reason: str
    board: str | None = None
    successor_title: str | None = None
    successor_slug: str | None = None

    @property
    def words(self) -> str:
        """ "Closed on 3 November 2026 by decision of Trust Board"; how far where extended."""
        verb = self.kind.value.capitalize()
        if self.kind is PlanDecisionKind.EXTENDED:
            verb += f" to {short_date(self.ends_on_after)}"
        if self.kind is PlanDecisionKind.SUPERSEDED and self.successor_title:
            verb += f" by {self.successor_title}"
        by = f", by decision of {self.board}" if self.board else ""
        if self.kind in (PlanDecisionKind.EXTENDED, PlanDecisionKind.SUPERSEDED):
            return f"{verb}, on {short_date(self.decided_on)}{by}"
        return f"{verb} on {short_date(self.decided_on)}{by}"


def is_ended(plan: Plan) -> bool:
    """Whether a plan has ended: nothing is added to it, and nobody is asked about it."""
    return plan.status in ENDED


def open_plans(session: Session, partnership_id: int) -> Sequence[Plan]:
    """A partnership's plans that have not ended, the newest first."""
    return session.scalars(
        select(Plan)
        .where(Plan.partnership_id == partnership_id, Plan.status.not_in(ENDED))
        .order_by(Plan.starts_on.desc(), Plan.title, Plan.id)
    ).all()


def decisions_of(session: Session, partnership_id: int, plan_id: int) -> list[PlanDecisionFacts]:
    """What was decided of a plan's period, the newest first; one query."""
    successor = aliased(Plan)
    rows = session.execute(
        select(PlanDecision, Board.name, successor)
        .outerjoin(Board, Board.id == PlanDecision.board_id)
        .outerjoin(successor, successor.id == PlanDecision.successor_id)
        .where(PlanDecision.partnership_id == partnership_id, PlanDecision.plan_id == plan_id)
        .order_by(PlanDecision.id.desc())
    ).all()
    return [
        PlanDecisionFacts(
            kind=one.kind,
            decided_on=one.decided_on,
            ends_on_before=one.ends_on_before,
            ends_on_after=one.ends_on_after,
            reason=one.reason,
            board=board,
            successor_title=after.full_title if one.successor_id is not None else None,
            successor_slug=after.slug if one.successor_id is not None else None,
        )
        for one, board, after in rows
    ]
