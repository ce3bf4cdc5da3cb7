"""The administrator's pages of mail: what waits, went, failed and came back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.conftest import NOW
from tests.factories import House
from tests.pages import Page, Visitor
from tracker.edges.clock import SetClock
from tracker.edges.mail import NoMailer
from tracker.jobs import tick
from tracker.ledger.models import AuditEntry, MailState, OutboxMail
from tracker.ledger.outbox import Mail, post
from tracker.people.models import Membership, Person, Role

SignIn = Callable[[Visitor, str], None]
ADMIN, OWNER = "admin@a.example", "owner@a.example"


@pytest.fixture
def house(house: House) -> House:
    """The small partnership with an administrator and an owner."""
    house.person(ADMIN, name="Ada Admin", role=Role.ADMINISTRATOR)
    house.person(OWNER, name="Olive Owner")
    return house


@pytest.fixture
def admin(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """The administrator, signed in."""
    sign_in(client, ADMIN)
    return client


def written(house: House, key: str = "digest:x:2026-11-02", to: str = OWNER, **more: object) -> str:
    """Write a mail, bring it where it should stand, and return the address of its page."""
    in_outbox = {name: more.pop(name) for name in ("partnership_id", "forget_text") if name in more}
    mail = Mail(key, to, "Words that stay unseen", "Secret text", "<p>Secret</p>", **in_outbox)  # type: ignore[arg-type]  # as given
    post(house.session, mail, now=house.now, domain="a.example")
    if more:
        house.session.execute(update(OutboxMail).where(OutboxMail.key == key).values(**more))
    uid = house.session.scalars(select(OutboxMail.uid).where(OutboxMail.key == key)).one()
    house.session.commit()
    return f"/ashshire/mail/{uid}"


def of(house: House, key: str = "digest:x:2026-11-02") -> OutboxMail:
    """A mail as it stands now."""
    house.session.expire_all()
    mail = house.session.scalars(select(OutboxMail).where(OutboxMail.key == key)).one()
    house.session.expunge(mail)
    house.session.rollback()  # lets go of SQLite's lock
    return mail


def all_of(page: Page) -> str:
    """What the list of a page says."""
    return page.text.partition("Where it stands")[2]


def test_the_list_says_of_each_mail_what_it_is_to_whom_and_where_it_stands(
    admin: Visitor, house: House
) -> None:
    written(house, "digest:x:2026-11-02", state=MailState.SENT, sent_at=NOW, tries=1)
    written(house, "invitation:x", tries=2, last_error="The mail server answered 451: later")
    written(house, "code:x", state=MailState.FAILED, tries=1, last_error="Nobody there")
    text = all_of(admin.page("/ashshire/mail"))
    code, invitation, digest = (
        text.index(words) for words in ("Sign-in code", "Invitation", "Daily message")
    )
    assert code < invitation < digest  # newest first
    assert "Failed Nobody there" in text[code:invitation]
    assert "Waits for another try Tried 2 times; next try 2 November 2026" in text
    assert "The mail server answered 451: later" in text[invitation:digest]
    assert "Sent 2 November 2026 at 10am" in text[digest:]
    assert text.count("Olive Owner") >= 3
    assert "1 mail waits, and 1 has failed." in admin.page("/ashshire/mail").text


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("waiting", "digest:waits"),
        ("sent", "invitation:sent"),
        ("failed", "code:failed"),
        ("in-doubt", "digest:doubt"),
        ("bounced", "other:back"),
    ],
)
def test_the_list_can_be_narrowed_to_one_state(
    admin: Visitor, house: House, word: str, key: str
) -> None:
    pages = {
        "digest:waits": written(house, "digest:waits"),
        "invitation:sent": written(house, "invitation:sent", state=MailState.SENT),
        "code:failed": written(house, "code:failed", state=MailState.FAILED),
        "digest:doubt": written(house, "digest:doubt", state=MailState.SENT, in_doubt=1),
        "other:back": written(house, "other:back", state=MailState.SENT, bounced_at=NOW),
    }
    shown = set(pages.values()) & set(admin.page(f"/ashshire/mail?show={word}").hrefs)
    expected = {"sent": {"invitation:sent", "digest:doubt"}}.get(word, {key})
    assert shown == {pages[one] for one in expected}


def test_a_word_or_a_place_that_the_list_does_not_know_is_not_found(admin: Visitor) -> None:
    for query in ("show=elsewhere", "after=x", "after=", f"after={OutboxMail.__tablename__}"):
        assert admin.get(f"/ashshire/mail?{query}").status_code == 404


def test_a_long_list_goes_on_on_further_pages_and_leaves_nothing_out(
    admin: Visitor, house: House, statements: list[str]
) -> None:
    addresses = [written(house, f"digest:x:{number:02}") for number in range(60)]
    met: list[str] = []
    path: str | None = "/ashshire/mail?show=waiting"
    while path:
        statements.clear()
        page = admin.page(path)
        assert sum(one.startswith("SELECT") for one in statements) <= 10
        met += [href for href in page.hrefs if href in addresses]
        path = next((href for href in page.hrefs if "after=" in href), None)
    assert met == addresses[::-1]


def test_neither_subject_nor_text_is_shown(admin: Visitor, house: House) -> None:
    page = written(house)
    for path in ("/ashshire/mail", page):
        text = admin.get(path).text
        assert "unseen" not in text
        assert "Secret" not in text


def test_mail_of_another_partnership_and_its_people_is_absent(admin: Visitor, house: House) -> None:
    other = House(house.session, house.now, slug="birchshire")
    other.person("else@b.example")
    other.person(OWNER)
    theirs = [
        written(house, "digest:else", to="else@b.example"),
        written(house, "invitation:theirs", partnership_id=other.tenant),
        written(house, "code:nobody", to="nobody@c.example"),
    ]
    ours = written(house, "invitation:ours", partnership_id=house.tenant)
    hrefs = admin.page("/ashshire/mail").hrefs
    assert ours in hrefs
    for path in theirs:
        assert path not in hrefs
        assert admin.get(path).status_code == 404
        assert admin.post(f"{path}/try-again").status_code == 404
        assert admin.post(f"{path}/address-works").status_code == 404
        assert admin.get(f"/ashshire/mail?after={path.rpartition('/')[2]}").status_code == 404


def test_mail_to_somebody_who_was_in_the_partnership_is_still_there(
    admin: Visitor, house: House
) -> None:
    membership = house.session.scalars(
        select(Membership).where(
            Membership.partnership_id == house.tenant,
            Membership.person_id == house.people[OWNER].id,
        )
    ).one()
    membership.to_on = date(2026, 6, 30)
    house.session.commit()
    assert written(house) in admin.page("/ashshire/mail").hrefs


def test_only_administrators_see_it(client: Visitor, house: House, sign_in: SignIn) -> None:
    page = written(house, state=MailState.FAILED)
    sign_in(client, OWNER)
    assert client.get("/ashshire/mail").status_code == 403
    assert client.get(page).status_code == 403
    assert client.post(f"{page}/try-again").status_code == 403
    assert of(house).state is MailState.FAILED


def test_a_mail_that_failed_is_tried_again_with_the_same_message_id(
    admin: Visitor, house: House, app: Flask, clock: SetClock
) -> None:
    page = written(house, state=MailState.FAILED, tries=8, last_error="Nobody there")
    before = of(house).message_id
    clock.set(clock.now() + timedelta(days=3))
    admin.post("/sign-in", data={"email": ADMIN, "password": "correct horse battery staple"})
    text = admin.send(f"{page}/try-again").text
    assert "It waits again" in text
    mail = of(house)
    assert (mail.state, mail.tries, mail.next_try_at) == (MailState.WAITING, 0, clock.now())
    tick(app)
    mail = of(house)
    assert (mail.state, mail.message_id) == (MailState.SENT, before)
    assert "Nothing was changed" in admin.send(f"{page}/try-again").text
    assert of(house).state is MailState.SENT


def test_a_code_that_failed_cannot_be_sent_again_and_the_page_says_why(
    admin: Visitor, house: House
) -> None:
    page = written(house, "code:x", state=MailState.FAILED, forget_text=True)
    shown = admin.page(page)
    assert "Olive Owner can ask for a new one" in shown.text
    assert not any("try-again" in form.get("action", "") for form in shown.forms)
    assert "Nothing was changed" in admin.send(f"{page}/try-again").text
    assert of(house, "code:x").state is MailState.FAILED


def test_an_address_that_works_again_is_noted_and_signed(admin: Visitor, house: House) -> None:
    page = written(
        house, state=MailState.SENT, sent_at=NOW, bounced_at=NOW, bounce_words="550 No such user"
    )
    person = house.people[OWNER]
    person.mail_bounced_at = NOW
    house.session.commit()
    text = admin.page("/ashshire/mail").text
    assert "Mail to 1 person came back" in text
    shown = admin.page(page).text
    assert "Mail to owner@a.example came back on 2 November 2026." in shown
    assert "Reason given 550 No such user" in shown
    assert "Noted: mail to Olive Owner arrives again." in admin.send(f"{page}/address-works").text
    house.session.expire_all()
    assert house.session.get_one(Person, person.id).mail_bounced_at is None
    entry = house.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.field == "mail_bounced_at")
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).one()
    assert (entry.source, entry.person_id) == ("web", house.people[ADMIN].id)
    assert "came back, so" not in admin.page("/ashshire/mail").text


def test_it_says_plainly_that_no_mail_server_is_set(
    house: House, clock: SetClock, client: Visitor, app: Flask, sign_in: SignIn
) -> None:
    page = written(house)
    sign_in(client, ADMIN)
    assert "No mail server is set" not in client.page("/ashshire/mail").text
    app.extensions["tracker"] = replace(app.extensions["tracker"], mailer=NoMailer())
    assert "No mail server is set (TRACKER_MAIL_URL)" in client.page("/ashshire/mail").text
    assert "When a mail server is set" in client.page(page).text
