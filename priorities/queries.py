"""Reading priorities and indicators: facts for pages and papers, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from priorities.indicator_models import (
    Indicator,
    IndicatorFramework,
    IndicatorPart,
    Reading,
    Series,
    Unit,
)
from priorities.models import Judgement, Priority, PriorityParty
from priorities.rules import (
    NATIONAL,
    IndicatorFacts,
    JudgementFacts,
    PartFacts,
    Polarity,
    PriorityFacts,
    ReadingFacts,
    ReadingState,
)
from priorities.rules import compare as compare
from priorities.rules import grouped as grouped
from tracker.kernel.times import london_day
from tracker.people.board_models import Board
from tracker.people.models import Organisation, PartyRole, Person

SERIES_WORDS = {
    Series.OWN: "Own figure",
    Series.NATIONAL: NATIONAL,
    Series.NEIGHBOURS: "Statistical neighbours",
    Series.NEAREST_NEIGHBOUR: "Nearest neighbour",
    Series.REGION: "Region",
    Series.REGION_BEST: "Best in the region",
    Series.NATIONAL_BEST: "Best in the country",
}
_UNIT_WORDS = {
    Unit.PERCENT: "Percentage",
    Unit.RATE: "Rate",
    Unit.COUNT: "Number",
    Unit.POINTS: "Points",
    Unit.WORDS: "In words",
}
_SERIES_ORDER = tuple(Series)


def priorities_of(
    session: Session, partnership_id: int, plan_ids: Iterable[int]
) -> list[PriorityFacts]:
    """The priorities of these plans, in their order; one query."""
    said_by = aliased(Person)
    newest = (
        select(Judgement.priority_id, func.max(Judgement.number).label("number"))
        .where(Judgement.partnership_id == partnership_id)
        .group_by(Judgement.priority_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Priority,
            Judgement,
            said_by.name,
            PriorityParty.role,
            func.coalesce(Organisation.name, Board.name, Person.name),
        )
        .outerjoin(newest, newest.c.priority_id == Priority.id)
        .outerjoin(
            Judgement,
            and_(Judgement.priority_id == Priority.id, Judgement.number == newest.c.number),
        )
        .outerjoin(said_by, said_by.id == Judgement.person_id)
        .outerjoin(PriorityParty, PriorityParty.priority_id == Priority.id)
        .outerjoin(Organisation, Organisation.id == PriorityParty.organisation_id)
        .outerjoin(Board, Board.id == PriorityParty.board_id)
        .outerjoin(Person, Person.id == PriorityParty.person_id)
        .where(Priority.partnership_id == partnership_id, Priority.plan_id.in_(list(plan_ids)))
        .order_by(
            Priority.plan_id,
            Priority.position,
            Priority.id,
            PriorityParty.position,
            PriorityParty.id,
        )
    ).all()
    found: dict[int, tuple[Priority, JudgementFacts | None]] = {}
    parties: dict[tuple[int, PartyRole], list[str]] = defaultdict(list)
    for priority, judgement, who, role, name in rows:
        found.setdefault(priority.id, (priority, _judgement(judgement, who)))
        if role is not None:
            parties[priority.id, role].append(name)
    return [
        PriorityFacts(
            priority_id=priority.id,
            uid=str(priority.uid),
            plan_id=priority.plan_id,
            number=priority.number,
            title=priority.title,
            summary=priority.summary,
            leads=tuple(parties[priority.id, PartyRole.LEAD]),
            involved=tuple(parties[priority.id, PartyRole.INVOLVED]),
            latest=latest,
            source_note=priority.source_note,
        )
        for priority, latest in found.values()
    ]


def indicators_of(
    session: Session, partnership_id: int, plan_ids: Iterable[int]
) -> list[IndicatorFacts]:
    """The indicators of these plans with their figures, in their order.

    One query, whose rows repeat an indicator for each of its few parts, frameworks and readings.
    """
    rows = session.execute(
        select(Indicator, Priority.number, IndicatorPart, IndicatorFramework, Reading)
        .outerjoin(Priority, Priority.id == Indicator.priority_id)
        .outerjoin(IndicatorPart, IndicatorPart.indicator_id == Indicator.id)
        .outerjoin(IndicatorFramework, IndicatorFramework.indicator_id == Indicator.id)
        .outerjoin(Reading, Reading.indicator_id == Indicator.id)
        .where(Indicator.partnership_id == partnership_id, Indicator.plan_id.in_(list(plan_ids)))
        .order_by(
            Indicator.plan_id,
            Indicator.position,
            Indicator.id,
            IndicatorPart.position,
            IndicatorPart.id,
            IndicatorFramework.id,
            Reading.id,
        )
    ).all()
    found: dict[int, tuple[Indicator, str | None]] = {}
    parts: dict[int, dict[int, str]] = defaultdict(dict)
    frameworks: dict[int, dict[int, str]] = defaultdict(dict)
    readings: dict[tuple[int, int | None], dict[int, Reading]] = defaultdict(dict)
    for indicator, number, part, framework, reading in rows:
        found[indicator.id] = (indicator, number)
        if part is not None:
            parts[indicator.id][part.id] = part.name
        if framework is not None:
            frameworks[indicator.id][framework.id] = _framework_words(framework)
        if reading is not None:
            readings[indicator.id, reading.part_id][reading.id] = reading
    facts = []
    for indicator, priority_number in found.values():
        named = parts[indicator.id]
        keys: list[tuple[int | None, str | None]] = list(named.items())
        if not named or readings[indicator.id, None]:
            keys.insert(0, (None, None))
        facts.append(
            _indicator(
                indicator,
                priority_number,
                tuple(frameworks[indicator.id].values()),
                tuple(_part(name, readings[indicator.id, key].values()) for key, name in keys),
            )
        )
    return facts


def _judgement(judgement: Judgement | None, who: str | None) -> JudgementFacts | None:
    if judgement is None:
        return None
    return JudgementFacts(
        number=judgement.number,
        made_at=judgement.made_at,
        person=who or "",
        rating=judgement.rating,
        achievements=judgement.achievements,
        risks=judgement.risks,
        decisions_wanted=judgement.decisions_wanted,
        difference_made=judgement.difference_made,
    )


def _indicator(
    indicator: Indicator,
    priority_number: str | None,
    also_in: tuple[str, ...],
    parts: tuple[PartFacts, ...],
) -> IndicatorFacts:
    return IndicatorFacts(
        uid=str(indicator.uid),
        plan_id=indicator.plan_id,
        number=indicator.number,
        title=indicator.title,
        priority_number=priority_number,
        theme=indicator.theme,
        unit=indicator_unit(indicator.unit, indicator.unit_words),
        polarity=Polarity(indicator.polarity.value),
        target=target_words(indicator),
        frequency=indicator.frequency.value.capitalize() if indicator.frequency else None,
        to_be_developed=indicator.to_be_developed,
        also_in=also_in,
        parts=parts,
        commentary=indicator.commentary,
        source_note=indicator.source_note,
    )


def indicator_unit(unit: Unit, unit_words: str | None) -> str:
    """What an indicator's figures are: "Percentage", "Rate per 10,000"."""
    usual = _UNIT_WORDS[unit]
    if not unit_words:
        return usual
    if unit_words.startswith("per "):
        return f"{usual} {unit_words}"
    return unit_words[0].upper() + unit_words[1:]


def target_words(indicator: Indicator) -> str | None:
    """An indicator's target: a direction, a figure, or both; None where none is set."""
    words: list[str] = []
    if indicator.target_direction is not None:
        words.append(indicator.target_direction.value.capitalize())
    if indicator.target_value is not None:
        words.append(indicator.target_printed or f"{indicator.target_value.normalize():f}")
    return " to ".join(words) or indicator.target_printed


def _framework_words(framework: IndicatorFramework) -> str:
    return framework.name if framework.is_stated else f"{framework.name} (assigned by us)"


def _part(name: str | None, readings: Iterable[Reading]) -> PartFacts:
    by_series: dict[Series, list[Reading]] = defaultdict(list)
    for reading in sorted(readings, key=_age, reverse=True):
        by_series[reading.series].append(reading)
    own = by_series.get(Series.OWN, [])
    latest = own[0] if own else None
    previous = next((r for r in own[1:] if _days(r) != _days(own[0])), None)
    baseline = next((r for r in own if r.is_baseline), None)
    ordered = sorted(by_series, key=_SERIES_ORDER.index)
    return PartFacts(
        name=name,
        latest=_reading(latest),
        previous=_reading(previous),
        baseline=_reading(baseline),
        comparators=tuple(
            (SERIES_WORDS[series], reading_facts(_beside(latest, by_series[series])))
            for series in ordered
            if series is not Series.OWN
        ),
        readings=tuple(
            (SERIES_WORDS[series], reading_facts(reading))
            for series in ordered
            for reading in by_series[series]
        ),
    )


def _age(reading: Reading) -> tuple[bool, date, datetime, int]:
    # "tbc" stands only until there is a figure, whatever period the figure is for.
    last_on = reading.period_last_on or london_day(reading.recorded_at)
    return reading.state.value != ReadingState.TBC, last_on, reading.recorded_at, reading.id


def _days(reading: Reading) -> tuple[date | None, date | None]:
    return reading.period_first_on, reading.period_last_on


def _beside(own: Reading | None, others: Sequence[Reading]) -> Reading:
    """The comparator of the same period where there is one, else the newest."""
    if own is not None and own.period_last_on is not None:
        for other in others:
            if _days(other) == _days(own):
                return other
    return others[0]


def _reading(reading: Reading | None) -> ReadingFacts | None:
    return None if reading is None else reading_facts(reading)


def reading_facts(reading: Reading) -> ReadingFacts:
    """One reading as pages and papers show it."""
    return ReadingFacts(
        value=reading.value,
        printed=reading.printed,
        state=ReadingState(reading.state.value),
        period=reading.period_printed,
        provisional=reading.is_provisional,
        first_on=reading.period_first_on,
        last_on=reading.period_last_on,
        is_baseline=reading.is_baseline,
    )
