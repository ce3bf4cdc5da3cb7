"""What a secretary and a chair do around each meeting of the replayed year.

Only decisions are scripted: what is agreed, said, voted. When a step is due, what stands on the
agenda and in the pack, who is asked and told, is the product's own doing.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import queries
from governance.agenda_models import AgendaItem
from governance.agendas.changing import approve_agenda, changed_since_approval
from governance.deciding.operations import ratify
from governance.decision_models import (
    Circulation,
    CirculationState,
    DecisionKind,
)
from governance.minute_models import AttendanceState
from governance.minuting import deciding, operations, sending
from governance.minuting.queries import sitters
from governance.models import Meeting, MeetingStatus, TimetableStep
from governance.publishing import operations as publishing
from governance.publishing.gate import gate_facts
from governance.publishing.rules import findings
from governance.timetable import StepKind
from tracker.demo import board_words as words
from tracker.demo.cast import Cast
from tracker.demo.papers import PapersWork
from tracker.edges.bank_holidays import BankHolidays
from tracker.edges.pdf import PdfRenderer
from tracker.ledger.audit import Actor, Source, sign
from tracker.people.board_models import Board, BoardRole
from tracker.people.models import Person

SOON = timedelta(hours=12)


@dataclass
class BoardsWork:
    """One partnership's boards on one day, through their secretary and chair."""

    session: Session
    cast: Cast
    dice: random.Random
    renderer: PdfRenderer
    holidays: BankHolidays
    now: datetime

    def work(self, day: date) -> None:
        """Whatever is due around meetings, each deed a transaction of its own."""
        for meeting in self._due(StepKind.AGENDA_SETTING, MeetingStatus.PLANNED):
            self._sign(self.cast.secretary_id)
            PapersWork(self.session, self.cast, self.dice, self.now).prepare(meeting)
            self._approve(meeting)
        for meeting in self._due(StepKind.PUBLISH, MeetingStatus.PLANNED):
            if queries.draft_pack(self.session, meeting) is None:
                continue
            if not meeting.agenda_approved_at or changed_since_approval(self.session, meeting):
                self._approve(meeting)
            self._publish(meeting)
        for meeting in self._due(StepKind.ACTIONS_SENT, MeetingStatus.HELD):
            self._record(meeting, day)
        for meeting in self._due(StepKind.DRAFT_MINUTES_TO_CHAIR, MeetingStatus.HELD):
            self._minutes_to_chair(meeting)
        for meeting in self._due(StepKind.DRAFT_MINUTES_TO_MEMBERS, MeetingStatus.HELD):
            self._minutes_to_members(meeting)

    def _sign(self, person_id: int) -> None:
        sign(self.session, Actor(at=self.now, source=Source.COMMAND, person_id=person_id))

    def _due(self, kind: StepKind, status: MeetingStatus) -> list[Meeting]:
        """The meetings whose step is due by tonight and not done."""
        return list(
            self.session.scalars(
                select(Meeting)
                .join(TimetableStep, TimetableStep.meeting_id == Meeting.id)
                .where(
                    Meeting.partnership_id == self.cast.partnership_id,
                    Meeting.status == status,
                    TimetableStep.kind == kind,
                    TimetableStep.done_at.is_(None),
                    TimetableStep.planned_at < self.now + SOON,
                )
                .order_by(Meeting.starts_at, Meeting.id)
            )
        )

    def _approve(self, meeting: Meeting) -> None:
        """The chair approves the agenda, again where it changed since."""
        self._sign(self.cast.chair_id)
        approve_agenda(
            self.session,
            meeting,
            chair_id=self.cast.chair_id,
            recorded_by_id=None,
            at=self.now,
            now=self.now,
        )
        self.session.commit()

    def _publish(self, meeting: Meeting) -> None:
        """The secretary publishes, in spite of what the gate finds, and says why."""
        editions = publishing.first_editions(self.session, meeting, now=self.now)
        values = [edition.value for edition in editions]
        facts = gate_facts(self.session, meeting, values, now=self.now, holidays=self.holidays)
        overrides = [
            publishing.Override(one, words.OVERRIDE) for one in findings(facts) if one.may_override
        ]
        self.session.rollback()
        rendered = [self.renderer.render(value) for value in values]
        self._sign(self.cast.secretary_id)
        publishing.file_editions(
            self.session,
            meeting,
            editions,
            rendered,
            overrides=overrides,
            person_id=self.cast.secretary_id,
            now=self.now,
        )
        self.session.commit()

    def _record(self, meeting: Meeting, day: date) -> None:
        """What was taken down in a meeting: who came, what was said and decided, what is asked."""
        self._sign(self.cast.secretary_id)
        board = meeting.board
        marks = {
            one.person.id: operations.Mark(self._came(one.role))
            for one in sitters(self.session, meeting, board)
        }
        operations.record_attendance(self.session, meeting, board, marks, seen=0, now=self.now)
        items = list(queries.agenda(self.session, meeting))
        for item in items:
            self._minute(meeting, item)
        self._decisions(meeting, board, items)
        self._ask(meeting, board, items, day)
        self._confirm(meeting)
        for circulation in self._to_ratify(board):
            if meeting.status is MeetingStatus.HELD:
                ratify(self.session, circulation, meeting, now=self.now)
        for step in queries.steps(self.session, meeting):
            if step.kind is StepKind.ACTIONS_SENT:
                step.done_at = self.now
        self.session.commit()

    def _came(self, role: BoardRole) -> AttendanceState:
        if role in (BoardRole.CHAIR, BoardRole.SECRETARY):
            return AttendanceState.PRESENT
        return self.dice.choices(
            [AttendanceState.PRESENT, AttendanceState.REMOTE, AttendanceState.APOLOGIES], [6, 2, 1]
        )[0]

    def _minute(self, meeting: Meeting, item: AgendaItem) -> None:
        said = words.MINUTED.get(item.kind) or words.NOTED
        operations.minute_item(
            self.session,
            meeting,
            item,
            text=self.dice.choice(said),
            seen=0,
            person_id=self.cast.secretary_id,
            now=self.now,
        )

    def _decisions(self, meeting: Meeting, board: Board, items: list[AgendaItem]) -> None:
        reports = [item for item in items if item.plan_id is not None][:1]
        for item in reports:
            said = deciding.Said(DecisionKind.DECISION, self.dice.choice(words.DECIDED))
            deciding.decide(self.session, meeting, board, item, said)

    def _ask(self, meeting: Meeting, board: Board, items: list[AgendaItem], day: date) -> None:
        owners = sorted(set(self.cast.owner_of_party.values()))
        for number, what in enumerate(self.dice.sample(words.ASKED, 2)):
            person_id = self.cast.owner_id if number == 0 else self.dice.choice(owners)
            deciding.ask_for(
                self.session,
                meeting,
                board,
                items[number + 3] if len(items) > number + 3 else None,
                what=what,
                person=self.session.get_one(Person, person_id),
                organisation=None,
                due_on=day + timedelta(days=self.dice.choice([28, 42])),
                person_id=self.cast.secretary_id,
                now=self.now,
            )

    def _confirm(self, meeting: Meeting) -> None:
        """The minutes of the meeting before are confirmed; now and then with an amendment."""
        found = sending.minutes_to_confirm(self.session, meeting)
        if found is None or found[1] is None:
            return
        before, minutes = found
        assert minutes is not None
        if sending.why_not_confirmed(before, minutes, meeting, self.now) is None:
            amended = self.dice.random() < 0.2
            sending.confirm_minutes(
                self.session,
                minutes,
                at=meeting,
                amendments=words.AMENDED if amended else None,
                person_id=self.cast.secretary_id,
                now=self.now,
            )

    def _minutes_to_chair(self, meeting: Meeting) -> None:
        self._sign(self.cast.secretary_id)
        sending.send_to_chair(self.session, meeting, now=self.now)
        self._sign(self.cast.chair_id)
        sending.chair_answers(self.session, meeting, agrees=True, words=None, now=self.now)
        self.session.commit()

    def _minutes_to_members(self, meeting: Meeting) -> None:
        """Members get the draft; the clockwork makes its PDF."""
        self._sign(self.cast.secretary_id)
        sending.send_to_members(self.session, meeting, papers=None, now=self.now)
        self.session.commit()

    def _to_ratify(self, board: Board) -> list[Circulation]:
        return list(
            self.session.scalars(
                select(Circulation).where(
                    Circulation.partnership_id == self.cast.partnership_id,
                    Circulation.board_id == board.id,
                    Circulation.state == CirculationState.AGREED,
                    Circulation.ratified_on.is_(None),
                )
            )
        )
