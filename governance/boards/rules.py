"""What holds of boards whatever a database says: turns to chair, who is above whom, names. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from string import Formatter

from dateutil.relativedelta import relativedelta

from governance.agenda import ItemKind, Purpose

# First parts of addresses under "boards" that are ours: no board may be called so.
TAKEN = frozenset({"new"})
LONGEST_SLUG = 60
# How far ahead the turns to chair are written, as meetings are made.
TURNS_AHEAD = relativedelta(months=18)
# They are carried on once they reach less far than this, so about once a month.
TURNS_NEAR = relativedelta(months=17)
PATTERN_NAMES = ("board", "year", "month", "item")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Turn:
    """A term of a chair that rotates: who, from which day, to which; both days included."""

    person_id: int
    from_on: date
    to_on: date


@dataclass(frozen=True)
class Tie:
    """One board under another from a day to a day, both included; None: from ever, for ever."""

    below: int
    above: int
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class StandardItem:
    """An item of the standard agenda, as a board's own begins: ``slug`` is its kind's word."""

    kind: ItemKind
    title: str
    purpose: Purpose
    presenter: str
    minutes: int

    @property
    def slug(self) -> str:
        """What it is called in addresses."""
        return self.kind.value


_SECRETARY, _LEADS = "Board secretary", "Priority leads"
_INFORMATION, _DISCUSSION = Purpose.INFORMATION, Purpose.DISCUSSION
# The order is that of governance.agenda.standing_agenda; where it has one for each plan, this has
# one that stands for them all.
STANDARD_ITEMS = (
    StandardItem(ItemKind.WELCOME, "Welcome, apologies and quorum", _INFORMATION, "Chair", 5),
    StandardItem(ItemKind.INTERESTS, "Declarations of interest", _INFORMATION, "Chair", 2),
    StandardItem(ItemKind.MINUTES, "Minutes of the last meeting", Purpose.DECISION, "Chair", 3),
    StandardItem(ItemKind.ACTION_LOG, "Matters arising and action log", _DISCUSSION, "Chair", 10),
    StandardItem(ItemKind.SINCE_LAST_MET, "Since this board last met", _DISCUSSION, _SECRETARY, 10),
    StandardItem(ItemKind.PLAN_REPORT, "Progress report", _DISCUSSION, _LEADS, 25),
    StandardItem(ItemKind.INDICATORS, "Outcome indicators", _DISCUSSION, _LEADS, 15),
    StandardItem(ItemKind.FORWARD_PLAN, "Forward plan", _INFORMATION, _SECRETARY, 5),
    StandardItem(ItemKind.OTHER_BUSINESS, "Any other business", _DISCUSSION, "Chair", 5),
    StandardItem(ItemKind.NEXT_MEETING, "Date of the next meeting", _INFORMATION, "Chair", 2),
)


def turns(first_on: date, months: int, people: Sequence[int], until: date) -> list[Turn]:
    """The terms of a chair that rotates, in order, of which each begins on or before ``until``.

    ``people`` take turns of ``months`` months, the first from ``first_on``. Every term is counted
    from ``first_on``, so that one from the 31st begins on the last day of a shorter month and on
    the 31st again after it.

    Raises ValueError where nobody takes turns or a term has no month.
    """
    if not people or months < 1:
        raise ValueError("A chair that rotates needs people and terms of at least one month.")
    found: list[Turn] = []
    begins = first_on
    while begins <= until:
        follows = first_on + relativedelta(months=months * (len(found) + 1))
        person_id = people[len(found) % len(people)]
        found.append(Turn(person_id, begins, follows - ONE_DAY))
        begins = follows
    return found


def loop(new: Tie, known: Collection[Tie]) -> list[int] | None:
    """The boards, from the upper to the lower, by which a tie would put a board above itself.

    None where it would not, on any one day. ``[a, c, b]`` for a tie of a under b means that b is
    under c and c under a already.
    """
    if new.below == new.above:
        return [new.below]
    for path in _ways_up(new.above, new.from_on, new.to_on, known, (new.above,)):
        if path[-1] == new.below:
            return list(reversed(path))
    return None


def _ways_up(
    board: int,
    first: date | None,
    last: date | None,
    known: Collection[Tie],
    path: tuple[int, ...],
) -> Iterator[tuple[int, ...]]:
    """Every way from a board to one above it that holds on some day from first to last."""
    for tie in known:
        if tie.below != board or tie.above in path:
            continue
        starts = max(first or date.min, tie.from_on or date.min)
        ends = min(last or date.max, tie.to_on or date.max)
        if starts <= ends:
            longer = (*path, tie.above)
            yield longer
            yield from _ways_up(tie.above, starts, ends, known, longer)


def overlap(one_from: date, one_to: date | None, other_from: date, other_to: date | None) -> bool:
    """Whether two stretches of days, ends included, share a day; None goes on for ever."""
    return one_from <= (other_to or date.max) and other_from <= (one_to or date.max)


def slug_from(name: str, taken: Collection[str]) -> str:
    """What a board is called in addresses: its name in kebab-case, with a number where taken.

    A name without a Latin letter or figure is called "board".
    """
    plain = unicodedata.normalize("NFKD", name.replace("’", "").replace("'", ""))
    letters = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower())
    base = letters.strip("-")[:LONGEST_SLUG].strip("-") or "board"
    found, number = base, 1
    while found in taken or found in TAKEN:
        number += 1
        ending = f"-{number}"
        found = base[: LONGEST_SLUG - len(ending)].strip("-") + ending
    return found


def paper_reference(pattern: str, *, board: str, on: date, item: str) -> str:
    """The reference of a paper by a board's pattern: "TB/2026-12/6".

    Raises ValueError, in plain words, where the pattern names what there is not or lacks {item}.
    """
    names = ", ".join(f"{{{name}}}" for name in PATTERN_NAMES)
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        raise ValueError(f"Each {{ needs its }}. The names are {names}") from None
    used = [name for _, name, _, _ in parts if name is not None]
    strange = [name for name in used if name not in PATTERN_NAMES]
    if strange or any(spec or conversion for _, _, spec, conversion in parts):
        shown = f"{{{strange[0][:30]}}}" if strange else "that"
        raise ValueError(f"We do not know {shown}. The names are {names}")
    if "item" not in used:
        raise ValueError("Put {item} into it, or every paper of a meeting has one reference")
    values: Mapping[str, str] = {
        "board": board,
        "year": str(on.year),
        "month": f"{on.month:02d}",
        "item": item,
    }
    return "".join(text + (values[name] if name is not None else "") for text, name, _, _ in parts)
