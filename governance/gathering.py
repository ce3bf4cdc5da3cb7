"""All that a meeting's papers need, gathered from the database as it stands on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from actions.facts import facts
from governance import item_writers, queries
from governance.agenda import AgendaEntry, ItemKind
from governance.agenda_models import AgendaItem, Paper
from governance.agendas import queries as agenda_queries
from governance.agendas.sheets import paper_blocks
from governance.forward.queries import forward_rows
from governance.log_models import MeetingAction
from governance.models import Meeting, ReviewCycle
from governance.pack_models import PackPart
from governance.packs.reports import PlanMaterial
from governance.packs.sitting import (
    BoardBaseline,
    BoardFacts,
    LogRow,
    Sitting,
)
from governance.publishing import late
from governance.publishing import queries as publishing
from governance.publishing.records import record_of
from plans.models import Plan
from priorities.queries import indicators_of, priorities_of
from tracker.kernel.period import short_date
from tracker.kernel.times import london_day
from tracker.people.board_models import Board, BoardRole
from tracker.people.models import Partnership
from tracker.people.queries import board_people


def gather(
    session: Session, meeting: Meeting, *, as_at: datetime, part: PackPart = PackPart.OPEN
) -> Sitting:
    """All that one part of a meeting's papers needs, as it stands at ``as_at``.

    What only confidential items report on is nowhere in the open part. Once a part was published
    its agenda is that of then: what came since is for a supplement.
    """
    partnership_id = meeting.partnership_id
    board = meeting.board
    every = queries.agenda(session, meeting, confidential=True)
    was = late.shown(session, meeting, part)
    items = late.of_the_pack([item for item in every if late.is_in(item, part)], was)
    under = agenda_queries.papers(
        session,
        partnership_id,
        [item.id for item in items],
        confidential=part is PackPart.CONFIDENTIAL,
    )
    plans = _plans(session, meeting, every, part)
    previous = publishing.last_meeting(session, board, meeting.starts_at)
    coming = queries.next_meeting(session, partnership_id, board.id, meeting.starts_at)
    closed_since = previous.meets_on if previous else None
    return Sitting(
        board=_board_facts(session, board, session.get_one(Partnership, partnership_id), as_at),
        meets_on=meeting.meets_on,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        joining_link=meeting.joining_link,
        as_at=as_at,
        items=tuple(
            entry(session, meeting, item, as_at, without=_late(under, item, was)) for item in items
        ),
        records=tuple(
            record_of(item, [one for one in under.get(item.id, ()) if not was.is_late(one)])
            for item in items
        ),
        plans=_materials(session, partnership_id, plans, as_at),
        log=tuple(
            _log_row(action)
            for action in queries.action_log(
                session, partnership_id, board.id, closed_since=closed_since
            )
            if action.meeting.starts_at < meeting.starts_at
        ),
        forward=forward_rows(session, meeting),
        baseline=publishing.baseline(session, previous),
        others=tuple(
            BoardBaseline(
                other.name,
                publishing.baseline(
                    session, publishing.last_meeting(session, other, meeting.starts_at)
                ),
            )
            for other in publishing.further_boards(session, meeting)
        ),
        last_met_on=previous.meets_on if previous else None,
        next_meeting=coming.starts_at if coming else None,
        first_number=1 + sum(not item.is_confidential for item in every)
        if part is PackPart.CONFIDENTIAL
        else 1,
        is_confidential=part is PackPart.CONFIDENTIAL,
    )


def _late(under: Mapping[int, Sequence[Paper]], item: AgendaItem, was: late.Shown) -> list[Paper]:
    return [paper for paper in under.get(item.id, ()) if was.is_late(paper)]


def _plans(
    session: Session, meeting: Meeting, items: Sequence[AgendaItem], part: PackPart
) -> list[Plan]:
    """The plans of a part: the confidential one has those its own items report on.

    The open one has the meeting's other plans.
    """
    rows = queries.meeting_plan_rows(session, meeting.partnership_id, [meeting.id])
    plans = rows.get(meeting.id, [])
    reported: dict[bool, set[int]] = {True: set(), False: set()}
    for item in items:
        reported[item.is_confidential] |= _reported(item, plans)
    if part is PackPart.CONFIDENTIAL:
        return [plan for plan, _ in plans if plan.id in reported[True]]
    hidden = reported[True] - reported[False]
    return [plan for plan, _ in plans if plan.id not in hidden]


def _reported(item: AgendaItem, plans: Sequence[tuple[Plan, ReviewCycle]]) -> set[int]:
    """The plans that an item reports on: its own, or all that its cycle brings together."""
    if item.plan_id is not None:
        return {item.plan_id}
    if item.kind is not ItemKind.COORDINATED_REPORT:
        return set()
    return {plan.id for plan, cycle in plans if item.cycle_id in (None, cycle.id)}


def entry(
    session: Session,
    meeting: Meeting,
    item: AgendaItem,
    as_at: datetime,
    *,
    without: Sequence[Paper] = (),
) -> AgendaEntry:
    """An item as its pack prints it, written from the records, ``without`` its late papers."""
    plan_ids: set[int] = set()
    if item.kind is ItemKind.COORDINATED_REPORT:
        rows = queries.meeting_plan_rows(session, meeting.partnership_id, [meeting.id])
        plan_ids = _reported(item, rows.get(meeting.id, []))
    added = item_writers.added(session, meeting, item, as_at)
    left_out = [block for paper in without for block in paper_blocks(paper)]
    return AgendaEntry(
        kind=item.kind,
        title=item.title,
        purpose=item.purpose,
        presenter=item.presenter,
        minutes=item.minutes,
        plan_id=item.plan_id,
        plan_ids=tuple(sorted(plan_ids)),
        text=item.text,
        number=item.number,
        written=item_writers.written(session, meeting, item, as_at),
        added=tuple(block for block in added if block not in left_out),
    )


def _board_facts(
    session: Session, board: Board, partnership: Partnership, as_at: datetime
) -> BoardFacts:
    people = board_people(session, board.partnership_id, board.id, london_day(as_at))
    chairs = [person.name for role, person in people if role is BoardRole.CHAIR]
    secretaries = [person for role, person in people if role is BoardRole.SECRETARY]
    return BoardFacts(
        name=board.name,
        short_name=board.short_name,
        partnership=partnership.name,
        chair=", ".join(chairs) or board.chair_words or "To be confirmed",
        secretary=", ".join(person.name for person in secretaries) or "To be confirmed",
        contact=board.contact or (secretaries[0].email if secretaries else None),
        quorum=board.quorum_words,
        marking=board.marking,
        notes=(partnership.banner,) if partnership.banner else (),
        paper_pattern=board.paper_pattern,
        access_law=board.access_law,
    )


def _materials(
    session: Session, partnership_id: int, plans: Sequence[Plan], as_at: datetime
) -> tuple[PlanMaterial, ...]:
    ids = [plan.id for plan in plans]
    actions = facts(session, partnership_id, london_day(as_at), plan_ids=ids)
    priorities = priorities_of(session, partnership_id, ids)
    indicators = indicators_of(session, partnership_id, ids)
    return tuple(
        PlanMaterial(
            plan_id=plan.id,
            slug=plan.slug,
            title=plan.full_title,
            priorities=tuple(p for p in priorities if p.plan_id == plan.id),
            actions=tuple(a for a in actions if a.plan_id == plan.id),
            indicators=tuple(i for i in indicators if i.plan_id == plan.id),
        )
        for plan in plans
    )


def _log_row(action: MeetingAction) -> LogRow:
    lead = action.person.name if action.person else ""
    if action.organisation is not None:
        lead = f"{lead}, {action.organisation.name}" if lead else action.organisation.name
    return LogRow(
        reference=action.reference,
        meeting=short_date(action.meeting.meets_on),
        what=action.what,
        lead=lead or "Nobody named",
        due=short_date(action.due_on) if action.due_on else "No date",
        status=action.status.value.capitalize(),
        progress=action.progress or "",
    )
