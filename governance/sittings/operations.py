"""What becomes of meetings: cancelled, postponed, adjourned, lapsed; called, joint, described.

Each holds the meeting's row, raises its calendar entry's sequence, and keeps why and when.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from governance import planning
from governance.agendas.operations import write_agenda
from governance.models import Meeting, MeetingBoard, MeetingMode, MeetingStatus
from governance.operations import mark_done
from governance.sittings.calling import CannotCall, new_meeting
from governance.sittings.passing import Passed, go_on_with, pass_on
from governance.sittings.queries import further_boards, has_records, meeting_board
from governance.sittings.rules import Becoming, why_not
from governance.timetable import StepKind
from tracker.edges.bank_holidays import BankHolidays
from tracker.people.board_models import Board

# Raised from here too, for whoever calls a meeting.
__all__ = [
    "CannotBecome",
    "CannotCall",
    "Passed",
    "add_board",
    "adjourn_meeting",
    "call_meeting",
    "cancel_meeting",
    "change_details",
    "lapse_meeting",
    "minutes_of",
    "postpone_meeting",
    "remove_board",
]
STATUS = {
    Becoming.CANCEL: MeetingStatus.CANCELLED,
    Becoming.POSTPONE: MeetingStatus.POSTPONED,
    Becoming.ADJOURN: MeetingStatus.ADJOURNED,
    Becoming.LAPSE: MeetingStatus.LAPSED,
}


class CannotBecome(Exception):
    """That cannot become of a meeting; the message says why in plain words."""


def cancel_meeting(
    session: Session, meeting: Meeting, *, why: str, now: datetime, holidays: BankHolidays
) -> Passed:
    """Cancel a meeting that has not begun; what it owed passes to its board's next planned one.

    Nobody is asked or reminded for it any more, and calendars show it cancelled. Where several are
    cancelled together, begin with the latest, so that nothing passes to one that falls away next.
    Raises CannotBecome for one that has begun, was held or fell away already.
    """
    _become(session, meeting, Becoming.CANCEL, why=why, now=now)
    return pass_on(session, meeting, why=why, now=now)


def lapse_meeting(
    session: Session, meeting: Meeting, *, why: str, now: datetime, holidays: BankHolidays
) -> Passed:
    """Record that a meeting lapsed: nobody came, or it never had its quorum.

    What it owed passes on as from a cancelled one. Raises CannotBecome for a meeting that has not
    begun, or of which decisions, minutes or attendance are recorded.
    """
    _become(session, meeting, Becoming.LAPSE, why=why, now=now)
    return pass_on(session, meeting, why=why, now=now)


def postpone_meeting(session: Session, meeting: Meeting, *, why: str, now: datetime) -> None:
    """Postpone a meeting to a day that is not fixed yet: its timetable rests, nobody is reminded.

    Its open asks stay open. Moving it fixes the new day. Raises CannotBecome for a meeting that
    has begun or is not planned.
    """
    _become(session, meeting, Becoming.POSTPONE, why=why, now=now)


def adjourn_meeting(
    session: Session,
    meeting: Meeting,
    *,
    why: str,
    to: date,
    starts_at: time,
    now: datetime,
    holidays: BankHolidays,
) -> Meeting:
    """Adjourn a meeting that sat to another day; returns the meeting that goes on with it.

    That one belongs to the same board, has a short timetable of its own without asks, and takes
    the items that were not reached. Raises CannotBecome for a meeting that has not begun, and
    CannotCall for a day that will not do.
    """
    _become(session, meeting, Becoming.ADJOURN, why=why, now=now)
    mark_done(session, meeting, StepKind.MEETING, now=now)
    further = further_boards(session, meeting)
    goes_on = new_meeting(
        session,
        meeting.board,
        on=to,
        starts_at=starts_at,
        minutes=minutes_of(meeting),
        place=meeting.place,
        mode=meeting.mode,
        joining_link=meeting.joining_link,
        continues=meeting,
        now=now,
        holidays=holidays,
    )
    for board in further:
        add_board(session, goes_on, board, now=now)
    go_on_with(session, meeting, goes_on, why=why, now=now)
    return goes_on


def call_meeting(
    session: Session,
    board: Board,
    *,
    on: date,
    starts_at: time,
    minutes: int,
    place: str | None,
    now: datetime,
    holidays: BankHolidays,
    mode: MeetingMode = MeetingMode.IN_PERSON,
    joining_link: str | None = None,
    plan_ids: Collection[int] = (),
) -> Meeting:
    """Call an extra meeting of a board, outside its rule, with the short timetable.

    ``plan_ids``: plans that one of the board's cycles brings, which it reviews: their owners are
    asked as for any meeting. Raises CannotCall for a day or time that will not do.
    """
    called = new_meeting(
        session,
        board,
        on=on,
        starts_at=starts_at,
        minutes=minutes,
        place=place,
        mode=mode,
        joining_link=joining_link,
        plan_ids=plan_ids,
        now=now,
        holidays=holidays,
    )
    write_agenda(session, called, now=now)
    return called


def change_details(
    session: Session,
    meeting: Meeting,
    *,
    mode: MeetingMode,
    place: str | None,
    joining_link: str | None,
    minutes: int,
    now: datetime,
) -> None:
    """Change how, where and how long a meeting to come is held; calendars follow."""
    planning.locked(session, meeting)
    meeting.mode = mode
    meeting.place = place
    meeting.joining_link = joining_link
    meeting.ends_at = meeting.starts_at + timedelta(minutes=minutes)
    _followed(meeting, now)
    session.flush()


def add_board(session: Session, meeting: Meeting, board: Board, *, now: datetime) -> None:
    """Make a meeting joint with a further board of the same partnership; once."""
    planning.locked(session, meeting)
    there = {one.id for one in further_boards(session, meeting)} | {meeting.board_id}
    if board.id in there or board.partnership_id != meeting.partnership_id:
        return
    session.add(
        MeetingBoard(
            partnership_id=meeting.partnership_id, meeting_id=meeting.id, board_id=board.id
        )
    )
    _followed(meeting, now)
    session.flush()


def remove_board(session: Session, meeting: Meeting, board: Board, *, now: datetime) -> None:
    """Have a further board take part in a joint meeting no longer."""
    planning.locked(session, meeting)
    row = meeting_board(session, meeting, board.id)
    if row is not None:
        session.delete(row)
        _followed(meeting, now)
        session.flush()


def minutes_of(meeting: Meeting) -> int:
    """How long a meeting is planned to last, in minutes."""
    return int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)


def _become(
    session: Session, meeting: Meeting, becoming: Becoming, *, why: str, now: datetime
) -> None:
    planning.locked(session, meeting)
    reason = why_not(
        becoming,
        meeting.status.value,
        has_begun=meeting.starts_at <= now,
        has_records=has_records(session, meeting),
    )
    if reason is not None:
        raise CannotBecome(reason)
    meeting.status = STATUS[becoming]
    meeting.status_words = why
    meeting.status_at = now
    _followed(meeting, now)
    session.flush()


def _followed(meeting: Meeting, now: datetime) -> None:
    """Raise what calendars look at, so that they take the change over."""
    meeting.sequence += 1
    meeting.changed_at = now
