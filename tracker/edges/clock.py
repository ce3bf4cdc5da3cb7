"""The clock: the only place where the product learns what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol

from tracker.kernel.times import london_day


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """A clock that stands where it is put: for replays and for tests."""

    def __init__(self, instant: datetime) -> None:
        self.set(instant)

    def set(self, instant: datetime) -> None:
        """Put the clock at ``instant``; ValueError when it has no time zone."""
        if instant.tzinfo is None:
            raise ValueError("the clock needs a time zone")
        self._instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        return self._instant


def today(clock: Clock) -> date:
    """The day it is in London."""
    return london_day(clock.now())
