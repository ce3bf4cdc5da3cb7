"""What a board secretary does for plans in the replayed year: closes the log, moves, confirms."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.deadline_models import Deadline, DeadlineKind
from actions.deadlines import change_deadline
from actions.facts import facts
from actions.models import Action, Owner
from actions.standing import confirm_completion
from governance import queries
from governance.log_models import MeetingActionStatus
from governance.meeting_actions import answer
from governance.models import Meeting, MeetingStatus
from tracker.demo import words
from tracker.demo.cast import Cast
from tracker.kernel.period import add_months, month
from tracker.kernel.rag import Lifecycle, Rating, Relation
from tracker.ledger.audit import Actor, Source, sign


@dataclass
class SecretarysWork:
    """One partnership's secretary on one day."""

    session: Session
    cast: Cast
    dice: random.Random
    now: datetime

    def _sign(self) -> None:
        person_id = self.cast.secretary_id
        sign(self.session, Actor(at=self.now, source=Source.COMMAND, person_id=person_id))

    def after_meetings(self, day: date) -> None:
        """The day after a meeting: earlier log actions are closed, a deadline moved."""
        held = self.session.scalars(
            select(Meeting)
            .where(
                Meeting.partnership_id == self.cast.partnership_id,
                Meeting.status == MeetingStatus.HELD,
                Meeting.meets_on < day,
                Meeting.meets_on >= day - timedelta(days=3 if day.weekday() == 0 else 1),
            )
            .order_by(Meeting.starts_at, Meeting.id)
        ).all()
        for meeting in held:
            self._sign()
            self._close_log(meeting)
            self._move_deadline(meeting, day)
            self.session.commit()

    def _close_log(self, meeting: Meeting) -> None:
        for action in queries.action_log(self.session, self.cast.partnership_id, meeting.board_id):
            if self.dice.random() < 0.7:
                answer(
                    self.session,
                    action,
                    status=MeetingActionStatus.DONE,
                    progress=self.dice.choice(words.LOG_DONE),
                    now=self.now,
                )

    def _move_deadline(self, meeting: Meeting, day: date) -> None:
        """The board agrees to move the deadline of one action that is behind."""
        plans = queries.meeting_plans(self.session, self.cast.partnership_id, [meeting.id]).get(
            meeting.id, []
        )
        if not plans or self.dice.random() < 0.5:
            return
        reviewed = {
            one.action_id
            for one in facts(
                self.session,
                self.cast.partnership_id,
                day,
                plan_ids=[plan.id for plan in plans],
            )
        }
        behind = [
            (action, due.last_on)
            for action, _ in owned(self.session, self.cast.partnership_id)
            if action.id in reviewed
            and action.lifecycle is Lifecycle.IN_PROGRESS
            and action.owner_rating is not Rating.GREEN
            and (due := deadline_of(self.session, action)) is not None
            and due.last_on is not None
        ]
        if not behind:
            return
        action, due_on = self.dice.choice(behind)
        new_month = add_months(max(day, due_on), self.dice.choice([3, 4, 5]))
        period = month(new_month.year, new_month.month)
        change_deadline(
            self.session,
            action,
            Deadline(
                kind=DeadlineKind.DATED,
                relation=Relation.BY,
                first_on=period.first,
                last_on=period.last,
                precision=period.precision,
                calendar=period.calendar,
                printed=period.words(),
            ),
            person_id=self.cast.secretary_id,
            board_id=meeting.board_id,
            reason=self.dice.choice(words.DEADLINE_REASONS),
            now=self.now,
        )

    def confirm(self) -> None:
        """Once a month the secretary confirms what was completed, save the newest."""
        waiting = self.session.scalars(
            select(Action)
            .where(
                Action.partnership_id == self.cast.partnership_id,
                Action.lifecycle == Lifecycle.COMPLETE,
                Action.completion_confirmed_at.is_(None),
                Action.last_entry_at < self.now - timedelta(days=20),
            )
            .order_by(Action.number)
        ).all()
        self._sign()
        for action in waiting:
            confirm_completion(self.session, action, person_id=self.cast.secretary_id, now=self.now)
        self.session.commit()


def owned(session: Session, partnership_id: int) -> list[tuple[Action, int]]:
    """Every action that somebody is asked about, with that person's id."""
    rows = session.execute(
        select(Action, Owner.person_id)
        .join(Owner, Owner.action_id == Action.id)
        .where(Action.partnership_id == partnership_id, Owner.to_on.is_(None))
        .order_by(Action.number)
    ).all()
    return [(action, person_id) for action, person_id in rows]


def deadline_of(session: Session, action: Action) -> Deadline | None:
    """An action's current deadline, where it has a date."""
    return session.scalar(
        select(Deadline).where(
            Deadline.partnership_id == action.partnership_id,
            Deadline.action_id == action.id,
            Deadline.milestone_id.is_(None),
            Deadline.is_current,
            Deadline.kind == DeadlineKind.DATED,
        )
    )
