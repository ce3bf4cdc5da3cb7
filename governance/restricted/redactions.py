"""The clockwork's part: what was taken down of packs and minutes is rendered without the words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from governance.clockwork import Chore, add_chore
from governance.restricted.papers import RENDERINGS, Rendering, render, unrendered
from tracker.edges.db import db
from tracker.web.parts import parts


def _chore(one: Rendering) -> Chore:
    def due(session: Session, now: datetime) -> Sequence[int]:
        return unrendered(session, one)

    def do(session: Session, row_id: int, now: datetime) -> None:
        # Rendering takes its time and must hold no transaction, so it has a session of its own.
        own = db.session.session_factory()
        try:
            render(own, one, row_id, parts().renderer, now=now)
        finally:
            own.close()

    return Chore(f"rendering of {one.model.__tablename__} without what was taken down", due, do)


for _one in RENDERINGS:
    add_chore(_chore(_one))
