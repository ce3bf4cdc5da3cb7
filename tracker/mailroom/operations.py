"""What is done about mail that failed or came back."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker.edges.bounces import Bounce
from tracker.edges.db import clean
from tracker.ledger.models import MailState, OutboxMail
from tracker.mailroom.queries import latest_mail_to, mail_that_came_back
from tracker.people.models import Person
from tracker.people.queries import person_by_email

log = logging.getLogger(__name__)
# A server tries for some days, then reports; without the letter's headers, this far back counts.
REPORTS_COME_WITHIN = timedelta(days=30)
LONGEST_WORDS = 500


class NotOurs(Exception):
    """A report is about no mail of this outbox."""


def note_bounce(session: Session, bounce: Bounce, *, now: datetime) -> str:
    """Note what a mail server reported; returns what was noted, in a sentence. Flushes.

    The mail is found by what came back of its headers, else it is the newest one to the address.
    A letter given up because of its address marks the person too; one that is only late gets
    the server's words. Raises NotOurs.
    """
    person = person_by_email(session, bounce.recipient) if bounce.recipient else None
    mail = mail_that_came_back(session, bounce.message_id, bounce.key)
    if mail is not None:
        person = person_by_email(session, mail.recipient)
    elif person is not None:
        mail = latest_mail_to(session, person, now - REPORTS_COME_WITHIN)
    if mail is None:
        raise NotOurs("This report is about no mail that was sent from here.")
    words = clean(bounce.words)[:LONGEST_WORDS]
    if not bounce.is_final:
        if mail.bounced_at is None:
            mail.bounce_words = words
        session.flush()
        return f"{mail.message_id} is delayed: {words}"
    if mail.bounced_at is None:
        mail.bounced_at = now
        mail.bounce_words = words
    if bounce.is_of_address and person is not None and person.mail_bounced_at is None:
        person.mail_bounced_at = now
    session.flush()
    return f"{mail.message_id} came back: {words}"


def try_again(session: Session, mail: OutboxMail, *, now: datetime) -> bool:
    """Let a mail that failed wait again, with all its tries before it; False if it does not.

    Its Message-ID stays, so that a server that has it already can tell. One whose text is
    forgotten has nothing left to send.
    """
    result = session.connection().execute(
        update(OutboxMail)
        .where(
            OutboxMail.id == mail.id,
            OutboxMail.state == MailState.FAILED,
            OutboxMail.forget_text.is_(False),
        )
        .values(state=MailState.WAITING, tries=0, next_try_at=now)
    )
    session.expire(mail)
    if result.rowcount:
        log.info("mail %s is tried again by an administrator", mail.message_id)
    return bool(result.rowcount)


def address_works(session: Session, person: Person) -> None:
    """Mail to a person arrives again; flushes."""
    person.mail_bounced_at = None
    session.flush()
