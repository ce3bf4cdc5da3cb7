"""What the demonstration ends with: packs as files, and a table of what there is to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import queries
from governance.models import Meeting, MeetingStatus, Pack, PackStatus
from tracker.demo.cast import Cast
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
    meeting_id: int
    status: PackStatus
    pages: int
    path: Path


def write_packs(session: Session, folder: Path) -> list[PackFile]:
    """Write every published pack, and each kept draft that waits to be published."""
    rows = session.execute(
        select(Pack, Meeting, Board.slug, Partnership.slug)
        .join(Meeting, Meeting.id == Pack.meeting_id)
        .join(Board, Board.id == Meeting.board_id)
        .join(Partnership, Partnership.id == Meeting.partnership_id)
        .order_by(Partnership.slug, Board.slug, Meeting.starts_at, Pack.id),
        execution_options=ACROSS,
    ).all()
    published = {p.meeting_id for p, *_ in rows if p.status is PackStatus.PUBLISHED}
    written: list[PackFile] = []
    for pack, meeting, board, owner in rows:
        if pack.pdf_sha256 is None:
            continue
        if pack.status is PackStatus.DRAFT and meeting.id in published:
            continue
        name = f"{owner}-{board}-{meeting.meets_on.isoformat()}-{pack.status.value}.pdf"
        path = folder / name
        path.write_bytes(read_bytes(session, pack.pdf_sha256))
        written.append(
            PackFile(meeting.board_id, meeting.id, pack.status, pack.pages or 0, path)
        )
    return written


def report(
    session: Session,
    casts: list[Cast],
    packs: list[PackFile],
    settings: Settings,
    folder: Path,
    password: str,
    now: datetime,
) -> None:
    """Print boards, meetings, packs with pages and paths, feed links and sign-ins."""
    say = click.echo
    say("\nDemonstration data: dates are moved by whole years; updates are made up and labelled.")
    for cast in casts:
        say(f"\n{cast.name}")
        _boards(session, cast, packs, now)
        say(f"  Calendar of {cast.emails['member']}: {settings.base_url}/feeds/{cast.feed_token}.ics")
    mails = session.scalars(
        select(OutboxMail.id).where(OutboxMail.state == MailState.SENT)
    ).all()
    say(f"\nPacks are in {folder / 'packs'}; {len(mails)} mails are in {folder / 'mail.mbox'}.")
    say(f"\nSign in at {settings.base_url}/sign-in with the password  {password}")
    for cast in casts:
        say("  " + "  ".join(cast.emails.values()))


def _boards(session: Session, cast: Cast, packs: list[PackFile], now: datetime) -> None:
    boards = session.scalars(
        select(Board)
        .where(
            Board.partnership_id == cast.partnership_id,
            Board.id.in_(
                select(Meeting.board_id).where(Meeting.partnership_id == cast.partnership_id)
            ),
        )
        .order_by(Board.name_key)
    ).all()
    for board in boards:
        held = [
            meeting
            for meeting in queries.meetings(session, cast.partnership_id, board_ids=[board.id])
            if meeting.status is MeetingStatus.HELD
        ]
        coming = queries.next_meeting(session, cast.partnership_id, board.id, now)
        own = [pack for pack in packs if pack.board_id == board.id]
        click.echo(f"  {board.name}: {len(held)} meetings held, {len(own)} packs")
        for pack in own[-2:]:
            click.echo(f"    {pack.status.value:<9} {pack.pages:>3} pages  {pack.path}")
        if coming is not None:
            click.echo(
                f"    next {coming.meets_on.isoformat()}; preview: tracker pack {board.slug}"
                f" --on {coming.occurrence_on.isoformat()} --out draft.pdf"
            )
