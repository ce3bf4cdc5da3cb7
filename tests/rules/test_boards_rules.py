"""Turns to chair, who is above whom, what boards and papers are called."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.agenda import PlanOnAgenda, standing_agenda
from governance.boards.rules import (
    STANDARD_ITEMS,
    Tie,
    loop,
    overlap,
    paper_reference,
    slug_from,
    turns,
)
from tracker.people.board_models import initials
from tracker.web.addresses import is_slug

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
ON = date(2026, 12, 8)


def test_a_chair_rotates_in_turn_from_its_first_day() -> None:
    found = turns(date(2026, 4, 1), 12, [7, 8], date(2028, 5, 1))
    assert [(one.person_id, one.from_on, one.to_on) for one in found] == [
        (7, date(2026, 4, 1), date(2027, 3, 31)),
        (8, date(2027, 4, 1), date(2028, 3, 31)),
        (7, date(2028, 4, 1), date(2029, 3, 31)),
    ]


def test_a_term_from_the_31st_comes_back_to_the_31st() -> None:
    found = turns(date(2026, 12, 31), 2, [1, 2, 3], date(2027, 4, 30))
    assert [one.from_on for one in found] == [
        date(2026, 12, 31),
        date(2027, 2, 28),
        date(2027, 4, 30),
    ]


@pytest.mark.parametrize(("months", "people"), [(0, [1]), (12, []), (-1, [1])])
def test_turns_need_people_and_months(months: int, people: list[int]) -> None:
    with pytest.raises(ValueError, match="needs people and terms"):
        turns(ON, months, people, ON)


@given(
    first_on=DAYS,
    months=st.integers(1, 48),
    people=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    ahead=st.integers(0, 2000),
)
def test_terms_leave_no_day_out_and_share_none(
    first_on: date, months: int, people: list[int], ahead: int
) -> None:
    until = first_on + timedelta(days=ahead)
    found = turns(first_on, months, people, until)
    assert found[0].from_on == first_on
    assert found[-1].from_on <= until <= found[-1].to_on
    for number, term in enumerate(found):
        assert term.from_on <= term.to_on
        assert term.person_id == people[number % len(people)]
    for one, following in pairwise(found):
        assert following.from_on == one.to_on + timedelta(days=1)


@pytest.mark.parametrize(
    ("known", "new", "path"),
    [
        ([], Tie(1, 1), [1]),
        ([], Tie(1, 2), None),
        ([Tie(2, 1)], Tie(1, 2), [1, 2]),
        ([Tie(2, 3), Tie(3, 1)], Tie(1, 2), [1, 3, 2]),
        ([Tie(2, 3), Tie(3, 4)], Tie(1, 2), None),
        ([Tie(2, 1, None, date(2026, 3, 31))], Tie(1, 2, date(2026, 4, 1)), None),
        ([Tie(2, 1, None, date(2026, 4, 1))], Tie(1, 2, date(2026, 4, 1)), [1, 2]),
        # Each holds on some day, and never both together.
        (
            [Tie(2, 3, None, date(2026, 3, 31)), Tie(3, 1, date(2026, 4, 1))],
            Tie(1, 2),
            None,
        ),
        # A loop that was there before does not keep us for ever.
        ([Tie(2, 3), Tie(3, 2)], Tie(1, 2), None),
    ],
)
def test_no_board_stands_above_itself(known: list[Tie], new: Tie, path: list[int] | None) -> None:
    assert loop(new, known) == path


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=12))
def test_ties_that_were_let_in_one_by_one_have_no_loop(pairs: list[tuple[int, int]]) -> None:
    kept: list[Tie] = []
    for below, above in pairs:
        if loop(Tie(below, above), kept) is None:
            kept.append(Tie(below, above))
    for start in range(1, 7):
        reached, waiting = set(), [start]
        while waiting:
            board = waiting.pop()
            for tie in kept:
                if tie.below == board and tie.above not in reached:
                    reached.add(tie.above)
                    waiting.append(tie.above)
        assert start not in reached


@given(one=st.tuples(DAYS, DAYS), other=st.tuples(DAYS, DAYS))
def test_overlap_is_the_same_from_both_sides(
    one: tuple[date, date], other: tuple[date, date]
) -> None:
    (a, b), (c, d) = sorted(one), sorted(other)
    assert overlap(a, b, c, d) is overlap(c, d, a, b)
    assert overlap(a, None, c, d) is (a <= d)


@pytest.mark.parametrize(
    ("name", "taken", "slug"),
    [
        ("Trust Board", [], "trust-board"),
        ("Children’s Trust: the Executive", [], "childrens-trust-the-executive"),
        ("Trust Board", ["trust-board"], "trust-board-2"),
        ("Trust Board", ["trust-board", "trust-board-2"], "trust-board-3"),
        ("New", [], "new-2"),
        ("Café", [], "cafe"),
        ("中文", [], "board"),
        ("x" * 80, [], "x" * 60),
        ("x" * 80, ["x" * 60], "x" * 58 + "-2"),
    ],
)
def test_a_board_is_called_after_its_name(name: str, taken: list[str], slug: str) -> None:
    assert slug_from(name, taken) == slug


@given(st.text(max_size=100), st.sets(st.sampled_from(["board", "new", "board-2", "a"])))
def test_whatever_the_name_the_slug_is_one_and_is_free(name: str, taken: set[str]) -> None:
    slug = slug_from(name, taken)
    assert is_slug(slug)
    assert slug not in taken


@pytest.mark.parametrize(
    ("pattern", "reference"),
    [
        ("{board}/{year}-{month}/{item}", "TB/2026-12/6A"),
        ("Paper {item}", "Paper 6A"),
        ("{{x}} {item}", "{x} 6A"),
    ],
)
def test_a_pattern_makes_references(pattern: str, reference: str) -> None:
    assert paper_reference(pattern, board="TB", on=ON, item="6A") == reference


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{board}/{year}", "Put {item} into it"),
        ("{item} {page}", "We do not know {page}"),
        ("{item} {}", "We do not know {}"),
        ("{item", "Each { needs its }"),
        ("item}", "Each { needs its }"),
        ("{item!r}", "We do not know that"),
        ("{item:>9999999}", "We do not know that"),
        ("{item.__class__}", "We do not know {item.__class__}"),
    ],
)
def test_a_pattern_that_makes_no_reference_is_refused_in_plain_words(
    pattern: str, words: str
) -> None:
    with pytest.raises(ValueError, match=r"The names are|every paper") as refused:
        paper_reference(pattern, board="TB", on=ON, item="6")
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "found"), [("Trust Board", "TB"), ("the hub", "T"), ("Early Help Hub", "EHH")]
)
def test_a_board_without_an_abbreviation_has_its_initials(name: str, found: str) -> None:
    assert initials(name) == found


def test_the_standard_items_are_those_of_the_standing_agenda() -> None:
    written = standing_agenda([PlanOnAgenda(1, "Our Plan", has_indicators=True)])
    assert [(one.kind, one.purpose, one.presenter, one.minutes) for one in written] == [
        (one.kind, one.purpose, one.presenter, one.minutes) for one in STANDARD_ITEMS
    ]
    titles = zip(written, STANDARD_ITEMS, strict=True)
    assert all(one.title.startswith(standard.title) for one, standard in titles)
