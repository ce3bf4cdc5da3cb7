"""A month of a small partnership, replayed by real processes, and what it left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from actions.ask_models import Ask
from governance.models import Meeting, TimetableStep
from governance.pack_models import Pack
from governance.timetable import StepKind
from tests.factories import House
from tests.fakes import PlainRenderer, Postbox
from tracker.app import create_app
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.jobs import tick
from tracker.ledger.models import Deed, MailState, OutboxMail
from tracker.settings import Settings

ROOT = Path(__file__).parents[2]
BEGINS = datetime(2026, 11, 2, 10, tzinfo=UTC)
ENDS = datetime(2026, 12, 8, 16, tzinfo=UTC)
# Past any lease and any wait before another try, so that what a kill left open is settled.
SETTLED = ENDS + timedelta(hours=1)
DONE_BY_CLOCKWORK = (StepKind.ASK, StepKind.CHASE, StepKind.UPDATES_CLOSE, StepKind.MEETING)


def prepare(url: str) -> list[datetime]:
    """Fill a migrated database with two boards and four owners; returns when something is due.

    Both meet on one day, so that what one tick does can be cut in two. Their meetings are made
    already, so that every copy of the database has the same ones.
    """
    app = create_app(_settings(url), SetClock(BEGINS), Postbox(), PlainRenderer())
    with app.app_context():
        house = House(db.session(), BEGINS)
        house.partnership.is_demonstration = True
        house.cycle(starts_on=date(2026, 12, 1))
        for number in range(3):
            house.action(f"Open family hub {number}", owner=f"owner{number}@a.example")
        house.plan = house.make_plan("Youth Plan")
        house.priority = house.make_priority("1", "Young people are heard")
        house.action("Ask young people", owner="owner2@a.example")
        house.action("Answer young people", owner="owner3@a.example")
        youth = house.make_board("Youth Board")
        house.cycle(starts_on=date(2026, 12, 1), board=youth)
        house.meetings()
        instants = db.session.scalars(
            select(TimetableStep.planned_at)
            .where(
                TimetableStep.partnership_id == house.tenant,
                TimetableStep.kind.in_(DONE_BY_CLOCKWORK),
                TimetableStep.planned_at.between(BEGINS, ENDS),
            )
            .distinct()
            .order_by(TimetableStep.planned_at)
        ).all()
        db.session.remove()
        db.engine.dispose()
    return [*instants, SETTLED]


def undisturbed(url: str, instants: list[datetime]) -> Outcome:
    """Replay in this process, with nobody else about."""
    clock = SetClock(BEGINS)
    app = create_app(_settings(url), clock, Postbox(), PlainRenderer())
    for instant in instants:
        clock.set(instant)
        assert tick(app).failed == 0
    with app.app_context():
        db.engine.dispose()
    return outcome(url)


def _settings(url: str) -> Settings:
    return Settings(secret_key="a secret for tests, and for nothing else", database_url=url)


def start(url: str, port: int, instant: datetime) -> subprocess.Popen[str]:
    """Start ``tracker tick`` at an instant, in a process of its own."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tracker.commands", "tick", "--now", instant.isoformat()],
        cwd=ROOT,
        env=environment
        | {
            "TRACKER_DATABASE_URL": url,
            "TRACKER_MAIL_URL": f"smtp://127.0.0.1:{port}",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> None:
    """Let a tick end; it must have done all that it had to do."""
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 0, f"{said}\n{complained}"


@dataclass
class Outcome:
    """What a replay left in the database; ``drafts`` has the pages of each, None without PDF."""

    deeds: set[str]
    steps: Counter[tuple[str, StepKind]]
    undone: list[tuple[str, StepKind]]
    drafts: list[int | None]
    asks: list[tuple[int, int, date]]
    mails: dict[str, tuple[MailState, int]] = field(default_factory=dict)

    @property
    def in_doubt(self) -> dict[str, int]:
        """How often each letter may have gone before, of those that may have."""
        return {message_id: doubts for message_id, (_, doubts) in self.mails.items() if doubts}


def outcome(url: str) -> Outcome:
    """Read what is there."""
    engine = create_engine(url)
    with Session(engine) as session:
        steps = session.execute(
            select(Meeting.uid, TimetableStep.kind, TimetableStep.done_at)
            .join(Meeting, Meeting.id == TimetableStep.meeting_id)
            .where(
                TimetableStep.planned_at <= ENDS,
                TimetableStep.kind.in_(DONE_BY_CLOCKWORK),
            )
        ).all()
        found = Outcome(
            deeds=set(session.scalars(select(Deed.key))),
            steps=Counter((str(uid), kind) for uid, kind, done_at in steps if done_at),
            undone=[(str(uid), kind) for uid, kind, done_at in steps if not done_at],
            drafts=list(session.scalars(select(Pack.pages).order_by(Pack.id))),
            asks=[
                (action, board, on)
                for action, board, on in session.execute(
                    select(Ask.action_id, Ask.board_id, Ask.for_on).order_by(Ask.id)
                )
            ],
            mails={
                message_id: (state, in_doubt)
                for message_id, state, in_doubt in session.execute(
                    select(OutboxMail.message_id, OutboxMail.state, OutboxMail.in_doubt)
                )
            },
        )
    engine.dispose()
    return found
