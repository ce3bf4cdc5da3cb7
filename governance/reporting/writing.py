"""What escalations and reports say on an agenda, written from the records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.facts import facts
from governance import queries
from governance.agenda import ItemKind
from governance.agenda_models import AgendaItem
from governance.item_writers import writes
from governance.models import Meeting
from governance.packs.annual import summary
from governance.packs.blocks import Block, text
from governance.packs.upward import BelowFacts, escalation, report_of
from governance.report_models import EscalationState, UpwardReport
from governance.reporting.queries import (
    TOOK_PLACE,
    escalations,
    held_since,
    snapshot_of,
)
from governance.reporting.rules import last_whole_year
from governance.reporting.year import year_of
from tracker.edges.tenancy import row_of
from tracker.kernel.rag import Rating
from tracker.kernel.times import london_day
from tracker.people.board_models import Board


@writes(ItemKind.ESCALATION)
def write_escalation(
    session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime
) -> Sequence[Block]:
    """What an escalation on this agenda says."""
    tenant, today = meeting.partnership_id, london_day(as_at)
    for row, one in escalations(session, tenant, to_board=meeting.board_id):
        # By its key as well: what a cancelled meeting passes on is another item.
        if row.item_id == item.id or item.source_key == f"escalation:{row.uid}":
            known = facts(session, tenant, today, action_ids=[row.action_id])
            return escalation(one, known[0] if known else None, today)
    return [text("This escalation was withdrawn.")]


@writes(ItemKind.BOARD_REPORT)
def write_board_report(
    session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime
) -> Sequence[Block]:
    """The report of a board below, on the agenda of the one above."""
    if item.about_board_id is None:
        return [text("No board is named.")]
    board = row_of(session, Board, meeting.partnership_id, item.about_board_id)
    return report_of(below(session, board, meeting, as_at))


def below(session: Session, board: Board, meeting: Meeting, as_at: datetime) -> BelowFacts:
    """What a board has to tell a meeting of the one above: since that board last met."""
    tenant = meeting.partnership_id
    previous = queries.previous_meeting(session, meeting)
    after = previous.starts_at if previous else None
    held, decisions, _ = held_since(session, tenant, board.id, after=after, before=as_at)
    report = session.scalar(
        select(UpwardReport).where(
            UpwardReport.partnership_id == tenant,
            UpwardReport.board_id == board.id,
            UpwardReport.to_meeting_id == meeting.id,
        )
    )
    raised = [
        one
        for row, one in escalations(session, tenant, from_board=board.id, since=after)
        if row.to_board_id == meeting.board_id
        and row.state not in (EscalationState.DRAFTED, EscalationState.DECLINED)
    ]
    return BelowFacts(
        board=board.name,
        since_on=previous.meets_on if previous else None,
        held=tuple(held),
        decisions=tuple(decisions),
        escalations=tuple(raised),
        red=tuple(_red(session, board, as_at)),
        exceptions=report.exceptions if report else None,
        requests=report.requests if report else None,
    )


def _red(session: Session, board: Board, as_at: datetime) -> list[str]:
    """The actions that were Red in a board's last pack, by number and title."""
    last = session.scalar(
        select(Meeting)
        .where(
            Meeting.partnership_id == board.partnership_id,
            Meeting.board_id == board.id,
            Meeting.status.in_(TOOK_PLACE),
            Meeting.starts_at < as_at,
        )
        .order_by(Meeting.starts_at.desc())
        .limit(1)
    )
    found = snapshot_of(session, last) if last is not None else []
    red = (one for one in found if one["rating"] == Rating.RED.value and not one.get("ending"))
    return list(dict.fromkeys(f"{one['reference']}. {one['title']} ({one['plan']})" for one in red))


@writes(ItemKind.ANNUAL_REPORT)
def write_annual_report_item(
    session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime
) -> Sequence[Block]:
    """The board's report of its last whole year, in short."""
    from_on, to_on = last_whole_year(meeting.meets_on)
    return summary(year_of(session, meeting.board, from_on, to_on, as_at=as_at))
