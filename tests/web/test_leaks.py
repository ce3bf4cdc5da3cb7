"""Nothing confidential leaves the hands of those entitled: no page, file, feed, mail or log.

Every address of the product is opened by everybody who may not know, in turn; what they get is
searched for words that stand in confidential rows alone. Those entitled find them, so the test
can fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.routing import BuildError
from werkzeug.test import TestResponse

from governance.feed import new_link
from governance.feed_models import FeedKind
from governance.models import Meeting
from governance.pack_models import Pack, PackPart
from governance.publishing.gate import gate_facts
from governance.publishing.operations import Override, file_editions, first_editions
from governance.publishing.rules import findings
from tests.factories import House
from tests.fakes import Postbox
from tests.house import addresses
from tests.house.addresses import places, sign_in
from tests.web.insides import inside_pdf, read_all
from tests.web.secrets_of_a_board import Secrets, fill
from tracker.app import TEMPLATES
from tracker.commands import FONTS
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.edges.pdf import TypstRenderer
from tracker.edges.tenancy import ACROSS
from tracker.jobs import tick
from tracker.ledger.masks import guarded
from tracker.people.board_models import BoardRole
from tracker.people.models import Role

pytestmark = pytest.mark.slow
LEAD = "lead@ashshire.example"
# Everybody who may not read the board's confidential items.
OUTSIDE = {
    "board member": "member@ashshire.example",
    "member of the partnership": "plain@ashshire.example",
    "administrator": "admin@ashshire.example",
    "secretary of another board": "other@ashshire.example",
    "nobody signed in": None,
}
ENTITLED = "entitled@ashshire.example"
# What an argument means that the map of addresses may not fill.
PLAIN = {"version": 1, "item": 1, "number": 1, "year_from": 2026}


@pytest.fixture
def renderer() -> TypstRenderer:
    """The real renderer: what it leaves in a PDF is what is looked for."""
    return TypstRenderer(TEMPLATES / "packs", FONTS)


@dataclass
class Board:
    """A board with secrets, published papers, and the addresses at which they could be."""

    app: Flask
    house: House
    secrets: Secrets
    records: dict[str, Any]
    meeting: Meeting
    tokens: dict[str, str]
    entries: int

    def addresses(self) -> Iterator[str]:
        """Every address that can be opened, with each record that it could be about."""
        for place in places(self.app, "GET"):
            arguments = list(place.arguments.items())
            about = [name for name, meaning in arguments if meaning.endswith("uid")]
            pool = self._uids() if about else [None]
            for uid in pool:
                values = {}
                for name, meaning in arguments:
                    if name in about and uid is not None:
                        values[name] = uid
                    else:
                        values[name] = self.records.get(meaning, PLAIN.get(name))
                try:
                    yield self.app.url_map.bind("localhost").build(place.endpoint, values)
                except (BuildError, ValueError, TypeError, AttributeError):
                    continue

        # Every change of every kind of record that can be confidential, to the last page.
        for kind in guarded():
            for before in ("", *range(200, self.entries + 200, 200)):
                yield f"/{self.house.slug}/changes?kind={kind}&before={before}"

    def _uids(self) -> list[Any]:
        packs = self.house.session.scalars(select(Pack.uid), execution_options=ACROSS).all()
        self.house.session.rollback()  # a page that is opened must not wait for us
        known = [one for name, one in self.records.items() if name.endswith("uid")]
        return [*self.secrets.uids, *packs, *known]

    def found_in(self, data: str) -> set[str]:
        """The places whose secret words stand in a text, however it is broken."""
        plain = re.sub(r"[\s\-\u00ad\u200b]+", "", data).casefold()
        return {where for where, word in self.secrets.words.items() if word in plain}


@pytest.fixture
def board(app: Flask, house: House, clock: SetClock) -> Board:
    """A board whose pack, open and confidential, is published."""
    # An error page is read as well: what is wrong with a page is another test's to say.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    one = addresses._filled(house, "Ash", "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU")
    session = house.session
    meeting = house.meetings()[0]
    house.person("secretary@ashshire.example", seat=BoardRole.SECRETARY, board=house.board)
    house.person(ENTITLED, seat=BoardRole.MEMBER, board=house.board)
    house.person("member@ashshire.example", seat=BoardRole.MEMBER, board=house.board)
    house.person("plain@ashshire.example")
    house.person("admin@ashshire.example", role=Role.ADMINISTRATOR)
    house.person("other@ashshire.example", seat=BoardRole.SECRETARY, board=house.make_board("Elm"))
    lead = house.person(LEAD)
    seat = house.seat(house.people[ENTITLED], BoardRole.SUBSTITUTE, house.board)
    seat.reads_confidential = True
    secrets = fill(house, meeting, lead, house.people["member@ashshire.example"])
    tokens = {
        email: new_link(
            session,
            person_id=person.id,
            kind=FeedKind.EVERYTHING,
            name="Everything",
            now=house.now,
        )[1]
        for email, person in house.people.items()
    }
    session.commit()
    clock.set(clock.now() + timedelta(days=25))
    tick(app)
    _publish(app, house, meeting, clock)
    clock.set(clock.now() + timedelta(days=20))
    tick(app)
    entries = session.scalar(text("select max(id) from audit_entry")) or 0
    session.rollback()
    return Board(app, house, secrets, one.records, meeting, tokens, entries)


def _publish(app: Flask, house: House, meeting: Meeting, clock: SetClock) -> None:
    session = db.session()
    meeting = session.get_one(Meeting, meeting.id, execution_options=ACROSS)
    editions = first_editions(session, meeting, now=clock.now(), after=0)
    values = [edition.value for edition in editions]
    facts = gate_facts(session, meeting, values, now=clock.now(), holidays=EnglishBankHolidays())
    renderer = TypstRenderer(TEMPLATES / "packs", FONTS)
    file_editions(
        session,
        meeting,
        editions,
        [renderer.render(value) for value in values],
        overrides=[Override(one, "We publish all the same") for one in findings(facts)],
        person_id=house.people["secretary@ashshire.example"].id,
        now=clock.now(),
    )
    session.commit()


class Snoop(FlaskClient):
    """Opens whatever there is, errors too, and complains of nothing."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return Context().run(super().open, *args, **kwargs)


def snoop(board: Board, email: str | None) -> Snoop:
    """A visitor, signed in as somebody or as nobody."""
    client = Snoop(board.app, board.app.response_class)
    if email is not None:
        sign_in(client, email)
    return client


def seen_by(board: Board, email: str | None) -> dict[str, set[str]]:
    """What somebody finds of the secrets, by the address at which it is."""
    client = snoop(board, email)
    found: dict[str, set[str]] = {}
    for address in dict.fromkeys(board.addresses()):
        if "/sign-out" in address or address.startswith("/feeds/"):
            continue
        answer = client.get(address)
        hits = board.found_in(read_all(answer))
        if hits:
            found[address] = hits
    if email is not None:
        feed = client.get(f"/feeds/{board.tokens[email]}.ics")
        unfolded = feed.text.replace("\r\n ", "")
        if board.found_in(unfolded):
            found["the calendar"] = board.found_in(unfolded)
    return found


def test_nobody_who_is_not_entitled_reads_a_confidential_word_anywhere(board: Board) -> None:
    found = {who: seen_by(board, email) for who, email in OUTSIDE.items()}
    assert {who: hits for who, hits in found.items() if hits} == {}


def test_who_is_to_do_a_confidential_action_reads_that_and_nothing_else(board: Board) -> None:
    found = seen_by(board, LEAD)
    seen = set().union(*found.values())
    assert {where.split()[0] for where in seen} <= {"meeting", "turned"}
    assert all("action" in where for where in seen), found
    assert "meeting action what" in seen
    assert "the calendar" not in found, "others keep people’s calendars"


def test_those_entitled_read_the_items_so_this_test_can_fail(board: Board) -> None:
    for email in ("secretary@ashshire.example", ENTITLED):
        seen = set().union(*seen_by(board, email).values())
        assert {"item title", "item text", "turned title", "turned text since"} <= seen, email


def test_the_confidential_file_is_there_and_the_open_one_holds_nothing(board: Board) -> None:
    packs = board.house.session.scalars(select(Pack), execution_options=ACROSS).all()
    session = board.house.session
    held: dict[PackPart, set[str]] = {part: set() for part in PackPart}
    for pack in packs:
        for sha256 in (pack.snapshot_sha256, pack.pdf_sha256):
            data = session.scalar(text("select data from blob where sha256 = :s"), {"s": sha256})
            if data:
                data = bytes(data)
                said = inside_pdf(data) if data[:4] == b"%PDF" else data.decode()
                held[pack.part] |= board.found_in(said)
    assert held[PackPart.OPEN] == set()
    assert {"item title", "item text"} <= held[PackPart.CONFIDENTIAL]


def test_no_mail_holds_a_confidential_word(board: Board, postbox: Postbox) -> None:
    assert postbox.letters, "there is mail to look at"
    said = "\n".join(str(letter) for letter in postbox.letters)
    rows = board.house.session.execute(text("select * from outbox_mail")).all()
    assert board.found_in(said) == set()
    assert board.found_in(str(rows)) == set()


def test_no_key_log_line_or_override_holds_one(
    board: Board, caplog: pytest.LogCaptureFixture
) -> None:
    for table in ("deed", "pack_override", "try_count"):
        rows = board.house.session.execute(text(f"select * from {table}")).all()
        assert board.found_in(str(rows)) == set(), table
    assert board.found_in(caplog.text) == set()


def test_the_trail_never_had_the_words_of_what_was_confidential_from_the_start(
    board: Board,
) -> None:
    rows = board.house.session.execute(text("select * from audit_entry")).all()
    held = board.found_in(str(rows))
    assert {where for where in held if not where.startswith("turned")} == set()


def test_looking_for_words_to_take_down_finds_nothing_confidential(board: Board) -> None:
    for email in filter(None, OUTSIDE.values()):
        client = snoop(board, email)
        answer = client.post("/ashshire/taken-down/new", data={"phrase": "and nothing else."})
        assert board.found_in(answer.text) == set(), email
