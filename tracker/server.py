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

from tracker.jobs import tick

log = logging.getLogger(__name__)


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


def schedule(app: Flask, *, every_seconds: int = 60) -> None:
    """Tick at once and then at intervals, until told to stop; a stop lets a running tick end.

    A tick that fails is logged, and the next one tries again.
    """

    log.info("the clockwork ticks every %s seconds", every_seconds)

    def run() -> None:
        try:
            done = tick(app)
            log.log(logging.INFO if done.did_something else logging.DEBUG, "tick: %s", done)
        except Exception:
            # Whatever went wrong has left nothing half done; the next tick takes it up.
            log.exception("tick failed")

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
    scheduler.start()
    os.read(told, 1)
    log.info("stopping")
    scheduler.shutdown()
