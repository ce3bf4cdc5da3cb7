"""The notice of published papers: a link, or the PDF where the board sends it along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from governance.models import Meeting
from tests.factories import House
from tests.fakes import Postbox
from tests.pages import Visitor
from tests.web.publishing import MEMBER, PAGE, SignIn, ready, through_gate
from tracker.edges.clock import SetClock
from tracker.edges.mail import Letter, MailServer, SmtpMailer
from tracker.jobs import tick


@pytest.fixture
def meeting(app: Flask, client: Visitor, house: House, sign_in: SignIn, clock: SetClock) -> Meeting:
    """A meeting whose updates have closed, its secretary signed in."""
    return ready(app, client, house, sign_in, clock)


def told(app: Flask, client: Visitor, clock: SetClock, postbox: Postbox) -> Letter:
    """Publish, and return what the member is sent the next morning."""
    through_gate(client, PAGE)
    postbox.letters.clear()
    clock.set(clock.now() + timedelta(days=1))
    tick(app)
    return next(letter for letter in postbox.letters if letter.recipient == MEMBER)


def test_members_get_a_link_unless_their_board_sends_the_pdf(
    app: Flask, client: Visitor, meeting: Meeting, clock: SetClock, postbox: Postbox
) -> None:
    letter = told(app, client, clock, postbox)
    assert letter.attachments == ()
    assert f"{PAGE}\n" in letter.text


def test_a_board_that_sends_the_pdf_has_it_attached_and_the_link_stays(
    app: Flask,
    client: Visitor,
    house: House,
    meeting: Meeting,
    clock: SetClock,
    postbox: Postbox,
    sign_in: SignIn,
) -> None:
    house.board.sends_pdf = True
    house.session.commit()
    letter = told(app, client, clock, postbox)
    [(name, data)] = letter.attachments
    assert name == "trust-board-2026-12-08-version-1.pdf"
    assert data.startswith(b"%PDF")
    sign_in(client, MEMBER)
    assert client.get(f"{PAGE}/pack-1.pdf").data == data
    assert f"{PAGE}\n" in letter.text


def test_an_attached_pdf_travels_whole() -> None:
    letter = Letter(
        recipient="member@a.example",
        subject="Papers",
        text="Read them",
        html="<p>Read them</p>",
        message_id="<1@a.example>",
        key="k",
        attachments=(("pack.pdf", b"%PDF-1.7 \x00\xff"),),
    )
    mailer = SmtpMailer(MailServer("localhost", 25, None, None, "none"), "tracker@a.example")
    written = mailer._written(letter)
    assert b"multipart/mixed" in written
    assert b'filename="pack.pdf"' in written
