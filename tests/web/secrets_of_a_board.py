"""A board with a confidential row in every place where there can be one, each with a secret word.

The words mean nothing, so that a test finds them wherever they turn up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import typst
from sqlalchemy.orm import Session

from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem, Paper, PaperKind
from governance.decision_models import (
    Answer,
    Circulation,
    CirculationAnswer,
    CirculationKind,
    Decision,
    DecisionKind,
)
from governance.log_models import MeetingAction, MeetingActionNote, MeetingActionStatus
from governance.minute_models import Declaration, ItemMinute
from governance.models import Meeting
from governance.report_models import ForwardItem
from governance.restricted.operations import make_confidential
from tests.factories import House
from tracker.ledger.blobs import file_bytes
from tracker.people.models import Person

Row = TypeVar("Row")
SYLLABLES = ("bor", "cud", "dif", "fug", "gop", "hux", "jev", "kiz", "lom", "myb", "nud", "pwa")


@dataclass
class Secrets:
    """The secret words by where they stand, and the uids of the rows that hold them."""

    words: dict[str, str] = field(default_factory=dict)
    uids: list[UUID] = field(default_factory=list)

    def word(self, where: str) -> str:
        """A new secret word for a place."""
        number, letters = len(self.words) + 1, ""
        while number:
            number, digit = divmod(number, len(SYLLABLES))
            letters += SYLLABLES[digit]
        self.words[where] = f"xq{letters}xq"
        return self.words[where]

    def text(self, where: str) -> str:
        """A sentence with a new secret word."""
        return f"About {self.word(where)} and nothing else."


def fill(house: House, meeting: Meeting, lead: Person, member: Person) -> Secrets:
    """Put a confidential row, with a secret word in each text, wherever there can be one."""
    made = _Filling(house.session, house, meeting, Secrets())
    item = made.item("item", position=80)
    made.report(item)
    made.file(item)
    made.recorded(item, lead)
    made.between_meetings(member)
    made.became_confidential(lead)
    house.session.commit()
    return made.secrets


@dataclass
class _Filling:
    session: Session
    house: House
    meeting: Meeting
    secrets: Secrets

    def keep(self, row: Row) -> Row:
        self.session.add(row)
        self.session.flush()
        uid = getattr(row, "uid", None)
        if uid is not None:
            self.secrets.uids.append(uid)
        return row

    def item(self, where: str, *, position: int, confidential: bool = True) -> AgendaItem:
        text = self.secrets.text
        return self.keep(
            AgendaItem(
                partnership_id=self.house.tenant,
                meeting_id=self.meeting.id,
                position=position,
                kind=ItemKind.TEXT,
                title=text(f"{where} title"),
                purpose=Purpose.DECISION,
                presenter=text(f"{where} presenter"),
                text=text(f"{where} text"),
                origin_words=text(f"{where} origin"),
                late_reason=text(f"{where} late reason"),
                exempt_paragraph=1,
                exempt_reason=text(f"{where} exempt reason"),
                is_confidential=confidential,
            )
        )

    def report(self, item: AgendaItem) -> None:
        values = {
            name: self.secrets.text(f"paper {name}")
            for name in sorted(Paper.confidential_fields - {"file_name", "findings"})
        }
        self.keep(
            Paper(
                partnership_id=self.house.tenant,
                item_id=item.id,
                kind=PaperKind.REPORT,
                added_at=self.house.now,
                is_confidential=True,
                **values,
            )
        )

    def file(self, item: AgendaItem) -> None:
        word = self.secrets.word
        source = (
            f'#set document(title: "T {word("pdf title")}", keywords: "{word("pdf keyword")}")\n'
            f"= B {word('pdf bookmark')}\n{word('pdf text')}"
        )
        data = typst.compile(source.encode())
        self.keep(
            Paper(
                partnership_id=self.house.tenant,
                item_id=item.id,
                position=2,
                kind=PaperKind.FILE,
                title=self.secrets.text("file title"),
                file_sha256=file_bytes(self.session, data, "application/pdf", now=self.house.now),
                file_name=f"{word('file name')}.pdf",
                media_type="application/pdf",
                file_size=len(data),
                file_pages=1,
                findings="It has no tags.",  # never people's words: a fixed list
                added_at=self.house.now,
                is_confidential=True,
            )
        )

    def recorded(self, item: AgendaItem, lead: Person) -> None:
        of_item = {
            "partnership_id": self.house.tenant,
            "meeting_id": self.meeting.id,
            "item_id": item.id,
            "is_confidential": True,
        }
        text, now = self.secrets.text, self.house.now
        self.keep(ItemMinute(**of_item, text=text("minute"), changed_at=now))
        self.keep(
            Declaration(**of_item, name="Sam Ash", interest=text("declaration"), what_followed="L")
        )
        self.keep(
            Decision(
                **of_item,
                board_id=self.house.board.id,
                reference="2026-09/D90",
                kind=DecisionKind.DECISION,
                text=text("decision"),
                made_on=self.meeting.meets_on,
            )
        )
        self.action(of_item, "meeting action", "2026-09/A90", lead)

    def action(
        self, of_item: dict[str, Any], where: str, reference: str, lead: Person
    ) -> MeetingAction:
        text, now = self.secrets.text, self.house.now
        action = self.keep(
            MeetingAction(
                **of_item,
                board_id=self.house.board.id,
                reference=reference,
                what=text(f"{where} what"),
                progress=text(f"{where} progress"),
                person_id=lead.id,
                due_on=now.date() + timedelta(days=26),
                changed_at=now,
            )
        )
        self.keep(
            MeetingActionNote(
                partnership_id=self.house.tenant,
                meeting_action_id=action.id,
                at=now,
                person_id=lead.id,
                status=MeetingActionStatus.OPEN,
                said=text(f"{where} note"),
                is_confidential=of_item["is_confidential"],
            )
        )
        return action

    def between_meetings(self, member: Person) -> None:
        text, now = self.secrets.text, self.house.now
        circulation = self.keep(
            Circulation(
                partnership_id=self.house.tenant,
                board_id=self.house.board.id,
                kind=CirculationKind.EMAIL,
                title=text("circulation title"),
                proposal=text("circulation proposal"),
                why_now=text("circulation why now"),
                outcome_words=text("circulation outcome"),
                opened_at=now,
                opened_by_id=member.id,
                closes_at=now + timedelta(days=60),
                ratify_meeting_id=self.meeting.id,
                is_confidential=True,
            )
        )
        self.keep(
            CirculationAnswer(
                partnership_id=self.house.tenant,
                circulation_id=circulation.id,
                person_id=member.id,
                answer=Answer.AGREE,
                said=text("circulation answer"),
                answered_at=now,
                is_confidential=True,
            )
        )
        self.keep(
            ForwardItem(
                partnership_id=self.house.tenant,
                board_id=self.house.board.id,
                title=text("forward title"),
                purpose=Purpose.DECISION,
                presenter=text("forward presenter"),
                why=text("forward why"),
                added_at=now,
                is_confidential=True,
            )
        )

    def became_confidential(self, lead: Person) -> None:
        """An item, its minute and its action that everybody could read until now."""
        item = self.item("turned", position=81, confidential=False)
        of_item = {
            "partnership_id": self.house.tenant,
            "meeting_id": self.meeting.id,
            "item_id": item.id,
            "is_confidential": False,
        }
        self.keep(
            ItemMinute(
                **of_item, text=self.secrets.text("turned minute"), changed_at=self.house.now
            )
        )
        self.action(of_item, "turned action", "2026-09/A91", lead)
        item.text = self.secrets.text("turned text since")
        self.session.flush()
        make_confidential(
            self.session,
            item,
            paragraph=2,
            reason=self.secrets.text("turned reason"),
            access_law=True,
        )
