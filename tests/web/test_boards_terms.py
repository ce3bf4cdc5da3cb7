"""Terms of reference: versions, files, and that their review is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from tests.factories import House
from tests.fakes import Postbox
from tests.pages import Visitor, read
from tests.web.bad_input import nothing_changes
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import (
    BoardRole,
)

SignIn = Callable[[Visitor, str], None]
SECRETARY = "secretary@ashshire.example"
BOARD = "/ashshire/boards/trust-board"
PDF = b"%PDF-1.7\n%fake\n%%EOF"


@pytest.fixture
def secretary(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """The secretary of a board that meets in December, signed in."""
    house.person(SECRETARY, name="Sue Secretary", seat=BoardRole.SECRETARY)
    house.cycle()
    house.meetings()
    sign_in(client, SECRETARY)
    return client


def test_terms_of_reference_are_kept_in_versions(
    secretary: Visitor, house: House, client: Visitor, sign_in: SignIn
) -> None:
    page = f"{BOARD}/terms/new"
    first = secretary.send(
        page, version="0", agreed_on="1 April 2025", text="The board meets quarterly."
    )
    assert "Version 1, agreed Tuesday 1 April 2025" in read(first.text).text
    second = secretary.post(
        page,
        data={
            "version": "1",
            "agreed_on": "1 April 2026",
            "review_on": "1 April 2027",
            "file": (io.BytesIO(PDF), "C:\\papers\\Terms\x07 2026.pdf"),
        },
        follow_redirects=True,
    )
    text = read(second.text).text
    assert "Version 2 of the terms of reference is kept." in text
    assert "Terms 2026.pdf (PDF)" in text
    house.person("member@a.example")
    client.post("/sign-out")
    sign_in(client, "member@a.example")
    assert "The board meets quarterly." in client.page(f"{BOARD}/terms").text
    sent = client.get(f"{BOARD}/terms/2/file")
    assert sent.data == PDF
    assert sent.headers["Content-Disposition"] == (
        "attachment; filename=trust-board-terms-of-reference-2.pdf"
    )
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    for number in (1, 3):
        assert client.get(f"{BOARD}/terms/{number}/file").status_code == 404


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Write the terms of reference here"),
        ({"file": (b"MZ no pdf", "a.pdf")}, "That file is no PDF"),
        ({"file": (PDF + b"x" * 10 * 1024 * 1024, "a.pdf")}, "over 10 megabytes"),
        ({"text": "x" * 20001}, "20,000 characters or fewer"),
        ({"text": "Terms", "review_on": "1 April 2026"}, "The review must come after"),
        ({"text": "Terms", "agreed_on": "April"}, "There is a problem"),
        ({"text": "Terms", "version": "7"}, "This page was too old"),
    ],
)
def test_what_are_no_terms_of_reference_is_refused(
    secretary: Visitor, values: dict[str, Any], words: str
) -> None:
    data: dict[str, Any] = {"version": "0", "agreed_on": "1 April 2026"} | values
    if "file" in values:
        content, name = values["file"]
        data["file"] = (io.BytesIO(content), name)
    with nothing_changes():
        answer = secretary.post(f"{BOARD}/terms/new", data=data)
    assert answer.status_code == 422
    assert words in answer.text


def test_the_secretary_is_told_once_that_the_terms_are_to_be_reviewed(
    secretary: Visitor, house: House, app: Flask, clock: SetClock, postbox: Postbox
) -> None:
    for number, review in enumerate(("3 November 2026", "20 November 2026")):
        secretary.send(
            f"{BOARD}/terms/new",
            version=str(number),
            agreed_on="1 April 2026",
            review_on=review,
            text="Terms",
        )
    told = []
    for day in (3, 4, 20, 21, 23):
        clock.set(datetime(2026, 11, day, 9, tzinfo=UTC))
        tick(app)
        letters = [mail for mail in postbox.letters if "the terms of reference" in str(mail)]
        told.append(len(letters))
    assert told == [0, 0, 1, 1, 1]
