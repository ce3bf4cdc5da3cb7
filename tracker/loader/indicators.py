"""A plan's indicators with their parts, frameworks and readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from priorities.indicator_models import (
    Direction,
    Frequency,
    Indicator,
    IndicatorFramework,
    IndicatorPart,
    Reading,
    Series,
    Unit,
)
from priorities.rules import Polarity, ReadingState
from tracker.loader.document import Document, Item


@dataclass(frozen=True)
class IndicatorLoad:
    """One plan's indicators on their way in: what all of them share."""

    session: Session
    document: Document
    tenant: int
    plan_id: int
    priorities: dict[str, int]
    now: datetime

    def load(self, position: int, item: Item) -> None:
        """Add one indicator in its place."""
        target = item.get("target") or {}
        indicator = Indicator(
            partnership_id=self.tenant,
            plan_id=self.plan_id,
            priority_id=self.priorities[item["priority"]] if item.get("priority") else None,
            theme=item.get("theme"),
            number=item["number"],
            position=position,
            title=item["title"],
            unit=Unit(item["unit"]),
            unit_words=item.get("unit_words"),
            polarity=Polarity(item["polarity"]),
            target_direction=Direction(target["direction"]) if target.get("direction") else None,
            target_value=Decimal(target["value"]) if target.get("value") else None,
            target_printed=target.get("printed"),
            frequency=Frequency(item["frequency"]) if item.get("frequency") else None,
            to_be_developed=bool(item.get("to_be_developed")),
            source_note=self._note_with_remark(item),
        )
        self.session.add(indicator)
        self.session.flush()
        parts: dict[str, int] = {}
        for place, part in enumerate(item.get("parts") or []):
            row = IndicatorPart(
                partnership_id=self.tenant,
                indicator_id=indicator.id,
                slug=part["key"],
                name=part["name"],
                position=place,
            )
            self.session.add(row)
            self.session.flush()
            parts[part["key"]] = row.id
        for framework in item.get("also_in") or []:
            self.session.add(
                IndicatorFramework(
                    partnership_id=self.tenant,
                    indicator_id=indicator.id,
                    name=framework["framework"],
                    is_stated=bool(framework.get("stated")),
                    note=framework.get("note"),
                )
            )
        for reading in item.get("readings") or []:
            self._reading(item, reading, indicator, parts)

    def _note_with_remark(self, item: Item) -> str | None:
        """What a document remarks on an indicator is about its source, not about its figures."""
        parts = [self.document.note(item), item.get("commentary")]
        return ". ".join(part.rstrip(".") for part in parts if part) or None

    def _reading(
        self, parent: Item, item: Item, indicator: Indicator, parts: dict[str, int]
    ) -> None:
        reading = Reading(
            partnership_id=self.tenant,
            indicator_id=indicator.id,
            part_id=parts[item["part"]] if item.get("part") else None,
            series=Series(item["series"]),
            is_baseline=bool(item.get("baseline")),
            state=ReadingState(item["state"]),
            value=Decimal(item["value"]) if item.get("value") else None,
            printed=item["printed"],
            is_provisional=bool(item.get("provisional")),
            recorded_at=self.now,
            source_note=self.document.note(
                {**item, "source": item.get("source") or parent.get("source")},
                (item.get("period") or {}).get("printed"),
            ),
        )
        if item.get("period"):
            printed, period = self.document.moved(
                item["period"]["printed"], self.document.period(item["period"])
            )
            reading.period_printed = printed
            reading.period_first_on, reading.period_last_on = period.first, period.last
            reading.period_calendar = period.calendar
        self.session.add(reading)
