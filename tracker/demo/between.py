"""What boards do between their meetings in the replayed year: report up, escalate, decide."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.agenda_models import AgendaItem
from governance.deciding.operations import answer as answer_circulation
from governance.deciding.operations import open_circulation
from governance.decision_models import (
    Answer,
    Circulation,
    CirculationKind,
    CirculationState,
)
from governance.models import Meeting, MeetingStatus
from governance.report_models import Escalation, EscalationState, UpwardReport
from governance.reporting.operations import answer as answer_escalation
from governance.reporting.operations import decide as decide_escalation
from governance.reporting.upward import write_report
from tracker.demo import board_words as words
from tracker.demo.cast import Cast
from tracker.kernel.times import london
from tracker.ledger.audit import Actor, Source, sign

# The days of the year on which a decision cannot wait for the next meeting; the last stays open.
URGENT = (100, 358)
# In the last days of the year nothing that waits for a chair is decided, so that it can be seen.
LAST = 350


@dataclass
class BetweenMeetings:
    """One partnership on one day, between the meetings of its boards."""

    session: Session
    cast: Cast
    dice: random.Random
    now: datetime
    number: int

    def work(self, day: date) -> None:
        """Whatever is due today, each deed a transaction of its own."""
        self._reports()
        if day.weekday() == 3 and self.number < LAST:
            self._escalations()
        if self._is_urgent():
            self._decide_between()
        if self.number < LAST:
            self._answer_between()

    def _sign(self, person_id: int) -> None:
        sign(self.session, Actor(at=self.now, source=Source.COMMAND, person_id=person_id))

    def _reports(self) -> None:
        """A board's secretary writes what the board above should know."""
        for report in self.session.scalars(
            select(UpwardReport).where(
                UpwardReport.partnership_id == self.cast.partnership_id,
                UpwardReport.requests.is_(None),
            )
        ).all():
            self._sign(self.cast.secretary_id)
            write_report(
                self.session,
                report,
                exceptions=self.dice.choice(words.EXCEPTIONS),
                requests=self.dice.choice(words.REQUESTS),
                now=self.now,
            )
        self.session.commit()

    def _escalations(self) -> None:
        """Chairs agree what goes up, and answer what came up once their board has met."""
        for one in self.session.scalars(
            select(Escalation)
            .where(
                Escalation.partnership_id == self.cast.partnership_id,
                Escalation.state.in_((EscalationState.DRAFTED, EscalationState.AGREED)),
            )
            .order_by(Escalation.id)
        ).all():
            self._sign(self.cast.chair_id)
            if one.state is EscalationState.DRAFTED:
                agreed = self.dice.random() < 0.8
                decide_escalation(
                    self.session,
                    one,
                    EscalationState.AGREED if agreed else EscalationState.DECLINED,
                    words=words.WANTED if agreed else words.DECLINED,
                    person_id=self.cast.chair_id,
                    as_chair=True,
                    now=self.now,
                )
            elif self._was_before_its_board(one):
                answer_escalation(
                    self.session,
                    one,
                    EscalationState.ACCEPTED,
                    words=words.ACCEPTED,
                    now=self.now,
                )
        self.session.commit()

    def _was_before_its_board(self, one: Escalation) -> bool:
        status = self.session.scalar(
            select(Meeting.status)
            .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
            .where(
                Meeting.partnership_id == one.partnership_id,
                AgendaItem.partnership_id == one.partnership_id,
                AgendaItem.id == one.item_id,
            )
        )
        return status is not None and status.took_place

    def _is_urgent(self) -> bool:
        """Whether it is one of the urgent days, or the first working day after it."""
        if not any(day <= self.number < day + 3 for day in URGENT):
            return False
        lately = select(Circulation.id).where(
            Circulation.partnership_id == self.cast.partnership_id,
            Circulation.opened_at > self.now - timedelta(days=5),
        )
        return self.session.scalar(lately.limit(1)) is None

    def _decide_between(self) -> None:
        """One decision of the year cannot wait: it is put to a board's members by e-mail."""
        coming = self.session.scalar(
            select(Meeting)
            .where(
                Meeting.partnership_id == self.cast.partnership_id,
                Meeting.status == MeetingStatus.PLANNED,
                Meeting.starts_at > self.now,
            )
            .order_by(Meeting.starts_at, Meeting.id)
            .limit(1)
        )
        if coming is None:
            return
        self._sign(self.cast.secretary_id)
        open_circulation(
            self.session,
            coming.board,
            kind=CirculationKind.EMAIL,
            title=words.URGENT_TITLE,
            proposal=words.URGENT_PROPOSAL,
            why_now=words.URGENT_WHY,
            delegated_to=None,
            closes_at=london(self.now.date() + timedelta(days=10), time(17)),
            is_confidential=False,
            person_id=self.cast.secretary_id,
            now=self.now,
        )
        self.session.commit()

    def _answer_between(self) -> None:
        """The members who are asked agree, each in their own time."""
        for one in self.session.scalars(
            select(Circulation).where(
                Circulation.partnership_id == self.cast.partnership_id,
                Circulation.state == CirculationState.OPEN,
                Circulation.closes_at > self.now,
                Circulation.opened_at < self.now,
            )
        ).all():
            for person_id in self.cast.voters.get(one.board_id, ()):
                if one.state is CirculationState.OPEN:
                    self._sign(person_id)
                    answer_circulation(
                        self.session,
                        one,
                        person_id=person_id,
                        answer=Answer.AGREE,
                        said=None,
                        recorded_by_id=None,
                        now=self.now,
                    )
        self.session.commit()
