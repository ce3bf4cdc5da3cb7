"""Proposals agreed or returned: what is agreed is done at once, in the same transaction.

Operations flush and never commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.answer_models import AgreedAs
from actions.deadline_words import read_deadline
from actions.deadlines import SameDeadline, as_deadline, change_deadline
from actions.endings import close
from actions.models import Action, ActionHome, Owner
from actions.numbering import next_number, next_position, next_reference
from actions.operations import refresh
from actions.proposal_models import Proposal, ProposalKind, ProposalStatus
from actions.proposals import CannotPropose, OwnProposal, must_be_open, must_wait
from plans.decisions import is_ended
from plans.models import Plan
from priorities.models import Priority
from tracker.edges.db import key_of
from tracker.kernel.times import london_day
from tracker.people.board_models import Board


@dataclass(frozen=True)
class Consent:
    """Who agreed, and in what part: the chair of a board, or the priority lead."""

    agreed_by: str
    agreed_as: AgreedAs
    board_id: int | None = None


def send_back(
    session: Session,
    proposal: Proposal,
    *,
    reason: str,
    returned_by: str,
    person_id: int,
    now: datetime,
) -> None:
    """Return a proposal with a reason; nothing changes. Raises NotWaiting, OwnProposal."""
    must_wait(proposal)
    if proposal.proposed_by_id == person_id:
        raise OwnProposal
    proposal.status = ProposalStatus.RETURNED
    proposal.decided_by = returned_by
    proposal.decided_at, proposal.recorded_by_id = now, person_id
    proposal.decision_words = reason
    session.flush()


def agree(
    session: Session,
    proposal: Proposal,
    consent: Consent,
    *,
    person_id: int,
    person_name: str,
    words: str | None,
    now: datetime,
) -> Action:
    """Agree to a proposal, or record that somebody agreed, and do what it proposes.

    ``person_id`` and ``person_name`` are who records it. Returns the action that was made,
    changed or closed. Raises NotWaiting; OwnProposal when the one who agrees proposed it;
    CannotPropose when the action or plan has ended since, or has that deadline already.
    """
    must_wait(proposal)
    agrees_oneself = key_of(consent.agreed_by) == key_of(person_name)
    if proposal.proposed_by_id == person_id and agrees_oneself:
        raise OwnProposal
    proposal.status = ProposalStatus.AGREED
    proposal.decided_by, proposal.decided_as = consent.agreed_by, consent.agreed_as
    proposal.board_id = consent.board_id
    proposal.decided_at, proposal.recorded_by_id = now, person_id
    proposal.decision_words = words
    session.flush()
    if proposal.kind is ProposalKind.NEW_ACTION:
        return _make(session, proposal, person_id=person_id, now=now)
    action = session.scalars(
        select(Action).where(
            Action.partnership_id == proposal.partnership_id, Action.id == proposal.action_id
        )
    ).one()
    must_be_open(action)
    if proposal.kind is ProposalKind.CLOSING:
        agreed = f"{proposal.reason} Agreed by {_named(session, proposal, consent)}."
        close(session, action, agreed, person_id=person_id, now=now)
    else:
        _change_deadline(session, action, proposal, person_id=person_id, now=now)
    return action


def _change_deadline(
    session: Session, action: Action, proposal: Proposal, *, person_id: int, now: datetime
) -> None:
    try:
        change_deadline(
            session,
            action,
            as_deadline(read_deadline(proposal.deadline or "")),
            person_id=person_id,
            board_id=proposal.board_id,
            reason=proposal.reason,
            now=now,
        )
    except SameDeadline:
        raise CannotPropose("The action has this deadline already.") from None


def _make(session: Session, proposal: Proposal, *, person_id: int, now: datetime) -> Action:
    """The action that was proposed, with the one who proposed it as its owner."""
    tenant, today = proposal.partnership_id, london_day(now)
    plan = session.scalars(
        select(Plan).where(Plan.partnership_id == tenant, Plan.id == proposal.plan_id)
    ).one()
    if is_ended(plan):
        raise CannotPropose("This plan has ended. It takes no more actions.")
    priority = session.scalar(
        select(Priority).where(
            Priority.partnership_id == tenant, Priority.id == proposal.priority_id
        )
    )
    action = Action(
        partnership_id=tenant,
        number=next_number(session, tenant),
        title=proposal.title or "",
        description=proposal.description,
        followed_from_on=max(today, plan.starts_on),
        changed_at=now,
    )
    session.add(action)
    session.flush()
    session.add_all(
        [
            ActionHome(
                partnership_id=tenant,
                action_id=action.id,
                plan_id=plan.id,
                priority_id=proposal.priority_id,
                reference=next_reference(session, tenant, plan.id, priority),
                position=next_position(session, tenant, plan.id),
            ),
            Owner(
                partnership_id=tenant,
                action_id=action.id,
                person_id=proposal.proposed_by_id,
                from_on=today,
            ),
        ]
    )
    deadline = as_deadline(read_deadline(proposal.deadline or "no date"))
    deadline.partnership_id, deadline.action_id = tenant, action.id
    deadline.set_at, deadline.set_by_id = now, person_id
    deadline.agreed_by_board_id = proposal.board_id
    session.add(deadline)
    proposal.action_id = action.id
    session.flush()
    refresh(session, action)
    return action


def _named(session: Session, proposal: Proposal, consent: Consent) -> str:
    """ "Jo Bell, chair of Trust Board"."""
    of = ""
    if consent.agreed_as is AgreedAs.CHAIR and consent.board_id is not None:
        name = session.scalar(
            select(Board.name).where(
                Board.partnership_id == proposal.partnership_id, Board.id == consent.board_id
            )
        )
        of = f" of {name}" if name else ""
    return f"{consent.agreed_by}, {consent.agreed_as.value}{of}"
