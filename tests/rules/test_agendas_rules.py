"""What an agenda should hold, and where an item finds its place."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from governance.agenda import STANDARD, AgendaEntry, ItemKind, PlanOnAgenda, Purpose
from governance.agenda import standing_agenda as standard_for
from governance.agendas.rules import (
    STEP,
    place_as_wanted,
    place_of,
    position_between,
    rank_of,
    wanted_items,
)

STANDING = [(entry.kind.value, entry) for entry in STANDARD]
CARE = PlanOnAgenda(1, "Care", has_indicators=True)
HUBS = PlanOnAgenda(2, "Hubs", has_indicators=False)


def keys(plans: list[PlanOnAgenda], **more: Any) -> list[str]:
    """The keys of the standard agenda for these plans."""
    return [one.key for one in wanted_items(STANDING, plans, **more)]


def test_a_meeting_without_plans_has_neither_reports_nor_changes() -> None:
    assert keys([]) == [
        "standing:welcome",
        "standing:interests",
        "standing:minutes",
        "standing:action-log",
        "standing:forward-plan",
        "standing:other-business",
        "standing:next-meeting",
    ]


def test_each_plan_has_its_report_and_those_with_indicators_their_scorecard() -> None:
    assert keys([CARE, HUBS])[4:8] == [
        "standing:since-last-met",
        "plan-report:1",
        "plan-report:2",
        "indicators:1",
    ]
    assert [one.title for one in standard_for([CARE])][5:7] == [
        "Progress report: Care",
        "Outcome indicators: Care",
    ]


def test_the_plans_of_a_coordinated_cycle_come_in_one_report_with_their_indicators() -> None:
    together = [
        PlanOnAgenda(1, "Care", has_indicators=True, cycle_id=9),
        PlanOnAgenda(2, "Hubs", has_indicators=False, cycle_id=9),
        PlanOnAgenda(3, "Food", has_indicators=True),
    ]
    found = {one.key: one for one in wanted_items(STANDING, together)}
    assert "plan-report:1" not in found
    assert "indicators:1" not in found
    assert found["coordinated:9"].entry.title == "Coordinated report: Care and Hubs"
    assert found["coordinated:9"].entry.plan_ids == (1, 2)
    assert found["coordinated:9"].cycle_id == 9
    assert "indicators:3" in found


def test_a_board_whose_own_agenda_has_no_place_for_reports_gets_them_before_the_forward_plan() -> (
    None
):
    own = [
        ("hello", AgendaEntry(ItemKind.WELCOME, "Hello", Purpose.INFORMATION)),
        ("youth", AgendaEntry(ItemKind.TEXT, "Youth voice", Purpose.DISCUSSION)),
        ("later", AgendaEntry(ItemKind.FORWARD_PLAN, "Later", Purpose.INFORMATION)),
    ]
    found = [one.key for one in wanted_items(own, [CARE])]
    assert found.index("plan-report:1") < found.index("standing:later")
    assert "indicators:1" not in found
    assert found[0] == "standing:hello"


def test_the_business_of_the_year_is_for_decision_before_the_reports() -> None:
    found = keys([CARE], year=[("chair-appointment", 2026), ("meeting-dates", 2026)])
    at = found.index("year:chair-appointment:2026")
    assert found.index("standing:since-last-met") < at < found.index("plan-report:1")
    assert found[at + 1] == "year:meeting-dates:2026"


def test_a_title_too_long_for_its_column_is_cut_with_a_sign_of_it() -> None:
    long = PlanOnAgenda(1, "x" * 400, has_indicators=False)
    titles = [one.entry.title for one in wanted_items(STANDING, [long])]
    assert max(len(title) for title in titles) == 300
    assert any(title.endswith("…") for title in titles)


@given(
    st.lists(st.tuples(st.sampled_from(ItemKind), st.sampled_from(Purpose)), max_size=12),
    st.sampled_from(ItemKind),
    st.sampled_from(Purpose),
)
def test_among_items_in_order_a_new_one_keeps_them_in_order(
    items: list[tuple[ItemKind, Purpose]], kind: ItemKind, purpose: Purpose
) -> None:
    there = sorted(items, key=lambda one: rank_of(*one))
    there.insert(place_of(kind, purpose, there), (kind, purpose))
    ranks = [rank_of(*one) for one in there]
    assert ranks == sorted(ranks)


@given(st.permutations("abcdef"), st.sets(st.sampled_from("abcdef"), max_size=5))
def test_what_rules_want_finds_its_place_among_what_is_there(
    order: list[str], there: set[str]
) -> None:
    found: list[str | None] = [key for key in order if key in there]
    for key in order:
        if key not in found:
            place = place_as_wanted(key, order, found)
            found.insert(len(found) if place is None else place, key)
    assert found == order


@given(st.lists(st.integers(0, 40), max_size=30))
def test_a_position_between_others_keeps_them_apart_or_says_that_there_is_no_room(
    places: list[int],
) -> None:
    positions: list[int] = []
    for wanted in places:
        place = min(wanted, len(positions))
        found = position_between(positions, place)
        if found is None:
            positions = [number * STEP for number in range(1, len(positions) + 2)]
        else:
            positions.insert(place, found)
        assert positions == sorted(set(positions))
