"""Signing in and out."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from tracker.people.models import Identity, Person, SignIn
from tracker.people.queries import LOCAL, live_sign_in, local_identity

SIGN_IN_LASTS = timedelta(hours=12)
TRIES = 5
TRIES_LAST = timedelta(minutes=15)

_hasher = PasswordHasher()
# Checked when there is no such person, so that the answer takes as long.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class TooManyTries(Exception):
    """Sign-in for this address is closed for a while after repeated wrong passwords."""


def hash_of(token: str) -> str:
    """How a token is kept: only its hash, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """A password's argon2 hash; slow on purpose."""
    return _hasher.hash(password)


def give_password(session: Session, person: Person, password_hash: str) -> Identity:
    """Let a person sign in with a password of which ``hash_password`` made the hash."""
    identity = local_identity(session, person.email)
    if identity is None:
        identity = Identity(person_id=person.id, issuer=LOCAL, tenant="", subject=person.email_key)
        session.add(identity)
    identity.secret_hash = password_hash
    identity.failed_count = 0
    session.flush()
    return identity


def check_password(
    session: Session, email: str, password: str, *, now: datetime
) -> Identity | None:
    """The identity, when address and password belong together; None otherwise.

    Wrong tries are counted on the identity (the caller commits). Raises TooManyTries when five
    wrong ones came within fifteen minutes.
    """
    identity = local_identity(session, email)
    if identity is None or identity.secret_hash is None:
        _matches(_NOBODY, password)
        return None
    if identity.failed_at is None or now - identity.failed_at > TRIES_LAST:
        identity.failed_count = 0
    if identity.failed_count >= TRIES:
        raise TooManyTries
    if not _matches(identity.secret_hash, password):
        identity.failed_count += 1
        identity.failed_at = now
        session.flush()
        return None
    identity.failed_count = 0
    session.flush()
    return identity


def start_sign_in(session: Session, identity: Identity, *, now: datetime) -> str:
    """Start a server-side session and return its token, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            person_id=identity.person_id,
            token_hash=hash_of(token),
            created_at=now,
            expires_at=now + SIGN_IN_LASTS,
        )
    )
    session.flush()
    return token


def end_sign_in(session: Session, token: str, *, now: datetime) -> None:
    """Revoke a session; its cookie is worth nothing from here on."""
    found = live_sign_in(session, hash_of(token), now)
    if found is not None:
        found.revoked_at = now
        session.flush()


def _matches(secret_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(secret_hash, password)
    except (VerificationError, InvalidHashError):
        return False
