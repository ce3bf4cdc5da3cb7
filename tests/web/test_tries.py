"""How often something may be tried, counted alike on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW, MakeApp
from tests.factories import PASSWORD, House
from tests.fakes import PlainRenderer, Postbox
from tests.pages import Visitor, read
from tracker.app import create_app
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.ledger.audit import Actor, Source, sign
from tracker.people.codes import Outcome, make_code, use_code
from tracker.people.models import TryCount
from tracker.people.tries import Limit, count_try, give_back, may_try, network_of
from tracker.settings import Settings

FIVE = Limit("test", 5, timedelta(minutes=15))
OWNER = "owner@ashshire.example"
SECRET = "a secret for tests, and for nothing else"


@pytest.fixture
def either(make_app: MakeApp, any_url: str) -> Iterator[Flask]:
    """The application on a database of each kind."""
    app = make_app(any_url)
    with app.app_context():
        sign(db.session, Actor(at=NOW, source=Source.WEB))
        yield app


def test_a_counter_begins_anew_once_its_time_is_over(either: Flask) -> None:
    session, later = db.session(), NOW + timedelta(minutes=15)
    taken = [may_try(session, FIVE, "jo", now=NOW) for _ in range(7)]
    assert taken == [True] * 5 + [False] * 2
    assert not may_try(session, FIVE, "jo", now=later - timedelta(microseconds=1))
    assert may_try(session, FIVE, "sam", now=NOW)
    assert [count_try(session, FIVE, "jo", now=later) for _ in range(2)] == [1, 2]
    give_back(session, FIVE, "jo")
    assert count_try(session, FIVE, "jo", now=later) == 2


def test_counters_of_yesterday_go_when_something_is_counted(either: Flask) -> None:
    session = db.session()
    count_try(session, FIVE, "jo", now=NOW)
    count_try(session, FIVE, "sam", now=NOW + timedelta(days=1, seconds=1))
    (left,) = session.scalars(select(TryCount)).all()
    assert left.key == FIVE.key("sam")


def test_tries_at_once_are_all_counted(either: Flask) -> None:
    db.session.remove()

    def try_once(number: int) -> bool:
        with either.app_context():
            taken = may_try(db.session(), FIVE, "jo", now=NOW)
            db.session.commit()
            db.session.remove()
            return taken

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(try_once, range(24))).count(True) == 5


def test_of_a_code_typed_in_many_windows_at_once_five_tries_count_and_one_is_right(
    either: Flask,
) -> None:
    House(db.session(), NOW).person(OWNER)
    made = make_code(db.session(), OWNER, secret_key=SECRET, now=NOW)
    db.session.commit()
    db.session.remove()

    def type_in(number: int) -> Outcome:
        with either.app_context():
            sign(db.session, Actor(at=NOW, source=Source.WEB))
            outcome, _ = use_code(
                db.session(), made.token, made.code, asked_at=NOW, secret_key=SECRET, now=NOW
            )
            db.session.commit()
            db.session.remove()
            return outcome

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(type_in, range(12)))
    assert outcomes.count(Outcome.RIGHT) == 1
    assert outcomes.count(Outcome.WRONG) == 3
    assert outcomes.count(Outcome.ENDED) == 8


def test_a_counter_keeps_no_address(either: Flask) -> None:
    count_try(db.session(), FIVE, OWNER, now=NOW)
    assert "owner" not in db.session.scalars(select(TryCount.key)).one()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("not an address", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_network_is_an_address_or_what_one_user_of_ipv6_has(
    address: str | None, network: str
) -> None:
    assert network_of(address) == network


def wrong(client: Visitor, number: int, **environ: str) -> int:
    answer = client.post(
        "/sign-in",
        data={"email": f"guess{number}@ashshire.example", "password": "wrong"},
        environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
        headers={"X-Forwarded-For": environ["said"]} if "said" in environ else None,
    )
    if answer.status_code == 429:
        assert "Wait fifteen minutes" in read(answer.text).text
    return answer.status_code


def test_thirty_wrong_sign_ins_of_a_network_close_the_door_to_it_for_a_quarter_of_an_hour(
    client: Visitor, house: House, clock: SetClock
) -> None:
    house.person(OWNER)
    assert [wrong(client, at) for at in range(31)] == [422] * 30 + [429]
    right = {"email": OWNER, "password": PASSWORD}
    here = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.post("/sign-in", data=right, environ_overrides=here).status_code == 429
    assert client.post("/sign-in", data=right).status_code == 302
    clock.set(clock.now() + timedelta(minutes=15))
    assert client.post("/sign-in", data=right, environ_overrides=here).status_code == 302


def test_where_no_proxy_is_ours_what_a_request_says_of_its_origin_is_not_believed(
    client: Visitor, house: House
) -> None:
    answers = [wrong(client, at, said=f"198.51.100.{at}") for at in range(31)]
    assert answers[-1] == 429


def test_behind_our_proxy_tries_are_counted_by_what_it_adds_last(
    sqlite_url: str, clock: SetClock
) -> None:
    settings = Settings(secret_key=SECRET, database_url=sqlite_url, proxies=1)
    app = create_app(settings, clock, Postbox(), PlainRenderer())
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Visitor
    client = app.test_client()
    assert isinstance(client, Visitor)
    others = [wrong(client, at, said=f"198.51.100.{at}") for at in range(31)]
    assert set(others) == {422}
    forged = [wrong(client, at, said=f"198.51.100.{at}, 203.0.113.5") for at in range(31)]
    assert forged[-1] == 429
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
