"""What the board saw: published packs as pages, from what was kept and never from live data."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from governance import queries
from governance.ground import (
    MEETING,
    ON_MEETINGS,
    Signpost,
    meeting_address,
    meeting_of,
    pages,
)
from governance.models import Meeting
from governance.pack_models import Pack, PackPart
from governance.publishing.queries import (
    overrides_of,
    pack_of,
    published_packs,
    value_of,
    withdrawn_of,
)
from governance.publishing.serving import (
    is_published,
    may_read,
    not_hidden,
    pdf_of,
    sees_confidential,
)
from tracker.edges.db import db
from tracker.ledger.blobs import TakenDown
from tracker.people.board_models import Board
from tracker.people.models import Person
from tracker.web.access import Permission, may, requires

_SIZE = re.compile(r' (?:width|height)="[^"]*"')
ON_MEETINGS.append(
    Signpost(
        "governance.packs",
        "Everything published for this meeting",
        Permission.READ_PUBLISHED_PACK,
        40,
        is_published,
    )
)


@pages.get(f"{MEETING}/packs")
@requires(Permission.READ_PUBLISHED_PACK)
def packs(slug: str, on: date) -> ResponseReturnValue:
    """Everything published for a meeting: versions, supplements, the confidential part."""
    board, meeting = meeting_of(slug, on)
    may_read(meeting)
    shelves = [list(published_packs(db.session(), meeting))]
    if sees_confidential(meeting):
        shelves.append(list(published_packs(db.session(), meeting, PackPart.CONFIDENTIAL)))
    rows = [
        {
            "name": name_of(pack),
            "page": page_of(board, meeting, pack),
            "file": file_of(board, meeting, pack),
            "pack": pack,
        }
        for shelf in shelves
        for pack in shelf
    ]
    return render_template(
        "governance/publishing/packs.html", board=board, meeting=meeting, rows=rows
    )


@pages.get(f"{MEETING}/packs/<int:version>")
@requires(Permission.READ_PUBLISHED_PACK)
def pack_page(slug: str, on: date, version: int) -> ResponseReturnValue:
    """A version of the pack as it was published."""
    board, meeting = meeting_of(slug, on)
    may_read(meeting)
    found = queries.published_pack(db.session(), meeting, version)
    return _page(board, meeting, not_hidden(found, meeting))


@pages.get(f"{MEETING}/packs/<uuid:uid>")
@requires(Permission.READ_PUBLISHED_PACK)
def part_page(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """A supplement, or the confidential part, as it was published."""
    board, meeting = meeting_of(slug, on)
    may_read(meeting)
    return _page(board, meeting, not_hidden(pack_of(db.session(), meeting, uid), meeting))


@pages.get(f"{MEETING}/packs/<uuid:uid>.pdf")
@requires(Permission.READ_PUBLISHED_PACK)
def part_file(slug: str, on: date, uid: UUID) -> ResponseReturnValue:
    """The file of a supplement or of the confidential part: the very bytes that were published."""
    board, meeting = meeting_of(slug, on)
    may_read(meeting)
    pack = not_hidden(pack_of(db.session(), meeting, uid), meeting)
    kind = f"supplement-{pack.supplement}-" if pack.supplement else ""
    part = "confidential-" if pack.part is PackPart.CONFIDENTIAL else ""
    return pdf_of(pack, f"{board.slug}-{on}-{part}{kind}version-{pack.version_number}.pdf")


def _page(board: Board, meeting: Meeting, pack: Pack) -> ResponseReturnValue:
    try:
        value = value_of(db.session(), pack)
    except TakenDown as why:
        return render_template(
            "errors/error.html", title="This pack is not shown", what_to_do=str(why)
        ), 410
    session = db.session()
    by = session.get(Person, pack.published_by_id) if pack.published_by_id else None
    shelf = published_packs(session, meeting, pack.part)
    return render_template(
        "governance/publishing/pack.html",
        board=board,
        meeting=meeting,
        pack=pack,
        value=value,
        name=name_of(pack),
        file=file_of(board, meeting, pack),
        by=by.name if by is not None else None,
        page_numbers=value["facts"].get("pages", {}),
        later=[
            (name_of(one), page_of(board, meeting, one))
            for one in shelf
            if one.id > pack.id and one.published_at is not None
        ],
        overrides=overrides_of(session, pack)
        if may(Permission.READ_DRAFT_PACK, board_id=board.id)
        else (),
        withdrawn=withdrawn_of(session, pack.partnership_id, value),
        drawing=drawing,
    )


def name_of(pack: Pack) -> str:
    """A published pack in a few words: which part, which supplement, which version."""
    name = f"Supplement {pack.supplement}" if pack.supplement else "Agenda pack"
    if pack.part is PackPart.CONFIDENTIAL:
        name = f"{name}, confidential items"
    return f"{name}, version {pack.version_number}"


def page_of(board: Board, meeting: Meeting, pack: Pack) -> str:
    """The address of a published pack's page."""
    if pack.part is PackPart.OPEN and not pack.supplement:
        return meeting_address(board, meeting, "governance.pack_page", version=pack.version_number)
    return meeting_address(board, meeting, "governance.part_page", uid=pack.uid)


def file_of(board: Board, meeting: Meeting, pack: Pack) -> str:
    """The address of a published pack's file."""
    if pack.part is PackPart.OPEN and not pack.supplement:
        return meeting_address(board, meeting, "governance.pack", version=pack.version_number)
    return meeting_address(board, meeting, "governance.part_file", uid=pack.uid)


def drawing(svg: str) -> Markup:
    """A chart of a pack, as it was drawn by us when the pack was composed; nothing else.

    What is kept of a pack is written by no form: its words were escaped when it was drawn.
    """
    if not svg.startswith("<svg") or "<script" in svg or "javascript:" in svg:
        return Markup("")
    # Without a size of its own a drawing is as wide as the page lets it be.
    head, _, rest = svg.partition(">")
    return Markup(f"{_SIZE.sub('', head)}>{rest}")  # noqa: S704  # drawn by us, see above
