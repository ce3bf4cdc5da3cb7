"""What a board sets for itself: its timetable, its standing agenda, its business of the year."""

from __future__ import annotations

from datetime import time
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.agenda import ItemKind, Purpose
from tracker.edges.db import Base, CleanText, Tenanted, Versioned, tenant_table, words


class BoardTimetable(Tenanted, Versioned, Base):
    """A board's own timetable, in working days before and after a meeting; none: the standard.

    ``close_`` is the run-up of meetings at most ``close_gap_days`` apart, ``far_`` the longer
    one. None leaves the agenda-setting out. The rule that reads it is ``TimetableSettings``.
    """

    __tablename__ = "board_timetable"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id"), refs={"board_id": "board"}
    )
    board_id: Mapped[int]
    clear_days: Mapped[int]
    close_gap_days: Mapped[int]
    close_agenda_setting: Mapped[int | None]
    close_ask: Mapped[int]
    close_chase: Mapped[int]
    close_updates_close: Mapped[int]
    close_papers_due: Mapped[int]
    close_publish: Mapped[int]
    far_agenda_setting: Mapped[int | None]
    far_ask: Mapped[int]
    far_chase: Mapped[int]
    far_updates_close: Mapped[int]
    far_papers_due: Mapped[int]
    far_publish: Mapped[int]
    chairs_briefing: Mapped[int]
    actions_sent: Mapped[int]
    draft_minutes_to_chair: Mapped[int]
    draft_minutes_to_members: Mapped[int]
    asks_at: Mapped[time]
    closes_at: Mapped[time]


class StandingItem(Tenanted, Versioned, Base):
    """An item of a board's own standing agenda; a board with none has the standard one."""

    __tablename__ = "standing_item"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "slug"), refs={"board_id": "board"}
    )
    board_id: Mapped[int]
    slug: Mapped[str] = mapped_column(CleanText(60))
    position: Mapped[int]
    kind: Mapped[ItemKind] = mapped_column(words(ItemKind))
    title: Mapped[str] = mapped_column(CleanText(300))
    purpose: Mapped[Purpose] = mapped_column(words(Purpose))
    presenter: Mapped[str | None] = mapped_column(CleanText(200))
    minutes: Mapped[int | None]
    text: Mapped[str | None] = mapped_column(CleanText(4000))


class BusinessKind(StrEnum):
    """What a board does once a year."""

    CHAIR = "chair-appointment"
    TERMS = "terms-of-reference"
    MEMBERSHIP = "membership"
    DATES = "meeting-dates"
    ANNUAL_REPORT = "annual-report"


class YearBusiness(Tenanted, Base):
    """Business that comes once a year, to a board's first meeting from a month on (1 to 12)."""

    __tablename__ = "year_business"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "kind"), refs={"board_id": "board"}
    )
    board_id: Mapped[int]
    kind: Mapped[BusinessKind] = mapped_column(words(BusinessKind))
    month: Mapped[int]
