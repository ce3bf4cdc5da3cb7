"""Where an action stands, beside its entries: confirmed, reopened, on hold, a rating agreed.

Operations flush and never commit. Each rewrites the days that the rating follows from.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.answer_models import AgreedAs, Agreement
from actions.facts import facts
from actions.models import Action, Owner, Progress
from actions.operations import Entry, record_progress, refresh
from actions.rules import main_home
from tracker.edges.db import key_of
from tracker.kernel.rag import Lifecycle, Rating
from tracker.kernel.times import london_day


class NotYetComplete(Exception):
    """Only a complete action that awaits confirmation can be confirmed."""


class OwnCompletion(Exception):
    """Completion is confirmed by somebody who neither owns the action nor reported it complete."""


class NotComplete(Exception):
    """Only a complete action can be reopened."""


class NotOpen(Exception):
    """Only an open action can be put on hold."""


class NothingToAgree(Exception):
    """The last entry asks for no better rating than the date allows, or it is agreed already."""


class OwnRating(Exception):
    """Nobody agrees to a rating that they gave themselves."""


def confirm_completion(session: Session, action: Action, *, person_id: int, now: datetime) -> None:
    """Confirm that an action is complete.

    Raises NotYetComplete when it does not await confirmation, OwnCompletion when the one who
    confirms is an owner of it or signed any entry since it last became complete.
    """
    if action.lifecycle is not Lifecycle.COMPLETE or action.completion_confirmed_at is not None:
        raise NotYetComplete
    before_complete = session.scalar(
        select(func.max(Progress.number)).where(
            Progress.partnership_id == action.partnership_id,
            Progress.action_id == action.id,
            Progress.lifecycle != Lifecycle.COMPLETE,
        )
    )
    signers = session.scalars(
        select(Progress.person_id).where(
            Progress.partnership_id == action.partnership_id,
            Progress.action_id == action.id,
            Progress.number > (before_complete or 0),
            Progress.given_by.is_(None),  # whoever only wrote down what another said may confirm
        )
    ).all()
    owns = session.scalar(
        select(Owner.id).where(
            Owner.partnership_id == action.partnership_id,
            Owner.action_id == action.id,
            Owner.person_id == person_id,
            Owner.to_on.is_(None) | (Owner.to_on >= london_day(now)),
        )
    )
    if person_id in signers or owns is not None:
        raise OwnCompletion
    action.completion_confirmed_at = now
    action.completion_confirmed_by_id = person_id
    action.changed_at = now
    session.flush()


def reopen(
    session: Session, action: Action, reason: str, *, person_id: int, last_seen: int, now: datetime
) -> Progress:
    """Take a completion back: an entry like any other, in progress, with the reason.

    Its rating is the last that was given before it was complete, or Amber where there was none.
    Raises NotComplete, and what ``record_progress`` raises.
    """
    if action.lifecycle is not Lifecycle.COMPLETE:
        raise NotComplete
    before = session.scalar(
        select(Progress.rating)
        .where(
            Progress.partnership_id == action.partnership_id,
            Progress.action_id == action.id,
            Progress.lifecycle == Lifecycle.IN_PROGRESS,
        )
        .order_by(Progress.number.desc())
        .limit(1)
    )
    entry = Entry(Lifecycle.IN_PROGRESS, before or Rating.AMBER, happened=reason, is_reopening=True)
    return record_progress(
        session, action, entry, person_id=person_id, last_seen=last_seen, now=now
    )


def hold(
    session: Session, action: Action, *, until: date, board_id: int, reason: str, now: datetime
) -> None:
    """Put an action on hold through a day, by decision of a board: nobody is chased about it.

    Raises NotOpen.
    """
    if not action.lifecycle.is_open:
        raise NotOpen
    action.on_hold_until = until
    action.on_hold_board_id = board_id
    action.on_hold_reason = reason
    action.changed_at = now
    session.flush()
    refresh(session, action)


def take_off_hold(session: Session, action: Action, *, now: datetime) -> None:
    """The hold ends: the date says again what it allows."""
    action.on_hold_until = None
    action.on_hold_board_id = None
    action.on_hold_reason = None
    action.changed_at = now
    session.flush()
    refresh(session, action)


def agree_rating(
    session: Session,
    action: Action,
    *,
    agreed_as: AgreedAs,
    agreed_by: str,
    board_id: int | None,
    recorded_by_id: int,
    now: datetime,
    words: str | None = None,
    in_own_name: bool = True,
) -> Agreement:
    """Agree the last entry's rating, better than the date allows, for its present deadline.

    ``in_own_name`` says that ``recorded_by_id`` agrees; otherwise they record what the person
    named ``agreed_by`` agreed. It lapses by itself at the next entry or change of the deadline.
    Raises NothingToAgree, OwnRating.
    """
    today = london_day(now)
    known = main_home(facts(session, action.partnership_id, today, action_ids=[action.id]))
    if known.last_entry is None or not known.may_be_agreed():
        raise NothingToAgree
    entry = known.last_entry
    is_signer = entry.given_by is None and _signer(session, action) == recorded_by_id
    if key_of(agreed_by) == key_of(entry.given_by or entry.person) or (in_own_name and is_signer):
        raise OwnRating
    agreement = Agreement(
        partnership_id=action.partnership_id,
        action_id=action.id,
        entry_number=action.last_entry_number,
        deadline_number=known.deadline.number,
        agreed_at=now,
        agreed_as=agreed_as,
        agreed_by=agreed_by,
        board_id=board_id,
        recorded_by_id=recorded_by_id,
        words=words,
    )
    session.add(agreement)
    action.changed_at = now
    session.flush()
    refresh(session, action)
    return agreement


def _signer(session: Session, action: Action) -> int | None:
    return session.scalar(
        select(Progress.person_id).where(
            Progress.partnership_id == action.partnership_id,
            Progress.action_id == action.id,
            Progress.number == action.last_entry_number,
        )
    )
