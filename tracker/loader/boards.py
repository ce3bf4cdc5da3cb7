"""How a board of a document works: its quorum, its papers, what carries its decisions."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar

from governance.boards.rules import paper_reference
from tracker.loader.document import Document, DocumentError, Item
from tracker.people.board_models import PAPER_PATTERN, CarriedBy, Share

Word = TypeVar("Word", bound=StrEnum)
QUORUM = ("number", "share", "organisations", "chair")
LENGTHS = {"quorum_words": 300, "marking": 60, "contact": 254}
MOST_VOTING = 200


def ways(item: Item, document: Document) -> dict[str, object]:
    """The columns of a board that say how it works; what the document leaves out is the standard.

    Raises DocumentError, naming the file and the board, for what a board cannot have.
    """
    where = f"{document.path.name}, board {item['key']}"
    quorum = item.get("quorum") or {}
    strange = sorted(set(quorum) - set(QUORUM)) if isinstance(quorum, dict) else ["quorum"]
    if strange:
        raise DocumentError(
            f"{where}: “{strange[0]}” is no part of a quorum. The parts are: {', '.join(QUORUM)}"
        )
    found: dict[str, object] = {
        "quorum_number": _number(quorum.get("number"), "number", where),
        "quorum_share": _word(Share, quorum.get("share"), "share", where),
        "quorum_organisations": _number(quorum.get("organisations"), "organisations", where),
        "quorum_needs_chair": _yes(quorum.get("chair"), "chair", where),
        "is_public": _yes(item.get("public"), "public", where),
        "access_law": _yes(item.get("access_law"), "access_law", where),
        "carried_by": _word(CarriedBy, item.get("carried_by"), "carried_by", where)
        or CarriedBy.MAJORITY,
        "paper_pattern": _pattern(item.get("paper_pattern"), where),
    }
    for key, limit in LENGTHS.items():
        text = item.get(key)
        if text is not None and (not isinstance(text, str) or len(text) > limit):
            raise DocumentError(f"{where}: “{key}” is a text of at most {limit} characters")
        found[key] = text
    return found


def _number(value: object, key: str, where: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_VOTING:
        raise DocumentError(f"{where}: “{key}” is a whole number from 1 to {MOST_VOTING}")
    return value


def _yes(value: object, key: str, where: str) -> bool:
    if value is not None and not isinstance(value, bool):
        raise DocumentError(f"{where}: “{key}” is true or false")
    return bool(value)


def _word(words: type[Word], value: object, key: str, where: str) -> Word | None:
    if value is None:
        return None
    try:
        return words(str(value))
    except ValueError:
        known = ", ".join(words)
        raise DocumentError(f"{where}: “{key}” is one of: {known}") from None


def _pattern(value: object, where: str) -> str:
    if value is None:
        return PAPER_PATTERN
    pattern = str(value)
    if len(pattern) > 60:
        raise DocumentError(f"{where}: “paper_pattern” is at most 60 characters")
    try:
        paper_reference(pattern, board="B", on=date(2026, 12, 1), item="1")
    except ValueError as error:
        raise DocumentError(f"{where}: “paper_pattern”: {error}") from error
    return pattern
