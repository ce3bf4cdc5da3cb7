"""Serving: the web by gunicorn, the clockwork by APScheduler in a process of its own."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy.exc import OperationalError

from tracker.edges.db import db, reading
from tracker.jobs import tick
from tracker.ledger.outbox import Sent, send_waiting, something_waits
from tracker.web.parts import EXTENSION, Parts

log = logging.getLogger(__name__)
# Whoever asked for a code looks at the screen and waits.
SENDS_EVERY_SECONDS = 5


class Server(BaseApplication):
    """gunicorn, told in code; each worker builds its own application."""

    def __init__(self, build: Callable[[], Flask], options: dict[str, Any]) -> None:
        self.build = build
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.build()


def serve(build: Callable[[], Flask], *, host: str, port: int, workers: int) -> None:
    """Serve the web until told to stop."""
    Server(
        build,
        {
            "bind": f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": 4,
            "timeout": 60,
            "graceful_timeout": 20,
            "preload_app": False,
            # A control socket in the home folder is not ours to leave behind.
            "control_socket_disable": True,
            "accesslog": None,
        },
    ).run()


def send_now(app: Flask) -> Sent:
    """Send what waits and do nothing else; where nothing waits it only reads.

    It may run while a tick sends too: each letter is claimed by one of them.
    """
    parts: Parts = app.extensions[EXTENSION]
    done = Sent()
    if not parts.mailer.sends:
        return done
    with app.app_context():
        session = db.session()
        try:
            with reading():
                waits = something_waits(session, parts.clock.now())
                session.rollback()
            if waits:
                send_waiting(session, parts.mailer, parts.clock.now, done=done)
        finally:
            db.session.remove()
    return done


def schedule(app: Flask, *, every_seconds: int = 60) -> None:
    """Tick at once and then at intervals, until told to stop; a stop lets a running tick end.

    Between ticks what waits to be sent is sent, every few seconds. What fails is logged, and the
    next time tries again.
    """

    log.info("the clockwork ticks every %s seconds", every_seconds)

    def run() -> None:
        try:
            done = tick(app)
            log.log(logging.INFO if done.did_something else logging.DEBUG, "tick: %s", done)
        except Exception:
            # Whatever went wrong has left nothing half done; the next tick takes it up.
            log.exception("tick failed")

    def send() -> None:
        try:
            done = send_now(app)
            if done != Sent():
                log.info("sent between ticks: %s", done)
        except OperationalError as error:
            log.warning("could not send: the database does not answer: %s", error.orig)
        except Exception:
            log.exception("sending failed")

    # Its own talk of jobs is of no use to whoever reads this log.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    # A signal may come at any moment, so its handler takes no lock: it only writes to a pipe.
    told, tell = os.pipe()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os.write(tell, b"."))
    scheduler = BackgroundScheduler(timezone="Europe/London")
    scheduler.add_job(
        run,
        IntervalTrigger(seconds=every_seconds),
        next_run_time=datetime.now(UTC),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
        id="tick",
    )
    scheduler.add_job(
        send,
        IntervalTrigger(seconds=SENDS_EVERY_SECONDS),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
        id="send",
    )
    scheduler.start()
    os.read(told, 1)
    log.info("stopping")
    scheduler.shutdown()
