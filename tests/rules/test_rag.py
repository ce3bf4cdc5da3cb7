"""Ratings, and what the date allows."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from tracker.kernel.lifecycle import (
    Lifecycle,
)
from tracker.kernel.rag import (
    DEFINITIONS,
    Dated,
    DateRule,
    Rating,
    Relation,
    Thresholds,
    allowed,
    counts,
    direction,
    explain,
    overdue_days,
    reason,
    shown,
    thresholds,
    worse,
)

RED, AMBER, GREEN, GREY, BLUE = Rating
UNDATED = Dated()


def by(last_on: date, *, done: bool = False) -> Dated:
    return Dated(Relation.BY, last_on.replace(day=1), last_on, done)


def since(last_on: date, *, done: bool = False) -> Dated:
    return Dated(Relation.FROM, last_on.replace(day=1), last_on, done)


def limits_of(
    deadline: Dated = UNDATED,
    *,
    lifecycle: Lifecycle = Lifecycle.IN_PROGRESS,
    heard_on: date = date(2030, 1, 1),
    milestones: tuple[Dated, ...] = (),
    date_rule: DateRule = DateRule.AMBER_FOR_A_MONTH,
    on_hold_until: date | None = None,
) -> Thresholds:
    """Thresholds of an action that, unless told otherwise, is never quiet."""
    return thresholds(
        lifecycle=lifecycle,
        deadline=deadline,
        last_entry_on=heard_on,
        followed_from_on=date(2020, 1, 1),
        milestones=milestones,
        date_rule=date_rule,
        on_hold_until=on_hold_until,
    )


@pytest.mark.parametrize(
    ("due_on", "today", "best"),
    [
        (date(2027, 1, 31), date(2027, 1, 31), None),
        (date(2027, 1, 31), date(2027, 2, 1), AMBER),
        (date(2027, 1, 31), date(2027, 2, 28), AMBER),
        (date(2027, 1, 31), date(2027, 3, 1), RED),
        (date(2028, 1, 31), date(2028, 2, 29), AMBER),
        (date(2028, 1, 31), date(2028, 3, 1), RED),
        (date(2028, 2, 29), date(2028, 3, 29), AMBER),
        (date(2028, 2, 29), date(2028, 3, 30), RED),
        (date(2026, 4, 30), date(2026, 5, 30), AMBER),
        (date(2026, 4, 30), date(2026, 5, 31), RED),
        (date(2026, 12, 15), date(2027, 1, 15), AMBER),
        (date(2026, 12, 15), date(2027, 1, 16), RED),
    ],
)
def test_a_passed_deadline_allows_amber_for_one_month_then_red(
    due_on: date, today: date, best: Rating | None
) -> None:
    assert allowed(limits_of(by(due_on)), today) is best


def test_the_date_rule_may_be_red_at_once_or_none() -> None:
    due_on, day_after = date(2026, 4, 30), date(2026, 5, 1)
    at_once = limits_of(by(due_on), date_rule=DateRule.RED_AT_ONCE)
    assert allowed(at_once, due_on) is None
    assert allowed(at_once, day_after) is RED
    never = limits_of(by(due_on), date_rule=DateRule.NONE)
    assert allowed(never, date(2027, 4, 30)) is None


@pytest.mark.parametrize(
    ("heard_on", "today", "best"),
    [
        (date(2026, 4, 1), date(2026, 5, 31), None),  # 60 days quiet, 31 remain to 1 July
        (date(2026, 4, 1), date(2026, 6, 1), AMBER),  # 30 remain
        (date(2026, 4, 20), date(2026, 6, 18), None),  # 59 days quiet
        (date(2026, 4, 20), date(2026, 6, 19), AMBER),  # 60 days quiet
        (date(2026, 5, 31), date(2026, 7, 1), None),  # 31 days quiet on the deadline itself
    ],
)
def test_sixty_quiet_days_within_thirty_of_the_deadline_allow_amber(
    heard_on: date, today: date, best: Rating | None
) -> None:
    assert allowed(limits_of(by(date(2026, 7, 1)), heard_on=heard_on), today) is best


def test_an_action_never_answered_is_quiet_since_it_is_followed() -> None:
    found = thresholds(
        lifecycle=Lifecycle.IN_PROGRESS,
        deadline=by(date(2026, 7, 1)),
        last_entry_on=None,
        followed_from_on=date(2026, 5, 1),
    )
    assert found.amber_from_on == date(2026, 6, 30)
    assert reason(found, date(2026, 6, 30)) == "no update for 60 days, close to its deadline"


def test_a_milestone_overdue_and_not_done_allows_amber() -> None:
    due_on, day_after = date(2026, 7, 31), date(2026, 8, 1)
    assert allowed(limits_of(milestones=(by(due_on),)), due_on) is None
    late = limits_of(milestones=(by(due_on),))
    assert allowed(late, day_after) is AMBER
    assert allowed(late, date(2027, 8, 1)) is AMBER
    assert reason(late, day_after) == "a milestone is 1 day past its date"
    assert allowed(limits_of(milestones=(by(due_on, done=True),)), day_after) is None


def test_not_started_after_a_from_period_allows_amber() -> None:
    last_on, day_after = date(2026, 10, 31), date(2026, 11, 1)
    waiting = limits_of(since(last_on), lifecycle=Lifecycle.NOT_STARTED)
    assert allowed(waiting, last_on) is None
    assert allowed(waiting, day_after) is AMBER
    assert reason(waiting, day_after) == "not started, 1 day after it was to begin"
    assert allowed(limits_of(since(last_on)), day_after) is None
    by_milestone = limits_of(milestones=(since(last_on),), lifecycle=Lifecycle.NOT_STARTED)
    assert allowed(by_milestone, day_after) is AMBER
    begun = limits_of(milestones=(since(last_on, done=True),), lifecycle=Lifecycle.NOT_STARTED)
    assert allowed(begun, day_after) is None


@pytest.mark.parametrize("lifecycle", [Lifecycle.COMPLETE, Lifecycle.CLOSED_NOT_COMPLETED])
def test_nothing_limits_what_is_complete_or_closed(lifecycle: Lifecycle) -> None:
    assert limits_of(by(date(2020, 1, 31)), lifecycle=lifecycle) == Thresholds()


def test_a_hold_lifts_the_limit_through_its_last_day() -> None:
    held = limits_of(by(date(2026, 1, 31)), on_hold_until=date(2026, 6, 30))
    assert allowed(held, date(2026, 6, 30)) is None
    assert allowed(held, date(2026, 7, 1)) is RED
    assert overdue_days(by(date(2026, 1, 31)), Lifecycle.IN_PROGRESS, date(2026, 2, 10)) == 10


def test_an_undated_action_is_never_limited() -> None:
    assert limits_of() == Thresholds()
    assert allowed(Thresholds(), date(2099, 1, 1)) is None
    assert reason(Thresholds(), date(2099, 1, 1)) == ""


@pytest.mark.parametrize(
    ("owner", "today", "agreed", "words"),
    [
        (GREEN, date(2026, 6, 9), False, "Owner: Green. 40 days past its deadline: Red"),
        (GREEN, date(2026, 5, 1), False, "Owner: Green. 1 day past its deadline: Amber"),
        (GREEN, date(2026, 4, 30), False, "Owner: Green"),
        (RED, date(2026, 5, 1), False, "Owner: Red. 1 day past its deadline"),
        (
            GREEN,
            date(2026, 6, 9),
            True,
            "Owner: Green, as agreed. 40 days past its deadline: Red otherwise",
        ),
    ],
)
def test_the_shown_rating_explains_itself(
    owner: Rating, today: date, agreed: bool, words: str
) -> None:
    assert explain(owner, limits_of(by(date(2026, 4, 30))), today, agreed=agreed) == words


def test_the_gravest_reason_is_the_one_given() -> None:
    found = limits_of(
        by(date(2026, 4, 30)), milestones=(by(date(2026, 1, 31)),), heard_on=date(2026, 1, 1)
    )
    assert reason(found, date(2026, 2, 28)) == "a milestone is 28 days past its date"
    assert reason(found, date(2026, 4, 1)) == "no update for 90 days, close to its deadline"
    assert reason(found, date(2026, 5, 10)) == "10 days past its deadline"


def test_an_agreed_rating_stands_and_any_other_is_the_worse_of_two() -> None:
    assert shown(GREEN, RED) is RED
    assert shown(RED, AMBER) is RED
    assert shown(GREY, AMBER) is AMBER
    assert shown(GREEN, None) is GREEN
    assert shown(GREEN, RED, agreed=True) is GREEN


def test_overdue_is_counted_in_days_for_by_deadlines_of_open_actions_only() -> None:
    due_on = date(2026, 4, 30)
    assert overdue_days(by(due_on), Lifecycle.IN_PROGRESS, due_on) == 0
    assert overdue_days(by(due_on), Lifecycle.NOT_STARTED, due_on + timedelta(days=40)) == 40
    assert overdue_days(by(due_on), Lifecycle.COMPLETE, date(2027, 1, 1)) == 0
    assert overdue_days(since(due_on), Lifecycle.IN_PROGRESS, date(2027, 1, 1)) == 0
    assert overdue_days(UNDATED, Lifecycle.IN_PROGRESS, date(2027, 1, 1)) == 0


def test_counts_are_by_word_worst_first_and_leave_out_what_is_not_counted() -> None:
    found = counts([GREEN, RED, None, GREEN, BLUE])
    assert list(found.items()) == [
        ("Red", 1),
        ("Amber", 0),
        ("Green", 2),
        ("Grey", 0),
        ("Blue", 1),
    ]
    assert [lifecycle for lifecycle in Lifecycle if not lifecycle.is_counted] == [
        Lifecycle.CLOSED_NOT_COMPLETED
    ]


def test_ratings_are_ordered_worst_first_and_each_is_defined() -> None:
    assert list(DEFINITIONS) == [RED, AMBER, GREEN, GREY, BLUE]
    assert all(worse(one, other) is one for one, other in pairwise(Rating))
    assert (direction(GREEN, AMBER), direction(RED, GREEN), direction(RED, RED)) == (
        "worse",
        "better",
        "same",
    )


@pytest.mark.parametrize(
    ("relation", "first_on", "last_on"),
    [
        (None, date(2026, 1, 1), date(2026, 1, 31)),
        (Relation.BY, None, date(2026, 1, 31)),
        (Relation.BY, date(2026, 2, 1), date(2026, 1, 31)),
    ],
)
def test_half_a_date_is_refused(
    relation: Relation | None, first_on: date | None, last_on: date | None
) -> None:
    with pytest.raises(ValueError, match="date"):
        Dated(relation, first_on, last_on)
