"""Outcome indicators and their readings, kept as honestly as the plan prints them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from priorities.models import Priority
from priorities.rules import Polarity, ReadingState
from tracker.edges.db import (
    Base,
    CleanText,
    Tenanted,
    Uid,
    UtcDateTime,
    Versioned,
    seen,
    tenant_table,
    words,
)
from tracker.kernel.period import Calendar


class Unit(StrEnum):
    """What an indicator's figures are."""

    PERCENT = "percent"
    RATE = "rate"
    COUNT = "count"
    POINTS = "points"
    WORDS = "words"


class Direction(StrEnum):
    """A target that is only a direction."""

    INCREASE = "increase"
    REDUCE = "reduce"
    MAINTAIN = "maintain"


class Frequency(StrEnum):
    """How often an indicator is reported."""

    QUARTERLY = "quarterly"
    SIX_MONTHLY = "six-monthly"
    ANNUAL = "annual"


class Indicator(Tenanted, Uid, Versioned, Base):
    """An outcome measure of a plan, under a priority or a theme."""

    __tablename__ = "indicator"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "plan_id", "number"),
        refs={"plan_id": "plan", "priority_id": "priority"},
    )
    plan_id: Mapped[int]
    priority_id: Mapped[int | None]
    theme: Mapped[str | None] = mapped_column(CleanText(200))
    number: Mapped[str] = mapped_column(CleanText(20))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(CleanText(300))
    unit: Mapped[Unit] = mapped_column(words(Unit))
    unit_words: Mapped[str | None] = mapped_column(CleanText(100))
    polarity: Mapped[Polarity] = mapped_column(words(Polarity))
    target_direction: Mapped[Direction | None] = mapped_column(words(Direction))
    target_value: Mapped[Decimal | None] = mapped_column(Numeric(14, 4))
    target_printed: Mapped[str | None] = mapped_column(CleanText(200))
    frequency: Mapped[Frequency | None] = mapped_column(words(Frequency))
    to_be_developed: Mapped[bool] = mapped_column(default=False)
    commentary: Mapped[str | None] = mapped_column(CleanText(2000))
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))
    priority: Mapped[Priority | None] = seen(
        "Priority", "foreign(Indicator.priority_id) == Priority.id"
    )


class IndicatorPart(Tenanted, Base):
    """A part of an indicator that has figures of its own: a key stage, an area."""

    __tablename__ = "indicator_part"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "indicator_id", "slug"),
        refs={"indicator_id": "indicator"},
    )
    indicator_id: Mapped[int]
    slug: Mapped[str] = mapped_column(CleanText(60))
    name: Mapped[str] = mapped_column(CleanText(100))
    position: Mapped[int] = mapped_column(default=0)


class IndicatorFramework(Tenanted, Base):
    """Another framework that an indicator is also in; stated by the source, or assigned."""

    __tablename__ = "indicator_framework"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "indicator_id", "name"),
        refs={"indicator_id": "indicator"},
    )
    indicator_id: Mapped[int]
    name: Mapped[str] = mapped_column(CleanText(200))
    is_stated: Mapped[bool]
    note: Mapped[str | None] = mapped_column(CleanText(500))


class Series(StrEnum):
    """Whose figure a reading is."""

    OWN = "own"
    NATIONAL = "national"
    NEIGHBOURS = "neighbours"
    NEAREST_NEIGHBOUR = "nearest-neighbour"
    REGION = "region"
    REGION_BEST = "region-best"
    NATIONAL_BEST = "national-best"


class Reading(Tenanted, Base):
    """One value of an indicator, its own or a comparator's, with its own period and source."""

    __tablename__ = "reading"
    __table_args__ = tenant_table(refs={"indicator_id": "indicator", "part_id": "indicator_part"})
    indicator_id: Mapped[int]
    part_id: Mapped[int | None]
    series: Mapped[Series] = mapped_column(words(Series))
    is_baseline: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ReadingState] = mapped_column(words(ReadingState))
    value: Mapped[Decimal | None] = mapped_column(Numeric(14, 4))
    printed: Mapped[str] = mapped_column(CleanText(200))
    is_provisional: Mapped[bool] = mapped_column(default=False)
    period_printed: Mapped[str | None] = mapped_column(CleanText(60))
    period_first_on: Mapped[date | None]
    period_last_on: Mapped[date | None]
    period_calendar: Mapped[Calendar | None] = mapped_column(words(Calendar))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))
