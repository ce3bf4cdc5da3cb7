"""The door."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from tests.conftest import NOW, MakeApp
from tests.factories import PASSWORD, PASSWORD_HASH, House
from tests.pages import Visitor, read
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.ledger.audit import Actor, Source, sign
from tracker.people.operations import give_password, take_try
from tracker.people.views.ground import local_path
from tracker.people.views.sign_in import WRONG

SignIn = Callable[[Visitor, str], None]


def test_after_signing_in_a_person_sees_what_they_asked_for(client: Visitor, house: House) -> None:
    house.person("owner@ashshire.example")
    asked = client.get("/ashshire/plans")
    assert asked.location == "/sign-in?next=/ashshire/plans"
    answer = client.post(
        asked.location, data={"email": "Owner@Ashshire.example ", "password": PASSWORD}
    )
    assert answer.location == "/ashshire/plans"
    assert client.page("/ashshire/plans").h1 == ["Plans"]


def test_an_unknown_address_and_a_wrong_password_are_answered_alike(
    client: Visitor, house: House
) -> None:
    house.person("owner@ashshire.example")
    answers = [
        client.post("/sign-in", data={"email": email, "password": "wrong"})
        for email in ("owner@ashshire.example", "nobody@ashshire.example")
    ]
    assert [one.status_code for one in answers] == [422, 422]
    assert [WRONG in one.text for one in answers] == [True, True]


def test_an_empty_form_names_each_field_that_is_missing(client: Visitor, house: House) -> None:
    answer = client.post("/sign-in", data={"email": "", "password": ""})
    assert answer.status_code == 422
    page = read(answer.text)
    assert page.title.startswith("Error: ")
    assert {"#email", "#password"} <= set(page.hrefs)


def test_wrong_tries_are_counted_and_close_the_door_for_a_quarter_of_an_hour(
    client: Visitor, house: House, clock: SetClock
) -> None:
    house.person("owner@ashshire.example")
    wrong = {"email": "owner@ashshire.example", "password": "wrong"}
    right = {"email": "owner@ashshire.example", "password": PASSWORD}
    for _ in range(5):
        assert client.post("/sign-in", data=wrong).status_code == 422
    closed = client.post("/sign-in", data=right)
    assert (closed.status_code, WRONG in closed.text) == (422, True)
    clock.set(clock.now() + timedelta(minutes=16))
    assert client.post("/sign-in", data=right).status_code == 302


def test_signing_out_ends_the_session_on_the_server(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person("owner@ashshire.example")
    sign_in(client, "owner@ashshire.example")
    with client.session_transaction() as kept:
        stolen = dict(kept)
    assert client.post("/sign-out").location == "/sign-in"
    with client.session_transaction() as kept:
        kept.update(stolen)
    assert client.get("/my-actions").location == "/sign-in?next=/my-actions"


def test_a_signed_in_person_does_not_see_the_door_again(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person("owner@ashshire.example")
    sign_in(client, "owner@ashshire.example")
    assert client.get("/sign-in").location == "/"
    assert client.get("/").location == "/my-actions"


@pytest.mark.parametrize(
    ("target", "onward"),
    [
        ("/ashshire/plans?page=2", "/ashshire/plans?page=2"),
        (None, None),
        ("", None),
        ("https://elsewhere.example/", None),
        ("//elsewhere.example/", None),
        ("/\\elsewhere.example", None),
        ("/\t/elsewhere.example", None),
        ("javascript:alert(1)", None),
        ("ashshire/plans", None),
    ],
)
def test_the_door_leads_on_only_inside_this_product(target: str | None, onward: str | None) -> None:
    assert local_path(target) == onward


def test_somebody_who_has_left_is_out_at_once_and_cannot_come_back(
    client: Visitor, house: House, clock: SetClock, sign_in: SignIn
) -> None:
    person = house.person("owner@ashshire.example")
    sign_in(client, "owner@ashshire.example")
    person.left_on = clock.now().date()
    house.session.commit()
    assert client.get("/my-actions").status_code == 302
    right = {"email": "owner@ashshire.example", "password": PASSWORD}
    assert client.post("/sign-in", data=right).status_code == 422


def test_somebody_who_will_leave_is_still_here(
    client: Visitor, house: House, clock: SetClock, sign_in: SignIn
) -> None:
    person = house.person("owner@ashshire.example")
    person.left_on = clock.now().date() + timedelta(days=1)
    house.session.commit()
    sign_in(client, "owner@ashshire.example")
    assert client.get("/my-actions").status_code == 200


def test_signing_in_again_ends_the_session_before(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person("owner@ashshire.example")
    sign_in(client, "owner@ashshire.example")
    with client.session_transaction() as kept:
        earlier = dict(kept)
    sign_in(client, "owner@ashshire.example")
    with client.session_transaction() as kept:
        kept.clear()
        kept.update(earlier)
    assert client.get("/my-actions").status_code == 302


def test_a_new_password_ends_every_session(client: Visitor, house: House, sign_in: SignIn) -> None:
    person = house.person("owner@ashshire.example")
    sign_in(client, "owner@ashshire.example")
    give_password(house.session, person, PASSWORD_HASH)
    house.session.commit()
    assert client.get("/my-actions").status_code == 302


def test_tries_made_at_once_are_all_counted(make_app: MakeApp, any_url: str) -> None:
    app = make_app(any_url)
    with app.app_context():
        House(db.session(), NOW).person("owner@ashshire.example")
        db.session.remove()

    def try_once(number: int) -> bool:
        with app.app_context():
            sign(db.session, Actor(at=NOW, source=Source.WEB))
            one = take_try(db.session(), "owner@ashshire.example", now=NOW)
            db.session.commit()
            return one.is_open

    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(try_once, range(16)))
    assert taken.count(True) == 5


@pytest.mark.parametrize(
    "next_", ["//[", "//\u2100.com", "/\\evil", "javascript:alert(1)", "//evil"]
)
def test_an_address_that_leads_elsewhere_is_not_followed(next_: str) -> None:
    assert local_path(next_) is None


@pytest.mark.parametrize("email", ["\ufb03" * 254, "\ufdfa" * 200])
def test_an_address_that_grows_in_its_key_is_simply_unknown(client: Visitor, email: str) -> None:
    answer = client.post("/sign-in", data={"email": email, "password": "x"})
    assert answer.status_code == 422


def test_a_cookie_of_another_product_does_no_harm(client: Visitor, house: House) -> None:
    client.set_cookie("remember_token", "a|\u00e9")
    assert client.get("/sign-in").status_code == 200


def test_an_error_page_that_cannot_be_made_is_still_a_page(
    app: Flask, client: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **values: object) -> str:
        raise RuntimeError("the frame cannot be made")

    monkeypatch.setattr("tracker.web.errors.render_template", broken)
    answer = client.get("/nothing/here/at/all")
    assert answer.status_code == 404
    assert "Page not found" in answer.text
