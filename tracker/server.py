"""Serving: the web by gunicorn, the clockwork by APScheduler in a process of its own."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from typing import Any

from apscheduler.schedulers.blocking import BlockingScheduler
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
    """Tick until told to stop; a tick that fails is logged, and the next one tries again."""
    scheduler = BlockingScheduler(timezone="Europe/London")

    def run() -> None:
        try:
            log.info("tick: %s", tick(app))
        except Exception:
            # Whatever went wrong has left nothing half done; the next tick takes it up.
            log.exception("tick failed")

    scheduler.add_job(
        run,
        IntervalTrigger(seconds=every_seconds),
        max_instances=1,
        coalesce=True,
        id="tick",
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: scheduler.shutdown(wait=False))
    run()
    scheduler.start()
