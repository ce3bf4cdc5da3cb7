"""The outbox: mail is written with its cause and sent later, so that none is ever missing.

Sending is three steps: a claim is committed, the server gets the letter outside any transaction,
the result is committed. A claim that a kill left open is taken up again with the same Message-ID
after its lease, and counted as in doubt; so is a letter whose server fell silent after it had
the text. These are the only ways in which a letter can ever go twice.

A letter that its recipient's server refuses for now waits its turn and lets the others go by. A
server that cannot be reached, or does not let us in, ends the round: it is nobody's letter's
fault, so none fails for it, however long it lasts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from sqlalchemy import ColumnElement, case, or_, select, update
from sqlalchemy.orm import Session

from tracker.edges.mail import Letter, Mailer, MailError
from tracker.ledger.blobs import TakenDown, read_bytes
from tracker.ledger.deeds import insert_once
from tracker.ledger.models import MailState, OutboxMail

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
# Once its server is back, a letter goes within this time, however long the server was away.
LONGEST_WAIT_FOR_SERVER = timedelta(hours=1)
_NAMESPACE = UUID("6f0c2b0e-2f5e-4c55-9a55-0d2c5d1b7a10")


@dataclass(frozen=True)
class Attached:
    """A filed PDF that goes with a mail: its SHA-256, and the name that it has there."""

    sha256: str
    name: str


@dataclass(frozen=True)
class Mail:
    """A mail to write: its key says what it is about, and makes it one of a kind.

    ``forget_text``: its text is a secret, kept no longer than sending it takes. The subject and
    the key are kept, so they must not hold it.
    """

    key: str
    recipient: str
    subject: str
    text: str
    html: str
    partnership_id: int | None = None
    forget_text: bool = False
    attachments: tuple[Attached, ...] = ()


@dataclass
class Sent:
    """What one round of sending did, in letters."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    in_doubt: int = 0


def post(session: Session, mail: Mail, *, now: datetime, domain: str) -> bool:
    """Write a mail into the outbox, in the caller's transaction; False when its key is there.

    The Message-ID (RFC 5322) is derived from the key and fixed here for good.
    """
    return insert_once(
        session,
        OutboxMail,
        uid=uuid4(),
        key=mail.key,
        message_id=f"<{uuid5(_NAMESPACE, mail.key)}@{domain}>",
        partnership_id=mail.partnership_id,
        recipient=mail.recipient,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        written_at=now,
        state=MailState.WAITING,
        next_try_at=now,
        tries=0,
        in_doubt=0,
        forget_text=mail.forget_text,
        attachments="\n".join(f"{one.sha256} {one.name}" for one in mail.attachments) or None,
    )


def something_waits(session: Session, now: datetime) -> bool:
    """Whether a letter is due; a read, so that asking often keeps nobody from writing."""
    return session.scalar(select(OutboxMail.id).where(_is_due(now)).limit(1)) is not None


def send_waiting(
    session: Session, mailer: Mailer, now: Callable[[], datetime], *, done: Sent | None = None
) -> Sent:
    """Send what is due, one letter at a time, committing around each; returns the tally.

    The round ends when nothing is due, or when the server does not answer: what is left waits
    for the next round. A tally given as ``done`` is counted on, so that it is right even when an
    error ends the round.
    """
    done = Sent() if done is None else done
    if not mailer.sends:
        return done
    while (claimed := _claim_one(session, now(), done)) is not None:
        mail_id, claim, letter = claimed
        try:
            mailer.send(letter)
        except MailError as error:
            _note_failure(session, mail_id, claim, error, now(), done)
            if error.of_server or error.in_doubt:
                break
        else:
            _settle(session, mail_id, claim, state=MailState.SENT, sent_at=now(), last_error=None)
            done.sent += 1
    return done


def _claim_one(session: Session, now: datetime, done: Sent) -> tuple[int, UUID, Letter] | None:
    """Commit a claim on the next due letter."""
    due = (
        select(OutboxMail)
        .where(_is_due(now))
        .order_by(OutboxMail.next_try_at, OutboxMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    mail = session.scalar(due)
    if mail is None:
        session.rollback()
        return None
    if mail.state is MailState.CLAIMED:
        log.warning("in-doubt claim: %s %s is sent again", mail.key, mail.message_id)
        mail.in_doubt += 1
        done.in_doubt += 1
    claim = uuid4()
    mail.state = MailState.CLAIMED
    mail.claimed_at = now
    mail.claim = claim
    mail.tries += 1
    letter = Letter(
        recipient=mail.recipient,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        message_id=mail.message_id,
        key=mail.key,
        written_at=mail.written_at,
        attachments=tuple(_attached(session, mail.attachments)),
    )
    mail_id = mail.id
    session.commit()
    return mail_id, claim, letter


def _attached(session: Session, listed: str | None) -> Iterator[tuple[str, bytes]]:
    """The files that go with a mail, read when it goes; one taken down by then stays behind.

    The mail's own link leads to what is shown in its place.
    """
    for line in (listed or "").splitlines():
        sha256, _, name = line.partition(" ")
        try:
            yield name, read_bytes(session, sha256)
        except TakenDown:
            log.warning("not attached, because it was taken down: %s", sha256)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """A letter whose time to be tried has come, or whose claim has outlived its lease."""
    return (OutboxMail.next_try_at <= now) & or_(
        OutboxMail.state == MailState.WAITING,
        (OutboxMail.state == MailState.CLAIMED) & (OutboxMail.claimed_at < now - LEASE),
    )


def _note_failure(
    session: Session, mail_id: int, claim: UUID, error: MailError, now: datetime, done: Sent
) -> None:
    tries = session.scalar(select(OutboxMail.tries).where(OutboxMail.id == mail_id)) or 1
    message = str(error)[:500]
    doubts = {"in_doubt": OutboxMail.in_doubt + 1} if error.in_doubt else {}
    if error.in_doubt:
        log.warning("in doubt: the server may have mail %s: %s", mail_id, message)
        done.in_doubt += 1
    if error.permanent or (tries > len(BACK_OFF) and not error.of_server):
        _settle(session, mail_id, claim, state=MailState.FAILED, last_error=message, **doubts)
        done.failed += 1
        log.error("mail %s failed for good: %s", mail_id, message)
    else:
        wait = BACK_OFF[min(tries, len(BACK_OFF)) - 1]
        if error.of_server:
            wait = min(wait, LONGEST_WAIT_FOR_SERVER)
        _settle(
            session,
            mail_id,
            claim,
            state=MailState.WAITING,
            next_try_at=now + wait,
            last_error=message,
            **doubts,
        )
        done.retried += 1
        log.warning("mail %s waits for another try: %s", mail_id, message)


def _settle(
    session: Session, mail_id: int, claim: UUID, *, state: MailState, **values: object
) -> None:
    """Record the outcome, unless somebody took the letter up again after our lease ran out."""
    if state in (MailState.SENT, MailState.FAILED):
        values |= {
            column.key: case((OutboxMail.forget_text, ""), else_=column)
            for column in (OutboxMail.text, OutboxMail.html)
        }
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == mail_id, OutboxMail.claim == claim)
        .values(claim=None, state=state, **values)
    )
    session.commit()
