"""Recording a meeting: who was there, interests, what was said of each item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from governance.agenda_models import AgendaItem
from governance.minute_models import Attendance, AttendanceState, Declaration, ItemMinute
from governance.minuting import queries
from governance.minuting.ground import CannotMinute, Overtaken, writing
from governance.minuting.queries import Sitter
from governance.minuting.reckoning import rule_of, verdicts
from governance.models import Meeting, MeetingStatus
from tracker.people.board_models import Board, BoardRole
from tracker.people.models import Person

THERE = tuple(state for state in AttendanceState if state.is_there)


@dataclass(frozen=True)
class Mark:
    """How a person of the board attended; for whom, where they stood in."""

    state: AttendanceState
    for_id: int | None = None


def attendance_version(rows: Iterable[Attendance]) -> int:
    """A number that rises with every change of the people of a board's attendance.

    Their rows are never taken away; those of guests do not count.
    """
    return sum(row.version for row in rows if row.person_id is not None)


def record_attendance(
    session: Session,
    meeting: Meeting,
    board: Board,
    marks: Mapping[int, Mark],
    *,
    seen: int,
    now: datetime,
) -> None:
    """Record how the people of a board attended, by person id, and reckon the quorum.

    Whoever is not on the board that day is passed over. Raises Overtaken when somebody recorded
    attendance since ``seen``; CannotMinute once the minutes are closed, or when a substitute is
    named for two people or somebody has two substitutes.
    """
    writing(session, meeting)
    rows = list(queries.attendance(session, meeting, board))
    for row in rows:
        session.refresh(row)
    if attendance_version(rows) != seen:
        raise Overtaken
    sitters = queries.sitters(session, meeting, board)
    _check_substitutes(sitters, marks, rows)
    there = {row.person_id: row for row in rows if row.person_id is not None}
    for sitter in sitters:
        mark = marks.get(sitter.person.id)
        if mark is None:
            continue
        row = there.get(sitter.person.id) or Attendance(
            partnership_id=meeting.partnership_id,
            meeting_id=meeting.id,
            board_id=board.id,
            person_id=sitter.person.id,
        )
        row.name = sitter.person.name
        row.organisation = ", ".join(sitter.organisations)[:300] or None
        row.state = mark.state
        stands_in = sitter.role is BoardRole.SUBSTITUTE and mark.state.is_there
        row.substitute_for_id = mark.for_id if stands_in else None
        row.is_voting = sitter.seat.is_voting or row.substitute_for_id is not None
        session.add(row)
    session.flush()
    settle_quorum(session, meeting, now=now)


def _check_substitutes(
    sitters: Sequence[Sitter], marks: Mapping[int, Mark], rows: Sequence[Attendance]
) -> None:
    """One person stands in for one member, who is not there themselves."""
    names = {one.person.id: one.person.name for one in sitters}
    standing = [row.substitute_for_id for row in rows if row.person_id is None]
    standing += [mark.for_id for mark in marks.values() if mark.state.is_there]
    for for_id in {one for one in standing if one is not None}:
        if for_id not in names:
            raise CannotMinute("Somebody stands in for a person who is not on this board.")
        own = marks.get(for_id)
        if own is not None and own.state.is_there:
            raise CannotMinute(
                f"{names[for_id]} is recorded as present, so nobody stands in for them."
            )
        if standing.count(for_id) > 1:
            raise CannotMinute(f"Only one person can stand in for {names[for_id]}.")


def add_guest(
    session: Session,
    meeting: Meeting,
    board: Board,
    *,
    name: str,
    organisation: str | None,
    for_id: int | None,
    now: datetime,
) -> Attendance:
    """Record somebody who is not on the board: in attendance, or in the place of a member.

    Raises CannotMinute where that member is there themselves or has somebody in their place.
    """
    writing(session, meeting)
    if for_id is not None:
        rows = queries.attendance(session, meeting, board)
        marks = {
            row.person_id: Mark(row.state, row.substitute_for_id)
            for row in rows
            if row.person_id is not None
        }
        new = Attendance(substitute_for_id=for_id)
        _check_substitutes(queries.sitters(session, meeting, board), marks, [*rows, new])
    guest = Attendance(
        partnership_id=meeting.partnership_id,
        meeting_id=meeting.id,
        board_id=board.id,
        name=name,
        organisation=organisation,
        state=AttendanceState.IN_ATTENDANCE if for_id is None else AttendanceState.PRESENT,
        substitute_for_id=for_id,
        is_voting=for_id is not None,
    )
    session.add(guest)
    session.flush()
    settle_quorum(session, meeting, now=now)
    return guest


def remove_guest(session: Session, meeting: Meeting, guest_id: int, *, now: datetime) -> bool:
    """Take a guest off the attendance; False where there is none of that number."""
    writing(session, meeting)
    for board in queries.boards_of(session, meeting):
        for row in queries.attendance(session, meeting, board):
            if row.id == guest_id and row.person_id is None:
                session.delete(row)
                session.flush()
                settle_quorum(session, meeting, now=now)
                return True
    return False


def settle_quorum(session: Session, meeting: Meeting, *, now: datetime) -> None:
    """Write down whether a meeting that has begun has its quorum, where the boards' rules say.

    A joint meeting has one while any of its boards has: each decides for itself.
    """
    if meeting.starts_at > now:
        return
    rows = [
        row
        for board in queries.boards_of(session, meeting)
        for row in queries.attendance(session, meeting, board)
    ]
    found = [one.met for one in verdicts(session, meeting).values()]
    if not any(row.state.is_there for row in rows):
        return
    if any(found):
        meeting.is_quorate = True
    elif all(met is False for met in found):
        meeting.is_quorate = False
    _say_how_it_was_held(meeting)
    session.flush()


def _say_how_it_was_held(meeting: Meeting) -> None:
    """Have a meeting that is over stand as held, or held inquorate, by what is recorded now.

    It may have ended before attendance was complete.
    """
    if meeting.status in (MeetingStatus.HELD, MeetingStatus.INQUORATE):
        inquorate = meeting.is_quorate is False
        meeting.status = MeetingStatus.INQUORATE if inquorate else MeetingStatus.HELD


def declare_quorum(session: Session, meeting: Meeting, *, is_quorate: bool) -> None:
    """The secretary says whether a meeting is quorate, where no board's rule can.

    Raises CannotMinute where every board has a rule: then attendance says it.
    """
    writing(session, meeting)
    if all(rule_of(board).is_set for board in queries.boards_of(session, meeting)):
        raise CannotMinute("The quorum follows from the attendance. Correct that instead.")
    meeting.is_quorate = is_quorate
    _say_how_it_was_held(meeting)
    session.flush()


def declare_interest(
    session: Session,
    meeting: Meeting,
    *,
    name: str,
    person: Person | None,
    item: AgendaItem | None,
    interest: str,
    what_followed: str | None,
) -> Declaration:
    """Record an interest, in an item or in the whole meeting, and what its holder then did."""
    writing(session, meeting)
    row = Declaration(
        partnership_id=meeting.partnership_id,
        meeting_id=meeting.id,
        item_id=item.id if item else None,
        person_id=person.id if person else None,
        name=name,
        interest=interest,
        what_followed=what_followed,
        is_confidential=item.is_confidential if item else False,
    )
    session.add(row)
    session.flush()
    return row


def withdraw_declaration(
    session: Session, meeting: Meeting, declaration_id: int, *, confidential: bool
) -> bool:
    """Take back an interest recorded by mistake; False where there is none of that number."""
    writing(session, meeting)
    for row in queries.declarations(session, meeting, confidential=confidential):
        if row.id == declaration_id:
            session.delete(row)
            session.flush()
            return True
    return False


def minute_item(
    session: Session,
    meeting: Meeting,
    item: AgendaItem,
    *,
    text: str,
    seen: int,
    person_id: int,
    now: datetime,
) -> ItemMinute | None:
    """Save what is minuted of an item; ``seen`` is the version on the page, 0 before the first.

    None where there is nothing to save. Raises Overtaken when somebody saved it since.
    """
    writing(session, meeting)
    confidential = item.is_confidential
    row = queries.item_minutes(session, meeting, confidential=confidential).get(item.id)
    if row is not None:
        session.refresh(row)
    there = row.version if row is not None else 0
    if row is not None and row.text == text:
        return row
    if there != seen:
        raise Overtaken
    if row is None:
        if not text:
            return None
        row = ItemMinute(
            partnership_id=meeting.partnership_id,
            meeting_id=meeting.id,
            item_id=item.id,
            is_confidential=confidential,
        )
        session.add(row)
    row.text = text
    row.changed_at = now
    row.changed_by_id = person_id
    session.flush()
    return row
