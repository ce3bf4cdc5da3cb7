"""What the clockwork looks for about boards is the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from governance.boards.operations.boards import end_board
from governance.boards.operations.chairs import boards_to_carry_on, carry_on, set_turns
from governance.boards.operations.terms import add_terms, reviews_due
from governance.boards.queries import chair_seats, chair_words, seats
from tests.conftest import NOW
from tests.factories import House
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.edges.db import db
from tracker.ledger.audit import Actor, Source, sign
from tracker.people.board_models import BoardRole

TODAY = date(2026, 11, 2)


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str) -> Iterator[House]:
    """A small partnership on a database of each kind."""
    with make_app(any_url).app_context():
        house = House(db.session(), NOW)
        sign(house.session, Actor(at=NOW, source=Source.COMMAND))
        yield house


def test_turns_are_carried_on_where_they_reach_less_far(either: House) -> None:
    one, two = either.person("one@a.example"), either.person("two@a.example")
    set_turns(
        either.session,
        either.board,
        first_on=date(2026, 12, 1),
        months=12,
        people=[one, two],
        today=TODAY,
    )
    assert not boards_to_carry_on(either.session, NOW)
    later = NOW + timedelta(days=255)
    assert boards_to_carry_on(either.session, later) == [either.board.id]
    for _ in range(2):
        carry_on(either.session, either.board.id, later)
    assert [one.from_on for one in chair_seats(either.session, either.board)] == [
        date(2026, 12, 1),
        date(2027, 12, 1),
        date(2028, 12, 1),
    ]
    assert not boards_to_carry_on(either.session, later)
    assert chair_words(either.session, either.board, TODAY) == (
        "one from 1 December 2026 until 30 November 2027, then two"
    )


def test_only_the_latest_terms_are_to_be_reviewed_and_only_where_the_board_lasts(
    either: House,
) -> None:
    keeper = either.person("secretary@a.example", seat=BoardRole.SECRETARY)
    for review_on in (date(2026, 11, 1), date(2026, 11, 2)):
        add_terms(
            either.session,
            either.board,
            agreed_on=date(2025, 11, 2),
            review_on=review_on,
            text="Terms",
            data=None,
            file_name=None,
            now=NOW,
        )
    told = list(reviews_due(either.session, NOW))
    assert [(one.person_id, one.line.note) for one in told] == [
        (keeper.id, "Since 2 November 2026")
    ]
    end_board(
        either.session,
        either.board,
        last_on=date(2026, 11, 1),
        followed_by=[],
        new_names=["Next Board"],
        now=NOW,
        holidays=EnglishBankHolidays(),
    )
    assert list(reviews_due(either.session, NOW)) == []
    assert [seat.what for seat in seats(either.session, either.board)] == ["Secretary"]
