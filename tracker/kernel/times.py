"""Between London's clock and UTC.

People's times are Europe/London; stored instants are UTC (`docs/decisions/calendars.md`).
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london(on: date, at: time) -> datetime:
    """Return the UTC instant at which London's clock shows `at` on the day `on`.

    A time that the clock skips in March counts on from before the change (01:30 becomes 02:30
    British Summer Time); a time that it shows twice in October is the first of the two.

    Raises:
        ValueError: `at` already carries a time zone.
    """
    if at.tzinfo is not None:
        raise ValueError("A London time must not carry a time zone of its own.")
    return datetime.combine(on, at.replace(fold=0), LONDON).astimezone(UTC)


def to_london(instant: datetime) -> datetime:
    """Return `instant` on London's clock.

    Raises:
        ValueError: `instant` has no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return instant.astimezone(LONDON)


def london_day(instant: datetime) -> date:
    """Return the day in London at `instant`: the `today` that the rules take.

    Raises:
        ValueError: `instant` has no time zone.
    """
    return to_london(instant).date()
