"""The calendar feed, read back by parsers that did not write it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from tracker.edges.ical import CalendarEntry, stable_uid, write_calendar

CHANGED_AT = datetime(2026, 5, 4, 9, 30, 15, 250, tzinfo=UTC)
REFRESH = timedelta(hours=6)
DEADLINE = CalendarEntry(
    uid="0b1c",
    kind="deadline",
    title="Due in April 2026: 1.1 Family support (Green)",
    changed_at=CHANGED_AT,
    first_on=date(2026, 4, 30),
    last_on=date(2026, 4, 30),
    url="https://tracker.example/north/actions/12",
    categories=("Cope Well", "Board; executive, joint"),
)
SUMMER = CalendarEntry(
    uid="77aa",
    kind="meeting",
    title="Trust Board",
    changed_at=CHANGED_AT,
    sequence=3,
    starts_at=datetime(2026, 6, 9, 13, tzinfo=UTC),
    ends_at=datetime(2026, 6, 9, 15, tzinfo=UTC),
    place="County Hall, room 2",
    description="Join: https://meet.example/x\r\nPack: https://tracker.example/p",
)
WINTER = replace(
    SUMMER,
    uid="77ab",
    starts_at=datetime(2026, 12, 8, 14, tzinfo=UTC),
    ends_at=datetime(2026, 12, 8, 16, tzinfo=UTC),
)


def written(*entries: CalendarEntry, name: str = "Trust Board meetings") -> bytes:
    return write_calendar(name, entries, REFRESH)


def read(*entries: CalendarEntry) -> list[Any]:
    calendar: Any = Calendar.from_ical(written(*entries))
    return list(calendar.walk("VEVENT"))


def test_meetings_are_at_two_in_london_in_summer_and_in_winter() -> None:
    calendar = Calendar.from_ical(written(SUMMER, WINTER))
    found: list[Any] = recurring_ical_events.of(calendar).between(
        date(2026, 1, 1), date(2027, 1, 1)
    )
    starts = sorted(event["DTSTART"].dt for event in found)
    assert [start.astimezone(UTC) for start in starts] == [SUMMER.starts_at, WINTER.starts_at]
    assert [start.hour for start in starts] == [14, 14]
    text = written(SUMMER, WINTER)
    assert b"DTSTART;TZID=Europe/London:20260609T140000\r\n" in text
    assert b"DTEND;TZID=Europe/London:20261208T160000\r\n" in text


def test_the_shipped_zone_alone_gives_the_same_instants() -> None:
    calendar: Any = Calendar.from_ical(written(SUMMER))
    zone = calendar.walk("VTIMEZONE")[0].to_tz()
    for instant in (
        datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 59, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
    ):
        summer = (
            datetime(2026, 3, 29, 1, tzinfo=UTC) <= instant < datetime(2026, 10, 25, 1, tzinfo=UTC)
        )
        assert instant.astimezone(zone).utcoffset() == timedelta(hours=1 if summer else 0)
    assert b"RDATE" not in written(SUMMER)


def test_a_deadline_is_all_day_excludes_its_end_and_keeps_nobody_busy() -> None:
    (event,) = read(replace(DEADLINE, first_on=date(2026, 4, 28)))
    assert event["DTSTART"].dt == date(2026, 4, 28)
    assert event["DTEND"].dt == date(2026, 5, 1)
    assert event["TRANSP"] == "TRANSPARENT"
    assert read(SUMMER)[0]["TRANSP"] == "OPAQUE"
    assert event["URL"] == DEADLINE.url
    assert [str(category) for category in event["CATEGORIES"].cats] == list(DEADLINE.categories)


def test_times_come_from_the_record_and_a_change_raises_the_sequence() -> None:
    (event,) = read(SUMMER)
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == CHANGED_AT.replace(microsecond=0)
    assert event["SEQUENCE"] == 3
    assert event["DESCRIPTION"] == "Join: https://meet.example/x\nPack: https://tracker.example/p"
    assert event["LOCATION"] == "County Hall, room 2"


def test_a_cancelled_meeting_stays_under_its_uid() -> None:
    (kept,), (gone,) = read(SUMMER), read(replace(SUMMER, cancelled=True, sequence=4))
    assert (kept["STATUS"], gone["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert kept["UID"] == gone["UID"] == stable_uid("meeting", SUMMER.uid)


def test_uids_are_the_same_for_ever_and_differ_by_kind() -> None:
    assert stable_uid("meeting", "77aa") == "4e7221b5-0841-566a-96d8-a3b3ddb332c9"
    assert stable_uid("meeting", "77aa") != stable_uid("deadline", "77aa")


def test_the_calendar_has_one_name_a_refresh_and_no_method() -> None:
    named = written(SUMMER, name="Board,\nsecond; “line”").decode()
    assert "\r\nNAME:Board\\, second\\; “line”\r\n" in named
    assert "\r\nX-WR-CALNAME:Board\\, second\\; “line”\r\n" in named
    text = written(SUMMER)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in text
    assert b"X-PUBLISHED-TTL:PT6H\r\n" in text
    assert b"METHOD" not in text


def test_the_same_entries_in_any_order_give_the_same_bytes() -> None:
    assert written(SUMMER, WINTER, DEADLINE) == written(DEADLINE, WINTER, SUMMER, DEADLINE)
    starts = [event["DTSTART"].dt for event in read(WINTER, SUMMER, DEADLINE)]
    assert starts[0] == DEADLINE.first_on
    assert starts[1] < starts[2]


def test_two_different_entries_for_one_record_are_refused() -> None:
    with pytest.raises(ValueError, match="two different entries"):
        written(SUMMER, replace(SUMMER, title="Another"))


def test_a_calendar_of_nothing_is_still_a_calendar() -> None:
    assert read() == []


def test_control_characters_and_made_up_properties_do_not_get_through() -> None:
    (event,) = read(
        replace(
            DEADLINE,
            title="One\x00\x07\r\nSTATUS:CANCELLED\u2028two\x85\ud800",
            place="Hall\x1b",
            description="a\x0bb\x7f\r\rc",
            url="https://tracker.example/\r\nATTACH:x",
        )
    )
    assert event["SUMMARY"] == "One STATUS:CANCELLED two"
    assert event["STATUS"] == "CONFIRMED"
    assert event["LOCATION"] == "Hall"
    assert event["DESCRIPTION"] == "ab\n\nc"
    assert "ATTACH" not in event


@given(st.text(max_size=120), st.text(max_size=60))
@settings(max_examples=25)
def test_any_text_is_read_back_on_one_line(title: str, name: str) -> None:
    text = written(replace(DEADLINE, title=f"T{title}"), name=f"N{name}")
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    calendar: Any = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    assert "\n" not in event["SUMMARY"]
    assert event["DTSTART"].dt == DEADLINE.first_on


@pytest.mark.parametrize(
    "change",
    [
        {"first_on": date(2026, 5, 1)},
        {"last_on": None},
        {"starts_at": datetime(2026, 4, 30, tzinfo=UTC)},
        {"changed_at": datetime(2026, 4, 30)},  # noqa: DTZ001 - that is the point
        {"sequence": -1},
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"entry|sequence"):
        replace(DEADLINE, **change)


def test_a_refresh_of_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="after some time"):
        write_calendar("Name", [], timedelta())
