"""What may become of a meeting, and how its pack stands to the law."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from governance.models import MeetingStatus
from governance.sittings.rules import PLANNED, POSTPONED, SAT, Becoming, judged, why_not

AHEAD, BEGUN = False, True
B, M = Becoming, MeetingStatus


def test_the_words_of_statuses_are_the_records_own() -> None:
    assert {PLANNED, POSTPONED, *SAT} == {M.PLANNED, M.POSTPONED, M.HELD, M.INQUORATE}


@pytest.mark.parametrize(
    ("status", "begun", "may_become"),
    [
        (M.PLANNED, AHEAD, {B.CANCEL, B.POSTPONE}),
        (M.PLANNED, BEGUN, {B.ADJOURN, B.LAPSE}),
        (M.POSTPONED, AHEAD, {B.CANCEL}),
        (M.POSTPONED, BEGUN, {B.CANCEL}),
        (M.HELD, BEGUN, {B.ADJOURN, B.LAPSE}),
        (M.INQUORATE, BEGUN, {B.ADJOURN, B.LAPSE}),
        (M.ADJOURNED, BEGUN, set()),
        (M.LAPSED, BEGUN, set()),
        (M.CANCELLED, AHEAD, set()),
    ],
)
def test_what_may_become_of_a_meeting(
    status: MeetingStatus, begun: bool, may_become: set[Becoming]
) -> None:
    found = {one for one in B if why_not(one, status.value, has_begun=begun) is None}
    assert found == may_become
    for one in set(B) - may_become:
        reason = why_not(one, status.value, has_begun=begun)
        assert reason is not None
        assert reason.endswith(".")


def test_a_meeting_of_which_something_is_recorded_did_not_lapse() -> None:
    reason = why_not(B.LAPSE, M.HELD.value, has_begun=True, has_records=True)
    assert reason == "Something is recorded of this meeting, so it was held. It did not lapse."
    assert why_not(B.ADJOURN, M.HELD.value, has_begun=True, has_records=True) is None


@pytest.mark.parametrize(
    ("published", "now", "missed", "words"),
    [
        (
            None,
            datetime(2026, 11, 20, 23, 59, tzinfo=UTC),
            False,
            "The last lawful moment to publish is midnight at the end of Friday 20 November 2026."
            " The law asks for 5 clear days between publishing and the meeting.",
        ),
        (
            None,
            datetime(2026, 11, 21, 0, 0, tzinfo=UTC),
            True,
            "The law asks for 5 clear days between publishing and the meeting. The last lawful day"
            " was Friday 20 November 2026, which has passed.",
        ),
        (
            datetime(2026, 11, 20, 23, 59, tzinfo=UTC),
            datetime(2026, 11, 25, tzinfo=UTC),
            False,
            "The pack was published in time, on 20 November 2026.",
        ),
        (
            datetime(2026, 11, 21, 8, 0, tzinfo=UTC),
            datetime(2026, 11, 25, tzinfo=UTC),
            True,
            "The law asks for 5 clear days between publishing and the meeting. The pack was"
            " published on 21 November 2026; the last lawful day was Friday 20 November 2026.",
        ),
    ],
)
def test_a_pack_is_lawful_until_the_end_of_its_last_day(
    published: datetime | None, now: datetime, missed: bool, words: str
) -> None:
    found = judged(
        meeting_on=date(2026, 11, 30),
        clear_days=5,
        published_at=published,
        now=now,
        holidays=frozenset(),
    )
    assert (found.is_missed, found.words) == (missed, words)
