"""Numbers are given once; what comes late gets a letter; two versions are told apart in words."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.agenda import ItemKind
from governance.packs.closing import as_at_close
from governance.packs.differences import differences
from governance.packs.numbering import last_business, letters, next_after, order_of, reference

ON = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("place", "said"), [(1, "A"), (2, "B"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA")]
)
def test_late_items_are_lettered_as_columns_are(place: int, said: str) -> None:
    assert letters(place) == said


def test_places_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        letters(0)


@given(st.integers(1, 2000), st.integers(1, 2000))
def test_later_places_stand_later(one: int, other: int) -> None:
    assert (one < other) == (order_of(f"6{letters(one)}") < order_of(f"6{letters(other)}"))


def test_what_comes_after_a_late_item_is_the_next_letter_and_no_number_is_given_twice() -> None:
    taken: set[str] = {"6", "7"}
    for expected in ("6A", "6B", "6C"):
        number = next_after("6", taken)
        assert number == expected
        taken.add(number)
    assert next_after("6A", taken) == "6D"
    assert sorted([*taken, "10"], key=order_of) == ["6", "6A", "6B", "6C", "7", "10"]


def test_new_business_goes_before_what_closes_every_meeting() -> None:
    items = [
        ("1", ItemKind.WELCOME),
        ("9", ItemKind.TEXT),
        ("10", ItemKind.PLAN_REPORT),
        ("11", ItemKind.FORWARD_PLAN),
        ("12", ItemKind.OTHER_BUSINESS),
        ("13", ItemKind.NEXT_MEETING),
    ]
    assert last_business(items) == "10"
    assert last_business([("1", ItemKind.OTHER_BUSINESS)]) == "1"
    assert last_business([]) == "0"


@pytest.mark.parametrize(
    ("pattern", "number", "paper", "said"),
    [
        ("{board}/{year}-{month}/{item}", "6", 1, "CTB/2026-03/06"),
        ("{board}/{year}-{month}/{item}", "6A", 1, "CTB/2026-03/06A"),
        ("{board}/{year}-{month}/{item}", "12", 2, "CTB/2026-03/12-2"),
        ("{item} of {month}.{year}", "6", 1, "06 of 03.2026"),
        ("no item", "6", 1, "CTB/2026-03/06"),
        ("{item.real}", "6", 1, "CTB/2026-03/06"),
        ("{item", "6", 1, "CTB/2026-03/06"),
        ("{0}{item}", "6", 1, "CTB/2026-03/06"),
    ],
)
def test_references_follow_the_boards_pattern(
    pattern: str, number: str, paper: int, said: str
) -> None:
    assert reference(pattern, "CTB", ON, number, paper) == said


def value(**changes: Any) -> dict[str, Any]:
    """A small pack."""
    pack: dict[str, Any] = {
        "front": {"date": "10 March", "place": "Hall", "as_at": "then", "glance": [], "notes": []},
        "items": [
            item("a", "1", "Welcome", ["hello"]),
            item("b", "2", "Report", ["as it was"]),
        ],
        "appendices": [],
        "facts": {
            "as_at": "2026-03-01",
            "actions": [],
            "items": [fact("a", 0), fact("b", 1)],
        },
    }
    return {**pack, **changes}


def item(uid: str, number: str, title: str, said: list[str]) -> dict[str, Any]:
    """An item that says something."""
    blocks = [{"kind": "text", "paragraphs": [words]} for words in said]
    return {"uid": uid, "number": number, "title": title, "minutes": 5, "blocks": blocks}


def fact(uid: str, written: int) -> dict[str, Any]:
    """What is kept of an item."""
    return {"uid": uid, "written": [0, written], "papers": []}


def test_the_same_value_differs_in_nothing() -> None:
    assert differences(value(), value()) == []


def test_each_difference_says_where_and_what() -> None:
    now = deepcopy(value())
    now["front"]["place"] = "Library"
    now["items"][0]["title"] = "Welcome all"
    now["items"][1]["blocks"] = [{"kind": "text", "paragraphs": ["as it is"]}]
    now["items"].append(item("c", "3", "More", []))
    said = [(one.where, one.what) for one in differences(value(), now)]
    assert said == [
        ("Front sheet", "Place: “Hall” becomes “Library”"),
        ("Item 1. Welcome all", "The title: “Welcome” becomes “Welcome all”"),
        (
            "Item 2. Report",
            "1 part of it new or changed; 1 part of it no longer there",
        ),
        ("Item 3. More", "New"),
    ]
    assert [one.what for one in differences(now, value())][-1] == "Taken off the agenda"


def test_packs_of_earlier_schemas_are_compared_by_number() -> None:
    old = value()
    old["items"] = [{k: v for k, v in each.items() if k != "uid"} for each in old["items"]]
    assert differences(old, value()) == []


def test_what_updates_said_is_as_at_their_close_and_the_agenda_as_it_is_now() -> None:
    now = value(
        items=[
            item("b", "1", "Report, renamed", ["as it is", "a paper that came since"]),
            item("a", "2", "Welcome", ["hello everybody"]),
        ]
    )
    now["front"]["as_at"] = "now"
    now["front"]["place"] = "Library"
    made = as_at_close(now, value())
    said = [[block["paragraphs"][0] for block in each["blocks"]] for each in made["items"]]
    assert said == [["as it was", "a paper that came since"], ["hello everybody"]]
    assert made["items"][0]["title"] == "Report, renamed"
    assert (made["front"]["as_at"], made["front"]["place"]) == ("then", "Library")


def test_an_item_that_came_after_the_close_says_as_at_when_it_is_written() -> None:
    now = value()
    now["items"].append(item("c", "3", "New report", ["as it is"]))
    now["facts"]["items"].append(fact("c", 1))
    made = as_at_close(now, value())
    first = made["items"][2]["blocks"][0]["paragraphs"][0]
    assert first == "then: this item came after updates closed."


def test_a_draft_of_an_earlier_schema_is_published_as_it_is() -> None:
    old = value(facts={"as_at": "then", "actions": []})
    assert as_at_close(value(), old) == old
