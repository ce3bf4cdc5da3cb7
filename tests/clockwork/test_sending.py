"""The outbox and a real SMTP server that misbehaves: nothing is lost, and doubts are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.clockwork.conftest import Found
from tests.clockwork.post_office import FINE, Mood, PostOffice, free_port, post_office
from tests.conftest import NOW, MakeApp
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.edges.mail import MailServer, SmtpMailer
from tracker.ledger.models import MailState, OutboxMail
from tracker.ledger.outbox import BACK_OFF, Mail, Sent, post, send_waiting
from tracker.server import send_now

ROW = select(OutboxMail.state, OutboxMail.tries, OutboxMail.in_doubt, OutboxMail.last_error)
Misbehave = Callable[[PostOffice], None]


@pytest.fixture
def app(make_app: MakeApp, sqlite_url: str) -> Flask:
    """The application on SQLite alone: what differs between engines is tested beside this."""
    return make_app(sqlite_url)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server."""
    with post_office() as open_office:
        yield open_office


@pytest.fixture
def send(session: Session, office: PostOffice, clock: SetClock) -> Callable[[], Sent]:
    """Send what waits, to a server that is given half a second for each answer."""
    server = MailServer("127.0.0.1", office.port, None, None, "none")
    mailer = SmtpMailer(server, "tracker@a.example", timeout_seconds=0.5)
    return lambda: send_waiting(session, mailer, clock.now)


def write(session: Session, *keys: str) -> None:
    """Put mails into the outbox, each to an address that begins with its key."""
    for key in keys:
        mail = Mail(key, f"{key}@a.example", f"Subject of {key}", "Text", "<p>Text</p>")
        post(session, mail, now=NOW, domain="a.example")
    session.commit()


def busy(where: str, answer: str) -> Misbehave:
    """Answer so at one point of the conversation."""
    return lambda office: setattr(office, where, answer)


def mood(mood: Mood) -> Misbehave:
    """Fall silent in a way."""
    return lambda office: setattr(office, "mood", mood)


@pytest.mark.parametrize(
    ("misbehave", "copies", "doubts", "says"),
    [
        (busy("to_sender", "451 Later"), 0, 0, "The mail server answered 451: Later"),
        (busy("to_sender", "550 Not you"), 0, 0, "The mail server answered 550: Not you"),
        (busy("to_recipient", "450 Full"), 0, 0, "The mail server answered 450: Full"),
        (busy("to_recipient", "421 Bye"), 0, 0, "The mail server answered 421: Bye"),
        (busy("to_text", "452 No room"), 0, 0, "The mail server answered 452: No room"),
        (mood(Mood.DIES_EARLY), 0, 1, "The mail server did not answer"),
        (mood(Mood.DIES), 1, 1, "The mail server did not answer"),
        (mood(Mood.HANGS), 1, 1, "The mail server did not answer"),
    ],
    ids=[
        *("sender-451", "sender-550", "recipient-450", "recipient-421", "text-452"),
        *("dies-in-the-text", "dies-after-the-text", "hangs-after-the-text"),
    ],
)
def test_a_letter_survives_whatever_the_server_does_and_repeats_are_counted_doubts(
    session: Session,
    office: PostOffice,
    clock: SetClock,
    found: Found,
    send: Callable[[], Sent],
    misbehave: Misbehave,
    copies: int,
    doubts: int,
    says: str,
) -> None:
    write(session, "owner")
    misbehave(office)
    assert send() == Sent(retried=1, in_doubt=doubts)
    ((state, tries, in_doubt, error),) = found(ROW)
    assert (state, tries, in_doubt) == (MailState.WAITING, 1, doubts)
    assert error.startswith(says)
    assert len(office.taken) == copies
    office.mood, office.to_sender, office.to_recipient, office.to_text = Mood.FINE, FINE, FINE, FINE
    clock.set(clock.now() + BACK_OFF[0])
    assert send() == Sent(sent=1)
    assert found(ROW) == [(MailState.SENT, 2, doubts, None)]
    assert len(office.taken) == copies + 1 <= doubts + 1
    assert set(office.message_ids) == set(found(select(OutboxMail.message_id)))


@pytest.mark.parametrize(
    ("where", "answer"),
    [("to_recipient", "550 No such person"), ("to_text", "554 Not wanted")],
)
def test_a_letter_that_is_refused_for_good_fails_with_the_server_s_words(
    session: Session,
    office: PostOffice,
    found: Found,
    send: Callable[[], Sent],
    where: str,
    answer: str,
) -> None:
    write(session, "owner")
    setattr(office, where, answer)
    assert send() == Sent(failed=1)
    says = f"The mail server answered {answer[:3]}: {answer[4:]}"
    assert found(ROW) == [(MailState.FAILED, 1, 0, says)]


def test_one_bad_recipient_holds_up_no_other(
    session: Session, office: PostOffice, found: Found, send: Callable[[], Sent]
) -> None:
    write(session, "first", "gone", "full", "last")
    office.refuses = {"gone@a.example": "550 No such person", "full@a.example": "452 Full"}
    assert send() == Sent(sent=2, retried=1, failed=1)
    assert [letter["To"] for letter in office.taken] == ["first@a.example", "last@a.example"]


def test_a_long_outage_costs_one_try_a_round_and_loses_nothing(
    session: Session, clock: SetClock, found: Found
) -> None:
    keys = [f"mail-{number}" for number in range(5)]
    write(session, *keys)
    port = free_port()
    mailer = SmtpMailer(
        MailServer("127.0.0.1", port, None, None, "none"), "t@a.example", timeout_seconds=0.5
    )
    for _ in range(72):
        assert send_waiting(session, mailer, clock.now).retried <= 1
        clock.set(clock.now() + timedelta(hours=1))
    assert set(found(select(OutboxMail.state))) == {MailState.WAITING}
    assert set(found(select(OutboxMail.last_error))) == {
        "The mail server did not answer: Connection refused"
    }
    with post_office() as office:
        back = SmtpMailer(
            MailServer("127.0.0.1", office.port, None, None, "none"), "t@a.example", 0.5
        )
        clock.set(clock.now() + timedelta(hours=1))
        assert send_waiting(session, back, clock.now) == Sent(sent=5)
        assert sorted(str(letter["X-Tracker-Key"]) for letter in office.taken) == keys


def test_between_ticks_what_waits_is_sent_and_nothing_else_is_done(
    app: Flask, session: Session, found: Found, statements: list[str]
) -> None:
    statements.clear()
    assert send_now(app) == Sent()
    assert not any("IMMEDIATE" in one for one in statements)
    write(session, "code")
    assert send_now(app) == Sent(sent=1)
    assert found(ROW) == [(MailState.SENT, 1, 0, None)]


def test_between_ticks_a_reader_of_the_database_is_no_obstacle(
    app: Flask, session: Session
) -> None:
    with app.app_context(), Session(db.engine) as writer:
        writer.connection()  # holds the lock of a writer
        assert send_now(app) == Sent()
