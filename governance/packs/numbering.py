"""Numbers of agenda items and references of papers: given once, at publication. Pure.

Nothing that was published is ever renumbered. What comes late goes after the item that it belongs
to, with a letter: 6A, 6B; after Z come AA, AB.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from string import Formatter

from governance.agenda import ItemKind

# The items with which every meeting ends: new business comes before them.
CLOSING = frozenset({ItemKind.FORWARD_PLAN, ItemKind.OTHER_BUSINESS, ItemKind.NEXT_MEETING})
# The parts that a reference may be made of; each is a text.
NAMES = ("board", "year", "month", "item")
_NUMBER = re.compile(r"(\d+)([A-Z]*)")


def order_of(number: str) -> tuple[int, int, str]:
    """Where an item's number stands: 6, 6A, 6B, 7; what is no number stands last."""
    found = _NUMBER.fullmatch(number)
    if found is None:
        return (10**6, 0, number)
    return (int(found[1]), len(found[2]), found[2])


def letters(place: int) -> str:
    """The letters of a late item's place, counted from 1: A to Z, then AA, AB.

    Raises:
        ValueError: there is no such place.
    """
    if place < 1:
        raise ValueError("Places are counted from 1.")
    found = ""
    while place > 0:
        place, letter = divmod(place - 1, 26)
        found = chr(65 + letter) + found
    return found


def next_after(number: str, taken: Collection[str]) -> str:
    """The first number with a letter after an item's own that nobody has: 6A, then 6B.

    What comes after 6A itself is 6B as well: late items are not nested.
    """
    found = _NUMBER.fullmatch(number)
    base = found[1] if found is not None else number
    place = 1
    while (late := f"{base}{letters(place)}") in taken:
        place += 1
    return late


def last_business(items: Collection[tuple[str, ItemKind]]) -> str:
    """The number after which wholly new business goes: the last before the closing items.

    ``items`` are numbers with what each item is; "0" where there are none.
    """
    business = [number for number, kind in items if kind not in CLOSING]
    every = business or [number for number, _ in items]
    return max(every, key=order_of, default="0")


def reference(pattern: str, board: str, meets_on: date, number: str, paper: int = 1) -> str:
    """A paper's reference by its board's pattern, such as CTB/2026-03/06 or CTB/2026-03/06A.

    ``paper`` counts the papers of one item; from the second on it is added: CTB/2026-03/06-2. A
    pattern that cannot be read prints the board, the month and the item, as the standard one does.
    """
    found = _NUMBER.fullmatch(number)
    item = f"{int(found[1]):02d}{found[2]}" if found is not None else number
    parts = {
        "board": board,
        "year": f"{meets_on:%Y}",
        "month": f"{meets_on:%m}",
        "item": item,
    }
    try:
        known = {name for _, name, _, _ in Formatter().parse(pattern) if name is not None}
        made = pattern.format_map(parts) if known <= set(NAMES) and "item" in known else None
    except (ValueError, IndexError, AttributeError):
        made = None
    made = made or f"{board}/{parts['year']}-{parts['month']}/{item}"
    return made if paper == 1 else f"{made}-{paper}"
