"""Every kind of deadline, as people write it: when it is overdue, and what the date then allows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from actions.deadline_words import read_deadline
from actions.rules import ActionFacts, DeadlineFacts
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.rag import DateRule, Rating

RED, AMBER, GREEN, GREY, BLUE = Rating


def action(
    deadline: str,
    *,
    lifecycle: Lifecycle = Lifecycle.IN_PROGRESS,
    heard_at: datetime = datetime(2035, 1, 1, tzinfo=UTC),
    ended_on: date | None = None,
) -> ActionFacts:
    """An action with this deadline that, unless told otherwise, is never quiet; rated Green."""
    read = read_deadline(deadline)
    return ActionFacts(
        action_id=1,
        uid="u",
        number=1,
        reference="1.1",
        title="Open a hub",
        plan_id=1,
        plan_slug="plan",
        plan_title="Plan",
        priority_number="1",
        priority_title="Safe",
        is_commitment=False,
        lifecycle=lifecycle,
        owner_rating=GREEN,
        deadline=DeadlineFacts(read.words, read.relation, read.first_on, read.last_on, number=1),
        followed_from_on=date(2020, 1, 1),
        date_rule=DateRule.AMBER_FOR_A_MONTH,
        last_entry_at=heard_at,
        ended_on=ended_on,
    )


@pytest.mark.parametrize(
    ("text", "words", "last_on", "red_from"),
    [
        # A day is itself; a month is its last day.
        ("14 March 2027", "by 14 March 2027", date(2027, 3, 14), date(2027, 4, 15)),
        ("by March 2027", "by March 2027", date(2027, 3, 31), date(2027, 5, 1)),
        # Months of thirty days, and February with and without its leap day.
        ("April 2027", "by April 2027", date(2027, 4, 30), date(2027, 5, 31)),
        ("February 2027", "by February 2027", date(2027, 2, 28), date(2027, 3, 29)),
        ("February 2028", "by February 2028", date(2028, 2, 29), date(2028, 3, 30)),
        ("29 February 2028", "by 29 February 2028", date(2028, 2, 29), date(2028, 3, 30)),
        # One month after 31 January is the last day of February.
        ("January 2027", "by January 2027", date(2027, 1, 31), date(2027, 3, 1)),
        ("January 2028", "by January 2028", date(2028, 1, 31), date(2028, 3, 1)),
        # Quarters of the calendar year, and of the financial one.
        ("Q1 2027", "by Q1 2027", date(2027, 3, 31), date(2027, 5, 1)),
        ("Q3 2027", "by Q3 2027", date(2027, 9, 30), date(2027, 10, 31)),
        ("Q1 2026/27", "by Q1 2026/27", date(2026, 6, 30), date(2026, 7, 31)),
        ("Q3 2026/27", "by Q3 2026/27", date(2026, 12, 31), date(2027, 2, 1)),
        ("Q4 2027/28", "by Q4 2027/28", date(2028, 3, 31), date(2028, 5, 1)),
        # Years: calendar, financial, academic.
        ("2027", "by 2027", date(2027, 12, 31), date(2028, 2, 1)),
        ("2026/27", "by 2026/27", date(2027, 3, 31), date(2027, 5, 1)),
        ("2026/27 financial year", "by 2026/27", date(2027, 3, 31), date(2027, 5, 1)),
        ("2026/27 academic year", "by 2026/27 academic year", date(2027, 8, 31), date(2027, 10, 1)),
        ("2026 to 2027", "by 2026 to 2027", date(2027, 12, 31), date(2028, 2, 1)),
    ],
)
def test_a_deadline_is_overdue_after_its_last_day_and_red_a_month_later(
    text: str, words: str, last_on: date, red_from: date
) -> None:
    one = action(text)
    one_day = date(2027, 1, 2) - date(2027, 1, 1)
    assert one.deadline.words == words
    assert (one.overdue(last_on), one.rating(last_on)) == (0, GREEN)
    assert (one.overdue(last_on + one_day), one.rating(last_on + one_day)) == (1, AMBER)
    assert one.rating(red_from - one_day) is AMBER
    assert one.rating(red_from) is RED
    assert one.overdue(red_from) == (red_from - last_on).days


@pytest.mark.parametrize("text", ["ongoing", "as required", "no date", "from April 2026"])
def test_what_has_no_last_day_is_never_overdue_nor_limited_once_begun(text: str) -> None:
    one = action(text, heard_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert (one.overdue(date(2099, 1, 1)), one.rating(date(2099, 1, 1))) == (0, GREEN)


@pytest.mark.parametrize(
    ("text", "amber_from"),
    [
        ("from April 2027", date(2027, 5, 1)),
        ("from Q3 2026/27", date(2027, 1, 1)),
        ("from 2026/27 academic year", date(2027, 9, 1)),
        ("from 29 February 2028", date(2028, 3, 1)),
    ],
)
def test_what_has_not_started_after_the_period_in_which_it_was_to_begin_is_amber(
    text: str, amber_from: date
) -> None:
    one = action(text, lifecycle=Lifecycle.NOT_STARTED)
    before = date.fromordinal(amber_from.toordinal() - 1)
    assert (one.rating(before), one.rating(amber_from)) == (GREEN, AMBER)
    assert one.overdue(date(2099, 1, 1)) == 0


@pytest.mark.parametrize(
    ("heard_at", "amber_from"),
    [
        # London's clock goes back on 25 October 2026: half past midnight there is still the 24th
        # in Greenwich, and sixty days count from London's day.
        (datetime(2026, 10, 24, 22, 59, tzinfo=UTC), date(2026, 12, 23)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 12, 24)),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 12, 24)),
        # It goes forward on 28 March 2027: the evening before is Greenwich time.
        (datetime(2027, 3, 27, 23, 30, tzinfo=UTC), date(2027, 5, 26)),
        (datetime(2027, 3, 28, 22, 59, tzinfo=UTC), date(2027, 5, 27)),
        (datetime(2027, 3, 28, 23, 30, tzinfo=UTC), date(2027, 5, 28)),
    ],
)
def test_quiet_days_count_from_the_day_in_london_across_the_change_of_clocks(
    heard_at: datetime, amber_from: date
) -> None:
    due = "31 December 2026" if heard_at.year == 2026 else "10 June 2027"
    one = action(due, heard_at=heard_at)
    before = date.fromordinal(amber_from.toordinal() - 1)
    assert (one.rating(before), one.rating(amber_from)) == (GREEN, AMBER)


def test_an_action_that_left_its_plan_is_neither_overdue_nor_counted_nor_asked_for() -> None:
    gone = action("March 2026", ended_on=date(2026, 4, 1))
    today = date(2026, 12, 1)
    assert (gone.overdue(today), gone.is_counted(), gone.needs(today)) == (0, False, ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "by",
        "from",
        "31 February 2027",
        "29 February 2027",
        "soon",
        "Q5 2027",
        "2026/28",
        "13/13/2027",
    ],
)
def test_what_cannot_be_read_is_refused_with_what_can(text: str) -> None:
    with pytest.raises(ValueError, match="Write it as"):
        read_deadline(text)
