"""Numbers and references, given to items and papers for good when a pack is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.agenda_models import AgendaItem, ItemStatus, Paper
from governance.models import Meeting
from governance.pack_models import PackPart

CHANGED = (
    "Nothing was published: the agenda was changed while the pack was made. Look at it again, then"
    " publish."
)


class ChangedMeanwhile(Exception):
    """The agenda or a paper changed since the value was composed; it must be composed anew."""


def freeze(
    session: Session, meeting: Meeting, value: Mapping[str, Any], part: PackPart, supplement: int
) -> None:
    """Give the items and papers of a value their numbers and references, where they have none.

    Raises ChangedMeanwhile when one of them is no longer as the value has it: it was edited, taken
    off, or made confidential. Values of earlier schemas know no records: nothing is given.
    """
    facts = value["facts"].get("items", ())
    items = {str(item.uid): item for item in _items(session, meeting)}
    papers = {str(paper.uid): paper for paper in _papers(session, meeting)}
    confidential = part is PackPart.CONFIDENTIAL
    for fact in facts:
        for kept in fact["papers"]:
            paper = papers.get(kept["uid"])
            if (
                paper is None
                or paper.version != kept["version"]
                or paper.is_confidential is not confidential
            ):
                raise ChangedMeanwhile(CHANGED)
            if paper.reference is None:
                paper.reference = kept["reference"]
        if fact["uid"] in papers:
            continue  # a late paper stands in a supplement as an item of its own
        item = items.get(fact["uid"])
        if (
            item is None
            or item.version != fact["version"]
            or item.status is not ItemStatus.ON_AGENDA
            or item.is_confidential is not confidential
        ):
            raise ChangedMeanwhile(CHANGED)
        if item.number is None:
            item.number, item.supplement = fact["number"], supplement
    session.flush()


def _items(session: Session, meeting: Meeting) -> list[AgendaItem]:
    return list(
        session.scalars(
            select(AgendaItem)
            .where(
                AgendaItem.partnership_id == meeting.partnership_id,
                AgendaItem.meeting_id == meeting.id,
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _papers(session: Session, meeting: Meeting) -> list[Paper]:
    return list(
        session.scalars(
            select(Paper)
            .join(AgendaItem, AgendaItem.id == Paper.item_id)
            .where(
                Paper.partnership_id == meeting.partnership_id,
                AgendaItem.partnership_id == meeting.partnership_id,
                AgendaItem.meeting_id == meeting.id,
            )
            .with_for_update(of=Paper)
            .execution_options(populate_existing=True)
        )
    )
