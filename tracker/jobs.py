"""The clockwork: everything that is due, once. Run by the scheduler, by ``tick``, by the replay.

Each deed is a transaction of its own that begins by taking its key, so that two ticks at once
or a kill at any moment leave each deed done once and none missing. Rendering and SMTP happen
between transactions. A deed that fails is logged and counted, stops no other, and is tried
again by the next tick, because its key went with it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import documents, notices
from governance.clockwork import CHORES, PRINTINGS, Printing
from governance.meetings import make_meetings
from governance.models import Meeting
from governance.news import Digest, News, NewsKind, asked_for, sections, subject_of
from governance.operations import DueStep, do_step, due_steps
from governance.timetable import StepKind
from tracker.edges.db import db
from tracker.edges.pdf import PdfError
from tracker.kernel.times import london_day
from tracker.ledger.audit import Actor, Source, sign
from tracker.ledger.deeds import claim
from tracker.ledger.models import Deed
from tracker.ledger.outbox import Sent, send_waiting
from tracker.people.models import Partnership
from tracker.web.parts import EXTENSION, Parts

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass
class Tally:
    """What one tick did."""

    meetings: int = 0
    steps: int = 0
    chores: int = 0
    messages: int = 0
    rendered: int = 0
    mail: Sent = field(default_factory=Sent)
    failed: int = 0

    @property
    def did_something(self) -> bool:
        """Whether there is anything to tell."""
        mail = (self.mail.sent, self.mail.retried, self.mail.failed, self.mail.in_doubt)
        done = (self.meetings, self.steps, self.chores, self.messages, self.rendered, self.failed)
        return any((*done, *mail))

    def __str__(self) -> str:
        return (
            f"{self.meetings} meetings made, {self.steps} steps done, {self.chores} other"
            f" deeds done, {self.messages} messages written, {self.rendered} packs rendered,"
            f" {self.mail.sent} mails sent,"
            f" {self.mail.retried} to be tried again, {self.mail.failed} failed,"
            f" {self.mail.in_doubt} in doubt, {self.failed} could not be done"
        )


def tick(app: Flask) -> Tally:
    """Do everything that is due by the application's clock, once, and return the tally."""
    with app.app_context():
        work = _Tick(app.extensions[EXTENSION], db.session())
        try:
            work.meetings()
            work.steps()
            work.chores()
            work.messages(lambda digest, news: _write(app, work.parts, digest, news))
            work.render()
            work.send()
        finally:
            db.session.remove()
        return work.tally


class _Tick:
    """One tick: what its deeds share."""

    def __init__(self, parts: Parts, session: Session) -> None:
        self.parts, self.session = parts, session
        self.tally = Tally()
        self.now = parts.clock.now()
        sign(session, Actor(at=self.now, source=Source.CLOCKWORK))

    def meetings(self) -> None:
        """Make meetings ahead, once a week for each partnership."""
        year, week, _ = london_day(self.now).isocalendar()
        waiting = self._each(
            "what partnerships there are", lambda: self._without_meetings(f"{year}-W{week:02d}")
        )
        for partnership_id, key in waiting:
            with self._apart(f"meetings of partnership {partnership_id}"), self.session.begin():
                partnership = self.session.get_one(Partnership, partnership_id)
                if claim(self.session, key, now=self.now):
                    self.tally.meetings += make_meetings(
                        self.session, partnership, self.parts.holidays, now=self.now
                    )

    def _without_meetings(self, week: str) -> list[tuple[int, str]]:
        """Each partnership that has not had its meetings made this week, with the deed's key.

        Asked before a claim is tried, so that most ticks take no lock for it.
        """
        rows = self.session.execute(
            select(Partnership.id, Partnership.uid).order_by(Partnership.id)
        )
        keys = {f"meetings:{uid}:{week}": partnership_id for partnership_id, uid in rows}
        done = set(self.session.scalars(select(Deed.key).where(Deed.key.in_(keys))))
        return [(partnership_id, key) for key, partnership_id in keys.items() if key not in done]

    def steps(self) -> None:
        """Do every step of a timetable that is due; updates closing keeps the draft pack.

        The steps of a meeting keep their order: where one fails, the later ones wait for it.
        """
        stopped: set[int] = set()
        for step in self._each("steps", lambda: due_steps(self.session, self.now)):
            if step.meeting_id in stopped:
                continue
            stopped.add(step.meeting_id)
            with self._apart(f"{step.kind} of meeting {step.meeting_id}"):
                self._step(step)
                stopped.remove(step.meeting_id)

    def _step(self, step: DueStep) -> None:
        with self.session.begin():
            meeting = do_step(self.session, step.step_id, now=self.now)
            if meeting is None:
                return
            if step.kind is StepKind.UPDATES_CLOSE:
                self._keep_draft(meeting)
        self.tally.steps += 1

    def _keep_draft(self, meeting: Meeting) -> None:
        documents.keep_draft(self.session, meeting, now=self.now)
        log.info("draft pack kept: %s %s", meeting.board.name, meeting.meets_on)

    def chores(self) -> None:
        """Do what the rooms of governance find due, each deed in a transaction of its own."""
        for chore in CHORES:
            found = self._each(chore.name, partial(chore.due, self.session, self.now))
            for record_id in found:
                with self._apart(f"{chore.name} of {record_id}"), self.session.begin():
                    chore.do(self.session, record_id, self.now)
                    self.tally.chores += 1

    def messages(self, write: notices.Write) -> None:
        """Write the day's messages."""
        domain = urlsplit(self.parts.settings.base_url).hostname or "localhost"
        for digest in self._each("messages", lambda: notices.due(self.session, self.now)):
            with self._apart(f"message to person {digest.person_uid}"):
                if notices.send(self.session, digest, write, now=self.now, domain=domain):
                    self.session.commit()
                    self.tally.messages += 1
                else:
                    self.session.rollback()

    def render(self) -> None:
        """Render what was kept and has no PDF yet: packs, and what the rooms of governance keep."""
        for pack_id in self._each("packs", lambda: documents.unrendered(self.session)):
            with self._apart(f"rendering of pack {pack_id}"):
                if documents.render_kept(self.session, pack_id, self.parts.renderer, now=self.now):
                    self.tally.rendered += 1
        for printing in PRINTINGS:
            for record_id in self._each(printing.name, partial(printing.due, self.session)):
                with self._apart(f"{printing.name} of {record_id}"):
                    self._print(printing, record_id)

    def _print(self, printing: Printing, record_id: int) -> None:
        """Make a PDF; one that could not be made is tried again the next day, not at every tick."""
        key = f"unprinted:{printing.name}:{record_id}:{london_day(self.now)}"
        failed_today = self.session.get(Deed, key) is not None
        self.session.rollback()
        if failed_today:
            return
        try:
            made = printing.do(self.session, record_id, self.parts.renderer, self.now)
        except PdfError:
            self.session.rollback()
            claim(self.session, key, now=self.now)
            self.session.commit()
            raise
        self.tally.rendered += made

    def send(self) -> None:
        """Send the mail that waits."""
        with self._apart("sending"):
            send_waiting(
                self.session, self.parts.mailer, self.parts.clock.now, done=self.tally.mail
            )

    def _each(self, what: str, query: Callable[[], Sequence[T]]) -> Sequence[T]:
        """Read what is due, and let the transaction go, so that no deed waits on it."""
        found: Sequence[T] = ()
        with self._apart(f"reading {what}"):
            found = query()
        self.session.rollback()
        return found

    @contextmanager
    def _apart(self, what: str) -> Iterator[None]:
        """Whatever goes wrong inside leaves nothing behind, is logged, and stops nothing else."""
        try:
            yield
        except Exception:
            log.exception("could not be done: %s", what)
            self.tally.failed += 1
            self.session.rollback()


def _write(app: Flask, parts: Parts, digest: Digest, news: Sequence[News]) -> tuple[str, str, str]:
    values = {
        "name": digest.name,
        "subject": subject_of(news),
        "sections": sections(news),
        "asked": asked_for(news),
        "has_papers": any(each.kind is NewsKind.PAPERS for each in news),
        "base_url": parts.settings.base_url,
    }
    text = app.jinja_env.get_template("email/digest.txt").render(values)
    html = app.jinja_env.get_template("email/digest.html").render(values)
    return subject_of(news), text, html
