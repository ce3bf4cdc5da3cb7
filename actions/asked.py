"""Who is asked about an action, and what is said where nobody is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.kernel.period import short_date

NOBODY = "Nobody to ask"
# A leaver is listed so many days ahead, so that somebody else is asked in time.
LEAVING_DAYS = 30


@dataclass(frozen=True)
class Asked:
    """Somebody asked about an action, both days included; ``left_on`` is their first day away."""

    key: int
    person_id: int
    name: str
    from_on: date
    to_on: date | None = None
    left_on: date | None = None

    def is_asked(self, on: date) -> bool:
        """Whether they are asked on a day, and still here to answer."""
        if on < self.from_on or (self.to_on is not None and on > self.to_on):
            return False
        return self.left_on is None or on < self.left_on

    @property
    def until(self) -> date | None:
        """The last day on which they can be asked; None for no end."""
        ends = [self.to_on, self.left_on and self.left_on - timedelta(days=1)]
        return min((end for end in ends if end is not None), default=None)

    def dates(self) -> str:
        """ "from 1 May 2026 to 3 June 2026"."""
        words = f"from {short_date(self.from_on)}"
        return words if self.to_on is None else f"{words} to {short_date(self.to_on)}"


def asked_now(owners: Sequence[Asked], today: date) -> list[Asked]:
    """Those who are asked today and are still here."""
    return [one for one in owners if one.is_asked(today)]


def gap_words(owners: Sequence[Asked], today: date) -> str | None:
    """Why somebody else must be asked: nobody is, or nobody will be thirty days from now.

    "Nobody to ask", "Jo Bell left on 3 May 2026: nobody to ask", "Jo Bell leaves on 3 May 2026:
    nobody to ask from then"; None where somebody is asked now and will be.
    """
    soon = today + timedelta(days=LEAVING_DAYS)
    if asked_now(owners, today):
        if any(one.is_asked(soon) for one in owners):
            return None
        last = max(asked_now(owners, today), key=lambda one: one.until or date.max)
        if last.left_on is not None and last.until == last.left_on - timedelta(days=1):
            return f"{last.name} leaves on {short_date(last.left_on)}: nobody to ask from then"
        return f"{last.name} is asked until {short_date(last.until or soon)}, and nobody after"
    coming = min((o for o in owners if o.from_on > today), key=lambda o: o.from_on, default=None)
    if coming is not None and (coming.left_on is None or coming.left_on > coming.from_on):
        return f"{NOBODY} until {short_date(coming.from_on)}, then {coming.name}"
    gone = max(
        (one for one in owners if one.until is not None and one.until < today),
        key=lambda one: one.until or date.min,
        default=None,
    )
    if gone is None:
        return NOBODY
    if gone.left_on is not None and (gone.to_on is None or gone.left_on <= gone.to_on):
        return f"{gone.name} left on {short_date(gone.left_on)}: nobody to ask"
    return f"{gone.name} was asked until {short_date(gone.until or today)}: nobody to ask"
