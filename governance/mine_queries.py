"""Reading what surrounds a list of actions: its filters' choices, and what meetings asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    bindparam,
    exists,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from actions.list_queries import Scope
from actions.list_terms import Tenants, tenant_values
from actions.models import ActionAmbition, ActionHome, ActionParty
from governance.log_models import MeetingAction, MeetingActionStatus
from governance.models import Meeting, MeetingStatus, ReviewCycle, ReviewCyclePlan
from plans.models import Ambition, Plan
from priorities.models import Priority
from tracker.people.board_models import Board
from tracker.people.models import Organisation, Partnership

PLAN, PRIORITY, BOARD, ORGANISATION, AMBITION = (
    "plan",
    "priority",
    "board",
    "organisation",
    "ambition",
)


@dataclass(frozen=True)
class Found:
    """One thing by which a list can be filtered, as it was read.

    ``plan_id`` is the plan of a priority, and one of the plans that a board reviews.
    """

    kind: str
    partnership_id: int
    id: int
    key: str
    name: str
    plan_id: int | None


def choices(session: Session, scope: Scope, today: date) -> list[Found]:
    """What the actions of a list can be filtered by, in order; one query."""
    if not scope.partnership_ids:
        return []
    statement = _choices(len(scope.partnership_ids), scope.person_id is not None)
    values = {"today": today, "person": scope.person_id}
    rows = session.execute(statement, values | tenant_values(scope.partnership_ids)).all()
    return [
        Found(kind, partnership_id, key, slug, f"{name} {more}" if more else name, plan_id)
        for kind, partnership_id, key, slug, name, more, plan_id, position in sorted(
            rows, key=lambda row: (row[0], row[7], row[4], row[2])
        )
    ]


@lru_cache(maxsize=64)
def _choices(number: int, is_own: bool) -> CompoundSelect[Any]:
    tenants = Tenants(number)
    own = tenants.answerable().cte("own") if is_own else None

    def of_list(
        key: InstrumentedAttribute[int], column: InstrumentedAttribute[Any]
    ) -> ColumnElement[bool]:
        """Whether the actions of the list have this key in that column."""
        table = column.class_
        if own is None:
            return exists().where(tenants.own(table.partnership_id), column == key)
        return key.in_(
            select(column).where(
                tenants.own(table.partnership_id), table.action_id.in_(select(own.c[0]))
            )
        )

    return union_all(
        select(
            literal(PLAN),
            Plan.partnership_id,
            Plan.id,
            Plan.slug,
            Plan.title,
            Plan.period_printed,
            Plan.id,
            literal(0),
        ).where(tenants.own(Plan.partnership_id), of_list(Plan.id, ActionHome.plan_id)),
        select(
            literal(PRIORITY),
            Priority.partnership_id,
            Priority.id,
            Plan.slug + "." + Priority.number,
            Priority.number,
            Priority.title,
            Plan.id,
            Priority.position,
        )
        .join(Plan, Plan.id == Priority.plan_id)
        .where(
            tenants.own(Priority.partnership_id),
            of_list(Priority.id, ActionHome.priority_id),
        ),
        select(
            literal(BOARD),
            Board.partnership_id,
            Board.id,
            Board.slug,
            Board.name,
            null(),
            ReviewCyclePlan.plan_id,
            literal(0),
        )
        .join(ReviewCycle, ReviewCycle.board_id == Board.id)
        .join(ReviewCyclePlan, ReviewCyclePlan.cycle_id == ReviewCycle.id)
        .where(
            tenants.own(Board.partnership_id), of_list(ReviewCyclePlan.plan_id, ActionHome.plan_id)
        ),
        select(
            literal(ORGANISATION),
            Organisation.partnership_id,
            Organisation.id,
            Organisation.slug,
            Organisation.name,
            null(),
            null(),
            literal(0),
        ).where(
            tenants.own(Organisation.partnership_id),
            of_list(Organisation.id, ActionParty.organisation_id),
        ),
        select(
            literal(AMBITION),
            Ambition.partnership_id,
            Ambition.id,
            Ambition.slug,
            Ambition.name,
            null(),
            null(),
            Ambition.position,
        ).where(
            tenants.own(Ambition.partnership_id),
            of_list(Ambition.id, ActionAmbition.ambition_id),
        ),
    )


@dataclass(frozen=True)
class Task:
    """A meeting action of somebody that is open."""

    partnership_id: int
    partnership: str
    uid: UUID
    reference: str
    what: str
    due_on: date | None
    board_slug: str
    board: str


@dataclass(frozen=True)
class Coming:
    """The next meeting of a board."""

    partnership: str
    board_slug: str
    board: str
    occurrence_on: date
    starts_at: datetime


def diary(
    session: Session,
    partnership_ids: Sequence[int],
    person_id: int,
    board_ids: Iterable[int],
    now: datetime,
) -> tuple[list[Task], list[Coming]]:
    """Somebody's open meeting actions, and the next planned meeting of their boards; one query."""
    if not partnership_ids:
        return [], []
    values = {"person": person_id, "now": now, "boards": list(board_ids)}
    rows = session.execute(
        _diary(len(partnership_ids)), values | tenant_values(partnership_ids)
    ).all()
    tasks = [
        Task(row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8])
        for row in rows
        if row[0] == "task"
    ]
    coming: dict[tuple[int, str], Coming] = {}
    for row in sorted((row for row in rows if row[0] == "meeting"), key=lambda row: row[9]):
        coming.setdefault((row[1], row[7]), Coming(row[2], row[7], row[8], row[6], row[9]))
    tasks.sort(key=lambda one: (one.due_on or date.max, one.reference))
    return tasks, list(coming.values())


@lru_cache(maxsize=64)
def _diary(number: int) -> CompoundSelect[Any]:
    tenants = Tenants(number)
    tasks = (
        select(
            literal("task"),
            MeetingAction.partnership_id,
            Partnership.slug,
            MeetingAction.uid,
            MeetingAction.reference,
            MeetingAction.what,
            MeetingAction.due_on,
            Board.slug,
            Board.name,
            null(),
        )
        .join(Board, Board.id == MeetingAction.board_id)
        .join(Partnership, Partnership.id == MeetingAction.partnership_id)
        .where(
            tenants.own(MeetingAction.partnership_id),
            MeetingAction.person_id == bindparam("person"),
            MeetingAction.status == MeetingActionStatus.OPEN,
        )
    )
    return union_all(
        select(
            literal("meeting"),
            Meeting.partnership_id,
            Partnership.slug,
            Meeting.uid,
            literal(""),
            literal(""),
            Meeting.occurrence_on,
            Board.slug,
            Board.name,
            Meeting.starts_at,
        )
        .join(Board, Board.id == Meeting.board_id)
        .join(Partnership, Partnership.id == Meeting.partnership_id)
        .where(
            tenants.own(Meeting.partnership_id),
            Meeting.board_id.in_(bindparam("boards", expanding=True)),
            Meeting.starts_at > bindparam("now", type_=Meeting.starts_at.type),
            Meeting.status == MeetingStatus.PLANNED,
        ),
        tasks,
    )


def meeting_action_by_uid(
    session: Session, partnership_id: int, uid: UUID
) -> tuple[MeetingAction, Board] | None:
    """A meeting action by its uid, with its board."""
    row = session.execute(
        select(MeetingAction, Board)
        .join(Board, Board.id == MeetingAction.board_id)
        .where(MeetingAction.partnership_id == partnership_id, MeetingAction.uid == uid)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def tasks_by_uid(
    session: Session, partnership_ids: Sequence[int], uids: Iterable[UUID]
) -> dict[UUID, tuple[MeetingAction, Board]]:
    """Meeting actions of these partnerships by their uids, each with its board; one query."""
    rows = session.execute(
        select(MeetingAction, Board)
        .join(Board, Board.id == MeetingAction.board_id)
        .where(
            MeetingAction.partnership_id.in_(list(partnership_ids)),
            MeetingAction.uid.in_(list(uids)),
        )
    )
    return {action.uid: (action, board) for action, board in rows}
