"""Charts as SVG, written by hand: small, labelled directly, with no inline style. Pure.

The same drawing serves the page, the PDF and the Word file; a strict content security policy
allows it because it carries attributes only.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

COLOURS = {
    "Red": "#b3261e",
    "Amber": "#f0a202",
    "Green": "#1d7237",
    "Grey": "#5c6770",
    "Blue": "#1f5fa6",
}
WIDTH, BAR, GAP, LABEL = 640, 20, 7, 96
FONT = "Source Sans 3, Arial, sans-serif"


def counts_chart(counts: Mapping[str, int], title: str) -> str:
    """Horizontal bars of how many have each rating, worst first, each with word and number."""
    rows = [(word, number) for word, number in counts.items()]
    most = max([number for _, number in rows] + [1])
    height = len(rows) * (BAR + GAP) + GAP
    room = WIDTH - LABEL - 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        f' width="{WIDTH}" height="{height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(counts_sentence(counts))}</desc>",
    ]
    for place, (word, number) in enumerate(rows):
        y = GAP + place * (BAR + GAP)
        length = round(room * number / most, 1)
        middle = y + BAR * 0.72
        parts.append(
            f'<text x="{LABEL - 12}" y="{middle:.1f}" text-anchor="end" font-size="15"'
            f' font-family="{FONT}" fill="#1d2a31">{escape(_label(word))}</text>'
        )
        if number:
            parts.append(
                f'<rect x="{LABEL}" y="{y}" width="{length}" height="{BAR}"'
                f' fill="{COLOURS.get(word, "#5c6770")}"/>'
            )
        parts.append(
            f'<text x="{LABEL + length + 8:.1f}" y="{middle:.1f}" font-size="15"'
            f' font-weight="600" font-family="{FONT}" fill="#1d2a31">{number}</text>'
        )
    parts.append("</svg>")
    return "".join(parts)


def counts_sentence(counts: Mapping[str, int], what: str = "action") -> str:
    """Counts in words: "21 actions: 2 Red, 5 Amber, 10 Green, 3 not started, 1 complete."."""
    total = sum(counts.values())
    if not total:
        return f"No {_plural(what)}."
    named = [f"{number} {_in_sentence(word)}" for word, number in counts.items() if number]
    return f"{actions_words(total, what)}: {', '.join(named)}."


def actions_words(number: int, what: str = "action") -> str:
    """A number with its noun: "1 action or commitment", "38 actions and commitments"."""
    return f"{number} {what if number == 1 else _plural(what)}"


def _plural(what: str) -> str:
    return " and ".join(f"{word}s" for word in what.split(" or "))


def _label(word: str) -> str:
    return {"Grey": "Not started", "Blue": "Complete"}.get(word, word)


def _in_sentence(word: str) -> str:
    return {"Grey": "not started (Grey)", "Blue": "complete (Blue)"}.get(word, word)
