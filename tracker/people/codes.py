"""One-time codes by e-mail: six digits, typed in the browser that asked for them.

What is e-mailed is a code and never a link that signs in: a mail scanner would follow it. The
browser holds a random token in its cookie, the server the token's hash and a keyed hash of the
code; neither alone is of use. An address that nobody has is answered alike: its browser gets a
token too, and its tries are counted too.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.kernel.times import london_day
from tracker.people.models import Person, SignInCode
from tracker.people.operations import hash_of
from tracker.people.queries import has_left, person_by_email
from tracker.people.tries import TRIES_OF_CODE, count_try

CODE_LASTS = timedelta(minutes=10)
DIGITS = 6


class Outcome(Enum):
    """What became of a code that was typed."""

    RIGHT = "right"
    WRONG = "wrong"
    ENDED = "ended"
    EXPIRED = "expired"


@dataclass(frozen=True)
class NewCode:
    """A code just made: to whom it goes, and what is told to nobody else.

    ``person`` is None where nobody has the address: then there is nothing to send.
    """

    token: str
    code: str
    person: Person | None
    row_id: int | None = None


def make_code(session: Session, email: str, *, secret_key: str, now: datetime) -> NewCode:
    """Make a code for whoever has the address and is still here; flushes.

    Codes of the same person that other browsers wait for stay as they are, so that nobody can
    end another's by asking; used and expired ones go.
    """
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    secret = keyed_hash(token, code, secret_key)
    person = person_by_email(session, email)
    if person is None or has_left(person, london_day(now)):
        return NewCode(token, code, None)
    for old in session.scalars(
        select(SignInCode).where(
            SignInCode.person_id == person.id,
            or_(SignInCode.used_at.is_not(None), SignInCode.expires_at <= now),
        )
    ):
        session.delete(old)
    row = SignInCode(
        person_id=person.id,
        token_hash=hash_of(token),
        secret_hash=secret,
        created_at=now,
        expires_at=now + CODE_LASTS,
    )
    session.add(row)
    session.flush()
    return NewCode(token, code, person, row.id)


def use_code(
    session: Session, token: str, code: str, *, asked_at: datetime, secret_key: str, now: datetime
) -> tuple[Outcome, int | None]:
    """Count a try and look at the code; with a right one, the person's id. It is right once.

    The caller commits whatever comes out. ``asked_at`` is when this browser asked, by its own
    signed cookie: where nobody has the address there is no other record of it.
    """
    if now >= asked_at + CODE_LASTS:
        return Outcome.EXPIRED, None
    number = count_try(session, TRIES_OF_CODE, token, now=now)
    row = session.scalar(
        select(SignInCode)
        .where(SignInCode.token_hash == hash_of(token))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    # Compared either way, so that the answer takes as long.
    typed = keyed_hash(token, code, secret_key)
    matches = hmac.compare_digest(typed, row.secret_hash if row else "0" * 64)
    if row is not None:
        row.tries = number
    if number > TRIES_OF_CODE.number:
        return Outcome.ENDED, None
    if row is not None and matches and _is_open(row, now):
        row.used_at = now
        session.flush()
        return Outcome.RIGHT, row.person_id
    session.flush()
    return (Outcome.ENDED if number == TRIES_OF_CODE.number else Outcome.WRONG), None


def read_code(text: str) -> str | None:
    """The digits of a code as people type it, with spaces or hyphens; None for anything else."""
    plain = re.sub(r"[\s\-\u2010-\u2015]", "", unicodedata.normalize("NFKC", text))
    return plain if re.fullmatch(rf"[0-9]{{{DIGITS}}}", plain) else None


def grouped(code: str) -> str:
    """A code as it is printed, easy to read across: "482 913"."""
    return f"{code[: DIGITS // 2]} {code[DIGITS // 2 :]}"


def keyed_hash(token: str, code: str, secret_key: str) -> str:
    """How a code is kept: a hash keyed with the installation's secret, bound to its browser.

    A bare hash of six digits could be found by trying them all.
    """
    return hmac.new(secret_key.encode(), f"{token}:{code}".encode(), hashlib.sha256).hexdigest()


def _is_open(row: SignInCode, now: datetime) -> bool:
    return (
        row.used_at is None and row.expires_at > now and not has_left(row.person, london_day(now))
    )
