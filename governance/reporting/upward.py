"""Reports to the board above, begun in time for its agenda; annual reports."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import queries
from governance.agenda import ItemKind, Purpose
from governance.agenda_models import ItemOrigin
from governance.agendas.operations import add_item
from governance.clockwork import on_step
from governance.models import FELL_AWAY, Meeting
from governance.report_models import (
    AnnualReport,
    UpwardReport,
)
from governance.reporting.queries import (
    annual_report_row,
    boards_below,
)
from governance.reporting.rules import FIRST_MONTH, presenter_words, report_year
from governance.timetable import StepKind
from tracker.people.board_models import Board


@on_step(StepKind.ASK)
def ask_boards_below(session: Session, meeting: Meeting, now: datetime) -> None:
    """Begin the reports of the boards below for a meeting, once its owners are asked.

    A board below that does not meet between the last meeting above and the day on which papers are
    due has nothing to report.
    """
    tenant = meeting.partnership_id
    before = queries.previous_meeting(session, meeting)
    due = next(s for s in queries.steps(session, meeting) if s.kind is StepKind.PAPERS_DUE)
    for board in boards_below(session, tenant, meeting.board_id, meeting.meets_on):
        after = before.starts_at if before else None
        met = queries.meetings(
            session, tenant, board_ids=[board.id], after=after, before=due.planned_at
        )
        if all(one.status.fell_away for one in met):
            continue
        item = add_item(
            session,
            meeting,
            kind=ItemKind.BOARD_REPORT,
            title=f"Report of {board.name}",
            purpose=Purpose.DISCUSSION,
            origin=ItemOrigin.REPORT,
            source_key=f"report:{board.uid}",
            origin_words=f"{board.name} reports to this board",
            presenter=presenter_words(board.name, board.chair_words),
            minutes=10,
            about_board_id=board.id,
        )
        begun = _begun_for_one_that_fell_away(session, board, meeting, after)
        if _report_for(session, board, meeting) is not None:
            continue
        if begun is not None:
            begun.to_meeting_id, begun.item_id, begun.changed_at = meeting.id, item.id, now
        else:
            session.add(
                UpwardReport(
                    partnership_id=tenant,
                    board_id=board.id,
                    to_meeting_id=meeting.id,
                    item_id=item.id,
                    changed_at=now,
                )
            )
    session.flush()


def _report_for(session: Session, board: Board, meeting: Meeting) -> UpwardReport | None:
    return session.scalar(
        select(UpwardReport).where(
            UpwardReport.partnership_id == meeting.partnership_id,
            UpwardReport.board_id == board.id,
            UpwardReport.to_meeting_id == meeting.id,
        )
    )


def _begun_for_one_that_fell_away(
    session: Session, board: Board, meeting: Meeting, after: datetime | None
) -> UpwardReport | None:
    """What was written for a meeting above that fell away since it last met: it goes on here."""
    chosen = (
        select(UpwardReport)
        .join(Meeting, Meeting.id == UpwardReport.to_meeting_id)
        .where(
            UpwardReport.partnership_id == meeting.partnership_id,
            UpwardReport.board_id == board.id,
            Meeting.board_id == meeting.board_id,
            Meeting.starts_at < meeting.starts_at,
            Meeting.status.in_(FELL_AWAY),
        )
    )
    if after is not None:
        chosen = chosen.where(Meeting.starts_at > after)
    return session.scalar(chosen.order_by(Meeting.starts_at.desc()).limit(1))


def write_report(
    session: Session,
    report: UpwardReport,
    *,
    exceptions: str | None,
    requests: str | None,
    now: datetime,
) -> None:
    """Keep what a board says to the one above; it stands in the pack when that is composed."""
    report.exceptions, report.requests, report.changed_at = exceptions, requests, now
    session.flush()


def write_annual_report(
    session: Session,
    board: Board,
    first_year: int,
    *,
    foreword: str | None,
    looking_ahead: str | None,
    now: datetime,
) -> AnnualReport:
    """Keep what people write in a board's annual report of the year from an April on."""
    from_on, to_on = report_year(date(first_year, FIRST_MONTH, 1))
    row = annual_report_row(session, board.partnership_id, board.id, from_on)
    if row is None:
        row = AnnualReport(
            partnership_id=board.partnership_id, board_id=board.id, from_on=from_on, to_on=to_on
        )
        session.add(row)
    row.foreword, row.looking_ahead, row.changed_at = foreword, looking_ahead, now
    session.flush()
    return row
