"""Where an action can go: the priorities of plans that have not ended, and other open actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.models import Action, ActionHome
from plans.decisions import ENDED
from plans.models import Plan
from priorities.models import Priority
from tracker.edges.db import key_of
from tracker.kernel.rag import Lifecycle


@dataclass(frozen=True)
class Place:
    """A priority of a plan, or (None) the plan under no priority."""

    plan: Plan
    priority: Priority | None

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.plan.id}-{self.priority.id if self.priority is not None else 0}"

    @property
    def words(self) -> str:
        """ "Children’s Plan 2026-27, priority 1: Children are safe"."""
        if self.priority is None:
            return f"{self.plan.full_title}, under no priority"
        return f"{self.plan.full_title}, {self.priority_words}"

    @property
    def priority_words(self) -> str:
        """ "priority 1: Children are safe", for where the plan is known."""
        if self.priority is None:
            return "under no priority"
        return f"priority {self.priority.number}: {self.priority.title}"


def places(session: Session, partnership_id: int) -> list[Place]:
    """Every place where an action can stand: plans that have not ended, the newest first."""
    rows: Any = session.execute(
        select(Plan, Priority)
        .outerjoin(Priority, Priority.plan_id == Plan.id)
        .where(Plan.partnership_id == partnership_id, Plan.status.not_in(ENDED))
        .order_by(Plan.starts_on.desc(), Plan.title, Plan.id, Priority.position, Priority.id)
    ).all()
    found: list[Place] = []
    for _, its_rows in groupby(rows, key=lambda row: row[0].id):
        its = list(its_rows)
        found += [Place(plan, priority) for plan, priority in its if priority is not None]
        found.append(Place(its[0][0], None))
    return found


@dataclass(frozen=True)
class Candidate:
    """An open action that another could become part of, as one place prints it."""

    action_id: int
    reference: str
    title: str
    plan_title: str

    @property
    def words(self) -> str:
        """ "1.2 Open a hub (Children’s Plan 2026-27)"."""
        return f"{self.reference} {self.title} ({self.plan_title})"


def candidates(session: Session, partnership_id: int) -> list[Candidate]:
    """The open actions of plans that have not ended, in the order of their plans."""
    return [
        Candidate(action_id, reference, wording or title, plan.full_title)
        for action_id, title, reference, wording, plan in session.execute(
            select(Action.id, Action.title, ActionHome.reference, ActionHome.wording, Plan)
            .join(ActionHome, ActionHome.action_id == Action.id)
            .join(Plan, Plan.id == ActionHome.plan_id)
            .where(
                Action.partnership_id == partnership_id,
                Action.lifecycle.in_([Lifecycle.NOT_STARTED, Lifecycle.IN_PROGRESS]),
                ActionHome.ended_on.is_(None),
                Plan.status.not_in(ENDED),
            )
            .order_by(Plan.starts_on.desc(), Plan.id, ActionHome.position, ActionHome.id)
        )
    ]


def choose(among: Sequence[Candidate], text: str) -> Candidate:
    """The action that somebody typed or picked: its whole line, or its reference alone.

    Raises ValueError in plain words when it is none of them, or several.
    """
    wanted = key_of(text)
    exact = [one for one in among if key_of(one.words) == wanted]
    found = exact or [one for one in among if key_of(one.reference) == wanted]
    if len({one.action_id for one in found}) > 1:
        raise ValueError(f"There are several actions {text[:20]}: choose one from the list")
    if not found:
        raise ValueError(
            f"We know no open action “{text[:60]}”. Choose one from the list, or give its number"
            " as the plan prints it"
        )
    return found[0]
