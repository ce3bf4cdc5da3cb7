"""Reading proposals: for their pages, and for the page of the action that they are about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from actions.answerers import answerers
from actions.deadline_models import Deadline
from actions.link_queries import links_of as links_of
from actions.link_queries import reference_of
from actions.models import Action, ActionHome
from actions.proposal_models import Proposal, ProposalKind, ProposalStatus
from actions.proposed import ProposalFacts
from plans.models import Plan
from priorities.models import Priority, PriorityLead
from tracker.people.board_models import Board
from tracker.people.models import Person

PAGE = 25  # rows of a page of the list


def proposals_about(
    session: Session, partnership_id: int, action_id: int, *, most: int = 5
) -> list[ProposalFacts]:
    """The proposals about an action: those that wait, then the newest decided; one query."""
    rows = session.execute(
        _described(partnership_id)
        .where(Proposal.action_id == action_id)
        .order_by(Proposal.status != ProposalStatus.WAITING, Proposal.id.desc())
        .limit(most)
    ).all()
    return [_facts(row) for row in rows]


def proposal_by_uid(
    session: Session, partnership_id: int, uid: UUID
) -> tuple[Proposal, ProposalFacts] | None:
    """One proposal, as a row and in words; one query."""
    row = session.execute(_described(partnership_id).where(Proposal.uid == uid)).one_or_none()
    return None if row is None else (row.Proposal, _facts(row))


def waiting(
    session: Session,
    partnership_id: int,
    *,
    plan_ids: Collection[int] = (),
    priority_ids: Collection[int] = (),
    after: tuple[bool, int] | None = None,
    most: int = PAGE,
) -> list[ProposalFacts]:
    """The proposals that wait, those first that stand in these plans or priorities, then oldest.

    ``plan_ids`` are those that the viewer's boards review as chair, ``priority_ids`` those that
    the viewer leads; ``after`` is what the last row of the page before had (is_mine, id).
    """
    # A number, not a truth: PostgreSQL and SQLite must sort by it alike.
    is_mine = case((_stands_in(partnership_id, plan_ids, priority_ids), 1), else_=0)
    chosen = (
        _described(partnership_id)
        .add_columns(is_mine.label("is_mine"))
        .where(Proposal.status == ProposalStatus.WAITING)
        .order_by(is_mine.desc(), Proposal.id)
        .limit(most)
    )
    if after is not None:
        was_mine, last_id = after
        later = and_(is_mine == int(was_mine), Proposal.id > last_id)
        chosen = chosen.where(or_(later, is_mine == 0) if was_mine else later)
    return [_facts(row, is_mine=bool(row.is_mine)) for row in session.execute(chosen)]


def decided(
    session: Session, partnership_id: int, *, before: int | None = None, most: int = PAGE
) -> list[ProposalFacts]:
    """The proposals that were agreed, returned or withdrawn, the newest first.

    ``before`` is the id of the last row of the page before.
    """
    chosen = (
        _described(partnership_id)
        .where(Proposal.status != ProposalStatus.WAITING)
        .order_by(Proposal.id.desc())
        .limit(most)
    )
    if before is not None:
        chosen = chosen.where(Proposal.id < before)
    return [_facts(row) for row in session.execute(chosen)]


def waiting_of(
    session: Session, partnership_id: int, action_id: int, kind: ProposalKind
) -> Proposal | None:
    """The proposal of this kind about an action that waits; there is one at most."""
    return session.scalar(
        select(Proposal).where(
            Proposal.partnership_id == partnership_id,
            Proposal.action_id == action_id,
            Proposal.kind == kind,
            Proposal.status == ProposalStatus.WAITING,
        )
    )


def answers_in_plan(
    session: Session, partnership_id: int, plan_id: int, person_id: int, today: date
) -> bool:
    """Whether a person may answer about any action that stands in a plan today."""
    each = answerers([partnership_id], today).subquery()
    return (
        session.scalar(
            select(ActionHome.id)
            .join(each, each.c.action_id == ActionHome.action_id)
            .where(
                ActionHome.partnership_id == partnership_id,
                ActionHome.plan_id == plan_id,
                ActionHome.ended_on.is_(None),
                each.c.person_id == person_id,
            )
            .limit(1)
        )
        is not None
    )


def led_priority_ids(
    session: Session,
    partnership_id: int,
    today: date,
    *,
    person_id: int,
) -> frozenset[int]:
    """The priorities that a person leads today."""
    return frozenset(
        session.scalars(
            select(PriorityLead.priority_id).where(
                PriorityLead.partnership_id == partnership_id,
                PriorityLead.person_id == person_id,
                *_on(today),
            )
        )
    )


def leads_of_plan(
    session: Session, partnership_id: int, plan_id: int, today: date, priority_id: int | None = None
) -> frozenset[int]:
    """The people who lead a plan's priorities today, or one of them."""
    chosen = (
        select(PriorityLead.person_id)
        .join(Priority, Priority.id == PriorityLead.priority_id)
        .where(
            PriorityLead.partnership_id == partnership_id,
            Priority.partnership_id == partnership_id,
            Priority.plan_id == plan_id,
            *_on(today),
        )
    )
    if priority_id is not None:
        chosen = chosen.where(Priority.id == priority_id)
    return frozenset(session.scalars(chosen))


def _on(today: date) -> Sequence[ColumnElement[bool]]:
    return (
        PriorityLead.from_on <= today,
        or_(PriorityLead.to_on.is_(None), PriorityLead.to_on >= today),
    )


def _stands_in(
    partnership_id: int, plan_ids: Collection[int], priority_ids: Collection[int]
) -> ColumnElement[bool]:
    """Whether a proposal's action, or the one it would make, is of these plans or priorities."""
    if not plan_ids and not priority_ids:
        return false()
    plans, priorities = list(plan_ids), list(priority_ids)
    return or_(
        func.coalesce(Proposal.plan_id.in_(plans), False),
        func.coalesce(Proposal.priority_id.in_(priorities), False),
        exists().where(
            ActionHome.partnership_id == partnership_id,
            ActionHome.action_id == Proposal.action_id,
            ActionHome.ended_on.is_(None),
            or_(ActionHome.plan_id.in_(plans), ActionHome.priority_id.in_(priorities)),
        ),
    )


def _described(partnership_id: int) -> Select[*tuple[Any, ...]]:
    recorder = aliased(Person)
    return (
        select(
            Proposal,
            Person.name.label("proposed_by"),
            Action.number.label("number"),
            Action.title.label("action_title"),
            reference_of(partnership_id, Action.id).label("reference"),
            Plan,
            Priority,
            Deadline,
            Board.name.label("board"),
            recorder.name.label("recorded_by"),
        )
        .join(Person, Person.id == Proposal.proposed_by_id)
        .outerjoin(Action, Action.id == Proposal.action_id)
        .outerjoin(Plan, Plan.id == Proposal.plan_id)
        .outerjoin(Priority, Priority.id == Proposal.priority_id)
        .outerjoin(
            Deadline,
            and_(
                Deadline.partnership_id == Proposal.partnership_id,
                Deadline.action_id == Proposal.action_id,
                Deadline.milestone_id.is_(None),
                Deadline.is_current,
            ),
        )
        .outerjoin(Board, Board.id == Proposal.board_id)
        .outerjoin(recorder, recorder.id == Proposal.recorded_by_id)
        .where(Proposal.partnership_id == partnership_id)
    )


def _facts(row: Row[Any], *, is_mine: bool = False) -> ProposalFacts:
    one, plan, priority, deadline = row.Proposal, row.Plan, row.Priority, row.Deadline
    return ProposalFacts(
        id=one.id,
        uid=one.uid,
        version=one.version,
        kind=one.kind,
        status=one.status,
        title=one.title or row.action_title,
        reason=one.reason,
        proposed_by=row.proposed_by,
        proposed_by_id=one.proposed_by_id,
        proposed_at=one.proposed_at,
        number=row.number,
        reference=row.reference,
        plan_title=plan.full_title if plan is not None else None,
        plan_slug=plan.slug if plan is not None else None,
        priority=f"{priority.number} {priority.title}" if priority is not None else None,
        description=one.description,
        deadline=one.deadline,
        present=None if one.action_id is None else deadline.in_words() if deadline else "no date",
        decided_at=one.decided_at,
        decided_by=one.decided_by,
        decided_as=one.decided_as.value if one.decided_as else None,
        board=row.board,
        recorded_by=row.recorded_by,
        decision_words=one.decision_words,
        is_mine=is_mine,
    )
