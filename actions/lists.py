"""Lists of actions as values: what is wanted of one, in which order, and from where on. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tracker.kernel.rag import NEAR_DEADLINE_DAYS, Rating

PAGE_SIZE = 25
# A cursor of ours is far shorter; a longer one is not read at all.
LONGEST_CURSOR = 300


class Need(StrEnum):
    """Why somebody is needed now, or that nobody can be asked."""

    ASKED = "asked"
    OVERDUE = "overdue"
    SOON = "soon"
    QUIET = "quiet"
    NOBODY = "nobody"


class Due(StrEnum):
    """When an action is due."""

    OVERDUE = "overdue"
    SOON = "30-days"
    QUARTER = "quarter"
    LATER = "later"
    NONE = "none"


class Sort(StrEnum):
    """By what a list is sorted."""

    NEEDS = "needs"
    DUE = "due"
    RATING = "rating"
    REFERENCE = "reference"
    UPDATED = "updated"


NEED_WORDS: Mapping[Need, str] = {
    Need.ASKED: "Update asked for",
    Need.OVERDUE: "Overdue",
    Need.SOON: f"Due in {NEAR_DEADLINE_DAYS} days",
    Need.QUIET: "No update since an ask closed",
    Need.NOBODY: "Nobody to ask",
}
DUE_WORDS: Mapping[Due, str] = {
    Due.OVERDUE: "Overdue",
    Due.SOON: f"In the next {NEAR_DEADLINE_DAYS} days",
    Due.QUARTER: "This quarter",
    Due.LATER: "After this quarter",
    Due.NONE: "No date to be done by",
}
# What a list is sorted by, and what its two directions are called; needs has but one.
SORT_WORDS: Mapping[Sort, tuple[str, str, str]] = {
    Sort.NEEDS: ("what needs you", "the most pressing first", ""),
    Sort.DUE: ("deadline", "the earliest first", "the latest first"),
    Sort.RATING: ("rating", "the worst first", "the best first"),
    Sort.REFERENCE: ("plan and number", "from the first", "from the last"),
    Sort.UPDATED: ("last update", "the longest ago first", "the newest first"),
}


@dataclass(frozen=True)
class Wanted:
    """The filters of a list; None for one that is not set. Ids of one kind are alternatives."""

    plan_ids: tuple[int, ...] | None = None
    board_plan_ids: tuple[int, ...] | None = None
    priority_ids: tuple[int, ...] | None = None
    organisation_ids: tuple[int, ...] | None = None
    ambition_ids: tuple[int, ...] | None = None
    rating: Rating | None = None
    due: Due | None = None
    needs: Need | None = None

    @property
    def is_of_plans(self) -> bool:
        """Whether it asks for what only an action of a plan has."""
        asked = (self.plan_ids, self.priority_ids, self.organisation_ids, self.ambition_ids)
        return any(one is not None for one in asked) or self.rating is not None


@dataclass(frozen=True)
class Order:
    """The order of a list."""

    sort: Sort = Sort.NEEDS
    descending: bool = False

    @property
    def words(self) -> str:
        """ "Sorted by deadline, the earliest first"."""
        what, up, down = SORT_WORDS[self.sort]
        return f"Sorted by {what}, {down if self.descending else up}"


Key = int | date | datetime | None
# The kinds of key by which each order goes on; the last is always the action's id.
_KEYS: Mapping[Sort, tuple[type, ...]] = {
    Sort.NEEDS: (int, date, int),
    Sort.DUE: (date, int),
    Sort.RATING: (int, date, int),
    Sort.REFERENCE: (date, int, int, int),
    Sort.UPDATED: (datetime, int),
}


@dataclass(frozen=True)
class Cursor:
    """A place in a list: the keys of one of its rows, and which way to go on from there."""

    keys: tuple[Key, ...]
    is_backwards: bool = False


class WrongCursor(ValueError):
    """An address names a place in a list that this list has not."""


def encode(order: Order, keys: Sequence[Key]) -> str:
    """The keys of a row as a part of an address; what is in it is nobody's concern."""
    plain = [one.isoformat() if isinstance(one, date) else one for one in keys]
    text = json.dumps([order.sort, int(order.descending), *plain], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(order: Order, text: str, *, is_backwards: bool = False) -> Cursor:
    """The place that an address names; raises WrongCursor for one of another list, or of none."""
    if len(text) > LONGEST_CURSOR:
        raise WrongCursor
    try:
        padded = text + "=" * (-len(text) % 4)
        sort, descending, *keys = json.loads(base64.b64decode(padded, "-_", validate=True))
        if (sort, descending) != (order.sort, int(order.descending)):
            raise WrongCursor
        read = tuple(
            _key(kind, one, may_lack=order.sort is Sort.DUE)
            for kind, one in zip(_KEYS[order.sort], keys, strict=True)
        )
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise WrongCursor from None
    return Cursor(read, is_backwards)


def _key(kind: type, plain: object, *, may_lack: bool) -> Key:
    if plain is None and kind is date and may_lack:
        return None
    if kind is int:
        # No column holds more than 63 bits.
        if type(plain) is not int or abs(plain) >= 1 << 63:
            raise WrongCursor
        return plain
    if not isinstance(plain, str):
        raise WrongCursor
    if kind is date:
        return date.fromisoformat(plain)
    at = datetime.fromisoformat(plain)
    if at.tzinfo is None or at.year < 1900:
        # Another zone's earliest instants cannot be told in ours.
        return _never_or_wrong(at)
    return at


def _never_or_wrong(at: datetime) -> datetime:
    if at != NEVER:
        raise WrongCursor
    return at


# What stands in the place of a day or an instant that an action has not, to sort by.
NO_DAY = date.max
NEVER = datetime.fromisoformat("1900-01-01T00:00:00+00:00")


def quarter(today: date) -> tuple[date, date]:
    """The first and the last day of the quarter; the financial year's are the calendar's."""
    first = date(today.year, today.month - (today.month - 1) % 3, 1)
    following = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return first, following - timedelta(days=1)


def falls(on: date | None, due: Due, today: date) -> bool:
    """Whether a day falls into a window; no day falls into that of no date."""
    first, last = quarter(today)
    if on is None or due is Due.NONE:
        return on is None and due is Due.NONE
    soon = today + timedelta(days=NEAR_DEADLINE_DAYS)
    return {
        Due.OVERDUE: on < today,
        Due.SOON: today <= on <= soon,
        Due.QUARTER: first <= on <= last,
        Due.LATER: on > last,
    }[due]
