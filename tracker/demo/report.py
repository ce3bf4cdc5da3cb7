"""What the demonstration ends with: packs as files, and a table of what there is to look at."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance import documents, queries
from governance.models import Meeting, MeetingStatus
from governance.pack_models import Pack, PackPart, PackStatus
from tracker.demo.cast import Cast
from tracker.edges.pdf import PdfRenderer
from tracker.edges.tenancy import ACROSS
from tracker.ledger.blobs import read_bytes
from tracker.ledger.models import MailState, OutboxMail
from tracker.people.board_models import Board
from tracker.people.models import Partnership
from tracker.settings import Settings


@dataclass(frozen=True)
class PackFile:
    """A pack that was written to a file."""

    board_id: int
    meets_on: str
    what: str
    pages: int
    path: Path


def write_packs(session: Session, folder: Path) -> list[PackFile]:
    """Write every published pack to a file, by board and meeting; no confidential part."""
    rows = session.execute(
        select(Pack, Meeting, Board.slug, Partnership.slug)
        .join(Meeting, Meeting.id == Pack.meeting_id)
        .join(Board, Board.id == Meeting.board_id)
        .join(Partnership, Partnership.id == Meeting.partnership_id)
        .where(Pack.status == PackStatus.PUBLISHED, Pack.part == PackPart.OPEN)
        .order_by(Partnership.slug, Board.slug, Meeting.starts_at, Pack.id),
        execution_options=ACROSS,
    ).all()
    written: list[PackFile] = []
    for pack, meeting, board, owner in rows:
        if pack.pdf_sha256 is None:
            continue
        day = meeting.meets_on.isoformat()
        path = folder / f"{owner}-{board}-{day}.pdf"
        path.write_bytes(read_bytes(session, pack.pdf_sha256))
        written.append(PackFile(meeting.board_id, day, "published", pack.pages or 0, path))
    return written


def write_previews(
    session: Session, renderer: PdfRenderer, folder: Path, now: datetime
) -> list[PackFile]:
    """Write a draft of each board's next unpublished meeting, as it would be today."""
    published = select(Pack.meeting_id).where(Pack.status == PackStatus.PUBLISHED)
    coming = session.execute(
        select(Meeting, Board.slug, Partnership.slug)
        .join(Board, Board.id == Meeting.board_id)
        .join(Partnership, Partnership.id == Meeting.partnership_id)
        .where(
            Meeting.starts_at > now,
            Meeting.status == MeetingStatus.PLANNED,
            Meeting.id.not_in(published),
        )
        .order_by(Partnership.slug, Board.slug, Meeting.starts_at),
        execution_options=ACROSS,
    ).all()
    first: dict[int, tuple[Meeting, str, str]] = {}
    for meeting, board, owner in coming:
        first.setdefault(meeting.board_id, (meeting, board, owner))
    values = [documents.draft(session, meeting, as_at=now) for meeting, *_ in first.values()]
    with ThreadPoolExecutor(2) as two:  # each renders in a process of its own
        rendered = list(two.map(renderer.render, values))
    written: list[PackFile] = []
    for (meeting, board, owner), made in zip(first.values(), rendered, strict=True):
        day = meeting.meets_on.isoformat()
        path = folder / f"{owner}-{board}-{day}-draft.pdf"
        path.write_bytes(made.data)
        written.append(PackFile(meeting.board_id, day, "draft", made.pages, path))
    return written


def report(
    session: Session,
    casts: list[Cast],
    packs: list[PackFile],
    settings: Settings,
    folder: Path,
    password: str,
) -> None:
    """Print boards, meetings, packs with pages and paths, feed links and sign-ins."""
    say = click.echo
    say("\nDemonstration data: dates are moved by whole years; updates are made up and labelled.")
    for cast in casts:
        say(f"\n{cast.name}")
        for board, held, planned in _boards(session, cast):
            say(f"  {board.name}: {held} meetings held, {planned} planned")
            own = [pack for pack in packs if pack.board_id == board.id]
            for pack in own:
                say(f"    {pack.meets_on}  {pack.what:<9}  {pack.pages:>3} pages  {pack.path}")
        address = f"{settings.base_url}/feeds/{cast.feed_token}.ics"
        say(f"  Calendar of {cast.emails['member']}: {address}")
    sent = session.scalar(
        select(func.count(OutboxMail.id)).where(OutboxMail.state == MailState.SENT)
    )
    say(f"\nThe {sent} mails of the year are in {folder / 'mail.mbox'}.")
    say(f"\nSign in at {settings.base_url}/sign-in with the password  {password}")
    for cast in casts:
        say("  " + "  ".join(cast.emails.values()))


def _boards(session: Session, cast: Cast) -> list[tuple[Board, int, int]]:
    """The boards that meet, with how many meetings were held and are planned."""
    meetings = queries.meetings(session, cast.partnership_id)
    boards = session.scalars(
        select(Board)
        .where(
            Board.partnership_id == cast.partnership_id,
            Board.id.in_({meeting.board_id for meeting in meetings}),
        )
        .order_by(Board.name_key, Board.id)
    ).all()
    counted: list[tuple[Board, int, int]] = []
    for board in boards:
        own = [meeting.status for meeting in meetings if meeting.board_id == board.id]
        counted.append((board, own.count(MeetingStatus.HELD), own.count(MeetingStatus.PLANNED)))
    return counted
