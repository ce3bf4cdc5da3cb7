"""What people do in the replayed year, from a fixed seed: the same story every time."""

from __future__ import annotations

import random
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.ask_models import Ask
from actions.models import Action, GivenHow, Owner
from actions.operations import (
    Entry,
    record_no_change,
    record_progress,
)
from actions.standing import confirm_completion
from priorities.models import Judgement
from priorities.operations import judge
from tracker.demo import words
from tracker.demo.between import BetweenMeetings
from tracker.demo.boards import BoardsWork
from tracker.demo.cast import Cast
from tracker.demo.secretary import SecretarysWork, deadline_of, owned
from tracker.demo.twists import Twists
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.edges.pdf import PdfRenderer
from tracker.kernel.period import add_months
from tracker.kernel.rag import Lifecycle, Rating
from tracker.ledger.audit import Actor, Source, sign
from tracker.people.models import Person
from tracker.web.parts import EXTENSION

# How likely Green, Amber and Red are after each rating: things mend slowly.
WEIGHTS: dict[Rating, tuple[float, float, float]] = {
    Rating.GREEN: (7, 2, 0.4),
    Rating.AMBER: (4, 4, 1.2),
    Rating.RED: (1, 4, 2),
}


class Story:
    """One partnership's year."""

    def __init__(self, app: Flask, cast: Cast, clock: SetClock, renderer: PdfRenderer) -> None:
        self.app, self.cast, self.clock, self.renderer = app, cast, clock, renderer
        self.dice = random.Random(f"tracker:{cast.slug}")  # noqa: S311 - a story, not a secret
        self.tenant = cast.partnership_id
        self.began_on: date | None = None

    def work(self, day: date) -> None:
        """Everything that people do on a day, each deed a transaction of its own."""
        with self.app.app_context():
            self.session: Session = db.session()
            self.now = self.clock.now()
            sign(self.session, Actor(at=self.now, source=Source.COMMAND))
            if self.began_on is None:
                self.began_on = day
                self._first_entries(day)
            if day.weekday() < 5:
                self._twists(day).work(day)
                self._answer(day)
                if day.weekday() == 0:
                    self._judge()
                self._secretary_works(day)
            db.session.remove()

    def _twists(self, day: date) -> Twists:
        number = (day - (self.began_on or day)).days
        return Twists(self.session, self.cast, self.dice, self.now, number)

    def _secretary_works(self, day: date) -> None:
        BoardsWork(
            self.session,
            self.cast,
            self.dice,
            self.renderer,
            self.app.extensions[EXTENSION].holidays,
            self.now,
        ).work(day)
        number = (day - (self.began_on or day)).days
        BetweenMeetings(self.session, self.cast, self.dice, self.now, number).work(day)
        work = SecretarysWork(self.session, self.cast, self.dice, self.now)
        work.after_meetings(day)
        if day.weekday() == 2 and day.day < 8:
            work.confirm()

    def _signed(self, person_id: int) -> None:
        sign(self.session, Actor(at=self.now, source=Source.COMMAND, person_id=person_id))

    def _first_entries(self, day: date) -> None:
        """Where each owned action stood when the year began."""
        for action, person_id in owned(self.session, self.tenant):
            due = deadline_of(self.session, action)
            if due is not None and due.last_on and due.last_on < day:
                roll = self.dice.random()
                if roll < 0.7:
                    self._complete(action, person_id)
                    if roll < 0.6:
                        self._signed(self.cast.secretary_id)
                        confirm_completion(
                            self.session, action, person_id=self.cast.secretary_id, now=self.now
                        )
                else:
                    self._say(action, person_id, self.dice.choice([Rating.AMBER, Rating.RED]))
            elif self.dice.random() < 0.75:
                self._say(
                    action,
                    person_id,
                    self.dice.choices([Rating.GREEN, Rating.AMBER], [4, 1])[0],
                )
        self.session.commit()

    def _answer(self, day: date) -> None:
        """Owners who are asked answer, most of them, within the days that they have."""
        rows = self.session.execute(
            select(Action, Owner.person_id)
            .join(Ask, Ask.action_id == Action.id)
            .join(Owner, Owner.action_id == Action.id)
            .where(
                Ask.partnership_id == self.tenant,
                Ask.answered_at.is_(None),
                Ask.closed_at.is_(None),
                Owner.to_on.is_(None),
            )
            .order_by(Action.number)
        ).all()
        for action, person_id in rows:
            roll = self.dice.random()
            if roll < 0.19:
                self._update(action, person_id, day)
            elif roll < 0.195:
                self._twists(day).hand_over(action, person_id)
        self.session.commit()

    def _update(self, action: Action, person_id: int, day: date) -> None:
        due = deadline_of(self.session, action)
        left = (due.last_on - day).days if due and due.last_on else 200
        roll = self.dice.random()
        if (left < 20 and roll < 0.55) or roll < 0.04:
            self._complete(action, person_id)
        elif roll < 0.18 and action.last_entry_number and action.owner_rating is Rating.GREEN:
            self._signed(person_id)
            record_no_change(
                self.session,
                action,
                person_id=person_id,
                last_seen=action.last_entry_number,
                now=self.now,
            )
        else:
            weights = WEIGHTS.get(action.owner_rating, (6.0, 2.0, 0.3))
            self._say(
                action,
                person_id,
                self.dice.choices([Rating.GREEN, Rating.AMBER, Rating.RED], weights)[0],
            )

    def _say(self, action: Action, person_id: int, rating: Rating) -> None:
        pick = self.dice.choice
        name = self._told_by_telephone(person_id)
        pools = {Rating.GREEN: words.GREEN, Rating.AMBER: words.AMBER, Rating.RED: words.RED}
        behind = rating is not Rating.GREEN
        is_late = action.due_on is not None and action.due_on < self.now.date()
        person_id = self.cast.secretary_id if name else person_id
        self._signed(person_id)
        record_progress(
            self.session,
            action,
            Entry(
                lifecycle=Lifecycle.IN_PROGRESS,
                rating=rating,
                happened=f"{pick(pools[rating])} ({words.LABEL})",
                cause=pick(words.CAUSES) if behind else None,
                recovery=pick(words.RECOVERIES) if behind else None,
                forecast_on=add_months(self.now.date(), self.dice.randint(2, 5))
                if behind
                else None,
                help_needed=pick(words.HELP) if rating is Rating.RED else None,
                next_step=pick(words.NEXT),
                better_reason=pick(words.BETTER) if is_late and not behind else None,
                given_by=name,
                given_how=GivenHow.TELEPHONE if name else None,
            ),
            person_id=person_id,
            last_seen=action.last_entry_number,
            now=self.now,
        )

    def _told_by_telephone(self, person_id: int) -> str | None:
        """Now and then an owner rings, and the secretary writes down what they say."""
        if self.dice.random() > 0.05:
            return None
        return self.session.get_one(Person, person_id).name

    def _complete(self, action: Action, person_id: int) -> None:
        self._signed(person_id)
        record_progress(
            self.session,
            action,
            Entry(
                lifecycle=Lifecycle.COMPLETE,
                rating=Rating.BLUE,
                happened=f"All of it is in place. ({words.LABEL})",
                evidence=self.dice.choice(words.EVIDENCE),
            ),
            person_id=person_id,
            last_seen=action.last_entry_number,
            now=self.now,
        )

    def _judge(self) -> None:
        """Priority leads judge their priority on a Monday, about once in two months."""
        last = {
            priority_id: made_at
            for priority_id, made_at in self.session.execute(
                select(Judgement.priority_id, func.max(Judgement.made_at))
                .where(Judgement.partnership_id == self.tenant)
                .group_by(Judgement.priority_id)
            )
        }
        for priority_id, person_id in self.cast.leads.items():
            before = last.get(priority_id)
            if (before is None or self.now - before > timedelta(days=60)) and (
                self.dice.random() < 0.25
            ):
                self._signed(person_id)
                judge(
                    self.session,
                    self.tenant,
                    priority_id,
                    person_id=person_id,
                    rating=self.dice.choices([Rating.GREEN, Rating.AMBER], [2, 1])[0],
                    achievements=self.dice.choice(words.ACHIEVED),
                    risks=self.dice.choice(words.RISKS),
                    decisions_wanted=self.dice.choice(words.DECISIONS),
                    difference_made=self.dice.choice(words.DIFFERENCE),
                    now=self.now,
                )
        self.session.commit()
