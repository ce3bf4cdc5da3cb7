"""The facts of actions, read together: three queries, however many actions there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from actions.answer_models import Agreement
from actions.ask_models import Ask
from actions.deadline_models import Deadline
from actions.models import (
    Action,
    ActionHome,
    ActionKind,
    Milestone,
    Progress,
)
from actions.names import AMBITION, OWNER, Names, names_around
from actions.proposal_models import Proposal, ProposalKind, ProposalStatus
from actions.rules import ActionFacts, DeadlineFacts, MilestoneFacts
from actions.said import AgreementFacts, EntryFacts
from plans.models import Plan
from priorities.models import Priority
from tracker.kernel.rag import DateRule
from tracker.people.models import Partnership, PartyRole, Person


def facts(
    session: Session,
    partnership_id: int,
    today: date,
    *,
    plan_ids: Iterable[int] | None = None,
    action_ids: Iterable[int] | None = None,
) -> list[ActionFacts]:
    """The facts of actions, in the order of their plans; one per home that an action has."""
    current, first = aliased(Deadline, name="current"), aliased(Deadline, name="first")
    chosen = (
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
            _is_asked(partnership_id).label("is_asked"),
            Agreement,
            _proposed(partnership_id).label("proposed"),
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
        .where(ActionHome.partnership_id == partnership_id)
        .order_by(Plan.starts_on, Plan.id, ActionHome.position, ActionHome.id)
    )
    if plan_ids is not None:
        chosen = chosen.where(ActionHome.plan_id.in_(list(plan_ids)))
    if action_ids is not None:
        chosen = chosen.where(ActionHome.action_id.in_(list(action_ids)))
    rows = session.execute(chosen).all()
    ids = sorted({row.Action.id for row in rows})
    milestones = _milestones(session, partnership_id, ids)
    names = names_around(session, partnership_id, ids, today)
    return [
        build(
            row.ActionHome,
            row.Action,
            row.Plan,
            row.Priority,
            names=names[row.Action.id],
            milestones=tuple(milestones[row.Action.id]),
            deadline=replace(_between(row.first, row.current), proposed_words=row.proposed),
            last_entry=_last(row.Progress, row.signed_by, row.cleared_by),
            date_rule=row.date_rule,
            is_asked=row.is_asked,
            agreement=_agreement(row.Agreement),
        )
        for row in rows
    ]


_cleared_by = aliased(Person)


def _is_asked(partnership_id: int) -> ColumnElement[bool]:
    return exists().where(
        Ask.partnership_id == partnership_id,
        Ask.action_id == Action.id,
        Ask.answered_at.is_(None),
        Ask.closed_at.is_(None),
    )


def _proposed(partnership_id: int) -> ScalarSelect[str | None]:
    """The deadline that was proposed for an action and waits for agreement, in words."""
    return (
        select(Proposal.deadline)
        .where(
            Proposal.partnership_id == partnership_id,
            Proposal.action_id == Action.id,
            Proposal.kind == ProposalKind.DEADLINE,
            Proposal.status == ProposalStatus.WAITING,
        )
        .limit(1)
        .scalar_subquery()
    )


def _milestones(
    session: Session, partnership_id: int, ids: Sequence[int]
) -> dict[int, list[MilestoneFacts]]:
    current, first = aliased(Deadline), aliased(Deadline)
    found: dict[int, list[MilestoneFacts]] = defaultdict(list)
    for milestone, original, now in session.execute(
        select(Milestone, first, current)
        .outerjoin(first, and_(first.milestone_id == Milestone.id, first.number == 1))
        .outerjoin(current, and_(current.milestone_id == Milestone.id, current.is_current))
        .where(Milestone.partnership_id == partnership_id, Milestone.action_id.in_(ids))
        .order_by(Milestone.position, Milestone.id)
    ):
        found[milestone.action_id].append(
            MilestoneFacts(
                uid=str(milestone.uid),
                title=milestone.title,
                deadline=_between(original, now),
                done_on=milestone.done_on,
            )
        )
    return found


def build(
    home: ActionHome,
    action: Action,
    plan: Plan,
    priority: Priority | None,
    *,
    names: Names,
    milestones: tuple[MilestoneFacts, ...],
    deadline: DeadlineFacts,
    last_entry: EntryFacts | None,
    date_rule: DateRule,
    is_asked: bool,
    agreement: AgreementFacts | None,
) -> ActionFacts:
    """The facts of an action in one of its homes, from its rows as they are, or as they were."""
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
        priority_number=priority.number if priority is not None else None,
        priority_title=priority.title if priority is not None else None,
        is_commitment=action.kind is ActionKind.COMMITMENT,
        lifecycle=action.lifecycle,
        owner_rating=action.owner_rating,
        on_hold_until=action.on_hold_until,
        is_confirmed=action.completion_confirmed_at is not None,
        deadline=deadline,
        followed_from_on=action.followed_from_on,
        date_rule=date_rule,
        leads=tuple(names.by_kind[PartyRole.LEAD]),
        involved=tuple(names.by_kind[PartyRole.INVOLVED]),
        owners=tuple(names.by_kind[OWNER]),
        owner_ids=frozenset(names.owner_ids),
        ambitions=tuple(names.by_kind[AMBITION]),
        milestones=milestones,
        last_entry=last_entry,
        last_entry_at=action.last_entry_at,
        last_ask_closed_at=action.last_ask_closed_at,
        is_asked=is_asked,
        agreement=agreement,
        ended_on=home.ended_on,
        ending_words=_ending(home),
        on_hold_reason=action.on_hold_reason,
        source_note=action.source_note,
    )


def _between(first: Deadline | None, current: Deadline | None) -> DeadlineFacts:
    return deadline_facts([one for one in (first, current) if one is not None])


def _last(progress: Progress | None, who: str | None, cleared: str | None) -> EntryFacts | None:
    return None if progress is None else entry_facts(progress, who or "", cleared)


def _agreement(row: Agreement | None) -> AgreementFacts | None:
    return None if row is None else AgreementFacts(row.agreed_by, row.agreed_as, row.agreed_at)


def _ending(home: ActionHome) -> str | None:
    return home.ending.value.capitalize() if home.ending is not None else None


def deadline_facts(history: Sequence[Deadline]) -> DeadlineFacts:
    """A deadline, with how far it slipped, from its original and its current one.

    ``history`` is oldest first; what lies between its ends may be left out.
    """
    if not history:
        return DeadlineFacts(words="no date")
    first, current = history[0], history[-1]
    slipped = 0
    if first.last_on and current.last_on:
        slipped = (current.last_on - first.last_on).days
    changes = current.number - first.number
    return DeadlineFacts(
        words=current.in_words(),
        relation=current.relation,
        first_on=current.first_on,
        last_on=current.last_on,
        original_words=first.in_words() if changes else None,
        slippage_days=slipped,
        changes=changes,
        reason=current.reason,
        number=current.number,
    )


def entry_facts(progress: Progress, name: str, cleared_by: str | None = None) -> EntryFacts:
    """A progress entry as it was signed, with its signer's name, and who cleared it."""
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
        better_reason=progress.better_reason,
        given_by=progress.given_by,
        given_how=progress.given_how,
        cleared_by=cleared_by,
        is_reopening=progress.is_reopening,
    )
