"""What waits for somebody besides updates: proposals, updates to clear, meeting actions."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from actions.answer_models import DraftState, ProgressDraft
from actions.models import Action, ActionHome
from actions.proposal_models import Proposal, ProposalStatus
from governance.log_models import MeetingAction, MeetingActionStatus
from governance.models import ReviewCycle, ReviewCyclePlan, TimetableStep
from governance.news import Line, News, NewsKind
from governance.timetable import StepKind
from priorities.models import PriorityLead
from tracker.edges.tenancy import ACROSS
from tracker.kernel.period import short_date
from tracker.kernel.times import london_day
from tracker.people.board_models import Board, BoardMember, BoardRole
from tracker.people.models import Membership, Organisation, Partnership, Person

T = TypeVar("T", bound=PriorityLead | BoardMember | Membership)
# How long what happened is news, and how far ahead a meeting action is due soon.
LOOK_BACK = timedelta(days=7)
AHEAD = timedelta(days=7)
FOR_YOU = "Meeting actions for you"
# Every tick asks these, so they are built once.
_TO_CLEAR = (
    select(ProgressDraft, Action, Person, Organisation.name, Partnership.slug)
    .join(Action, Action.id == ProgressDraft.action_id)
    .join(Person, Person.id == ProgressDraft.person_id)
    .join(Organisation, Organisation.id == ProgressDraft.organisation_id)
    .join(Partnership, Partnership.id == ProgressDraft.partnership_id)
    .where(ProgressDraft.state == DraftState.SUBMITTED)
    .order_by(ProgressDraft.id)
)
_TO_AGREE = (
    select(Proposal, Action, Person.name, Partnership.slug)
    .select_from(Partnership)
    .join(
        Proposal,
        and_(
            Proposal.partnership_id == Partnership.id,
            Proposal.status == ProposalStatus.WAITING,
        ),
    )
    .outerjoin(Action, Action.id == Proposal.action_id)
    .join(Person, Person.id == Proposal.proposed_by_id)
    .order_by(Proposal.proposed_at, Proposal.id)
)
_MEETING_ACTIONS = (
    select(MeetingAction, Board.name, Partnership.slug, TimetableStep.planned_at)
    .join(Board, Board.id == MeetingAction.board_id)
    .join(Partnership, Partnership.id == MeetingAction.partnership_id)
    .join(
        TimetableStep,
        and_(
            TimetableStep.meeting_id == MeetingAction.meeting_id,
            TimetableStep.kind == StepKind.ACTIONS_SENT,
        ),
    )
    .where(
        MeetingAction.status == MeetingActionStatus.OPEN,
        MeetingAction.person_id.is_not(None),
        or_(
            MeetingAction.changed_at > bindparam("since"),
            MeetingAction.due_on <= bindparam("until"),
        ),
    )
    .order_by(MeetingAction.due_on, MeetingAction.id)
)


@dataclass(frozen=True)
class Waiting:
    """News for one person, by id: whether they still belong there is looked up for all at once."""

    partnership_id: int
    person_id: int
    kind: NewsKind
    key: str
    title: str
    planned_at: datetime
    line: Line
    again: bool = True

    def news(self, person: Person) -> News:
        """The news, once it is known whose it is."""
        key = f"{self.key}:{person.uid}" if self.key else ""
        return News(self.kind, key, self.title, self.planned_at, [self.line], self.again)


log = logging.getLogger(__name__)
Source = Callable[[Session, datetime], Iterable[Waiting]]
# What the rooms of governance have for people; each adds its own.
SOURCES: list[Source] = []


def tells(source: Source) -> Source:
    """Have a function asked, at every tick, what waits for whom."""
    SOURCES.append(source)
    return source


def waiting(session: Session, now: datetime) -> list[Waiting]:
    """Everything besides updates that waits for somebody, everywhere."""
    return [
        *(one for source in SOURCES for one in _said(source, session, now)),
        *_to_clear(session, london_day(now)),
        *_to_agree(session, london_day(now)),
        *_meeting_actions(session, now),
    ]


def _said(source: Source, session: Session, now: datetime) -> Sequence[Waiting]:
    """What one room has to say; one that fails keeps its own news back, and nobody else's.

    It is asked again at the next tick, so what it has is told a little later. Only the logs know
    of it: a savepoint keeps what the others read.
    """
    try:
        with session.begin_nested():
            return list(source(session, now))
    except Exception:
        log.exception("could not be told: %s", source.__name__)
        return ()


def _to_clear(session: Session, today: date) -> Iterable[Waiting]:
    """Updates that wait for clearance, for each of their organisation's who may clear them."""
    rows = session.execute(_TO_CLEAR, execution_options=ACROSS).all()
    clearers = _people_of(
        session,
        Membership,
        Membership.organisation_id,
        {draft.organisation_id for draft, *_ in rows if draft.organisation_id},
        today,
        Membership.may_clear.is_(True),
    )
    for draft, action, author, organisation, slug in rows:
        path = f"/{slug}/actions/{action.number}/clearance?of={author.uid}"
        for person_id in sorted(clearers[draft.organisation_id or 0] - {draft.person_id}):
            yield Waiting(
                draft.partnership_id,
                person_id,
                NewsKind.CLEARANCE,
                f"told:clearance:{draft.id}:{draft.saved_at:%Y%m%dT%H%M%S}",
                "Updates that wait for your clearance",
                draft.saved_at,
                Line(action.title, path, f"By {author.name}, {organisation}"),
            )


def _to_agree(session: Session, today: date) -> Iterable[Waiting]:
    """Proposals, for the chairs of the boards that review them and for priority leads."""
    rows = session.execute(_TO_AGREE, execution_options=ACROSS).all()
    if not rows:
        return
    plans, priorities = _where(session, [proposal for proposal, *_ in rows])
    chairs = _chairs(session, {one for each in plans.values() for one in each}, today)
    of_any = {one for each in priorities.values() for one in each}
    leads = _people_of(session, PriorityLead, PriorityLead.priority_id, of_any, today)
    for proposal, action, by, slug in rows:
        agree = {one for plan_id in plans[proposal.id] for one in chairs[plan_id]}
        agree |= {one for priority in priorities[proposal.id] for one in leads[priority]}
        what = action.title if proposal.action_id is not None else proposal.title or ""
        for person_id in sorted(agree - {proposal.proposed_by_id}):
            yield Waiting(
                proposal.partnership_id,
                person_id,
                NewsKind.PROPOSAL,
                f"told:proposal:{proposal.uid}",
                "Proposals that wait for your agreement",
                proposal.proposed_at,
                Line(
                    f"{proposal.kind.value.capitalize()}: {what}",
                    f"/{slug}/proposals/{proposal.uid}",
                    f"Proposed by {by}",
                ),
            )


def _where(
    session: Session, proposals: Sequence[Proposal]
) -> tuple[Mapping[int, set[int]], Mapping[int, set[int]]]:
    """The plans and the priorities that each proposal concerns, by its id."""
    plans: dict[int, set[int]] = defaultdict(set)
    priorities: dict[int, set[int]] = defaultdict(set)
    of_action: dict[int, list[int]] = defaultdict(list)
    for proposal in proposals:
        if proposal.action_id is not None:
            of_action[proposal.action_id].append(proposal.id)
        if proposal.plan_id is not None:
            plans[proposal.id].add(proposal.plan_id)
        if proposal.priority_id is not None:
            priorities[proposal.id].add(proposal.priority_id)
    for action_id, plan_id, priority_id in session.execute(
        select(ActionHome.action_id, ActionHome.plan_id, ActionHome.priority_id).where(
            ActionHome.action_id.in_(sorted(of_action)), ActionHome.ended_on.is_(None)
        ),
        execution_options=ACROSS,
    ):
        for proposal_id in of_action[action_id]:
            plans[proposal_id].add(plan_id)
            if priority_id is not None:
                priorities[proposal_id].add(priority_id)
    return plans, priorities


def _chairs(session: Session, plan_ids: Collection[int], today: date) -> Mapping[int, set[int]]:
    """Who chairs a board that reviews each of these plans, by plan id."""
    reviewed: dict[int, set[int]] = defaultdict(set)
    for plan_id, board_id in session.execute(
        select(ReviewCyclePlan.plan_id, ReviewCycle.board_id)
        .join(ReviewCycle, ReviewCycle.id == ReviewCyclePlan.cycle_id)
        .where(ReviewCyclePlan.plan_id.in_(sorted(plan_ids))),
        execution_options=ACROSS,
    ):
        reviewed[plan_id].add(board_id)
    boards = {board_id for each in reviewed.values() for board_id in each}
    is_chair = BoardMember.role == BoardRole.CHAIR
    chairs = _people_of(session, BoardMember, BoardMember.board_id, boards, today, is_chair)
    found: dict[int, set[int]] = defaultdict(set)
    for plan_id, board_ids in reviewed.items():
        found[plan_id] = {person_id for board_id in board_ids for person_id in chairs[board_id]}
    return found


def _people_of(
    session: Session,
    table: type[T],
    by: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    ids: Collection[int],
    today: date,
    *conditions: object,
) -> Mapping[int, set[int]]:
    """Who stands in a table today for each of these ids."""
    found: dict[int, set[int]] = defaultdict(set)
    if ids:
        for of, person_id in session.execute(
            select(by, table.person_id).where(
                by.in_(sorted(ids)),
                table.from_on <= today,
                or_(table.to_on.is_(None), table.to_on >= today),
                *conditions,  # type: ignore[arg-type]  # conditions of the same table
            ),
            execution_options=ACROSS,
        ):
            found[of or 0].add(person_id)
    return found


def _meeting_actions(session: Session, now: datetime) -> Iterable[Waiting]:
    """Open meeting actions: told when they are sent out and the day before they are due."""
    today = london_day(now)
    near = {"since": now - LOOK_BACK, "until": today + AHEAD}
    rows = session.execute(_MEETING_ACTIONS, near, execution_options=ACROSS)
    for action, board, slug, sent_at in rows:
        line = Line(
            "A confidential meeting action" if action.is_confidential else action.what,
            f"/{slug}/meeting-actions/{action.uid}",
            f"{board}, {action.reference}{_due_words(action.due_on, today)}",
        )
        due_on = action.due_on
        keys = []
        if sent_at <= now and action.changed_at > now - LOOK_BACK:
            keys.append((f"told:meeting-action:{action.uid}", sent_at))
        if due_on is not None and today - LOOK_BACK <= due_on <= today + timedelta(days=1):
            keys.append((f"told:meeting-action-due:{action.uid}:{due_on}", action.changed_at))
        is_near = due_on is not None and due_on <= today + AHEAD
        for key, planned_at in keys or [("", sent_at)]:
            yield Waiting(
                action.partnership_id,
                action.person_id or 0,
                NewsKind.MEETING_ACTION,
                key,
                FOR_YOU,
                planned_at,
                line,
                again=is_near,
            )


def _due_words(due_on: date | None, today: date) -> str:
    if due_on is None:
        return ""
    if due_on < today:
        return f"; was due on {short_date(due_on)}"
    return f"; due on {short_date(due_on)}"
