"""The indicator scorecard, as blocks: every figure with its own period, compared or not. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from governance.packs.blocks import (
    Block,
    Cell,
    bullets,
    column,
    counted,
    heading,
    lines,
    listed,
    sentence,
    table,
    text,
)
from governance.packs.reports import PlanMaterial
from priorities.rules import (
    NOT_COMPARED,
    Comparison,
    IndicatorFacts,
    PartFacts,
    ReadingFacts,
    ReadingState,
    compare,
    trend,
)

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
    if not material.indicators:
        return [text("This plan has no indicators.")]
    blocks: list[Block] = [text(_summary(with_figures, without, later))]
    if with_figures:
        blocks.append(text(FAIR))
    for under, indicators in _grouped(material, with_figures):
        if under:
            blocks.append(heading(under))
        blocks.append(_figures(indicators))
    said = [
        f"{indicator.number}. {indicator.title}: {indicator.commentary}"
        for indicator in with_figures
        if indicator.commentary
    ]
    if said:
        blocks += [heading("What lies behind the figures"), bullets(*said)]
    if without:
        blocks += [heading("No figure yet"), *_awaited(material, without)]
    if later:
        blocks += [heading("Still to be developed"), bullets(*(i.title for i in later))]
    return blocks


def _summary(
    with_figures: Sequence[IndicatorFacts],
    without: Sequence[IndicatorFacts],
    later: Sequence[IndicatorFacts],
) -> str:
    """The indicators counted, and how their figures stand beside their comparators."""
    kinds = (
        (len(with_figures), "with figures"),
        (len(without), "without a figure yet"),
        (len(later), "still to be developed"),
    )
    parts = [f"{number} {words}" for number, words in kinds if number]
    total = counted(sum(number for number, _ in kinds), "indicator")
    only = next(words for number, words in kinds if number)
    said = f"{total}: {listed(parts)}." if len(parts) > 1 else f"{total}, {only}."
    verdicts = [
        _compared(indicator, part).word
        for indicator in with_figures
        for part in indicator.parts
        if part.readings
    ]
    named = [
        f"{verdicts.count(word)} {words}"
        for word, words in (
            ("better", "better"),
            ("worse", "worse"),
            ("the same", "the same"),
            (NOT_COMPARED, "not to be compared"),
        )
        if word in verdicts
    ]
    if named:
        said += f" Against their comparators, the latest figures are: {listed(named)}."
    return said


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
            return f"Priority {priority.number}: {priority.title}"
    return "The whole plan"


def _figures(indicators: Sequence[IndicatorFacts]) -> Block:
    shown = [
        (indicator, part) for indicator in indicators for part in indicator.parts if part.readings
    ]
    with_before = any(_before(part) for _, part in shown)
    rows: list[list[Cell]] = []
    for place, (indicator, part) in enumerate(shown):
        continued = place > 0 and shown[place - 1][0] is indicator
        rows.append(_row(indicator, part, with_before=with_before, continued=continued))
    return table(
        None,
        [
            column("Indicator", 11),
            column("Latest", 5),
            *([column("Before", 5)] if with_before else []),
            column("Compared with", 5),
            column("Verdict", 4),
        ],
        rows,
        empty="This plan has no figures yet.",
    )


def _before(part: PartFacts) -> ReadingFacts | None:
    return part.previous or (part.baseline if part.baseline != part.latest else None)


def _compared(indicator: IndicatorFacts, part: PartFacts) -> Comparison:
    other = part.comparators[0][1] if part.comparators else None
    return compare(part.latest, other, indicator.polarity)


def _row(
    indicator: IndicatorFacts, part: PartFacts, *, with_before: bool, continued: bool
) -> list[Cell]:
    """A part's figures; what holds of the whole indicator is said beside its first part only."""
    before = _before(part)
    label, other = part.comparators[0] if part.comparators else ("", None)
    moved = f"Since before: {trend(part.latest, before, indicator.polarity).words}"
    return [
        lines(
            f"{indicator.number}. {indicator.title}" + (f": {part.name}" if part.name else ""),
            "" if continued else _about(indicator),
            strong_first=True,
        ),
        _figure(part.latest),
        *([_figure(before) if before else "None"] if with_before else []),
        lines(label, other.full_words) if other else _without_comparator(part),
        lines(
            sentence(_compared(indicator, part).words),
            moved if before else "",
            strong_first=True,
        ),
    ]


def _without_comparator(part: PartFacts) -> str:
    """What stands where a comparator would: some sources give the verdict and no figure."""
    in_words = part.latest and part.latest.state in (ReadingState.BETTER, ReadingState.WORSE)
    return "National figure, not given" if in_words else "No comparator"


def _awaited(material: PlanMaterial, indicators: Sequence[IndicatorFacts]) -> list[Block]:
    """Those without a figure, under their priority or theme; what all share is said once."""
    often = {indicator.frequency for indicator in indicators}
    shared = often.pop() if len(often) == 1 else None
    blocks: list[Block] = []
    if shared:
        blocks.append(text(f"All are to be reported {shared[:1].lower()}{shared[1:]}."))
    for under, found in _grouped(material, indicators):
        blocks.append(
            table(
                under or None,
                [column("Indicator", 11), column("Target", 3)],
                [
                    [
                        lines(
                            f"{indicator.number}. {indicator.title}",
                            "" if shared else indicator.frequency or "",
                        ),
                        sentence(indicator.target or "None set"),
                    ]
                    for indicator in found
                ],
                empty="",
            )
        )
    return blocks


def _about(indicator: IndicatorFacts) -> str:
    target = f"target: {indicator.target.lower()}" if indicator.target else "no target set"
    parts = (indicator.unit, indicator.better_words, indicator.frequency)
    said = [part.lower() if place else part for place, part in enumerate(parts) if part]
    return "; ".join([*said, target])


def _figure(reading: ReadingFacts | None) -> Cell:
    if reading is None:
        return "None yet"
    baseline = "baseline" if reading.is_baseline else ""
    return lines(reading.words, sentence(", ".join(filter(None, [reading.period_words, baseline]))))
