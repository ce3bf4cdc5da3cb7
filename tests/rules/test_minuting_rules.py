"""Whether a meeting has its quorum; how its records are numbered; how many votes there can be."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.minuting.rules import (
    SHARES,
    Present,
    QuorumRule,
    Seat,
    filled,
    next_reference,
    quorum,
    share_of,
    votes_fault,
)

TWELVE = [
    Seat(
        number,
        may_chair=number in (1, 2),
        organisations=frozenset({number % 5}),
    )
    for number in range(1, 13)
]


def there(*people: int) -> list[Present]:
    """These members, present."""
    return [Present(person) for person in people]


@pytest.mark.parametrize(
    ("voters", "share", "needed"),
    [
        (12, "a quarter", 3),
        (13, "a quarter", 4),
        (12, "a third", 4),
        (13, "a third", 5),
        (12, "half", 6),
        (13, "half", 7),
        (12, "more than half", 7),
        (13, "more than half", 7),
        (12, "two thirds", 8),
        (13, "two thirds", 9),
        (1, "a quarter", 1),
        (0, "half", 1),
        (0, "more than half", 1),
    ],
)
def test_a_share_is_rounded_up_and_more_than_half_is_more_than_half(
    voters: int, share: str, needed: int
) -> None:
    assert share_of(voters, share) == needed


@given(st.integers(1, 400), st.sampled_from(sorted(SHARES)))
def test_a_share_is_the_least_number_that_reaches_it(voters: int, share: str) -> None:
    parts, whole, is_strict = SHARES[share]
    wanted = Fraction(voters * parts, whole)
    needed = share_of(voters, share)
    reaches = [needed > wanted, needed - 1 <= wanted] if is_strict else [needed >= wanted]
    assert all(reaches)
    assert is_strict or needed - 1 < wanted


@pytest.mark.parametrize(
    ("rule", "present", "met", "words"),
    [
        (
            QuorumRule(share="a third", needs_chair=True),
            there(1, 5, 6, 7, 8),
            True,
            "Quorum is a third of 12 voting members, so 4, and the chair or vice chair: 5 are"
            " present, the chair or vice chair among them: met.",
        ),
        (
            QuorumRule(share="a third", needs_chair=True),
            there(5, 6, 7, 8),
            False,
            "Quorum is a third of 12 voting members, so 4, and the chair or vice chair: 4 are"
            " present, neither chair nor vice chair: not met.",
        ),
        (
            QuorumRule(number=1),
            there(5),
            True,
            "Quorum is 1 voting member: 1 is present: met.",
        ),
        (
            QuorumRule(number=2, organisations=3),
            there(1, 6, 11),
            False,
            "Quorum is 2 voting members, and 3 organisations: 3 are present, of 1 organisation:"
            " not met.",
        ),
        (QuorumRule(), there(1, 2), None, "No quorum rule is set for this board."),
        (QuorumRule(number=4, share="half"), there(1, 2, 3, 4), False, None),
        (QuorumRule(number=4, share="a quarter"), there(1, 2, 3), False, None),
        (QuorumRule(needs_chair=True), there(2), True, None),
    ],
)
def test_the_quorum_is_all_of_what_is_asked_and_says_so(
    rule: QuorumRule, present: list[Present], met: bool | None, words: str | None
) -> None:
    found = quorum(rule, TWELVE, present)
    assert found.met is met
    assert words is None or found.words == words


def test_a_substitute_fills_a_seat_and_does_not_chair() -> None:
    in_place_of_the_chair = [Present(99, for_id=1)]
    assert quorum(QuorumRule(number=1), TWELVE, in_place_of_the_chair).met is True
    assert quorum(QuorumRule(needs_chair=True), TWELVE, in_place_of_the_chair).met is False


def test_nobody_counts_twice_and_guests_and_the_secretary_do_not_count() -> None:
    seats = [*TWELVE, Seat(50, is_voting=False)]
    present = [Present(1, for_id=2), Present(1), Present(50), Present(None), Present(7)]
    assert [seat.person_id for seat in filled(seats, present)] == [1, 7]


rules = st.builds(
    QuorumRule,
    number=st.none() | st.integers(1, 20),
    share=st.none() | st.sampled_from(sorted(SHARES)),
    organisations=st.none() | st.integers(1, 6),
    needs_chair=st.booleans(),
)
people = st.lists(
    st.builds(Present, st.integers(1, 16), st.none() | st.integers(1, 16)), max_size=20
)


@given(rules, people, people)
def test_whoever_comes_besides_never_takes_the_quorum_away(
    rule: QuorumRule, present: list[Present], later: list[Present]
) -> None:
    before, after = quorum(rule, TWELVE, present), quorum(rule, TWELVE, [*present, *later])
    assert before.met is not True or after.met is True
    assert after.present >= before.present


@given(rules, people)
def test_no_more_count_than_have_a_vote_and_all_of_them_make_what_can_be_made(
    rule: QuorumRule, present: list[Present]
) -> None:
    found = quorum(rule, TWELVE, present)
    assert 0 <= found.present <= len(TWELVE)
    assert (found.met is None) == (not rule.is_set)
    if (rule.number or 0) <= 12 and (rule.organisations or 0) <= 5:
        assert quorum(rule, TWELVE, there(*range(1, 13))).met is not False


@pytest.mark.parametrize(
    ("used", "found"),
    [
        ([], "CTB/2026-03/D1"),
        (["CTB/2026-03/D1"], "CTB/2026-03/D2"),
        (["CTB/2026-03/D9", "CTB/2026-03/D10"], "CTB/2026-03/D11"),
        (
            ["CTB/2026-04/D7", "XCTB/2026-03/D8", "CTB/2026-03/D٣", "CTB/2026-03/D"],
            "CTB/2026-03/D1",
        ),
    ],
)
def test_the_next_reference_is_one_after_the_last_of_its_kind(used: list[str], found: str) -> None:
    assert next_reference("CTB/2026-03/D", used) == found


@pytest.mark.parametrize(
    ("cast", "present", "wrong"),
    [
        ((None, None, None), 0, False),
        ((3, 1, None), 4, False),
        ((3, 1, 1), 4, True),
        ((0, 0, 0), 0, False),
        ((1, None, None), 0, True),
    ],
)
def test_no_more_votes_than_voting_members_present(
    cast: tuple[int | None, ...], present: int, wrong: bool
) -> None:
    assert (votes_fault(cast, present) is not None) is wrong
