"""A plan that ends, with what becomes of each of its open actions: all at once, or nothing.

An action carried forward is the same action in the successor: its original deadline, its owners
and its history go on. Operations flush and never commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.endings import CannotEnd, live_homes, merge, move, stop
from actions.models import Action, ActionHome, HomeEnding
from actions.operations import Entry, record_progress
from plans.models import Plan, PlanDecision, PlanDecisionKind
from plans.operations import Decision, check_end, end
from priorities.models import Priority
from tracker.kernel.rag import Lifecycle, Rating


class Fate(StrEnum):
    """What becomes of an open action when its plan ends."""

    COMPLETED = "completed"
    CARRIED_FORWARD = "carried forward"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    BUSINESS_AS_USUAL = "business as usual"
    STOPPED = "stopped"


@dataclass(frozen=True)
class ActionDecision:
    """What becomes of one action; what else it needs depends on its fate.

    ``evidence`` for completed; ``plan`` and ``priority`` (None: under none) for carried forward
    and transferred, with a ``reference`` of its own or the next; ``into`` for merged. ``reason``
    is None where the plan's own reason says enough.
    """

    fate: Fate
    evidence: str | None = None
    plan: Plan | None = None
    priority: Priority | None = None
    reference: str | None = None
    into: Action | None = None
    reason: str | None = None


@dataclass(frozen=True)
class OpenAction:
    """An open action of a plan, and the place there from which it goes on."""

    action: Action
    home: ActionHome


class Refused(Exception):
    """Some actions have no decision, or one that does not hold: words by action id."""

    def __init__(self, words: Mapping[int, str]) -> None:
        super().__init__("; ".join(words.values()))
        self.words = dict(words)


def open_actions(session: Session, plan: Plan) -> list[OpenAction]:
    """The actions of a plan that need a decision when it ends, in their order.

    An action that stands there twice is decided once.
    """
    found: dict[int, OpenAction] = {}
    for home, action in session.execute(
        select(ActionHome, Action)
        .join(Action, Action.id == ActionHome.action_id)
        .where(
            ActionHome.partnership_id == plan.partnership_id,
            ActionHome.plan_id == plan.id,
            ActionHome.ended_on.is_(None),
            Action.lifecycle.in_([Lifecycle.NOT_STARTED, Lifecycle.IN_PROGRESS]),
        )
        .order_by(ActionHome.position, ActionHome.id)
    ):
        found.setdefault(action.id, OpenAction(action, home))
    return list(found.values())


def end_plan(
    session: Session,
    plan: Plan,
    kind: PlanDecisionKind,
    decisions: Mapping[int, ActionDecision],
    *,
    ends_on: date,
    successor: Plan | None,
    by: Decision,
) -> PlanDecision:
    """End a plan and do what was decided for each open action, by action id.

    Raises CannotDecide when the plan cannot end so, Refused with the words for each action that
    has no decision or one that does not hold. After an error nothing must be committed.
    """
    check_end(plan, kind, ends_on=ends_on, successor=successor)
    its_open = open_actions(session, plan)
    undecided = {
        one.action.id: f"Say what becomes of {one.home.reference} {one.action.title}"
        for one in its_open
        if one.action.id not in decisions
    }
    if undecided:
        raise Refused(undecided)
    wrong: dict[int, str] = {}
    # What is merged goes first: it must go into something that is still open when all is done.
    merged_first = sorted(its_open, key=lambda one: decisions[one.action.id].fate != Fate.MERGED)
    for one in merged_first:
        decision = decisions[one.action.id]
        try:
            _carry_out(session, plan, successor, one, decision, by)
        except CannotEnd as refused:
            wrong[one.action.id] = str(refused)
    for action_id, decision in decisions.items():
        into = decision.into if decision.fate is Fate.MERGED else None
        if into is not None and action_id not in wrong and not into.lifecycle.is_open:
            wrong[action_id] = f"“{into.title}” ends here as well: choose one that goes on"
    if wrong:
        raise Refused(wrong)
    return end(session, plan, kind, ends_on=ends_on, successor=successor, by=by)


def _carry_out(
    session: Session,
    plan: Plan,
    successor: Plan | None,
    one: OpenAction,
    decision: ActionDecision,
    by: Decision,
) -> None:
    action = one.action
    if decision.reason:
        by = Decision(by.on, by.board_id, decision.reason, by.person_id, by.now)
    if decision.fate is Fate.MERGED:
        if decision.into is None:
            raise CannotEnd("Choose the action that it becomes part of")
        merge(session, action, decision.into, by=by)
    elif decision.fate is Fate.COMPLETED:
        _complete(session, action, decision, by)
    elif decision.fate in (Fate.CARRIED_FORWARD, Fate.TRANSFERRED):
        _go_on(session, plan, successor, one, decision, by)
    else:
        for home in _homes_in(session, plan, action):
            stop(session, action, home, HomeEnding(decision.fate.value), by=by)


def _complete(session: Session, action: Action, decision: ActionDecision, by: Decision) -> None:
    """Complete, with its evidence; somebody else confirms it as ever."""
    if not decision.evidence:
        raise CannotEnd("Say what shows that it is complete")
    entry = Entry(lifecycle=Lifecycle.COMPLETE, rating=Rating.BLUE, evidence=decision.evidence)
    record_progress(
        session,
        action,
        entry,
        person_id=by.person_id,
        last_seen=action.last_entry_number,
        now=by.now,
    )


def _go_on(
    session: Session,
    plan: Plan,
    successor: Plan | None,
    one: OpenAction,
    decision: ActionDecision,
    by: Decision,
) -> None:
    target, is_forward = decision.plan, decision.fate is Fate.CARRIED_FORWARD
    if target is None or target.id == plan.id:
        raise CannotEnd("Choose where it goes on")
    if is_forward != (successor is not None and target.id == successor.id):
        raise CannotEnd(
            "Carried forward means into the plan that follows: choose a priority of that plan"
            if is_forward
            else "That is the plan that follows: choose “carried forward”"
        )
    ending = HomeEnding(decision.fate.value)
    for home in _homes_in(session, plan, one.action):
        move(
            session,
            one.action,
            home,
            plan=target,
            priority=decision.priority,
            by=by,
            reference=decision.reference,
            ending=ending,
        )


def _homes_in(session: Session, plan: Plan, action: Action) -> list[ActionHome]:
    return [home for home in live_homes(session, action) if home.plan_id == plan.id]
