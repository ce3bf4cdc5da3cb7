"""One commit at the edge: after a successful POST, and nowhere else in a request.

Operations flush, so that what is wrong shows while the view can still answer; the whole request
is one transaction with its audit entries. A request that reads never commits.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask, Response, request
from flask_login import current_user

from tracker.edges.clock import Clock
from tracker.edges.db import db, expect_writes
from tracker.ledger.audit import Actor, Source, sign
from tracker.web.access import Viewer

SAFE = ("GET", "HEAD", "OPTIONS")


def install(app: Flask, clock: Clock) -> None:
    """Commit after a successful POST of this app; roll back after everything else."""

    @app.before_request
    def begin() -> None:
        expect_writes(request.method not in SAFE)
        sign(db.session, Actor(at=clock.now(), source=Source.WEB, person_id=_person_id()))

    @app.after_request
    def end(response: Response) -> Response:
        if request.method not in SAFE and response.status_code < 400:
            db.session.commit()
        else:
            db.session.rollback()
        return response

    @app.teardown_request
    def leave(error: BaseException | None) -> None:
        expect_writes(True)


def small_write(act: Callable[[], None], *, now: datetime) -> None:
    """One of the few writes that a reading request may make, in a transaction of its own.

    The list is short: a feed's last fetch, a sign-in, a failed sign-in's counter.
    """
    db.session.rollback()
    expect_writes(True)
    sign(db.session, Actor(at=now, source=Source.WEB, person_id=_person_id()))
    try:
        act()
        db.session.commit()
    finally:
        expect_writes(request.method not in SAFE)


def _person_id() -> int | None:
    who = current_user._get_current_object() if current_user else None
    return who.person_id if isinstance(who, Viewer) else None
