"""Making an agenda item confidential, and open again, with everything that was made of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.agenda_models import AgendaItem, Paper
from governance.decision_models import Decision
from governance.log_models import MeetingAction
from governance.minute_models import Declaration, ItemMinute
from governance.pack_models import Pack, PackPart, PackStatus
from governance.report_models import ForwardItem
from governance.restricted.rules import wanting


class CannotRestrict(Exception):
    """An item stays as it is; the message says why, ``fields`` what is wrong by field."""

    def __init__(self, why: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(why)
        self.fields = fields or {}


def make_confidential(
    session: Session,
    item: AgendaItem,
    *,
    paragraph: int | None = None,
    reason: str | None = None,
    access_law: bool,
) -> None:
    """Keep an item, and all that was made of it, to those entitled.

    Raises CannotRestrict where the law wants a ground that is not given, and once the item was
    published openly: what everybody has read is taken down, not made confidential.
    """
    wrong = wanting(access_law=access_law, paragraph=paragraph, reason=reason)
    if wrong:
        raise CannotRestrict(next(iter(wrong.values())), wrong)
    if not item.is_confidential and was_published(session, item, PackPart.OPEN):
        raise CannotRestrict(
            "This item was published openly, so it cannot become confidential. Text in it that"
            " must not be read is taken down instead."
        )
    item.exempt_paragraph, item.exempt_reason = paragraph, reason
    _mark(session, item, True)


def make_open(session: Session, item: AgendaItem) -> None:
    """Show an item, and all that was made of it, to everybody who reads the board's papers.

    Raises CannotRestrict once it was published in the confidential part.
    """
    if was_published(session, item, PackPart.CONFIDENTIAL):
        raise CannotRestrict(
            "This item was published in the confidential part of the pack, and stays there."
        )
    _mark(session, item, False)
    item.exempt_paragraph = item.exempt_reason = None
    session.flush()


def was_published(session: Session, item: AgendaItem, part: PackPart) -> bool:
    """Whether an item with a number stood in a published pack of its meeting."""
    if item.number is None:
        return False
    return (
        session.scalar(
            select(Pack.id)
            .where(
                Pack.partnership_id == item.partnership_id,
                Pack.meeting_id == item.meeting_id,
                Pack.status == PackStatus.PUBLISHED,
                Pack.part == part,
                Pack.supplement >= item.supplement,
            )
            .limit(1)
        )
        is not None
    )


def _mark(session: Session, item: AgendaItem, confidential: bool) -> None:
    item.is_confidential = confidential
    for row in _made_of(session, item):
        row.is_confidential = confidential
    session.flush()


def _made_of(session: Session, item: AgendaItem) -> Iterator[Any]:
    """Every record that repeats words of an item."""
    for model in (Paper, ItemMinute, Declaration, Decision, MeetingAction):
        yield from session.scalars(
            select(model).where(
                model.partnership_id == item.partnership_id, model.item_id == item.id
            )
        )
    yield from session.scalars(
        select(ForwardItem).where(
            ForwardItem.partnership_id == item.partnership_id,
            ForwardItem.from_item_id == item.id,
        )
    )
