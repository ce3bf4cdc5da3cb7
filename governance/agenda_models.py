"""Agenda items and their papers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from governance.agenda import ItemKind, Purpose
from tracker.edges.db import (
    Base,
    CleanText,
    Tenanted,
    Uid,
    UtcDateTime,
    Versioned,
    tenant_table,
    words,
)


class ItemOrigin(StrEnum):
    """What put an item on an agenda."""

    STANDING = "the standing agenda"
    CYCLE = "a review cycle"
    YEAR = "the year’s business"
    CARRIED = "carried over"
    ESCALATED = "escalated from below"
    REPORT = "reported from below"
    FORWARD_PLAN = "the forward plan"
    LATE = "accepted late"
    SECRETARY = "the board secretary"


class ItemStatus(StrEnum):
    """Whether an item is on the agenda; one that left it keeps its place in the records."""

    ON_AGENDA = "on the agenda"
    DEFERRED = "deferred"
    REMOVED = "taken off"


class AgendaItem(Tenanted, Uid, Versioned, Base):
    """A numbered entry of a meeting's agenda, in the order of its position.

    ``source_key`` says which rule wrote it, so that it is written once and not again after it was
    taken off. ``thread`` is shared by the same business at different meetings. ``number`` is
    frozen at publication ("6", "6A"); ``supplement`` is the supplement it came with, 0 for the
    pack itself. A confidential item stands in a file of its own, and where access-to-meetings law
    applies names its paragraph of Schedule 12A and why the public interest lies so.
    """

    __tablename__ = "agenda_item"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "meeting_id", "source_key"),
        refs={
            "meeting_id": "meeting",
            "plan_id": "plan",
            "cycle_id": "review_cycle",
            "about_board_id": "board",
            "carried_from_id": "agenda_item",
        },
    )
    confidential_fields = frozenset(
        {"title", "presenter", "text", "origin_words", "status_words", "late_reason"}
        | {"exempt_reason"}
    )
    meeting_id: Mapped[int]
    position: Mapped[int]
    kind: Mapped[ItemKind] = mapped_column(words(ItemKind))
    title: Mapped[str] = mapped_column(CleanText(300))
    purpose: Mapped[Purpose] = mapped_column(words(Purpose))
    presenter: Mapped[str | None] = mapped_column(CleanText(200))
    minutes: Mapped[int | None]
    plan_id: Mapped[int | None]
    text: Mapped[str | None] = mapped_column(CleanText(4000))
    cycle_id: Mapped[int | None]
    about_board_id: Mapped[int | None]
    source_key: Mapped[str | None] = mapped_column(CleanText(120))
    origin: Mapped[ItemOrigin] = mapped_column(words(ItemOrigin), default=ItemOrigin.SECRETARY)
    origin_words: Mapped[str | None] = mapped_column(CleanText(500))
    thread: Mapped[UUID] = mapped_column(Uuid, default=uuid4, index=True)
    carried_from_id: Mapped[int | None]
    status: Mapped[ItemStatus] = mapped_column(words(ItemStatus), default=ItemStatus.ON_AGENDA)
    status_words: Mapped[str | None] = mapped_column(CleanText(1000))
    number: Mapped[str | None] = mapped_column(CleanText(10))
    supplement: Mapped[int] = mapped_column(default=0)
    late_reason: Mapped[str | None] = mapped_column(CleanText(1000))
    is_confidential: Mapped[bool] = mapped_column(default=False)
    exempt_paragraph: Mapped[int | None]
    exempt_reason: Mapped[str | None] = mapped_column(CleanText(1000))


class PaperKind(StrEnum):
    """How a paper came: written here in the form of a cover sheet, or as a file."""

    REPORT = "report"
    FILE = "file"


class Paper(Tenanted, Uid, Versioned, Base):
    """A document under an agenda item: a report written here, a file, or a report with a file.

    The fields of a report are those of a council's cover sheet; implications are never blank.
    ``recommendations`` has one a line. ``findings`` are what was found wrong with the file, one a
    line. ``is_to_follow``: announced and not there yet. A withdrawn paper leaves a marked gap.
    """

    __tablename__ = "paper"
    __table_args__ = tenant_table(refs={"item_id": "agenda_item"})
    confidential_fields = frozenset(
        {"title", "author", "lead_officer", "sponsor", "classification", "summary"}
        | {"recommendations", "priorities", "considered_before", "financial", "legal", "equality"}
        | {"safeguarding", "childrens_voice", "risk", "consultation", "appendices", "background"}
        | {"file_name", "findings", "withdrawn_words", "reference", "text"}
    )
    item_id: Mapped[int]
    position: Mapped[int] = mapped_column(default=1)
    kind: Mapped[PaperKind] = mapped_column(words(PaperKind))
    title: Mapped[str] = mapped_column(CleanText(300))
    reference: Mapped[str | None] = mapped_column(CleanText(80))
    author: Mapped[str | None] = mapped_column(CleanText(200))
    lead_officer: Mapped[str | None] = mapped_column(CleanText(200))
    sponsor: Mapped[str | None] = mapped_column(CleanText(200))
    classification: Mapped[str | None] = mapped_column(CleanText(100))
    summary: Mapped[str | None] = mapped_column(CleanText(2000))
    recommendations: Mapped[str | None] = mapped_column(CleanText(4000))
    priorities: Mapped[str | None] = mapped_column(CleanText(1000))
    considered_before: Mapped[str | None] = mapped_column(CleanText(1000))
    financial: Mapped[str | None] = mapped_column(CleanText(2000))
    legal: Mapped[str | None] = mapped_column(CleanText(2000))
    equality: Mapped[str | None] = mapped_column(CleanText(2000))
    safeguarding: Mapped[str | None] = mapped_column(CleanText(2000))
    childrens_voice: Mapped[str | None] = mapped_column(CleanText(2000))
    risk: Mapped[str | None] = mapped_column(CleanText(2000))
    consultation: Mapped[str | None] = mapped_column(CleanText(2000))
    appendices: Mapped[str | None] = mapped_column(CleanText(1000))
    background: Mapped[str | None] = mapped_column(CleanText(1000))
    text: Mapped[str | None] = mapped_column(CleanText(20000))
    file_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    file_name: Mapped[str | None] = mapped_column(CleanText(200))
    media_type: Mapped[str | None] = mapped_column(CleanText(100))
    file_size: Mapped[int | None]
    file_pages: Mapped[int | None]
    findings: Mapped[str | None] = mapped_column(CleanText(2000))
    is_to_follow: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_words: Mapped[str | None] = mapped_column(CleanText(1000))
    is_confidential: Mapped[bool] = mapped_column(default=False)
