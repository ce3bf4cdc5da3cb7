"""Boards as their secretaries keep them: who may, what is kept, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories import House
from tests.pages import Visitor, read
from tests.web.bad_input import MARKUP, nothing_changes, too_long
from tracker.people.board_models import (
    Board,
    BoardMember,
    BoardRole,
    CarriedBy,
    Share,
)
from tracker.people.models import Role

SignIn = Callable[[Visitor, str], None]
SECRETARY, ADMIN = "secretary@ashshire.example", "admin@ashshire.example"
MEMBER, OTHER = "member@ashshire.example", "other@ashshire.example"
BOARD = "/ashshire/boards/trust-board"
PAGES = (
    *("settings", "change", "end", "relations", "members/new", "chair", "timetable-settings"),
    *("standing-agenda", "standing-agenda/new", "standing-agenda/welcome", "year", "terms/new"),
)
GOOD = {
    "name": "Trust Board",
    "kind": "board",
    "carried_by": "more than half agree",
    "paper_pattern": "{board}/{year}-{month}/{item}",
}


@pytest.fixture
def people(house: House) -> House:
    """A secretary, an administrator, a member, and another board's secretary."""
    house.person(SECRETARY, name="Sue Secretary", seat=BoardRole.SECRETARY)
    house.person(ADMIN, name="Ada Admin", role=Role.ADMINISTRATOR)
    house.person(MEMBER, name="Mo Member", seat=BoardRole.MEMBER)
    other = house.make_board("Early Help Hub")
    house.person(OTHER, name="Ollie Other", seat=BoardRole.SECRETARY, board=other)
    return house


@pytest.fixture
def secretary(client: Visitor, people: House, sign_in: SignIn) -> Visitor:
    sign_in(client, SECRETARY)
    return client


def board_now(house: House, slug: str = "trust-board") -> Board:
    """The board as it is kept now."""
    house.session.rollback()
    house.session.expire_all()
    return house.session.scalars(
        select(Board).where(Board.partnership_id == house.tenant, Board.slug == slug)
    ).one()


def version(house: House) -> str:
    found = str(board_now(house).version)
    house.session.rollback()
    return found


@pytest.mark.parametrize(
    ("email", "status"), [(SECRETARY, 200), (ADMIN, 200), (MEMBER, 403), (OTHER, 403)]
)
def test_a_board_is_changed_by_its_secretary_and_by_administrators(
    client: Visitor, people: House, sign_in: SignIn, email: str, status: int
) -> None:
    sign_in(client, email)
    for page in PAGES:
        assert client.get(f"{BOARD}/{page}").status_code == status, page
    for page in ("members", "terms"):
        assert client.get(f"{BOARD}/{page}").status_code == 200
    links = client.page(BOARD).hrefs
    assert (f"{BOARD}/settings" in links) is (status == 200)
    assert f"{BOARD}/members" in links
    created = client.get("/ashshire/boards/new").status_code
    assert created == (200 if email == ADMIN else 403)


@pytest.mark.parametrize("page", [*PAGES, "members", "terms", "terms/1/file"])
def test_another_partnership_has_no_such_board(
    client: Visitor, people: House, sign_in: SignIn, page: str
) -> None:
    theirs = House(people.session, people.now, slug="birchshire")
    theirs.make_board("Hidden Board")
    theirs.session.commit()
    sign_in(client, ADMIN)
    assert client.get(f"/ashshire/boards/hidden-board/{page}").status_code == 404
    assert client.get(f"/birchshire/boards/hidden-board/{page}").status_code == 404


def test_an_administrator_creates_a_board_with_its_secretary(
    client: Visitor, people: House, sign_in: SignIn
) -> None:
    sign_in(client, ADMIN)
    answer = client.send(
        "/ashshire/boards/new", **GOOD | {"name": "Children’s Executive"}, secretary="Mo Member"
    )
    assert answer.status_code == 200
    assert "Children’s Executive was created." in read(answer.text).text
    board = board_now(people, "childrens-executive")
    assert (board.is_public, board.access_law, board.sends_pdf) == (False, False, False)
    seat = people.session.scalars(
        select(BoardMember).where(
            BoardMember.partnership_id == people.tenant, BoardMember.board_id == board.id
        )
    ).one()
    assert (seat.role, seat.person_id) == (BoardRole.SECRETARY, people.people[MEMBER].id)


@pytest.mark.parametrize("name", ["Trust Board", "trust  BOARD"])
def test_two_boards_have_not_one_name(
    client: Visitor, people: House, sign_in: SignIn, name: str
) -> None:
    sign_in(client, ADMIN)
    with nothing_changes():
        answer = client.post(
            "/ashshire/boards/new", data=GOOD | {"name": name, "secretary": "Mo Member"}
        )
    assert answer.status_code == 422
    assert "already. Give another name." in answer.text


def test_everything_of_a_board_can_be_changed_and_its_address_stays(
    secretary: Visitor, people: House
) -> None:
    answer = secretary.send(
        f"{BOARD}/change",
        version="1",
        name="Children’s Partnership Board",
        abbreviation="CPB",
        kind="executive",
        chair_words="Director of Children’s Services",
        contact="cpb@ashshire.example",
        marking="OFFICIAL",
        starts_on="1 April 2024",
        ends_on="",
        is_public="y",
        quorum_number="5",
        quorum_share="a third",
        quorum_organisations="3",
        quorum_needs_chair="y",
        quorum_words="Five, from three organisations",
        carried_by="every member agrees",
        paper_pattern="{board} {item}",
        sends_pdf="y",
    )
    assert "Children’s Partnership Board was changed." in read(answer.text).text
    board = board_now(people)
    assert (board.name, board.abbreviation) == ("Children’s Partnership Board", "CPB")
    assert (board.quorum_number, board.quorum_share) == (5, Share.THIRD)
    assert (board.quorum_organisations, board.quorum_needs_chair) == (3, True)
    assert (board.carried_by, board.paper_pattern) == (CarriedBy.EVERYBODY, "{board} {item}")
    assert (board.is_public, board.access_law, board.sends_pdf) == (True, False, True)
    assert (board.starts_on, board.ends_on) == (date(2024, 4, 1), None)
    assert "CPB 6" in secretary.page(f"{BOARD}/change").text


def test_who_opened_the_page_before_another_saved_is_told(
    secretary: Visitor, people: House
) -> None:
    secretary.send(f"{BOARD}/change", version="1", **GOOD | {"abbreviation": "TB"})
    with nothing_changes():
        answer = secretary.post(
            f"{BOARD}/change", data=GOOD | {"version": "1", "abbreviation": "Late words"}
        )
    assert answer.status_code == 409
    assert "Late words" in answer.text
    assert "Somebody changed this since you opened the page" in answer.text


BAD: list[tuple[str, str]] = [
    *(("name", one) for one in ("", "\u200b", *too_long(200))),
    *(("abbreviation", one) for one in too_long(30)),
    *(("marking", one) for one in too_long(60)),
    *(("chair_words", one) for one in too_long(300)),
    *(("quorum_words", one) for one in too_long(300)),
    *(("contact", one) for one in ("nobody", MARKUP, "a@" + "x" * 300 + ".example")),
    *(("kind", one) for one in ("", "BOARD", MARKUP)),
    *(("carried_by", one) for one in ("", "vote")),
    *(("quorum_share", one) for one in ("most", MARKUP)),
    *(("quorum_number", one) for one in ("0", "-1", "1.5", "201", "٣", "9" * 5000)),
    *(("quorum_organisations", one) for one in ("0", "x", "101")),
    *(("starts_on", one) for one in ("March 2026", "31 February 2026", MARKUP)),
    *(("ends_on", one) for one in ("soon", "2026")),
    *(("paper_pattern", one) for one in ("", "{board}", "{item} {page}", "{item", "{item}" * 20)),
    *(("version", one) for one in ("", "x", "99", "-1")),
]


@pytest.mark.parametrize(("field", "value"), BAD)
def test_what_a_board_cannot_be_is_refused_beside_its_field(
    secretary: Visitor, people: House, field: str, value: str
) -> None:
    good = GOOD | {"version": version(people), "chair_words": "Kept as it was typed"}
    with nothing_changes():
        answer = secretary.post(f"{BOARD}/change", data=good | {field: value})
    assert answer.status_code == 422, value[:30]
    page = read(answer.text)
    assert f"#{field}" in page.hrefs
    assert "There is a problem" in page.text
    if field != "chair_words":
        assert "Kept as it was typed" in answer.text
    assert "<script>alert(1)" not in answer.text


def test_a_board_does_not_end_before_it_begins(secretary: Visitor, people: House) -> None:
    days = {"version": "1", "starts_on": "1 April 2026", "ends_on": "31 March 2026"}
    answer = secretary.post(f"{BOARD}/change", data=GOOD | days)
    assert "The last day must not come before the first" in answer.text


def test_an_example_is_shown_and_nothing_is_saved(secretary: Visitor, people: House) -> None:
    with nothing_changes():
        answer = secretary.post(
            f"{BOARD}/change",
            data=GOOD | {"version": "1", "paper_pattern": "Paper {item} of {year}", "look": "1"},
        )
    assert answer.status_code == 200
    assert "Paper 6 of 2026" in answer.text


def test_the_law_moves_publishing_of_coming_meetings(secretary: Visitor, people: House) -> None:
    people.cycle()
    people.meetings()
    answer = secretary.send(f"{BOARD}/change", **GOOD, version=version(people), access_law="y")
    assert "steps of coming meetings moved" in read(answer.text).text


def relation(house: House, **values: Any) -> dict[str, Any]:
    return {"kind": "reports_to", "other": "early-help-hub"} | values


def test_a_board_answers_to_others_from_a_day_to_a_day(secretary: Visitor, people: House) -> None:
    answer = secretary.send(
        f"{BOARD}/relations",
        **relation(people, from_on="1 April 2026", frequency="quarterly"),
    )
    page = read(answer.text)
    assert "Trust Board reports to Early Help Hub." in page.text
    ending = next(one for one in page.hrefs if "/relations/end?" in one)
    assert secretary.get(ending).status_code == 200
    early = secretary.post(ending, data={"last_on": "1 March 2026"})
    assert early.status_code == 422
    assert "It begins on 1 April 2026" in early.text
    done = secretary.send(ending, last_on="31 March 2027")
    assert "31 March 2027" in read(done.text).text
    gone = secretary.send(ending, mistake="1")
    assert "It answers to no board on record." in read(gone.text).text
    assert "That is not there any more" in read(secretary.send(ending, mistake="1").text).text


def test_no_board_is_put_above_itself(secretary: Visitor, people: House) -> None:
    secretary.send(f"{BOARD}/relations", **relation(people))
    secretary.post("/sign-out")
    secretary.post("/sign-in", data={"email": OTHER, "password": "correct horse battery staple"})
    with nothing_changes():
        answer = secretary.post(
            "/ashshire/boards/early-help-hub/relations",
            data={"kind": "sponsored_by", "other": "trust-board"},
        )
    assert answer.status_code == 422
    assert "Trust Board is under Early Help Hub." in answer.text
    mutual = secretary.send(
        "/ashshire/boards/early-help-hub/relations", kind="scrutinised_by", other="trust-board"
    )
    assert "is scrutinised by Trust Board." in read(mutual.text).text


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": ""},
        {"kind": "owns"},
        {"other": "trust-board"},
        {"other": MARKUP},
        {"from_on": "soon"},
        {"from_on": "1 May 2026", "to_on": "1 April 2026"},
        {"frequency": "x" * 201},
    ],
)
def test_what_is_no_relation_is_refused(
    secretary: Visitor, people: House, bad: dict[str, str]
) -> None:
    with nothing_changes():
        answer = secretary.post(f"{BOARD}/relations", data=relation(people, **bad))
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
