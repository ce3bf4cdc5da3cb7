"""The day's message: at most one for each person and day, with all that is new for them.

What is to be said (asked, reminded, pack published) is found from what was done for meetings
still to come; saying it takes a key for each person, in the transaction that writes the mail.
Whatever a kill, downtime or the limit of one a day held back is said the next day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from actions.ask_models import Ask
from actions.models import Action, Owner
from governance.models import Meeting, MeetingStatus, Pack, PackStatus, TimetableStep
from governance.timetable import StepKind
from tracker.edges.tenancy import ACROSS
from tracker.kernel.period import short_date
from tracker.kernel.times import london_day
from tracker.ledger.deeds import claim
from tracker.ledger.models import Deed
from tracker.ledger.outbox import Mail, post
from tracker.people.board_models import Board, BoardMember
from tracker.people.models import Membership, Partnership, Person
from tracker.web.filters import when

# Papers of a meeting that is over are news for this long.
LOOK_BACK = timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """One thing to do, or to know, with its one link."""

    text: str
    path: str


@dataclass
class News:
    """What is new for a person from one cause: the key under which it is said once."""

    key: str
    meeting_uid: UUID
    title: str
    planned_at: datetime
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Digest:
    """A person's message of a day, before it is written."""

    person_uid: UUID
    name: str
    email: str
    news: tuple[News, ...]


def due(session: Session, now: datetime) -> list[Digest]:
    """Everybody who has not been told yet of something that was done, and has not left."""
    found: dict[int, list[News]] = defaultdict(list)
    people: dict[int, Person] = {}
    told = _told_of_steps(session, now)
    asked = _asked(session, {meeting.id: slug for _, meeting, _, slug in told}, now)
    for step, meeting, board, _ in told:
        for person, ask_lines in asked.get(meeting.id, {}).values():
            people[person.id] = person
            found[person.id].append(_ask_news(step, meeting, board, person, ask_lines))
    for pack, meeting, board, slug in _new_packs(session, now):
        for person in _members(session, meeting, now):
            people[person.id] = person
            found[person.id].append(_pack_news(pack, meeting, board, slug, person))
    said = _already(session, [news.key for each in found.values() for news in each])
    digests: list[Digest] = []
    for person_id, each in sorted(found.items()):
        new = tuple(news for news in each if news.key not in said)
        if new:
            person = people[person_id]
            digests.append(Digest(person.uid, person.name, person.email, new))
    return digests


def send(
    session: Session,
    digest: Digest,
    write: Callable[[Digest, Sequence[News]], tuple[str, str, str]],
    *,
    now: datetime,
    domain: str,
) -> bool:
    """Write a person's message into the outbox, once; False when it must wait for tomorrow.

    ``write`` makes subject, plain text and HTML. The caller commits when True, else rolls back.
    """
    news = _without_repeats(
        each
        for each in digest.news
        if claim(session, each.key, now=now, planned_at=each.planned_at)
    )
    if not news:
        return False
    subject, text, html = write(digest, news)
    key = f"digest:{digest.person_uid}:{london_day(now).isoformat()}"
    mail = Mail(key=key, recipient=digest.email, subject=subject, text=text, html=html)
    return post(session, mail, now=now, domain=domain)


def subject_of(news: Sequence[News]) -> str:
    """The subject of a day's message: what is most wanted first."""
    asked = {
        line.path for each in news if not each.key.startswith("told:pack") for line in each.lines
    }
    if len(asked) == 1:
        return "1 action needs an update from you"
    return f"{len(asked)} actions need an update from you" if asked else news[0].title


def _without_repeats(news: Iterable[News]) -> list[News]:
    """Nothing is said twice of one meeting: after downtime an ask and its reminder come at once."""
    said: set[tuple[UUID, str]] = set()
    kept: list[News] = []
    for each in news:
        lines = [line for line in each.lines if (each.meeting_uid, line.path) not in said]
        said.update((each.meeting_uid, line.path) for line in lines)
        if lines:
            kept.append(replace(each, lines=lines))
    return kept


def _told_of_steps(
    session: Session, now: datetime
) -> Sequence[tuple[TimetableStep, Meeting, Board, str]]:
    rows = session.execute(
        select(TimetableStep, Meeting, Board, Partnership.slug)
        .join(Meeting, Meeting.id == TimetableStep.meeting_id)
        .join(Board, Board.id == Meeting.board_id)
        .join(Partnership, Partnership.id == Meeting.partnership_id)
        .where(
            TimetableStep.kind.in_([StepKind.ASK, StepKind.CHASE]),
            TimetableStep.done_at.is_not(None),
            Meeting.status == MeetingStatus.PLANNED,
            Meeting.starts_at > now,
        )
        .order_by(Meeting.starts_at, TimetableStep.planned_at, TimetableStep.id),
        execution_options=ACROSS,
    )
    return [(step, meeting, board, slug) for step, meeting, board, slug in rows]


def _new_packs(session: Session, now: datetime) -> Sequence[tuple[Pack, Meeting, Board, str]]:
    rows = session.execute(
        select(Pack, Meeting, Board, Partnership.slug)
        .join(Meeting, Meeting.id == Pack.meeting_id)
        .join(Board, Board.id == Meeting.board_id)
        .join(Partnership, Partnership.id == Meeting.partnership_id)
        .where(
            Pack.status == PackStatus.PUBLISHED,
            or_(Pack.published_at > now - LOOK_BACK, Meeting.starts_at > now),
        )
        .order_by(Pack.published_at, Pack.id),
        execution_options=ACROSS,
    )
    return [(pack, meeting, board, slug) for pack, meeting, board, slug in rows]


def _asked(
    session: Session, slugs: Mapping[int, str], now: datetime
) -> dict[int, dict[int, tuple[Person, list[Line]]]]:
    """Who is asked about what and has not answered yet, by meeting id and person id.

    ``slugs`` are the partnerships' slugs by meeting id; one query, however many meetings.
    """
    found: dict[int, dict[int, tuple[Person, list[Line]]]] = defaultdict(dict)
    if not slugs:
        return found
    today = london_day(now)
    rows = session.execute(
        select(Meeting.id, Person, Action)
        .join(
            Ask,
            and_(
                Ask.partnership_id == Meeting.partnership_id,
                Ask.board_id == Meeting.board_id,
                Ask.for_on == Meeting.meets_on,
            ),
        )
        .join(Action, Action.id == Ask.action_id)
        .join(Owner, Owner.action_id == Action.id)
        .join(Person, Person.id == Owner.person_id)
        .where(
            Meeting.id.in_(slugs),
            Ask.answered_at.is_(None),
            Ask.closed_at.is_(None),
            or_(Action.on_hold_until.is_(None), Action.on_hold_until < today),
            Owner.from_on <= today,
            or_(Owner.to_on.is_(None), Owner.to_on >= today),
            _still_there(Meeting.partnership_id, today),
        )
        .order_by(Meeting.id, Person.id, Action.number),
        execution_options=ACROSS,
    )
    for meeting_id, person, action in rows:
        line = Line(action.title, f"/{slugs[meeting_id]}/actions/{action.number}/progress")
        found[meeting_id].setdefault(person.id, (person, []))[1].append(line)
    return found


def _members(session: Session, meeting: Meeting, now: datetime) -> Sequence[Person]:
    today = london_day(now)
    return session.scalars(
        select(Person)
        .join(BoardMember, BoardMember.person_id == Person.id)
        .where(
            BoardMember.partnership_id == meeting.partnership_id,
            BoardMember.board_id == meeting.board_id,
            BoardMember.from_on <= today,
            or_(BoardMember.to_on.is_(None), BoardMember.to_on >= today),
            _still_there(meeting.partnership_id, today),
        )
        .order_by(Person.id)
        .distinct()
    ).all()


def _still_there(
    partnership_id: int | InstrumentedAttribute[int], today: date
) -> ColumnElement[bool]:
    """A person who belongs to the partnership today: to others its pages would be closed."""
    belongs = exists().where(
        Membership.partnership_id == partnership_id,
        Membership.person_id == Person.id,
        Membership.from_on <= today,
        or_(Membership.to_on.is_(None), Membership.to_on >= today),
    )
    return and_(or_(Person.left_on.is_(None), Person.left_on > today), belongs)


def _ask_news(
    step: TimetableStep, meeting: Meeting, board: Board, person: Person, lines: list[Line]
) -> News:
    verb = "asks for an update" if step.kind is StepKind.ASK else "still waits for an update"
    return News(
        key=f"told:{step.kind.value}:{meeting.uid}:{meeting.occurrence_on}:{person.uid}",
        meeting_uid=meeting.uid,
        title=f"{board.name} {verb} for its meeting on {short_date(meeting.meets_on)}",
        planned_at=step.planned_at,
        lines=lines,
    )


def _pack_news(pack: Pack, meeting: Meeting, board: Board, slug: str, person: Person) -> News:
    assert pack.published_at is not None
    path = f"/{slug}/boards/{board.slug}/meetings/{meeting.occurrence_on}"
    return News(
        key=f"told:pack:{pack.uid}:{person.uid}",
        meeting_uid=meeting.uid,
        title=f"Papers for {board.name}, {short_date(meeting.meets_on)}",
        planned_at=pack.published_at,
        lines=[Line(f"Read the pack: {board.name}, {when(meeting.starts_at)}", path)],
    )


def _already(session: Session, keys: Sequence[str]) -> set[str]:
    if not keys:
        return set()
    return set(session.scalars(select(Deed.key).where(Deed.key.in_(keys))))
