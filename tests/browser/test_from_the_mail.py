"""From the reminder in the mail to the history, on a phone, by a code, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, Response, expect

from tests.browser.visits import PHONE, Visit, path_of
from tests.clockwork.post_office import PostOffice, post_office
from tests.factories import House
from tracker.edges.clock import SetClock
from tracker.edges.mail import MailServer, SmtpMailer
from tracker.jobs import tick

pytestmark = pytest.mark.browser

OWNER = "owner@ashshire.example"
ASKED = datetime(2026, 11, 10, 7, 5, tzinfo=UTC)
MOST_PAGES = 5


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A real mail server on the loopback."""
    with post_office() as open_office:
        yield open_office


@pytest.fixture
def postbox(office: PostOffice) -> SmtpMailer:
    """The application's mail goes over SMTP to that server."""
    return SmtpMailer(MailServer.from_url(f"smtp://127.0.0.1:{office.port}"), "tracker@a.example")


def text_of(letter: EmailMessage) -> str:
    """What a letter says in plain text."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


class Pages:
    """The pages that somebody was shown, each document once; where it only led on is none."""

    def __init__(self, page: Page) -> None:
        self.shown: list[str] = []
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        is_document = response.request.resource_type == "document"
        if is_document and not 300 <= response.status < 400:
            self.shown.append(f"{response.request.method} {urlsplit(response.url).path}")


def test_from_the_reminder_in_the_mail_to_the_history_is_five_pages(
    app: Flask, house: House, visit: Visit, clock: SetClock, office: PostOffice
) -> None:
    house.action("Open a family hub", deadline="April 2027", owner=OWNER)
    house.cycle()
    house.meetings()
    clock.set(ASKED)
    tick(app)
    (reminder,) = office.taken
    assert reminder["To"] == OWNER
    assert reminder["X-Tracker-Key"].startswith("digest:")
    (link,) = [one for one in re.findall(r"http://\S+", text_of(reminder)) if "/actions/" in one]

    page = visit(PHONE, False)
    pages = Pages(page)
    page.goto(link)
    page.get_by_label("E-mail address").fill(OWNER)
    page.get_by_role("button", name="E-mail me a code instead").click()

    tick(app)  # the clockwork sends what waits
    code_mail = office.taken[-1]
    assert code_mail["To"] == OWNER
    assert "http" not in text_of(code_mail)  # nothing that a scanner could follow
    code = re.search(r"^\s*(\d[\d ]{4,}\d)\s*$", text_of(code_mail), re.MULTILINE)
    assert code is not None, text_of(code_mail)
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("button", name="Sign in").click()

    assert path_of(page) == "/ashshire/actions/1/progress"
    expect(page.get_by_text("updates close at 5pm on 26 November 2026").first).to_be_visible()
    page.get_by_label("In progress").check()
    page.get_by_label("Amber").check()
    page.get_by_label("What is the cause?").fill("One builder for three sites.")
    page.get_by_label("What will put it right?").fill("A second builder is named.")
    page.get_by_label("What has happened").fill("The first builder withdrew.")
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Check")
    page.get_by_role("button", name=re.compile("^Submit")).click()

    assert path_of(page) == "/ashshire/actions/1"
    entry = page.locator(".tracker-timeline__entry").first
    expect(entry).to_contain_text("Amber")
    expect(entry).to_contain_text("The first builder withdrew.")
    expect(entry).to_contain_text("One builder for three sites.")
    assert len(pages.shown) <= MOST_PAGES, pages.shown
    house.session.rollback()
