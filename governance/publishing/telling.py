"""Whom a publication is news for, and in which words: once for each pack and person.

The open part is told to the members of every board that sits in the meeting; the confidential one
to those who are entitled to it, without a word of what is in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.models import Meeting, MeetingBoard
from governance.news import Line, News, NewsKind
from governance.pack_models import Pack, PackPart
from tracker.edges.tenancy import ACROSS
from tracker.kernel.period import short_date
from tracker.ledger.outbox import Attached
from tracker.people.board_models import Board, BoardMember, BoardRole
from tracker.people.models import Person
from tracker.web.filters import when

ENTITLED = (BoardRole.CHAIR, BoardRole.SECRETARY)


def pack_readers(
    session: Session, packs: Sequence[tuple[Pack, Meeting]], today: date
) -> dict[int, list[int]]:
    """The people whom each of these packs is told to, by the pack's id."""
    joint: dict[int, list[int]] = defaultdict(list)
    if packs:
        for meeting_id, board_id in session.execute(
            select(MeetingBoard.meeting_id, MeetingBoard.board_id).where(
                MeetingBoard.meeting_id.in_(sorted({meeting.id for _, meeting in packs}))
            ),
            execution_options=ACROSS,
        ):
            joint[meeting_id].append(board_id)
    boards = {meeting.board_id for _, meeting in packs} | {
        one for each in joint.values() for one in each
    }
    seats = _seats(session, boards, today)
    found: dict[int, list[int]] = {}
    for pack, meeting in packs:
        if pack.part is PackPart.CONFIDENTIAL:
            own = {seat.person_id for seat in seats[meeting.board_id] if is_entitled(seat)}
        else:
            sitting = (meeting.board_id, *joint[meeting.id])
            own = {seat.person_id for board_id in sitting for seat in seats[board_id]}
        found[pack.id] = sorted(own)
    return found


def is_entitled(seat: BoardMember) -> bool:
    """Whether a seat reads its board's confidential items."""
    return seat.role in ENTITLED or seat.reads_confidential


def _seats(
    session: Session, board_ids: Collection[int], today: date
) -> dict[int, list[BoardMember]]:
    """The seats of boards that are filled today, by board id."""
    found: dict[int, list[BoardMember]] = defaultdict(list)
    if board_ids:
        for seat in session.scalars(
            select(BoardMember)
            .where(
                BoardMember.board_id.in_(sorted(board_ids)),
                BoardMember.from_on <= today,
                or_(BoardMember.to_on.is_(None), BoardMember.to_on >= today),
            )
            .order_by(BoardMember.person_id),
            execution_options=ACROSS,
        ):
            found[seat.board_id].append(seat)
    return found


def pack_news(pack: Pack, meeting: Meeting, board: Board, slug: str, person: Person) -> News:
    """What a person is told of a publication: a pack, a correction, late or confidential papers."""
    assert pack.published_at is not None
    path = f"/{slug}/boards/{board.slug}/meetings/{meeting.occurrence_on}"
    title = f"{_kind(pack)} for {board.name}, {short_date(meeting.meets_on)}"
    note = f"{board.name}, {when(meeting.starts_at)}"
    if pack.changes_words and pack.part is PackPart.OPEN:
        note = f"{note}. What changed: {pack.changes_words}"
    if pack.part is PackPart.CONFIDENTIAL or pack.supplement:
        path, text = f"{path}/packs/{pack.uid}", "Read them"
    elif pack.version_number > 1:
        path, text = f"{path}/packs/{pack.version_number}", "Read the corrected pack"
    else:
        text = "Read the pack"
    return News(
        kind=NewsKind.PAPERS,
        key=f"told:pack:{pack.uid}:{person.uid}",
        title=title,
        planned_at=pack.published_at,
        lines=[Line(text, path, note)],
        attached=_attached(pack, meeting, board),
    )


def _attached(pack: Pack, meeting: Meeting, board: Board) -> Attached | None:
    """The PDF, where the board sends it along; never a confidential one."""
    if not board.sends_pdf or pack.part is PackPart.CONFIDENTIAL or pack.pdf_sha256 is None:
        return None
    kind = f"supplement-{pack.supplement}-" if pack.supplement else ""
    name = f"{board.slug}-{meeting.occurrence_on}-{kind}version-{pack.version_number}.pdf"
    return Attached(pack.pdf_sha256, name)


def _kind(pack: Pack) -> str:
    if pack.part is PackPart.CONFIDENTIAL:
        return "Confidential papers"
    if pack.supplement:
        return "Late papers"
    return "Corrected papers" if pack.version_number > 1 else "Papers"
