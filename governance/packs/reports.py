"""The plan exception report and its appendix, as blocks. Pure.

The priority leads' judgement heads the counts; then every exception with commentary and
recovery; then completions. Counts, never an average.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.rules import ActionFacts
from governance.packs.blocks import (
    Block,
    Cell,
    bullets,
    column,
    counted,
    heading,
    lines,
    rag,
    sentence,
    table,
    text,
)
from governance.packs.charts import counts_chart, counts_sentence
from governance.packs.exceptions import cards, leads_of, said_of
from priorities.rules import IndicatorFacts, PriorityFacts, compare
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.period import short_date
from tracker.kernel.rag import Rating, counts
from tracker.kernel.times import london_day


@dataclass(frozen=True)
class PlanMaterial:
    """One plan as a pack needs it: its priorities, actions and indicators on a day."""

    plan_id: int
    slug: str
    title: str
    priorities: tuple[PriorityFacts, ...] = ()
    actions: tuple[ActionFacts, ...] = ()
    indicators: tuple[IndicatorFacts, ...] = ()


def plan_counts(actions: Sequence[ActionFacts], today: date) -> dict[str, int]:
    """How many actions have each rating; closed-not-completed is not counted."""
    return counts(action.rating(today) if action.is_counted() else None for action in actions)


def exception_report(material: PlanMaterial, today: date) -> list[Block]:
    """A plan's report: judgements, counts, exceptions, completions."""
    blocks = _judgements(material)
    if not material.actions:
        blocks.append(
            text(
                "This plan holds no actions here: it is followed through its priorities and its"
                " outcome indicators."
            )
        )
        return blocks
    numbers = plan_counts(material.actions, today)
    sentence = counts_sentence(numbers, _noun(material))
    blocks += [
        heading("Where the actions stand"),
        {
            "kind": "counts",
            "caption": "Actions by rating",
            "sentence": sentence,
            "svg": counts_chart(numbers, f"Actions of {material.title} by rating"),
            "alt": f"Bar chart of the actions by rating. {sentence}",
        },
        *_contradictions(material, today),
        heading("Exceptions"),
        *cards(material.actions, today),
        heading("Completed"),
        _completions(material, today),
    ]
    return blocks


def appendix(material: PlanMaterial, today: date) -> list[Block]:
    """The full action table of a plan."""
    rows: list[list[Cell]] = [
        [
            action.reference,
            lines(
                action.title,
                *(
                    f"{m.title}: {m.deadline.words}{', done' if m.done_on else ''}"
                    for m in action.milestones
                ),
                strong_first=True,
            ),
            lines(*leads_of(action)),
            lines(
                sentence(action.deadline.words),
                f"Original: {action.deadline.original_words}"
                if action.deadline.original_words
                else "",
            ),
            sentence(action.status_words(today)),
            rag(action.rating(today).value, action.rating_note(today)),
            _last_word(action),
        ]
        for action in material.actions
    ]
    return [
        table(
            None,
            [
                column("No.", 2),
                column("Action and milestones", 9),
                column("Leads", 7),
                column("Deadline", 4),
                column("Status", 5),
                column("Rating", 5),
                column("Last update", 14),
            ],
            rows,
            empty="This plan has no actions.",
            wide=True,
        )
    ]


def _judgements(material: PlanMaterial) -> list[Block]:
    blocks: list[Block] = [heading("The priority leads’ judgement")]
    rows: list[list[Cell]] = []
    for priority in material.priorities:
        name = f"{priority.number}. {priority.title}"
        said = priority.latest
        if said is None:
            rows.append([name, "None", "No judgement yet"])
            continue
        rows.append(
            [
                name,
                rag(said.rating.value),
                lines(
                    f"Achieved: {said.achievements}" if said.achievements else "",
                    f"Risks: {said.risks}" if said.risks else "",
                    f"Decision wanted: {said.decisions_wanted}" if said.decisions_wanted else "",
                    f"Difference made to children: {said.difference_made}"
                    if said.difference_made
                    else "",
                    f"{said.person}, {short_date(london_day(said.made_at))}",
                ),
            ]
        )
    blocks.append(
        table(
            None,
            [column("Priority", 4), column("Overall", 2), column("What its lead says", 8)],
            rows,
            empty="This plan has no priorities.",
        )
    )
    return blocks


def _contradictions(material: PlanMaterial, today: date) -> list[Block]:
    """Name where all actions look well while a linked indicator is worse; never recolour."""
    found: list[str] = []
    well = (Rating.GREEN, Rating.BLUE)
    for priority in material.priorities:
        under = [a for a in material.actions if a.priority_number == priority.number]
        counted = [a.rating(today) for a in under if a.is_counted()]
        if not counted or any(rating not in well for rating in counted):
            continue
        for indicator in material.indicators:
            if indicator.priority_number != priority.number:
                continue
            for part in indicator.parts:
                national = part.comparators[0][1] if part.comparators else None
                if compare(part.latest, national, indicator.polarity).word == "worse":
                    found.append(
                        f"Priority {priority.number}: every action is Green or complete, while"
                        f" “{indicator.title}” is worse than its comparator."
                    )
                    break
    return [heading("Contradictions"), bullets(*found)] if found else []


def _completions(material: PlanMaterial, today: date) -> Block:
    done = [a for a in material.actions if a.lifecycle is Lifecycle.COMPLETE]
    return table(
        None,
        [column("No.", 1), column("Action", 6), column("Status", 3), column("Evidence", 6)],
        [
            [
                action.reference,
                action.title,
                action.status_words(today),
                (action.last_entry.evidence if action.last_entry else None) or "",
            ]
            for action in done
        ],
        empty="No action has been completed.",
    )


def glance(material: PlanMaterial, today: date) -> list[str]:
    """What the front sheet says of a plan: its counts, its exceptions, decisions wanted."""
    if not material.actions:
        known = len([i for i in material.indicators if not i.to_be_developed])
        priorities = counted(len(material.priorities), "priority", "priorities")
        return [f"{priorities}, {counted(known, 'indicator')}."]
    numbers = plan_counts(material.actions, today)
    said = [counts_sentence(numbers, _noun(material))]
    overdue = len([action for action in material.actions if action.overdue(today)])
    if overdue:
        said.append(f"{overdue} overdue.")
    silent = len([a for a in material.actions if a.unconfirmed_words(today)])
    if silent:
        said.append(f"{silent} without an update since they were asked for.")
    wanted = len([p for p in material.priorities if p.latest and p.latest.decisions_wanted])
    if wanted:
        said.append(f"{counted(wanted, 'decision')} wanted.")
    return said


def _noun(material: PlanMaterial) -> str:
    has_commitments = any(action.is_commitment for action in material.actions)
    return "action or commitment" if has_commitments else "action"


def _last_word(action: ActionFacts) -> Cell:
    entry = action.last_entry
    if entry is None:
        return "No update yet"
    return lines(
        f"{short_date(london_day(entry.entered_at))}, {entry.person}",
        said_of(action),
        entry.evidence or "",
    )
