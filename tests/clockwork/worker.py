"""A scheduler that is told the time: it ticks when asked, in a process that may be killed.

Each is forked from a server that has imported everything already, so that one which was killed
is back in the wink of an eye. Nothing of a database or an application is made before the fork.
"""

from __future__ import annotations

import logging
import multiprocessing
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from tests.fakes import PlainRenderer
from tracker.app import create_app
from tracker.edges.clock import SetClock
from tracker.edges.mail import MailServer, SmtpMailer
from tracker.jobs import tick
from tracker.settings import Settings

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload([__name__])


def settings(url: str) -> Settings:
    """The settings of an application on a database."""
    return Settings(
        secret_key="a secret for tests, and for nothing else",
        database_url=url,
        base_url="http://localhost",
    )


def work(url: str, port: int, sender: str, log: Path, told: Connection) -> None:
    """Tick at each instant that is told, by real SMTP, and answer how many deeds failed."""
    logging.basicConfig(filename=log, level=logging.WARNING, force=True)
    clock = SetClock(datetime(2025, 1, 1, tzinfo=UTC))
    mailer = SmtpMailer(MailServer("127.0.0.1", port, None, None, "none"), sender)
    app = create_app(settings(url), clock, mailer, PlainRenderer())
    while True:
        try:
            clock.set(told.recv())
        except EOFError:
            return
        told.send(tick(app).failed)


class Worker:
    """One scheduler, as its owner sees it: told the time, asked whether it is done, killed."""

    def __init__(self, number: int, url: str, port: int, folder: Path) -> None:
        self.sender = f"clockwork-{number}@a.example"
        self._arguments = (url, port, self.sender, folder / f"worker-{number}.log")
        self._start()

    def _start(self) -> None:
        self.ear, mouth = FORKED.Pipe()
        self.process = FORKED.Process(target=work, args=(*self._arguments, mouth), daemon=True)
        self.process.start()
        mouth.close()  # so that its end is heard

    def tell(self, instant: datetime) -> None:
        """Have it tick at an instant; one that was killed is started again."""
        if not self.process.is_alive():
            self.ear.close()
            self._start()
        self.ear.send(instant)

    def answer(self) -> int | None:
        """How many deeds failed in its tick; None where it was killed."""
        try:
            failed: int = self.ear.recv()
        except (EOFError, ConnectionResetError):
            self.process.join()
            return None
        return failed

    @property
    def is_done(self) -> bool:
        """Whether its answer is there."""
        return self.ear.poll()

    def kill(self) -> None:
        """End it here and now (SIGKILL)."""
        self.process.kill()
        self.process.join()

    def stop(self) -> None:
        """Let it end by itself."""
        if self.process.is_alive():
            self.ear.close()
            self.process.join(30)
