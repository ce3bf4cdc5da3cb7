"""A deed is claimed once, on both engines, whoever tries and whatever becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.clockwork.conftest import Found
from tests.conftest import NOW
from tracker.edges.db import db
from tracker.ledger.deeds import LATE_AFTER, claim
from tracker.ledger.models import Deed

KEY = "ask:0f0e:2026-12-08"
KEYS = select(Deed.key)


def test_a_deed_is_claimed_once(session: Session, found: Found) -> None:
    assert claim(session, KEY, now=NOW)
    assert not claim(session, KEY, now=NOW)
    session.commit()
    assert not claim(session, KEY, now=NOW)
    session.commit()
    assert found(KEYS) == [KEY]


def test_a_deed_claimed_in_a_transaction_that_is_rolled_back_is_free_again(
    session: Session, found: Found
) -> None:
    assert claim(session, KEY, now=NOW)
    session.rollback()
    assert found(KEYS) == []
    assert claim(session, KEY, now=NOW)
    session.commit()
    assert found(KEYS) == [KEY]


def test_deeds_of_other_keys_are_deeds_of_their_own(session: Session) -> None:
    assert claim(session, KEY, now=NOW)
    assert claim(session, f"{KEY}:somebody", now=NOW)


def test_a_deed_is_late_only_when_it_missed_its_own_time(session: Session, found: Found) -> None:
    claim(session, "in-time", now=NOW, planned_at=NOW - LATE_AFTER)
    claim(session, "late", now=NOW, planned_at=NOW - LATE_AFTER - timedelta(seconds=1))
    claim(session, "unplanned", now=NOW)
    session.commit()
    assert found(select(Deed.key).where(Deed.is_late)) == ["late"]


def test_a_deed_that_is_done_cannot_be_undone(session: Session) -> None:
    claim(session, KEY, now=NOW)
    session.commit()
    deed = session.get_one(Deed, KEY)
    session.delete(deed)
    with pytest.raises(DBAPIError, match="append-only"):
        session.flush()
    session.rollback()


@pytest.fixture
def in_thread(app: Flask) -> Callable[[Callable[[Session], bool]], bool]:
    """Run something in a session of its own, for use in a thread."""

    def run(what: Callable[[Session], bool]) -> bool:
        with app.app_context(), Session(db.engine) as session:
            return what(session)

    return run


def test_of_transactions_at_once_exactly_one_wins(
    in_thread: Callable[[Callable[[Session], bool]], bool], found: Found
) -> None:
    together = Barrier(4)

    def take(session: Session) -> bool:
        together.wait(10)
        mine = claim(session, KEY, now=NOW)
        session.commit()
        return mine

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(lambda _: in_thread(take), range(4)))
    assert sorted(won) == [False, False, False, True]
    assert found(KEYS) == [KEY]


def test_who_waits_for_a_claim_that_is_rolled_back_gets_the_deed(
    in_thread: Callable[[Callable[[Session], bool]], bool], found: Found
) -> None:
    claimed, waiting = Event(), Event()

    def give_up(session: Session) -> bool:
        mine = claim(session, KEY, now=NOW)
        claimed.set()
        waiting.wait(10)
        waiting.clear()
        waiting.wait(0.2)  # the other one is at the door by now
        session.rollback()
        return mine

    def take_over(session: Session) -> bool:
        claimed.wait(10)
        waiting.set()
        mine = claim(session, KEY, now=NOW)
        session.commit()
        return mine

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(in_thread, give_up), pool.submit(in_thread, take_over)
        assert first.result(20)
        assert second.result(20)
    assert found(KEYS) == [KEY]
