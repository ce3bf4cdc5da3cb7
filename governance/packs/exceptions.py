"""The exceptions of a plan: which actions a board must look at, each as a card. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.rules import ActionFacts
from governance.packs.blocks import Block, rag, sentence, text
from tracker.kernel.period import short_date
from tracker.kernel.rag import Rating
from tracker.kernel.times import london_day


def exceptions(actions: Sequence[ActionFacts], today: date) -> list[ActionFacts]:
    """Every open action that is Red, Amber, overdue or without an update; the worst first."""
    chosen = [action for action in actions if is_exception(action, today)]
    return sorted(
        chosen,
        key=lambda action: (
            action.rating(today).rank,
            -action.overdue(today),
            action.position,
            action.number,
        ),
    )


def is_exception(action: ActionFacts, today: date) -> bool:
    """Whether the board's report must single this action out."""
    if not action.lifecycle.is_open:
        return False
    return (
        action.rating(today) in (Rating.RED, Rating.AMBER)
        or action.overdue(today) > 0
        or action.unconfirmed_words(today) is not None
    )


def cards(actions: Sequence[ActionFacts], today: date) -> list[Block]:
    """A card for each exception, or the sentence that there is none."""
    chosen = exceptions(actions, today)
    if not chosen:
        return [text("No action is Red, Amber, overdue or without an update.")]
    return [_card(action, today) for action in chosen]


def _card(action: ActionFacts, today: date) -> Block:
    entry = action.last_entry
    recovery: list[tuple[str, str]] = []
    if entry is not None:
        labelled = (
            ("Cause", entry.cause),
            ("Recovery action", entry.recovery),
            ("Forecast", short_date(entry.forecast_on) if entry.forecast_on else None),
            ("Help needed from the board", entry.help_needed),
        )
        recovery = [(label, said) for label, said in labelled if said]
    overdue = action.overdue(today)
    slipped = action.deadline
    deadline = sentence(slipped.words)
    if slipped.original_words:
        deadline += (
            f" (originally {slipped.original_words}; moved {_times(slipped.changes)},"
            f" {slipped.slippage_days} days)"
        )
    note = action.explanation(today)
    unconfirmed = action.unconfirmed_words(today)
    return {
        "kind": "exception",
        "reference": action.reference,
        "title": action.title,
        "priority": f"{action.priority_number}. {action.priority_title}"
        if action.priority_number
        else "Commitment outside the priorities",
        "leads": "; ".join(leads_of(action)),
        "deadline": deadline,
        "overdue": f"overdue by {overdue} day{'s' if overdue != 1 else ''}" if overdue else None,
        "rating": rag(
            action.rating(today).value, f"{note}, {unconfirmed}" if unconfirmed else note
        ),
        "updated": _updated(action),
        "commentary": said_of(action),
        "recovery": [list(row) for row in recovery],
    }


def _updated(action: ActionFacts) -> str:
    entry = action.last_entry
    if entry is None:
        return "No update yet"
    return f"Last update {short_date(london_day(entry.entered_at))} by {entry.person}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def leads_of(action: ActionFacts) -> tuple[str, ...]:
    """Who answers for an action, as papers name them: its leads, else who is asked."""
    if action.leads:
        return action.leads
    if action.owners:
        return tuple(f"Asked: {owner}" for owner in action.owners)
    return ("Nobody to ask",)


def said_of(action: ActionFacts) -> str:
    """What its owner last said had happened."""
    entry = action.last_entry
    if entry is None:
        return ""
    if entry.is_no_change:
        return "No change since the last update."
    return entry.happened or ""
