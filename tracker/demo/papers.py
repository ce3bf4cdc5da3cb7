"""What the secretary puts on agendas in the replayed year: reports, one of them in confidence."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem, ItemOrigin, PaperKind
from governance.agendas.operations import add_item
from governance.agendas.papering import add_paper
from governance.models import Meeting
from tracker.demo import board_words as words
from tracker.demo.cast import Cast


@dataclass
class PapersWork:
    """One partnership's secretary, on a day on which an agenda is approved."""

    session: Session
    cast: Cast
    dice: random.Random
    now: datetime

    def prepare(self, meeting: Meeting) -> None:
        """Put a report before every other meeting, and once a year one in confidence."""
        if self.dice.random() < 0.5:
            self._report(meeting, words.REPORT_TITLE, words.REPORT, in_confidence=False)
        if not self._kept_one():
            self._report(meeting, words.TENDER_TITLE, words.TENDER_REPORT, in_confidence=True)

    def _report(
        self, meeting: Meeting, title: str, fields: dict[str, str | None], *, in_confidence: bool
    ) -> None:
        item = add_item(
            self.session,
            meeting,
            kind=ItemKind.TEXT,
            title=title,
            purpose=Purpose.DECISION,
            origin=ItemOrigin.SECRETARY,
            presenter="Lead officer",
            minutes=10,
            is_confidential=in_confidence,
        )
        add_paper(
            self.session,
            item,
            kind=PaperKind.REPORT,
            title=title,
            fields=fields,
            sent=None,
            is_to_follow=False,
            person_id=self.cast.secretary_id,
            now=self.now,
        )

    def _kept_one(self) -> bool:
        """Whether the partnership has had its confidential item."""
        found = self.session.scalar(
            select(AgendaItem.id)
            .where(
                AgendaItem.partnership_id == self.cast.partnership_id,
                AgendaItem.is_confidential,
            )
            .limit(1)
        )
        return found is not None
