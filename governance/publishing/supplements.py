"""A supplement: what came after a pack was published, gathered as a sitting of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from governance.agenda import AgendaEntry, ItemKind
from governance.agenda_models import Paper
from governance.agendas.queries import papers
from governance.agendas.sheets import paper_blocks
from governance.gathering import entry, gather
from governance.models import Meeting
from governance.pack_models import PackPart
from governance.packs.blocks import text
from governance.packs.numbering import reference
from governance.packs.sitting import Sitting
from governance.publishing import late
from governance.publishing.records import record_of


def gather_supplement(
    session: Session, meeting: Meeting, *, as_at: datetime, part: PackPart
) -> Sitting:
    """What a supplement to one part brings now: what came since the part was published."""
    entries = late.waiting(session, meeting, part)
    whole = [one.item for one in entries if one.paper is None]
    under = papers(
        session,
        meeting.partnership_id,
        [item.id for item in whole],
        confidential=part is PackPart.CONFIDENTIAL,
    )
    sitting = gather(session, meeting, as_at=as_at, part=part)
    board = sitting.board
    items, records = [], []
    for one in entries:
        if one.paper is None:
            items.append(replace(entry(session, meeting, one.item, as_at), number=one.number))
            records.append(record_of(one.item, under.get(one.item.id, ())))
        else:
            items.append(_paper_entry(one, one.paper))
            own = reference(board.paper_pattern, board.short_name, sitting.meets_on, one.number)
            records.append(
                replace(record_of(one.item, [one.paper], reference=own), uid=str(one.paper.uid))
            )
    reported = {item.plan_id for item in whole}
    return replace(
        sitting,
        items=tuple(items),
        records=tuple(records),
        plans=tuple(plan for plan in sitting.plans if plan.plan_id in reported),
        supplement=late.shown(session, meeting, part).supplements + 1,
    )


def _paper_entry(one: late.LateEntry, paper: Paper) -> AgendaEntry:
    """A late paper as an item of a supplement: 6A, under its own title."""
    return AgendaEntry(
        kind=ItemKind.TEXT,
        title=paper.title,
        purpose=one.item.purpose,
        presenter=paper.author or one.item.presenter,
        number=one.number,
        added=(text(f"A late paper for item {one.item.number}."), *paper_blocks(paper)),
    )
