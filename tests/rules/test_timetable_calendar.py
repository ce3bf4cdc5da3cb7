"""The timetable against England's real calendar: Christmas, Easter, May, and both clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from governance.planning import plan_of
from governance.sittings.rules import last_lawful_day, lawful_words
from governance.timetable import (
    LONGEST_SHIFT,
    STANDARD,
    ClosedDays,
    RunUp,
    StepKind,
    TimetableSettings,
    timetable,
)
from tests.rules.test_timetable import LAWFUL
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.kernel.times import london, to_london
from tracker.kernel.working_days import clear_days_between, is_working_day
from tracker.people.board_models import Board

ENGLISH = EnglishBankHolidays()
HOLIDAYS = ENGLISH.between(2025, 2031)
S = StepKind


@pytest.mark.parametrize(
    ("meeting_on", "ask", "close", "publish", "lawful", "briefing", "sent", "to_members"),
    [
        # An ordinary November: the last Monday, ten days after a Friday.
        ("2026-11-30", "11-12", "11-19", "11-23", "11-20", "11-26", "12-02", "12-14"),
        # Christmas on a Friday, Boxing Day kept on the Monday, New Year's Day on a Friday.
        ("2026-12-29", "12-09", "12-16", "12-18", "12-17", "12-23", "12-31", "01-13"),
        ("2027-01-04", "12-14", "12-21", "12-23", "12-22", "12-30", "01-06", "01-18"),
        ("2027-01-12", "12-22", "12-31", "01-05", "01-04", "01-08", "01-14", "01-26"),
        # Christmas on a Saturday: both days are kept on the Monday and Tuesday after.
        ("2028-01-04", "12-14", "12-21", "12-23", "12-22", "12-30", "01-06", "01-18"),
        # Easter, on the day after it, a week later, and on the bank holiday itself.
        ("2026-04-07", "03-18", "03-25", "03-27", "03-26", "04-01", "04-09", "04-21"),
        ("2027-03-30", "03-10", "03-17", "03-19", "03-18", "03-24", "04-01", "04-13"),
        ("2027-04-06", "03-17", "03-24", "03-30", "03-25", "04-02", "04-08", "04-20"),
        ("2027-03-29", "03-10", "03-17", "03-19", "03-18", "03-24", "03-31", "04-12"),
        # The early May and the spring bank holiday.
        ("2027-05-04", "04-15", "04-22", "04-26", "04-23", "04-29", "05-06", "05-18"),
        ("2027-05-10", "04-21", "04-28", "04-30", "04-29", "05-06", "05-12", "05-24"),
        ("2027-06-01", "05-13", "05-20", "05-24", "05-21", "05-27", "06-03", "06-15"),
        # August's bank holiday.
        ("2027-08-31", "08-12", "08-19", "08-23", "08-20", "08-26", "09-02", "09-14"),
    ],
)
def test_the_short_run_up_around_a_day(
    meeting_on: str,
    ask: str,
    close: str,
    publish: str,
    lawful: str,
    briefing: str,
    sent: str,
    to_members: str,
) -> None:
    on = date.fromisoformat(meeting_on)
    found = {step.kind: f"{step.on:%m-%d}" for step in timetable(on, 28, HOLIDAYS)}
    assert (found[S.ASK], found[S.UPDATES_CLOSE], found[S.PUBLISH]) == (ask, close, publish)
    assert (found[S.CHAIRS_BRIEFING], found[S.ACTIONS_SENT]) == (briefing, sent)
    assert found[S.DRAFT_MINUTES_TO_MEMBERS] == to_members
    by_law = {step.kind: step.on for step in timetable(on, 28, HOLIDAYS, LAWFUL)}
    assert f"{by_law[S.PUBLISH]:%m-%d}" == lawful
    assert last_lawful_day(on, 5, HOLIDAYS) == by_law[S.PUBLISH]


def test_five_clear_days_before_monday_30_november_end_with_friday_the_20th() -> None:
    last_on = last_lawful_day(date(2026, 11, 30), 5, HOLIDAYS)
    assert last_on == date(2026, 11, 20)
    assert lawful_words(last_on) == (
        "The last lawful moment to publish is midnight at the end of Friday 20 November 2026."
    )


@pytest.mark.parametrize(
    ("meeting", "kind", "utc"),
    [
        # The clocks go back on Sunday 25 October 2026: summer time before, none after.
        ((2026, 10, 27), S.ASK, "2026-10-09T06:00"),
        ((2026, 10, 27), S.UPDATES_CLOSE, "2026-10-16T16:00"),
        ((2026, 10, 27), S.PUBLISH, "2026-10-20T16:00"),
        ((2026, 10, 27), S.CHAIRS_BRIEFING, "2026-10-23T16:00"),
        ((2026, 10, 27), S.MEETING, "2026-10-27T14:00"),
        ((2026, 10, 27), S.ACTIONS_SENT, "2026-10-29T17:00"),
        ((2026, 11, 4), S.ASK, "2026-10-19T06:00"),
        ((2026, 11, 4), S.UPDATES_CLOSE, "2026-10-26T17:00"),
        # They go forward on Sunday 28 March 2027, which is Easter Day.
        ((2027, 3, 30), S.ASK, "2027-03-10T07:00"),
        ((2027, 3, 30), S.PUBLISH, "2027-03-19T17:00"),
        ((2027, 3, 30), S.MEETING, "2027-03-30T13:00"),
        ((2027, 3, 30), S.ACTIONS_SENT, "2027-04-01T16:00"),
        ((2027, 4, 6), S.LAST_CALL, "2027-03-24T07:00"),
        ((2027, 4, 6), S.UPDATES_CLOSE, "2027-03-24T17:00"),
        ((2027, 4, 6), S.PUBLISH, "2027-03-30T16:00"),
    ],
)
def test_each_step_keeps_its_hour_by_londons_clock_on_both_sides_of_a_clock_change(
    meeting: tuple[int, int, int], kind: StepKind, utc: str
) -> None:
    starts_at = london(date(*meeting), time(14))
    # The board and the database are asked for its settings only, and these are given.
    plan = plan_of(
        cast(Session, None),
        cast(Board, None),
        starts_at,
        28,
        ENGLISH,
        (),
        today=date(2026, 1, 1),
        settings=STANDARD,
    )
    assert plan[kind][1] == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert to_london(plan[S.UPDATES_CLOSE][1]).time() == time(17)


def test_a_week_with_a_clock_change_is_an_hour_longer_or_shorter_for_the_clock_only() -> None:
    before, after = (london(on, time(7)) for on in (date(2026, 10, 23), date(2026, 10, 30)))
    assert after - before == timedelta(days=7, hours=1)
    before, after = (london(on, time(7)) for on in (date(2027, 3, 25), date(2027, 4, 1)))
    assert after - before == timedelta(days=7, hours=-1)


@st.composite
def run_ups(draw: st.DrawFn, at_least: int) -> RunUp:
    """A run-up whose steps come in order, the pack at least so many days before the meeting."""
    days = sorted(draw(st.lists(st.integers(at_least, 40), min_size=6, max_size=6)), reverse=True)
    with_chair = draw(st.booleans())
    return RunUp(days[0] if with_chair else None, *days[1:])


@st.composite
def board_settings(draw: st.DrawFn) -> TimetableSettings:
    """Settings that a board may have, the law's clear days among them."""
    briefing = draw(st.integers(1, 3))
    clear_days = draw(st.integers(briefing, 8))
    by_law = draw(st.booleans())
    at_least = clear_days + 1 if by_law else briefing
    after = sorted(draw(st.lists(st.integers(1, 20), min_size=3, max_size=3)))
    return TimetableSettings(
        access_to_meetings=by_law,
        clear_days=clear_days,
        close_gap_days=draw(st.integers(7, 90)),
        close=draw(run_ups(at_least)),
        far=draw(run_ups(at_least)),
        chairs_briefing=briefing,
        actions_sent=after[0],
        draft_minutes_to_chair=after[1],
        draft_minutes_to_members=after[2],
    )


@st.composite
def closed_periods(draw: st.DrawFn) -> ClosedDays:
    """A closed period of at most five weeks."""
    first = draw(st.dates(date(2026, 6, 1), date(2028, 6, 1)))
    return ClosedDays(
        "Closed",
        first,
        first + timedelta(days=draw(st.integers(0, 34))),
        for_schools=draw(st.booleans()),
        holds_publishing=draw(st.booleans()),
    )


@given(
    st.dates(date(2026, 9, 1), date(2028, 3, 31)),
    st.none() | st.integers(1, 400),
    board_settings(),
    st.lists(closed_periods(), max_size=3),
)
@settings(max_examples=150, deadline=None)
def test_whatever_a_board_sets_and_closes_its_timetable_is_in_order_on_working_days(
    meeting_on: date,
    gap_days: int | None,
    own: TimetableSettings,
    closed: list[ClosedDays],
) -> None:
    steps = timetable(meeting_on, gap_days, HOLIDAYS, own, closed=closed)
    assert [step.on for step in steps] == sorted(step.on for step in steps)
    on = {step.kind: step.on for step in steps}
    assert len(on) == len(steps)
    assert all(is_working_day(day, HOLIDAYS) for kind, day in on.items() if kind is not S.MEETING)
    assert on[S.ASK] <= on[S.CHASE] <= on[S.UPDATES_CLOSE] <= on[S.PUBLISH] < meeting_on
    assert on[S.PUBLISH] <= on[S.CHAIRS_BRIEFING] < meeting_on < on[S.ACTIONS_SENT]
    assert on[S.ACTIONS_SENT] <= on[S.DRAFT_MINUTES_TO_CHAIR] <= on[S.DRAFT_MINUTES_TO_MEMBERS]
    earliest = timetable(meeting_on, gap_days, HOLIDAYS, own)[0].on
    assert steps[0].on >= earliest - LONGEST_SHIFT
    if own.access_to_meetings:
        assert on[S.PUBLISH] == last_lawful_day(meeting_on, own.clear_days, HOLIDAYS)
        assert clear_days_between(on[S.PUBLISH], meeting_on, HOLIDAYS) == own.clear_days


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(0, 12))
def test_the_last_lawful_day_leaves_the_clear_days_and_the_next_working_day_does_not(
    meeting_on: date, clear_days: int
) -> None:
    last_on = last_lawful_day(meeting_on, clear_days, HOLIDAYS)
    assert is_working_day(last_on, HOLIDAYS)
    assert clear_days_between(last_on, meeting_on, HOLIDAYS) == clear_days
    later = last_on + timedelta(days=1)
    while not is_working_day(later, HOLIDAYS):
        later += timedelta(days=1)
    assert clear_days_between(later, meeting_on, HOLIDAYS) < max(clear_days, 1)
