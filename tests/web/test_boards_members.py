"""Who sits on a board, and a chair that rotates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from tests.factories import House
from tests.pages import Visitor, read
from tests.web.bad_input import MARKUP, nothing_changes
from tracker.people.board_models import (
    BoardMember,
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


def seats(house: House, email: str) -> list[BoardMember]:
    """Somebody's seats on the board, as they are now."""
    house.session.rollback()
    house.session.expire_all()
    found = house.session.scalars(
        select(BoardMember)
        .where(
            BoardMember.partnership_id == house.tenant,
            BoardMember.person_id == house.people[email].id,
        )
        .order_by(BoardMember.from_on, BoardMember.id)
    ).all()
    house.session.commit()  # so that the next page can write
    return list(found)


def seat_page(house: House, email: str) -> str:
    """The page of somebody's seat."""
    return f"{BOARD}/members/{house.people[email].uid}"


def fields_of(visitor: Visitor, page: str) -> dict[str, str]:
    """What the hidden fields of the page hold."""
    return {
        one["name"]: one.get("value", "")
        for one in visitor.page(page).fields
        if one.get("type") == "hidden" and one["name"] in ("seat", "seen")
    }


def test_somebody_joins_for_several_organisations(secretary: Visitor, house: House) -> None:
    house.organisation("Ashshire Police")
    house.session.commit()
    answer = secretary.send(
        f"{BOARD}/members/new",
        person="Mo Member",
        role="vice chair",
        from_on="1 December 2026",
        organisations=["ashshire-council", "ashshire-police"],
        is_voting="y",
        reads_confidential="y",
    )
    page = read(answer.text)
    assert "Mo Member is vice chair of Trust Board from 1 December 2026." in page.text
    assert "To come" in page.text
    assert "Ashshire Council, Ashshire Police" in page.text
    (seat,) = seats(house, MEMBER)
    assert (seat.role, seat.is_voting, seat.reads_confidential) == (
        BoardRole.VICE_CHAIR,
        True,
        True,
    )
    with nothing_changes():
        again = secretary.post(
            f"{BOARD}/members/new",
            data={"person": "Mo Member", "role": "vice chair", "from_on": "1 March 2027"},
        )
    assert "is vice chair of this board then already" in again.text


GOOD = {"person": "Mo Member", "role": "member", "from_on": "2 November 2026"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("person", ""),
        ("person", "Nobody Known"),
        ("person", MARKUP),
        ("role", ""),
        ("role", "king"),
        ("from_on", ""),
        ("from_on", "November 2026"),
        ("to_on", "soon"),
        ("to_on", "1 November 2026"),
        ("organisations", "birchshire-council"),
        ("stands_for", "Nobody Known"),
    ],
)
def test_what_is_no_membership_is_refused_beside_its_field(
    secretary: Visitor, field: str, value: str
) -> None:
    with nothing_changes():
        answer = secretary.post(f"{BOARD}/members/new", data=GOOD | {field: value})
    assert answer.status_code == 422
    assert f"#{field}" in read(answer.text).hrefs


@pytest.mark.parametrize(
    ("stands_for", "words"),
    [
        ("", "Say whom they stand in for"),
        ("Mo Member", "Nobody can stand in for themselves"),
        ("Ada Admin", "Ada Admin does not sit on this board then"),
    ],
)
def test_a_substitute_names_whom_they_stand_in_for(
    secretary: Visitor, house: House, stands_for: str, words: str
) -> None:
    with nothing_changes():
        answer = secretary.post(
            f"{BOARD}/members/new", data=GOOD | {"role": "substitute", "stands_for": stands_for}
        )
    assert answer.status_code == 422
    assert words in answer.text
    done = secretary.send(
        f"{BOARD}/members/new", **GOOD | {"role": "substitute", "stands_for": "Sue Secretary"}
    )
    assert "Substitute for Sue Secretary" in read(done.text).text


def test_a_seat_is_changed_and_a_stale_page_is_told(secretary: Visitor, house: House) -> None:
    house.seat(house.people[MEMBER], BoardRole.MEMBER, house.board)
    house.session.commit()
    page = seat_page(house, MEMBER)
    kept = fields_of(secretary, page)
    secretary.send(page, **kept, reads_confidential="y", organisations="ashshire-council")
    (seat,) = seats(house, MEMBER)
    assert (seat.is_voting, seat.reads_confidential) == (False, True)
    with nothing_changes():
        assert secretary.post(page, data=kept | {"is_voting": "y"}).status_code == 409
        end = secretary.post(f"{page}/end", data=kept | {"last_on": "1 December 2026"})
        assert end.status_code == 409


def test_somebody_leaves_and_stays_in_the_history(secretary: Visitor, house: House) -> None:
    house.seat(house.people[MEMBER], BoardRole.MEMBER, house.board)
    house.session.commit()
    page = seat_page(house, MEMBER)
    kept = fields_of(secretary, page)
    with nothing_changes():
        for last_on in ("", "soon", "1 January 2020"):
            answer = secretary.post(f"{page}/end", data=kept | {"last_on": last_on})
            assert answer.status_code == 422, last_on
    done = read(secretary.send(f"{page}/end", **kept, last_on="1 November 2026").text)
    assert "The last day of Mo Member on Trust Board: 1 November 2026." in done.text
    assert "Before" in done.text
    assert "This is over" in secretary.page(page).text


def test_who_has_not_begun_is_taken_back(secretary: Visitor, house: House) -> None:
    secretary.send(f"{BOARD}/members/new", **GOOD | {"from_on": "1 December 2026"})
    page = seat_page(house, MEMBER)
    kept = fields_of(secretary, page)
    done = secretary.send(f"{page}/end", **kept, take_back="1")
    assert "Mo Member does not join Trust Board after all." in read(done.text).text
    assert seats(house, MEMBER) == []
    assert secretary.get(page).status_code == 404


def test_only_an_administrator_leaves_a_board_without_a_secretary(
    client: Visitor, house: House, secretary: Visitor, sign_in: SignIn
) -> None:
    page = seat_page(house, SECRETARY)
    kept = fields_of(secretary, page)
    with nothing_changes():
        answer = secretary.post(f"{page}/end", data=kept | {"last_on": "30 November 2026"})
    assert answer.status_code == 422
    assert "Nobody else keeps this board after that day." in answer.text
    secretary.send(
        f"{BOARD}/members/new",
        person="Ada Admin",
        role="secretary",
        from_on="1 December 2026",
    )
    done = secretary.send(f"{page}/end", **kept, last_on="30 November 2026")
    assert "The last day of Sue Secretary" in read(done.text).text
    client.post("/sign-out")
    sign_in(client, ADMIN)
    theirs = seat_page(house, ADMIN)
    gone = client.send(f"{theirs}/end", **fields_of(client, theirs), take_back="1")
    assert "does not join Trust Board after all" in read(gone.text).text
