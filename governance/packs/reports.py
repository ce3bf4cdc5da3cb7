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
    labelled,
    lines,
    rag,
    sentence,
    table,
    text,
)
from governance.packs.changes import Snapshot
from governance.packs.charts import actions_words, counts_chart, counts_sentence
from governance.packs.exceptions import (
    cards,
    deadline_lines,
    leads_of,
    rating_words,
    said_of,
    when_heard,
)
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


def exception_report(
    material: PlanMaterial, today: date, last_pack: Sequence[Snapshot] = ()
) -> list[Block]:
    """A plan's report: decisions wanted, judgements, counts, exceptions, completions.

    ``last_pack`` is what the board's last pack held, so that old completions are not told again.
    """
    blocks = [*_decisions(material), *_judgements(material)]
    if not material.actions:
        blocks.append(
            text(
                "This plan has no actions of its own: it is followed through its priorities and"
                " its outcome indicators."
            )
        )
        return blocks
    numbers = plan_counts(material.actions, today)
    said = " ".join([counts_sentence(numbers, _noun(material)), *_late(material, today)])
    blocks += [
        heading("Where the actions stand"),
        {
            "kind": "counts",
            "caption": None,
            "sentence": said,
            "svg": counts_chart(numbers, f"Actions of {material.title} by rating"),
            "alt": f"Bar chart of the actions by rating. {said}",
        },
        *contradictions(material, today),
        heading("Exceptions"),
        *cards(material.actions, today),
        heading("Completed"),
        *_completions(material, today, last_pack),
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
            lines(*deadline_lines(action)),
            rag(action.rating(today).value, _standing(action, today))
            if action.is_counted()
            else action.status_words(today),
            _last_word(action),
        ]
        for action in material.actions
    ]
    return [
        table(
            None,
            [
                column("No.", 2),
                column("Action and milestones", 11),
                column("Lead, or who is asked", 8),
                column("Deadline", 5),
                column("Rating and status", 6),
                column("Last update", 14),
            ],
            rows,
            empty="This plan has no actions.",
            wide=True,
        )
    ]


def _standing(action: ActionFacts, today: date) -> str:
    """What stands under a rating in the full table: the status, and what is late."""
    overdue = action.overdue(today)
    parts = [action.status_words(today), f"{counted(overdue, 'day')} overdue" if overdue else None]
    if not overdue:
        parts.append(rating_words(action, today))
    if action.last_entry is not None:
        parts.append(action.unconfirmed_words(today))
    return "\n".join(sentence(part) for part in parts if part)


def _decisions(material: PlanMaterial) -> list[Block]:
    wanted = [
        f"Priority {priority.number}, {priority.title}: {priority.latest.decisions_wanted}"
        for priority in material.priorities
        if priority.latest and priority.latest.decisions_wanted
    ]
    return [heading("Decisions wanted from the board"), bullets(*wanted)] if wanted else []


def _judgements(material: PlanMaterial) -> list[Block]:
    blocks: list[Block] = [heading("The priority leads’ judgement")]
    rows: list[list[Cell]] = []
    for priority in material.priorities:
        name = f"{priority.number}. {priority.title}"
        said = priority.latest
        if said is None:
            rows.append([name, "", "No judgement yet."])
            continue
        rows.append(
            [
                name,
                rag(said.rating.value),
                labelled(
                    ("Achieved", said.achievements),
                    ("Risks", said.risks),
                    ("Difference made to children", said.difference_made),
                    foot=f"{said.person}, {short_date(london_day(said.made_at))}",
                ),
            ]
        )
    blocks.append(
        table(
            None,
            [column("Priority", 4), column("Overall", 2), column("What its lead says", 9)],
            rows,
            empty="This plan has no priorities.",
        )
    )
    return blocks


def contradictions(material: PlanMaterial, today: date) -> list[Block]:
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


def _completions(material: PlanMaterial, today: date, last_pack: Sequence[Snapshot]) -> list[Block]:
    """What was completed; what the board's last pack held as confirmed is only counted."""
    known = {
        one["uid"] for one in last_pack if one["plan_slug"] == material.slug and one["is_confirmed"]
    }
    done = [a for a in material.actions if a.is_counted() and a.lifecycle is Lifecycle.COMPLETE]
    fresh = [a for a in done if a.uid not in known or not a.is_confirmed]
    earlier = len(done) - len(fresh)
    blocks: list[Block] = [
        table(
            None,
            [column("No.", 2), column("Action", 8), column("Completion", 6), column("Evidence", 8)],
            [
                [
                    action.reference,
                    action.title,
                    "Confirmed" if action.is_confirmed else "Awaiting confirmation",
                    (action.last_entry.evidence if action.last_entry else None) or "None given",
                ]
                for action in fresh
            ],
            empty="No action has been completed since this board last met."
            if earlier
            else "No action has been completed yet.",
        )
    ]
    if earlier:
        words = "was" if earlier == 1 else "were"
        blocks.append(
            text(
                f"{counted(earlier, 'action')} {words} confirmed as complete before; the full"
                " action table has them all."
            )
        )
    return blocks


def glance(material: PlanMaterial, today: date) -> dict[str, object]:
    """What the front sheet says of a plan: its counts, and in words what is late or wanted."""
    numbers = plan_counts(material.actions, today) if material.actions else {}
    said = [f"{actions_words(sum(numbers.values()), _noun(material))}."] if numbers else []
    said += [*_late(material, today), _judged(material)]
    known = len([i for i in material.indicators if not i.to_be_developed])
    if known and not material.actions:
        said.append(f"{counted(known, 'outcome indicator')}.")
    wanted = len([p for p in material.priorities if p.latest and p.latest.decisions_wanted])
    if wanted:
        said.append(f"{counted(wanted, 'decision')} wanted from the board.")
    return {
        "plan": material.title,
        "lines": said,
        "counts": [[word, number] for word, number in numbers.items()],
    }


def _judged(material: PlanMaterial) -> str:
    """The leads' judgements counted: "5 priorities, judged by their leads: 2 Amber, 3 Green."."""
    number = counted(len(material.priorities), "priority", "priorities")
    found = counts(p.latest.rating if p.latest else None for p in material.priorities)
    named = [f"{count}\u00a0{word}" for word, count in found.items() if count]
    silent = len(material.priorities) - sum(found.values())
    if not named:
        return f"{number}, not judged yet."
    return f"{number}, judged by their leads: {', '.join(named)}" + (
        f"; {silent} not yet." if silent else "."
    )


def _late(material: PlanMaterial, today: date) -> list[str]:
    overdue = len([action for action in material.actions if action.overdue(today)])
    silent = len([a for a in material.actions if a.unconfirmed_words(today)])
    said = [f"{overdue} overdue."] if overdue else []
    return [*said, f"{silent} without an update since the last request."] if silent else said


def _noun(material: PlanMaterial) -> str:
    return "action or commitment" if any(a.is_commitment for a in material.actions) else "action"


def _last_word(action: ActionFacts) -> Cell:
    entry = action.last_entry
    if entry is None:
        return "No update yet"
    return lines(
        when_heard(action) or "",
        said_of(action),
        f"Evidence: {entry.evidence}" if entry.evidence else "",
    )
