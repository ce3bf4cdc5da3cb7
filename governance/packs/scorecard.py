"""The indicator scorecard, as blocks: every figure with its own period, compared or not. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from governance.packs.blocks import (
    Block,
    Cell,
    bullets,
    column,
    heading,
    lines,
    sentence,
    table,
    text,
)
from governance.packs.reports import PlanMaterial
from priorities.rules import IndicatorFacts, PartFacts, ReadingFacts, compare, trend

FAIR = (
    "A figure is called better or worse than another only where both are for the same period and"
    " the plan says which way is better."
)


def scorecard(material: PlanMaterial) -> list[Block]:
    """A plan's indicators: those with figures, those without yet, those still to be developed."""
    ready = [i for i in material.indicators if not i.to_be_developed]
    later = [i for i in material.indicators if i.to_be_developed]
    with_figures = [i for i in ready if _has_figures(i)]
    without = [i for i in ready if not _has_figures(i)]
    blocks: list[Block] = [text(FAIR)]
    for under, indicators in _grouped(material, with_figures):
        if under:
            blocks.append(heading(under))
        blocks.append(_figures(indicators))
    if without:
        blocks += [heading("No figure yet"), _awaited(material, without)]
    if later:
        blocks += [heading("Still to be developed"), bullets(*(i.title for i in later))]
    return blocks


def _has_figures(indicator: IndicatorFacts) -> bool:
    return any(part.readings for part in indicator.parts)


def _grouped(
    material: PlanMaterial, indicators: Sequence[IndicatorFacts]
) -> list[tuple[str, list[IndicatorFacts]]]:
    """Indicators under their theme or priority; no heading where all stand under one."""
    groups: dict[str, list[IndicatorFacts]] = {}
    for indicator in indicators:
        groups.setdefault(_under(material, indicator), []).append(indicator)
    if len(groups) == 1:
        return [("", found) for found in groups.values()]
    return list(groups.items())


def _under(material: PlanMaterial, indicator: IndicatorFacts) -> str:
    if indicator.theme:
        return indicator.theme
    for priority in material.priorities:
        if priority.number == indicator.priority_number:
            return f"{priority.number}. {priority.title}"
    return "Whole plan"


def _figures(indicators: Sequence[IndicatorFacts]) -> Block:
    rows = [
        _row(indicator, part)
        for indicator in indicators
        for part in indicator.parts
        if part.readings
    ]
    return table(
        None,
        [
            column("Indicator", 7),
            column("Latest", 3),
            column("Before", 3),
            column("Compared with", 4),
            column("Verdict", 4),
        ],
        rows,
        empty="This plan has no figures yet.",
    )


def _row(indicator: IndicatorFacts, part: PartFacts) -> list[Cell]:
    before = part.previous or (part.baseline if part.baseline != part.latest else None)
    label, other = part.comparators[0] if part.comparators else ("", None)
    return [
        lines(
            f"{indicator.number}. {indicator.title}",
            part.name or "",
            _about(indicator),
            f"Target: {indicator.target}" if indicator.target else "No target set",
            indicator.commentary or "",
            strong_first=True,
        ),
        _figure(part.latest),
        _figure(before) if before else "None",
        lines(label, other.full_words) if other else "No comparator",
        lines(
            sentence(compare(part.latest, other, indicator.polarity).words),
            f"Since before: {trend(part.latest, before, indicator.polarity).words}"
            if before
            else "",
        ),
    ]


def _awaited(material: PlanMaterial, indicators: Sequence[IndicatorFacts]) -> Block:
    return table(
        None,
        [
            column("Indicator", 9),
            column("Under", 6),
            column("Target", 3),
            column("Reported", 3),
        ],
        [
            [
                f"{indicator.number}. {indicator.title}",
                _under(material, indicator),
                sentence(indicator.target or "None set"),
                sentence(indicator.frequency or "Not said"),
            ]
            for indicator in indicators
        ],
        empty="",
    )


def _about(indicator: IndicatorFacts) -> str:
    parts = (indicator.unit, indicator.better_words, indicator.frequency)
    return "; ".join(part.lower() if place else part for place, part in enumerate(parts) if part)


def _figure(reading: ReadingFacts | None) -> Cell:
    if reading is None:
        return "None yet"
    return lines(reading.words, reading.period_words, "the baseline" if reading.is_baseline else "")
