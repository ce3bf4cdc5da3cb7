"""Reading the outbox for an administrator: only mail to people of the partnership.

The text of a mail is never read here: one message may speak of several partnerships.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, defer

from tracker.edges.db import key_of
from tracker.ledger.models import MailState, OutboxMail
from tracker.people.models import Membership, Person

PAGE = 25
ON_THE_WAY = (MailState.WAITING, MailState.CLAIMED)
# A key begins with the kind of mail: see the operations that write it.
KINDS = {
    "digest": "Daily message",
    "code": "Sign-in code",
    "invitation": "Invitation",
}


class Show(StrEnum):
    """What the list may be narrowed to; the word stands in the address."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    IN_DOUBT = "in-doubt"
    BOUNCED = "bounced"


@dataclass(frozen=True)
class MailRow:
    """One mail: its row in the outbox without its text, and whom it is for."""

    mail: OutboxMail
    person: Person | None

    @property
    def kind(self) -> str:
        """What sort of mail it is, in words."""
        return KINDS.get(self.mail.key.partition(":")[0], "Message")

    @property
    def name(self) -> str:
        """Who gets it: the person, or the bare address."""
        return self.person.name if self.person else self.mail.recipient

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        mail = self.mail
        if mail.bounced_at is not None:
            return "Came back"
        if mail.state is MailState.WAITING:
            return "Waits for another try" if mail.tries else "Waits"
        return {
            MailState.CLAIMED: "Being sent",
            MailState.SENT: "Sent",
            MailState.FAILED: "Failed",
        }[mail.state]

    @property
    def may_try_again(self) -> bool:
        """Whether it failed and can still be sent: what was forgotten cannot."""
        return self.mail.state is MailState.FAILED and not self.mail.forget_text


@dataclass(frozen=True)
class MailPage:
    """One page of the list; ``last`` is the mail after which the next one begins, if any."""

    rows: Sequence[MailRow]
    last: UUID | None


def mail_page(
    session: Session, partnership_id: int, show: Show | None = None, after: OutboxMail | None = None
) -> MailPage:
    """The partnership's mail, newest first, from after a mail on; two queries."""
    chosen = _of_partnership(partnership_id).order_by(OutboxMail.id.desc()).limit(PAGE + 1)
    if show is not None:
        chosen = chosen.where(_is(show))
    if after is not None:
        chosen = chosen.where(OutboxMail.id < after.id)
    found = session.scalars(chosen).all()
    people = _people(session, found[:PAGE])
    rows = [MailRow(mail, people.get(key_of(mail.recipient))) for mail in found[:PAGE]]
    return MailPage(rows, rows[-1].mail.uid if len(found) > PAGE else None)


def one_mail(session: Session, partnership_id: int, uid: UUID) -> MailRow | None:
    """One mail of the partnership's people, None where there is none."""
    mail = session.scalar(_of_partnership(partnership_id).where(OutboxMail.uid == uid))
    if mail is None:
        return None
    return MailRow(mail, _people(session, [mail]).get(key_of(mail.recipient)))


def how_many(session: Session, partnership_id: int) -> dict[MailState, int]:
    """How many letters are on their way or failed, by state; what was sent is not counted."""
    rows = session.execute(
        select(OutboxMail.state, func.count())
        .where(
            OutboxMail.state.in_([*ON_THE_WAY, MailState.FAILED]),
            *_to_our_people(partnership_id),
        )
        .group_by(OutboxMail.state)
    ).all()
    return {state: number for state, number in rows}


def people_without_mail(session: Session, partnership_id: int) -> int:
    """To how many of the partnership's people mail came back, and nobody put it right yet."""
    ours = select(Membership.person_id).where(Membership.partnership_id == partnership_id)
    found = session.scalar(
        select(func.count(Person.id)).where(
            Person.mail_bounced_at.is_not(None), Person.id.in_(ours)
        )
    )
    return found or 0


def _of_partnership(partnership_id: int) -> Select[OutboxMail]:
    return (
        select(OutboxMail)
        .options(
            defer(OutboxMail.text, raiseload=True),
            defer(OutboxMail.html, raiseload=True),
            defer(OutboxMail.subject, raiseload=True),
        )
        .where(*_to_our_people(partnership_id))
    )


def _to_our_people(partnership_id: int) -> tuple[ColumnElement[bool], ...]:
    """Mail to people who are or were in the partnership, but for what another one sent them."""
    ours = (
        select(Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.partnership_id == partnership_id)
    )
    sent_here = or_(
        OutboxMail.partnership_id.is_(None), OutboxMail.partnership_id == partnership_id
    )
    return OutboxMail.recipient.in_(ours), sent_here


def _is(show: Show) -> ColumnElement[bool]:
    return {
        Show.WAITING: OutboxMail.state.in_(ON_THE_WAY),
        Show.SENT: (OutboxMail.state == MailState.SENT) & OutboxMail.bounced_at.is_(None),
        Show.FAILED: OutboxMail.state == MailState.FAILED,
        Show.IN_DOUBT: OutboxMail.in_doubt > 0,
        Show.BOUNCED: OutboxMail.bounced_at.is_not(None),
    }[show]


def _people(session: Session, mails: Sequence[OutboxMail]) -> dict[str, Person]:
    keys = {key_of(mail.recipient) for mail in mails}
    if not keys:
        return {}
    found = session.scalars(select(Person).where(Person.email_key.in_(keys)))
    return {person.email_key: person for person in found}


def latest_mail_to(session: Session, person: Person, since: datetime) -> OutboxMail | None:
    """The newest mail that a server took for a person since an instant."""
    return session.scalar(
        select(OutboxMail)
        .where(
            OutboxMail.recipient == person.email,
            OutboxMail.state == MailState.SENT,
            OutboxMail.sent_at >= since,
        )
        .order_by(OutboxMail.id.desc())
        .limit(1)
    )


def mail_that_came_back(
    session: Session, message_id: str | None, key: str | None
) -> OutboxMail | None:
    """The mail with a Message-ID, or else with a key."""
    for column, value in ((OutboxMail.message_id, message_id), (OutboxMail.key, key)):
        if value is not None:
            found = session.scalar(select(OutboxMail).where(column == value[:300]))
            if found is not None:
                return found
    return None
