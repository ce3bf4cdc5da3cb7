"""What a meeting's minutes are composed from, read together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from governance import queries as governance
from governance.agenda_models import AgendaItem, ItemStatus
from governance.decision_models import Decision, DecisionKind
from governance.log_models import MeetingAction
from governance.minute_models import Attendance, AttendanceState, Declaration, MinutesState
from governance.minuting import queries
from governance.minuting.reckoning import is_quorate, verdicts
from governance.models import Meeting
from governance.packs.minutes import (
    ActionRow,
    AttendanceRow,
    BoardAttendance,
    DecisionRow,
    MinutedItem,
    MinutesFacts,
    compose_minutes,
)
from tracker.kernel.period import short_date
from tracker.people.board_models import Board
from tracker.people.models import Partnership, Person

STATUS = {
    MinutesState.BEING_WRITTEN: "Draft, being written",
    MinutesState.WITH_CHAIR: "Draft, with the chair",
    MinutesState.WITH_MEMBERS: "Draft, to be confirmed at the next meeting",
    MinutesState.CONFIRMED: "Confirmed",
}
FURTHER = "Further decisions and actions"


def minutes_value(
    session: Session,
    meeting: Meeting,
    state: MinutesState,
    *,
    confidential: bool = False,
    at: Meeting | None = None,
    amendments: str | None = None,
) -> dict[str, Any]:
    """The minutes as they would be in a state; their confidential part alone where asked for.

    ``at`` is the meeting that confirms them, with its amendments.
    """
    found = material(
        session, meeting, state, confidential=confidential, at=at, amendments=amendments
    )
    return compose_minutes(found)


def has_confidential(session: Session, meeting: Meeting) -> bool:
    """Whether anything of a meeting stands in minutes of its own."""
    return any(
        item.is_confidential for item in queries.minuted_items(session, meeting, confidential=True)
    )


def material(
    session: Session,
    meeting: Meeting,
    state: MinutesState,
    *,
    confidential: bool = False,
    at: Meeting | None = None,
    amendments: str | None = None,
) -> MinutesFacts:
    """All that the open minutes say; or, where asked for, all that the confidential ones say."""
    partnership = session.get_one(Partnership, meeting.partnership_id)
    boards = queries.boards_of(session, meeting)
    quorate = is_quorate(session, meeting)
    coming = governance.next_meeting(
        session, meeting.partnership_id, meeting.board_id, meeting.starts_at
    )
    confirmed = None
    if at is not None:
        how = "with these amendments:" if amendments else "as a correct record."
        confirmed = f"Confirmed at the meeting of {short_date(at.meets_on)} {how}"
    return MinutesFacts(
        partnership=partnership.name,
        board=" and ".join(board.name for board in boards),
        meets_on=meeting.meets_on,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        marking=meeting.board.marking,
        status=STATUS[state],
        is_draft=state is not MinutesState.CONFIRMED,
        is_quorate=quorate,
        is_confidential=confidential,
        attendance=() if confidential else _attendance(session, meeting, boards),
        declared=_declared(session, meeting, confidential),
        items=_items(session, meeting, boards, confidential),
        further=None if confidential else _further(session, meeting, boards),
        next_meeting=coming.starts_at if coming else None,
        confirmed=confirmed,
        amendments=None if confidential else amendments,
    )


def _attendance(
    session: Session, meeting: Meeting, boards: Sequence[Board]
) -> tuple[BoardAttendance, ...]:
    found = verdicts(session, meeting)
    return tuple(
        BoardAttendance(
            board.name,
            attendance_rows(session, meeting, board),
            "" if found[board.id].met is None else found[board.id].words,
        )
        for board in boards
    )


def attendance_rows(session: Session, meeting: Meeting, board: Board) -> tuple[AttendanceRow, ...]:
    """Who attended for a board: its members by role, then those who stood in, then guests."""
    sitters = queries.sitters(session, meeting, board)
    roles = {one.person.id: one.role.value.capitalize() for one in sitters}
    order = {one.person.id: place for place, one in enumerate(sitters)}
    rows = sorted(
        queries.attendance(session, meeting, board),
        key=lambda row: order.get(row.person_id or 0, len(order)),
    )
    stood = {row.substitute_for_id for row in rows if row.substitute_for_id}
    names = {key: session.get_one(Person, key).name for key in stood}
    return tuple(
        AttendanceRow(
            name=row.name,
            capacity=_capacity(row, roles, names),
            organisation=row.organisation or "",
            how=row.state.value.capitalize(),
        )
        for row in rows
    )


def _capacity(row: Attendance, roles: dict[int, str], names: dict[int, str]) -> str:
    if row.substitute_for_id:
        return f"For {names[row.substitute_for_id]}"
    if row.person_id is None or row.state is AttendanceState.IN_ATTENDANCE:
        return roles.get(row.person_id or 0, "Guest")
    return roles.get(row.person_id, "Member")


def _declared(session: Session, meeting: Meeting, confidential: bool) -> tuple[str, ...]:
    items = queries.minuted_items(session, meeting, confidential=True)
    secret = {item.id for item in items if item.is_confidential}
    numbers = item_numbers(session, meeting, confidential=confidential)
    return tuple(
        declared_words(row, numbers)
        for row in queries.declarations(session, meeting, confidential=confidential)
        if (row.is_confidential or row.item_id in secret) is confidential
    )


def declared_words(row: Declaration, numbers: dict[int, str]) -> str:
    """An interest as a sentence: who, in what, and what they then did."""
    what = f"item {numbers[row.item_id]}" if row.item_id in numbers else "the meeting"
    followed = f" {row.what_followed}." if row.what_followed else ""
    return f"{row.name}, in {what}: {row.interest.rstrip('.')}.{followed}"


def item_numbers(
    session: Session, meeting: Meeting, *, confidential: bool = False
) -> dict[int, str]:
    """The number of each item by its id: the published one, else by its place."""
    items = queries.minuted_items(session, meeting, confidential=confidential)
    return {item.id: item.number or str(place) for place, item in enumerate(items, start=1)}


def _items(
    session: Session, meeting: Meeting, boards: Sequence[Board], confidential: bool
) -> tuple[MinutedItem, ...]:
    numbers = item_numbers(session, meeting, confidential=confidential)
    minuted = queries.item_minutes(session, meeting, confidential=confidential)
    decisions = _decided(
        session, meeting, boards, queries.decisions(session, meeting, confidential=confidential)
    )
    actions = queries.actions_of(session, meeting, confidential=confidential)
    return tuple(
        MinutedItem(
            number=numbers[item.id],
            title=item.title,
            text=minuted[item.id].text if item.id in minuted else "",
            notes=_notes(item),
            decisions=tuple(one for key, one in decisions if key == item.id),
            actions=_asked(one for one in actions if one.item_id == item.id),
        )
        for item in queries.minuted_items(session, meeting, confidential=confidential)
        if item.is_confidential is confidential
    )


def _notes(item: AgendaItem) -> tuple[str, ...]:
    if item.status is ItemStatus.DEFERRED:
        return (f"Deferred. {item.status_words or ''}".strip(),)
    return ()


def _further(session: Session, meeting: Meeting, boards: Sequence[Board]) -> MinutedItem | None:
    """What was agreed or asked under no item of the minutes.

    An item that was made confidential later takes with it what was recorded before that.
    """
    elsewhere = {item.id for item in queries.minuted_items(session, meeting, confidential=True)}
    decisions = [one for one in queries.decisions(session, meeting) if one.item_id not in elsewhere]
    actions = [one for one in queries.actions_of(session, meeting) if one.item_id not in elsewhere]
    if not decisions and not actions:
        return None
    return MinutedItem(
        "",
        FURTHER,
        decisions=tuple(row for _, row in _decided(session, meeting, boards, decisions)),
        actions=_asked(actions),
    )


def _decided(
    session: Session, meeting: Meeting, boards: Sequence[Board], decisions: Iterable[Decision]
) -> list[tuple[int | None, DecisionRow]]:
    """Decisions with their items' ids; of a board without its quorum they are recommendations."""
    quorate = {board.id: is_quorate(session, meeting, board) for board in boards}
    names = {board.id: board.name for board in boards} if len(boards) > 1 else {}
    return [
        (
            row.item_id,
            DecisionRow(
                row.reference,
                kind_of(row, quorate.get(row.board_id, True)).value,
                row.text,
                _how(row, names.get(row.board_id)),
            ),
        )
        for row in decisions
    ]


def kind_of(row: Decision, is_quorate: bool) -> DecisionKind:
    """What a decision counts as: without a quorum none is more than a recommendation."""
    if row.kind is DecisionKind.DECISION and not is_quorate:
        return DecisionKind.RECOMMENDATION
    return row.kind


def _how(row: Decision, board: str | None) -> str:
    cast = (("for", row.votes_for), ("against", row.votes_against), ("abstained", row.abstentions))
    votes = ", ".join(f"{number} {word}" for word, number in cast if number is not None)
    said = (
        board or "",
        f"Proposed by {row.proposer}" if row.proposer else "",
        f"Seconded by {row.seconder}" if row.seconder else "",
        f"Votes: {votes}" if votes else "",
    )
    return "".join(f"{part}. " for part in said if part).strip()


def _asked(actions: Iterable[MeetingAction]) -> tuple[ActionRow, ...]:
    return tuple(
        ActionRow(
            row.reference,
            row.what,
            lead_of(row),
            short_date(row.due_on) if row.due_on else "",
        )
        for row in actions
    )


def lead_of(row: MeetingAction) -> str:
    """Who leads a meeting action, in words."""
    named = (row.person.name if row.person else "", row.organisation)
    return ", ".join(filter(None, (named[0], named[1].name if named[1] else ""))) or "Nobody named"
