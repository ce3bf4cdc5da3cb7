"""The time line of a board: each meeting with each step, planned and done, and what came of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from governance import queries
from governance.decision_models import Circulation, Decision
from governance.minute_models import Minutes
from governance.models import Meeting, TimetableStep
from governance.pack_models import Pack, PackPart, PackStatus
from governance.timetable import TITLES, StepKind
from tracker.people.board_models import Board
from tracker.people.models import Person


@dataclass(frozen=True)
class Moment:
    """One thing around a meeting: when it was planned (None: nothing was) and when it was done.

    ``by``: who did it, where that is known; the clockwork has no name.
    """

    kind: str
    title: str
    planned_at: datetime | None
    done_at: datetime | None
    is_late: bool = False
    by: str | None = None


@dataclass(frozen=True)
class MeetingLine:
    """One meeting with its moments in order; ``decisions`` counts its own only."""

    board: str
    address_on: date
    meets_on: date
    starts_at: datetime
    status: str
    status_words: str | None
    moments: tuple[Moment, ...]
    decisions: int = 0
    minutes_confirmed_on: date | None = None

    @property
    def late(self) -> int:
        """How many of its moments were late."""
        return sum(moment.is_late for moment in self.moments)


@dataclass(frozen=True)
class TimeLine:
    """A board's meetings in order, and how many decisions it put between them, by what came."""

    board: str
    meetings: tuple[MeetingLine, ...]
    between: Mapping[str, int]


def time_line(
    session: Session,
    board: Board,
    *,
    on: date | None = None,
    now: datetime | None = None,
    confidential: bool = False,
) -> TimeLine:
    """The time line of a board's meetings, the joint ones included; ``on``: of that one alone.

    ``now``: what was planned before it and is not done counts as late. Confidential decisions
    count only where the reader may see them.
    """
    tenant = board.partnership_id
    found = queries.meetings(session, tenant, board_ids=[board.id])
    chosen = [one for one in found if on is None or on in (one.occurrence_on, one.meets_on)]
    ids = [meeting.id for meeting in chosen]
    rows = _Rows(session, tenant, ids, confidential)
    return TimeLine(
        board.name,
        tuple(_line(meeting, rows, now) for meeting in chosen),
        _between(session, board, confidential),
    )


class _Rows:
    """What is read of all meetings at once."""

    def __init__(
        self, session: Session, tenant: int, ids: Sequence[int], confidential: bool
    ) -> None:
        steps = select(TimetableStep).where(
            TimetableStep.partnership_id == tenant, TimetableStep.meeting_id.in_(ids)
        )
        self.steps: dict[int, list[TimetableStep]] = defaultdict(list)
        for step in session.scalars(steps.order_by(TimetableStep.planned_at, TimetableStep.id)):
            self.steps[step.meeting_id].append(step)
        self.packs: dict[int, list[Pack]] = defaultdict(list)
        for pack in queries.packs(session, tenant, ids):
            if pack.status is PackStatus.PUBLISHED and (confidential or pack.part is PackPart.OPEN):
                self.packs[pack.meeting_id].append(pack)
        minutes = select(Minutes).where(
            Minutes.partnership_id == tenant, Minutes.meeting_id.in_(ids)
        )
        self.minutes = {one.meeting_id: one for one in session.scalars(minutes)}
        counted = select(Decision.meeting_id, func.count()).where(
            Decision.partnership_id == tenant,
            Decision.meeting_id.in_(ids),
            Decision.is_confidential.in_((False, confidential)),
        )
        self.decisions: dict[int | None, int] = {
            meeting_id: number
            for meeting_id, number in session.execute(counted.group_by(Decision.meeting_id))
        }
        self.names = _names(session, self._people(session, tenant, ids))

    def _people(self, session: Session, tenant: int, ids: Sequence[int]) -> set[int]:
        people: Iterable[int | None] = [
            *(pack.published_by_id for packs in self.packs.values() for pack in packs),
            *_of(session, Meeting.agenda_approved_by_id, tenant, ids),
            *_of(session, Meeting.agenda_recorded_by_id, tenant, ids),
        ]
        return {one for one in people if one is not None}


def _of(
    session: Session,
    column: InstrumentedAttribute[int | None],
    tenant: int,
    ids: Sequence[int],
) -> Sequence[int | None]:
    return session.scalars(
        select(column).where(Meeting.partnership_id == tenant, Meeting.id.in_(ids))
    ).all()


def _names(session: Session, ids: Iterable[int]) -> dict[int | None, str]:
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(sorted(ids))))
    return {person_id: name for person_id, name in rows}


def _line(meeting: Meeting, rows: _Rows, now: datetime | None) -> MeetingLine:
    packs = sorted(
        rows.packs[meeting.id], key=lambda one: (one.published_at or one.composed_at, one.id)
    )
    first = next((one for one in packs if one.supplement == 0), None)
    moments = []
    for step in rows.steps[meeting.id]:
        by = None
        if step.kind is StepKind.PUBLISH and first is not None:
            by = rows.names.get(first.published_by_id)
        planned_at = meeting.starts_at if step.kind is StepKind.MEETING else step.planned_at
        waits = step.done_at is None and now is not None and planned_at < now
        overdue = waits and meeting.status.is_to_come
        moments.append(
            Moment(
                step.kind.value,
                TITLES[step.kind],
                planned_at,
                step.done_at,
                step.is_late or overdue,
                by,
            )
        )
    moments += _more(meeting, packs, rows)
    moments.sort(key=lambda one: one.done_at or one.planned_at or meeting.starts_at)
    minutes = rows.minutes.get(meeting.id)
    return MeetingLine(
        board=meeting.board.name,
        address_on=meeting.occurrence_on,
        meets_on=meeting.meets_on,
        starts_at=meeting.starts_at,
        status=meeting.status.value,
        status_words=meeting.status_words,
        moments=tuple(moments),
        decisions=rows.decisions.get(meeting.id, 0),
        minutes_confirmed_on=minutes.confirmed_on if minutes is not None else None,
    )


def _more(meeting: Meeting, packs: Sequence[Pack], rows: _Rows) -> Iterable[Moment]:
    """What people did beside the timetable: the agenda approved, each version, the minutes."""
    if meeting.agenda_approved_at is not None:
        by = rows.names.get(meeting.agenda_approved_by_id) or "the chair"
        recorder = rows.names.get(meeting.agenda_recorded_by_id)
        by = f"{by}, recorded by {recorder}" if recorder else by
        yield Moment("agenda-approved", "Agenda approved", None, meeting.agenda_approved_at, by=by)
    for pack in packs:
        what = f"Supplement {pack.supplement}" if pack.supplement else "Pack"
        part = ", confidential part" if pack.part is PackPart.CONFIDENTIAL else ""
        yield Moment(
            "published",
            f"{what}, version {pack.version_number}, published{part}",
            None,
            pack.published_at,
            by=rows.names.get(pack.published_by_id),
        )
    minutes = rows.minutes.get(meeting.id)
    if minutes is not None:
        for kind, title, at in (
            ("minutes-to-chair", "Minutes sent to the chair", minutes.sent_to_chair_at),
            ("minutes-agreed", "Minutes agreed by the chair", minutes.agreed_by_chair_at),
            ("minutes-to-members", "Minutes sent to members", minutes.sent_to_members_at),
        ):
            if at is not None:
                yield Moment(kind, title, None, at)
    if meeting.status_at is not None and not meeting.status.took_place:
        title = f"Meeting {meeting.status.value}"
        yield Moment("status", title, None, meeting.status_at)


def _between(session: Session, board: Board, confidential: bool) -> Mapping[str, int]:
    """How many decisions a board put between its meetings, by what became of them."""
    return Counter(
        state.value
        for state in session.scalars(
            select(Circulation.state)
            .where(
                Circulation.partnership_id == board.partnership_id,
                Circulation.board_id == board.id,
                Circulation.is_confidential.in_((False, confidential)),
            )
            .order_by(Circulation.id)
        )
    )
