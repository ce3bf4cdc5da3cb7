"""The administrator keeps closed periods; a public board's pack waits for the one that holds it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from tests.factories import House
from tests.pages import Visitor, read
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import BoardRole
from tracker.people.closed_periods import closed_periods
from tracker.people.models import Audience, Role

SignIn = Callable[[Visitor, str], None]
ADMINISTRATOR = "administrator@ashshire.example"
PAGE = "/ashshire/closed-periods"
MEETING = "/ashshire/boards/trust-board/meetings/2026-12-08"
CHRISTMAS = {
    "name": "Christmas",
    "from_on": "21 December 2026",
    "to_on": "3 January 2027",
    "audience": "everybody",
}


@pytest.fixture
def visitor(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """The administrator, signed in."""
    house.person(ADMINISTRATOR, role=Role.ADMINISTRATOR)
    sign_in(client, ADMINISTRATOR)
    return client


def kept(house: House) -> list[tuple[str, date, date, Audience, bool]]:
    """The periods that are kept."""
    house.session.rollback()
    house.session.expire_all()
    found = [
        (one.name, one.from_on, one.to_on, one.audience, one.holds_publishing)
        for one in closed_periods(house.session, house.tenant)
    ]
    house.session.rollback()
    return found


def test_a_period_is_added_and_says_what_it_moved(visitor: Visitor, house: House) -> None:
    house.cycle("FREQ=YEARLY", starts_on=date(2027, 1, 26))
    house.meetings()
    answer = visitor.send(PAGE, **CHRISTMAS, holds_publishing="y")
    text = read(answer.text).text
    assert "“Christmas” is kept. 1 step of coming meetings moved." in text
    assert "Monday 21 December 2026 to Sunday 3 January 2027. Nobody is asked;" in text
    assert kept(house) == [
        ("Christmas", date(2026, 12, 21), date(2027, 1, 3), Audience.EVERYBODY, True)
    ]


LONG = "x" * 101


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Give the period a name"),
        ({"name": "\u200b\x07 "}, "Give the period a name"),
        ({"name": LONG}, "The name must be 100 characters or fewer"),
        ({"from_on": ""}, "Give the first closed day"),
        ({"to_on": "32 December 2026"}, "We cannot read “32 December 2026” as a day."),
        ({"from_on": "December 2026"}, "“December 2026” is more than one day."),
        ({"to_on": "20 December 2026"}, "must not come before the first"),
        ({"to_on": "22 December 2027"}, "must not be longer than a year"),
        ({"audience": "nobody"}, "Choose who is not asked"),
        ({"audience": ""}, "Choose who is not asked"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field_and_keeps_nothing(
    visitor: Visitor, house: House, typed: dict[str, str], words: str
) -> None:
    answer = visitor.send(PAGE, **CHRISTMAS | typed)
    assert answer.status_code == 422
    page = read(answer.text)
    assert words in page.text
    fields = {one.get("name"): one.get("value") for one in page.fields}
    assert fields["from_on"] == (CHRISTMAS | typed)["from_on"]
    assert kept(house) == []


@pytest.mark.parametrize("name", ["Noël", "冬休み", "<b>Christmas</b>", "🎄", "LONG"])
def test_any_name_in_any_alphabet_is_kept_as_it_was_typed(
    visitor: Visitor, house: House, name: str
) -> None:
    name = "x" * 100 if name == "LONG" else name
    answer = visitor.send(PAGE, **CHRISTMAS | {"name": name})
    assert answer.status_code == 200
    assert "<b>Christmas</b>" not in answer.text
    assert [one[0] for one in kept(house)] == [name]


def test_a_period_that_runs_is_ended_and_one_to_come_is_taken_back(
    visitor: Visitor, house: House, sign_in: SignIn, clock: SetClock
) -> None:
    visitor.send(PAGE, **CHRISTMAS)
    visitor.send(PAGE, **CHRISTMAS | {"name": "Winter", "from_on": "1 November 2026"})
    ends = [one["value"] for one in visitor.page(PAGE).fields if one.get("name") == "period"]
    answer = visitor.send(f"{PAGE}/end", period=ends[0])
    assert "“Winter” is ended." in answer.text
    assert "Winter: 1 November 2026 to 1 November 2026" in read(answer.text).text
    assert "is over already" in visitor.send(f"{PAGE}/end", period=ends[0]).text
    visitor.send(f"{PAGE}/end", period=ends[1])
    assert [one[0] for one in kept(house)] == ["Winter"]


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30])
def test_a_number_that_is_none_ends_nothing(visitor: Visitor, house: House, number: str) -> None:
    visitor.send(PAGE, **CHRISTMAS)
    assert "that page was too old" in visitor.send(f"{PAGE}/end", period=number).text
    assert len(kept(house)) == 1


def test_another_partnerships_period_is_no_page(
    visitor: Visitor, house: House, sign_in: SignIn
) -> None:
    visitor.send(PAGE, **CHRISTMAS)
    other = House(house.session, house.now, slug="beechshire")
    other.person("else@beechshire.example", role=Role.ADMINISTRATOR)
    theirs = next(one["value"] for one in visitor.page(PAGE).fields if one.get("name") == "period")
    visitor.post("/sign-out")
    sign_in(visitor, "else@beechshire.example")
    assert visitor.get(PAGE).status_code == 404
    assert visitor.send("/beechshire/closed-periods/end", period=theirs).status_code == 404
    assert len(kept(house)) == 1


def test_only_an_administrator_keeps_closed_periods(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person("secretary@ashshire.example", seat=BoardRole.SECRETARY)
    sign_in(client, "secretary@ashshire.example")
    assert client.get(PAGE).status_code == 403
    assert client.send(PAGE, **CHRISTMAS).status_code == 403
    assert client.send(f"{PAGE}/end", period="1").status_code == 403


@pytest.mark.parametrize("is_public", [True, False])
def test_a_public_boards_pack_waits_for_the_period_that_holds_publishing(
    app: Flask,
    visitor: Visitor,
    house: House,
    sign_in: SignIn,
    clock: SetClock,
    is_public: bool,
) -> None:
    house.person("secretary@ashshire.example", seat=BoardRole.SECRETARY)
    house.board.is_public = is_public
    house.cycle()
    house.meetings()
    visitor.send(
        PAGE,
        name="Before the election",
        from_on="27 November 2026",
        to_on="29 November 2026",
        audience="schools",
        holds_publishing="y",
    )
    clock.set(clock.now() + timedelta(days=25))
    tick(app)
    visitor.post("/sign-out")
    sign_in(visitor, "secretary@ashshire.example")
    words = (
        "“Before the election” holds public publishing."
        " This pack can be published from Monday 30 November 2026."
    )
    assert (words in read(visitor.get(MEETING).text).text) is is_public
    answer = visitor.send(f"{MEETING}/publish", after="0")
    assert (words in read(answer.text).text) is is_public
    assert ("Published: version 1" in answer.text) is not is_public
    clock.set(clock.now() + timedelta(days=3))
    sign_in(visitor, "secretary@ashshire.example")
    if is_public:
        assert "Published: version 1" in visitor.send(f"{MEETING}/publish", after="0").text
    else:
        answer = visitor.send(f"{MEETING}/correct", after="1", changes="The place.")
        assert "Published: version 2" in answer.text


def test_the_meetings_page_names_a_step_that_could_not_be_moved(
    visitor: Visitor, house: House
) -> None:
    house.cycle()
    house.meetings()
    visitor.send(PAGE, **CHRISTMAS | {"from_on": "2 November 2026"})
    assert "To come, falls in “Christmas”" in visitor.page(MEETING).text


@pytest.mark.parametrize("number", [0, 12])
def test_the_meetings_page_takes_as_many_queries_however_many_periods_there_are(
    visitor: Visitor, house: House, sign_in: SignIn, statements: list[str], number: int
) -> None:
    house.person("secretary@ashshire.example", seat=BoardRole.SECRETARY)
    house.cycle()
    house.meetings()
    for day in range(1, number + 1):
        one_day = f"{day} March 2027"
        visitor.send(PAGE, **CHRISTMAS | {"from_on": one_day, "to_on": one_day})
    visitor.post("/sign-out")
    sign_in(visitor, "secretary@ashshire.example")
    statements.clear()
    assert visitor.get(MEETING).status_code == 200
    queries = [one for one in statements if one.lstrip().upper().startswith("SELECT")]
    assert len(queries) <= 14
