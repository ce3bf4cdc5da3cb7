"""Which meeting takes what, over the months ahead. Pure.

Business of the year goes to the first meeting from its month on; a board below reports as often as
its relation says; a review of the terms of reference goes to the first meeting from its day on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

K = TypeVar("K")

# A forward plan shows as far ahead as meetings are made: eighteen months.
AHEAD = timedelta(days=548)
# Meetings drift by a few days: a report a quarter is due again this much before three months.
SLACK = timedelta(days=15)

# In this order: "six-monthly" and "twice a year" hold the words for a month and for a year.
_EVERY_MONTHS = (
    (r"(six|6)[- ]month|half[- ]year|twice a year|bi-?annual", 6),
    (r"quarter|(three|3)[- ]month|(four|4) times a year", 3),
    (r"term|(four|4)[- ]month|(three|3) times a year", 4),
    (r"bi-?month|(two|2)[- ]month|every other month|six times a year", 2),
    (r"month", 1),
    (r"annual|year", 12),
)


def business_falls_on(
    months_by_kind: Mapping[K, int], meeting_days: Sequence[date]
) -> dict[date, list[K]]:
    """Say which meeting takes which business of the year: the first from its month on.

    `months_by_kind` gives each business its month, 1 to 12; `meeting_days` are the days of one
    board's meetings that stand, past ones included as far as a year back, or a meeting that follows
    the right one would take what was taken already. A year's business has until the same month
    of the next year; where the board does not meet by then, nobody takes it. Business of one
    meeting comes in the order of `months_by_kind`.

    Raises:
        ValueError: a month is not 1 to 12.
    """
    days = sorted(set(meeting_days))
    found: dict[date, list[K]] = {}
    if not days:
        return found
    for kind, month in months_by_kind.items():
        for year in range(days[0].year - 1, days[-1].year + 1):
            opens, closes = date(year, month, 1), date(year + 1, month, 1)
            taken = next((on for on in days if opens <= on < closes), None)
            if taken is not None:
                found.setdefault(taken, []).append(kind)
    return found


def takes(on: date, meeting_days: Sequence[date]) -> date | None:
    """Return the first meeting day on or after a day; None where there is none yet."""
    return min((day for day in meeting_days if day >= on), default=None)


def months_between_reports(frequency: str | None) -> int:
    """Return every how many months a board below reports, from how its relation puts it.

    0 is at every meeting: said so, not said at all, or in words that name no time.
    """
    words = (frequency or "").casefold()
    if "meeting" in words:
        return 0
    return next((months for pattern, months in _EVERY_MONTHS if re.search(pattern, words)), 0)


def reports_fall_on(
    frequency: str | None, meeting_days: Sequence[date], last_on: date | None = None
) -> list[date]:
    """Return the meeting days at which a board below reports.

    `last_on` is the meeting at which it last did, if it did: the next is due so many months later,
    at the first meeting from then on. Without one, the first of the days is due.
    """
    months = months_between_reports(frequency)
    gap = timedelta(days=round(months * 365 / 12)) - SLACK if months else timedelta(0)
    found: list[date] = []
    for on in sorted(set(meeting_days)):
        if last_on is None or on - last_on >= gap:
            found.append(on)
            last_on = on
    return found
