"""Reading what actions hang together with: others that they went into, offers to boards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Integer,
    Row,
    ScalarSelect,
    SQLColumnExpression,
    String,
    cast,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from actions.models import Action, ActionHome
from actions.proposal_models import ActionLink, Handover, ProposalStatus
from actions.proposed import HandoverFacts, LinkFacts, Links, OfferFacts
from plans.models import Plan
from priorities.models import Priority
from tracker.edges.db import UtcDateTime
from tracker.people.board_models import Board
from tracker.people.models import Person


def handover_by_uid(
    session: Session, partnership_id: int, uid: UUID
) -> tuple[Handover, HandoverFacts] | None:
    """One handover, as a row and in words; one query."""
    before, decider = aliased(Plan), aliased(Person)
    row = session.execute(
        select(
            Handover,
            Action,
            ActionHome.reference,
            before,
            Plan,
            Priority,
            Board.name.label("board"),
            Person.name.label("offered_by"),
            decider.name.label("decided_by"),
        )
        .join(Action, Action.id == Handover.action_id)
        .join(ActionHome, ActionHome.id == Handover.from_home_id)
        .join(before, before.id == ActionHome.plan_id)
        .join(Plan, Plan.id == Handover.to_plan_id)
        .outerjoin(Priority, Priority.id == Handover.to_priority_id)
        .join(Board, Board.id == Handover.to_board_id)
        .join(Person, Person.id == Handover.offered_by_id)
        .outerjoin(decider, decider.id == Handover.decided_by_id)
        .where(Handover.partnership_id == partnership_id, Handover.uid == uid)
    ).one_or_none()
    if row is None:
        return None
    handover, action, reference, plan, to_plan, priority, board, offered_by, decided_by = row
    return handover, HandoverFacts(
        number=action.number,
        reference=reference,
        title=action.title,
        plan_title=plan.full_title,
        board=board,
        to_plan_title=to_plan.full_title,
        to_plan_slug=to_plan.slug,
        to_priority=(
            f"{priority.number} {priority.title}" if handover.to_priority_id is not None else None
        ),
        status=handover.status,
        reason=handover.reason,
        offered_by=offered_by,
        offered_at=handover.offered_at,
        decided_by=decided_by,
        decided_at=handover.decided_at,
        decision_words=handover.decision_words,
        version=handover.version,
    )


def offer_of(session: Session, partnership_id: int, action_id: int) -> Handover | None:
    """The handover of an action that waits; there is one at most."""
    return session.scalar(
        select(Handover).where(
            Handover.partnership_id == partnership_id,
            Handover.action_id == action_id,
            Handover.status == ProposalStatus.WAITING,
        )
    )


def links_of(session: Session, partnership_id: int, action_id: int) -> Links:
    """The actions that this one is linked with, both ways, and its offer that waits; one query."""
    to_other, from_other = aliased(Action), aliased(Action)
    onward = (
        select(
            type_coerce(ActionLink.kind, String).label("what"),
            literal(True).label("is_onward"),
            to_other.number.label("number"),
            reference_of(partnership_id, to_other.id).label("reference"),
            to_other.title.label("title"),
            ActionLink.reason.label("reason"),
            type_coerce(ActionLink.made_at, UtcDateTime).label("at"),
            cast(null(), Handover.uid.type).label("uid"),
            cast(null(), String).label("who"),
        )
        .join(to_other, to_other.id == ActionLink.other_action_id)
        .where(ActionLink.partnership_id == partnership_id, ActionLink.action_id == action_id)
    )
    back = (
        select(
            type_coerce(ActionLink.kind, String),
            literal(False),
            from_other.number,
            reference_of(partnership_id, from_other.id),
            from_other.title,
            ActionLink.reason,
            type_coerce(ActionLink.made_at, UtcDateTime),
            cast(null(), Handover.uid.type),
            cast(null(), String),
        )
        .join(from_other, from_other.id == ActionLink.action_id)
        .where(ActionLink.partnership_id == partnership_id, ActionLink.other_action_id == action_id)
    )
    offered = (
        select(
            literal("offered"),
            literal(True),
            type_coerce(literal(0), Integer),
            cast(null(), String),
            Board.name,
            Handover.reason,
            type_coerce(Handover.offered_at, UtcDateTime),
            Handover.uid,
            Person.name,
        )
        .join(Board, Board.id == Handover.to_board_id)
        .join(Person, Person.id == Handover.offered_by_id)
        .where(
            Handover.partnership_id == partnership_id,
            Handover.action_id == action_id,
            Handover.status == ProposalStatus.WAITING,
        )
    )
    links: list[LinkFacts] = []
    offer = None
    rows: Sequence[Row[Any]] = session.execute(union_all(onward, back, offered)).all()
    for row in rows:
        if row.what == "offered":
            offer = OfferFacts(row.uid, row.title, row.reason, row.who, row.at)
        else:
            words = row.what if row.is_onward else row.what.replace(" into", " from")
            links.append(
                LinkFacts(
                    words.capitalize(), row.number, row.reference, row.title, row.reason, row.at
                )
            )
    return Links(tuple(sorted(links, key=lambda link: (link.made_at, link.number))), offer)


def reference_of(partnership_id: int, action_id: SQLColumnExpression[int]) -> ScalarSelect[str]:
    """The number by which plans print an action: of a place where it still stands, if any."""
    home = aliased(ActionHome)
    return (
        select(home.reference)
        .where(home.partnership_id == partnership_id, home.action_id == action_id)
        .order_by(home.ended_on.is_not(None), home.id)
        .limit(1)
        .scalar_subquery()
    )
