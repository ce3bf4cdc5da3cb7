"""The clockwork's part: what was taken down of packs and minutes is rendered without the words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from governance.clockwork import Printing, add_printing
from governance.restricted.papers import RENDERINGS, Rendering, render, unrendered
from tracker.edges.pdf import PdfRenderer


def _printing(one: Rendering) -> Printing:
    def due(session: Session) -> Sequence[int]:
        return unrendered(session, one)

    def do(session: Session, row_id: int, renderer: PdfRenderer, now: datetime) -> bool:
        return render(session, one, row_id, renderer, now=now)

    return Printing(f"rendering of {one.model.__tablename__} without what was taken down", due, do)


for _one in RENDERINGS:
    add_printing(_printing(_one))
