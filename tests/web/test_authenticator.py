"""The authenticator app: confirmed before it is asked for, each code once, no way round it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
import pytest
from click.testing import CliRunner
from sqlalchemy import select

import tracker.commands.accounts  # noqa: F401 - adds its command
from tests.factories import PASSWORD, House
from tests.pages import Visitor, read
from tests.web.mailbox import another, look, newest_code
from tracker.commands import main
from tracker.edges.clock import SetClock
from tracker.ledger.models import AuditEntry
from tracker.people.models import Identity, Person

SignIn = Callable[[Visitor, str], None]
OWNER = "owner@ashshire.example"
PAGE = "/account/authenticator"
STEP = "/sign-in/authenticator"


def secret() -> str:
    (identity,) = look(select(Identity))
    assert identity.totp_secret is not None
    return identity.totp_secret


def shown(at: datetime, steps: int = 0) -> str:
    """What the app shows at an instant, or some steps beside it."""
    return pyotp.TOTP(secret()).at(at + timedelta(seconds=30 * steps))


@pytest.fixture
def app_is_on(client: Visitor, house: House, clock: SetClock, sign_in: SignIn) -> Person:
    """Somebody who set up an app, a minute ago, and has signed out."""
    person = house.person(OWNER)
    sign_in(client, OWNER)
    assert client.post(PAGE, data={"begin": "1"}).location == PAGE
    assert client.post(PAGE, data={"code": shown(clock.now())}).location == "/account"
    client.post("/sign-out")
    clock.set(clock.now() + timedelta(minutes=1))
    return person


def with_password(client: Visitor, onward: str = "/my-actions") -> str | None:
    answer = client.post(f"/sign-in?next={onward}", data={"email": OWNER, "password": PASSWORD})
    return answer.location


def type_in(client: Visitor, code: str) -> str | None:
    answer = client.post(f"{STEP}?next=/my-actions", data={"code": code})
    assert answer.status_code in (302, 422)
    return answer.location


def test_an_app_is_set_up_by_its_picture_or_key_and_asked_for_after_one_code_of_it(
    client: Visitor, house: House, clock: SetClock, sign_in: SignIn
) -> None:
    house.person(OWNER)
    sign_in(client, OWNER)
    assert "Set up an app" in client.page(PAGE).text
    client.post(PAGE, data={"begin": "1"})
    answer = client.get(PAGE)
    assert "<svg" in answer.text
    assert "data:image" not in answer.text.split("<main")[1]
    assert secret() in read(answer.text).text.replace(" ", "")
    # Until a code of it was typed, nobody is asked for it.
    client.post("/sign-out")
    assert with_password(client) == "/my-actions"
    wrong = client.post(PAGE, data={"code": another(shown(clock.now()))})
    assert (wrong.status_code, "not the code" in wrong.text) == (422, True)
    assert client.post(PAGE, data={"code": shown(clock.now())}).location == "/account"
    assert "Asked for when you sign in" in client.page("/account").text


def test_after_the_password_the_app_is_asked_for_and_then_the_page_comes(
    client: Visitor, app_is_on: Person, clock: SetClock
) -> None:
    assert with_password(client) == f"{STEP}?next=/my-actions"
    assert client.get("/my-actions").location == "/sign-in?next=/my-actions"
    assert client.page(f"{STEP}?next=/my-actions").h1 == ["Type the code of your authenticator app"]
    assert type_in(client, shown(clock.now())) == "/my-actions"
    assert client.get("/my-actions").status_code == 200


def test_a_code_by_e_mail_does_not_get_round_the_app(
    client: Visitor, app_is_on: Person, clock: SetClock
) -> None:
    client.post("/sign-in?next=/my-actions", data={"email": OWNER, "code": "1"})
    answer = client.post("/sign-in/code?next=/my-actions", data={"code": newest_code()})
    assert answer.location == f"{STEP}?next=/my-actions"
    assert client.get("/account").status_code == 302
    assert type_in(client, another(shown(clock.now()))) is None
    assert type_in(client, shown(clock.now())) == "/my-actions"


def test_a_code_of_the_app_is_right_once_whichever_browser_types_it(
    client: Visitor, app_is_on: Person, clock: SetClock
) -> None:
    code = shown(clock.now())
    with_password(client)
    assert type_in(client, code) == "/my-actions"
    client.post("/sign-out")
    with_password(client)
    assert type_in(client, code) is None
    # Nor is the one before it, which the drift of clocks would allow.
    assert type_in(client, shown(clock.now(), -1)) is None
    clock.set(clock.now() + timedelta(seconds=30))
    assert type_in(client, shown(clock.now())) == "/my-actions"


@pytest.mark.parametrize(("steps", "works"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off_and_no_more(
    client: Visitor, app_is_on: Person, clock: SetClock, steps: int, works: bool
) -> None:
    with_password(client)
    assert (type_in(client, shown(clock.now(), steps)) is not None) is works


def test_after_five_tries_the_right_code_waits_for_a_quarter_of_an_hour(
    client: Visitor, app_is_on: Person, clock: SetClock
) -> None:
    clock.set(clock.now() + timedelta(minutes=15))
    with_password(client)
    for _ in range(5):
        assert type_in(client, another(shown(clock.now()))) is None
    assert type_in(client, shown(clock.now())) is None
    clock.set(clock.now() + timedelta(minutes=15))
    with_password(client)
    assert type_in(client, shown(clock.now())) == "/my-actions"


def test_whoever_takes_ten_minutes_for_the_second_step_begins_again(
    client: Visitor, app_is_on: Person, clock: SetClock
) -> None:
    with_password(client)
    clock.set(clock.now() + timedelta(minutes=10))
    assert type_in(client, shown(clock.now())) == "/sign-in?next=/my-actions"
    assert "begin again" in client.page("/sign-in").text
    assert client.get(STEP).location == "/sign-in"


def test_turning_it_off_needs_the_password(
    client: Visitor, app_is_on: Person, clock: SetClock
) -> None:
    with_password(client)
    type_in(client, shown(clock.now()))
    wrong = client.post(PAGE, data={"password": "wrong wrong wrong"})
    assert (wrong.status_code, "not your password" in wrong.text) == (422, True)
    assert client.post(PAGE, data={"begin": "1"}).status_code == 422
    assert client.post(PAGE, data={"password": PASSWORD}).location == "/account"
    (identity,) = look(select(Identity))
    assert (identity.totp_secret, identity.totp_confirmed_at) == (None, None)
    client.post("/sign-out")
    assert with_password(client) == "/my-actions"


def test_whoever_has_no_password_turns_it_off_by_a_code_of_the_app(
    client: Visitor, house: House, app_is_on: Person, clock: SetClock
) -> None:
    (identity,) = house.session.scalars(select(Identity))
    identity.secret_hash = None
    house.session.commit()
    client.post("/sign-in", data={"email": OWNER, "code": "1"})
    client.post("/sign-in/code", data={"code": newest_code()})
    assert type_in(client, shown(clock.now())) == "/my-actions"
    assert client.post(PAGE, data={"code": another(shown(clock.now()))}).status_code == 422
    clock.set(clock.now() + timedelta(minutes=1))
    assert client.post(PAGE, data={"code": shown(clock.now())}).location == "/account"


def test_the_key_is_in_no_entry_of_the_audit_trail(app_is_on: Person) -> None:
    entries = look(select(AuditEntry).where(AuditEntry.table_name == "identity"))
    assert "totp_secret" in {entry.field for entry in entries}
    assert secret() not in repr([(entry.before, entry.after) for entry in entries])


def test_whoever_lost_their_phone_is_helped_by_whoever_runs_the_server(
    client: Visitor, app_is_on: Person, sqlite_url: str
) -> None:
    def run(email: str) -> str:
        environ = {"TRACKER_DATABASE_URL": sqlite_url}
        return CliRunner().invoke(main, ["turn-off-authenticator", email], env=environ).output

    assert "Nobody here has the address" in run("nobody@ashshire.example")
    assert "signs in without an authenticator app from now on" in run(OWNER)
    assert "has no authenticator app set up" in run(OWNER)
    assert with_password(client) == "/my-actions"
