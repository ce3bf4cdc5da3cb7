"""What is done to actions: progress recorded, and the days rewritten that follow from it.

Operations flush and never commit: the edge does, once, with the audit entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.answer_models import Delegation, ProgressDraft
from actions.ask_models import Ask
from actions.facts import facts
from actions.models import Action, GivenHow, Progress
from actions.rules import ActionFacts
from tracker.kernel.rag import Lifecycle, Rating, Relation


class Overtaken(Exception):
    """Somebody else recorded progress since the page was opened; nothing was saved."""


class NothingToRepeat(Exception):
    """ "No change" repeats an earlier entry of an open action, and there is none."""


@dataclass(frozen=True)
class Entry:
    """What an owner says of an action. The rating of a complete action is Blue."""

    lifecycle: Lifecycle
    rating: Rating
    happened: str | None = None
    cause: str | None = None
    recovery: str | None = None
    forecast_on: date | None = None
    help_needed: str | None = None
    evidence: str | None = None
    next_step: str | None = None
    next_step_on: date | None = None
    better_reason: str | None = None
    given_by: str | None = None
    given_how: GivenHow | None = None
    is_no_change: bool = False
    is_reopening: bool = False


def record_progress(
    session: Session,
    action: Action,
    entry: Entry,
    *,
    person_id: int,
    last_seen: int,
    now: datetime,
    cleared_by_id: int | None = None,
) -> Progress:
    """Record a signed entry; it answers every open ask on the action.

    The signer's draft of it goes, and so do the delegations of what it answers. ``last_seen`` is
    the number of the last entry on the page that was answered. Raises Overtaken when another
    entry came since, NothingToRepeat when "no change" has no entry to repeat or the action is
    complete or closed: a confirmation would be lost by saying nothing.
    """
    if action.last_entry_number != last_seen:
        raise Overtaken
    if entry.is_no_change and not (last_seen and action.lifecycle.is_open):
        raise NothingToRepeat
    progress = Progress(
        partnership_id=action.partnership_id,
        action_id=action.id,
        number=last_seen + 1,
        entered_at=now,
        person_id=person_id,
        cleared_by_id=cleared_by_id,
        **vars(entry),
    )
    session.add(progress)
    action.lifecycle = entry.lifecycle
    action.owner_rating = entry.rating
    action.last_entry_at = now
    action.last_entry_number = last_seen + 1
    action.completion_confirmed_at = None
    action.completion_confirmed_by_id = None
    action.changed_at = now
    session.flush()
    asks = _open_asks(session, action)
    for ask in asks:
        ask.answered_at = now
        ask.answer_id = progress.id
    _settle(session, action, person_id, [ask.id for ask in asks], now=now)
    refresh(session, action)
    return progress


def _settle(
    session: Session, action: Action, person_id: int, ask_ids: Sequence[int], *, now: datetime
) -> None:
    """What an entry makes needless: its signer's draft, and who else was handed its asks."""
    for draft in session.scalars(
        select(ProgressDraft).where(
            ProgressDraft.partnership_id == action.partnership_id,
            ProgressDraft.action_id == action.id,
            ProgressDraft.person_id == person_id,
        )
    ):
        session.delete(draft)
    for handed in session.scalars(
        select(Delegation).where(
            Delegation.partnership_id == action.partnership_id,
            Delegation.ask_id.in_(ask_ids),
            Delegation.ended_at.is_(None),
        )
    ):
        handed.ended_at = now
    session.flush()


def no_change(action: Action) -> Entry:
    """What "no change since last time" says: where it stands, and its owner's rating."""
    return Entry(lifecycle=action.lifecycle, rating=action.owner_rating, is_no_change=True)


def record_no_change(
    session: Session, action: Action, *, person_id: int, last_seen: int, now: datetime
) -> Progress:
    """Record that nothing changed since the last entry; it counts as an entry.

    Raises what ``record_progress`` raises.
    """
    entry = no_change(action)
    return record_progress(
        session, action, entry, person_id=person_id, last_seen=last_seen, now=now
    )


def refresh(session: Session, action: Action) -> None:
    """Rewrite the stored days that follow from entries, agreements, deadlines and milestones."""
    known = facts(session, action.partnership_id, date.max, action_ids=[action.id])
    if known:
        store_days(action, known[0])
        session.flush()


def store_days(action: Action, known: ActionFacts) -> None:
    """Store the days that follow from what is known of an action."""
    limits, is_agreed = known.thresholds(), known.agreement is not None
    # As long as a better rating is agreed, the date does not limit what is shown.
    action.amber_from_on = None if is_agreed else limits.amber_from_on
    action.red_from_on = None if is_agreed else limits.red_from_on
    action.due_on = known.deadline.dated.ends_on(Relation.BY)


def _open_asks(session: Session, action: Action) -> Sequence[Ask]:
    return session.scalars(
        select(Ask)
        .where(
            Ask.partnership_id == action.partnership_id,
            Ask.action_id == action.id,
            Ask.answered_at.is_(None),
            Ask.closed_at.is_(None),
        )
        .order_by(Ask.id)
    ).all()
