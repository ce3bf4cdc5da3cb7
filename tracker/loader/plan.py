"""A plan with its priorities, actions, milestones, deadlines, indicators and readings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.deadline_models import Deadline, DeadlineKind
from actions.models import (
    Action,
    ActionAmbition,
    ActionHome,
    ActionKind,
    ActionParty,
    ActionStrategy,
    Milestone,
)
from actions.operations import refresh
from plans.models import (
    Ambition,
    Plan,
    PlanAmbition,
    PlanLink,
    PlanLinkKind,
    PlanReview,
    PlanStatus,
)
from priorities.models import Priority, PriorityParty
from tracker.kernel.period import Precision
from tracker.kernel.rag import Relation
from tracker.kernel.times import london_day
from tracker.loader.document import Document, Item, years_printed
from tracker.loader.indicators import IndicatorLoad
from tracker.loader.partnership import by_slug, parties
from tracker.people.board_models import Board
from tracker.people.models import Organisation, Partnership


def load_plan(
    session: Session, partnership: Partnership, document: Document, *, now: datetime
) -> bool:
    """Add the plan of a document; False when the partnership has it already."""
    if document.data["plan"]["key"] in by_slug(session, Plan, partnership):
        return False
    _PlanLoad(session, partnership, document, now).run()
    return True


def link_plans(session: Session, partnership: Partnership, document: Document) -> None:
    """The links of a plan, once every plan that they may name is there."""
    plans = by_slug(session, Plan, partnership)
    titles = {
        plan.slug: plan.full_title
        for plan in session.scalars(select(Plan).where(Plan.partnership_id == partnership.id))
    }
    about = document.data["plan"]
    for position, item in enumerate(about.get("links") or []):
        other = item.get("plan")
        session.add(
            PlanLink(
                partnership_id=partnership.id,
                plan_id=plans[about["key"]],
                other_plan_id=plans[other] if other else None,
                title=titles[other] if other else item["title"],
                kind=PlanLinkKind(item["kind"]),
                position=position,
                source_note=document.note(item),
            )
        )
    session.flush()


class _PlanLoad:
    """One plan on its way in: what all of its rows share."""

    def __init__(
        self, session: Session, partnership: Partnership, document: Document, now: datetime
    ) -> None:
        self.session, self.document, self.now = session, document, now
        self.tenant = partnership.id
        self.organisations = by_slug(session, Organisation, partnership)
        self.boards = by_slug(session, Board, partnership)
        self.ambitions = by_slug(session, Ambition, partnership)
        self.priorities: dict[str, int] = {}
        last = session.scalar(
            select(func.max(Action.number)).where(Action.partnership_id == self.tenant)
        )
        self.number = last or 0

    def run(self) -> None:
        self.plan = self._plan()
        for position, item in enumerate(self.document.list("priorities")):
            self._priority(position, item)
        actions = [
            self._action(position, item)
            for position, item in enumerate(self.document.list("actions"))
        ]
        indicators = IndicatorLoad(
            self.session, self.document, self.tenant, self.plan.id, self.priorities, self.now
        )
        for position, item in enumerate(self.document.list("indicators")):
            indicators.load(position, item)
        self.session.flush()
        for action in actions:
            refresh(self.session, action)

    def _plan(self) -> Plan:
        about = self.document.data["plan"]
        printed = about["period"]["printed"]
        _, period = self.document.moved(
            printed, self.document.period(about["period"], Precision.YEAR)
        )
        moved = bool(self.document.years)
        printed_now = years_printed(period.first, period.last) if moved else printed
        plan = Plan(
            partnership_id=self.tenant,
            slug=self.document.slug(about["key"], "a plan"),
            title=about["title"],
            summary=about.get("summary"),
            status=PlanStatus(about["status"]),
            starts_on=period.first,
            ends_on=period.last,
            period_printed=printed_now,
            source_note=self.document.note(about, printed),
        )
        self.session.add(plan)
        self.session.flush()
        for item in about.get("reviews") or []:
            self.session.add(
                PlanReview(
                    partnership_id=self.tenant,
                    plan_id=plan.id,
                    review_on=self.document.day(item["on"]),
                    words=item["words"],
                    source_note=self.document.note(item),
                )
            )
        for column, item in enumerate(about.get("ambition_columns") or [], start=1):
            for key in item["ambitions"]:
                self.session.add(
                    PlanAmbition(
                        partnership_id=self.tenant,
                        plan_id=plan.id,
                        ambition_id=self.ambitions[key],
                        column_number=column,
                        column_title=item["title"],
                    )
                )
        return plan

    def _priority(self, position: int, item: Item) -> None:
        priority = Priority(
            partnership_id=self.tenant,
            plan_id=self.plan.id,
            number=item["number"],
            title=item["title"],
            summary=item.get("summary"),
            position=position,
            source_note=self.document.note(item),
        )
        self.session.add(priority)
        self.session.flush()
        self.priorities[item["number"]] = priority.id
        for party in parties(self.document, item, self.organisations, self.boards):
            self.session.add(
                PriorityParty(partnership_id=self.tenant, priority_id=priority.id, **party)
            )

    def _action(self, position: int, item: Item) -> Action:
        self.number += 1
        action = Action(
            partnership_id=self.tenant,
            number=self.number,
            kind=ActionKind(item["kind"]),
            title=item["title"],
            description=item.get("description"),
            measure=item.get("measure"),
            followed_from_on=max(london_day(self.now), self.plan.starts_on),
            changed_at=self.now,
            source_note=self.document.note(item),
        )
        self.session.add(action)
        self.session.flush()
        self.session.add(
            ActionHome(
                partnership_id=self.tenant,
                action_id=action.id,
                plan_id=self.plan.id,
                priority_id=self.priorities[item["priority"]] if item.get("priority") else None,
                reference=item["number"],
                position=position,
            )
        )
        self._deadline(item, item.get("deadline") or {"kind": "none"}, action, None)
        for place, milestone in enumerate(item.get("milestones") or []):
            row = Milestone(
                partnership_id=self.tenant,
                action_id=action.id,
                title=milestone["title"],
                position=place,
                changed_at=self.now,
                source_note=self.document.note(milestone),
            )
            self.session.add(row)
            self.session.flush()
            self._deadline(milestone, milestone["deadline"], action, row)
        for party in parties(self.document, item, self.organisations, self.boards):
            self.session.add(ActionParty(partnership_id=self.tenant, action_id=action.id, **party))
        for place, title in enumerate(item.get("strategies") or []):
            self.session.add(
                ActionStrategy(
                    partnership_id=self.tenant, action_id=action.id, title=title, position=place
                )
            )
        self._tags(item, action)
        return action

    def _tags(self, item: Item, action: Action) -> None:
        tags = item.get("ambitions") or {}
        for key, stated in (("stated", True), ("assigned", False)):
            for slug in tags.get(key) or []:
                self.session.add(
                    ActionAmbition(
                        partnership_id=self.tenant,
                        action_id=action.id,
                        ambition_id=self.ambitions[slug],
                        is_stated=stated,
                        note=tags.get("note"),
                    )
                )

    def _deadline(
        self, parent: Item, item: Item, action: Action, milestone: Milestone | None
    ) -> None:
        kind = DeadlineKind(item.get("kind") or "dated")
        deadline = Deadline(
            partnership_id=self.tenant,
            action_id=action.id,
            milestone_id=milestone.id if milestone else None,
            kind=kind,
            precision=Precision.NONE,
            printed=item.get("printed") or "",
            set_at=self.now,
            source_note=self.document.note(
                {**item, "source": item.get("source") or parent.get("source")},
                item.get("printed"),
            ),
        )
        if kind is DeadlineKind.DATED:
            printed, period = self.document.moved(item["printed"], self.document.period(item))
            deadline.printed = printed
            deadline.relation = Relation(item["relation"])
            deadline.first_on, deadline.last_on = period.first, period.last
            deadline.precision, deadline.calendar = period.precision, period.calendar
        self.session.add(deadline)
