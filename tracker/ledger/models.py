"""The ledger's tables: what happened once, what changed, what was sent, what was filed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.edges.db import Base, CleanText, Keyed, Uid, UtcDateTime, words


class Deed(Base):
    """A scheduled thing done once: its key says which, and a second insert of it fails."""

    __tablename__ = "deed"
    is_audited = False
    key: Mapped[str] = mapped_column(CleanText(300), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    planned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_late: Mapped[bool] = mapped_column(default=False)


class Blob(Base):
    """Bytes by their SHA-256: packs, snapshots, papers; never changed once filed."""

    __tablename__ = "blob"
    is_audited = False
    sha256: Mapped[str] = mapped_column(CleanText(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(CleanText(100))
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditEntry(Keyed, Base):
    """Who changed which field of which record, when, from where, from what, to what."""

    __tablename__ = "audit_entry"
    is_audited = False
    __table_args__ = (
        Index(None, "table_name", "record_id"),
        Index(None, "partnership_id", "at"),
        # What was deleted since a day is found without reading all that was changed since.
        Index(
            "ix_audit_entry_deleted",
            "partnership_id",
            "table_name",
            sqlite_where=text("field = '*' and after is null"),
            postgresql_where=text("field = '*' and after is null"),
        ),
        {"sqlite_autoincrement": True},
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    partnership_id: Mapped[int | None]
    person_id: Mapped[int | None]
    source: Mapped[str] = mapped_column(CleanText(20))
    table_name: Mapped[str] = mapped_column(CleanText(63))
    record_id: Mapped[int]
    field: Mapped[str] = mapped_column(CleanText(63))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)


class MailState(StrEnum):
    """Where a mail is on its way out."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


class OutboxMail(Keyed, Uid, Base):
    """A mail written in the transaction of its cause; its Message-ID is fixed at writing.

    The text of a secret one (a sign-in code) is wiped once it is sent or has failed. PDFs go with
    it by the SHA-256 under which they are filed and a name, one a line.
    """

    __tablename__ = "outbox_mail"
    is_audited = False
    __table_args__ = (
        Index(None, "state", "next_try_at"),
        Index(None, "recipient", "id"),
        {"sqlite_autoincrement": True},
    )
    key: Mapped[str] = mapped_column(CleanText(300), unique=True)
    message_id: Mapped[str] = mapped_column(CleanText(200), unique=True)
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"), index=True)
    recipient: Mapped[str] = mapped_column(CleanText(254))
    subject: Mapped[str] = mapped_column(CleanText(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[MailState] = mapped_column(words(MailState), default=MailState.WAITING)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claim: Mapped[UUID | None] = mapped_column(Uuid)
    in_doubt: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(CleanText(500))
    forget_text: Mapped[bool] = mapped_column(default=False)
    attachments: Mapped[str | None] = mapped_column(CleanText(2000))
    bounced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bounce_words: Mapped[str | None] = mapped_column(CleanText(500))
