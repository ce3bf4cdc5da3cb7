"""Publishing: a first version, a correction of it, a supplement to it.

Each is made in three steps: what is to be published is worked out and read; it is rendered outside
any transaction; it is filed, unless something changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from governance import documents
from governance.agenda_models import Paper
from governance.documents import CannotPublish
from governance.models import Meeting
from governance.pack_models import Pack, PackOverride, PackPart
from governance.packs import compose, published
from governance.packs.differences import Difference, differences
from governance.publishing import late
from governance.publishing.queries import latest_packs, published_packs, value_of
from governance.publishing.rules import Finding
from governance.publishing.supplements import gather_supplement
from tracker.edges.pdf import RenderedPdf
from tracker.web.filters import when

BY = "the board secretary"


@dataclass(frozen=True)
class Edition:
    """One file that is to be published: its value, and what it will be among the others."""

    part: PackPart
    value: dict[str, Any]
    version: int
    supplement: int = 0
    changes: str | None = None


@dataclass(frozen=True)
class Override:
    """A finding that somebody publishes in spite of, and why."""

    finding: Finding
    reason: str


def first_editions(
    session: Session, meeting: Meeting, *, now: datetime, after: int | None = 0
) -> list[Edition]:
    """The pack as it would be published now: its open part, and its confidential one if any.

    Raises CannotPublish, as ``documents.for_publication``.
    """
    value, version = documents.for_publication(session, meeting, now=now, by=BY, after=after)
    editions = [Edition(PackPart.OPEN, value, version)]
    hidden, number = documents.for_publication(
        session, meeting, now=now, by=BY, part=PackPart.CONFIDENTIAL
    )
    if hidden["items"] and number == 1:
        editions.append(Edition(PackPart.CONFIDENTIAL, hidden, number))
    return editions


def correction(
    session: Session,
    meeting: Meeting,
    *,
    part: PackPart,
    now: datetime,
    after: int | None,
    changes: str,
) -> tuple[Edition, list[Difference]]:
    """A further version of a part, and what it changes of the latest one.

    ``changes`` says so in a sentence, and is printed on its front sheet with what it corrects.
    Raises CannotPublish where nothing of the part was published, and as for a first version.
    """
    before = latest_packs(session, meeting, part)
    if not before or before[0].supplement:
        raise CannotPublish("There is no published pack to correct.")
    value, version = documents.for_publication(
        session, meeting, now=now, by=BY, after=after, part=part
    )
    was = before[0]
    assert was.published_at is not None
    said = (
        f"Version {version} corrects version {was.version_number}, published"
        f" {when(was.published_at)}.\nWhat changed: {changes}"
    )
    found = differences(value_of(session, was), value)
    value = {**value, "front": {**value["front"], "changes": said}}
    return Edition(part, value, version, changes=changes), found


def supplement(session: Session, meeting: Meeting, *, now: datetime) -> list[Edition]:
    """What came since publication, as a supplement to each part that has something.

    Its pages go on from the last one published. Where confidential items come for the first time,
    they are the first version of the confidential part. Raises CannotPublish where nothing came.
    """
    documents.publishable(session, meeting, now)
    editions = []
    for part in PackPart:
        if not late.waiting(session, meeting, part):
            continue
        sitting = gather_supplement(session, meeting, as_at=now, part=part)
        value = compose(sitting, draft=True, version=documents.DRAFT_WORDS)
        words = documents.version_words(1, now, BY)
        page = next_page(session, meeting, part)
        editions.append(
            Edition(part, published(value, words, first_page=page), 1, sitting.supplement)
        )
    if documents.latest_version(session, meeting) and not documents.latest_version(
        session, meeting, PackPart.CONFIDENTIAL
    ):
        value, version = documents.for_publication(
            session, meeting, now=now, by=BY, part=PackPart.CONFIDENTIAL
        )
        if value["items"]:
            editions.append(Edition(PackPart.CONFIDENTIAL, value, version))
    if not editions:
        raise CannotPublish("Nothing came since the pack was published.")
    return editions


def next_page(session: Session, meeting: Meeting, part: PackPart) -> int:
    """The page after the last one that was published of a part."""
    packs = published_packs(session, meeting, part)
    return max((pack.first_page + (pack.pages or 0) for pack in packs), default=1)


def file_editions(
    session: Session,
    meeting: Meeting,
    editions: Sequence[Edition],
    rendered: Sequence[RenderedPdf],
    *,
    overrides: Sequence[Override] = (),
    person_id: int,
    now: datetime,
) -> list[Pack]:
    """File what was rendered; in spite of what it is published is kept with the first.

    Raises CannotPublish and IntegrityError, as ``documents.publish``.
    """
    packs = []
    for edition, pdf in zip(editions, rendered, strict=True):
        if (
            edition.supplement
            and edition.supplement <= late.shown(session, meeting, edition.part).supplements
        ):
            raise CannotPublish("Somebody published this supplement already. Look at it first.")
        packs.append(
            documents.publish(
                session,
                meeting,
                edition.value,
                pdf,
                version=edition.version,
                person_id=person_id,
                now=now,
                part=edition.part,
                supplement=edition.supplement,
                changes=edition.changes,
            )
        )
    for override in overrides:
        session.add(
            PackOverride(
                partnership_id=meeting.partnership_id,
                pack_id=packs[0].id,
                finding_key=override.finding.key,
                finding=f"{override.finding.where}: {override.finding.words}"[:500],
                reason=override.reason,
                person_id=person_id,
                at=now,
            )
        )
    session.flush()
    return packs


def withdraw_paper(session: Session, paper: Paper, *, why: str, now: datetime) -> None:
    """Withdraw a paper: it leaves a marked gap, and its file is not served any more."""
    if paper.withdrawn_at is None:
        paper.withdrawn_at, paper.withdrawn_words = now, why
        paper.is_to_follow = False
        session.flush()
