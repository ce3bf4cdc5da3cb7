"""Mail against a real SMTP server, which takes, refuses, hangs and dies."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread

import pytest

from tests.clockwork.post_office import Mood, PostOffice, free_port, post_office
from tracker.edges.mail import Letter, MailError, MailServer, NoMailer, SmtpMailer

LETTER = Letter(
    recipient="owner@a.example",
    subject="2 actions need an update from you – Children’s Trust",
    text="Open a family hub in Łódź Street\n.\n.a line that begins with a dot\n",
    html="<p>Open a family hub in <b>Łódź Street</b></p>",
    message_id="<one-of-a-kind@tracker.example>",
    key="digest:person:2026-11-02",
)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server."""
    with post_office() as open_office:
        yield open_office


@pytest.fixture
def mailer(office: PostOffice) -> SmtpMailer:
    """A mailer that hands letters to the server."""
    return mailer_to(office.port)


def mailer_to(port: int, *, user: str | None = None) -> SmtpMailer:
    """A mailer with little patience."""
    server = MailServer("127.0.0.1", port, user, "secret" if user else None, "none")
    return SmtpMailer(server, "tracker@a.example", timeout_seconds=0.5)


def refused(mailer: SmtpMailer, letter: Letter = LETTER) -> MailError:
    """The error with which a letter comes back."""
    with pytest.raises(MailError) as caught:
        mailer.send(letter)
    return caught.value


def test_a_letter_arrives_as_text_and_html_with_its_message_id_and_key(
    office: PostOffice, mailer: SmtpMailer
) -> None:
    mailer.send(LETTER)
    (letter,) = office.taken
    assert letter["From"] == "tracker@a.example"
    assert letter["To"] == "owner@a.example"
    assert letter["Subject"] == LETTER.subject
    assert letter["Message-ID"] == LETTER.message_id
    assert letter["X-Tracker-Key"] == LETTER.key
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = letter.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n") == LETTER.text
    assert html.get_content().strip() == LETTER.html
    assert office.raw[0].isascii()


def test_a_line_break_in_a_subject_writes_no_header_of_its_own(
    office: PostOffice, mailer: SmtpMailer
) -> None:
    mailer.send(replace(LETTER, subject="Papers for the board\nBcc: everyone@a.example"))
    assert office.taken[0]["Subject"] == "Papers for the board Bcc: everyone@a.example"
    assert "Bcc" not in office.taken[0]


def test_a_recipient_who_is_refused_with_550_is_refused_for_good(
    office: PostOffice, mailer: SmtpMailer
) -> None:
    office.to_recipient = "550 No such person here"
    error = refused(mailer)
    assert error.permanent
    assert not error.in_doubt
    assert "550" in str(error)
    assert "No such person here" in str(error)
    assert not office.taken


def test_a_text_that_is_refused_with_554_is_refused_for_good(
    office: PostOffice, mailer: SmtpMailer
) -> None:
    office.to_text = "554 Not wanted"
    assert refused(mailer).permanent


@pytest.mark.parametrize("where", ["to_sender", "to_recipient", "to_text"])
def test_a_server_that_answers_451_may_take_the_letter_another_time(
    office: PostOffice, mailer: SmtpMailer, where: str
) -> None:
    setattr(office, where, "451 Try again later")
    error = refused(mailer)
    assert not error.permanent
    assert not error.in_doubt
    assert "451" in str(error)
    setattr(office, where, "250 OK")
    mailer.send(LETTER)
    assert office.message_ids == [LETTER.message_id]


def test_a_sender_who_is_refused_is_not_held_against_the_letter(
    office: PostOffice, mailer: SmtpMailer
) -> None:
    office.to_sender = "550 You may not send from there"
    error = refused(mailer)
    assert not error.permanent
    assert error.of_server


@pytest.mark.parametrize("where", ["to_recipient", "to_text"])
def test_a_server_that_is_closing_down_is_not_held_against_the_letter(
    office: PostOffice, mailer: SmtpMailer, where: str
) -> None:
    setattr(office, where, "421 Closing down")
    error = refused(mailer)
    assert error.of_server
    assert not error.permanent
    assert not error.in_doubt


def test_a_refusal_of_one_recipient_says_nothing_about_the_server(
    office: PostOffice, mailer: SmtpMailer
) -> None:
    office.refuses["owner@a.example"] = "451 Greylisted"
    assert not refused(mailer).of_server
    mailer.send(replace(LETTER, recipient="other@a.example"))
    assert len(office.taken) == 1


def test_a_server_that_takes_no_password_is_not_held_against_the_letter(
    office: PostOffice,
) -> None:
    error = refused(mailer_to(office.port, user="tracker"))
    assert error.of_server
    assert not error.permanent
    assert not error.in_doubt
    assert "cannot do what TRACKER_MAIL_URL asks" in str(error)


def test_a_server_that_dies_in_the_middle_of_the_text_leaves_the_letter_in_doubt(
    office: PostOffice, mailer: SmtpMailer
) -> None:
    office.mood = Mood.DIES_EARLY
    error = refused(mailer)
    assert error.in_doubt
    assert not error.permanent
    assert not office.taken


@pytest.mark.parametrize("mood", [Mood.DIES, Mood.HANGS], ids=["dies", "hangs"])
def test_a_server_that_falls_silent_after_it_has_the_text_leaves_the_letter_in_doubt(
    office: PostOffice, mailer: SmtpMailer, mood: Mood
) -> None:
    office.mood = mood
    error = refused(mailer)
    assert error.in_doubt
    assert not error.permanent
    assert "did not answer" in str(error)
    assert office.message_ids == [LETTER.message_id]


def test_nobody_at_the_address_is_temporary_and_leaves_no_doubt() -> None:
    error = refused(mailer_to(free_port()))
    assert error.of_server
    assert not error.permanent
    assert not error.in_doubt
    assert str(error) == "The mail server did not answer: Connection refused"


@pytest.mark.parametrize(
    ("says", "in_doubt"),
    [
        ([], False),
        ([b"220 hello"], False),
        ([b"554 go away"], False),
        ([b"220 hello", b"250 hi", b"250 ok", b"250 ok", b"354 go on"], True),
        ([b"220 hello", b"250 hi", b"250 ok", b"250 ok", b"354 go on", b"gibberish"], True),
    ],
    ids=["silent", "silent-after-hello", "busy", "dies-mid-message", "gibberish"],
)
def test_a_server_that_stops_half_way_is_temporary(says: list[bytes], in_doubt: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=_speak, args=(listening, says), daemon=True).start()
        error = refused(mailer_to(listening.getsockname()[1]))
    assert not error.permanent
    assert error.in_doubt is in_doubt
    assert error.of_server is not in_doubt


def test_a_letter_that_was_taken_is_sent_whatever_the_server_says_to_goodbye() -> None:
    says = [b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"354 go on", b"250 taken", b"500 what?"]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=_speak, args=(listening, says), daemon=True).start()
        mailer_to(listening.getsockname()[1]).send(LETTER)


@pytest.mark.parametrize("recipient", ["o\nwner@a.example", "öwner@a.example"])
def test_a_letter_that_cannot_be_written_is_refused_for_good(
    office: PostOffice, mailer: SmtpMailer, recipient: str
) -> None:
    assert refused(mailer, replace(LETTER, recipient=recipient)).permanent
    assert not office.taken


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.a.example", MailServer("mail.a.example", 25, None, None, "none")),
        ("smtp://127.0.0.1:2525", MailServer("127.0.0.1", 2525, None, None, "none")),
        (
            "smtp+starttls://us%40er:p%2Fw@mail.a.example",
            MailServer("mail.a.example", 587, "us@er", "p/w", "starttls"),
        ),
        ("smtps://u:p@mail.a.example", MailServer("mail.a.example", 465, "u", "p", "tls")),
        ("smtps://mail.a.example:4650/", MailServer("mail.a.example", 4650, None, None, "tls")),
    ],
)
def test_a_server_is_read_from_its_address(url: str, server: MailServer) -> None:
    assert MailServer.from_url(url) == server


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://mail.a.example", "must begin with smtp://"),
        ("mail.a.example:25", "must begin with smtp://"),
        ("smtp://", "names no server"),
        ("smtp://:25", "names no server"),
        ("smtp://mail.a.example:mail", "port"),
        ("smtp://mail.a.example:99999", "port"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_plain_words(url: str, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        MailServer.from_url(url)
    assert words in str(caught.value).lower()


def test_without_a_server_nothing_is_sent() -> None:
    assert not NoMailer().sends
    with pytest.raises(MailError):
        NoMailer().send(LETTER)


def _speak(listening: socket.socket, says: list[bytes]) -> None:
    """Say one line for each line that comes (after DATA: for the whole text), then hang up."""
    connection, _ = listening.accept()
    with connection, connection.makefile("rb") as heard:
        for number, line in enumerate(says):
            if number:
                while heard.readline() != b".\r\n" and says[number - 1].startswith(b"354"):
                    pass
            connection.sendall(line + b"\r\n")
        if says and says[-1].startswith(b"354"):
            heard.readline()
