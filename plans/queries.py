"""Reading plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from plans.models import Plan, PlanLink, PlanLinkKind, PlanReview


@dataclass(frozen=True)
class LinkFacts:
    """A plan that another hangs together with; ``slug`` is None for one known by title only."""

    kind: PlanLinkKind
    title: str
    slug: str | None = None


@dataclass(frozen=True)
class PlanAround:
    """A plan with what hangs on it: other plans, and the dated reviews that it promises."""

    plan: Plan
    links: tuple[LinkFacts, ...] = ()
    reviews: tuple[PlanReview, ...] = ()


def plans_of(session: Session, partnership_id: int) -> Sequence[Plan]:
    """A partnership's plans, the newest first."""
    return session.scalars(
        select(Plan)
        .where(Plan.partnership_id == partnership_id)
        .order_by(Plan.starts_on.desc(), Plan.title, Plan.id)
    ).all()


def plan_by_slug(session: Session, partnership_id: int, slug: str) -> Plan | None:
    """One plan by its slug."""
    return session.scalar(
        select(Plan).where(Plan.partnership_id == partnership_id, Plan.slug == slug)
    )


def plan_around(session: Session, partnership_id: int, slug: str) -> PlanAround | None:
    """One plan by its slug with its links and reviews; one query, for both are few."""
    other = aliased(Plan)
    rows = session.execute(
        select(Plan, PlanLink, other, PlanReview)
        .outerjoin(PlanLink, PlanLink.plan_id == Plan.id)
        .outerjoin(other, other.id == PlanLink.other_plan_id)
        .outerjoin(PlanReview, PlanReview.plan_id == Plan.id)
        .where(Plan.partnership_id == partnership_id, Plan.slug == slug)
        .order_by(PlanLink.position, PlanLink.id, PlanReview.review_on, PlanReview.id)
    ).all()
    if not rows:
        return None
    links: dict[int, LinkFacts] = {}
    reviews: dict[int, PlanReview] = {}
    for _, link, linked, review in rows:
        if link is not None:
            links[link.id] = LinkFacts(
                kind=link.kind,
                title=linked.full_title if link.other_plan_id else link.title,
                slug=linked.slug if link.other_plan_id else None,
            )
        if review is not None:
            reviews[review.id] = review
    return PlanAround(rows[0][0], tuple(links.values()), tuple(reviews.values()))
