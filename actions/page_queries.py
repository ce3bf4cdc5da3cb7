"""Reading one action for its page: all that is known of it, in four queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session, aliased

from actions.answer_models import Agreement
from actions.around import Around, around
from actions.deadline_models import Deadline
from actions.facts import build, deadline_facts, entry_facts
from actions.models import Action, ActionHome, Milestone, Progress
from actions.proposal_models import Proposal, ProposalKind, ProposalStatus
from actions.rules import ActionFacts, MilestoneFacts, main_home
from actions.said import AgreementFacts, DeadlineChange, EntryFacts
from plans.models import Plan
from priorities.models import Priority
from tracker.people.board_models import Board
from tracker.people.models import Partnership, Person

NEWEST = 20  # entries on the page, unless all are wanted


@dataclass(frozen=True)
class ActionPage:
    """An action in all its homes, with its history; entries and changes are newest first.

    ``milestone_changes`` are the changes of milestones' dates, by the milestone's uid.
    """

    action: Action
    homes: tuple[ActionFacts, ...]
    around: Around
    entries: tuple[EntryFacts, ...]
    changes: tuple[DeadlineChange, ...]
    milestone_changes: dict[str, tuple[DeadlineChange, ...]]
    confirmed_by: str | None
    hold_board: str | None

    @property
    def facts(self) -> ActionFacts:
        """The action where pages speak of it: in its first home that has not ended."""
        return main_home(self.homes)


def action_page(
    session: Session,
    partnership_id: int,
    number: int,
    today: date,
    *,
    boards: Callable[[int], Select[int]],
    newest: int | None = NEWEST,
) -> ActionPage | None:
    """One action by its number with all that its page says; None where there is none.

    ``boards`` makes, of the action's id, a select of the ids of the boards that review it.
    """
    rows = session.execute(_rows(partnership_id, number)).all()
    if not rows:
        return None
    action: Action = rows[0].Action
    deadlines = _deadlines(session, partnership_id, action.id)
    said = _said(session, partnership_id, action.id, newest)
    near = around(session, partnership_id, action.id, today, boards=boards(action.id))
    own = [deadline for deadline, _, _ in deadlines[None]]
    deadline = replace(deadline_facts(own), proposed_words=rows[0].proposed)
    milestones = {
        row.Milestone.id: MilestoneFacts(
            uid=str(row.Milestone.uid),
            title=row.Milestone.title,
            deadline=deadline_facts([one for one, _, _ in deadlines[row.Milestone.id]]),
            done_on=row.Milestone.done_on,
        )
        for row in rows
        if row.Milestone is not None
    }
    homes = {
        row.ActionHome.id: build(
            row.ActionHome,
            action,
            row.Plan,
            row.Priority,
            names=near.names,
            milestones=tuple(milestones.values()),
            deadline=deadline,
            last_entry=said[0][0] if said else None,
            date_rule=row.date_rule,
            is_asked=any(not ask.is_closed for ask in near.asks.values()),
            agreement=_live_agreement(said, action, deadline.number),
        )
        for row in rows
    }
    return ActionPage(
        action=action,
        homes=tuple(homes.values()),
        around=near,
        entries=tuple(entry for entry, _ in said),
        changes=_changes(deadlines[None]),
        milestone_changes={one.uid: _changes(deadlines[key]) for key, one in milestones.items()},
        confirmed_by=rows[0].confirmed_by,
        hold_board=rows[0].hold_board,
    )


def _rows(partnership_id: int, number: int) -> Select[tuple[object, ...]]:
    """An action, by its homes and milestones: both are few."""
    confirmer, hold_board = aliased(Person), aliased(Board)
    proposed = (
        select(Proposal.deadline)
        .where(
            Proposal.partnership_id == partnership_id,
            Proposal.action_id == Action.id,
            Proposal.kind == ProposalKind.DEADLINE,
            Proposal.status == ProposalStatus.WAITING,
        )
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Action,
            ActionHome,
            Plan,
            Priority,
            Milestone,
            Partnership.date_rule,
            confirmer.name.label("confirmed_by"),
            hold_board.name.label("hold_board"),
            proposed.label("proposed"),
        )
        .join(ActionHome, ActionHome.action_id == Action.id)
        .join(Plan, Plan.id == ActionHome.plan_id)
        .join(Partnership, Partnership.id == Action.partnership_id)
        .outerjoin(Priority, Priority.id == ActionHome.priority_id)
        .outerjoin(Milestone, Milestone.action_id == Action.id)
        .outerjoin(confirmer, confirmer.id == Action.completion_confirmed_by_id)
        .outerjoin(hold_board, hold_board.id == Action.on_hold_board_id)
        .where(Action.partnership_id == partnership_id, Action.number == number)
        .order_by(
            Plan.starts_on,
            Plan.id,
            ActionHome.position,
            ActionHome.id,
            Milestone.position,
            Milestone.id,
        )
    )


Set = tuple[Deadline, str | None, str | None]


def _deadlines(
    session: Session, partnership_id: int, action_id: int
) -> dict[int | None, list[Set]]:
    """Every deadline that an action (under None) and its milestones had, oldest first."""
    found: dict[int | None, list[Set]] = defaultdict(list)
    for deadline, person, board in session.execute(
        select(Deadline, Person.name, Board.name)
        .outerjoin(Person, Person.id == Deadline.set_by_id)
        .outerjoin(Board, Board.id == Deadline.agreed_by_board_id)
        .where(Deadline.partnership_id == partnership_id, Deadline.action_id == action_id)
        .order_by(Deadline.number, Deadline.id)
    ):
        found[deadline.milestone_id].append((deadline, person, board))
    return found


def _changes(history: Sequence[Set]) -> tuple[DeadlineChange, ...]:
    changes = [
        DeadlineChange(
            set_at=deadline.set_at,
            before=before.in_words(),
            after=deadline.in_words(),
            reason=deadline.reason,
            person=person,
            board=board,
        )
        for (before, *_), (deadline, person, board) in pairwise(history)
    ]
    return tuple(changes[::-1])


Said = tuple[EntryFacts, list[Agreement]]


def _said(session: Session, partnership_id: int, action_id: int, newest: int | None) -> list[Said]:
    """An action's newest entries with what was agreed to each, the newest first."""
    cleared_by = aliased(Person)
    chosen = (
        select(Progress, Person.name, cleared_by.name, Agreement)
        .join(Person, Person.id == Progress.person_id)
        .outerjoin(cleared_by, cleared_by.id == Progress.cleared_by_id)
        .outerjoin(
            Agreement,
            and_(
                Agreement.partnership_id == Progress.partnership_id,
                Agreement.action_id == Progress.action_id,
                Agreement.entry_number == Progress.number,
            ),
        )
        .where(Progress.partnership_id == partnership_id, Progress.action_id == action_id)
        .order_by(Progress.number.desc(), Agreement.id)
    )
    if newest is not None:
        chosen = chosen.where(
            Progress.number
            > select(Action.last_entry_number - newest)
            .where(Action.partnership_id == partnership_id, Action.id == action_id)
            .scalar_subquery()
        )
    found: dict[int, Said] = {}
    for progress, name, cleared, agreement in session.execute(chosen):
        kept = found.setdefault(progress.number, (entry_facts(progress, name, cleared), []))
        if agreement is not None:
            kept[1].append(agreement)
    return list(found.values())


def _live_agreement(said: Sequence[Said], action: Action, deadline: int) -> AgreementFacts | None:
    """The agreement to the last entry, for the deadline that the action has now."""
    for entry, agreements in said[:1]:
        for one in agreements:
            if entry.number == action.last_entry_number and one.deadline_number == deadline:
                return AgreementFacts(one.agreed_by, one.agreed_as, one.agreed_at)
    return None


def milestone_by_uid(
    session: Session, partnership_id: int, action_id: int, uid: UUID
) -> Milestone | None:
    """One milestone of an action."""
    return session.scalar(
        select(Milestone).where(
            Milestone.partnership_id == partnership_id,
            Milestone.action_id == action_id,
            Milestone.uid == uid,
        )
    )
