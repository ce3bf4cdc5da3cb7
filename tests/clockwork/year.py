"""The demonstration's year: its plans made live, its people's story, and what the year left.

The story depends on the database and a fixed seed alone, so that a year in which the clockwork
is killed at random must leave what an easy one leaves. What is compared is named by slugs,
numbers and e-mail addresses: keys and uids differ from one year to the next.
"""

from __future__ import annotations

import hashlib
import re
import time as machine_time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from actions.ask_models import Ask
from actions.models import Action, Progress
from governance.models import Meeting, TimetableStep
from governance.pack_models import Pack
from tests.clockwork.worker import settings
from tests.fakes import PlainRenderer, Postbox
from tracker.app import create_app
from tracker.demo import EVENING, MORNING, WORKDAY, YEARS_IN_2026
from tracker.demo.cast import Cast, engage
from tracker.demo.story import Story
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.jobs import tick
from tracker.kernel.times import london
from tracker.ledger.audit import Actor, Source, sign
from tracker.ledger.blobs import read_bytes
from tracker.ledger.models import Deed, MailState, OutboxMail
from tracker.loader import examples, load_folder
from tracker.people.board_models import Board
from tracker.people.models import Partnership, Person
from tracker.people.operations import hash_password
from tracker.people.queries import partnership_by_slug

ENDS_ON = date(2026, 11, 2)
BEGINS_ON = date(2025, 11, 2)
# After the last tick: past any lease and any wait, so that what a kill left open is settled.
SETTLED = time(22)
EVERYBODY = tuple(YEARS_IN_2026)
UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Moment:
    """What an easy year did at one instant, and how many seconds that took."""

    seconds: float = 0.0
    did_something: bool = False
    sent: int = 0


def replay(
    url: str,
    run: Callable[[datetime], None] | None = None,
    partnerships: Sequence[str] = EVERYBODY,
) -> tuple[dict[datetime, Moment], Outcome]:
    """Live through the year on a migrated database; ``run`` does what is due at an instant.

    Without it everything is done here, with nobody else about.
    """
    clock = SetClock(london(BEGINS_ON, time(0, 5)))
    app = create_app(settings(url), clock, Postbox(), PlainRenderer())
    moments: dict[datetime, Moment] = {}

    def at(instant: datetime) -> None:
        clock.set(instant)
        began = machine_time.monotonic()
        if run is not None:
            run(instant)
            return
        tally = tick(app)
        assert tally.failed == 0
        seconds = machine_time.monotonic() - began
        moments[instant] = Moment(seconds, tally.did_something, tally.mail.sent)

    with app.app_context():
        casts = _load(db.session(), clock.now(), partnerships)
        db.session.remove()
    stories = [Story(app, cast, clock, PlainRenderer()) for cast in casts]
    for day in _days():
        at(london(day, MORNING))
        clock.set(london(day, WORKDAY))
        for story in stories:
            story.work(day)
        if day.weekday() < 5:
            at(london(day, EVENING))
    at(london(ENDS_ON, SETTLED))
    with app.app_context():
        db.engine.dispose()
    return moments, outcome(url)


def _load(session: Session, now: datetime, partnerships: Sequence[str]) -> list[Cast]:
    """Make the plans of some of the demonstration's partnerships live, and give them people."""
    casts = []
    sign(session, Actor(at=now, source=Source.COMMAND))
    for folder in examples():
        if folder.name in partnerships:
            load_folder(session, folder, now=now, years=YEARS_IN_2026[folder.name])
            partnership = partnership_by_slug(session, folder.name)
            assert partnership is not None
            partnership.is_demonstration = True
            casts.append(engage(session, partnership, hash_password("a password"), now))
    session.commit()
    return casts


def _days() -> Iterator[date]:
    for number in range((ENDS_ON - BEGINS_ON).days + 1):
        yield BEGINS_ON + timedelta(days=number)


@dataclass
class Outcome:
    """What a year left in the database, under names that mean the same in every year."""

    deeds: set[str]
    steps: Counter[tuple[str, str]]
    undone: list[tuple[str, str]]
    asks: list[tuple[str, str, date]]
    updates: list[tuple[str, int, str, str]]
    packs: dict[str, str]
    unrendered: int
    mails: dict[str, str]
    states: Counter[MailState] = field(default_factory=Counter, compare=False)
    in_doubt: dict[str, int] = field(default_factory=dict, compare=False)

    def of(self, partnerships: Sequence[str]) -> Outcome:
        """What of it is of some partnerships: every name holds its partnership's slug."""

        def ours(name: object) -> bool:
            return any(slug in str(name) for slug in partnerships)

        kept: dict[str, Any] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, dict):
                chosen = {name: count for name, count in value.items() if ours(name)}
                kept[one.name] = type(value)(chosen)
            elif isinstance(value, list | set):
                kept[one.name] = type(value)(name for name in value if ours(name))
            else:
                kept[one.name] = value
        return Outcome(**kept)


def outcome(url: str) -> Outcome:
    """Read what is there."""
    engine = create_engine(url)
    with Session(engine) as session:
        found = _Reading(session).outcome()
    engine.dispose()
    return found


class _Reading:
    """Reading one database, with a name for each uid in it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        boards = {
            key: f"{tenant}/{slug}"
            for key, slug, tenant in session.execute(
                select(Board.id, Board.slug, Partnership.slug).join(
                    Partnership, Partnership.id == Board.partnership_id
                )
            )
        }
        self.boards = boards
        self.people = {
            key: email for key, email in session.execute(select(Person.id, Person.email))
        }
        self.actions = {
            key: f"{tenant}/{number}"
            for key, number, tenant in session.execute(
                select(Action.id, Action.number, Partnership.slug).join(
                    Partnership, Partnership.id == Action.partnership_id
                )
            )
        }
        meetings = session.execute(
            select(Meeting.id, Meeting.uid, Meeting.board_id, Meeting.occurrence_on)
        ).all()
        self.meetings = {key: f"{boards[board]}@{on}" for key, _, board, on in meetings}
        self.names = {str(uid): self.meetings[key] for key, uid, _, _ in meetings}
        self.names |= {
            str(uid): boards[key] for key, uid in session.execute(select(Board.id, Board.uid))
        }
        for rows in (
            session.execute(select(Partnership.uid, Partnership.slug)),
            session.execute(select(Person.uid, Person.email)),
        ):
            self.names |= {str(uid): name for uid, name in rows}
        self.names |= {
            str(pack.uid): self._pack(pack) for pack in session.scalars(select(Pack)).all()
        }

    def _pack(self, pack: Pack) -> str:
        return f"{self.meetings[pack.meeting_id]} {pack.status.value} {pack.version_number}"

    def _named(self, text: str) -> str:
        """A text with names for its uids, and for one that has none the place where it is met."""
        met: dict[str, str] = {}

        def name(uid: re.Match[str]) -> str:
            known = self.names.get(uid.group())
            return known or met.setdefault(uid.group(), f"uid {len(met) + 1}")

        return UID.sub(name, text)

    def outcome(self) -> Outcome:
        session = self.session
        settled_at = london(ENDS_ON, SETTLED).astimezone(UTC)
        steps = session.execute(
            select(TimetableStep.meeting_id, TimetableStep.kind, TimetableStep.done_at).where(
                TimetableStep.planned_at <= settled_at
            )
        ).all()
        packs = session.scalars(select(Pack).order_by(Pack.id)).all()
        mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        return Outcome(
            deeds={self._named(key) for key in session.scalars(select(Deed.key))},
            steps=Counter(
                (self.meetings[meeting], kind.value) for meeting, kind, done in steps if done
            ),
            undone=sorted(
                (self.meetings[meeting], kind.value) for meeting, kind, done in steps if not done
            ),
            asks=sorted(
                (self.actions[action], self.boards[board], for_on)
                for action, board, for_on in session.execute(
                    select(Ask.action_id, Ask.board_id, Ask.for_on)
                )
            ),
            updates=sorted(
                (self.actions[action], number, self.people.get(person, ""), rating.value)
                for action, number, person, rating in session.execute(
                    select(Progress.action_id, Progress.number, Progress.person_id, Progress.rating)
                )
            ),
            packs={
                self._pack(pack): _short(
                    self._named(read_bytes(session, pack.snapshot_sha256).decode())
                )
                for pack in packs
            },
            unrendered=sum(pack.pages is None for pack in packs),
            mails={
                self._named(mail.key): _short(
                    self._named(f"{mail.recipient}\n{mail.subject}\n{mail.text}")
                )
                for mail in mails
            },
            states=Counter(mail.state for mail in mails),
            in_doubt={mail.message_id: mail.in_doubt for mail in mails},
        )


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
