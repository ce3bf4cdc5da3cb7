"""A house in which words about a child stand wherever the product copies words to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import LargeBinary, select, text
from sqlalchemy.orm import Session

from actions.answer_models import DraftState, ProgressDraft
from actions.models import Progress
from actions.operations import Entry, record_progress
from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem
from governance.models import Meeting
from governance.pack_models import Pack, PackPart, PackStatus
from governance.restricted import papers
from governance.restricted.erasures import forget, note_erasure
from governance.restricted.takedown import (
    erase_text,
    hide_text,
)
from governance.takedown_models import Takedown
from tests.conftest import NOW
from tests.factories import House
from tests.fakes import PlainRenderer
from tracker.edges.db import Base, db
from tracker.kernel.rag import Lifecycle, Rating
from tracker.ledger.blobs import file_bytes
from tracker.ledger.outbox import Mail, post

SECRET = "Zebedee Quince"
WORDS = (
    f"{SECRET} & his “sister” moved to 4 Elm Close.\n\nThe school was told of it on Monday."
    " Numbers are rising."
)
GAP = "[Text taken down on 2 November 2026]"
OWNER, SECRETARY = "owner@ashshire.example", "secretary@ashshire.example"


@dataclass
class Told:
    """A house in which words about a child stand wherever the product copies words to."""

    house: House
    entry: Progress
    other: Progress
    pack: Pack
    register: Path
    secretary_id: int

    @property
    def session(self) -> Session:
        """The session of the house."""
        return self.house.session

    def hide(self) -> Takedown:
        """Hide what the entry says."""
        takedown = hide_text(
            self.session,
            self.entry,
            "happened",
            reason="It names a child",
            person_id=self.secretary_id,
            now=NOW,
        )
        self.session.commit()
        return takedown

    def erase(self, takedown: Takedown) -> None:
        """Erase what was hidden, as the page does."""
        later = NOW + timedelta(hours=1)
        erase_text(self.session, takedown, person_id=self.secretary_id, now=later)
        note_erasure(self.session, takedown, self.register)
        self.session.commit()
        self.session.close()
        forget(db.engine)


def tell(house: House, folder: Path) -> Told:
    session = house.session
    action = house.action("Hear families", owner=OWNER)
    house.person(SECRETARY)
    entry = record_progress(
        session,
        action,
        Entry(Lifecycle.IN_PROGRESS, Rating.GREEN, happened=WORDS),
        person_id=house.people[OWNER].id,
        last_seen=0,
        now=NOW - timedelta(days=2),
    )
    other = record_progress(
        session,
        house.action("See schools", owner=OWNER),
        Entry(Lifecycle.IN_PROGRESS, Rating.GREEN, happened="Numbers are rising."),
        person_id=house.people[OWNER].id,
        last_seen=0,
        now=NOW - timedelta(days=2),
    )
    house.cycle()
    meeting = house.meetings()[0]
    item = AgendaItem(
        partnership_id=house.tenant,
        meeting_id=meeting.id,
        position=90,
        kind=ItemKind.OTHER_BUSINESS,
        title="Other business",
        purpose=Purpose.INFORMATION,
        text=f"Said last time: {WORDS}",
    )
    draft = ProgressDraft(
        partnership_id=house.tenant,
        action_id=action.id,
        person_id=house.people[OWNER].id,
        state=DraftState.DRAFT,
        last_seen=1,
        said=json.dumps({"happened": WORDS}),
        saved_at=NOW,
    )
    session.add_all([item, draft])
    escaped = WORDS.replace("&", "&amp;").replace("\n\n", "<br>")
    mail = Mail(
        key="news:1", recipient=OWNER, subject="News", text=f"New: {WORDS}", html=f"<p>{escaped}"
    )
    post(session, mail, now=NOW, domain="a.example")
    pack = _published(house, meeting)
    session.commit()
    register = folder / "register" / "erasures"
    return Told(house, entry, other, pack, register, house.people[SECRETARY].id)


def _published(house: House, meeting: Meeting) -> Pack:
    value = {"items": [{"title": "Report", "blocks": [{"kind": "text", "paragraphs": [WORDS]}]}]}
    data = json.dumps(value, ensure_ascii=False).encode()
    pack = Pack(
        partnership_id=house.tenant,
        meeting_id=meeting.id,
        status=PackStatus.PUBLISHED,
        part=PackPart.OPEN,
        schema_version=1,
        composed_at=NOW,
        as_at=NOW,
        snapshot_sha256=file_bytes(house.session, data, "application/json", now=NOW),
        pdf_sha256=file_bytes(house.session, b"%PDF " + data, "application/pdf", now=NOW),
        pages=1,
        published_at=NOW,
    )
    house.session.add(pack)
    house.session.flush()
    return pack


def everywhere(session: Session, *, sealed: bool = True) -> dict[str, str]:
    """Every value of every table that holds the secret, by table, column and key."""
    hits = {}
    sealing = set(session.scalars(text("select sealed from takedown where sealed is not null")))
    for table in Base.metadata.sorted_tables:
        for row in session.connection().execute(select(table)).mappings():
            for column in table.columns:
                said = row[column.name]
                if isinstance(column.type, LargeBinary):
                    said = bytes(said).decode("utf-8", "replace")
                if SECRET in str(said) and (sealed or row.get("sha256") not in sealing):
                    key = row.get("id", row.get("sha256"))
                    hits[f"{table.name}.{column.name}:{key}"] = str(said)
    return hits


def render(session: Session) -> int:
    """Have the clockwork's rendering done."""
    renderer, number = PlainRenderer(), 0
    for one in papers.RENDERINGS:
        for row_id in papers.unrendered(session, one):
            number += papers.render(session, one, row_id, renderer, now=NOW)
    return number


def not_in_files(path: Path) -> None:
    """The words are in none of a database’s files."""
    for one in path.parent.glob(f"{path.name}*"):
        assert SECRET.encode() not in one.read_bytes(), one.name
