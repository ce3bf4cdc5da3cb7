"""Passwords, and the sessions that signing in begins."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.edges.tenancy import ACROSS
from tracker.kernel.times import london_day
from tracker.people.models import Identity, Invitation, Person, SignIn
from tracker.people.queries import (
    LOCAL,
    has_left,
    live_sign_in,
    local_identity,
)

SIGN_IN_LASTS = timedelta(hours=12)
TRIES = 5
TRIES_LAST = timedelta(minutes=15)

_hasher = PasswordHasher()
# Checked when there is no such person, so that the answer takes as long.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True)
class Try:
    """A try to sign in that was counted: whose it would be, and whether it may succeed."""

    secret_hash: str | None
    identity_id: int | None = None
    is_open: bool = False


def hash_of(token: str) -> str:
    """How a token is kept: only its hash, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """A password's argon2 hash; slow on purpose."""
    return _hasher.hash(password)


def own_identity(session: Session, person: Person) -> Identity:
    """The person's own way in, made where there is none yet: password and authenticator."""
    identity = local_identity(session, person.email)
    if identity is None:
        identity = Identity(person_id=person.id, issuer=LOCAL, tenant="", subject=person.email_key)
        session.add(identity)
        session.flush()
    return identity


def give_password(
    session: Session, person: Person, password_hash: str, *, but: str | None = None
) -> Identity:
    """Let a person sign in with a password of which ``hash_password`` made the hash.

    Whoever knew the old one is out: every session ends, except that of the token ``but``.
    """
    identity = own_identity(session, person)
    identity.secret_hash = password_hash
    identity.failed_count = 0
    for one in session.scalars(
        select(SignIn).where(SignIn.person_id == person.id, SignIn.revoked_at.is_(None))
    ):
        if but is None or one.token_hash != hash_of(but):
            one.revoked_at = one.created_at
    session.flush()
    return identity


def take_try(session: Session, email: str, *, now: datetime) -> Try:
    """Count a try before its password is looked at, so that many at once are all counted.

    After five tries within fifteen minutes none succeeds until these have passed. The caller
    commits; the password is checked outside any transaction, because its hash is slow.
    """
    identity = local_identity(session, email, lock=True)
    if identity is None or has_left(identity.person, london_day(now)):
        return Try(secret_hash=None)
    if identity.failed_at is None or now - identity.failed_at > TRIES_LAST:
        identity.failed_count = 0
    is_open = identity.failed_count < TRIES
    if is_open:
        identity.failed_count += 1
        identity.failed_at = now
    session.flush()
    return Try(identity.secret_hash, identity.id, is_open)


def succeeds(one: Try, password: str) -> bool:
    """Whether the try may succeed and the password is right; takes as long when not."""
    matches = _matches(one.secret_hash or _NOBODY, password)
    return matches and one.is_open and one.secret_hash is not None


def forget_tries(session: Session, identity_id: int) -> Identity:
    """A right password: earlier tries no longer count."""
    identity = session.get_one(Identity, identity_id)
    identity.failed_count = 0
    session.flush()
    return identity


def start_sign_in(session: Session, person_id: int, *, now: datetime) -> str:
    """Start a server-side session and return its token, which is kept nowhere else.

    Whoever was invited has accepted by this.
    """
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            person_id=person_id,
            token_hash=hash_of(token),
            created_at=now,
            expires_at=now + SIGN_IN_LASTS,
        )
    )
    for invitation in session.scalars(
        select(Invitation).where(
            Invitation.person_id == person_id, Invitation.accepted_at.is_(None)
        ),
        execution_options=ACROSS,
    ):
        invitation.accepted_at = now
    session.flush()
    return token


def end_sign_in(session: Session, token: str, *, now: datetime) -> None:
    """Revoke a session; its cookie is worth nothing from here on."""
    found = live_sign_in(session, hash_of(token), now)
    if found is not None:
        found.revoked_at = now
        session.flush()


def end_sign_ins(session: Session, person_id: int, *, now: datetime, but: str | None = None) -> int:
    """Revoke every live session of a person, except that of the token ``but``; how many."""
    ended = 0
    for one in session.scalars(
        select(SignIn).where(
            SignIn.person_id == person_id, SignIn.revoked_at.is_(None), SignIn.expires_at > now
        )
    ):
        if but is None or one.token_hash != hash_of(but):
            one.revoked_at = now
            ended += 1
    session.flush()
    return ended


def _matches(secret_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(secret_hash, password)
    except (VerificationError, InvalidHashError):
        return False
