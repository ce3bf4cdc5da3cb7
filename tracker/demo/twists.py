"""What a year brings besides answers: people away, dates proposed, ratings agreed, work on hold."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from actions.answer_models import AgreedAs
from actions.covers import add_cover
from actions.delegations import CannotDelegate, NothingAsked, delegate
from actions.endings import Decision, live_homes, stop
from actions.models import Action, HomeEnding
from actions.proposal_models import Proposal, ProposalStatus
from actions.proposals import AlreadyWaits, propose_deadline
from actions.proposals_decided import Consent, agree, send_back
from actions.standing import NothingToAgree, agree_rating, hold, reopen
from governance.cycle_queries import reviewing_boards
from tracker.demo import words
from tracker.demo.cast import Cast
from tracker.demo.secretary import owned
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.period import add_months, month
from tracker.kernel.rag import Rating
from tracker.ledger.audit import Actor, Source, sign
from tracker.people.models import Person

# Days of the year, counted from its first, on which each thing happens.
AWAY = (40, 215)
HOLDS = (75, 240)
REOPENS = (130, 290)
STOPS = (180,)
CHAIR = "The chair"


@dataclass
class Twists:
    """One partnership on one day of its year."""

    session: Session
    cast: Cast
    dice: random.Random
    now: datetime
    number: int

    def work(self, day: date) -> None:
        """Whatever this day brings, each deed a transaction of its own."""
        if self.number in AWAY:
            self._away(day)
        if self.number in HOLDS:
            self._hold(day)
        if self.number in REOPENS:
            self._reopen()
        if self.number in STOPS:
            self._stop(day)
        if day.weekday() == 3:
            self._propose(day)
            self._decide(day)
        self._agree()
        self.session.commit()

    def _sign(self, person_id: int) -> None:
        sign(self.session, Actor(at=self.now, source=Source.COMMAND, person_id=person_id))

    def _away(self, day: date) -> None:
        """The council's owner is away for two weeks, and the next owner covers."""
        others = sorted(set(self.cast.owner_of_party.values()) - {self.cast.owner_id})
        if others:
            self._sign(self.cast.owner_id)
            add_cover(
                self.session,
                self.cast.partnership_id,
                self.cast.owner_id,
                others[0],
                from_on=day,
                to_on=day + timedelta(days=13),
                made_by_id=self.cast.owner_id,
                now=self.now,
            )

    def hand_over(self, action: Action, person_id: int) -> bool:
        """An owner hands an ask to a colleague; False where there is nobody else."""
        others = sorted(set(self.cast.owner_of_party.values()) - {person_id})
        if not others:
            return False
        to = self.session.get_one(Person, self.dice.choice(others))
        self._sign(person_id)
        try:
            delegate(self.session, action, to=to, by_id=person_id, note=words.HANDED, now=self.now)
        except (CannotDelegate, NothingAsked):
            return False
        return True

    def _hold(self, day: date) -> None:
        found = self._behind()
        if found:
            action = self.dice.choice(found)
            self._sign(self.cast.secretary_id)
            hold(
                self.session,
                action,
                until=day + timedelta(days=60),
                board_id=self._board(action),
                reason=self.dice.choice(words.HOLDS),
                now=self.now,
            )

    def _reopen(self) -> None:
        done = [
            action
            for action in self._actions()
            if action.lifecycle is Lifecycle.COMPLETE and action.completion_confirmed_at
        ]
        if done:
            action = self.dice.choice(done)
            self._sign(self.cast.secretary_id)
            reopen(
                self.session,
                action,
                words.REOPENED,
                person_id=self.cast.secretary_id,
                last_seen=action.last_entry_number,
                now=self.now,
            )

    def _stop(self, day: date) -> None:
        found = [one for one in self._behind() if len(live_homes(self.session, one)) == 1]
        if found:
            action = self.dice.choice(found)
            self._sign(self.cast.secretary_id)
            decision = Decision(
                on=day,
                reason=words.STOPPED,
                board_id=self._board(action),
                person_id=self.cast.secretary_id,
                now=self.now,
            )
            (home,) = live_homes(self.session, action)
            stop(self.session, action, home, HomeEnding.STOPPED, by=decision)

    def _propose(self, day: date) -> None:
        """An owner who is behind and close to the date proposes a later month."""
        for action, person_id in owned(self.session, self.cast.partnership_id):
            if (
                action.lifecycle is not Lifecycle.IN_PROGRESS
                or action.owner_rating is Rating.GREEN
                or action.due_on is None
                or not -30 < (action.due_on - day).days < 45
                or self.dice.random() > 0.3
            ):
                continue
            later = add_months(max(day, action.due_on), self.dice.choice([3, 4]))
            self._sign(person_id)
            try:
                propose_deadline(
                    self.session,
                    action,
                    deadline=f"by {month(later.year, later.month).words()}",
                    reason=self.dice.choice(words.NEW_DATES),
                    person_id=person_id,
                    now=self.now,
                )
            except AlreadyWaits:
                continue

    def _decide(self, day: date) -> None:
        """The secretary records what the chair said of what has waited for two weeks or more."""
        waiting = self.session.scalars(
            select(Proposal)
            .where(
                Proposal.partnership_id == self.cast.partnership_id,
                Proposal.status == ProposalStatus.WAITING,
                Proposal.proposed_at <= self.now - timedelta(days=14),
            )
            .order_by(Proposal.id)
        ).all()
        self._sign(self.cast.secretary_id)
        for proposal in waiting:
            action = next(one for one in self._actions() if one.id == proposal.action_id)
            if not action.lifecycle.is_open or self.dice.random() < 0.25:
                send_back(
                    self.session,
                    proposal,
                    reason=words.RETURNED,
                    returned_by=CHAIR,
                    person_id=self.cast.secretary_id,
                    now=self.now,
                )
            else:
                agree(
                    self.session,
                    proposal,
                    Consent(CHAIR, AgreedAs.CHAIR, self._board(action)),
                    person_id=self.cast.secretary_id,
                    person_name="Board secretary",
                    words=None,
                    now=self.now,
                )

    def _agree(self) -> None:
        """The chair agrees most ratings that are better than their date allows."""
        fresh = self._actions(
            Action.owner_rating == Rating.GREEN,
            Action.due_on < self.now.date(),
            Action.amber_from_on.is_not(None),
            Action.last_entry_at.between(
                self.now - timedelta(days=4), self.now - timedelta(hours=1)
            ),
        )
        for action in fresh:
            if self.dice.random() > 0.5:
                continue
            self._sign(self.cast.secretary_id)
            try:
                agree_rating(
                    self.session,
                    action,
                    agreed_as=AgreedAs.CHAIR,
                    agreed_by=CHAIR,
                    board_id=self._board(action),
                    recorded_by_id=self.cast.secretary_id,
                    now=self.now,
                    in_own_name=False,
                )
            except NothingToAgree:
                continue

    def _behind(self) -> list[Action]:
        return [
            action
            for action in self._actions()
            if action.lifecycle is Lifecycle.IN_PROGRESS and action.owner_rating is not Rating.GREEN
        ]

    def _actions(self, *among: ColumnElement[bool]) -> Sequence[Action]:
        return self.session.scalars(
            select(Action)
            .where(Action.partnership_id == self.cast.partnership_id, *among)
            .order_by(Action.number)
        ).all()

    def _board(self, action: Action) -> int:
        """The first board that reviews it."""
        plans = [home.plan_id for home in live_homes(self.session, action)]
        return min(reviewing_boards(self.session, self.cast.partnership_id, plans))
