"""The filters and the order of a list of actions, as its address says them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from actions.list_queries import Scope
from actions.lists import (
    DUE_WORDS,
    NEED_WORDS,
    SORT_WORDS,
    Cursor,
    Due,
    Need,
    Order,
    Sort,
    Wanted,
    WrongCursor,
    decode,
)
from governance.mine_queries import AMBITION, BOARD, ORGANISATION, PLAN, PRIORITY, Found
from tracker.kernel.rag import Rating
from tracker.web.access import Standing

Word = TypeVar("Word", bound=StrEnum)
ANY = "Any"
# Every part of an address that chooses what is listed, in the order of the page.
PARTNERSHIP, RATING, DUE, NEEDS = "partnership", "rating", "due", "needs"
LABELS = {
    PARTNERSHIP: "Partnership",
    NEEDS: "What it needs",
    PLAN: "Plan",
    PRIORITY: "Priority",
    BOARD: "Board that reviews it",
    ORGANISATION: "Organisation, leading or involved",
    AMBITION: "Ambition",
    RATING: "Rating shown",
    DUE: "Due",
}
SORT, AFTER, BEFORE = "sort", "after", "before"
DESCENDING = "-descending"


@dataclass(frozen=True)
class Choice:
    """One choice of a filter: as it stands in an address, in words, and whether it is chosen."""

    value: str
    text: str
    selected: bool = False


@dataclass
class Asked:
    """What an address asks of a list, and what in it could not be understood."""

    scope: Scope
    wanted: Wanted
    order: Order
    cursor: Cursor | None
    selects: dict[str, list[Choice]]
    chosen: dict[str, str]
    sorts: list[Choice]
    problems: list[str] = field(default_factory=list)
    labels = LABELS

    def is_set(self, *names: str) -> bool:
        """Whether any of these filters is set; any filter at all when none is named."""
        return any(name in self.chosen for name in names or tuple(LABELS))

    def active(self) -> list[tuple[str, str]]:
        """The filters that are set, each with its label and choice in words."""
        return [
            (LABELS[name], next(one.text for one in self.selects[name] if one.selected))
            for name in LABELS
            if name in self.chosen and name in self.selects
        ]


def read(
    args: Mapping[str, str],
    scope: Scope,
    standings: Sequence[Standing],
    found: Sequence[Found],
    *,
    sorts: Sequence[Sort],
) -> Asked:
    """Read an address. ``sorts`` are the orders that this list has, its usual one first.

    What it cannot read is left out and named among the problems: a list never guesses.
    """
    reader = _Reader(args)
    named = _Named(reader, standings, found)
    order = reader.order(sorts)
    tenants = named.partnerships(scope.partnership_ids)
    needs = [one for one in Need if one is not Need.NOBODY or scope.person_id is None]
    wanted = Wanted(
        plan_ids=named.ids(PLAN),
        board_plan_ids=named.ids(BOARD, of_plans=True),
        priority_ids=named.ids(PRIORITY),
        organisation_ids=named.ids(ORGANISATION),
        ambition_ids=named.ids(AMBITION),
        rating=reader.rating(),
        due=reader.word(DUE, "due window", list(Due), DUE_WORDS),
        needs=reader.word(NEEDS, "need", needs, NEED_WORDS),
    )
    return Asked(
        Scope(tenants, scope.person_id),
        wanted,
        order,
        reader.cursor(order),
        {name: reader.selects[name] for name in LABELS if name in reader.selects},
        {name: reader.value(name) for name in (*LABELS, SORT) if name in reader.understood},
        reader.selects[SORT][1:],
        reader.problems,
    )


class _Reader:
    """Reads one address, and keeps what it makes of it."""

    def __init__(self, args: Mapping[str, str]) -> None:
        self.args = args
        self.selects: dict[str, list[Choice]] = {}
        self.understood: set[str] = set()
        self.problems: list[str] = []

    def value(self, name: str) -> str:
        return self.args.get(name, "")[:400]

    def choose(self, name: str, what: str, choices: Iterable[tuple[str, str]]) -> str | None:
        """The value that is chosen of these; None for none, and for one that is not among them."""
        value, choices = self.value(name), list(choices)
        known = value in [one for one, _ in choices]
        if value and known:
            self.understood.add(name)
        elif value:
            self.problems.append(f"“{value[:40]}” is not a {what} of this list, and was left out.")
        self.selects[name] = [Choice("", ANY, not known)] + [
            Choice(one, text, one == value) for one, text in choices
        ]
        return value if value and known else None

    def word(
        self, name: str, what: str, words: Sequence[Word], texts: Mapping[Word, str]
    ) -> Word | None:
        chosen = self.choose(name, what, [(one.value, texts[one]) for one in words])
        return next((one for one in words if one.value == chosen), None)

    def order(self, sorts: Sequence[Sort]) -> Order:
        """The order that is chosen; the list's usual one for none."""
        orders = {}
        for one in sorts:
            what, up, down = SORT_WORDS[one]
            orders[one.value] = Order(one), f"{what.capitalize()}, {up}"
            if down:
                orders[one + DESCENDING] = Order(one, True), f"{what.capitalize()}, {down}"
        texts = [(value, text) for value, (_, text) in orders.items()]
        chosen = self.choose(SORT, "order", texts)
        return orders[chosen or sorts[0].value][0]

    def rating(self) -> Rating | None:
        texts = {one: one.value for one in Rating} | {
            Rating.BLUE: "Blue: complete",
            Rating.GREY: "Grey: not started",
        }
        return self.word(RATING, "rating", list(Rating), texts)

    def cursor(self, order: Order) -> Cursor | None:
        for name, is_backwards in ((AFTER, False), (BEFORE, True)):
            if self.value(name):
                try:
                    return decode(order, self.value(name), is_backwards=is_backwards)
                except WrongCursor:
                    self.problems.append(
                        "That page of the list is not there any more. This is the first page."
                    )
        return None


class _Named:
    """What the records by which a list is filtered are called in its address."""

    def __init__(
        self, reader: _Reader, standings: Sequence[Standing], found: Sequence[Found]
    ) -> None:
        self.reader, self.found = reader, found
        self.standings = {one.partnership_id: one for one in standings}

    def partnerships(self, all_ids: tuple[int, ...]) -> tuple[int, ...]:
        """The partnerships that are wanted: one that is chosen, or all."""
        if len(self.standings) < 2:
            return all_ids
        choices = [(one.slug, one.name) for one in self.standings.values()]
        chosen = self.reader.choose(PARTNERSHIP, "partnership", choices)
        ids = tuple(key for key, one in self.standings.items() if one.slug == chosen)
        return ids or all_ids

    def ids(self, kind: str, *, of_plans: bool = False) -> tuple[int, ...] | None:
        """The ids of the record that is chosen (a board's: its plans'); None for no filter."""
        rows = [one for one in self.found if one.kind == kind]
        choices = dict.fromkeys((self._value(one), self._text(one)) for one in rows)
        if not choices and not self.reader.value(kind):
            return None
        chosen = self.reader.choose(kind, kind, choices)
        if chosen is None:
            return None
        mine = [one for one in rows if self._value(one) == chosen]
        return tuple({(one.plan_id or 0) if of_plans else one.id: None for one in mine})

    def _value(self, one: Found) -> str:
        if len(self.standings) < 2:
            return one.key
        return f"{self.standings[one.partnership_id].slug}.{one.key}"

    def _text(self, one: Found) -> str:
        text = one.name
        if one.kind == PRIORITY:
            plans = [each for each in self.found if each.kind == PLAN]
            of = next((each.name for each in plans if each.id == one.plan_id), None)
            text = f"{one.name} ({of})" if of and len(plans) > 1 else text
        if len(self.standings) < 2:
            return text
        return f"{text}, {self.standings[one.partnership_id].name}"
