"""Packs: drafts, published versions, supplements, and what was published in spite of what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models import Meeting
from tracker.edges.db import Base, CleanText, Tenanted, Uid, UtcDateTime, seen, tenant_table, words
from tracker.people.models import Person


class PackStatus(StrEnum):
    """A pack is a draft until it is published; then it does not change."""

    DRAFT = "draft"
    PUBLISHED = "published"


class PackPart(StrEnum):
    """Which of a meeting's two files: what all its readers see, or what only the entitled do."""

    OPEN = "open"
    CONFIDENTIAL = "confidential"


class Pack(Tenanted, Uid, Base):
    """A meeting's papers as one whole: the value they were written from, and the PDF.

    ``supplement`` 0 is the pack itself; 1, 2 and on are late papers, whose pages go on from
    ``first_page``. ``changes_words`` says what a further version corrected. Where a text in it
    was taken down, the redacted value and PDF are what is shown.
    """

    __tablename__ = "pack"
    __table_args__ = tenant_table(
        UniqueConstraint(
            *("partnership_id", "meeting_id", "status", "part", "supplement", "version_number"),
            name="uq_pack_version",
        ),
        refs={"meeting_id": "meeting"},
    )
    meeting_id: Mapped[int]
    status: Mapped[PackStatus] = mapped_column(words(PackStatus))
    version_number: Mapped[int] = mapped_column(default=1)
    part: Mapped[PackPart] = mapped_column(words(PackPart), default=PackPart.OPEN)
    supplement: Mapped[int] = mapped_column(default=0)
    first_page: Mapped[int] = mapped_column(default=1)
    redacted_snapshot_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    redacted_pdf_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    changes_words: Mapped[str | None] = mapped_column(CleanText(1000))
    schema_version: Mapped[int]
    composed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    as_at: Mapped[datetime] = mapped_column(UtcDateTime)
    snapshot_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    pdf_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    pages: Mapped[int | None]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    render_error: Mapped[str | None] = mapped_column(CleanText(500))
    meeting: Mapped[Meeting] = seen("Meeting", "foreign(Pack.meeting_id) == Meeting.id")


class PackOverride(Tenanted, Base):
    """Something that was wrong when a pack was published, and who published it all the same."""

    __tablename__ = "pack_override"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "pack_id", "finding_key"), refs={"pack_id": "pack"}
    )
    pack_id: Mapped[int]
    finding_key: Mapped[str] = mapped_column(CleanText(120))
    finding: Mapped[str] = mapped_column(CleanText(500))
    reason: Mapped[str] = mapped_column(CleanText(500))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person: Mapped[Person] = seen("Person", "foreign(PackOverride.person_id) == Person.id")
