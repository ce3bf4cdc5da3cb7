"""What closed periods do to a timetable: steps move to before them, in order, or say why not."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.timetable import (
    ASKING,
    LONGEST_SHIFT,
    ClosedDays,
    Step,
    StepKind,
    closed_words,
    held_until,
    timetable,
)
from tests.rules.test_timetable import HOLIDAYS
from tracker.kernel.working_days import is_working_day

MEETING = date(2027, 1, 26)  # asked on 24 December, chased on 8 January, closed on 14 January
CHRISTMAS = ClosedDays("Christmas", date(2026, 12, 21), date(2027, 1, 3))
HALF_TERM = ClosedDays("Half term", date(2026, 12, 19), date(2027, 1, 3), for_schools=True)


def steps(
    *closed: ClosedDays, meeting_on: date = MEETING, today: date | None = None
) -> dict[StepKind, Step]:
    found = timetable(meeting_on, 91, HOLIDAYS, closed=closed, today=today)
    return {step.kind: step for step in found}


def test_an_ask_in_a_closed_period_moves_to_the_last_working_day_before_it() -> None:
    before, after = steps(), steps(CHRISTMAS)
    assert before[StepKind.ASK].on == date(2026, 12, 24)
    assert after[StepKind.ASK].on == date(2026, 12, 18)
    assert after[StepKind.ASK].note == "Before “Christmas”; it was 24 December 2026"
    for kind in set(before) - {StepKind.ASK}:
        assert after[kind].on == before[kind].on


def test_periods_that_follow_one_another_are_passed_over_together() -> None:
    advent = ClosedDays("Advent", date(2026, 12, 14), date(2026, 12, 18))
    found = steps(CHRISTMAS, advent)[StepKind.ASK]
    assert found.on == date(2026, 12, 11)
    assert found.note is not None
    assert found.note.startswith("Before “Christmas”")


def test_updates_close_earlier_only_where_their_own_day_is_closed() -> None:
    chased = ClosedDays("Strike", date(2027, 1, 7), date(2027, 1, 9))
    closed = ClosedDays("Flood", date(2027, 1, 12), date(2027, 1, 15))
    found = steps(chased, closed)
    assert found[StepKind.CHASE].on == date(2027, 1, 6)
    assert found[StepKind.UPDATES_CLOSE].on == found[StepKind.LAST_CALL].on == date(2027, 1, 11)
    assert found[StepKind.PAPERS_DUE].on == steps()[StepKind.PAPERS_DUE].on
    assert steps(chased)[StepKind.UPDATES_CLOSE].on == steps()[StepKind.UPDATES_CLOSE].on


def test_what_would_have_to_move_into_the_past_or_over_a_season_stays_and_says_so() -> None:
    words = "Falls in “Christmas”, and could not be moved to before it"
    found = steps(CHRISTMAS, today=date(2026, 12, 21))[StepKind.ASK]
    assert (found.on, found.note) == (date(2026, 12, 24), words)
    assert steps(CHRISTMAS, today=date(2026, 12, 18))[StepKind.ASK].on == date(2026, 12, 18)
    year = ClosedDays("Rebuilding", date(2026, 6, 1), date(2027, 5, 31))
    assert steps(year)[StepKind.ASK].on == date(2026, 12, 24)


def test_school_contacts_are_asked_on_a_day_of_their_own_before_their_holidays() -> None:
    found = steps(HALF_TERM)
    assert found[StepKind.ASK_SCHOOLS].on == date(2026, 12, 18)
    assert found[StepKind.ASK].on == date(2026, 12, 24)
    assert StepKind.ASK_SCHOOLS not in steps()


def test_where_everybody_is_asked_before_the_holidays_schools_need_no_day_of_their_own() -> None:
    assert StepKind.ASK_SCHOOLS not in steps(HALF_TERM, CHRISTMAS)


@pytest.mark.parametrize(
    ("on", "free_on"),
    [
        (date(2027, 3, 21), None),
        (date(2027, 3, 22), date(2027, 5, 10)),
        (date(2027, 5, 6), date(2027, 5, 10)),
        (date(2027, 5, 9), date(2027, 5, 10)),
        (date(2027, 5, 10), None),
    ],
)
def test_public_publishing_is_held_until_the_last_of_the_periods_that_hold_it(
    on: date, free_on: date | None
) -> None:
    closed = [
        ClosedDays("Count", date(2027, 5, 7), date(2027, 5, 9), holds_publishing=True),
        ClosedDays("Election", date(2027, 3, 22), date(2027, 5, 6), holds_publishing=True),
        ClosedDays("Summer", date(2027, 5, 10), date(2027, 9, 1)),
    ]
    found = held_until(on, closed)
    assert (found[1] if found else None) == free_on


def test_a_step_that_asks_on_a_closed_day_is_named_and_no_other() -> None:
    on = date(2026, 12, 24)
    assert closed_words(StepKind.ASK, on, [CHRISTMAS]) == "falls in “Christmas”"
    assert closed_words(StepKind.PUBLISH, on, [CHRISTMAS]) is None
    assert closed_words(StepKind.ASK, on, [HALF_TERM]) is None


@st.composite
def periods(draw: st.DrawFn) -> ClosedDays:
    first = draw(st.dates(date(2026, 9, 1), date(2027, 12, 1)))
    length = draw(st.integers(0, 45))
    return ClosedDays("Closed", first, first + timedelta(days=length), draw(st.booleans()))


@given(
    st.dates(date(2026, 12, 1), date(2027, 12, 31)),
    st.none() | st.integers(7, 400),
    st.lists(periods(), max_size=5),
    st.none() | st.dates(date(2026, 9, 1), date(2027, 12, 1)),
)
@settings(max_examples=150, deadline=None)
def test_what_asks_is_in_order_on_open_working_days_or_says_why_not(
    meeting_on: date, gap_days: int | None, closed: list[ClosedDays], today: date | None
) -> None:
    plain = {s.kind: s for s in timetable(meeting_on, gap_days, HOLIDAYS)}
    found = {
        s.kind: s for s in timetable(meeting_on, gap_days, HOLIDAYS, closed=closed, today=today)
    }
    everybody = [period for period in closed if not period.for_schools]
    for kind in ASKING:
        step = found[kind]
        assert is_working_day(step.on, HOLIDAYS)
        assert step.on <= plain[kind].on
        assert plain[kind].on - step.on <= LONGEST_SHIFT
        if any(period.holds(step.on) for period in everybody):
            assert step.on == plain[kind].on
            assert step.note is not None
            assert "could not be moved" in step.note
        elif today is not None and step.on < today:
            assert step.on == plain[kind].on
    in_turn = [found[kind].on for kind in ASKING]
    assert in_turn == sorted(in_turn)
    if StepKind.LAST_CALL in found:
        assert found[StepKind.LAST_CALL].on == found[StepKind.UPDATES_CLOSE].on
    if StepKind.ASK_SCHOOLS in found:
        schools = found[StepKind.ASK_SCHOOLS].on
        assert schools < found[StepKind.ASK].on
        assert is_working_day(schools, HOLIDAYS)
        assert not any(period.holds(schools) for period in closed)
    untouched = set(plain) - {*ASKING, StepKind.LAST_CALL}
    assert all(found[kind] == plain[kind] for kind in untouched)
    order = [step.on for step in sorted(found.values(), key=lambda step: step.on)]
    assert all(before <= after for before, after in pairwise(order))
