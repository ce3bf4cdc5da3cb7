"""The blocks that a pack is made of: plain values that PDF, Word and pages each render. Pure.

A block is a JSON object with a ``kind``; the shapes are listed in the decision record on the
PDF engine. A cell of a table is a text, a rating with its note, lines, or labelled texts.
"""

from __future__ import annotations

from collections.abc import Sequence

Block = dict[str, object]
Cell = str | dict[str, object]


def text(*paragraphs: str) -> Block:
    """Paragraphs of running text."""
    return {"kind": "text", "paragraphs": list(paragraphs)}


def heading(words: str, level: int = 2) -> Block:
    """A heading inside an item: level 2 or 3."""
    return {"kind": "heading", "text": words, "level": level}


def facts(*rows: tuple[str, str]) -> Block:
    """Labels with their values."""
    return {"kind": "facts", "rows": [list(row) for row in rows]}


def column(title: str, width: int) -> dict[str, object]:
    """A column of a table; widths are shares of the line."""
    return {"title": title, "width": width}


def table(
    caption: str | None,
    columns: Sequence[dict[str, object]],
    rows: Sequence[Sequence[Cell]],
    *,
    empty: str,
    wide: bool = False,
) -> Block:
    """A table with a cell for each column; ``empty`` is said when there are no rows."""
    return {
        "kind": "table",
        "caption": caption,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "wide": wide,
        "empty": empty,
    }


def rag(word: str, note: str | None = None) -> Cell:
    """A rating: always its word, with a note where there is more to say."""
    return {"rag": word, "note": note}


def lines(*each: str, strong_first: bool = False) -> Cell:
    """Several short lines in one cell; the empty ones are left out."""
    return {"lines": [line for line in each if line], "strong_first": strong_first}


def labelled(*pairs: tuple[str, str | None], foot: str = "") -> Cell:
    """Texts under their labels in one cell, those without a text left out; ``foot`` in small."""
    return {"pairs": [[label, said] for label, said in pairs if said], "foot": foot}


def bullets(*items: str) -> Block:
    """A list."""
    return {"kind": "list", "items": list(items)}


def sentence(words: str) -> str:
    """Words as a sentence begins: the first letter large."""
    return words[:1].upper() + words[1:]


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them: "A", "A and B", "A, B and C"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 day", "3 days", "2 priorities"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
