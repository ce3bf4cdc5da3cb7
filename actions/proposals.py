"""Proposals: a new action, a changed deadline or a closing that waits to be decided.

They are decided in ``actions.proposals_decided``. Operations flush and never commit.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from actions.deadline_words import read_deadline
from actions.models import Action
from actions.proposal_models import Proposal, ProposalKind, ProposalStatus
from actions.proposal_queries import waiting_of
from plans.decisions import is_ended
from plans.models import Plan
from priorities.models import Priority


class AlreadyWaits(Exception):
    """A proposal of this kind about the action waits already."""


class NotWaiting(Exception):
    """The proposal was agreed, returned or withdrawn already."""


class OwnProposal(Exception):
    """Nobody agrees to, or returns, what they proposed themselves."""


class CannotPropose(Exception):
    """The action or plan does not allow what is proposed; the message says why, in plain words."""


def propose_new_action(
    session: Session,
    plan: Plan,
    priority: Priority | None,
    *,
    title: str,
    description: str | None,
    deadline: str,
    reason: str,
    person_id: int,
    now: datetime,
) -> Proposal:
    """Propose an action for a plan. ``deadline`` is in words that ``read_deadline`` reads.

    Raises CannotPropose when the plan has ended, ValueError when the deadline cannot be read.
    """
    if is_ended(plan):
        raise CannotPropose("This plan has ended. It takes no more actions.")
    return _wait(
        session,
        Proposal(
            partnership_id=plan.partnership_id,
            kind=ProposalKind.NEW_ACTION,
            plan_id=plan.id,
            priority_id=priority.id if priority is not None else None,
            title=title,
            description=description,
            deadline=read_deadline(deadline).words,
            reason=reason,
            proposed_by_id=person_id,
            proposed_at=now,
        ),
    )


def propose_deadline(
    session: Session, action: Action, *, deadline: str, reason: str, person_id: int, now: datetime
) -> Proposal:
    """Propose another deadline; printed beside the present one until it is decided.

    ``reason`` has at most 500 characters, as a deadline keeps it. Raises AlreadyWaits,
    CannotPropose when the action is not open, ValueError when the deadline cannot be read.
    """
    return _about(
        session,
        action,
        ProposalKind.DEADLINE,
        deadline=read_deadline(deadline).words,
        reason=reason,
        person_id=person_id,
        now=now,
    )


def propose_closing(
    session: Session, action: Action, *, reason: str, person_id: int, now: datetime
) -> Proposal:
    """Propose to close an action, not completed. Raises AlreadyWaits, CannotPropose."""
    return _about(
        session,
        action,
        ProposalKind.CLOSING,
        deadline=None,
        reason=reason,
        person_id=person_id,
        now=now,
    )


def withdraw(session: Session, proposal: Proposal, *, person_id: int, now: datetime) -> None:
    """Take one's own proposal back. Raises NotWaiting; OwnProposal when it is somebody else's."""
    must_wait(proposal)
    if proposal.proposed_by_id != person_id:
        raise OwnProposal
    proposal.status = ProposalStatus.WITHDRAWN
    proposal.decided_at, proposal.recorded_by_id = now, person_id
    session.flush()


def _about(
    session: Session,
    action: Action,
    kind: ProposalKind,
    *,
    deadline: str | None,
    reason: str,
    person_id: int,
    now: datetime,
) -> Proposal:
    must_be_open(action)
    if waiting_of(session, action.partnership_id, action.id, kind) is not None:
        raise AlreadyWaits
    return _wait(
        session,
        Proposal(
            partnership_id=action.partnership_id,
            kind=kind,
            action_id=action.id,
            deadline=deadline,
            reason=reason,
            proposed_by_id=person_id,
            proposed_at=now,
        ),
    )


def _wait(session: Session, proposal: Proposal) -> Proposal:
    session.add(proposal)
    session.flush()
    return proposal


def must_wait(proposal: Proposal) -> None:
    """Raise NotWaiting when a proposal was decided or withdrawn already."""
    if proposal.status is not ProposalStatus.WAITING:
        raise NotWaiting


def must_be_open(action: Action) -> None:
    """Raise CannotPropose unless there is still work to do on an action."""
    if not action.lifecycle.is_open:
        raise CannotPropose("This action is complete or closed. Nothing can be proposed for it.")
