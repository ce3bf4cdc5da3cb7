"""Mail that came back: noted on the mail and its person, by the command that mail servers call."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import NOW, MakeApp
from tests.edges.reports import KEY, MESSAGE_ID, exchange, gmail, postfix
from tests.factories import House
from tracker.commands import main
from tracker.edges.bounces import Bounce, read_bounce
from tracker.ledger.audit import Actor, Source, sign
from tracker.ledger.models import AuditEntry, MailState, OutboxMail
from tracker.ledger.outbox import Mail, post
from tracker.mailroom.operations import NotOurs, note_bounce
from tracker.people.models import Person

OWNER = "owner@a.example"


@pytest.fixture
def app(make_app: MakeApp, any_url: str) -> Flask:
    """The application, once on each engine."""
    return make_app(any_url)


@pytest.fixture
def sent(house: House) -> House:
    """The house, with a mail to its owner that a server took."""
    house.person(OWNER)
    house.person("else@a.example")
    write(house, KEY, message_id=MESSAGE_ID)
    return house


def write(house: House, key: str, *, to: str = OWNER, **values: object) -> None:
    """Put a mail that was sent into the outbox."""
    post(house.session, Mail(key, to, "A subject", "Text", "<p>Text</p>"), now=NOW, domain="a.b")
    as_sent = {"state": MailState.SENT, "sent_at": NOW} | values
    house.session.execute(update(OutboxMail).where(OutboxMail.key == key).values(**as_sent))
    house.session.commit()


def note(session: Session, bounce: Bounce) -> str:
    """Note a report that came by e-mail, an hour later."""
    now = NOW + timedelta(hours=1)
    sign(session, Actor(at=now, source=Source.EMAIL))
    said = note_bounce(session, bounce, now=now)
    session.commit()
    return said


def mail_of(house: House, key: str = KEY) -> OutboxMail:
    """A mail as it stands now."""
    house.session.expire_all()
    return house.session.scalars(select(OutboxMail).where(OutboxMail.key == key)).one()


def test_a_letter_given_up_is_noted_on_the_mail_and_its_person_and_signed_as_e_mail(
    sent: House,
) -> None:
    said = note(sent.session, read_bounce(gmail()))
    mail = mail_of(sent)
    assert mail.bounced_at == NOW + timedelta(hours=1)
    assert str(mail.bounce_words) in said
    assert mail.state is MailState.SENT
    assert sent.people[OWNER].mail_bounced_at == mail.bounced_at
    assert sent.people["else@a.example"].mail_bounced_at is None
    entry = sent.session.scalars(
        select(AuditEntry).where(AuditEntry.field == "mail_bounced_at")
    ).one()
    assert (entry.source, entry.person_id, entry.record_id) == (
        "email",
        None,
        sent.people[OWNER].id,
    )


def test_the_same_report_twice_changes_nothing_more(sent: House) -> None:
    note(sent.session, read_bounce(exchange()))
    first = mail_of(sent).bounced_at
    sign(sent.session, Actor(at=NOW + timedelta(days=1), source=Source.EMAIL))
    note_bounce(sent.session, read_bounce(gmail()), now=NOW + timedelta(days=1))
    assert mail_of(sent).bounced_at == first
    assert sent.people[OWNER].mail_bounced_at == first


def test_a_delay_is_only_words_and_does_not_hide_a_letter_that_came_back(sent: House) -> None:
    late = read_bounce(postfix(action="delayed", status="4.4.1", says="smtp; 451 Busy"))
    note(sent.session, late)
    mail = mail_of(sent)
    assert (mail.bounced_at, mail.bounce_words) == (None, "451 Busy")
    assert sent.people[OWNER].mail_bounced_at is None
    note(sent.session, read_bounce(postfix()))
    note(sent.session, late)
    assert "User unknown" in str(mail_of(sent).bounce_words)


def test_a_letter_too_long_on_the_way_is_not_held_against_the_address(sent: House) -> None:
    note(sent.session, read_bounce(postfix(status="4.4.7", says="smtp; 421 No answer")))
    assert mail_of(sent).bounced_at is not None
    assert sent.people[OWNER].mail_bounced_at is None


def test_the_key_finds_the_mail_where_the_message_id_was_changed_on_the_way(sent: House) -> None:
    note(sent.session, read_bounce(postfix(message_id="<changed@elsewhere.example>")))
    assert mail_of(sent).bounced_at is not None


def test_without_the_letter_s_headers_it_is_the_newest_mail_to_the_address(sent: House) -> None:
    write(sent, "digest:newer", sent_at=NOW + timedelta(minutes=5))
    write(sent, "digest:waits", state=MailState.WAITING, sent_at=None)
    write(sent, "digest:else", to="else@a.example")
    bare = Bounce(True, True, "550 no", "Owner@A.example", None, None)
    note(sent.session, bare)
    assert mail_of(sent, "digest:newer").bounced_at is not None
    assert mail_of(sent).bounced_at is None
    assert mail_of(sent, "digest:else").bounced_at is None


def test_an_old_mail_is_not_taken_for_the_one_that_came_back(sent: House) -> None:
    bare = Bounce(True, True, "550 no", OWNER, None, None)
    with pytest.raises(NotOurs):
        note_bounce(sent.session, bare, now=NOW + timedelta(days=31))


@pytest.mark.parametrize(
    "bounce",
    [
        Bounce(True, True, "550 no", "stranger@b.example", "<x@y>", "nothing"),
        Bounce(True, True, "550 no", None, None, None),
        Bounce(True, True, "550 no", "x" * 400, "<" + "x" * 190 + ">", "k" * 5000),
    ],
    ids=["stranger", "nobody", "too-long"],
)
def test_a_report_about_no_mail_of_ours_is_refused(sent: House, bounce: Bounce) -> None:
    with pytest.raises(NotOurs):
        note_bounce(sent.session, bounce, now=NOW)


def test_words_without_end_are_cut(sent: House) -> None:
    note(sent.session, Bounce(True, True, "no\x00 " * 900, None, MESSAGE_ID, None))
    assert len(str(mail_of(sent).bounce_words)) <= 500


def run(monkeypatch: pytest.MonkeyPatch, data: bytes, **settings: str) -> Result:
    """Hand a report to the command, as a mail server would."""
    for name in list(os.environ):
        if name.startswith("TRACKER_"):
            monkeypatch.delenv(name)
    return CliRunner().invoke(main, ["note-bounce"], input=data, env=settings)


def test_the_command_notes_a_report_and_says_so(
    monkeypatch: pytest.MonkeyPatch, sent: House, any_url: str
) -> None:
    sent.session.rollback()
    result = run(monkeypatch, postfix(), TRACKER_DATABASE_URL=any_url)
    assert result.exit_code == 0, result.output
    assert f"{MESSAGE_ID} came back: 550 5.1.1" in result.output
    assert mail_of(sent).bounced_at is not None
    assert sent.session.get_one(Person, sent.people[OWNER].id).mail_bounced_at is not None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Subject: hello\r\n\r\nhello", "This is no delivery report"),
        (postfix(action="delivered", status="2.0.0"), "no letter that failed"),
        (
            postfix(message_id="<x@y>", recipient="stranger@b.example").replace(
                KEY.encode(), b"unknown"
            ),
            "about no mail that was sent from here",
        ),
    ],
    ids=["letter", "success", "stranger"],
)
def test_what_cannot_be_used_ends_with_65_and_one_plain_line(
    monkeypatch: pytest.MonkeyPatch, sent: House, any_url: str, data: bytes, words: str
) -> None:
    sent.session.rollback()
    result = run(monkeypatch, data, TRACKER_DATABASE_URL=any_url)
    assert result.exit_code == 65
    assert result.output.startswith("Error: This ")
    assert words in result.output
    assert result.output.count("\n") == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"TRACKER_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing"},
        {"TRACKER_DATABASE_URL": "sqlite:////no/such/folder/x.db"},
        {"TRACKER_DATABASE_URL": "sqlite://"},
        {"TRACKER_DATABASE_URL": "mysql://localhost/tracker"},
    ],
    ids=["nobody-answers", "no-folder", "no-tables", "wrong-setting"],
)
def test_where_the_database_does_not_answer_the_server_is_asked_to_keep_it(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]
) -> None:
    result = run(monkeypatch, postfix(), **settings)
    assert result.exit_code == 75
    assert result.output.startswith("Error: ")
    assert "Traceback" not in result.output
