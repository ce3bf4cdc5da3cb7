"""Updates that an organisation clears before they are submitted: sent, cleared, returned.

Off unless an organisation has asked for it. What waits is no entry yet: the ask stays open.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.answer_models import DraftState, ProgressDraft
from actions.answerers import answerer_ids
from actions.clearers import Clearance, clearance_for
from actions.drafts import Said, entry_of, said_in, said_of, save_draft
from actions.models import Action, Progress
from actions.operations import Entry, NothingToRepeat, Overtaken, record_progress
from actions.said import EntryFacts
from tracker.edges.db import key_of
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.period import short_date
from tracker.kernel.times import london_day
from tracker.people.models import Person


class NoLongerWaits(Exception):
    """What was to be cleared or returned was taken back, changed or decided since it was read."""


def clearance_needed(
    session: Session, action: Action, entry: Entry, *, person_id: int, today: date
) -> Clearance | None:
    """Who must clear an entry before it counts; None when nobody must.

    The organisation of whoever answers decides. An answer that a secretary records for somebody
    is that person's, where the name is that of somebody who may answer about this action.
    """
    answers_id: int | None = person_id
    if entry.given_by is not None:
        answers_id = _answerer_named(session, action, entry.given_by, today)
    if answers_id is None:
        return None
    return clearance_for(session, action.partnership_id, answers_id, today)


def submit_or_clear(
    session: Session,
    action: Action,
    entry: Entry,
    *,
    person_id: int,
    last_seen: int,
    now: datetime,
    said: Said | None = None,
) -> Progress | Clearance:
    """Record an entry, or keep it until the organisation of whoever answers has cleared it.

    Returns the entry, or who must clear it. ``said`` is the entry as it was typed, by the names of
    the form's fields, where that is more than the entry itself. Raises what ``record_progress``
    raises.
    """
    clearance = clearance_needed(session, action, entry, person_id=person_id, today=london_day(now))
    if clearance is None:
        return record_progress(
            session, action, entry, person_id=person_id, last_seen=last_seen, now=now
        )
    if action.last_entry_number != last_seen:
        raise Overtaken
    if entry.is_no_change and not (last_seen and action.lifecycle.is_open):
        raise NothingToRepeat
    save_draft(
        session,
        action,
        said_of(entry) if said is None else said,
        person_id=person_id,
        last_seen=last_seen,
        now=now,
        organisation_id=clearance.organisation_id,
    )
    return clearance


def clear(
    session: Session,
    action: Action,
    draft: ProgressDraft,
    *,
    seen_at: datetime | None,
    person_id: int,
    now: datetime,
) -> Progress:
    """Submit what waits, signed by its author and cleared by ``person_id``.

    ``seen_at`` says which version was read. Raises NoLongerWaits when it is not that one any more,
    Overtaken or NothingToRepeat when it cannot follow what was recorded since.
    """
    _still(draft, seen_at)
    if action.lifecycle is Lifecycle.CLOSED_NOT_COMPLETED:
        raise NothingToRepeat
    return record_progress(
        session,
        action,
        entry_of(said_in(draft), action),
        person_id=draft.person_id,
        last_seen=draft.last_seen,
        now=now,
        cleared_by_id=person_id,
    )


def send_back(
    session: Session, draft: ProgressDraft, *, seen_at: datetime | None, person_id: int, reason: str
) -> None:
    """Return what waits to its author with a reason. Raises NoLongerWaits as ``clear`` does."""
    _still(draft, seen_at)
    draft.state = DraftState.RETURNED
    draft.returned_by_id = person_id
    draft.returned_reason = reason
    draft.organisation_id = None
    session.flush()


def overtaken_reason(action: Action, newest: EntryFacts | None) -> str:
    """Why an update that was overtaken goes back to its author, in a sentence for them."""
    if action.lifecycle is Lifecycle.CLOSED_NOT_COMPLETED:
        return "The action was closed, not completed, before this was cleared."
    if newest is None:
        return "It could not be submitted as it stands. Look through it and submit it again."
    day = short_date(london_day(newest.entered_at))
    return (
        f"{newest.who[:200]} updated this action on {day}, before this was cleared."
        " Read that, then submit yours again if it still holds."
    )


def _still(draft: ProgressDraft, seen_at: datetime | None) -> None:
    if draft.state is not DraftState.SUBMITTED or draft.saved_at != seen_at:
        raise NoLongerWaits


def _answerer_named(session: Session, action: Action, name: str, today: date) -> int | None:
    ids = answerer_ids(session, action.partnership_id, action.id, today)
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return next((one for one, called in people if key_of(called) == key_of(name)), None)
