"""Where an action stands, and whether its owner was heard."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.kernel.lifecycle import Lifecycle, is_unconfirmed, lifecycle_words, no_update_words


def test_an_action_is_unconfirmed_when_an_ask_closed_after_its_last_entry() -> None:
    earlier, later = datetime(2026, 3, 1, 17, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    assert is_unconfirmed(earlier, later)
    assert is_unconfirmed(None, earlier)
    assert not is_unconfirmed(later, earlier)
    assert not is_unconfirmed(earlier, earlier)
    assert not is_unconfirmed(None, None)
    assert not is_unconfirmed(earlier, None)


def test_being_unconfirmed_is_said_with_the_month() -> None:
    assert no_update_words(date(2026, 3, 5), date(2026, 12, 8)) == "no update since March"
    assert no_update_words(date(2025, 3, 5), date(2026, 1, 8)) == "no update since March 2025"
    assert no_update_words(None, date(2026, 1, 8)) == "no update yet"


@pytest.mark.parametrize(
    ("asks_closed", "entered", "words"),
    [
        ([], [], None),
        ([3], [], "no update yet"),
        ([], [1], None),
        ([3], [1], "no update since March"),
        ([3], [3.5], None),
        ([3, 6], [4], "no update since March"),
        ([3, 6], [1, 4, 7], None),
    ],
)
def test_any_entry_after_the_last_ask_that_closed_confirms_whatever_it_says(
    asks_closed: list[float], entered: list[float], words: str | None
) -> None:
    def at(day: float) -> datetime:
        return datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=day)

    closed = max(map(at, asks_closed), default=None)
    heard = max(map(at, entered), default=None)
    found = is_unconfirmed(heard, closed)
    assert found is (words is not None)
    if found:
        assert no_update_words(heard.date() if heard else None, date(2026, 12, 1)) == words


def test_what_is_complete_or_closed_is_not_open_and_only_what_is_closed_is_not_counted() -> None:
    assert [one for one in Lifecycle if one.is_open] == [
        Lifecycle.NOT_STARTED,
        Lifecycle.IN_PROGRESS,
    ]
    assert [one for one in Lifecycle if not one.is_counted] == [Lifecycle.CLOSED_NOT_COMPLETED]


@pytest.mark.parametrize(
    ("lifecycle", "confirmed", "held", "words"),
    [
        (Lifecycle.NOT_STARTED, False, None, "Not started"),
        (Lifecycle.IN_PROGRESS, False, None, "In progress"),
        (Lifecycle.IN_PROGRESS, False, date(2026, 5, 1), "On hold until 1 May 2026"),
        (Lifecycle.IN_PROGRESS, False, date(2026, 4, 30), "In progress"),
        (Lifecycle.COMPLETE, True, None, "Complete"),
        (Lifecycle.COMPLETE, False, None, "Complete, awaiting confirmation"),
        (Lifecycle.COMPLETE, True, date(2026, 5, 1), "Complete"),
        (Lifecycle.CLOSED_NOT_COMPLETED, False, None, "Closed, not completed"),
    ],
)
def test_where_an_action_stands_is_said_in_words(
    lifecycle: Lifecycle, confirmed: bool, held: date | None, words: str
) -> None:
    found = lifecycle_words(
        lifecycle, confirmed=confirmed, on_hold_until=held, today=date(2026, 5, 1)
    )
    assert found == words
