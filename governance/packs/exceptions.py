"""The exceptions of a plan: which actions a board must look at, each as a card. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.rules import ActionFacts
from governance.packs.blocks import Block, counted, rag, sentence, text
from tracker.kernel.period import short_date
from tracker.kernel.rag import Because, Rating
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
    if not action.is_open:
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
    return [
        text("Every action that is Red, Amber, overdue or without an update; the worst first."),
        *(_card(action, today) for action in chosen),
    ]


def _card(action: ActionFacts, today: date) -> Block:
    entry = action.last_entry
    recovery: list[tuple[str, str]] = []
    if entry is not None:
        labelled = (
            ("Cause", entry.cause),
            ("Recovery action", entry.recovery),
            ("Forecast", short_date(entry.forecast_on) if entry.forecast_on else None),
            ("Help needed from the board", entry.help_needed),
            (f"Why {entry.rating}, better than its date allows", entry.better_reason),
        )
        recovery = [(label, said) for label, said in labelled if said]
    overdue = action.overdue(today)
    return {
        "kind": "exception",
        "reference": action.reference,
        "title": action.title,
        "priority": f"{action.priority_number}. {action.priority_title}"
        if action.priority_number
        else "Commitment outside the priorities",
        "leads_label": "Asked" if action.owners and not action.leads else "Leads",
        "leads": "; ".join(leads_of(action)),
        "deadline": ". ".join(deadline_lines(action)),
        "overdue": f"overdue by {counted(overdue, 'day')}" if overdue else None,
        "rating": rag(action.rating(today).value, rating_words(action, today)),
        "updated": _updated(action, today),
        "commentary": said_of(action) or None,
        "recovery": [list(row) for row in recovery],
    }


def deadline_lines(action: ActionFacts) -> list[str]:
    """A deadline as papers print it: how far it slipped, and the new date that waits."""
    at = action.deadline
    said = sentence(at.words)
    if at.original_words:
        moved = f"moved {_times(at.changes)}, {_slipped(at.slippage_days)}"
        said += f" (originally {at.original_words}; {moved})"
    waits = f"{sentence(at.proposed_words)} proposed, not agreed" if at.proposed_words else None
    return [said, waits] if waits else [said]


def rating_words(action: ActionFacts, today: date) -> str | None:
    """Why the rating shown is not simply what the owner gave; None where it is.

    A passed deadline is named without its days: papers print them beside the deadline.
    """
    limit = action.thresholds().limit(today)
    if limit is None:
        return None
    rating, owner = action.rating(today), action.owner_rating
    passed = limit.because is Because.DEADLINE_PASSED
    words = "its deadline has passed" if passed else limit.words(today)
    if action.agreement is not None and limit.rating.rank < owner.rank:
        return f"{sentence(words)}: {limit.rating} otherwise. {action.agreement.in_words}"
    if rating is not owner:
        began = f"Rated {owner} by its owner" if action.last_entry else "Not started"
        return f"{began}; shown as {rating}: {words}"
    return None if passed else sentence(words)


def _updated(action: ActionFacts, today: date) -> str:
    heard = when_heard(action)
    if heard is None:
        return "None yet"
    silent = action.unconfirmed_words(today) is not None
    return f"{heard}; none since the last request" if silent else heard


def when_heard(action: ActionFacts) -> str | None:
    """The day of the last update, with its author unless that is the one lead printed beside."""
    entry = action.last_entry
    if entry is None:
        return None
    day = short_date(london_day(entry.entered_at))
    return day if leads_of(action) == (entry.who,) else f"{day}, {entry.who}"


def _slipped(days: int) -> str:
    return f"{counted(abs(days), 'day')} {'later' if days >= 0 else 'earlier'}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def leads_of(action: ActionFacts) -> tuple[str, ...]:
    """Who answers for an action, as papers name them: its leads, else who is asked."""
    if action.leads:
        return action.leads
    if action.owners:
        return action.owners
    return ("Nobody to ask",)


def said_of(action: ActionFacts) -> str:
    """What its owner last said had happened."""
    entry = action.last_entry
    if entry is None:
        return ""
    if entry.is_no_change:
        return "No change since the last update."
    return entry.happened or ""
