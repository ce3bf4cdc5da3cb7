"""A day that somebody asks about, typed as people type one, and the instant that it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import request

from tracker.edges.db import clean
from tracker.kernel import typed_times
from tracker.kernel.period import short_date
from tracker.kernel.times import london, london_day
from tracker.web.parts import now

HINT = "Such as 4 March 2026."
LONGEST = 40


@dataclass(frozen=True)
class AskedDay:
    """The day asked about; today where none was given, or where what was typed is none."""

    on: date
    at: datetime
    typed: str
    error: str | None = None

    @property
    def status(self) -> int:
        """The answer's status: 422 where what was typed is no day."""
        return 200 if self.error is None else 422


def asked_day(name: str = "on") -> AskedDay:
    """The day that the address asks about, as it stood at its end; today, as it stands now."""
    typed, instant = clean(request.args.get(name, ""))[:LONGEST], now()
    today = london_day(instant)
    if not typed:
        return AskedDay(today, instant, "")
    try:
        on = read_day(typed, today)
    except ValueError as wrong:
        return AskedDay(today, instant, typed, str(wrong))
    return AskedDay(on, end_of(on) if on < today else instant, typed)


def read_day(text: str, today: date) -> date:
    """Read one day that has come; raises ValueError with a plain sentence."""
    try:
        on = typed_times.read_day(text, "Write it as 4 March 2026.")
    except typed_times.NotOneDay:
        raise ValueError("Give one day, such as 4 March 2026.") from None
    if on > today:
        raise ValueError(f"{short_date(on)} is still to come.")
    return on


def end_of(on: date) -> datetime:
    """The last instant of a day in London."""
    return start_of(on + timedelta(days=1)) - timedelta(microseconds=1)


def start_of(on: date) -> datetime:
    """The first instant of a day in London."""
    return london(on, time(0))
