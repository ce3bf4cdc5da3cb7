"""Reading actions: facts for lists, pages and papers, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from actions.ask_models import Ask
from actions.deadline_models import Deadline
from actions.models import (
    Action,
    ActionAmbition,
    ActionHome,
    ActionKind,
    ActionParty,
    Milestone,
    Owner,
    Progress,
)
from actions.rules import ActionFacts, DeadlineFacts, EntryFacts, MilestoneFacts
from plans.models import Ambition, Plan
from priorities.models import Priority
from tracker.kernel.rag import DateRule, Rating
from tracker.people.board_models import Board
from tracker.people.models import Organisation, Partnership, PartyRole, Person


def shown_rating(today: date) -> ColumnElement[str]:
    """The rating shown today, in SQL: the worse of the owner's and what the stored days allow."""
    is_red = and_(Action.red_from_on.is_not(None), Action.red_from_on <= today)
    is_amber = and_(Action.amber_from_on.is_not(None), Action.amber_from_on <= today)
    return case(
        (is_red, Rating.RED.value),
        (and_(is_amber, Action.owner_rating != Rating.RED), Rating.AMBER.value),
        else_=Action.owner_rating,
    )


def action_by_number(session: Session, partnership_id: int, number: int) -> Action | None:
    """One action by its number in its partnership."""
    return session.scalar(
        select(Action).where(Action.partnership_id == partnership_id, Action.number == number)
    )


def owned_ids(session: Session, partnership_id: int, person_id: int, today: date) -> list[int]:
    """The actions that a person is asked about today."""
    return list(
        session.scalars(
            select(Owner.action_id).where(
                Owner.partnership_id == partnership_id,
                Owner.person_id == person_id,
                _on_that_day(today),
            )
        )
    )


def owner_ids(session: Session, partnership_id: int, action_id: int, today: date) -> frozenset[int]:
    """The people asked about an action today."""
    return frozenset(
        session.scalars(
            select(Owner.person_id).where(
                Owner.partnership_id == partnership_id,
                Owner.action_id == action_id,
                _on_that_day(today),
            )
        )
    )


def entries(session: Session, partnership_id: int, action_id: int) -> list[EntryFacts]:
    """An action's progress, newest first."""
    rows = session.execute(
        select(Progress, Person.name)
        .join(Person, Person.id == Progress.person_id)
        .where(Progress.partnership_id == partnership_id, Progress.action_id == action_id)
        .order_by(Progress.number.desc())
    ).all()
    return [_entry(progress, name) for progress, name in rows]


def deadlines_of(session: Session, partnership_id: int, action_id: int) -> Sequence[Deadline]:
    """Every deadline that an action has had, milestones' left out, newest first."""
    return session.scalars(
        select(Deadline)
        .where(
            Deadline.partnership_id == partnership_id,
            Deadline.action_id == action_id,
            Deadline.milestone_id.is_(None),
        )
        .order_by(Deadline.number.desc())
    ).all()


def facts(
    session: Session,
    partnership_id: int,
    today: date,
    *,
    plan_ids: Iterable[int] | None = None,
    action_ids: Iterable[int] | None = None,
) -> list[ActionFacts]:
    """The facts of actions, in the order of their plans; one per plan that an action stands in.

    Eight queries, however many actions there are.
    """
    chosen: Select[tuple[ActionHome, Action, Plan, Priority | None, DateRule]] = (
        select(ActionHome, Action, Plan, Priority, Partnership.date_rule)
        .join(Action, Action.id == ActionHome.action_id)
        .join(Plan, Plan.id == ActionHome.plan_id)
        .join(Partnership, Partnership.id == ActionHome.partnership_id)
        .outerjoin(Priority, Priority.id == ActionHome.priority_id)
        .where(ActionHome.partnership_id == partnership_id)
        .order_by(Plan.starts_on, Plan.id, ActionHome.position, ActionHome.id)
    )
    if plan_ids is not None:
        chosen = chosen.where(ActionHome.plan_id.in_(list(plan_ids)))
    if action_ids is not None:
        chosen = chosen.where(ActionHome.action_id.in_(list(action_ids)))
    rows = session.execute(chosen).all()
    ids = sorted({action.id for _, action, *_ in rows})
    around = _Around(session, partnership_id, ids, today)
    return [
        _facts(home, action, plan, priority, date_rule, around)
        for home, action, plan, priority, date_rule in rows
    ]


class _Around:
    """What stands around a set of actions: one query for each kind of thing."""

    def __init__(
        self, session: Session, partnership_id: int, ids: Sequence[int], today: date
    ) -> None:
        self.deadlines: dict[tuple[int, int | None], list[Deadline]] = defaultdict(list)
        for deadline in session.scalars(
            select(Deadline)
            .where(Deadline.partnership_id == partnership_id, Deadline.action_id.in_(ids))
            .order_by(Deadline.number)
        ):
            self.deadlines[deadline.action_id, deadline.milestone_id].append(deadline)
        self.milestones: dict[int, list[Milestone]] = defaultdict(list)
        for milestone in session.scalars(
            select(Milestone)
            .where(Milestone.partnership_id == partnership_id, Milestone.action_id.in_(ids))
            .order_by(Milestone.position, Milestone.id)
        ):
            self.milestones[milestone.action_id].append(milestone)
        self.parties: dict[tuple[int, PartyRole], list[str]] = defaultdict(list)
        for action_id, role, name in session.execute(
            select(
                ActionParty.action_id,
                ActionParty.role,
                func.coalesce(Organisation.name, Board.name, Person.name),
            )
            .outerjoin(Organisation, Organisation.id == ActionParty.organisation_id)
            .outerjoin(Board, Board.id == ActionParty.board_id)
            .outerjoin(Person, Person.id == ActionParty.person_id)
            .where(ActionParty.partnership_id == partnership_id, ActionParty.action_id.in_(ids))
            .order_by(ActionParty.position, ActionParty.id)
        ):
            self.parties[action_id, role].append(name)
        self.owners: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for action_id, person_id, name in session.execute(
            select(Owner.action_id, Person.id, Person.name)
            .join(Person, Person.id == Owner.person_id)
            .where(
                Owner.partnership_id == partnership_id,
                Owner.action_id.in_(ids),
                _on_that_day(today),
            )
            .order_by(Person.name, Person.id)
        ):
            self.owners[action_id].append((person_id, name))
        self.ambitions: dict[int, list[str]] = defaultdict(list)
        for action_id, name in session.execute(
            select(ActionAmbition.action_id, Ambition.name)
            .join(Ambition, Ambition.id == ActionAmbition.ambition_id)
            .where(
                ActionAmbition.partnership_id == partnership_id,
                ActionAmbition.action_id.in_(ids),
            )
            .order_by(Ambition.position, Ambition.id)
        ):
            self.ambitions[action_id].append(name)
        self.last: dict[int, EntryFacts] = {}
        for progress, name in session.execute(
            select(Progress, Person.name)
            .join(Person, Person.id == Progress.person_id)
            .join(
                Action,
                and_(Action.id == Progress.action_id, Action.last_entry_number == Progress.number),
            )
            .where(Progress.partnership_id == partnership_id, Progress.action_id.in_(ids))
        ):
            self.last[progress.action_id] = _entry(progress, name)
        self.asked = set(
            session.scalars(
                select(Ask.action_id).where(
                    Ask.partnership_id == partnership_id,
                    Ask.action_id.in_(ids),
                    Ask.answered_at.is_(None),
                    Ask.closed_at.is_(None),
                )
            )
        )


def _on_that_day(today: date) -> ColumnElement[bool]:
    return and_(Owner.from_on <= today, or_(Owner.to_on.is_(None), Owner.to_on >= today))


def _facts(
    home: ActionHome,
    action: Action,
    plan: Plan,
    priority: Priority | None,
    date_rule: DateRule,
    around: _Around,
) -> ActionFacts:
    owners = around.owners[action.id]
    return ActionFacts(
        action_id=action.id,
        uid=str(action.uid),
        number=action.number,
        reference=home.reference,
        position=home.position,
        title=home.wording or action.title,
        description=action.description,
        measure=action.measure,
        plan_id=plan.id,
        plan_slug=plan.slug,
        plan_title=plan.full_title,
        priority_number=priority.number if priority else None,
        priority_title=priority.title if priority else None,
        is_commitment=action.kind is ActionKind.COMMITMENT,
        lifecycle=action.lifecycle,
        owner_rating=action.owner_rating,
        on_hold_until=action.on_hold_until,
        is_confirmed=action.completion_confirmed_at is not None,
        deadline=deadline_facts(around.deadlines[action.id, None]),
        followed_from_on=action.followed_from_on,
        date_rule=date_rule,
        leads=tuple(around.parties[action.id, PartyRole.LEAD]),
        involved=tuple(around.parties[action.id, PartyRole.INVOLVED]),
        owners=tuple(name for _, name in owners),
        owner_ids=frozenset(person_id for person_id, _ in owners),
        ambitions=tuple(around.ambitions[action.id]),
        milestones=tuple(
            MilestoneFacts(
                uid=str(milestone.uid),
                title=milestone.title,
                deadline=deadline_facts(around.deadlines[action.id, milestone.id]),
                done_on=milestone.done_on,
            )
            for milestone in around.milestones[action.id]
        ),
        last_entry=around.last.get(action.id),
        last_entry_at=action.last_entry_at,
        last_ask_closed_at=action.last_ask_closed_at,
        is_asked=action.id in around.asked,
        source_note=action.source_note,
    )


def deadline_facts(history: Sequence[Deadline]) -> DeadlineFacts:
    """The current deadline of a history (oldest first), with how far it slipped."""
    if not history:
        return DeadlineFacts(words="no date")
    first, current = history[0], history[-1]
    slipped = 0
    if first.last_on and current.last_on:
        slipped = (current.last_on - first.last_on).days
    return DeadlineFacts(
        words=current.in_words(),
        relation=current.relation,
        first_on=current.first_on,
        last_on=current.last_on,
        original_words=first.in_words() if len(history) > 1 else None,
        slippage_days=slipped,
        changes=len(history) - 1,
        reason=current.reason,
    )


def _entry(progress: Progress, name: str) -> EntryFacts:
    return EntryFacts(
        number=progress.number,
        entered_at=progress.entered_at,
        person=name,
        lifecycle=progress.lifecycle,
        rating=progress.rating,
        is_no_change=progress.is_no_change,
        happened=progress.happened,
        cause=progress.cause,
        recovery=progress.recovery,
        forecast_on=progress.forecast_on,
        help_needed=progress.help_needed,
        evidence=progress.evidence,
        next_step=progress.next_step,
        next_step_on=progress.next_step_on,
    )
