"""The door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.factories import PASSWORD, House
from tests.pages import Visitor, read
from tracker.edges.clock import SetClock
from tracker.people.views import CLOSED, WRONG, local_path

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
    assert (closed.status_code, CLOSED in closed.text) == (429, True)
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
