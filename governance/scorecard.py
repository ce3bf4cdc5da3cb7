"""The indicator scorecard, as blocks: every figure with its own period, compared or not. Pure."""

from __future__ import annotations

from governance.blocks import Block, Cell, column, heading, lines, table, text
from governance.reports import PlanMaterial
from priorities.rules import IndicatorFacts, PartFacts, ReadingFacts, compare, trend


def scorecard(material: PlanMaterial) -> list[Block]:
    """A plan's indicators, a table for each priority or theme, and those still to be developed."""
    ready = [i for i in material.indicators if not i.to_be_developed]
    later = [i for i in material.indicators if i.to_be_developed]
    titles = {p.number: f"{p.number}. {p.title}" for p in material.priorities}
    groups: dict[str, list[IndicatorFacts]] = {}
    for indicator in ready:
        under = indicator.theme or titles.get(indicator.priority_number or "", "Whole plan")
        groups.setdefault(under, []).append(indicator)
    blocks: list[Block] = [
        text(
            "A figure is called better or worse than another only where both are for the same"
            " period and the plan says which way is better."
        )
    ]
    for under, indicators in groups.items():
        if len(groups) > 1:
            blocks.append({**heading(under), "wide": True})
        blocks.append(_table(indicators))
    if later:
        blocks += [
            heading("Still to be developed"),
            {"kind": "list", "items": [i.title for i in later]},
        ]
    return blocks


def _table(indicators: list[IndicatorFacts]) -> Block:
    rows: list[list[Cell]] = []
    for indicator in indicators:
        for part in indicator.parts or (PartFacts(),):
            rows.append(_row(indicator, part))
    return table(
        None,
        [
            column("No.", 2),
            column("Indicator", 9),
            column("Target", 4),
            column("Latest", 5),
            column("Before", 5),
            column("Compared with", 7),
            column("Verdict", 6),
        ],
        rows,
        empty="This plan has no indicators.",
        wide=True,
    )


def _row(indicator: IndicatorFacts, part: PartFacts) -> list[Cell]:
    before = part.previous or (part.baseline if part.baseline is not part.latest else None)
    label, other = part.comparators[0] if part.comparators else ("", None)
    return [
        indicator.number,
        lines(
            indicator.title,
            part.name or "",
            "; ".join(
                words
                for words in (indicator.unit, indicator.better_words, indicator.frequency)
                if words
            ),
            indicator.commentary or "",
            strong_first=True,
        ),
        indicator.target or "None set",
        _figure(part.latest),
        _figure(before),
        lines(label, other.full_words) if other else "No comparator",
        lines(
            _sentence(compare(part.latest, other, indicator.polarity).words),
            f"Since before: {trend(part.latest, before, indicator.polarity).words}"
            if before
            else "",
        ),
    ]


def _figure(reading: ReadingFacts | None) -> Cell:
    if reading is None:
        return "None yet"
    return lines(reading.words, reading.period_words)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
