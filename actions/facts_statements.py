"""The statements that read the facts of actions: built once, for building costs more than asking.

Their parameters are ``tenant`` (a partnership's id), ``plan_ids`` and ``action_ids``.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import aliased

from actions.answer_models import Agreement
from actions.ask_models import Ask
from actions.deadline_models import Deadline
from actions.models import Action, ActionHome, Milestone, Progress
from actions.proposal_models import Proposal, ProposalKind, ProposalStatus
from plans.models import Plan
from priorities.models import Priority
from tracker.people.models import Partnership, Person

TENANT = bindparam("tenant", type_=BigInteger)
PLANS: BindParameter[Any] = bindparam("plan_ids", expanding=True)
ACTIONS: BindParameter[Any] = bindparam("action_ids", expanding=True)
_cleared_by = aliased(Person)


def _is_asked() -> ColumnElement[bool]:
    return exists().where(
        Ask.partnership_id == TENANT,
        Ask.action_id == Action.id,
        Ask.answered_at.is_(None),
        Ask.closed_at.is_(None),
    )


def _proposed() -> ScalarSelect[str | None]:
    """The deadline that was proposed for an action and waits for agreement, in words."""
    return (
        select(Proposal.deadline)
        .where(
            Proposal.partnership_id == TENANT,
            Proposal.action_id == Action.id,
            Proposal.kind == ProposalKind.DEADLINE,
            Proposal.status == ProposalStatus.WAITING,
        )
        .limit(1)
        .scalar_subquery()
    )


def _onward() -> ScalarSelect[str | None]:
    """The plan in which an action that left one goes on, with its period as printed."""
    plan, home = aliased(Plan), aliased(ActionHome)
    return (
        select(plan.title + literal_column("' '") + plan.period_printed)
        .join(home, home.plan_id == plan.id)
        .where(
            plan.partnership_id == TENANT,
            home.partnership_id == TENANT,
            home.action_id == Action.id,
            home.ended_on.is_(None),
            ActionHome.ended_on.is_not(None),
        )
        .order_by(home.id)
        .limit(1)
        .scalar_subquery()
    )


@cache
def of_actions(*, plans: bool, actions: bool) -> Select[*tuple[Any, ...]]:
    """One row for each home: of these plans, of these actions, or of all."""
    current, first = aliased(Deadline, name="current"), aliased(Deadline, name="first")
    chosen: Select[*tuple[Any, ...]] = (
        select(
            ActionHome,
            Action,
            Plan,
            Priority,
            Partnership.date_rule,
            first,
            current,
            Progress,
            Person.name.label("signed_by"),
            _cleared_by.name.label("cleared_by"),
            _is_asked().label("is_asked"),
            Agreement,
            _proposed().label("proposed"),
            _onward().label("onward"),
        )
        .join(Action, Action.id == ActionHome.action_id)
        .join(Plan, Plan.id == ActionHome.plan_id)
        .join(Partnership, Partnership.id == ActionHome.partnership_id)
        .outerjoin(Priority, Priority.id == ActionHome.priority_id)
        .outerjoin(
            first,
            and_(
                first.partnership_id == Action.partnership_id,
                first.action_id == Action.id,
                first.milestone_id.is_(None),
                first.number == 1,
            ),
        )
        .outerjoin(
            current,
            and_(
                current.partnership_id == Action.partnership_id,
                current.action_id == Action.id,
                current.milestone_id.is_(None),
                current.is_current,
            ),
        )
        .outerjoin(
            Progress,
            and_(
                Progress.partnership_id == Action.partnership_id,
                Progress.action_id == Action.id,
                Progress.number == Action.last_entry_number,
            ),
        )
        .outerjoin(Person, Person.id == Progress.person_id)
        .outerjoin(_cleared_by, _cleared_by.id == Progress.cleared_by_id)
        .outerjoin(
            Agreement,
            and_(
                Agreement.partnership_id == Action.partnership_id,
                Agreement.action_id == Action.id,
                Agreement.entry_number == Action.last_entry_number,
                Agreement.deadline_number == func.coalesce(current.number, 0),
            ),
        )
        .where(ActionHome.partnership_id == TENANT)
        .order_by(Plan.starts_on, Plan.id, ActionHome.position, ActionHome.id)
    )
    if plans:
        chosen = chosen.where(ActionHome.plan_id.in_(PLANS))
    if actions:
        chosen = chosen.where(ActionHome.action_id.in_(ACTIONS))
    return chosen


@cache
def of_milestones() -> Select[*tuple[Any, ...]]:
    """The milestones of these actions, each with its first and its current deadline."""
    current, first = aliased(Deadline), aliased(Deadline)
    return (
        select(Milestone, first, current)
        .outerjoin(first, and_(first.milestone_id == Milestone.id, first.number == 1))
        .outerjoin(current, and_(current.milestone_id == Milestone.id, current.is_current))
        .where(Milestone.partnership_id == TENANT, Milestone.action_id.in_(ACTIONS))
        .order_by(Milestone.position, Milestone.id)
    )
