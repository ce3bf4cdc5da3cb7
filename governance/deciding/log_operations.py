"""What is done to a board's action log: changed, closed, opened again, made an action of a plan.

Every change leaves a note. Operations flush and never commit.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.answer_models import AgreedAs
from actions.models import Action, ActionHome, ActionParty, Owner
from actions.proposals import propose_new_action
from actions.proposals_decided import Consent, agree
from governance.deciding.rules import Standing, change_words
from governance.log_models import MeetingAction, MeetingActionStatus
from governance.meeting_actions import NoLongerOpen, note
from governance.models import Meeting
from plans.models import Plan
from priorities.models import Priority
from tracker.kernel.period import short_date
from tracker.people.board_models import Board
from tracker.people.models import Organisation, PartyRole, Person

LONGEST_NOTE = 1000
LONGEST_BY = 200


def change(
    session: Session,
    action: MeetingAction,
    *,
    status: MeetingActionStatus,
    lead: Person | None,
    organisation: Organisation | None,
    due_on: date | None,
    said: str,
    person_id: int,
    now: datetime,
) -> None:
    """Change a meeting action or only note something of it, with the reason or what was said."""
    before = Standing(_lead_words(action.person, action.organisation), action.due_on)
    after = Standing(_lead_words(lead, organisation), due_on)
    changed = change_words(before, after)
    action.person_id = lead.id if lead is not None else None
    action.organisation_id = organisation.id if organisation is not None else None
    words = f"{changed} {said}" if changed else said
    note(
        session,
        action,
        status=status,
        said=words[:LONGEST_NOTE],
        due_on=due_on,
        person_id=person_id,
        now=now,
    )


def become_plan_action(
    session: Session,
    task: MeetingAction,
    board: Board,
    meeting: Meeting,
    *,
    plan: Plan,
    priority: Priority | None,
    title: str,
    organisation_id: int | None,
    deadline: str,
    person_id: int,
    person_name: str,
    now: datetime,
) -> tuple[Action, str]:
    """Make a meeting action an action of a plan, by the board's decision; it is done with that.

    The plan keeps it as a proposal that the board agreed to. Who led the meeting action is asked
    about the new one. Returns it with its reference in the plan. Raises NoLongerOpen; and
    CannotPropose when the plan has ended.
    """
    if task.status is not MeetingActionStatus.OPEN:
        raise NoLongerOpen
    named = "A confidential meeting action" if task.is_confidential else "Meeting action"
    why = f"{named} {task.reference}, {board.name}, meeting of {short_date(meeting.meets_on)}."
    proposal = propose_new_action(
        session,
        plan,
        priority,
        title=title,
        description=None,
        deadline=deadline,
        reason=why,
        person_id=task.person_id or person_id,
        now=now,
    )
    action = agree(
        session,
        proposal,
        Consent(
            agreed_by=f"{board.name} at its meeting"[:LONGEST_BY],
            agreed_as=AgreedAs.CHAIR,
            board_id=board.id,
        ),
        person_id=person_id,
        person_name=person_name,
        words=why,
        now=now,
    )
    proposal.decided_as = None  # the whole board agreed, and not its chair alone
    if task.person_id is None:
        _ask_nobody(session, action)
    if organisation_id is not None:
        session.add(
            ActionParty(
                partnership_id=action.partnership_id,
                action_id=action.id,
                role=PartyRole.LEAD,
                organisation_id=organisation_id,
            )
        )
    reference = _reference(session, action, plan)
    task.action_id = action.id
    note(
        session,
        task,
        status=MeetingActionStatus.DONE,
        said=f"It became action {reference} of {plan.full_title}.",
        due_on=task.due_on,
        person_id=person_id,
        now=now,
    )
    return action, reference


def _ask_nobody(session: Session, action: Action) -> None:
    """Nobody led it, so nobody is asked yet: whoever recorded it is not its owner."""
    for owner in session.scalars(
        select(Owner).where(
            Owner.partnership_id == action.partnership_id, Owner.action_id == action.id
        )
    ):
        session.delete(owner)


def _reference(session: Session, action: Action, plan: Plan) -> str:
    return session.scalars(
        select(ActionHome.reference).where(
            ActionHome.partnership_id == action.partnership_id,
            ActionHome.action_id == action.id,
            ActionHome.plan_id == plan.id,
        )
    ).one()


def _lead_words(person: Person | None, organisation: Organisation | None) -> str:
    """Who leads, as the log prints it."""
    names = [one.name for one in (person, organisation) if one is not None]
    return ", ".join(names) or "nobody named"
