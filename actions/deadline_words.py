"""A deadline as people write it, read into its days: "by March 2027", "ongoing". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from tracker.kernel.period import Calendar, Precision, parse_period
from tracker.kernel.rag import Relation

# The kinds of none, in the words that people use for them.
ONGOING, AS_REQUIRED, NO_DATE = "ongoing", "as required", "no date"
HINT = "Write it as “by 31 March 2027”, “by March 2027”, “from Q3 2026/27”, “ongoing” or “no date”."
_DATED = re.compile(r"(?:(by|from)\s+)?(.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class DeadlineRead:
    """A deadline that was read: its kind's words, or its days with how exact they are.

    ``kind`` is "dated", "ongoing", "as-required" or "none", as the column keeps it.
    """

    kind: str
    relation: Relation | None = None
    first_on: date | None = None
    last_on: date | None = None
    precision: Precision = Precision.NONE
    calendar: Calendar = Calendar.CALENDAR
    printed: str = ""

    @property
    def words(self) -> str:
        """The deadline as screens and papers print it."""
        if self.relation is not None:
            return f"{self.relation.value} {self.printed}"
        return {"ongoing": ONGOING, "as-required": AS_REQUIRED}.get(self.kind, NO_DATE)


def read_deadline(text: str) -> DeadlineRead:
    """Read a deadline. Without "by" or "from" a date is a "by".

    Raises ValueError in plain words when it cannot be read.
    """
    plain = " ".join(text.split())
    kinds = {ONGOING: "ongoing", AS_REQUIRED: "as-required", NO_DATE: "none", "none": "none"}
    if plain.casefold() in kinds:
        return DeadlineRead(kinds[plain.casefold()])
    found = _DATED.fullmatch(plain)
    if found is None:
        raise ValueError(f"Say when. {HINT}")
    try:
        period = parse_period(found[2])
    except ValueError:
        raise ValueError(f"We cannot read “{plain[:60]}” as a deadline. {HINT}") from None
    return DeadlineRead(
        kind="dated",
        relation=Relation((found[1] or "by").lower()),
        first_on=period.first,
        last_on=period.last,
        precision=period.precision,
        calendar=period.calendar,
        printed=period.words(),
    )
