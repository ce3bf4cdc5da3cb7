"""The places and windows of lists of actions."""

from __future__ import annotations

from datetime import date

import pytest

from actions.lists import Due, Order, Sort, WrongCursor, decode, encode, falls, quarter

TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "é",
        "W10",
        "WyJkdWUiLDBd",
        "bnVsbA",
        "MTI",
        "x" * 301,
        encode(Order(), (1, TODAY, 9)),
    ],
)
def test_a_place_that_is_none_of_this_list_is_refused(text: str) -> None:
    with pytest.raises(WrongCursor):
        decode(Order(Sort.DUE), text)


@pytest.mark.parametrize(
    "keys",
    [("9", 1), (None, "9"), (TODAY, 1.5), (TODAY, True), (TODAY, 1 << 63), (3, 1), (TODAY, 1, 1)],
)
def test_keys_that_no_column_holds_are_refused(keys: tuple[object, ...]) -> None:
    order = Order(Sort.DUE, descending=True)
    with pytest.raises(WrongCursor):
        decode(order, encode(order, keys))  # type: ignore[arg-type]  # on purpose


def test_a_quarter_ends_with_its_third_month() -> None:
    assert quarter(date(2026, 11, 2)) == (date(2026, 10, 1), date(2026, 12, 31))
    assert quarter(date(2028, 2, 29)) == (date(2028, 1, 1), date(2028, 3, 31))
    assert quarter(date(2026, 6, 30)) == (date(2026, 4, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("on", "windows"),
    [
        (None, {Due.NONE}),
        (date(2026, 11, 1), {Due.OVERDUE, Due.QUARTER}),
        (date(2026, 9, 30), {Due.OVERDUE}),
        (date(2026, 11, 2), {Due.SOON, Due.QUARTER}),
        (date(2026, 12, 2), {Due.SOON, Due.QUARTER}),
        (date(2026, 12, 3), {Due.QUARTER}),
        (date(2027, 1, 1), {Due.LATER}),
    ],
)
def test_a_day_falls_into_its_windows(on: date | None, windows: set[Due]) -> None:
    assert {due for due in Due if falls(on, due, TODAY)} == windows
