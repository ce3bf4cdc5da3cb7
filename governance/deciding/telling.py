"""What decisions between meetings tell members, the clockwork, and the papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.agenda import ItemKind
from governance.agenda_models import AgendaItem
from governance.clockwork import Chore, add_chore
from governance.deciding.operations import close_due
from governance.deciding.queries import Seat, seats, to_ratify, voters
from governance.decision_models import (
    Circulation,
    CirculationAnswer,
    CirculationKind,
    CirculationState,
)
from governance.item_writers import adds_to_items
from governance.models import Meeting, MeetingStatus, TimetableStep
from governance.news import Line, NewsKind
from governance.packs.blocks import Block, column, heading, lines, table
from governance.timetable import StepKind
from governance.waiting import LOOK_BACK, Waiting, tells
from tracker.edges.tenancy import ACROSS
from tracker.kernel.period import short_date
from tracker.kernel.times import london, london_day
from tracker.kernel.working_days import working_day_before
from tracker.people.board_models import Board, BoardMember, BoardRole
from tracker.people.models import Partnership, Person
from tracker.web.filters import when
from tracker.web.parts import parts

# The rest of the day's message goes at this time too.
MORNING = time(7)


def _due(session: Session, now: datetime) -> Sequence[int]:
    return session.scalars(
        select(Circulation.id)
        .where(Circulation.state == CirculationState.OPEN, Circulation.closes_at <= now)
        .order_by(Circulation.closes_at, Circulation.id),
        execution_options=ACROSS,
    ).all()


add_chore(Chore("decisions between meetings whose time is over", _due, close_due))


@tells
def circulating(session: Session, now: datetime) -> Iterable[Waiting]:
    """Decisions that wait for a member's answer; and, for all, what became of them."""
    rows = session.execute(
        select(Circulation, Board, Partnership.slug)
        .join(Board, Board.id == Circulation.board_id)
        .join(Partnership, Partnership.id == Circulation.partnership_id)
        .where(
            or_(
                Circulation.state == CirculationState.OPEN,
                Circulation.closed_at > now - LOOK_BACK,
            )
        )
        .order_by(Circulation.closes_at, Circulation.id),
        execution_options=ACROSS,
    ).all()
    if not rows:
        return
    sitting = _seats(session, {board.id for _, board, _ in rows}, london_day(now))
    answered = _answered(session, [one.id for one, _, _ in rows])
    for one, board, slug in rows:
        may_read = [
            seat for seat in sitting[board.id] if seat.reads_confidential or not one.is_confidential
        ]
        path = f"/{slug}/boards/{board.slug}/between-meetings/{one.uid}"
        if one.state is CirculationState.OPEN:
            for seat in voters(may_read, one.kind):
                if seat.person.id not in answered[one.id]:
                    yield from _asked(one, board, path, seat, now)
        else:
            yield from _told(one, board, path, may_read)


def _asked(
    one: Circulation, board: Board, path: str, seat: Seat, now: datetime
) -> Iterable[Waiting]:
    """A member is asked when it opens, and reminded a working day before it closes."""
    line = Line(_title(one), path, f"{board.name}; answer by {when(one.closes_at)}")
    keys = [(f"told:circulation:{one.uid}", one.opened_at)]
    remind_at = _reminder(one)
    if one.opened_at < remind_at <= now:
        keys.append((f"told:circulation-closes:{one.uid}", remind_at))
    for key, planned_at in keys:
        yield Waiting(
            one.partnership_id,
            seat.person.id,
            NewsKind.TO_DECIDE,
            key,
            "Decisions between meetings that wait for your answer",
            planned_at,
            line,
        )


def _told(one: Circulation, board: Board, path: str, may_read: Sequence[Seat]) -> Iterable[Waiting]:
    """Everybody of the board who may read it learns what became of it."""
    assert one.closed_at is not None
    for seat in may_read:
        yield Waiting(
            one.partnership_id,
            seat.person.id,
            NewsKind.CHANGED,
            f"told:circulation-{one.state.value.replace(' ', '-')}:{one.uid}",
            "Decided between meetings",
            one.closed_at,
            Line(f"{_title(one)}: {one.state.value}", path, board.name),
            again=False,
        )


def _title(one: Circulation) -> str:
    return "A confidential decision" if one.is_confidential else one.title


def _reminder(one: Circulation) -> datetime:
    """The morning of the working day before it closes."""
    closes_on = london_day(one.closes_at)
    holidays = parts().holidays.between(closes_on.year - 1, closes_on.year)
    return london(working_day_before(closes_on, 1, holidays), MORNING)


def _seats(session: Session, board_ids: set[int], on: date) -> dict[int, list[Seat]]:
    rows: dict[int, list[tuple[BoardMember, Person]]] = defaultdict(list)
    for member, person in session.execute(
        select(BoardMember, Person)
        .join(Person, Person.id == BoardMember.person_id)
        .where(
            BoardMember.board_id.in_(sorted(board_ids)),
            BoardMember.from_on <= on,
            or_(BoardMember.to_on.is_(None), BoardMember.to_on >= on),
        )
        .order_by(Person.id),
        execution_options=ACROSS,
    ):
        rows[member.board_id].append((member, person))
    return defaultdict(list, {board_id: seats(its) for board_id, its in rows.items()})


def _answered(session: Session, circulation_ids: Sequence[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for circulation_id, person_id in session.execute(
        select(CirculationAnswer.circulation_id, CirculationAnswer.person_id).where(
            CirculationAnswer.circulation_id.in_(circulation_ids)
        ),
        execution_options=ACROSS,
    ):
        found[circulation_id].add(person_id)
    return found


@tells
def briefed(session: Session, now: datetime) -> Iterable[Waiting]:
    """Chairs learn of the briefing for a meeting to come, with their message of its day.

    It is written as it is opened, so the message need not wait for the step at the day's end.
    """
    for meeting, board, slug, planned_at, person_id in session.execute(
        select(Meeting, Board, Partnership.slug, TimetableStep.planned_at, BoardMember.person_id)
        .join(TimetableStep, TimetableStep.meeting_id == Meeting.id)
        .join(Board, Board.id == Meeting.board_id)
        .join(Partnership, Partnership.id == Meeting.partnership_id)
        .join(BoardMember, BoardMember.board_id == Meeting.board_id)
        .where(
            TimetableStep.kind == StepKind.CHAIRS_BRIEFING,
            TimetableStep.planned_at > now - LOOK_BACK,
            TimetableStep.planned_at < now + timedelta(days=1),
            Meeting.status == MeetingStatus.PLANNED,
            Meeting.starts_at > now,
            BoardMember.role == BoardRole.CHAIR,
            BoardMember.from_on <= london_day(now),
            or_(BoardMember.to_on.is_(None), BoardMember.to_on >= london_day(now)),
        )
        .order_by(Meeting.starts_at, Meeting.id, BoardMember.person_id),
        execution_options=ACROSS,
    ):
        ready_at = min(london(london_day(planned_at), MORNING), planned_at)
        if ready_at > now:
            continue
        path = f"/{slug}/boards/{board.slug}/meetings/{meeting.occurrence_on}/briefing"
        yield Waiting(
            meeting.partnership_id,
            person_id,
            NewsKind.CHANGED,
            f"told:briefing:{meeting.uid}",
            "Your briefing as chair",
            ready_at,
            Line("Read the chair’s briefing", path, f"{board.name}, {when(meeting.starts_at)}"),
            again=False,
        )


@adds_to_items
def for_ratification(
    session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime
) -> Sequence[Block]:
    """The decisions taken since the last meeting, under the action log, for ratification.

    Confidential ones stand only under a confidential item, and nothing else does there.
    """
    if item.kind is not ItemKind.ACTION_LOG:
        return ()
    found = to_ratify(session, meeting, confidential=item.is_confidential)
    if not found:
        return ()
    return (
        heading("Decisions between meetings, for ratification"),
        table(
            None,
            [column("Reference", 4), column("Decision", 10), column("How it was decided", 9)],
            [
                [
                    decision.reference,
                    lines(circulation.title, decision.text, strong_first=True),
                    lines(
                        f"{short_date(decision.made_on)}, {how(circulation)}",
                        circulation.outcome_words or "",
                        f"Why it could not wait: {circulation.why_now}",
                    ),
                ]
                for decision, circulation in found
            ],
            empty="",
        ),
    )


def how(one: Circulation) -> str:
    """By which way it is decided: "by e-mail", "by delegation to the director"."""
    match one.kind:
        case CirculationKind.DELEGATION:
            return f"by delegation to {one.delegated_to}"
        case CirculationKind.CHAIRS_ACTION:
            return "by chair’s action"
    return one.kind.value
