"""Indicators and readings for tests of pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from priorities.indicator_models import (
    Direction,
    Frequency,
    Indicator,
    IndicatorPart,
    Reading,
    Series,
    Unit,
)
from priorities.rules import Polarity, ReadingState
from tests.factories import House


def indicator(house: House, number: str, title: str, *, theme: str | None = None) -> Indicator:
    """A rate of which lower is better, under the priority or a theme."""
    row = Indicator(
        partnership_id=house.tenant,
        plan_id=house.plan.id,
        priority_id=None if theme else house.priority.id,
        theme=theme,
        number=number,
        position=int(number),
        title=title,
        unit=Unit.RATE,
        unit_words="per 10,000",
        polarity=Polarity.LOWER,
        target_direction=Direction.REDUCE,
        target_printed="Reduce",
        frequency=Frequency.QUARTERLY,
    )
    house.session.add(row)
    house.session.commit()
    return row


def reading(
    house: House,
    of: Indicator,
    value: str | None,
    year: int,
    *,
    series: Series = Series.OWN,
    state: ReadingState = ReadingState.VALUE,
    part: IndicatorPart | None = None,
    provisional: bool = False,
    baseline: bool = False,
) -> None:
    """One value of it for a financial year, its own unless said otherwise."""
    house.session.add(
        Reading(
            partnership_id=house.tenant,
            indicator_id=of.id,
            part_id=part.id if part else None,
            series=series,
            is_baseline=baseline,
            state=state,
            value=Decimal(value) if value else None,
            printed=value or state.value,
            is_provisional=provisional,
            period_printed=f"{year}/{(year + 1) % 100:02d}",
            period_first_on=date(year, 4, 1),
            period_last_on=date(year + 1, 3, 31),
            recorded_at=house.now,
        )
    )
    house.session.commit()
