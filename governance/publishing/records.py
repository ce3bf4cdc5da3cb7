"""What the records know of agenda items beside what they print: for the pack's own memory."""

from __future__ import annotations

from collections.abc import Sequence

from governance.agenda_models import AgendaItem, Paper
from governance.packs.sitting import ItemRecord, PaperRecord
from governance.restricted.rules import SCHEDULE_12A


def record_of(
    item: AgendaItem, papers: Sequence[Paper], *, reference: str | None = None
) -> ItemRecord:
    """An item's record with those of its papers that stand in this pack."""
    return ItemRecord(
        uid=str(item.uid),
        version=item.version,
        papers=tuple(paper_record(paper) for paper in papers),
        exemption=exemption(item),
        reference=reference,
    )


def paper_record(paper: Paper) -> PaperRecord:
    """A paper's record."""
    return PaperRecord(
        uid=str(paper.uid),
        version=paper.version,
        title=paper.title,
        is_to_follow=paper.is_to_follow,
        is_withdrawn=paper.withdrawn_at is not None,
    )


def exemption(item: AgendaItem) -> tuple[tuple[str, str], ...]:
    """Why an item is confidential, for its own part: the law's paragraph and the reason."""
    found = []
    if item.exempt_paragraph is not None:
        words = SCHEDULE_12A.get(item.exempt_paragraph, "")
        paragraph = f"Paragraph {item.exempt_paragraph} of Part 1 of Schedule 12A"
        found.append(("Exempt under", f"{paragraph}: {words}" if words else paragraph))
    if item.exempt_reason:
        found.append(("Why it is in the public interest", item.exempt_reason))
    return tuple(found)
