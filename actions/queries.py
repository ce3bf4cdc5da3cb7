"""Reading actions: what pages and papers ask of them, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from actions.ask_models import Ask
from actions.deadline_models import Deadline
from actions.facts import deadline_facts as deadline_facts
from actions.facts import entry_facts
from actions.facts import facts as facts
from actions.models import Action, ActionHome, Owner, Progress
from actions.names import owns_on
from actions.said import AskFacts, DeadlineChange, EntryFacts
from tracker.edges.tenancy import ACROSS
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.board_models import Board
from tracker.people.models import Person


def shown_rating(today: date) -> ColumnElement[str]:
    """The rating shown today, in SQL: the worse of the owner's and what the stored days allow."""
    is_red = and_(Action.red_from_on.is_not(None), Action.red_from_on <= today)
    is_amber = and_(Action.amber_from_on.is_not(None), Action.amber_from_on <= today)
    return case(
        (is_red, Rating.RED.value),
        (and_(is_amber, Action.owner_rating != Rating.RED), Rating.AMBER.value),
        else_=Action.owner_rating,
    )


def rating_counts(session: Session, partnership_id: int, today: date) -> dict[int, dict[str, int]]:
    """Counts by rating of each plan's actions, by plan id: worst first, zeros included.

    An action that stands twice in a plan counts once there; one that was closed, not completed,
    does not count.
    """
    rating = shown_rating(today).label("rating")
    counts: dict[int, dict[str, int]] = defaultdict(lambda: {word.value: 0 for word in Rating})
    for plan_id, word, number in session.execute(
        select(ActionHome.plan_id, rating, func.count(Action.id.distinct()))
        .join(Action, Action.id == ActionHome.action_id)
        .where(
            ActionHome.partnership_id == partnership_id,
            Action.lifecycle != Lifecycle.CLOSED_NOT_COMPLETED,
            ActionHome.ended_on.is_(None),
        )
        .group_by(ActionHome.plan_id, rating)
    ):
        counts[plan_id][Rating(word).value] = number
    return counts


def action_by_number(session: Session, partnership_id: int, number: int) -> Action | None:
    """One action by its number in its partnership."""
    return session.scalar(
        select(Action).where(Action.partnership_id == partnership_id, Action.number == number)
    )


def owned_ids(session: Session, partnership_id: int, person_id: int, today: date) -> list[int]:
    """The actions that a person is asked about today."""
    return owned_everywhere(session, person_id, today).get(partnership_id, [])


def owned_everywhere(session: Session, person_id: int, today: date) -> dict[int, list[int]]:
    """The actions that a person is asked about today, by partnership id."""
    found: dict[int, list[int]] = defaultdict(list)
    for partnership_id, action_id in session.execute(
        select(Owner.partnership_id, Owner.action_id)
        .where(Owner.person_id == person_id, owns_on(today))
        .order_by(Owner.partnership_id, Owner.action_id),
        execution_options=ACROSS,
    ):
        found[partnership_id].append(action_id)
    return found


def entries(session: Session, partnership_id: int, action_id: int) -> list[EntryFacts]:
    """An action's progress, newest first."""
    cleared_by = aliased(Person)
    rows = session.execute(
        select(Progress, Person.name, cleared_by.name)
        .join(Person, Person.id == Progress.person_id)
        .outerjoin(cleared_by, cleared_by.id == Progress.cleared_by_id)
        .where(Progress.partnership_id == partnership_id, Progress.action_id == action_id)
        .order_by(Progress.number.desc())
    ).all()
    return [entry_facts(progress, name, cleared) for progress, name, cleared in rows]


def deadline_changes(
    session: Session, partnership_id: int, action_id: int, milestone_id: int | None = None
) -> list[DeadlineChange]:
    """Every change of an action's deadline, or of one of its milestones', newest first."""
    rows = session.execute(
        select(Deadline, Person.name, Board.name)
        .outerjoin(Person, Person.id == Deadline.set_by_id)
        .outerjoin(Board, Board.id == Deadline.agreed_by_board_id)
        .where(
            Deadline.partnership_id == partnership_id,
            Deadline.action_id == action_id,
            Deadline.milestone_id.is_not_distinct_from(milestone_id),
        )
        .order_by(Deadline.number)
    ).all()
    changes = [
        DeadlineChange(
            set_at=deadline.set_at,
            before=before.in_words(),
            after=deadline.in_words(),
            reason=deadline.reason,
            person=person,
            board=board,
        )
        for (before, *_), (deadline, person, board) in pairwise(rows)
    ]
    return changes[::-1]


def asks_about(
    session: Session, partnership_id: int, action_ids: Iterable[int], today: date
) -> dict[int, list[AskFacts]]:
    """What these actions are asked for: asks not answered, closed ones until their meeting."""
    found: dict[int, list[AskFacts]] = defaultdict(list)
    for ask, board in session.execute(
        select(Ask, Board.name)
        .join(Board, Board.id == Ask.board_id)
        .where(
            Ask.partnership_id == partnership_id,
            Ask.action_id.in_(list(action_ids)),
            Ask.answered_at.is_(None),
            or_(Ask.closed_at.is_(None), Ask.for_on >= today),
        )
        .order_by(Ask.for_on, Ask.id)
    ):
        found[ask.action_id].append(
            AskFacts(
                board=board,
                for_on=ask.for_on,
                closes_at=ask.closes_at,
                is_closed=ask.closed_at is not None,
            )
        )
    return found
