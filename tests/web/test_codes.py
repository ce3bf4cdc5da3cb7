"""Signing in with a code by e-mail: typed, in the browser that asked, once, and soon."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import House
from tests.house.contents import contents
from tests.pages import Visitor, read
from tests.web.mailbox import another, look, mails, newest_code
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.ledger.models import AuditEntry
from tracker.people.codes import Outcome, read_code
from tracker.people.models import Invitation, Person, SignInCode
from tracker.people.views.sign_in import CODE_WORDS

OWNER = "owner@ashshire.example"
NOBODY = "nobody@ashshire.example"
ENDED = CODE_WORDS[Outcome.ENDED]


@pytest.fixture
def owner(house: House) -> Person:
    """Somebody of the house with an action."""
    person = house.person(OWNER)
    house.action(owner=OWNER)
    return person


def ask(client: Visitor, email: str = OWNER, onward: str = "/my-actions") -> None:
    answer = client.post(f"/sign-in?next={onward}", data={"email": email, "code": "1"})
    assert answer.location == f"/sign-in/code?next={onward}"


def type_in(client: Visitor, code: str) -> str | None:
    """Type a code; where it leads, or None when it is refused."""
    answer = client.post("/sign-in/code?next=/my-actions", data={"code": code})
    assert answer.status_code in (302, 422)
    return answer.location


def said(client: Visitor, code: str) -> str:
    answer = client.post("/sign-in/code", data={"code": code})
    assert answer.status_code == 422
    assert read(answer.text).title.startswith("Error: ")
    return read(answer.text).text


def test_from_the_door_a_code_leads_in_one_page_to_the_page_that_was_asked_for(
    client: Visitor, house: House, owner: Person
) -> None:
    asked = client.get("/ashshire/actions/1/progress").location
    assert asked is not None
    door = client.page(asked)
    assert "E-mail me a code instead" in door.text
    answer = client.post(asked, data={"email": " Owner@Ashshire.example", "code": "1"})
    assert answer.location == "/sign-in/code?next=/ashshire/actions/1/progress"
    page = client.page(answer.location)
    field = next(one for one in page.fields if one.get("name") == "code")
    assert (field["inputmode"], field["autocomplete"]) == ("numeric", "one-time-code")
    answer = client.post(answer.location, data={"code": newest_code()})
    assert answer.location == "/ashshire/actions/1/progress"
    assert client.get(answer.location).status_code == 200


def test_the_mail_holds_the_code_and_nothing_to_click(
    client: Visitor, house: House, owner: Person
) -> None:
    ask(client)
    (mail,) = mails("code")
    assert mail.recipient == OWNER
    assert mail.key.startswith(f"code:{owner.uid}:")
    assert mail.forget_text
    assert "before 10.10am" in mail.text
    assert "http" not in mail.text
    assert read(mail.html).hrefs == []
    assert newest_code() in mail.html
    assert not any(character.isdigit() for character in mail.subject)


def test_an_address_that_nobody_has_is_answered_alike_to_the_last_try(
    client: Visitor, house: House, owner: Person, app: Flask
) -> None:
    pages: dict[str, list[str]] = {}
    for email in (OWNER, NOBODY):
        visitor = app.test_client()
        assert isinstance(visitor, Visitor)
        ask(visitor, email)
        pages[email] = [visitor.page("/sign-in/code").text]
        wrong = another(newest_code())
        pages[email] += [said(visitor, wrong) for _ in range(6)]
        pages[email] = [text.replace(email, "…") for text in pages[email]]
    assert pages[OWNER] == pages[NOBODY]
    assert len(mails("code")) == 1


def test_a_code_is_right_with_spaces_and_hyphens_and_only_once(
    client: Visitor, house: House, owner: Person, app: Flask
) -> None:
    ask(client)
    with client.session_transaction() as kept:
        waiting = dict(kept["code"])
    code = newest_code()
    assert type_in(client, f" {code.replace(' ', '-')} ") == "/my-actions"
    again = app.test_client()
    with again.session_transaction() as kept:
        kept["code"] = waiting
    assert again.post("/sign-in/code", data={"code": code}).status_code == 422


def test_a_code_works_only_in_the_browser_that_asked(
    client: Visitor, house: House, owner: Person, app: Flask
) -> None:
    ask(client)
    code = newest_code()
    other = app.test_client()
    assert isinstance(other, Visitor)
    assert other.post("/sign-in/code", data={"code": code}).location == "/sign-in"
    ask(other)
    assert type_in(other, code) is None
    # Nor does another's asking end the code that somebody waits for.
    assert type_in(client, code) == "/my-actions"


@pytest.mark.parametrize(("seconds", "works"), [(599, True), (600, False), (601, False)])
def test_a_code_lasts_ten_minutes_to_the_second(
    client: Visitor, house: House, owner: Person, clock: SetClock, seconds: int, works: bool
) -> None:
    ask(client)
    clock.set(clock.now() + timedelta(seconds=seconds))
    if works:
        assert type_in(client, newest_code()) == "/my-actions"
    else:
        assert "has expired" in said(client, newest_code())
        page = client.page("/sign-in/code")
        assert page.h1 == ["This code no longer works"]
        assert not any(one.get("id") == "code" for one in page.fields)


def test_five_wrong_tries_end_a_code_and_the_right_one_comes_too_late(
    client: Visitor, house: House, owner: Person
) -> None:
    ask(client)
    code = newest_code()
    for _ in range(4):
        assert CODE_WORDS[Outcome.WRONG] in said(client, another(code))
    assert ENDED in said(client, another(code))
    assert ENDED in said(client, code)
    (row,) = look(select(SignInCode))
    assert (row.tries, row.used_at) == (6, None)
    ask(client)
    assert type_in(client, newest_code()) == "/my-actions"


@pytest.mark.parametrize("typed", ["", "   ", "12345", "1234567", "abcdef", "12 34 5x", "１２３"])
def test_what_is_no_code_is_said_plainly_and_counts_as_no_try(
    client: Visitor, house: House, owner: Person, typed: str
) -> None:
    ask(client)
    for _ in range(6):
        assert "ode" in said(client, typed)
    assert type_in(client, newest_code()) == "/my-actions"


def test_codes_are_read_as_people_type_them() -> None:
    assert read_code("482 913") == read_code("482-913") == read_code("４８２９１３") == "482913"
    assert read_code("48291") is read_code("48２9Ⅳ3") is None


def test_more_than_five_codes_an_hour_for_one_address_are_refused_in_plain_words(
    client: Visitor, house: House, owner: Person, clock: SetClock
) -> None:
    for email in (OWNER, NOBODY):
        for _ in range(5):
            ask(client, email)
        refused = client.post("/sign-in", data={"email": email, "code": "1"})
        assert refused.status_code == 429
        assert "wait an hour" in read(refused.text).text
    assert len(mails("code")) == 5
    clock.set(clock.now() + timedelta(hours=1))
    ask(client)


def test_a_network_that_asks_for_too_many_codes_is_refused_and_locks_nobody_out(
    client: Visitor, house: House, owner: Person
) -> None:
    for number in range(30):
        ask(client, f"guess{number}@ashshire.example")
    for _ in range(6):
        refused = client.post("/sign-in", data={"email": OWNER, "code": "1"})
        assert refused.status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    answer = client.post(
        "/sign-in", data={"email": OWNER, "code": "1"}, environ_overrides=elsewhere
    )
    assert answer.status_code == 302


def test_an_office_behind_one_address_may_sign_in_as_often_as_it_likes(
    client: Visitor, house: House, owner: Person
) -> None:
    for _ in range(31):
        ask(client)
        assert type_in(client, newest_code()) == "/my-actions"
        client.post("/sign-out")


def test_without_an_address_no_code_is_sent_and_the_password_is_not_asked_for(
    client: Visitor, house: House
) -> None:
    for email, words in (("", "Enter your e-mail address"), ("jo", "such as name@example.gov.uk")):
        answer = client.post("/sign-in", data={"email": email, "code": "1"})
        assert answer.status_code == 422
        page = read(answer.text)
        assert words in page.text
        assert "#password" not in page.hrefs
    assert mails("code") == []


def test_where_no_mail_server_is_set_no_code_is_offered(
    app: Flask, client: Visitor, house: House, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions["tracker"].mailer, "sends", False)
    assert "E-mail me a code" not in client.page("/sign-in").text
    answer = client.post("/sign-in", data={"email": OWNER, "code": "1"})
    assert (answer.status_code, "No mail server" in answer.text) == (422, True)


def test_the_code_is_in_the_mail_and_nowhere_else(
    client: Visitor, house: House, owner: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(client)
        code = newest_code().replace(" ", "")
        assert type_in(client, code) == "/my-actions"
    hidden = {"outbox_mail": ("text", "html")}
    without = tuple(f"{table}.{column}" for table, columns in hidden.items() for column in columns)
    everything = repr(contents(db.engine, without=without))
    assert code not in everything.replace(" ", "")
    logged = " ".join(record.getMessage() for record in caplog.records if "tracker" in record.name)
    assert code not in logged
    is_code = (AuditEntry.table_name == "sign_in_code", AuditEntry.field == "*")
    (entry,) = look(select(AuditEntry).where(*is_code))
    assert '"secret_hash": "(secret)"' in (entry.after or "")
    assert '"token_hash": "(secret)"' in (entry.after or "")


def test_used_and_expired_codes_go_when_a_new_one_is_made(
    client: Visitor, house: House, owner: Person, clock: SetClock
) -> None:
    ask(client)
    clock.set(clock.now() + timedelta(minutes=11))
    ask(client)
    (left,) = look(select(SignInCode))
    assert left.created_at == clock.now()


def test_whoever_has_left_gets_no_code_and_one_that_they_have_lets_nobody_in(
    client: Visitor, house: House, owner: Person, clock: SetClock
) -> None:
    ask(client)
    code = newest_code()
    owner.left_on = clock.now().date()
    house.session.commit()
    assert type_in(client, code) is None
    ask(client)
    assert len(mails("code")) == 1


def test_signing_in_by_a_code_accepts_an_invitation_and_shows_that_the_address_works(
    client: Visitor, house: House, owner: Person, clock: SetClock
) -> None:
    owner.mail_bounced_at = clock.now()
    house.session.add(
        Invitation(partnership_id=house.tenant, person_id=owner.id, invited_at=clock.now())
    )
    house.session.commit()
    ask(client)
    clock.set(clock.now() + timedelta(minutes=1))
    assert type_in(client, newest_code()) == "/my-actions"
    (person,) = look(select(Person))
    assert person.mail_bounced_at is None
    (invitation,) = look(select(Invitation))
    assert invitation.accepted_at == clock.now()


def test_the_page_for_a_code_leads_back_to_the_door_when_none_was_asked_for(
    client: Visitor, house: House
) -> None:
    assert client.get("/sign-in/code?next=/my-actions").location == "/sign-in?next=/my-actions"
    assert client.get("/sign-in/code?next=//evil.example").location == "/sign-in"
