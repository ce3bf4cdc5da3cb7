"""What comes by rules other than review cycles: business of the year, reports, terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from governance.forward.rules import business_falls_on, reports_fall_on
from governance.models import FELL_AWAY, Meeting
from governance.report_models import UpwardReport
from governance.setting_models import BusinessKind, YearBusiness
from tracker.kernel.times import london_day
from tracker.people.board_models import Board, BoardRelation, RelationKind, TermsOfReference

BUSINESS = {
    BusinessKind.CHAIR: "Appointment of the chair",
    BusinessKind.TERMS: "Review of the terms of reference",
    BusinessKind.MEMBERSHIP: "Membership",
    BusinessKind.DATES: "Meeting dates for the next year",
    BusinessKind.ANNUAL_REPORT: "Annual report",
}


def business(session: Session, board: Board) -> Iterator[tuple[date, str]]:
    """The business of the year in words, with the day of the meeting that takes it."""
    rows = session.scalars(
        select(YearBusiness)
        .where(
            YearBusiness.partnership_id == board.partnership_id, YearBusiness.board_id == board.id
        )
        .order_by(YearBusiness.id)
    ).all()
    if not rows:
        return
    # All of them: those of the past have taken what was theirs.
    days = session.scalars(
        select(Meeting.meets_on).where(
            Meeting.partnership_id == board.partnership_id,
            Meeting.board_id == board.id,
            Meeting.status.not_in(FELL_AWAY),
        )
    ).all()
    for on, kinds in business_falls_on({row.kind: row.month for row in rows}, days).items():
        for kind in kinds:
            yield on, BUSINESS[kind]


def terms_review(session: Session, board: Board) -> date | None:
    """The day by which a board's terms of reference are to be reviewed."""
    return session.scalar(
        select(TermsOfReference.review_on)
        .where(
            TermsOfReference.partnership_id == board.partnership_id,
            TermsOfReference.board_id == board.id,
        )
        .order_by(TermsOfReference.version_number.desc())
        .limit(1)
    )


def reports_below(
    session: Session, board: Board, days: Sequence[date], *, after: datetime
) -> Iterator[tuple[date, str, str]]:
    """The reports that boards below owe, as often as their relation says: day, board, rule."""
    today = london_day(after)
    below = session.execute(
        select(Board.id, Board.name, BoardRelation.frequency, BoardRelation.to_on)
        .join(BoardRelation, BoardRelation.board_id == Board.id)
        .where(
            Board.partnership_id == board.partnership_id,
            BoardRelation.partnership_id == board.partnership_id,
            BoardRelation.other_board_id == board.id,
            BoardRelation.kind == RelationKind.REPORTS_TO,
            or_(BoardRelation.from_on.is_(None), BoardRelation.from_on <= today),
            or_(BoardRelation.to_on.is_(None), BoardRelation.to_on >= today),
            or_(Board.ends_on.is_(None), Board.ends_on >= today),
        )
        .order_by(Board.name, Board.id)
    ).all()
    if not below:
        return
    last = _last_reported(session, board, after)
    for board_id, name, frequency, to_on in below:
        how = frequency[:1].lower() + frequency[1:] if frequency else "to this board"
        for on in reports_fall_on(frequency, days, last.get(board_id)):
            if to_on is None or on <= to_on:
                yield on, name, f"It reports {how}"


def _last_reported(session: Session, board: Board, after: datetime) -> dict[int, date]:
    """On which day each board below last reported to this one, by its id."""
    rows = session.execute(
        select(UpwardReport.board_id, func.max(Meeting.meets_on))
        .join(Meeting, Meeting.id == UpwardReport.to_meeting_id)
        .where(
            UpwardReport.partnership_id == board.partnership_id,
            Meeting.board_id == board.id,
            Meeting.starts_at < after,
            Meeting.status.not_in(FELL_AWAY),
        )
        .group_by(UpwardReport.board_id)
    )
    return {board_id: on for board_id, on in rows}
