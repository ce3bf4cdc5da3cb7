"""One's own account: name, password, where one is signed in, which mail one wants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import PASSWORD, House
from tests.pages import Visitor, read
from tests.web.mailbox import look, newest_code
from tracker.edges.clock import SetClock
from tracker.people.models import Identity, Membership, Person

SignIn = Callable[[Visitor, str], None]
OWNER = "owner@ashshire.example"
NEW = "a bicycle under the sea"


@pytest.fixture
def owner(client: Visitor, house: House, sign_in: SignIn) -> Person:
    """Somebody of the house, signed in."""
    person = house.person(OWNER, name="Jo Bell")
    sign_in(client, OWNER)
    return person


def other_browser(app: Flask, sign_in: SignIn) -> Visitor:
    """Another browser in which the owner is signed in."""
    visitor = app.test_client()
    assert isinstance(visitor, Visitor)
    sign_in(visitor, OWNER)
    return visitor


def by_code(client: Visitor) -> None:
    client.post("/sign-out")
    client.post("/sign-in", data={"email": OWNER, "code": "1"})
    assert client.post("/sign-in/code", data={"code": newest_code()}).status_code == 302


def test_the_account_says_who_one_is_and_how_one_signs_in(client: Visitor, owner: Person) -> None:
    page = client.page("/account")
    assert page.h1 == ["Your account"]
    for words in ("Jo Bell", OWNER, "this browser", "nobody can change it here"):
        assert words in page.text


def test_a_new_password_needs_the_present_one_and_signs_out_every_other_browser(
    app: Flask, client: Visitor, owner: Person, sign_in: SignIn
) -> None:
    other = other_browser(app, sign_in)
    wrong = client.post("/account/password", data={"current": "wrong", "new": NEW})
    assert (wrong.status_code, "not your present password" in wrong.text) == (422, True)
    assert other.get("/account").status_code == 200
    done = client.post("/account/password", data={"current": PASSWORD, "new": NEW})
    assert done.location == "/account"
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    client.post("/sign-out")
    for password, status in ((PASSWORD, 422), (NEW, 302)):
        answer = client.post("/sign-in", data={"email": OWNER, "password": password})
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("", "Enter a new password"),
        ("elevenchars", "at least 12 characters"),
        (OWNER.upper(), "cannot be your e-mail address"),
        ("aaaaaaaaaaaaaaaa", "more than three different"),
        ("x1y2" * 126, "Use 500 characters or fewer"),
    ],
)
def test_a_password_that_is_too_easy_is_refused_in_plain_words(
    client: Visitor, owner: Person, new: str, words: str
) -> None:
    before = look(select(Identity))[0].secret_hash
    answer = client.post("/account/password", data={"current": PASSWORD, "new": new})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert new not in read(answer.text).text or not new
    assert look(select(Identity))[0].secret_hash == before


def test_wrong_present_passwords_are_counted_as_at_the_door(client: Visitor, owner: Person) -> None:
    for _ in range(5):
        client.post("/account/password", data={"current": "wrong", "new": NEW})
    answer = client.post("/account/password", data={"current": PASSWORD, "new": NEW})
    assert answer.status_code == 422


def test_whoever_lost_a_password_sets_another_after_a_code_by_e_mail_within_half_an_hour(
    client: Visitor, owner: Person, clock: SetClock
) -> None:
    by_code(client)
    assert "Present password" not in client.page("/account/password").text
    clock.set(clock.now() + timedelta(minutes=30))
    assert client.post("/account/password", data={"new": NEW}).location == "/account"
    clock.set(clock.now() + timedelta(seconds=1))
    assert "Present password" in client.page("/account/password").text
    assert client.post("/account/password", data={"new": NEW}).status_code == 422


def test_whoever_never_had_a_password_sets_one(
    client: Visitor, house: House, owner: Person
) -> None:
    for identity in house.session.scalars(select(Identity)):
        house.session.delete(identity)
    house.session.commit()
    by_code(client)
    assert "you sign in with codes" in client.page("/account").text
    assert client.post("/account/password", data={"new": NEW}).location == "/account"
    client.post("/sign-out")
    assert client.post("/sign-in", data={"email": OWNER, "password": NEW}).status_code == 302


def test_signing_out_everywhere_else_leaves_this_browser_in(
    app: Flask, client: Visitor, owner: Person, sign_in: SignIn
) -> None:
    others = [other_browser(app, sign_in) for _ in range(2)]
    assert client.page("/account").text.count("Since ") == 3
    page = read(client.send("/account/sign-ins", others="1").text)
    assert "signed out of 2 other browsers" in page.text
    assert page.text.count("Since ") == 1
    assert {one.get("/account").status_code for one in others} == {302}


def test_signing_out_everywhere_ends_this_browser_too(
    app: Flask, client: Visitor, owner: Person, sign_in: SignIn
) -> None:
    other = other_browser(app, sign_in)
    assert client.post("/account/sign-ins", data={"everywhere": "1"}).location == "/sign-in"
    assert {one.get("/account").status_code for one in (client, other)} == {302}


def test_signing_out_somewhere_that_is_not_said_is_refused(client: Visitor, owner: Person) -> None:
    assert client.post("/account/sign-ins").status_code == 422
    assert client.get("/account").status_code == 200


def test_ones_own_name_can_be_changed_and_a_stale_page_is_told_so(
    client: Visitor, owner: Person
) -> None:
    (before,) = look(select(Person))
    values = {"last_seen": str(before.version), "name": " Jo \n Bell-Ash‮ "}
    assert client.post("/account/name", data=values).location == "/account"
    assert look(select(Person))[0].name == "Jo Bell-Ash"
    assert client.post("/account/name", data=values).status_code == 409
    for name, words in (("", "Enter a name"), ("x" * 201, "200 characters or fewer")):
        answer = client.post("/account/name", data={"last_seen": "2", "name": name})
        assert (answer.status_code, words in answer.text) == (422, True)


def test_mail_that_one_can_do_without_is_ones_own_choice(client: Visitor, owner: Person) -> None:
    assert client.post("/account/mail").location == "/account#mail"
    assert look(select(Person))[0].wants_optional_mail is False
    field = next(
        one for one in client.page("/account").fields if one.get("name") == "wants_optional_mail"
    )
    assert "checked" not in field
    client.post("/account/mail", data={"wants_optional_mail": "y"})
    assert look(select(Person))[0].wants_optional_mail is True


def test_whoever_is_in_no_partnership_any_more_sees_so_in_plain_words(
    client: Visitor, house: House, owner: Person, clock: SetClock
) -> None:
    (membership,) = house.session.scalars(
        select(Membership).where(Membership.partnership_id == house.tenant)
    )
    membership.to_on = clock.now().date() - timedelta(days=1)
    house.session.commit()
    client.post("/sign-out")
    answer = client.post("/sign-in", data={"email": OWNER, "password": PASSWORD})
    assert answer.location == "/account"
    assert "You are in no partnership at present" in client.page("/account").text
    assert client.get("/ashshire/plans").status_code == 404
    assert client.get("/my-actions").status_code == 200


def test_the_account_takes_few_queries(
    app: Flask, client: Visitor, owner: Person, sign_in: SignIn, statements: list[str]
) -> None:
    for _ in range(3):
        other_browser(app, sign_in)
    statements.clear()
    client.get("/account")
    assert len([one for one in statements if one.lower().startswith("select")]) <= 10
