"""Writes a calendar feed (RFC 5545, RFC 7986) from plain values.

Nothing here reads a clock: the same entries give the same bytes, so that an ETag holds until an
entry changes. Why each property is as it is: `docs/decisions/calendars.md`.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid5

from icalendar import Calendar, Component, Event, Timezone
from icalendar.prop import vDuration, vText, vUri

from tracker.kernel.times import to_london

PRODUCT = "-//Tracker//Calendar//EN"
_UIDS = UUID("6f1f9a0e-3c55-4e0b-9d0f-2f6f0f0c7a51")

# One fixed zone with yearly rules: a list of RDATEs, as libraries generate it, is read an hour
# wrong by Outlook, ical.js and vobject. The rules have held since 1996.
_EUROPE_LONDON = """\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""

EntryKind = Literal["deadline", "meeting"]


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """A deadline or a meeting as a calendar shows it.

    Either all day, with `first_on` and `last_on` both included, or from `starts_at` to `ends_at`,
    two instants. `uid` is the record's own; the feed carries `stable_uid(kind, uid)`. `changed_at`
    is when the record last changed, never now; `sequence` rises with each change.

    Raises:
        ValueError: neither or both kinds of time, an end before its start, an instant without a
            time zone, a negative sequence.
    """

    uid: str
    kind: EntryKind
    title: str
    changed_at: datetime
    sequence: int = 0
    first_on: date | None = None
    last_on: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    cancelled: bool = False
    url: str | None = None
    place: str | None = None
    description: str | None = None
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        instants = [at for at in (self.starts_at, self.ends_at) if at is not None]
        days = [on for on in (self.first_on, self.last_on) if on is not None]
        if sorted((len(instants), len(days))) != [0, 2]:
            raise ValueError("An entry has a first and a last day, or a start and an end.")
        if any(at.tzinfo is None for at in (*instants, self.changed_at)):
            raise ValueError("An entry's instants need a time zone.")
        if instants != sorted(instants) or days != sorted(days):
            raise ValueError("An entry must not end before it starts.")
        if self.sequence < 0:
            raise ValueError("A sequence counts up from 0.")

    def span(self) -> tuple[date, date]:
        """Return DTSTART and DTEND: days with the end excluded, or London times."""
        if self.starts_at and self.ends_at:
            return to_london(self.starts_at), to_london(self.ends_at)
        assert self.first_on is not None
        assert self.last_on is not None
        return self.first_on, self.last_on + timedelta(days=1)


def stable_uid(kind: EntryKind, uid: str) -> str:
    """Return the UID of a record's calendar entry: the same in every feed, for ever."""
    return str(uuid5(_UIDS, f"{kind}:{uid}"))


def write_calendar(name: str, entries: Iterable[CalendarEntry], refresh: timedelta) -> bytes:
    """Return the feed as UTF-8 bytes, entries sorted by start and UID.

    `refresh` is how often a subscriber is asked to fetch it. An entry given twice is written once.

    Raises:
        ValueError: two different entries for one record, or a refresh that is not positive.
    """
    if refresh <= timedelta():
        raise ValueError("A calendar is fetched again after some time, not at once.")
    by_uid: dict[str, CalendarEntry] = {}
    for entry in entries:
        if by_uid.setdefault(stable_uid(entry.kind, entry.uid), entry) != entry:
            raise ValueError("A calendar cannot hold two different entries for one record.")
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODUCT)
    calendar.add("CALSCALE", "GREGORIAN")
    # The library writes these two unescaped, and fails on a line break, unless they are vText.
    for label in ("NAME", "X-WR-CALNAME"):
        calendar.add(label, vText(_one_line(name)))
    calendar.add("REFRESH-INTERVAL", vDuration(refresh), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(refresh))
    calendar.add_component(Timezone.from_ical(_EUROPE_LONDON))
    for uid, entry in sorted(by_uid.items(), key=lambda item: _position(*item)):
        calendar.add_component(_event(uid, entry))
    written: bytes = calendar.to_ical()
    return written


def _position(uid: str, entry: CalendarEntry) -> tuple[str, str]:
    # A day sorts before the times of that day.
    return entry.span()[0].isoformat(), uid


def _event(uid: str, entry: CalendarEntry) -> Component:
    event = Event()
    begins, ends = entry.span()
    changed_at = entry.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("UID", uid)
    event.add("DTSTAMP", changed_at)
    event.add("LAST-MODIFIED", changed_at)
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTART", begins)
    event.add("DTEND", ends)
    event.add("SUMMARY", _one_line(entry.title))
    event.add("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED")
    # A deadline must not make its owner look busy all day.
    event.add("TRANSP", "TRANSPARENT" if entry.kind == "deadline" else "OPAQUE")
    if entry.place:
        event.add("LOCATION", _one_line(entry.place))
    if entry.description:
        event.add("DESCRIPTION", _plain(entry.description))
    if entry.categories:
        event.add("CATEGORIES", [_one_line(category) for category in entry.categories])
    if entry.url:
        event.add("URL", vUri("".join(_plain(entry.url).split())))
    return event


def _plain(text: str) -> str:
    """Return text without control characters and lone surrogates; line breaks stay as "\\n"."""
    lines = re.sub(r"\r\n?|\x85|\u2028|\u2029", "\n", text.replace("\t", " "))
    return "".join(
        sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs")
    ).strip()


def _one_line(text: str) -> str:
    return " ".join(_plain(text).split())
