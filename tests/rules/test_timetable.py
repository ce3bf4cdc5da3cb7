"""What happens on which working day around a meeting."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.timetable import (
    CLOSE_MEETINGS,
    STANDARD,
    TITLES,
    StepKind,
    TimetableSettings,
    timetable,
)
from tracker.kernel.working_days import clear_days_between, is_working_day

HOLIDAYS = frozenset(
    {
        date(2026, 12, 25),
        date(2026, 12, 28),
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 5, 3),
        date(2027, 5, 31),
        date(2027, 8, 30),
    }
)
LAWFUL = TimetableSettings(access_to_meetings=True)


def days(meeting_on: date, gap_days: int | None, found: TimetableSettings) -> dict[str, date]:
    steps = timetable(meeting_on, gap_days, HOLIDAYS, found)
    return {step.kind.value: step.on for step in steps}


@pytest.mark.parametrize("gap_days", [7, 28, 42])
def test_meetings_six_weeks_apart_or_less_have_the_short_run_up(gap_days: int) -> None:
    assert days(date(2026, 12, 8), gap_days, STANDARD) == {
        "ask": date(2026, 11, 20),
        "chase": date(2026, 11, 25),
        "last-call": date(2026, 11, 27),
        "updates-close": date(2026, 11, 27),
        "papers-due": date(2026, 11, 27),
        "publish": date(2026, 12, 1),
        "chairs-briefing": date(2026, 12, 4),
        "meeting": date(2026, 12, 8),
        "actions-sent": date(2026, 12, 10),
        "draft-minutes-to-chair": date(2026, 12, 15),
        "draft-minutes-to-members": date(2026, 12, 22),
    }


@pytest.mark.parametrize("gap_days", [43, 91, None])
def test_other_meetings_have_the_long_run_up(gap_days: int | None) -> None:
    found = timetable(date(2026, 12, 8), gap_days, HOLIDAYS)
    assert [(step.kind.value, step.offset) for step in found] == [
        ("agenda-setting", -25),
        ("ask", -20),
        ("chase", -12),
        ("last-call", -8),
        ("updates-close", -8),
        ("papers-due", -7),
        ("publish", -5),
        ("chairs-briefing", -2),
        ("meeting", 0),
        ("actions-sent", 2),
        ("draft-minutes-to-chair", 5),
        ("draft-minutes-to-members", 10),
    ]
    assert found[0].on == date(2026, 11, 3)


def test_five_clear_days_before_a_monday_are_published_on_the_friday_ten_days_before() -> None:
    assert days(date(2026, 11, 30), 91, LAWFUL)["publish"] == date(2026, 11, 20)
    assert days(date(2026, 11, 30), 28, LAWFUL)["publish"] == date(2026, 11, 20)
    assert days(date(2026, 11, 30), 91, STANDARD)["publish"] == date(2026, 11, 23)


def test_christmas_lengthens_the_timetable_of_a_january_meeting() -> None:
    found = days(date(2027, 1, 12), 28, LAWFUL)
    assert found["publish"] == date(2027, 1, 4)
    assert found["ask"] == date(2026, 12, 22)


def test_asks_go_at_seven_updates_close_at_five_and_each_step_has_a_title() -> None:
    found = timetable(date(2026, 12, 8), 91, HOLIDAYS)
    at = {step.kind: step.at for step in found}
    assert at[StepKind.ASK] == at[StepKind.CHASE] == at[StepKind.LAST_CALL] == time(7)
    assert at[StepKind.UPDATES_CLOSE] == at[StepKind.PUBLISH] == time(17)
    assert at[StepKind.MEETING] is None
    assert {step.title for step in found} == set(TITLES.values()) - {TITLES[StepKind.ASK_SCHOOLS]}
    assert len(TITLES) == len(StepKind)


def test_the_last_call_is_on_the_day_of_the_close_unless_the_chase_is() -> None:
    own = TimetableSettings(close=replace(CLOSE_MEETINGS, chase=7))
    assert "last-call" not in days(date(2026, 12, 8), 28, own)
    found = days(date(2026, 12, 8), 28, STANDARD)
    assert found["last-call"] == found["updates-close"]


def test_a_board_may_set_its_own_days() -> None:
    own = TimetableSettings(close=replace(CLOSE_MEETINGS, ask=15), asks_at=time(8))
    ask = timetable(date(2026, 12, 8), 28, HOLIDAYS, own)[0]
    assert (ask.kind, ask.on, ask.at) == (StepKind.ASK, date(2026, 11, 17), time(8))


def test_days_out_of_order_are_refused_in_plain_words() -> None:
    with pytest.raises(ValueError, match="on or before the day of the next"):
        TimetableSettings(close=replace(CLOSE_MEETINGS, chase=14))
    with pytest.raises(ValueError, match="on or before the day of the next"):
        TimetableSettings(access_to_meetings=True, clear_days=7)
    with pytest.raises(ValueError, match="on or before the day of the next"):
        TimetableSettings(chairs_briefing=0)
    with pytest.raises(ValueError, match="draft minutes"):
        TimetableSettings(draft_minutes_to_members=3)


@given(
    st.dates(date(2026, 12, 1), date(2027, 12, 31)),
    st.none() | st.integers(7, 400),
    st.sampled_from([STANDARD, LAWFUL]),
)
@settings(max_examples=50)
def test_a_timetable_is_in_order_on_working_days_and_lawful(
    meeting_on: date, gap_days: int | None, found: TimetableSettings
) -> None:
    steps = timetable(meeting_on, gap_days, HOLIDAYS, found)
    assert [step.on for step in steps] == sorted(step.on for step in steps)
    assert [step.kind for step in steps] == [
        kind for kind in StepKind if kind in {step.kind for step in steps}
    ]
    assert all(
        is_working_day(step.on, HOLIDAYS) for step in steps if step.kind is not StepKind.MEETING
    )
    published_on = next(step.on for step in steps if step.kind is StepKind.PUBLISH)
    assert clear_days_between(published_on, meeting_on, HOLIDAYS) == (5 if found is LAWFUL else 4)
