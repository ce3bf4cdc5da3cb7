"""The day's message: at most one for each person and day, with all that is new for them.

What is to be said (asked, reminded, waiting, pack published) is found from what was done and what
stands open; saying it takes a key for each person, in the transaction that writes the mail.
Whatever a kill, downtime or the limit of one a day held back is said the next day
(`docs/decisions/one-message-a-day.md`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from governance.asked import Place, asked_news, present_people
from governance.models import Meeting
from governance.news import Digest, News, without_repeats
from governance.pack_models import Pack, PackStatus
from governance.publishing.telling import pack_news, pack_readers
from governance.waiting import waiting
from tracker.edges.tenancy import ACROSS
from tracker.kernel.times import london_day
from tracker.ledger.deeds import claim
from tracker.ledger.models import Deed, OutboxMail
from tracker.ledger.outbox import Mail, post
from tracker.people.board_models import Board
from tracker.people.models import Partnership, Person

# Papers of a meeting that is over are news for this long.
LOOK_BACK = timedelta(days=7)
# Every tick asks this, so it is built once.
_NEW_PACKS = (
    select(Pack, Meeting, Board, Partnership.slug)
    .join(Meeting, Meeting.id == Pack.meeting_id)
    .join(Board, Board.id == Meeting.board_id)
    .join(Partnership, Partnership.id == Meeting.partnership_id)
    .where(
        Pack.status == PackStatus.PUBLISHED,
        or_(Pack.published_at > bindparam("since"), Meeting.starts_at > bindparam("now")),
    )
    .order_by(Pack.published_at, Pack.id)
)
Write = Callable[[Digest, Sequence[News]], tuple[str, str, str]]


def due(session: Session, now: datetime) -> list[Digest]:
    """Everybody who has not been told yet of something that was done, and has not left."""
    today = london_day(now)
    found: dict[int, list[News]] = defaultdict(list)
    people: dict[int, Person] = {}
    for person, news in asked_news(session, now):
        people[person.id] = person
        found[person.id].append(news)
    other = waiting(session, now)
    packs = _new_packs(session, now)
    readers = pack_readers(session, [(pack, meeting) for pack, meeting, _, _ in packs], today)
    places: set[Place] = {(one.partnership_id, one.person_id) for one in other}
    places |= {(pack.partnership_id, who) for pack, *_ in packs for who in readers[pack.id]}
    present = present_people(session, places, today)
    people |= {person.id: person for person in present.values()}
    for one in other:
        if (place := (one.partnership_id, one.person_id)) in present:
            found[one.person_id].append(one.news(present[place]))
    for pack, meeting, board, slug in packs:
        for person_id in readers[pack.id]:
            member = present.get((board.partnership_id, person_id))
            # Papers are news that a member may do without; what is asked of them is not.
            if member is not None and member.wants_optional_mail:
                found[person_id].append(pack_news(pack, meeting, board, slug, member))
    return _untold(session, found, people, today)


def send(session: Session, digest: Digest, write: Write, *, now: datetime, domain: str) -> bool:
    """Write a person's message into the outbox, once; False when it must wait for tomorrow.

    ``write`` makes subject, plain text and HTML. The caller commits when True, else rolls back.
    """
    new = [
        each
        for each in digest.news
        if claim(session, each.key, now=now, planned_at=each.planned_at)
    ]
    if not without_repeats(new):
        return False
    told = without_repeats([*new, *digest.beside])
    subject, text, html = write(digest, told)
    key = _key(digest.person_uid, london_day(now))
    mail = Mail(
        key=key,
        recipient=digest.email,
        subject=subject,
        text=text,
        html=html,
        attachments=tuple(each.attached for each in told if each.attached is not None),
    )
    return post(session, mail, now=now, domain=domain)


def _untold(
    session: Session,
    found: Mapping[int, Sequence[News]],
    people: Mapping[int, Person],
    today: date,
) -> list[Digest]:
    """A message for everybody of whose news something was not said yet, and who had none today."""
    said = _already(session, [news.key for each in found.values() for news in each if news.key])
    untold = {
        person_id: tuple(news for news in each if news.key and news.key not in said)
        for person_id, each in sorted(found.items())
    }
    keys = {
        person_id: _key(people[person_id].uid, today) for person_id, new in untold.items() if new
    }
    had = set(session.scalars(select(OutboxMail.key).where(OutboxMail.key.in_(keys.values()))))
    digests: list[Digest] = []
    for person_id, key in keys.items():
        person, new = people[person_id], untold[person_id]
        if key not in had:
            beside = tuple(news for news in found[person_id] if news.again and news not in new)
            digests.append(Digest(person.uid, person.name, person.email, new, beside))
    return digests


def _key(person_uid: UUID, today: date) -> str:
    return f"digest:{person_uid}:{today.isoformat()}"


def _new_packs(session: Session, now: datetime) -> Sequence[tuple[Pack, Meeting, Board, str]]:
    recent = {"now": now, "since": now - LOOK_BACK}
    rows = session.execute(_NEW_PACKS, recent, execution_options=ACROSS)
    return [(pack, meeting, board, slug) for pack, meeting, board, slug in rows]


def _already(session: Session, keys: Sequence[str]) -> set[str]:
    if not keys:
        return set()
    return set(session.scalars(select(Deed.key).where(Deed.key.in_(keys))))
