"""A day and a time of day as people type them: "8 December 2026", "2pm", "14:30". Pure."""

from __future__ import annotations

import re
from datetime import date, time

from tracker.kernel.period import Precision, parse_period

DAY_HINT = "Write it as 8 December 2026."
LONGEST_SHOWN = 40
TIME_HINT = "Write it as 2pm, 9.30am or 14:30."
_WORDS = {"midday": time(12), "noon": time(12), "midnight": time(0)}
_CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*([ap])?\.?m?\.?", re.IGNORECASE | re.ASCII)


class NotOneDay(ValueError):
    """What was typed can be read, and is a month, a quarter, a year or several days."""


def read_day(text: str, hint: str = DAY_HINT) -> date:
    """Read one day; a month, a quarter or a year is none.

    Raises ValueError in plain words, ending in ``hint``, when it cannot be read; NotOneDay, which
    is one, when it is more than a day.
    """
    shown = text[:LONGEST_SHOWN]
    try:
        period = parse_period(text)
    except ValueError:
        raise ValueError(f"We cannot read “{shown}” as a day. {hint}") from None
    if period.precision is not Precision.DAY or period.first != period.last:
        raise NotOneDay(f"“{shown}” is more than one day. {hint}")
    return period.first


def read_time(text: str) -> time:
    """Read a time of day: "2pm", "2.30pm", "14:30", "midday". A bare hour needs am or pm.

    Raises ValueError in plain words when it cannot be read.
    """
    plain = " ".join(text.split()).casefold()
    if plain in _WORDS:
        return _WORDS[plain]
    found = _CLOCK.fullmatch(plain)
    if found is None or (found[2] is None and found[3] is None):
        raise ValueError(f"We cannot read “{text[:LONGEST_SHOWN]}” as a time. {TIME_HINT}")
    if plain[-1:].isdigit() is (found[3] is not None):
        raise ValueError(f"We cannot read “{text[:LONGEST_SHOWN]}” as a time. {TIME_HINT}")
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] is not None:
        if not 1 <= hour <= 12:
            raise ValueError(f"There is no such time as “{text[:LONGEST_SHOWN]}”. {TIME_HINT}")
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    if hour > 23 or minute > 59:
        raise ValueError(f"There is no such time as “{text[:LONGEST_SHOWN]}”. {TIME_HINT}")
    return time(hour, minute)
