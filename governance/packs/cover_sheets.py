"""A paper as the pack prints it: its cover sheet, its text, or what became of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from governance.packs.blocks import Block, bullets, counted, facts, heading, text

NONE = "None"


@dataclass(frozen=True)
class PaperEntry:
    """A paper's fields as they print; ``recommendations`` one each, ``size`` in bytes.

    ``facts`` are the labelled fields of its cover sheet in their order, the empty ones left out;
    ``implications`` those that are never blank.
    """

    title: str
    reference: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    summary: str | None = None
    recommendations: tuple[str, ...] = ()
    implications: tuple[tuple[str, str], ...] = ()
    after: tuple[tuple[str, str], ...] = ()
    text: str | None = None
    file_name: str | None = None
    file_pages: int | None = None
    file_size: int | None = None
    is_to_follow: bool = False
    withdrawn: str | None = None


def cover_sheet(paper: PaperEntry) -> list[Block]:
    """The blocks of a paper, from its title on; one that is not there says so."""
    blocks: list[Block] = [heading(paper.title)]
    if paper.withdrawn is not None:
        return [*blocks, text(f"This paper was withdrawn. {paper.withdrawn}".strip())]
    if paper.is_to_follow:
        return [*blocks, text("To follow.")]
    rows = [("Reference", paper.reference or ""), *paper.facts]
    shown = [(label, said) for label, said in rows if said]
    if shown:
        blocks.append(facts(*shown))
    if paper.summary:
        blocks += [heading("Summary", 3), text(*_paragraphs(paper.summary))]
    if paper.recommendations:
        numbered = [f"{at}. {each}" for at, each in enumerate(paper.recommendations, start=1)]
        blocks += [heading("Recommendations", 3), bullets(*numbered)]
    if paper.implications:
        blocks += [
            heading("Implications", 3),
            facts(*[(label, said or NONE) for label, said in paper.implications]),
        ]
    after = [(label, said) for label, said in paper.after if said]
    if after:
        blocks.append(facts(*after))
    if paper.text:
        blocks += [heading("Report", 3), text(*_paragraphs(paper.text))]
    if paper.file_name:
        blocks.append(text(attached_words(paper)))
    return blocks


def attached_words(paper: PaperEntry) -> str:
    """What file comes with a paper: "Attached: budget.pdf, 3 pages, 1.2 MB"."""
    parts = [paper.file_name or ""]
    if paper.file_pages:
        parts.append(counted(paper.file_pages, "page"))
    if paper.file_size:
        parts.append(size_words(paper.file_size))
    return f"Attached: {', '.join(parts)}."


def size_words(size: int) -> str:
    """A size in bytes as people say it: "640 kB", "1.2 MB"; never nothing."""
    if size < 999_500:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB"


def _paragraphs(words: str) -> list[str]:
    return [" ".join(one.split("\n")).strip() for one in words.split("\n\n") if one.strip()]
