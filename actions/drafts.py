"""Drafts of updates: kept as they were typed, thrown away, taken back; read as an entry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions.answer_models import DraftState, ProgressDraft
from actions.models import Action, GivenHow
from actions.operations import Entry, no_change
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.period import parse_period, short_date
from tracker.kernel.rag import Rating

Said = Mapping[str, str]
NO_CHANGE, OWN_ANSWER = "no_change", "own"
_TEXTS = (
    "happened",
    "cause",
    "recovery",
    "help_needed",
    "evidence",
    "next_step",
    "better_reason",
    "given_by",
)
_DAYS = ("forecast_on", "next_step_on")


def entry_of(said: Said, action: Action) -> Entry:
    """What was said, by the names of the form's fields, as an entry about an action.

    A period means its last day. Raises ValueError where it could not have passed the form.
    """
    texts = {name: said.get(name) or None for name in _TEXTS}
    days = {name: parse_period(said[name]).last if said.get(name) else None for name in _DAYS}
    how = said.get("given_how") or OWN_ANSWER
    given = GivenHow(how) if how != OWN_ANSWER else None
    if said.get(NO_CHANGE):
        told = no_change(action)
        lifecycle, rating = told.lifecycle, told.rating
    else:
        lifecycle = Lifecycle(said["lifecycle"])
        rating = _rating(lifecycle, said.get("rating", ""))
    return Entry(
        lifecycle=lifecycle,
        rating=rating,
        happened=texts["happened"],
        cause=texts["cause"],
        recovery=texts["recovery"],
        forecast_on=days["forecast_on"],
        help_needed=texts["help_needed"],
        evidence=texts["evidence"],
        next_step=texts["next_step"],
        next_step_on=days["next_step_on"],
        better_reason=texts["better_reason"],
        given_by=texts["given_by"] if given else None,
        given_how=given,
        is_no_change=bool(said.get(NO_CHANGE)),
    )


def said_of(entry: Entry) -> dict[str, str]:
    """An entry by the names of the form's fields: what ``entry_of`` reads back."""
    if entry.is_no_change:
        said = {NO_CHANGE: "1"}
    else:
        said = {"lifecycle": entry.lifecycle.value, "rating": entry.rating.value}
    values = {name: getattr(entry, name) for name in (*_TEXTS, *_DAYS, "given_how")}
    return said | {name: _typed(value) for name, value in values.items() if value}


def said_in(draft: ProgressDraft) -> dict[str, str]:
    """What a draft holds, by the names of the form's fields."""
    found = json.loads(draft.said)
    return {str(name): str(value) for name, value in found.items()}


def draft_of(
    session: Session, partnership_id: int, action_id: int, person_id: int
) -> ProgressDraft | None:
    """A person's draft of an update of an action."""
    return session.scalar(
        select(ProgressDraft).where(
            ProgressDraft.partnership_id == partnership_id,
            ProgressDraft.action_id == action_id,
            ProgressDraft.person_id == person_id,
        )
    )


def save_draft(
    session: Session,
    action: Action,
    said: Said,
    *,
    person_id: int,
    last_seen: int,
    now: datetime,
    organisation_id: int | None = None,
) -> ProgressDraft:
    """Keep what somebody has typed of an update, whether it is valid or not.

    With ``organisation_id`` it waits for that organisation to clear it. Without, it is for its
    author alone: what waited is taken back, and what was returned keeps its reason until it is
    sent again.
    """
    draft = draft_of(session, action.partnership_id, action.id, person_id)
    if draft is None:
        draft = _begun(session, action, person_id, now)
    draft.said = json.dumps(dict(said), sort_keys=True)
    draft.last_seen = last_seen
    draft.saved_at = now
    draft.organisation_id = organisation_id
    if organisation_id is not None:
        draft.state = DraftState.SUBMITTED
        draft.returned_by_id = draft.returned_reason = None
    elif draft.state is DraftState.SUBMITTED:
        draft.state = DraftState.DRAFT
    session.flush()
    return draft


def _begun(session: Session, action: Action, person_id: int, now: datetime) -> ProgressDraft:
    """A new draft; the one that a second press made at the same moment, where there is one."""
    draft = ProgressDraft(
        partnership_id=action.partnership_id,
        action_id=action.id,
        person_id=person_id,
        state=DraftState.DRAFT,
        last_seen=0,
        said="{}",
        saved_at=now,
    )
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:
        found = draft_of(session, action.partnership_id, action.id, person_id)
        if found is None:
            raise
        return found
    return draft


def take_back(session: Session, draft: ProgressDraft, *, now: datetime) -> None:
    """Make what waits for clearance its author's draft again; nothing where it does not wait."""
    if draft.state is DraftState.SUBMITTED:
        draft.state = DraftState.DRAFT
        draft.organisation_id = None
        draft.saved_at = now
        session.flush()


def throw_away(session: Session, draft: ProgressDraft) -> None:
    """Forget a draft."""
    session.delete(draft)
    session.flush()


def _rating(lifecycle: Lifecycle, chosen: str) -> Rating:
    if lifecycle is Lifecycle.COMPLETE:
        return Rating.BLUE
    return Rating.GREY if lifecycle is Lifecycle.NOT_STARTED else Rating(chosen)


def _typed(value: str | date) -> str:
    return short_date(value) if isinstance(value, date) else str(value)
