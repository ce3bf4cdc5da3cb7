"""A small partnership to test with: real rows, made by hand, each with the least it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.ask_models import Ask
from actions.deadline_models import Deadline, DeadlineKind
from actions.models import Action, ActionHome, ActionParty, Milestone, Owner
from actions.operations import refresh
from governance.meetings import make_meetings
from governance.models import CycleKind, Meeting, ReviewCycle, ReviewCyclePlan
from plans.models import Plan, PlanStatus
from priorities.models import Priority, PriorityLead
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.edges.db import key_of
from tracker.kernel.period import Calendar, Period, Precision, parse_period
from tracker.kernel.rag import Relation
from tracker.ledger.audit import Actor, Source, sign
from tracker.people.board_models import Board, BoardKind, BoardMember, BoardRole
from tracker.people.models import (
    Membership,
    Organisation,
    OrganisationKind,
    Partnership,
    PartyRole,
    Person,
    Role,
)
from tracker.people.operations import give_password, hash_password

Row = TypeVar("Row")
PASSWORD = "correct horse battery staple"
PASSWORD_HASH = hash_password(PASSWORD)


@dataclass
class House:
    """One partnership with a board, a plan and a priority, and ways to add to it."""

    session: Session
    now: datetime
    slug: str = "ashshire"
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sign(self.session, Actor(at=self.now, source=Source.COMMAND))
        self.partnership = self._kept(
            Partnership(slug=self.slug, name=f"{self.slug.capitalize()} Children’s Trust")
        )
        self.tenant = self.partnership.id
        self.council = self.organisation(f"{self.slug.capitalize()} Council")
        self.board = self.make_board("Trust Board")
        self.plan = self.make_plan("Children’s Plan")
        self.priority = self.make_priority("1", "Children are safe")
        self.session.commit()

    def _kept(self, row: Row) -> Row:
        self.session.add(row)
        self.session.flush()
        return row

    def organisation(self, name: str) -> Organisation:
        """An organisation of the partnership."""
        return self._kept(
            Organisation(
                partnership_id=self.tenant,
                slug=key_of(name).replace(" ", "-"),
                name=name,
                name_key=key_of(name),
                kind=OrganisationKind.COUNCIL,
            )
        )

    def make_board(self, name: str) -> Board:
        """A board of the partnership."""
        return self._kept(
            Board(
                partnership_id=self.tenant,
                slug=key_of(name).replace(" ", "-"),
                name=name,
                name_key=key_of(name),
                kind=BoardKind.BOARD,
            )
        )

    def make_plan(self, title: str) -> Plan:
        """A live plan for 2026 and 2027."""
        return self._kept(
            Plan(
                partnership_id=self.tenant,
                slug=key_of(title).replace(" ", "-").replace("’", ""),
                title=title,
                status=PlanStatus.LIVE,
                starts_on=date(2026, 1, 1),
                ends_on=date(2027, 12, 31),
                period_printed="2026-27",
            )
        )

    def make_priority(self, number: str, title: str) -> Priority:
        """A priority of the plan."""
        return self._kept(
            Priority(partnership_id=self.tenant, plan_id=self.plan.id, number=number, title=title)
        )

    def action(
        self,
        title: str = "Open a family hub",
        *,
        deadline: str | None = None,
        relation: Relation = Relation.BY,
        owner: str | None = None,
        followed_from: date | None = None,
        lead: Organisation | None = None,
    ) -> Action:
        """An action under the priority; ``deadline`` as people write it, ``owner`` an e-mail."""
        last = self.session.scalar(
            select(func.max(Action.number)).where(Action.partnership_id == self.tenant)
        )
        number = (last or 0) + 1
        action = self._kept(
            Action(
                partnership_id=self.tenant,
                number=number,
                title=title,
                followed_from_on=followed_from or self.now.date(),
                changed_at=self.now,
            )
        )
        self._kept(
            ActionHome(
                partnership_id=self.tenant,
                action_id=action.id,
                plan_id=self.plan.id,
                priority_id=self.priority.id,
                reference=f"1.{number}",
                position=number,
            )
        )
        self._kept(self._deadline(action, deadline, relation))
        if owner is not None:
            self.owner(action, owner)
        if lead is not None:
            self._kept(
                ActionParty(
                    partnership_id=self.tenant,
                    action_id=action.id,
                    role=PartyRole.LEAD,
                    organisation_id=lead.id,
                )
            )
        refresh(self.session, action)
        self.session.commit()
        return action

    def milestone(self, action: Action, title: str, deadline: str) -> Milestone:
        """A milestone of an action, by a date."""
        milestone = self._kept(
            Milestone(
                partnership_id=self.tenant, action_id=action.id, title=title, changed_at=self.now
            )
        )
        row = self._deadline(action, deadline, Relation.BY)
        row.milestone_id = milestone.id
        self._kept(row)
        refresh(self.session, action)
        self.session.commit()
        return milestone

    def _deadline(self, action: Action, text: str | None, relation: Relation) -> Deadline:
        period: Period | None = parse_period(text) if text else None
        return Deadline(
            partnership_id=self.tenant,
            action_id=action.id,
            kind=DeadlineKind.DATED if period else DeadlineKind.NONE,
            relation=relation if period else None,
            first_on=period.first if period else None,
            last_on=period.last if period else None,
            precision=period.precision if period else Precision.NONE,
            calendar=period.calendar if period else Calendar.CALENDAR,
            printed=period.words() if period else "",
            set_at=self.now,
        )

    def person(
        self,
        email: str,
        *,
        name: str | None = None,
        role: Role = Role.MEMBER,
        seat: BoardRole | None = None,
        board: Board | None = None,
    ) -> Person:
        """A member of the partnership who can sign in; with a seat on the board where given."""
        person = self.session.scalar(select(Person).where(Person.email_key == key_of(email)))
        if person is None:
            person = self._kept(
                Person(name=name or email.split("@")[0], email=email, email_key=key_of(email))
            )
            give_password(self.session, person, PASSWORD_HASH)
        self._kept(
            Membership(
                partnership_id=self.tenant,
                person_id=person.id,
                role=role,
                from_on=self.now.date() - timedelta(days=400),
            )
        )
        if seat is not None:
            self.seat(person, seat, board or self.board)
        self.people[email] = person
        self.session.commit()
        return person

    def seat(self, person: Person, role: BoardRole, board: Board) -> BoardMember:
        """A seat of a person on a board."""
        return self._kept(
            BoardMember(
                partnership_id=self.tenant,
                board_id=board.id,
                person_id=person.id,
                role=role,
                from_on=self.now.date() - timedelta(days=400),
            )
        )

    def owner(self, action: Action, email: str) -> Owner:
        """Have somebody asked about an action; a new person where nobody has the address."""
        person = self.people.get(email) or self.person(email)
        owner = self._kept(
            Owner(
                partnership_id=self.tenant,
                action_id=action.id,
                person_id=person.id,
                from_on=self.now.date() - timedelta(days=400),
            )
        )
        self.session.commit()
        return owner

    def priority_lead(self, email: str) -> PriorityLead:
        """Have somebody lead the priority; a new person where nobody has the address."""
        person = self.people.get(email) or self.person(email)
        lead = self._kept(
            PriorityLead(
                partnership_id=self.tenant,
                priority_id=self.priority.id,
                person_id=person.id,
                from_on=self.now.date() - timedelta(days=400),
            )
        )
        self.session.commit()
        return lead

    def ask(
        self, action: Action, *, days: int = 7, board: Board | None = None, closed: bool = False
    ) -> Ask:
        """Ask for an update on an action: opened today, closing in some days, a week on met."""
        closes_at = self.now + timedelta(days=days)
        ask = self._kept(
            Ask(
                partnership_id=self.tenant,
                action_id=action.id,
                board_id=(board or self.board).id,
                for_on=closes_at.date() + timedelta(days=7),
                opens_at=min(self.now, closes_at - timedelta(days=1)),
                closes_at=closes_at,
                closed_at=closes_at if closed else None,
            )
        )
        if closed:
            action.last_ask_closed_at = closes_at
        self.session.commit()
        return ask

    def cycle(
        self,
        rule: str = "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU",
        *,
        starts_on: date = date(2026, 3, 1),
        board: Board | None = None,
        plans: list[Plan] | None = None,
    ) -> ReviewCycle:
        """A review cycle by which the board reviews the plan."""
        board = board or self.board
        cycle = self._kept(
            ReviewCycle(
                partnership_id=self.tenant,
                slug=f"{board.slug}-{starts_on.isoformat()}-{len(rule)}",
                board_id=board.id,
                kind=CycleKind.RECURRENCE,
                rule=rule,
                starts_on=starts_on,
                starts_at=time(14, 0),
                words="Quarterly",
            )
        )
        for plan in [self.plan] if plans is None else plans:
            self._kept(
                ReviewCyclePlan(partnership_id=self.tenant, cycle_id=cycle.id, plan_id=plan.id)
            )
        self.session.commit()
        return cycle

    def meetings(self) -> list[Meeting]:
        """Make the meetings that the cycles give, and return them in order."""
        make_meetings(self.session, self.partnership, EnglishBankHolidays(), now=self.now)
        made = list(
            self.session.scalars(
                select(Meeting)
                .where(Meeting.partnership_id == self.tenant)
                .order_by(Meeting.starts_at)
            )
        )
        self.session.commit()
        return made
