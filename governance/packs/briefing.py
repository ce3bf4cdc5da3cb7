"""The chair's briefing for a meeting, composed as a value from what is known on a day. Pure.

What a chair wants to know before the meeting and members read elsewhere, or nowhere: who has not
answered, what has not got better since the last pack, what will be asked of the board, whether it
will be able to decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from actions.rules import ActionFacts, DeadlineFacts
from governance.packs.blocks import (
    Block,
    bullets,
    column,
    counted,
    facts,
    heading,
    lines,
    listed,
    sentence,
    table,
    text,
)
from governance.packs.briefing_facts import Briefing
from governance.packs.changes import why
from governance.packs.exceptions import leads_of
from governance.packs.reports import PlanMaterial, contradictions
from tracker.kernel.period import clock_words, long_date, short_date
from tracker.kernel.rag import Rating
from tracker.kernel.times import to_london

SCHEMA = 2
# A deadline that was moved so often has slipped again.
AGAIN = 2
TITLE = "Chair’s briefing"


def compose(known: Briefing) -> dict[str, object]:
    """The whole briefing, as the value that its page and its PDF render."""
    found = [(title, its(known)) for title, its in _SECTIONS]
    told = [(title, blocks) for title, blocks in found if blocks]
    nothing = [title for title, blocks in found if not blocks]
    if nothing:
        told.append(
            ("Nothing to report", [text("Looked at, and nothing found:"), bullets(*nothing)])
        )
    starts, as_at = to_london(known.starts_at), to_london(known.as_at)
    when = f"{long_date(starts.date())}, {clock_words(starts.time())}"
    written = f"{clock_words(as_at.time())} on {short_date(as_at.date())}"
    rows = [["Meeting", when], ["Chair", known.chair]]
    if known.place:
        rows.insert(1, ["Place", known.place])
    if known.confidential_items:
        items = counted(known.confidential_items, "confidential item")
        rows.append(["Also", f"{items}, in the confidential papers"])
    return {
        "document": "report",
        "schema": SCHEMA,
        "lang": "en-GB",
        "draft": False,
        "title": f"{known.board}: chair’s briefing for {short_date(starts.date())}",
        "front": {
            "partnership": known.partnership,
            "board": known.board,
            "heading": TITLE,
            "date": long_date(starts.date()),
            "rows": rows,
            "marking": known.marking,
            "version": f"Information as at {written}. For the chair; it is not part of the papers.",
        },
        "items": [
            {"anchor": f"section-{at}", "number": str(at), "title": title, "blocks": blocks}
            for at, (title, blocks) in enumerate(told, start=1)
        ],
        "appendices": [],
        "definitions": None,
    }


def _decisions(known: Briefing) -> list[Block]:
    wanted = [
        f"Priority {priority.number}, {priority.title}: {priority.latest.decisions_wanted}"
        for plan in known.plans
        for priority in plan.priorities
        if priority.latest and priority.latest.decisions_wanted
    ]
    blocks: list[Block] = []
    if known.decision_items:
        blocks += [heading("On the agenda"), bullets(*known.decision_items)]
    if wanted:
        blocks += [heading("Wanted by priority leads"), bullets(*wanted)]
    return blocks


def _quorum(known: Briefing) -> list[Block]:
    one = known.quorum
    if not one.apologies and one.met is not False:
        return []
    sent = listed(one.apologies) if one.apologies else "Nobody yet"
    rows = [("Apologies so far", sent)]
    if one.met is None:
        rows.append(("If everybody else comes", "The board has set no rule for its quorum."))
    else:
        rows.append(("If everybody else comes", one.words))
        if not one.met:
            rows.append(("At risk", "The board could not decide: find substitutes, or move it."))
    return [facts(*rows)]


def silent(plans: Sequence[PlanMaterial], today: date) -> dict[str, list[ActionFacts]]:
    """The open actions without an update since they were asked about, by who leads them.

    An action with several leads stands under each; one without, under whoever is asked; one that
    a board put on hold under none.
    """
    found: dict[str, list[ActionFacts]] = defaultdict(list)
    for plan in plans:
        for action in plan.actions:
            if not action.is_open or action.is_on_hold(today):
                continue
            if not (action.is_asked or action.unconfirmed_words(today)):
                continue
            for lead in action.leads or action.owners or ("No lead named",):
                found[lead].append(action)
    return dict(sorted(found.items(), key=lambda one: (-len(one[1]), one[0])))


def _silent(known: Briefing) -> list[Block]:
    found = silent(known.plans, known.today)
    if not found:
        return []
    return [
        table(
            None,
            [column("Lead, or who is asked", 6), column("Actions", 11), column("Who is asked", 6)],
            [
                [
                    f"{lead} ({len(actions)})",
                    "\n".join(f"{one.reference} {one.title}" for one in actions),
                    "\n".join(dict.fromkeys(name for one in actions for name in one.owners))
                    if any(one.owners for one in actions)
                    else "Nobody to ask",
                ]
                for lead, actions in found.items()
            ],
            empty="",
        )
    ]


def red_twice(known: Briefing) -> list[ActionFacts]:
    """The open actions that are Red now and were Red in the board's last pack."""
    red = {str(one["uid"]) for one in known.before if one["rating"] == Rating.RED.value}
    return [
        action
        for action in _each(known.plans)
        if action.is_open and action.uid in red and action.rating(known.today) is Rating.RED
    ]


def _red(known: Briefing) -> list[Block]:
    found = red_twice(known)
    if not found:
        return []
    since = (
        f"They were Red in the pack of {short_date(known.before_on)} too."
        if (known.before_on)
        else ""
    )
    return [
        *([text(since)] if since else []),
        _actions_table(found, [lines(why(one, known.today)) for one in found], "Why"),
    ]


def slipped(known: Briefing) -> list[ActionFacts]:
    """The open actions whose deadline was moved twice or more."""
    return [one for one in _each(known.plans) if one.is_open and one.deadline.changes >= AGAIN]


def _slipped(known: Briefing) -> list[Block]:
    found = slipped(known)
    if not found:
        return []
    said = [
        lines(
            f"{sentence(one.deadline.words)}"
            f" (originally {one.deadline.original_words or 'no date'})",
            _moves(one.deadline),
            one.deadline.reason or "",
        )
        for one in found
    ]
    return [_actions_table(found, said, "Deadline")]


def _moves(deadline: DeadlineFacts) -> str:
    """ "Moved 3 times, 456 days in all"."""
    moved = f"Moved {deadline.changes} times"
    if deadline.slippage_days <= 0:
        return moved
    return f"{moved}, {counted(deadline.slippage_days, 'day')} in all"


def _actions_table(
    actions: Sequence[ActionFacts], said: Sequence[dict[str, object] | str], title: str
) -> Block:
    return table(
        None,
        [column("No.", 2), column("Action", 9), column("Lead", 6), column(title, 9)],
        [
            [one.reference, one.title, lines(*leads_of(one)), cell]
            for one, cell in zip(actions, said, strict=True)
        ],
        empty="",
    )


def _contradictions(known: Briefing) -> list[Block]:
    """The same as in the papers, without their heading."""
    return [
        block
        for plan in known.plans
        for block in contradictions(plan, known.today)
        if block["kind"] != "heading"
    ]


def _log(known: Briefing) -> list[Block]:
    if not known.overdue:
        return []
    return [
        table(
            None,
            [column("Reference", 4), column("What", 10), column("Lead", 6), column("Was due", 4)],
            [[one.reference, one.what, one.lead, one.due] for one in known.overdue],
            empty="",
        )
    ]


def _between(known: Briefing) -> list[Block]:
    blocks: list[Block] = []
    if known.to_ratify:
        blocks += [heading("For the board to ratify"), bullets(*known.to_ratify)]
    if known.circulating:
        blocks += [heading("Still open"), bullets(*known.circulating)]
    return blocks


def _escalations(known: Briefing) -> list[Block]:
    return [bullets(*known.escalations)] if known.escalations else []


def _each(plans: Sequence[PlanMaterial]) -> list[ActionFacts]:
    """Every action once, whichever plans it stands in."""
    return list({one.uid: one for plan in plans for one in plan.actions}.values())


_SECTIONS = (
    ("Decisions wanted", _decisions),
    ("Quorum", _quorum),
    ("Who has not answered", _silent),
    ("Red twice running", _red),
    ("Slipped again", _slipped),
    ("Contradictions", _contradictions),
    ("Overdue meeting actions", _log),
    ("Decisions between meetings", _between),
    ("Escalations waiting", _escalations),
)
