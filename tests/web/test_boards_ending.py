"""A board ends or splits: what follows it, and what becomes of its affairs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from governance.models import Meeting, MeetingStatus, ReviewCycle
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.bad_input import nothing_changes
from tracker.people.board_models import (
    Board,
    BoardMember,
    BoardRelation,
    BoardRole,
    RelationKind,
)

SignIn = Callable[[Visitor, str], None]
SECRETARY = "secretary@ashshire.example"
BOARD = "/ashshire/boards/trust-board"


@pytest.fixture
def secretary(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """The secretary of a board that meets in December, signed in."""
    house.person(SECRETARY, name="Sue Secretary", seat=BoardRole.SECRETARY)
    house.cycle()
    house.meetings()
    sign_in(client, SECRETARY)
    return client


def fresh(house: House) -> Board:
    """The board as it is kept now."""
    house.session.rollback()
    house.session.expire_all()
    return house.session.scalars(
        select(Board).where(Board.partnership_id == house.tenant, Board.slug == "trust-board")
    ).one()


def test_a_board_splits_into_two(secretary: Visitor, house: House) -> None:
    house.make_board("Executive")
    house.session.commit()
    page = f"{BOARD}/end"
    wanted = {
        "version": "1",
        "last_on": "31 March 2027",
        "followed_by": "executive",
        "new_names": "Partnership Board",
    }
    with nothing_changes():
        shown = read(secretary.post(page, data=wanted).text)
    assert "End this board on Wednesday 31 March 2027?" in shown.text
    assert "8 June 2027 at 2pm" in shown.text
    assert "9 March 2027" not in shown.text
    assert "The review cycle “Quarterly”" in shown.text
    done = secretary.send(page, **wanted, confirm="1")
    assert "It is followed by Executive and Partnership Board." in read(done.text).text
    board = fresh(house)
    assert board.ends_on == date(2027, 3, 31)
    cycle = house.session.scalars(
        select(ReviewCycle).where(ReviewCycle.partnership_id == house.tenant)
    ).one()
    assert cycle.ends_on == date(2027, 3, 31)
    statuses = {
        meeting.meets_on: meeting.status
        for meeting in house.session.scalars(
            select(Meeting).where(Meeting.partnership_id == house.tenant)
        )
    }
    for on, status in statuses.items():
        assert (status is MeetingStatus.CANCELLED) is (on > date(2027, 3, 31)), on
    follows = house.session.scalars(
        select(BoardRelation).where(BoardRelation.partnership_id == house.tenant)
    ).all()
    assert {(one.kind, one.from_on) for one in follows} == {
        (RelationKind.FOLLOWS, date(2027, 4, 1))
    }
    assert len(follows) == 2
    new = house.session.scalars(
        select(Board).where(Board.partnership_id == house.tenant, Board.name == "Partnership Board")
    ).one()
    assert (new.starts_on, new.slug) == (date(2027, 4, 1), "partnership-board")
    keeper = house.session.scalars(
        select(BoardMember.person_id).where(
            BoardMember.partnership_id == house.tenant, BoardMember.board_id == new.id
        )
    ).all()
    assert keeper == [house.people[SECRETARY].id]


@pytest.mark.parametrize(
    "bad",
    [
        {"last_on": ""},
        {"last_on": "March 2027"},
        {"followed_by": "trust-board"},
        {"new_names": "x" * 201},
        {"new_names": "One\none"},
        {"new_names": "Trust Board"},
        {"version": "x"},
    ],
)
def test_what_is_no_end_is_refused(secretary: Visitor, bad: dict[str, str]) -> None:
    good = {"version": "1", "last_on": "31 March 2027", "new_names": "", "confirm": "1"}
    with nothing_changes():
        assert secretary.post(f"{BOARD}/end", data=good | bad).status_code == 422
        stale = secretary.post(f"{BOARD}/end", data=good | {"version": "0"})
        assert stale.status_code == 409
        told = secretary.post(
            f"{BOARD}/change",
            data={
                "version": "1",
                "name": "Trust Board",
                "kind": "board",
                "carried_by": "every member agrees",
                "paper_pattern": "{item}",
                "ends_on": "31 March 2027",
            },
        )
    assert "use “This board ends or splits”" in told.text
