"""Inviting people, changing what they are, and their leaving."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW, MakeApp
from tests.factories import House
from tests.pages import Page, Visitor, read
from tests.web.mailbox import look, mails, newest_code
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.ledger.audit import Actor, Source, sign
from tracker.people.board_models import BoardRole
from tracker.people.members import Refused, end_memberships
from tracker.people.models import Invitation, Membership, Organisation, Person, Role, SignIn

SignInAs = Callable[[Visitor, str], None]
ADMIN = "admin@ashshire.example"
NEW = "sam@birch.example"
PEOPLE = "/ashshire/people"
SAM = {
    "name": "Sam Ash",
    "email": NEW,
    "organisation": "ashshire-council",
    "post": "Head of early help",
}


@pytest.fixture
def admin(client: Visitor, house: House, sign_in: SignInAs) -> Person:
    """The partnership's only administrator, signed in."""
    person = house.person(ADMIN, name="Alex Admin", role=Role.ADMINISTRATOR)
    sign_in(client, ADMIN)
    return person


def person(email: str) -> Person:
    (found,) = look(select(Person).where(Person.email_key == email))
    return found


def held(email: str) -> dict[Role, Membership]:
    who = person(email)
    return {one.role: one for one in look(select(Membership).where(Membership.person_id == who.id))}


def page_of(email: str) -> str:
    return f"{PEOPLE}/{person(email).uid}"


def sent(client: Visitor, path: str, **values: str) -> Page:
    return read(client.send(path, **values).text)


def change(client: Visitor, email: str, **values: str) -> Page:
    seen = str(person(email).version)
    return sent(client, page_of(email), last_seen=seen, **({"name": person(email).name} | values))


def test_whoever_is_invited_is_there_and_learns_by_mail_who_asks_and_how_to_sign_in(
    client: Visitor, house: House, admin: Person
) -> None:
    page = sent(client, f"{PEOPLE}/invite", may_clear="y", **SAM)
    assert f"An invitation to Sam Ash is on its way to {NEW}" in page.text
    assert "Has not signed in yet Invited 2 November 2026" in page.text
    (mail,) = mails("invitation")
    assert (mail.recipient, mail.partnership_id) == (NEW, house.tenant)
    for words in ("Alex Admin has invited you to Ashshire Children’s Trust", NEW):
        assert words in mail.text
        assert words in read(mail.html).text
    assert read(mail.html).hrefs == ["http://localhost/sign-in"]
    one = held(NEW)[Role.MEMBER]
    assert (one.post, one.may_clear, one.organisation_id) == (
        "Head of early help",
        True,
        house.council.id,
    )


def test_an_invitation_is_accepted_by_signing_in_with_a_code(
    client: Visitor, admin: Person, app: Flask
) -> None:
    client.post(f"{PEOPLE}/invite", data=SAM)
    guest = app.test_client()
    assert isinstance(guest, Visitor)
    guest.post("/sign-in", data={"email": NEW, "code": "1"})
    answer = guest.post("/sign-in/code", data={"code": newest_code()})
    assert answer.location == "/"
    assert guest.get("/ashshire/plans").status_code == 200
    (invitation,) = look(select(Invitation))
    assert invitation.accepted_at is not None
    assert "Has signed in" in client.page(PEOPLE).text
    again = sent(client, f"{page_of(NEW)}/invite-again")
    assert "has signed in since being invited" in again.text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Enter a name"),
        ("name", "\u200b", "Enter a name"),
        ("name", "x" * 201, "Use 200 characters or fewer"),
        ("email", "", "Enter their e-mail address"),
        ("email", "sam", "such as name@example.gov.uk"),
        ("email", "sam@birch.example\nBcc: eve@evil.example", "such as name@example.gov.uk"),
        ("email", f"{'x' * 250}@birch.example", "Use 254 characters or fewer"),
        ("email", ADMIN.upper(), "Alex Admin is in this partnership already"),
        ("organisation", "another-council", "Choose an organisation from the list"),
        ("post", "x" * 201, "Use 200 characters or fewer"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field_and_what_was_typed_stays(
    client: Visitor, admin: Person, field: str, value: str, words: str
) -> None:
    people = look(select(Person.email))
    answer = client.post(f"{PEOPLE}/invite", data=SAM | {field: value})
    assert (answer.status_code, words in answer.text) == (422, True)
    for name, kept in SAM.items():
        if name != field and name != "organisation":
            assert kept in answer.text
    assert look(select(Person.email)) == people
    assert mails("invitation") == []


def test_whoever_may_clear_needs_an_organisation(client: Visitor, admin: Person) -> None:
    values = SAM | {"organisation": "", "may_clear": "y"}
    answer = client.post(f"{PEOPLE}/invite", data=values)
    assert (answer.status_code, "whose updates they may clear" in answer.text) == (422, True)


def test_somebody_of_another_partnership_is_invited_and_keeps_name_and_address(
    client: Visitor, house: House, admin: Person
) -> None:
    other = House(house.session, house.now, slug="birchshire")
    other.person(NEW, name="Samantha Birch")
    client.post(f"{PEOPLE}/invite", data=SAM)
    assert person(NEW).name == "Samantha Birch"
    page = client.page(page_of(NEW))
    assert "only they can change their name" in page.text
    change(client, NEW, name="Somebody Else", post="Nurse")
    assert person(NEW).name == "Samantha Birch"
    mine = look(select(Membership).where(Membership.partnership_id == house.tenant))
    assert "Nurse" in {one.post for one in mine}
    theirs = look(select(Membership).where(Membership.partnership_id == other.tenant))
    assert {one.post for one in theirs} == {None}


def test_an_invitation_goes_again_after_an_hour_and_not_before(
    client: Visitor, admin: Person, clock: SetClock
) -> None:
    client.post(f"{PEOPLE}/invite", data=SAM)
    again = f"{page_of(NEW)}/invite-again"
    assert "less than an hour ago" in sent(client, again).text
    clock.set(clock.now() + timedelta(hours=1))
    assert "is on its way" in sent(client, again).text
    assert len({mail.message_id for mail in mails("invitation")}) == 2


def test_what_somebody_is_can_be_changed(client: Visitor, house: House, admin: Person) -> None:
    client.post(f"{PEOPLE}/invite", data=SAM)
    page = change(client, NEW, name="Sam Elm", post="Nurse", is_administrator="y")
    assert page.h1 == ["Sam Elm"]
    one = held(NEW)
    assert (one[Role.MEMBER].post, one[Role.MEMBER].organisation_id) == ("Nurse", None)
    assert one[Role.ADMINISTRATOR].to_on is None
    change(client, NEW, post="Nurse")
    today = house.now.date()
    # One that would have ended before it began is gone.
    assert Role.ADMINISTRATOR not in held(NEW)
    assert held(NEW)[Role.MEMBER].from_on == today


def test_two_who_change_one_name_at_once_do_not_overwrite_each_other(
    client: Visitor, admin: Person
) -> None:
    client.post(f"{PEOPLE}/invite", data=SAM)
    seen = str(person(NEW).version)
    path = page_of(NEW)
    assert client.post(path, data={"last_seen": seen, "name": "Sam Elm"}).status_code == 302
    assert client.post(path, data={"last_seen": seen, "name": "Sam Oak"}).status_code == 409
    assert person(NEW).name == "Sam Elm"


def test_the_last_administrator_stays_one(client: Visitor, house: House, admin: Person) -> None:
    words = "the only administrator who stays"
    assert words in change(client, ADMIN).text
    end = f"{page_of(ADMIN)}/end"
    assert words in sent(client, end, last_on="31 December 2026").text
    assert held(ADMIN)[Role.ADMINISTRATOR].to_on is None
    # One who leaves soon is nobody to rely on.
    other = house.person("other@ashshire.example", role=Role.ADMINISTRATOR)
    other_end = f"{page_of(other.email)}/end"
    client.post(other_end, data={"last_on": "31 January 2027"})
    assert words in change(client, ADMIN).text
    client.post(other_end, data={"stays": "1"})
    assert words not in change(client, ADMIN).text
    assert held(ADMIN)[Role.ADMINISTRATOR].to_on == house.now.date() - timedelta(days=1)
    assert held(ADMIN)[Role.MEMBER].to_on is None
    assert client.get(PEOPLE).status_code == 403


def test_a_leaver_is_out_the_day_after_their_last_and_listed_as_having_left(
    client: Visitor, house: House, admin: Person, clock: SetClock, app: Flask, sign_in: SignInAs
) -> None:
    house.person(NEW, name="Sam Ash", seat=BoardRole.SECRETARY)
    guest = app.test_client()
    assert isinstance(guest, Visitor)
    sign_in(guest, NEW)
    page = sent(client, f"{page_of(NEW)}/end", last_on="3 November 2026")
    assert "The last day of Sam Ash here: 3 November 2026" in page.text
    assert "Trust Board (secretary)" in client.page(PEOPLE).text
    clock.set(clock.now() + timedelta(days=1))
    sign_in(guest, NEW)
    assert guest.get("/ashshire/plans").status_code == 200
    clock.set(clock.now() + timedelta(days=1))
    sign_in(guest, NEW)
    assert guest.get("/ashshire/plans").status_code == 404
    sign_in(client, ADMIN)
    assert "Has left" in client.page(PEOPLE).text
    assert "has left the partnership" in client.page(page_of(NEW)).text
    # Invited again they are back.
    client.post(f"{PEOPLE}/invite", data=SAM)
    assert guest.get("/ashshire/plans").status_code == 200


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter their last day"),
        ("tomorrow", "We cannot read “tomorrow” as a day"),
        ("March 2027", "We cannot read “March 2027” as a day"),
        ("31 February 2027", "as a day"),
        ("1 January 2020", "The last day cannot be before the first"),
    ],
)
def test_a_last_day_that_is_none_is_said_so_and_kept_in_the_field(
    client: Visitor, house: House, admin: Person, typed: str, words: str
) -> None:
    house.person(NEW)
    answer = client.post(f"{page_of(NEW)}/end", data={"last_on": typed})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert f'value="{typed}"' in answer.text or not typed
    assert held(NEW)[Role.MEMBER].to_on is None


def test_many_people_are_shown_by_name_fifty_to_a_page_in_few_queries(
    client: Visitor, house: House, admin: Person, statements: list[str]
) -> None:
    for number in range(60):
        one = Person(
            name=f"Émile {number:02}",
            email=f"e{number}@x.example",
            email_key=f"e{number}@x.example",
        )
        house.session.add(one)
        house.session.flush()
        house.session.add(
            Membership(partnership_id=house.tenant, person_id=one.id, from_on=date(2026, 1, 1))
        )
    house.session.commit()
    statements.clear()
    first = client.page(PEOPLE)
    assert len([s for s in statements if s.lower().startswith("select")]) <= 10
    assert ("Émile 48" in first.text, "Émile 49" in first.text) == (True, False)
    (onward,) = {href for href in first.hrefs if "from=" in href}
    second = client.page(onward)
    assert ("Émile 48" in second.text, "Émile 49" in second.text) == (False, True)
    assert client.page(f"{PEOPLE}?from=nonsense").text == first.text


def test_only_administrators_see_people_and_only_their_own(
    client: Visitor, house: House, admin: Person, sign_in: SignInAs
) -> None:
    other = House(house.session, house.now, slug="birchshire")
    stranger = other.person("stranger@birchshire.example")
    for path in ("", "/end", "/invite-again"):
        answer = client.post(f"{PEOPLE}/{stranger.uid}{path}", data={"last_on": "1 May 2027"})
        assert answer.status_code == 404
    assert client.get("/birchshire/people").status_code == 404
    assert client.get(f"{PEOPLE}/{stranger.uid}").status_code == 404
    house.person("member@ashshire.example", seat=BoardRole.SECRETARY)
    sign_in(client, "member@ashshire.example")
    for path in (PEOPLE, f"{PEOPLE}/invite", "/ashshire/organisations"):
        assert client.get(path).status_code == 403


def test_an_organisations_updates_are_cleared_first_where_it_is_ticked(
    client: Visitor, house: House, admin: Person
) -> None:
    other = house.organisation("Ashshire Police")
    house.session.commit()
    both = ["ashshire-council", "ashshire-police"]
    page = read(
        client.post(
            "/ashshire/organisations",
            data={"shown": both, "needed": ["ashshire-police"]},
            follow_redirects=True,
        ).text
    )
    assert "Nobody may clear for it yet" in page.text
    needs = {one.slug: one.needs_clearance for one in look(select(Organisation))}
    assert needs == {"ashshire-council": False, "ashshire-police": True}
    client.post(f"{PEOPLE}/invite", data=SAM | {"organisation": other.slug, "may_clear": "y"})
    assert "Cleared by Sam Ash" in client.page("/ashshire/organisations").text
    # What a page did not show, and another partnership's of the same name, stays as it is.
    House(house.session, house.now, slug="birchshire").organisation("Ashshire Police")
    house.session.commit()
    client.post("/ashshire/organisations", data={"shown": ["ashshire-council"]})
    needed = [one.partnership_id for one in look(select(Organisation)) if one.needs_clearance]
    assert needed == [house.tenant]


def test_an_invitation_does_not_bring_back_whoever_left_for_good(
    client: Visitor, house: House, admin: Person, clock: SetClock
) -> None:
    one = house.person(NEW, name="Sam Ash")
    one.left_on = clock.now().date()
    house.session.commit()
    answer = client.post(f"{PEOPLE}/invite", data=SAM)
    assert (answer.status_code, "left for good" in answer.text) == (422, True)
    assert look(select(SignIn).where(SignIn.person_id == one.id)) == []


def test_two_administrators_who_end_each_other_at_once_do_not_leave_nobody(
    make_app: MakeApp, any_url: str
) -> None:
    app = make_app(any_url)
    today = NOW.date()
    with app.app_context():
        house = House(db.session(), NOW)
        tenant = house.tenant
        both = [house.person(f"{at}@ashshire.example", role=Role.ADMINISTRATOR) for at in "ab"]
        ids = [one.id for one in both]
        db.session.remove()

    def end(person_id: int) -> bool:
        with app.app_context():
            sign(db.session, Actor(at=NOW, source=Source.WEB))
            who = db.session.get_one(Person, person_id)
            try:
                end_memberships(db.session(), tenant, who, today, today=today)
            except Refused:
                db.session.rollback()
                return False
            db.session.commit()
            return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(end, ids)) == [False, True]
