"""Cover for absence: one's own, and arranged by a secretary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from actions.answer_models import Cover
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.bad_input import Kind, nothing_changes, refused, refuses
from tracker.people.board_models import BoardRole

SignIn = Callable[[Visitor, str], None]
JO, SAM, KIM, SECRETARY = (f"{who}@ashshire.example" for who in ("jo", "sam", "kim", "secretary"))
DAYS = {"from_on": "1 November 2026", "to_on": "15 November 2026"}
GOOD = DAYS | {"where": "ashshire", "cover": "Sam Ash <sam@ashshire.example>"}
AWAY = "/ashshire/people-away"


@pytest.fixture
def jo(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """Jo, who owns an action, among colleagues."""
    house.person(JO, name="Jo Bell")
    house.person(SAM, name="Sam Ash")
    house.person(KIM, name="Kim Oak")
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.action("Open a hub", owner=JO)
    sign_in(client, JO)
    return client


def covers(house: House) -> list[tuple[int, int, date, date]]:
    house.session.commit()
    rows = house.session.scalars(
        select(Cover).where(Cover.partnership_id == house.tenant).order_by(Cover.id)
    ).all()
    found = [(one.person_id, one.cover_id, one.from_on, one.to_on) for one in rows]
    house.session.commit()
    return found


def key(house: House) -> str:
    found = house.session.scalars(select(Cover.id).where(Cover.partnership_id == house.tenant))
    first = str(found.first())
    house.session.commit()
    return first


def test_somebody_answers_for_me_from_a_day_to_a_day(
    jo: Visitor, house: House, sign_in: SignIn
) -> None:
    page = read(jo.send("/cover", **GOOD).text)
    assert "Sam Ash answers for Jo Bell from 1 November 2026 to 15 November 2026." in page.text
    assert "Who answers for you Sam Ash , from 1 November 2026 to 15 November 2026" in page.text
    assert "it goes one step only" in page.text
    ids = house.people[JO].id, house.people[SAM].id
    assert covers(house) == [(*ids, date(2026, 11, 1), date(2026, 11, 15))]
    text = jo.page("/ashshire/actions/1").text
    assert "Jo Bell. Away until 15 November 2026: Sam Ash answers" in text
    jo.post("/sign-out")
    sign_in(jo, SAM)
    assert "For whom you answer Jo Bell , from 1 November 2026" in jo.page("/cover").text
    assert "/ashshire/actions/1/progress" in jo.page("/ashshire/actions/1").hrefs


def test_a_cover_ends_early_and_one_that_has_not_begun_is_taken_back(
    jo: Visitor, house: House
) -> None:
    jo.send("/cover", **GOOD)
    assert "Ended. You are asked yourself again." in jo.send("/cover/end", end=key(house)).text
    assert covers(house)[0][3] == date(2026, 11, 1)
    later = GOOD | {"from_on": "1 December 2026", "to_on": "5 December 2026"}
    page = read(jo.send("/cover", **later).text)
    assert "Take it back" in page.text
    newest = house.session.scalars(
        select(Cover.id).where(Cover.partnership_id == house.tenant).order_by(Cover.id.desc())
    ).first()
    house.session.commit()
    jo.send("/cover/end", end=str(newest))
    assert len(covers(house)) == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"cover": "Jo Bell"}, "Somebody else must answer"),
        ({"from_on": "16 November 2026"}, "The last day must not come before the first"),
        ({"from_on": "1 May 2026", "to_on": "3 May 2026"}, "not in the past"),
        ({"where": "birchshire"}, "Choose a partnership"),
    ],
)
def test_a_cover_that_makes_no_sense_is_refused_beside_its_field(
    jo: Visitor, house: House, said: dict[str, str], words: str
) -> None:
    answer = jo.post("/cover", data=GOOD | said)
    assert answer.status_code == 422
    assert words in answer.text
    assert covers(house) == []


def test_overlapping_covers_are_refused(jo: Visitor, house: House) -> None:
    jo.send("/cover", **GOOD)
    for days in (DAYS, {"from_on": "15 November 2026", "to_on": "20 November 2026"}):
        answer = jo.post("/cover", data=GOOD | days | {"cover": "Kim Oak"})
        assert answer.status_code == 422
        assert "Somebody answers on some of these days already: end that first" in answer.text
    assert len(covers(house)) == 1
    next_day = GOOD | {"from_on": "16 November 2026", "to_on": "20 November 2026"}
    assert jo.post("/cover", data=next_day).status_code == 302


def test_covering_for_somebody_who_is_away_too_is_said_and_goes_one_step(
    jo: Visitor, house: House, sign_in: SignIn
) -> None:
    jo.post("/sign-out")
    sign_in(jo, SAM)
    jo.send("/cover", **GOOD | {"cover": "Kim Oak"})
    jo.post("/sign-out")
    sign_in(jo, JO)
    sent = jo.send("/cover", **GOOD)
    assert "Sam Ash is away on some of these days too." in sent.text
    jo.post("/sign-out")
    sign_in(jo, KIM)
    assert "/ashshire/actions/1/progress" not in jo.page("/ashshire/actions/1").hrefs


OF_COVER = {"cover": (Kind.MEMBER, 0), "from_on": (Kind.DAY, 0), "to_on": (Kind.DAY, 0)}


@pytest.mark.parametrize("field", OF_COVER)
def test_every_field_refuses_what_it_cannot_use(jo: Visitor, field: str) -> None:
    with nothing_changes():
        for name, value in refused({field: OF_COVER[field]}):
            refuses(jo, "/cover", GOOD, name, value)


def test_nobody_ends_the_cover_of_another(jo: Visitor, house: House, sign_in: SignIn) -> None:
    jo.send("/cover", **GOOD)
    jo.post("/sign-out")
    sign_in(jo, SAM)
    assert jo.post("/cover/end", data={"end": key(house)}).status_code == 404
    assert jo.post("/cover/end", data={"end": "9" * 30}).status_code == 302
    assert covers(house)[0][3] == date(2026, 11, 15)
    assert jo.get(AWAY).status_code == 403


def test_a_secretary_arranges_it_for_somebody_who_could_not(
    jo: Visitor, house: House, sign_in: SignIn
) -> None:
    jo.post("/sign-out")
    sign_in(jo, SECRETARY)
    page = read(jo.send(AWAY, **DAYS, person="Jo Bell", cover="Sam Ash").text)
    assert "Jo Bell is away from 1 November 2026 to 15 November 2026; Sam Ash answers" in page.text
    house.session.commit()
    made = house.session.scalars(select(Cover).where(Cover.partnership_id == house.tenant)).one()
    assert made.made_by_id == house.people[SECRETARY].id
    house.session.commit()
    for who in ("Nobody Known", "", "kim@elsewhere.example"):
        answer = jo.post(AWAY, data=DAYS | {"person": who, "cover": "Sam Ash"})
        assert answer.status_code == 422
    assert "They are asked themselves again." in jo.send(f"{AWAY}/end", end=key(house)).text


def test_somebody_in_two_partnerships_says_in_which_and_is_covered_there_alone(
    jo: Visitor, house: House
) -> None:
    other = House(house.session, house.now, slug="birchshire")
    other.person(JO)
    other.person("ali@birchshire.example", name="Ali Elm")
    page = jo.page("/cover")
    assert "In which partnership?" in page.text
    answer = jo.post("/cover", data=GOOD | {"cover": "Ali Elm"})
    assert answer.status_code == 422
    sent = read(jo.send("/cover", **GOOD | {"where": "birchshire", "cover": "Ali Elm"}).text)
    assert "Ali Elm , from 1 November 2026 to 15 November 2026 Birchshire" in sent.text
    assert covers(house) == []
    assert len(covers(other)) == 1


def test_another_partnerships_covers_are_neither_seen_nor_ended_by_its_neighbours_secretary(
    jo: Visitor, house: House, sign_in: SignIn
) -> None:
    other = House(house.session, house.now, slug="birchshire")
    other.person("ali@birchshire.example", name="Ali Elm")
    other.person("bo@birchshire.example", name="Bo Fir")
    row = Cover(
        partnership_id=other.tenant,
        person_id=other.people["ali@birchshire.example"].id,
        cover_id=other.people["bo@birchshire.example"].id,
        from_on=date(2026, 11, 1),
        to_on=date(2026, 11, 15),
        made_at=house.now,
    )
    house.session.add(row)
    house.session.commit()
    jo.post("/sign-out")
    sign_in(jo, SECRETARY)
    assert "Ali Elm" not in jo.page(AWAY).text
    assert jo.post(f"{AWAY}/end", data={"end": key(other)}).status_code == 404
