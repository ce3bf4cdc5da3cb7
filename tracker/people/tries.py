"""How often something may be tried: counted before it is looked at, so that many at once count.

A counter is one row that one statement raises, on both engines; the caller commits it even when
the answer is a refusal. Old counters go when a new one begins.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.edges.db import key_of
from tracker.people.models import TryCount

# No counter is needed for longer than the longest limit lasts.
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """So many tries of a kind within a time, counted from the first of them."""

    kind: str
    number: int
    within: timedelta

    def key(self, what: str) -> str:
        """The counter's key; of what was tried it keeps a hash, so that no address lies about."""
        return f"{self.kind}:{hashlib.sha256(what.encode(errors='replace')).hexdigest()}"


SIGN_INS_OF_NETWORK = Limit("sign-in-network", 30, timedelta(minutes=15))
CODES_OF_NETWORK = Limit("code-network", 30, timedelta(minutes=15))
CODES_OF_EMAIL = Limit("code-email", 5, timedelta(hours=1))
CODES_OF_EMAIL_A_DAY = Limit("code-email-day", 20, timedelta(days=1))
TRIES_OF_CODE = Limit("code", 5, timedelta(days=1))
TRIES_OF_AUTHENTICATOR = Limit("authenticator", 5, timedelta(minutes=15))
TRIES_OF_AUTHENTICATOR_A_DAY = Limit("authenticator-day", 50, timedelta(days=1))


def network_of(address: str | None) -> str:
    """What tries are counted by: an IPv4 address, or the /64 that one IPv6 user has (RFC 6177)."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def mailbox_of(email: str) -> str:
    """What codes are counted by: an e-mail address however it is written."""
    return key_of(email)


def count_try(session: Session, limit: Limit, what: str, *, now: datetime) -> int:
    """Raise a counter and return where it stands; its time begins anew once it is over."""
    _forget_old(session, now)
    key, is_over = limit.key(what), TryCount.since_at <= now - limit.within
    insert: sqlite.Insert | postgresql.Insert
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = (postgresql.insert if is_postgresql else sqlite.insert)(TryCount)
    raised = (
        insert.values(key=key, since_at=now, number=1)
        .on_conflict_do_update(
            index_elements=[TryCount.key],
            set_={
                "number": case((is_over, 1), else_=TryCount.number + 1),
                "since_at": case((is_over, insert.excluded.since_at), else_=TryCount.since_at),
            },
        )
        .returning(TryCount.number)
    )
    return int(session.connection().execute(raised).scalar_one())


def may_try(session: Session, limit: Limit, what: str, *, now: datetime) -> bool:
    """Count a try; False when it is one too many."""
    return count_try(session, limit, what, now=now) <= limit.number


def give_back(session: Session, limit: Limit, what: str) -> None:
    """A try that was right does not count: an office behind one address is many people."""
    session.execute(
        update(TryCount)
        .where(TryCount.key == limit.key(what), TryCount.number > 0)
        .values(number=TryCount.number - 1)
        .execution_options(synchronize_session=False)
    )


def _forget_old(session: Session, now: datetime) -> None:
    # What another transaction holds it keeps: waiting for it here could be waiting in a circle.
    old = (
        select(TryCount.key).where(TryCount.since_at < now - KEPT).with_for_update(skip_locked=True)
    )
    session.execute(
        delete(TryCount).where(TryCount.key.in_(old)).execution_options(synchronize_session=False)
    )
