"""All that a meeting's papers need, gathered from the database as it stands on a day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from actions.facts import facts
from governance import cycle_queries, item_writers, queries
from governance.agenda import AgendaEntry
from governance.agenda_models import AgendaItem
from governance.log_models import MeetingAction
from governance.models import CycleKind, Meeting
from governance.packs.reports import PlanMaterial
from governance.packs.sitting import (
    Baseline,
    BoardFacts,
    ForwardRow,
    LogRow,
    Sitting,
)
from plans.models import Plan
from priorities.queries import indicators_of, priorities_of
from tracker.kernel.period import clock_words, long_date, short_date
from tracker.kernel.times import london_day, to_london
from tracker.ledger.blobs import read_bytes
from tracker.people.board_models import Board, BoardRole
from tracker.people.models import Partnership
from tracker.people.queries import board_people


def gather(session: Session, meeting: Meeting, *, as_at: datetime) -> Sitting:
    """All that a meeting's papers need, as it stands at ``as_at``."""
    partnership_id = meeting.partnership_id
    board = meeting.board
    partnership = session.get(Partnership, partnership_id)
    assert partnership is not None
    plans = queries.meeting_plans(session, partnership_id, [meeting.id]).get(meeting.id, [])
    previous = queries.previous_meeting(session, meeting)
    coming = queries.next_meeting(session, partnership_id, board.id, meeting.starts_at)
    closed_since = previous.meets_on if previous else None
    return Sitting(
        board=_board_facts(session, board, partnership, as_at),
        meets_on=meeting.meets_on,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        joining_link=meeting.joining_link,
        as_at=as_at,
        items=tuple(
            _entry(session, meeting, item, as_at) for item in queries.agenda(session, meeting)
        ),
        plans=_materials(session, partnership_id, plans, as_at),
        log=tuple(
            _log_row(action)
            for action in queries.action_log(
                session, partnership_id, board.id, closed_since=closed_since
            )
            if action.meeting.starts_at < meeting.starts_at
        ),
        forward=_forward(session, meeting),
        baseline=_baseline(session, previous),
        last_met_on=previous.meets_on if previous else None,
        next_meeting=coming.starts_at if coming else None,
    )


def _entry(session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime) -> AgendaEntry:
    return AgendaEntry(
        kind=item.kind,
        title=item.title,
        purpose=item.purpose,
        presenter=item.presenter,
        minutes=item.minutes,
        plan_id=item.plan_id,
        text=item.text,
        number=item.number,
        written=item_writers.written(session, meeting, item, as_at),
        added=item_writers.added(session, meeting, item, as_at),
    )


def _board_facts(
    session: Session, board: Board, partnership: Partnership, as_at: datetime
) -> BoardFacts:
    people = board_people(session, board.partnership_id, board.id, london_day(as_at))
    chairs = [person.name for role, person in people if role is BoardRole.CHAIR]
    secretaries = [person for role, person in people if role is BoardRole.SECRETARY]
    return BoardFacts(
        name=board.name,
        short_name=board.abbreviation or _initials(board.name),
        partnership=partnership.name,
        chair=", ".join(chairs) or board.chair_words or "To be confirmed",
        secretary=", ".join(person.name for person in secretaries) or "To be confirmed",
        contact=board.contact or (secretaries[0].email if secretaries else None),
        quorum=board.quorum_words,
        marking=board.marking,
        notes=(partnership.banner,) if partnership.banner else (),
    )


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper())


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


def _forward(session: Session, meeting: Meeting) -> tuple[ForwardRow, ...]:
    """The board's coming meetings with what each brings, and what may come on request."""
    coming = queries.meetings(
        session,
        meeting.partnership_id,
        board_ids=[meeting.board_id],
        after=meeting.ends_at,
    )[:8]
    brings = queries.meeting_plan_rows(
        session, meeting.partnership_id, [other.id for other in coming]
    )
    rows: list[ForwardRow] = []
    for other in coming:
        local = to_london(other.starts_at)
        at = f"{long_date(other.meets_on)}, {clock_words(local.time())}"
        if other.id not in brings:
            rows.append(ForwardRow(at, "Ordinary meeting", "By the board’s own rule"))
        for plan, cycle in brings.get(other.id, []):
            rows.append(ForwardRow(at, plan.full_title, cycle.words))
            at = ""
    for cycle in cycle_queries.cycles(session, meeting.partnership_id, meeting.board_id):
        if cycle.kind is CycleKind.ON_REQUEST and (
            cycle.ends_on is None or cycle.ends_on >= meeting.meets_on
        ):
            rows.append(ForwardRow("On request", cycle.words, "When the board asks"))
    return tuple(rows)


def _baseline(session: Session, previous: Meeting | None) -> Baseline | None:
    if previous is None:
        return None
    pack = queries.published_pack(session, previous)
    if pack is None:
        return None
    value = json.loads(read_bytes(session, pack.snapshot_sha256))
    return Baseline(
        actions=tuple(value["facts"]["actions"]),
        met_on=previous.meets_on,
        version=pack.version_number,
    )
