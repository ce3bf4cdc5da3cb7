"""Whom the day's message asks about what: owners, or who covers for them or was handed the ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from actions.answer_models import Cover, Delegation
from actions.answerers import covers
from actions.ask_models import Ask
from actions.models import Action, ActionHome, Owner
from actions.names import owns_on
from governance.models import Meeting, MeetingStatus, TimetableStep
from governance.news import Line, News, NewsKind
from governance.timetable import StepKind
from plans.models import Plan
from tracker.edges.tenancy import ACROSS
from tracker.kernel.period import MONTHS, clock_words, short_date
from tracker.kernel.times import london_day, to_london
from tracker.people.board_models import Board
from tracker.people.closed_periods import school_contacts, schools_closed
from tracker.people.models import Membership, Partnership, Person

# A person in a partnership: what they may be told of there depends on both.
Place = tuple[int, int]
SAID_OF = (StepKind.ASK_SCHOOLS, StepKind.ASK, StepKind.CHASE, StepKind.LAST_CALL)
Told = tuple[TimetableStep, Meeting, Board, str]
# Every tick asks this, so it is built once.
_TOLD = (
    select(TimetableStep, Meeting, Board, Partnership.slug)
    .join(Meeting, Meeting.id == TimetableStep.meeting_id)
    .join(Board, Board.id == Meeting.board_id)
    .join(Partnership, Partnership.id == Meeting.partnership_id)
    .where(
        or_(
            and_(TimetableStep.kind.in_(SAID_OF), TimetableStep.done_at.is_not(None)),
            and_(
                TimetableStep.kind == StepKind.UPDATES_CLOSE,
                TimetableStep.round > 1,
                TimetableStep.done_at.is_(None),
            ),
        ),
        Meeting.status == MeetingStatus.PLANNED,
        Meeting.starts_at > bindparam("now"),
    )
    .order_by(Meeting.starts_at, TimetableStep.planned_at, TimetableStep.id)
)


@dataclass
class OpenAsk:
    """An ask that nobody has answered: its action, and who could be asked."""

    opens_at: datetime
    closes_at: datetime
    number: int
    title: str
    plan: str = ""
    owners: set[int] = field(default_factory=set)
    handed: dict[int, str] = field(default_factory=dict)


def asked_news(session: Session, now: datetime) -> list[tuple[Person, News]]:
    """What people are asked for a meeting to come and have not answered yet, each cause once."""
    today = london_day(now)
    told = _told_of(session, now)
    asks = _open_asks(session, {meeting.id for _, meeting, _, _ in told}, today)
    if not asks:
        return []
    away = _away(session, today)
    everybody = {
        (partnership_id, person_id)
        for (_, partnership_id), each in asks.items()
        for ask in each
        for person_id in (*ask.owners, *ask.handed)
    }
    present = present_people(session, everybody | {(p, by) for (p, _), by in away.items()}, today)
    closed = schools_closed(session, today)
    contacts = school_contacts(session, closed, today) if closed else {}
    schools_asked = {
        meeting.id: step.done_at
        for step, meeting, _, _ in told
        if step.kind is StepKind.ASK_SCHOOLS
    }
    found = []
    for step, meeting, board, slug in told:
        tenant = meeting.partnership_id
        lines: dict[int, list[Line]] = defaultdict(list)
        for ask in asks.get((meeting.id, tenant), []):
            if not _says(step, ask, schools_asked.get(meeting.id)):
                continue
            for person_id, why in _recipients(tenant, ask, present, away):
                if person_id not in contacts.get(tenant, ()):
                    lines[person_id].append(_line(ask, slug, why))
        for person_id, about in lines.items():
            person = present[tenant, person_id]
            found.append((person, _news(step, meeting, board, person, about)))
    return found


def present_people(session: Session, places: Collection[Place], today: date) -> dict[Place, Person]:
    """Those of these people who belong to their partnership today: to others it is closed."""
    if not places:
        return {}
    rows = session.execute(
        select(Membership.partnership_id, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.partnership_id.in_(sorted({place[0] for place in places})),
            Membership.person_id.in_(sorted({place[1] for place in places})),
            Membership.from_on <= today,
            or_(Membership.to_on.is_(None), Membership.to_on >= today),
            or_(Person.left_on.is_(None), Person.left_on > today),
        )
    )
    found = {(partnership_id, person.id): person for partnership_id, person in rows}
    return {place: found[place] for place in places if place in found}


def _told_of(session: Session, now: datetime) -> Sequence[Told]:
    """The steps that people are told of: what was done, and updates that are open again."""
    rows = session.execute(_TOLD, {"now": now}, execution_options=ACROSS)
    told = [(step, meeting, board, slug) for step, meeting, board, slug in rows]
    # Of updates that are open again nothing else is said: what came before them is over.
    again = {meeting.id for step, meeting, *_ in told if step.kind is StepKind.UPDATES_CLOSE}
    return [
        each for each in told if each[1].id not in again or each[0].kind is StepKind.UPDATES_CLOSE
    ]


def _open_asks(
    session: Session, meeting_ids: Collection[int], today: date
) -> dict[Place, list[OpenAsk]]:
    """The asks of these meetings that wait for an answer, by meeting and partnership id."""
    found: dict[Place, dict[int, OpenAsk]] = defaultdict(dict)
    if not meeting_ids:
        return {}
    by = aliased(Person)
    rows = session.execute(
        select(Meeting.id, Ask, Action, Owner.person_id, Delegation.to_id, by.name)
        .join(
            Ask,
            and_(
                Ask.partnership_id == Meeting.partnership_id,
                Ask.board_id == Meeting.board_id,
                Ask.for_on == Meeting.meets_on,
            ),
        )
        .join(Action, Action.id == Ask.action_id)
        .outerjoin(Owner, and_(Owner.action_id == Action.id, owns_on(today)))
        .outerjoin(Delegation, and_(Delegation.ask_id == Ask.id, Delegation.ended_at.is_(None)))
        .outerjoin(by, by.id == Delegation.by_id)
        .where(
            Meeting.id.in_(meeting_ids),
            Ask.answered_at.is_(None),
            Ask.closed_at.is_(None),
            or_(Action.on_hold_until.is_(None), Action.on_hold_until < today),
        )
        .order_by(Meeting.id, Action.number),
        execution_options=ACROSS,
    ).all()
    plans = _plans(session, {action.id for _, _, action, *_ in rows})
    for meeting_id, ask, action, owner_id, handed_to, by_name in rows:
        each = found[meeting_id, ask.partnership_id].setdefault(
            ask.id,
            OpenAsk(
                ask.opens_at, ask.closes_at, action.number, action.title, plans.get(action.id, "")
            ),
        )
        if owner_id is not None:
            each.owners.add(owner_id)
        if handed_to is not None:
            each.handed[handed_to] = by_name
    return {place: list(each.values()) for place, each in found.items()}


def _plans(session: Session, action_ids: Collection[int]) -> dict[int, str]:
    """The title of the first plan that each of these actions stands in."""
    found: dict[int, str] = {}
    if not action_ids:
        return found
    for action_id, plan in session.execute(
        select(ActionHome.action_id, Plan)
        .join(Plan, Plan.id == ActionHome.plan_id)
        .where(ActionHome.action_id.in_(sorted(action_ids)), ActionHome.ended_on.is_(None))
        .order_by(Plan.starts_on, Plan.id),
        execution_options=ACROSS,
    ):
        found.setdefault(action_id, plan.full_title)
    return found


def _away(session: Session, today: date) -> dict[Place, int]:
    """Who is away today, and the one person who covers for them."""
    rows = session.execute(
        select(Cover.partnership_id, Cover.person_id, Cover.cover_id)
        .where(covers(today))
        .order_by(Cover.id),
        execution_options=ACROSS,
    )
    return {(partnership_id, person_id): cover_id for partnership_id, person_id, cover_id in rows}


def _recipients(
    tenant: int, ask: OpenAsk, present: Mapping[Place, Person], away: Mapping[Place, int]
) -> Iterable[tuple[int, str | None]]:
    """Who is asked, with a reason that they would wonder about: whom they cover, who handed it on.

    Whoever was handed the ask, in place of its owners; whoever covers, in place of who is away.
    """
    handed = {
        person_id: f"handed to you by {by}"
        for person_id, by in ask.handed.items()
        if (tenant, person_id) in present
    }
    asked: dict[int, str | None] = {}
    for person_id in sorted(handed or ask.owners):
        if (tenant, person_id) not in present:
            continue
        cover = away.get((tenant, person_id))
        if cover is not None and (tenant, cover) in present:
            asked.setdefault(cover, f"for {present[tenant, person_id].name}")
        else:
            asked[person_id] = handed.get(person_id)
    return asked.items()


def _says(step: TimetableStep, ask: OpenAsk, schools_asked_at: datetime | None) -> bool:
    """Whether a step's news names an ask: school contacts' own asks are said once, as theirs."""
    if step.kind is StepKind.ASK_SCHOOLS:
        return ask.opens_at == schools_asked_at
    return step.kind is not StepKind.ASK or ask.opens_at != schools_asked_at


def _line(ask: OpenAsk, slug: str, why: str | None) -> Line:
    closes = to_london(ask.closes_at)
    day = f"{closes.day} {MONTHS[closes.month - 1]}"
    note = f"{ask.plan}; updates close at {clock_words(closes.time())} on {day}"
    if why is not None:
        note = f"{why[0].upper()}{why[1:]}. {note}"
    return Line(ask.title, f"/{slug}/actions/{ask.number}/progress", note)


def _news(
    step: TimetableStep, meeting: Meeting, board: Board, person: Person, lines: list[Line]
) -> News:
    verb, kind = {
        StepKind.CHASE: ("still waits for an update", NewsKind.ASKED),
        StepKind.LAST_CALL: ("still waits for an update", NewsKind.LAST_CALL),
        StepKind.UPDATES_CLOSE: ("takes updates again", NewsKind.ASKED),
    }.get(step.kind, ("asks for an update", NewsKind.ASKED))
    again = f":{step.round}" if step.round > 1 else ""
    return News(
        kind=kind,
        key=f"told:{step.kind.value}:{meeting.uid}:{meeting.occurrence_on}{again}:{person.uid}",
        title=f"{board.name} {verb} for its meeting on {short_date(meeting.meets_on)}",
        planned_at=step.planned_at,
        lines=lines,
    )
