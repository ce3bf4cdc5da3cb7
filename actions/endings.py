"""Endings of actions: moved, merged into another, made business as usual, stopped.

An action leaves a place where it stands; its number there stays, and its history stays with the
action. Operations flush and never commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.models import Action, ActionHome, HomeEnding
from actions.numbering import next_position, next_reference, take_turns
from actions.operations import Entry, record_progress
from actions.proposal_models import ActionLink, ActionLinkKind, Handover, Proposal, ProposalStatus
from plans.decisions import is_ended
from plans.models import Plan
from plans.operations import Decision as Decision
from priorities.models import Priority
from tracker.kernel.rag import Lifecycle


class CannotEnd(Exception):
    """An action cannot leave in this way; the message says why, in plain words."""


def live_homes(session: Session, action: Action) -> Sequence[ActionHome]:
    """The places where an action stands now, in their order."""
    return session.scalars(
        select(ActionHome)
        .where(
            ActionHome.partnership_id == action.partnership_id,
            ActionHome.action_id == action.id,
            ActionHome.ended_on.is_(None),
        )
        .order_by(ActionHome.id)
    ).all()


def move(
    session: Session,
    action: Action,
    home: ActionHome,
    *,
    plan: Plan,
    priority: Priority | None,
    by: Decision,
    reference: str | None = None,
    wording: str | None = None,
    ending: HomeEnding = HomeEnding.MOVED,
) -> ActionHome:
    """Let an action leave one place and stand in another, with its own number and wording there.

    ``reference`` is None for the next one of the priority. It is the same action: owners,
    deadlines and history go on. Where it stands in the other plan already, that place stays the
    one. Raises CannotEnd when it is not open, or the place does not fit.
    """
    must_be_open(action)
    must_stand(home)
    if is_ended(plan):
        raise CannotEnd(f"{plan.full_title} has ended. Choose a plan that has not.")
    if priority is not None and priority.plan_id != plan.id:
        raise CannotEnd("Choose a priority of that plan.")
    priority_id = priority.id if priority is not None else None
    if (home.plan_id, home.priority_id) == (plan.id, priority_id):
        raise CannotEnd("The action stands there already.")
    there = [one for one in live_homes(session, action) if one.plan_id == plan.id]
    if there and home.plan_id != plan.id:
        leave(session, home, ending, by)
        session.flush()
        return there[0]
    take_turns(session, action.partnership_id)
    if reference is not None and _is_taken(session, plan, reference):
        raise CannotEnd(f"{plan.full_title} has an action {reference} already.")
    leave(session, home, ending, by)
    new = ActionHome(
        partnership_id=action.partnership_id,
        action_id=action.id,
        plan_id=plan.id,
        priority_id=priority_id,
        reference=reference
        or next_reference(session, action.partnership_id, plan.id, priority, action.kind),
        wording=wording or home.wording,
        position=next_position(session, action.partnership_id, plan.id),
    )
    session.add(new)
    action.changed_at = by.now
    session.flush()
    return new


def merge(session: Session, action: Action, into: Action, *, by: Decision) -> ActionLink:
    """Let an action become part of another: it ends everywhere, and is closed by an entry.

    The other goes on where it stands, and shows what it took in. Raises CannotEnd when one of
    the two is not open, or they are the same.
    """
    must_be_open(action)
    if into.id == action.id:
        raise CannotEnd("An action cannot become part of itself.")
    if not into.lifecycle.is_open:
        raise CannotEnd("The action that it becomes part of must be open.")
    for home in live_homes(session, action):
        leave(session, home, HomeEnding.MERGED, by)
    link = link_actions(session, action, into, ActionLinkKind.MERGED_INTO, by=by)
    close(
        session,
        action,
        f"Merged into “{into.title}”. {by.reason}",
        person_id=by.person_id,
        now=by.now,
    )
    return link


def stop(
    session: Session, action: Action, home: ActionHome, ending: HomeEnding, *, by: Decision
) -> None:
    """Let an action leave a place as business as usual, or stopped.

    Where that was its last place it is closed, not completed, by an entry. Raises CannotEnd when
    it is not open or has left already.
    """
    must_be_open(action)
    must_stand(home)
    leave(session, home, ending, by)
    action.changed_at = by.now
    session.flush()
    if not live_homes(session, action):
        words = "Made business as usual" if ending is HomeEnding.BUSINESS_AS_USUAL else "Stopped"
        close(session, action, f"{words}. {by.reason}", person_id=by.person_id, now=by.now)


def close(
    session: Session, action: Action, happened: str, *, person_id: int, now: datetime
) -> None:
    """Close an action, not completed, by an entry that says why.

    The entry answers its open asks; what was proposed of it and waits is returned.
    """
    entry = Entry(
        lifecycle=Lifecycle.CLOSED_NOT_COMPLETED, rating=action.owner_rating, happened=happened
    )
    record_progress(
        session,
        action,
        entry,
        person_id=person_id,
        last_seen=action.last_entry_number,
        now=now,
    )
    _return_proposals(session, action, person_id=person_id, now=now)


def leave(session: Session, home: ActionHome, ending: HomeEnding, by: Decision) -> None:
    """End a place where an action stands, with the day, the reason and the board.

    What was offered from there to a board, and waits, is returned.
    """
    home.ended_on = by.on
    home.ending = ending
    home.ending_reason = by.reason
    home.ended_board_id = by.board_id
    for offer in session.scalars(
        select(Handover).where(
            Handover.partnership_id == home.partnership_id,
            Handover.from_home_id == home.id,
            Handover.status == ProposalStatus.WAITING,
        )
    ).all():
        offer.status = ProposalStatus.RETURNED
        offer.decided_at, offer.decided_by_id = by.now, by.person_id
        offer.decision_words = "The action left the place from which it was offered."


def link_actions(
    session: Session, action: Action, other: Action, kind: ActionLinkKind, *, by: Decision
) -> ActionLink:
    """Say that one action went into another; both pages show it."""
    link = ActionLink(
        partnership_id=action.partnership_id,
        action_id=action.id,
        other_action_id=other.id,
        kind=kind,
        reason=by.reason,
        made_at=by.now,
        made_by_id=by.person_id,
    )
    session.add(link)
    session.flush()
    return link


def must_be_open(action: Action) -> None:
    """Raise CannotEnd unless there is still work to do on an action."""
    if not action.lifecycle.is_open:
        raise CannotEnd(
            "Only an open action can be moved or ended. This one is complete or closed."
        )


def must_stand(home: ActionHome) -> None:
    """Raise CannotEnd when an action has left this place already."""
    if home.ended_on is not None:
        raise CannotEnd("The action has left that place already.")


def _is_taken(session: Session, plan: Plan, reference: str) -> bool:
    return (
        session.scalar(
            select(ActionHome.id).where(
                ActionHome.partnership_id == plan.partnership_id,
                ActionHome.plan_id == plan.id,
                ActionHome.reference == reference,
            )
        )
        is not None
    )


def _return_proposals(session: Session, action: Action, *, person_id: int, now: datetime) -> None:
    words = "The action was closed, not completed."
    for proposal in session.scalars(
        select(Proposal).where(
            Proposal.partnership_id == action.partnership_id,
            Proposal.action_id == action.id,
            Proposal.status == ProposalStatus.WAITING,
        )
    ).all():
        proposal.status = ProposalStatus.RETURNED
        proposal.decided_at, proposal.recorded_by_id = now, person_id
        proposal.decision_words = words
    session.flush()
