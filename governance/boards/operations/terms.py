"""A board's terms of reference: a new version is kept, and its secretaries told to review it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from governance.boards.operations.refusals import Refused
from governance.boards.queries import terms_of
from governance.news import Line, NewsKind
from governance.waiting import LOOK_BACK, Waiting, tells
from tracker.edges.tenancy import ACROSS
from tracker.kernel.period import short_date
from tracker.kernel.times import london, london_day
from tracker.ledger.blobs import file_bytes
from tracker.people.board_models import Board, BoardMember, BoardRole, TermsOfReference
from tracker.people.models import Partnership

LARGEST_FILE = 10 * 1024 * 1024
PDF_BEGINS = b"%PDF-"
TOLD_AT = time(7)


def add_terms(
    session: Session,
    board: Board,
    *,
    agreed_on: date,
    review_on: date | None,
    text: str | None,
    data: bytes | None,
    file_name: str | None,
    now: datetime,
) -> TermsOfReference:
    """Keep a new version of a board's terms of reference; the earlier ones stay as they are.

    Raises Refused for a file that is no PDF or too large, where there is neither text nor file,
    and where the review would come before the agreement.
    """
    if not text and not data:
        raise Refused("Write the terms of reference here, or choose a PDF file, or both", "text")
    if review_on is not None and review_on <= agreed_on:
        raise Refused("The review must come after the day they were agreed", "review_on")
    sha256 = None
    if data:
        if not data.startswith(PDF_BEGINS):
            raise Refused("That file is no PDF. Save it as a PDF and choose it again.", "file")
        if len(data) > LARGEST_FILE:
            raise Refused("That file is over 10 megabytes. Make it smaller.", "file")
        sha256 = file_bytes(session, data, "application/pdf", now=now)
    latest = terms_of(session, board)
    terms = TermsOfReference(
        partnership_id=board.partnership_id,
        board_id=board.id,
        version_number=latest[0].version_number + 1 if latest else 1,
        agreed_on=agreed_on,
        review_on=review_on,
        text=text,
        file_sha256=sha256,
        file_name=file_name if data else None,
    )
    session.add(terms)
    session.flush()
    return terms


@tells
def reviews_due(session: Session, now: datetime) -> Iterable[Waiting]:
    """Terms of reference whose day of review has come, for the secretaries of their board."""
    today = london_day(now)
    latest = (
        select(
            TermsOfReference.board_id,
            func.max(TermsOfReference.version_number).label("version_number"),
        )
        .group_by(TermsOfReference.board_id)
        .subquery()
    )
    rows = session.execute(
        select(TermsOfReference, Board.name, Board.slug, Partnership.slug, BoardMember.person_id)
        .join(
            latest,
            (latest.c.board_id == TermsOfReference.board_id)
            & (latest.c.version_number == TermsOfReference.version_number),
        )
        .join(Board, Board.id == TermsOfReference.board_id)
        .join(Partnership, Partnership.id == TermsOfReference.partnership_id)
        .join(
            BoardMember,
            (BoardMember.board_id == TermsOfReference.board_id)
            & (BoardMember.role == BoardRole.SECRETARY),
        )
        .where(
            TermsOfReference.review_on <= today,
            TermsOfReference.review_on >= today - LOOK_BACK,
            or_(Board.ends_on.is_(None), Board.ends_on >= today),
            BoardMember.from_on <= today,
            or_(BoardMember.to_on.is_(None), BoardMember.to_on >= today),
        )
        .order_by(TermsOfReference.id, BoardMember.person_id),
        execution_options=ACROSS,
    ).all()
    for terms, board, slug, partnership, person_id in rows:
        assert terms.review_on is not None
        yield Waiting(
            terms.partnership_id,
            person_id,
            NewsKind.TO_DECIDE,
            f"told:terms-review:{terms.uid}",
            "Terms of reference to review",
            london(terms.review_on, TOLD_AT),
            Line(
                f"{board}: the terms of reference are to be reviewed",
                f"/{partnership}/boards/{slug}/terms",
                f"Since {short_date(terms.review_on)}",
            ),
            again=False,
        )
