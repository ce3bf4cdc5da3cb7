"""Authenticator apps: a second step by time-based codes (RFC 6238), each usable once."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
import segno
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.people.models import Identity, Person
from tracker.people.operations import own_identity
from tracker.people.queries import LOCAL
from tracker.people.tries import (
    TRIES_OF_AUTHENTICATOR,
    TRIES_OF_AUTHENTICATOR_A_DAY,
    may_try,
)

STEP_SECONDS = 30
# A phone's clock may be a step behind or ahead (RFC 6238, 5.2).
DRIFT = (0, -1, 1)
ISSUER = "Tracker"


def identity_of(session: Session, person_id: int, *, lock: bool = False) -> Identity | None:
    """The person's own way in, by the person."""
    found = select(Identity).where(Identity.issuer == LOCAL, Identity.person_id == person_id)
    if lock:
        found = found.with_for_update().execution_options(populate_existing=True)
    return session.scalar(found)


def is_on(identity: Identity | None) -> bool:
    """Whether a second step is asked for at sign-in."""
    return identity is not None and identity.totp_confirmed_at is not None


def begin(session: Session, person: Person) -> Identity:
    """Make a new key for an app to read; nothing is asked for until a code of it was typed.

    One that is on stays: it is turned off first.
    """
    identity = own_identity(session, person)
    if not is_on(identity):
        identity.totp_secret = pyotp.random_base32()
        identity.totp_last_step = None
        session.flush()
    return identity


def try_code(session: Session, person_id: int, code: str, *, now: datetime) -> bool:
    """Count a try, and say whether the app shows this code; no code is right twice.

    The caller commits whatever comes out. Five tries in fifteen minutes and fifty in a day are
    all that count, right ones among them.
    """
    what = str(person_id)
    may = may_try(session, TRIES_OF_AUTHENTICATOR, what, now=now)
    may = may_try(session, TRIES_OF_AUTHENTICATOR_A_DAY, what, now=now) and may
    identity = identity_of(session, person_id, lock=True)
    if not may or identity is None or identity.totp_secret is None:
        return False
    step = _step_of(identity.totp_secret, code, now)
    if step is None or (identity.totp_last_step is not None and step <= identity.totp_last_step):
        return False
    identity.totp_last_step = step
    session.flush()
    return True


def turn_on(session: Session, person_id: int, *, now: datetime) -> None:
    """From here on the app is asked for at every sign-in."""
    identity = identity_of(session, person_id)
    if identity is not None and identity.totp_secret is not None:
        identity.totp_confirmed_at = now
        session.flush()


def turn_off(session: Session, person_id: int) -> None:
    """The app is not asked for any more, and its key is forgotten."""
    identity = identity_of(session, person_id)
    if identity is not None:
        identity.totp_secret = None
        identity.totp_confirmed_at = None
        identity.totp_last_step = None
        session.flush()


def picture(secret: str, email: str) -> str:
    """The key as a QR code for an app to read: an SVG to stand within a page."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
    code = segno.make(address, error="m", micro=False)
    return str(
        code.svg_inline(
            scale=4,
            omitsize=True,
            svgclass="tracker-qr",
            lineclass=None,
            light="#fff",
            title="Picture of the key, for the camera of your authenticator app",
        )
    )


def key_in_groups(secret: str) -> str:
    """The key to type where no camera can read it: "ABCD EFGH …"."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, of the few that are current."""
    current = int(now.timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(secret, interval=STEP_SECONDS)
    for drift in DRIFT:
        if hmac.compare_digest(app.generate_otp(current + drift), code):
            return current + drift
    return None
