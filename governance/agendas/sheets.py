"""A paper's record as the values its cover sheet prints."""

from __future__ import annotations

from governance.agenda_models import Paper
from governance.agendas.paper_rules import one_a_line
from governance.packs.blocks import Block
from governance.packs.cover_sheets import PaperEntry, cover_sheet

_ABOVE = {
    "author": "Author",
    "lead_officer": "Lead officer",
    "sponsor": "Sponsor",
    "classification": "Classification",
    "priorities": "Priority and ambitions",
    "considered_before": "Considered before",
}
_IMPLICATIONS = {
    "financial": "Financial",
    "legal": "Legal",
    "equality": "Equality",
    "safeguarding": "Safeguarding",
    "childrens_voice": "Children’s voice",
    "risk": "Risk",
}
_BELOW = {
    "consultation": "Consultation",
    "appendices": "Appendices",
    "background": "Background papers",
}


def paper_blocks(paper: Paper) -> list[Block]:
    """A paper as the pack prints it, by itself: its cover sheet, or that it is to follow."""
    return cover_sheet(paper_entry(paper))


def paper_entry(paper: Paper) -> PaperEntry:
    """What a paper's record says, as values. Only a report has implications, and all of them."""
    is_report = paper.summary is not None
    withdrawn = None
    if paper.withdrawn_at is not None:
        withdrawn = paper.withdrawn_words or ""
    return PaperEntry(
        title=paper.title,
        reference=paper.reference,
        facts=_said(paper, _ABOVE),
        summary=paper.summary,
        recommendations=one_a_line(paper.recommendations or ""),
        implications=_said(paper, _IMPLICATIONS) if is_report else (),
        after=_said(paper, _BELOW),
        text=paper.text,
        file_name=paper.file_name if paper.file_sha256 else None,
        file_pages=paper.file_pages,
        file_size=paper.file_size,
        is_to_follow=paper.is_to_follow,
        withdrawn=withdrawn,
    )


def _said(paper: Paper, labels: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, getattr(paper, name) or "") for name, label in labels.items())
