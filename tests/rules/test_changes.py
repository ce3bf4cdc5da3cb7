"""What changed since a board last met, by table."""

from __future__ import annotations

from typing import Any

import pytest

from governance.packs.changes import changes

BASE: dict[str, Any] = {
    "uid": "a1",
    "reference": "1.1",
    "title": "Open a family hub",
    "plan": "Plan 2026-27",
    "plan_slug": "plan",
    "rating": "Green",
    "owner_rating": "Green",
    "lifecycle": "in-progress",
    "is_confirmed": False,
    "deadline": "by April 2027",
    "deadline_original": None,
    "deadline_reason": None,
    "overdue_days": 0,
    "unconfirmed": None,
    "entry": 1,
}
PLANS = frozenset({"plan"})


def groups(before: dict[str, Any], now: dict[str, Any]) -> dict[str, list[tuple[str, str, str]]]:
    """The groups of changes between two states of one action."""
    found = changes([BASE | before], [BASE | now], PLANS)
    return {g.title: [(c.before, c.after, c.note) for c in g.changes] for g in found}


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({}, {}, {}),
        ({}, {"entry": 2}, {}),
        ({}, {"rating": "Red"}, {"Ratings that moved": [("Green", "Red", "Worse")]}),
        (
            {"rating": "Red"},
            {"rating": "Amber"},
            {"Ratings that moved": [("Red", "Amber", "Better")]},
        ),
        (
            {"rating": "Grey", "lifecycle": "not-started"},
            {},
            {"Ratings that moved": [("Grey", "Green", "Started")]},
        ),
        (
            {"rating": "Grey", "lifecycle": "not-started"},
            {"rating": "Amber", "lifecycle": "not-started"},
            {"Ratings that moved": [("Grey", "Amber", "Worse")]},
        ),
        (
            {},
            {"lifecycle": "complete", "rating": "Blue"},
            {"Completed": [("Green", "Blue", "Awaiting confirmation")]},
        ),
        (
            {},
            {"lifecycle": "complete", "rating": "Blue", "is_confirmed": True},
            {"Completed": [("Green", "Blue", "Confirmed")]},
        ),
        (
            {},
            {"lifecycle": "closed-not-completed"},
            {"Closed, not completed": [("Green", "Closed", "No longer counted")]},
        ),
        (
            {},
            {
                "deadline": "by July 2027",
                "deadline_original": "by April 2027",
                "deadline_reason": "The lease is late.",
            },
            {
                "Deadlines moved": [
                    (
                        "by April 2027",
                        "by July 2027",
                        "Original: by April 2027. The lease is late.",
                    )
                ]
            },
        ),
        (
            {},
            {"overdue_days": 1},
            {"Newly overdue": [("In time", "1 day overdue", "by April 2027")]},
        ),
        ({"overdue_days": 3}, {"overdue_days": 40}, {}),
        (
            {},
            {"unconfirmed": "no update since March"},
            {"Newly without an update": [("Answered", "No update since March", "")]},
        ),
        ({"unconfirmed": "no update since March"}, {"unconfirmed": "no update since March"}, {}),
    ],
)
def test_each_kind_of_change_is_named_once_with_its_direction(
    before: dict[str, Any], now: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert groups(before, now) == expected


def test_an_action_added_to_or_withdrawn_from_a_known_plan_is_named() -> None:
    other = BASE | {"uid": "a2", "reference": "1.2"}
    added = changes([BASE], [BASE, other], PLANS)
    withdrawn = changes([BASE, other], [BASE], PLANS)
    assert [(g.title, g.changes[0].reference) for g in added] == [("Added", "1.2")]
    assert [(g.title, g.changes[0].reference) for g in withdrawn] == [("Withdrawn", "1.2")]


def test_a_plan_that_is_new_to_the_board_is_left_to_its_report() -> None:
    new_plan = BASE | {"uid": "b1", "plan_slug": "new"}
    assert changes([BASE], [BASE, new_plan], frozenset({"plan", "new"})) == []


def test_a_plan_that_the_board_does_not_review_this_time_is_not_called_withdrawn() -> None:
    other_plan = BASE | {"uid": "b1", "plan_slug": "other"}
    assert changes([BASE, other_plan], [BASE], PLANS) == []


def test_two_boards_see_different_changes_of_the_same_update() -> None:
    now = [BASE | {"rating": "Red"}]
    met_in_march = [BASE | {"rating": "Green"}]
    met_in_june = [BASE | {"rating": "Amber"}]
    seen = [changes(baseline, now, PLANS)[0].changes[0] for baseline in (met_in_march, met_in_june)]
    assert [(c.before, c.after) for c in seen] == [("Green", "Red"), ("Amber", "Red")]
