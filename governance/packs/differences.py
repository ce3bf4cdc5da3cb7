"""What a further version of a pack changes: two values of it compared, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Value = Mapping[str, Any]
# What a front sheet says of the meeting, by its key. Version and date of the information are not
# compared: they differ in every version.
FRONT = {
    "board": "Board",
    "date": "Date",
    "time": "Time",
    "place": "Place",
    "joining_link": "Joining link",
    "chair": "Chair",
    "secretary": "Board secretary",
    "contact": "Contact",
    "quorum": "Quorum",
    "marking": "Marking",
}
ITEM = {
    "title": "title",
    "purpose": "purpose",
    "presenter": "presenter",
    "minutes": "minutes",
    "paper": "paper reference",
}
NOTHING = "nothing"


@dataclass(frozen=True)
class Difference:
    """One thing that differs: where it stands in the pack, and what of it changed."""

    where: str
    what: str


def differences(published: Value, now: Value) -> list[Difference]:
    """What changes from the published value to the one that would be published, in its order."""
    found = [
        Difference("Front sheet", f"{words}: {_said(old)} becomes {_said(new)}")
        for key, words in FRONT.items()
        if (old := published["front"].get(key)) != (new := now["front"].get(key))
    ]
    if published["front"].get("glance") != now["front"].get("glance"):
        found.append(Difference("Front sheet", "The plans at a glance say something else"))
    if published["front"].get("notes") != now["front"].get("notes"):
        found.append(Difference("Front sheet", "The notes say something else"))
    found += _items(published["items"], now["items"])
    return found + _appendices(published.get("appendices", ()), now.get("appendices", ()))


def _items(before: Sequence[Value], after: Sequence[Value]) -> list[Difference]:
    # Packs of earlier schemas know an item by its number alone.
    key = "uid" if all("uid" in item for item in (*before, *after)) else "number"
    old = {item[key]: item for item in before}
    new = {item[key] for item in after}
    found = []
    for item in after:
        where = _named(item)
        if item[key] not in old:
            found.append(Difference(where, "New"))
            continue
        was = old[item[key]]
        found += [
            Difference(where, f"The {words}: {_said(was.get(key))} becomes {_said(item.get(key))}")
            for key, words in ITEM.items()
            if was.get(key) != item.get(key)
        ]
        if was["blocks"] != item["blocks"]:
            found.append(Difference(where, _content(was["blocks"], item["blocks"])))
    found += [
        Difference(_named(item), "Taken off the agenda") for item in before if item[key] not in new
    ]
    return found


def _content(before: Sequence[object], after: Sequence[object]) -> str:
    added = sum(block not in before for block in after)
    gone = sum(block not in after for block in before)
    if not added and not gone:
        return "What it says stands in another order"
    parts = [
        f"{number} {'part' if number == 1 else 'parts'} of it {verb}"
        for number, verb in ((added, "new or changed"), (gone, "no longer there"))
        if number
    ]
    return "; ".join(parts)


def _appendices(before: Sequence[Value], after: Sequence[Value]) -> list[Difference]:
    old = {part["title"]: part for part in before}
    found = []
    for part in after:
        where = f"Appendix {part['letter']}. {part['title']}"
        if part["title"] not in old:
            found.append(Difference(where, "New"))
        elif old[part["title"]]["blocks"] != part["blocks"]:
            found.append(Difference(where, "Its table says something else"))
    new = {part["title"] for part in after}
    return found + [
        Difference(f"Appendix {part['letter']}. {part['title']}", "No longer there")
        for part in before
        if part["title"] not in new
    ]


def _named(item: Value) -> str:
    return f"Item {item['number']}. {item['title']}"


def _said(value: object) -> str:
    return NOTHING if value in (None, "") else f"“{value}”"
