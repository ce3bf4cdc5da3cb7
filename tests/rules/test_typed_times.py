"""A day and a time of day as people type them."""

from __future__ import annotations

from datetime import date, time

import pytest

from tracker.kernel.period import clock_words
from tracker.kernel.typed_times import read_day, read_time


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2pm", time(14)),
        ("2 PM", time(14)),
        ("2.30pm", time(14, 30)),
        ("2:30 p.m.", time(14, 30)),
        ("12am", time(0)),
        ("12.15 pm", time(12, 15)),
        ("9.05am", time(9, 5)),
        ("14:30", time(14, 30)),
        ("09.30", time(9, 30)),
        ("00:00", time(0)),
        ("midday", time(12)),
        ("Midnight", time(0)),
        ("  noon ", time(12)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, read: time) -> None:
    assert read_time(typed) == read


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("minute", [0, 1, 30, 59])
def test_whatever_a_page_prints_is_read_back(hour: int, minute: int) -> None:
    assert read_time(clock_words(time(hour, minute))) == time(hour, minute)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "2",
        "25:00",
        "13pm",
        "0am",
        "10:60",
        "10:5",
        "2p m",
        "２pm",
        "two",
        "10.30.00",
        "m",
        "-1pm",
    ],
)
def test_what_is_no_time_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match="time"):
        read_time(typed)


@pytest.mark.parametrize("typed", ["8 December 2026", "08/12/2026", "2026-12-08", "8th Dec 2026"])
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert read_day(typed) == date(2026, 12, 8)


@pytest.mark.parametrize(
    "typed", ["", "December 2026", "2026", "31 February 2027", "1 May 2027 to 3 May 2027", "soon"]
)
def test_what_is_not_one_day_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match="day"):
        read_day(typed)
