"""Papers under agenda items: reports written here, files, and those announced as to follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.agenda_models import AgendaItem, Paper, PaperKind
from governance.agendas.paper_rules import LARGEST_FILE, file_name, findings
from tracker.edges.attachments import FileState, PdfFacts
from tracker.ledger.blobs import file_bytes

PDF_TYPE = "application/pdf"
REFUSED = {
    FileState.NOT_A_PDF: "This file is not a PDF. Save or print it as a PDF, and attach that.",
    FileState.ENCRYPTED: (
        "This PDF is protected, so it cannot be bound into the pack. Save it without a password"
        " and without restrictions, and attach that."
    ),
    FileState.DAMAGED: (
        "This PDF cannot be read: it is damaged, or too large to look into. Save or print it as a"
        " PDF again, and attach that."
    ),
}


class CannotAttach(Exception):
    """A file is not taken; the message says why and what to do."""


class AlreadyPublished(Exception):
    """A paper that is in a published pack is not replaced or removed."""

    def __init__(self) -> None:
        super().__init__(
            "This paper is in the published pack. Withdraw it there, and add the new one as a late"
            " paper."
        )


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent, with what was found in it."""

    name: str | None
    data: bytes
    facts: PdfFacts


def check_file(sent: SentFile) -> None:
    """Go on only with a file that can stand in a pack; raises CannotAttach."""
    if len(sent.data) > LARGEST_FILE:
        raise CannotAttach(
            "This file is larger than 25 megabytes. Make it smaller, or attach it in parts."
        )
    if sent.facts.state in REFUSED:
        raise CannotAttach(REFUSED[sent.facts.state])


def add_paper(
    session: Session,
    item: AgendaItem,
    *,
    kind: PaperKind,
    title: str,
    fields: Mapping[str, str | None],
    sent: SentFile | None,
    is_to_follow: bool,
    person_id: int | None,
    now: datetime,
) -> Paper:
    """Put a paper under an item, last of its papers; raises CannotAttach for its file.

    A confidential item's paper is confidential.
    """
    last = session.scalar(
        select(func.max(Paper.position)).where(
            Paper.partnership_id == item.partnership_id, Paper.item_id == item.id
        )
    )
    paper = Paper(
        partnership_id=item.partnership_id,
        item_id=item.id,
        position=(last or 0) + 1,
        kind=kind,
        title=title,
        is_to_follow=is_to_follow,
        added_at=now,
        added_by_id=person_id,
        is_confidential=item.is_confidential,
        **fields,
    )
    if sent is not None:
        _attach(session, paper, sent, now)
    session.add(paper)
    session.flush()
    return paper


def change_paper(
    session: Session,
    paper: Paper,
    *,
    title: str,
    fields: Mapping[str, str | None],
    sent: SentFile | None,
    is_to_follow: bool,
    now: datetime,
) -> None:
    """Say otherwise what a paper says, or give it its file.

    Raises CannotAttach for the file, AlreadyPublished for one that would replace a published file.
    """
    if sent is not None:
        if paper.reference is not None and not paper.is_to_follow:
            raise AlreadyPublished
        _attach(session, paper, sent, now)
    paper.title, paper.is_to_follow = title, is_to_follow
    for name, said in fields.items():
        setattr(paper, name, said)
    session.flush()


def remove_paper(session: Session, paper: Paper) -> None:
    """Take a paper away that was never published; raises AlreadyPublished."""
    if paper.reference is not None:
        raise AlreadyPublished
    session.delete(paper)
    session.flush()


def _attach(session: Session, paper: Paper, sent: SentFile, now: datetime) -> None:
    check_file(sent)
    found = findings(
        is_tagged=sent.facts.is_tagged, acts=sent.facts.acts, holds_files=sent.facts.holds_files
    )
    paper.file_sha256 = file_bytes(session, sent.data, PDF_TYPE, now=now)
    paper.file_name = file_name(sent.name, paper.title)
    paper.media_type, paper.file_size = PDF_TYPE, len(sent.data)
    paper.file_pages, paper.findings = sent.facts.pages, "\n".join(found) or None
