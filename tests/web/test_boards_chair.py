"""A chair that rotates: turns set, replaced, stopped, and carried on by the clockwork."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from governance.boards.operations.chairs import boards_to_carry_on, set_turns
from governance.boards.queries import chair_words
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.bad_input import nothing_changes
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import (
    Board,
    BoardMember,
    BoardMemberOrganisation,
    BoardRole,
)
from tracker.people.models import Role

SignIn = Callable[[Visitor, str], None]
SECRETARY, ADMIN, MEMBER = "secretary@a.example", "admin@a.example", "member@a.example"
BOARD = "/ashshire/boards/trust-board"
TODAY = date(2026, 11, 2)


@pytest.fixture
def secretary(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """The secretary of the board, signed in; an administrator and a member who could join."""
    house.person(SECRETARY, name="Sue Secretary", seat=BoardRole.SECRETARY)
    house.person(ADMIN, name="Ada Admin", role=Role.ADMINISTRATOR)
    house.person(MEMBER, name="Mo Member")
    sign_in(client, SECRETARY)
    return client


def terms(house: House) -> list[tuple[str, date, date | None]]:
    """The chairs of the board, as they are kept."""
    house.session.rollback()
    house.session.expire_all()
    names = {person.id: person.name for person in house.people.values()}
    rows = house.session.scalars(
        select(BoardMember)
        .where(
            BoardMember.partnership_id == house.tenant,
            BoardMember.board_id == house.board.id,
            BoardMember.role == BoardRole.CHAIR,
        )
        .order_by(BoardMember.from_on)
    ).all()
    house.session.commit()
    return [(names[row.person_id], row.from_on, row.to_on) for row in rows]


def test_turns_are_written_eighteen_months_ahead(secretary: Visitor, house: House) -> None:
    house.seat(house.people[MEMBER], BoardRole.CHAIR, house.board)
    house.session.commit()
    answer = secretary.send(
        f"{BOARD}/chair",
        version="1",
        people="Ada Admin\nMo Member",
        first_on="1 April 2027",
        months="6",
    )
    page = read(answer.text)
    assert "3 terms kept" in page.text
    assert "Mo Member until 31 March 2027, then Ada Admin" in page.text
    began = TODAY - timedelta(days=400)
    assert terms(house) == [
        ("Mo Member", began, date(2027, 3, 31)),
        ("Ada Admin", date(2027, 4, 1), date(2027, 9, 30)),
        ("Mo Member", date(2027, 10, 1), date(2028, 3, 31)),
        ("Ada Admin", date(2028, 4, 1), date(2028, 9, 30)),
    ]


def test_setting_the_turns_again_replaces_only_terms_to_come(
    secretary: Visitor, house: House
) -> None:
    house.seat(house.people[MEMBER], BoardRole.CHAIR, house.board)
    house.session.commit()
    secretary.send(
        f"{BOARD}/chair",
        version="1",
        people="Ada Admin\nMo Member",
        first_on="1 April 2027",
        months="6",
    )
    seen = fields(secretary)
    secretary.send(
        f"{BOARD}/chair",
        version=seen,
        people="Sue Secretary",
        first_on="1 October 2026",
        months="24",
    )
    began = TODAY - timedelta(days=400)
    assert terms(house) == [
        ("Mo Member", began, date(2026, 11, 1)),
        ("Sue Secretary", TODAY, date(2028, 9, 30)),
    ]
    stopped = secretary.send(f"{BOARD}/chair", version=fields(secretary), stop="1")
    assert "does not rotate any more" in read(stopped.text).text
    assert terms(house)[-1] == ("Sue Secretary", TODAY, None)


def fields(visitor: Visitor) -> str:
    """The version that the page of the chair has kept."""
    every = visitor.page(f"{BOARD}/chair").fields
    return next(one["value"] for one in every if one.get("name") == "version")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("people", ""),
        ("people", "Nobody Known"),
        ("people", "Mo Member\nMo Member"),
        ("people", "Mo Member\nAda Admin\nMo Member"),
        ("people", "Mo Member\n" * 21),
        ("first_on", ""),
        ("first_on", "April 2027"),
        ("months", "0"),
        ("months", "121"),
        ("months", "x"),
        ("version", "x"),
    ],
)
def test_what_is_no_turn_is_refused(secretary: Visitor, field: str, value: str) -> None:
    good = {"version": "1", "people": "Mo Member", "first_on": "1 April 2027", "months": "12"}
    with nothing_changes():
        answer = secretary.post(f"{BOARD}/chair", data=good | {field: value})
    assert answer.status_code == 422
    assert f"#{field}" in read(answer.text).hrefs
    with nothing_changes():
        stale = secretary.post(f"{BOARD}/chair", data=good | {"version": "0"})
    assert stale.status_code == 409


def test_the_clockwork_carries_the_turns_on_once(app: Flask, house: House, clock: SetClock) -> None:
    one, two = house.person("one@a.example", name="One"), house.person("two@a.example", name="Two")
    seat = house.seat(one, BoardRole.MEMBER, house.board)
    house.session.add(
        BoardMemberOrganisation(
            partnership_id=house.tenant,
            board_member_id=seat.id,
            organisation_id=house.council.id,
        )
    )
    set_turns(
        house.session,
        house.board,
        first_on=date(2026, 12, 1),
        months=12,
        people=[one, two],
        today=TODAY,
    )
    house.session.commit()
    assert [on for _, on, _ in terms(house)] == [date(2026, 12, 1), date(2027, 12, 1)]
    assert not boards_to_carry_on(house.session, clock.now())
    house.session.commit()
    clock.set(datetime(2027, 7, 15, 10, tzinfo=UTC))
    for _ in range(2):
        tick(app)
    found = terms(house)
    assert [(name, on) for name, on, _ in found] == [
        ("One", date(2026, 12, 1)),
        ("Two", date(2027, 12, 1)),
        ("One", date(2028, 12, 1)),
    ]
    speaks_for = house.session.scalars(
        select(BoardMemberOrganisation.organisation_id).where(
            BoardMemberOrganisation.partnership_id == house.tenant
        )
    ).all()
    assert speaks_for == [house.council.id] * 3
    board = house.session.scalars(select(Board).where(Board.partnership_id == house.tenant)).one()
    assert chair_words(house.session, board, date(2027, 7, 15)) == (
        "One until 30 November 2027, then Two"
    )
