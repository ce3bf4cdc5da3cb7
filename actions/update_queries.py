"""What the update page reads of an action: the ground it stands on, in few queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from actions.answer_models import Delegation, DraftState, ProgressDraft
from actions.answerers import answerers
from actions.ask_models import Ask
from actions.clearers import Clearance, asking_first, clearance_of
from actions.facts import entry_facts
from actions.models import Action, Progress
from actions.said import AskFacts, EntryFacts
from tracker.kernel.period import short_date
from tracker.kernel.times import london_day
from tracker.people.board_models import Board
from tracker.people.models import Person

SHOWN_ENTRIES = 3


@dataclass(frozen=True)
class Ground:
    """An action with what one person has to do with an update of it.

    ``draft`` is what they began; ``returned_by`` names who returned it; ``clearance`` is who must
    clear what waits of it, or what they would say.
    """

    action: Action
    is_answerer: bool
    draft: ProgressDraft | None = None
    returned_by: str | None = None
    clearance: Clearance | None = None


@dataclass(frozen=True)
class Handed:
    """One ask handed to somebody: by whom, when, and with what note."""

    by: str
    to: str
    to_id: int
    made_at: datetime
    note: str | None = None

    @property
    def words(self) -> str:
        """ "Sam Ash handed this update to Jo Bell on 3 November 2026"."""
        return (
            f"{self.by} handed this update to {self.to} on {short_date(london_day(self.made_at))}"
        )


@dataclass(frozen=True)
class AskHere:
    """An ask that nobody has answered, and whom it was handed to."""

    ask_id: int
    facts: AskFacts
    handed: Handed | None = None


def ground(
    session: Session, partnership_id: int, number: int, person_id: int, today: date
) -> Ground | None:
    """An action by its number with what a person has to do with it; None where there is none."""
    each = answerers([partnership_id], today).subquery()
    returner = aliased(Person)
    row = session.execute(
        select(
            Action,
            ProgressDraft,
            returner.name,
            exists().where(
                Action.partnership_id == partnership_id,
                each.c.action_id == Action.id,
                each.c.person_id == person_id,
            ),
            asking_first(partnership_id, person_id, today).scalar_subquery(),
        )
        .outerjoin(
            ProgressDraft,
            and_(
                ProgressDraft.partnership_id == Action.partnership_id,
                ProgressDraft.action_id == Action.id,
                ProgressDraft.person_id == person_id,
            ),
        )
        .outerjoin(returner, returner.id == ProgressDraft.returned_by_id)
        .where(Action.partnership_id == partnership_id, Action.number == number)
    ).first()
    if row is None:
        return None
    action, draft, returned_by, is_answerer, organisation_id = row
    if draft is not None and draft.state is DraftState.SUBMITTED:
        organisation_id = draft.organisation_id
    clearance = None
    if organisation_id is not None:
        clearance = clearance_of(session, partnership_id, organisation_id, today)
    return Ground(action, bool(is_answerer), draft, returned_by, clearance)


def recent_entries(
    session: Session, action: Action, *, since: int | None = None
) -> list[EntryFacts]:
    """An action's newest entries, newest first, and the last that said more than "no change".

    ``since`` is the number of an entry after which all are wanted, ten at most.
    """
    cleared_by, earlier = aliased(Person), aliased(Progress)
    last = action.last_entry_number
    after = last - SHOWN_ENTRIES
    if since is not None:
        after = max(last - 10, min(after, since))
    told = (
        select(func.max(earlier.number))
        .where(
            earlier.partnership_id == action.partnership_id,
            earlier.action_id == action.id,
            earlier.is_no_change.is_(False),
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(Progress, Person.name, cleared_by.name)
        .join(Person, Person.id == Progress.person_id)
        .outerjoin(cleared_by, cleared_by.id == Progress.cleared_by_id)
        .where(
            Progress.partnership_id == action.partnership_id,
            Progress.action_id == action.id,
            or_(Progress.number > after, Progress.number == told),
        )
        .order_by(Progress.number.desc())
    ).all()
    return [entry_facts(progress, name, cleared) for progress, name, cleared in rows]


def asks_here(session: Session, partnership_id: int, action_id: int, today: date) -> list[AskHere]:
    """What an action is asked for and whom each ask was handed to, the soonest meeting first.

    Asks not answered; closed ones until their meeting.
    """
    by, to = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Ask, Board.name, Delegation, by.name, to.name)
        .join(Board, Board.id == Ask.board_id)
        .outerjoin(
            Delegation,
            and_(
                Delegation.partnership_id == Ask.partnership_id,
                Delegation.ask_id == Ask.id,
                Delegation.ended_at.is_(None),
            ),
        )
        .outerjoin(by, by.id == Delegation.by_id)
        .outerjoin(to, to.id == Delegation.to_id)
        .where(
            Ask.partnership_id == partnership_id,
            Ask.action_id == action_id,
            Ask.answered_at.is_(None),
            or_(Ask.closed_at.is_(None), Ask.for_on >= today),
        )
        .order_by(Ask.for_on, Ask.id, Delegation.id)
    ).all()
    return [
        AskHere(
            ask_id=ask.id,
            facts=AskFacts(board, ask.for_on, ask.closes_at, is_closed=ask.closed_at is not None),
            handed=_handed(handed, by_name, to_name),
        )
        for ask, board, handed, by_name, to_name in rows
    ]


def _handed(delegation: Delegation | None, by: str, to: str) -> Handed | None:
    if delegation is None:
        return None
    return Handed(by, to, delegation.to_id, delegation.made_at, delegation.note)
