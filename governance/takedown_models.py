"""Text that was taken down, because it identifies a child."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.edges.db import Base, CleanText, Tenanted, Uid, UtcDateTime, Versioned, tenant_table


class Takedown(Tenanted, Uid, Versioned, Base):
    """One text hidden at once, with a reason; then perhaps erased everywhere.

    ``fingerprints`` has the SHA-256 of the whole text and of each of its sentences, one a line, so
    that it is found again in a restored backup. ``sealed`` keeps the words until they are erased
    or shown again; only who decides that reads them.
    """

    __tablename__ = "takedown"
    __table_args__ = tenant_table(Index(None, "table_name", "record_id", "field"))
    table_name: Mapped[str] = mapped_column(CleanText(63))
    record_id: Mapped[int]
    field: Mapped[str] = mapped_column(CleanText(63))
    fingerprints: Mapped[str] = mapped_column(CleanText(20000))
    sealed: Mapped[str | None] = mapped_column(CleanText(20000))
    reason: Mapped[str] = mapped_column(CleanText(1000))
    hidden_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hidden_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    shown_again_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
