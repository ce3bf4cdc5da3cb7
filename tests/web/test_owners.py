"""Who is asked: added, ended, passed on; leavers are listed, never orphaned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from actions.models import Action, Owner
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.bad_input import Kind, nothing_changes, refused, refuses
from tracker.people.board_models import BoardRole
from tracker.people.models import Membership, Role

SignIn = Callable[[Visitor, str], None]
JO, SAM, SECRETARY = (f"{who}@ashshire.example" for who in ("jo", "sam", "secretary"))
TODAY = date(2026, 11, 2)
PAGE, ACTION, LIST = "/ashshire/actions/1/owners", "/ashshire/actions/1", "/ashshire/to-assign"


@pytest.fixture
def secretary(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """A secretary, in a partnership with Jo and Sam."""
    house.person(JO, name="Jo Bell")
    house.person(SAM, name="Sam Ash")
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    sign_in(client, SECRETARY)
    return client


def owners(house: House) -> list[tuple[int, date, date | None]]:
    house.session.commit()
    rows = house.session.scalars(
        select(Owner).where(Owner.partnership_id == house.tenant).order_by(Owner.id)
    ).all()
    found = [(one.person_id, one.from_on, one.to_on) for one in rows]
    house.session.commit()
    return found


def key_of_first(house: House) -> str:
    key = house.session.scalar(select(Owner.id).where(Owner.partnership_id == house.tenant))
    house.session.commit()
    return str(key)


def version(house: House, number: int = 1) -> str:
    house.session.commit()
    found = house.session.scalar(
        select(Action.version).where(Action.partnership_id == house.tenant, Action.number == number)
    )
    house.session.commit()
    return str(found)


def leave(house: House, email: str, on: date) -> None:
    """Their membership ends: ``on`` is their first day away."""
    for one in house.session.scalars(
        select(Membership).where(
            Membership.partnership_id == house.tenant,
            Membership.person_id == house.people[email].id,
        )
    ):
        one.to_on = on - timedelta(days=1)
    house.session.commit()


def test_somebody_is_asked_from_a_day_to_a_day(secretary: Visitor, house: House) -> None:
    house.action("Open a hub")
    sent = secretary.send(
        PAGE, version=version(house), who="Jo Bell", from_on="1 December 2026", to_on="March 2027"
    )
    page = read(sent.text)
    assert "Jo Bell is asked from 1 December 2026." in page.text
    assert "Nobody to ask until 1 December 2026, then Jo Bell." in page.text
    assert owners(house) == [(house.people[JO].id, date(2026, 12, 1), date(2027, 3, 31))]
    assert "Jo Bell, from 1 December 2026, until 31 March 2027" in secretary.page(ACTION).text


def test_the_same_person_is_not_asked_twice_on_one_day(secretary: Visitor, house: House) -> None:
    house.action("Open a hub", owner=JO)
    answer = secretary.post(
        PAGE, data={"version": version(house), "who": JO, "from_on": "1 December 2026"}
    )
    assert answer.status_code == 422
    assert "They are asked about it on some of these days already" in answer.text
    assert len(owners(house)) == 1


def test_a_post_is_passed_on_in_one_go(secretary: Visitor, house: House) -> None:
    house.action("Open a hub", owner=JO)
    sent = secretary.send(
        PAGE,
        version=version(house),
        who="Sam Ash <sam@ashshire.example>",
        instead=key_of_first(house),
        from_on="1 May 2027",
    )
    assert "Sam Ash is asked instead of Jo Bell from 1 May 2027." in sent.text
    (jo, _, jo_to), (sam, sam_from, sam_to) = owners(house)
    assert (jo, jo_to) == (house.people[JO].id, date(2027, 4, 30))
    assert (sam, sam_from, sam_to) == (house.people[SAM].id, date(2027, 5, 1), None)


def test_a_post_passed_on_to_its_own_holder_or_before_it_began_changes_nothing(
    secretary: Visitor, house: House
) -> None:
    house.action("Open a hub", owner=JO)
    before = owners(house)
    for said, words in (
        ({"who": SAM, "from_on": "1 May 2020"}, "Give a day after the one from which the other"),
        ({"who": SAM, "from_on": "1 May 2027", "instead": "999"}, "Choose somebody who is asked"),
        ({"who": SAM, "from_on": "1 May 2027", "to_on": "June 2027"}, "Leave this empty"),
    ):
        sent = {"version": version(house), "instead": key_of_first(house)} | said
        answer = secretary.post(PAGE, data=sent)
        assert answer.status_code == 422
        assert words in answer.text
        assert owners(house) == before


def test_somebody_is_asked_no_more_after_a_day(secretary: Visitor, house: House) -> None:
    house.action("Open a hub", owner=JO)
    sent = {"version": version(house), "owner": key_of_first(house)}
    answer = secretary.post(f"{PAGE}/end", data=sent | {"to_on": "1 May 2020"})
    assert answer.status_code == 422
    assert "They are asked from a later day than this" in answer.text
    assert secretary.post(f"{PAGE}/end", data=sent | {"to_on": ""}).status_code == 422
    assert secretary.post(f"{PAGE}/end", data=sent | {"owner": "999"}).status_code == 422
    done = secretary.send(f"{PAGE}/end", **sent, to_on="30 November 2026")
    assert "Jo Bell is asked until 30 November 2026." in done.text
    assert owners(house)[0][2] == date(2026, 11, 30)
    assert "Jo Bell is asked until 30 November 2026, and nobody after" in done.text


def test_a_page_opened_before_another_change_is_refused(secretary: Visitor, house: House) -> None:
    action = house.action("Open a hub", owner=JO)
    old = version(house)
    action.measure = "Families who come"
    house.session.commit()
    said = {"version": old, "who": SAM, "from_on": "1 May 2027"}
    assert secretary.post(PAGE, data=said).status_code == 409
    assert len(owners(house)) == 1


GOOD = {"version": "1", "who": "Sam Ash", "from_on": "1 May 2027", "to_on": "30 June 2027"}
FIELDS = {
    "version": (Kind.SEEN, 0),
    "who": (Kind.MEMBER, 0),
    "from_on": (Kind.DAY, 0),
    "to_on": (Kind.DAY, 0),
}


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_refuses_what_it_cannot_use(
    secretary: Visitor, house: House, field: str
) -> None:
    house.action("Open a hub")
    good = GOOD | {"version": version(house)}
    with nothing_changes():
        for name, value in refused({field: FIELDS[field]}):
            refuses(secretary, PAGE, good, name, value)


def test_only_who_may_change_plans_changes_who_is_asked(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.action("Open a hub", owner=JO)
    sign_in(client, JO)
    for path in (PAGE, LIST):
        assert client.get(path).status_code == 403
        assert client.post(path).status_code == 403
    assert PAGE not in client.page(ACTION).hrefs


def test_actions_with_nobody_to_ask_and_those_of_leavers_are_listed(
    secretary: Visitor, house: House
) -> None:
    house.action("Nobody’s", owner=None)
    house.action("Kept by Jo", owner=JO)
    house.action("A leaver’s", owner=SAM)
    leave(house, SAM, date(2026, 5, 3))
    page = secretary.page(LIST)
    assert "1.1 Nobody’s Nobody to ask." in page.text
    assert "1.3 A leaver’s Sam Ash left on 3 May 2026: nobody to ask." in page.text
    assert "Kept by Jo" not in page.text
    assert "Sam Ash left on 3 May 2026: nobody to ask" in secretary.page("/ashshire/actions/3").text


@pytest.mark.parametrize(
    ("leaves_on", "is_listed"),
    [
        (TODAY + timedelta(days=30), True),
        (TODAY + timedelta(days=31), False),
        (TODAY + timedelta(days=1), True),
    ],
)
def test_a_leaver_is_listed_thirty_days_ahead(
    secretary: Visitor, house: House, leaves_on: date, is_listed: bool
) -> None:
    house.action("A leaver’s", owner=SAM)
    house.people[SAM].left_on = leaves_on
    house.session.commit()
    assert ("A leaver’s" in secretary.page(LIST).text) is is_listed


def test_an_action_with_another_owner_who_stays_is_not_listed(
    secretary: Visitor, house: House
) -> None:
    action = house.action("Shared", owner=SAM)
    house.owner(action, JO)
    leave(house, SAM, TODAY)
    assert "Shared" not in secretary.page(LIST).text
    page = secretary.page(ACTION)
    assert "Asked about it Jo Bell" in page.text
    assert "Sam Ash" not in page.text


def test_several_are_given_to_one_person_together_and_leave_the_list(
    secretary: Visitor, house: House
) -> None:
    ids = [house.action(f"Action {n}").id for n in range(3)]
    sent = secretary.send(LIST, chosen=[str(one) for one in ids[:2]], who=JO, from_on="2/11/2026")
    assert "Jo Bell is asked about 2 actions." in sent.text
    assert "1.3 Action 2" in sent.text
    assert "1.1 Action 0" not in sent.text
    assert [one[0] for one in owners(house)] == [house.people[JO].id] * 2


def test_assigning_needs_an_action_a_person_and_a_day_and_keeps_what_was_ticked(
    secretary: Visitor, house: House
) -> None:
    ids = [house.action(f"Action {n}").id for n in range(2)]
    answer = secretary.post(LIST, data={"chosen": [str(ids[1])], "who": "Nobody Known"})
    assert answer.status_code == 422
    assert "Nobody in this partnership is known as “Nobody Known”" in answer.text
    assert "Say from which day they are asked" in answer.text
    ticked = [one for one in read(answer.text).fields if "checked" in one]
    assert [one["value"] for one in ticked] == [str(ids[1])]
    for chosen in ([], ["x"], ["9" * 40], ["999"]):
        data = {"chosen": chosen, "who": JO, "from_on": "2 November 2026"}
        answer = secretary.post(LIST, data=data)
        assert answer.status_code == (302 if chosen == ["999"] else 422)
    assert owners(house) == []


def test_the_list_is_read_page_by_page(secretary: Visitor, house: House) -> None:
    for number in range(1, 53):
        house.action(f"Action no. {number}.")
    first = secretary.page(LIST)
    assert ("no. 1." in first.text, "no. 51." in first.text) == (True, False)
    assert f"{LIST}?after=50" in first.hrefs
    last = secretary.page(f"{LIST}?after=50")
    assert ("no. 50." in last.text, "no. 51." in last.text) == (False, True)
    assert f"{LIST}?before=51" in last.hrefs
    assert not any("after=" in href for href in last.hrefs)
    back = secretary.page(f"{LIST}?before=51")
    assert back.text == first.text
    assert f"{LIST}?before=1" not in back.hrefs
    assert secretary.page(f"{LIST}?after=x").text == first.text


def test_another_partnerships_people_and_actions_are_out_of_reach(
    secretary: Visitor, house: House
) -> None:
    other = House(house.session, house.now, slug="birchshire")
    other.person("kim@birchshire.example", name="Kim Oak", role=Role.MEMBER)
    theirs = other.action("Theirs")
    house.action("Ours")
    assert "Theirs" not in secretary.page(LIST).text
    data = {"chosen": [str(theirs.id)], "who": JO, "from_on": "2 November 2026"}
    assert "Jo Bell is asked about 0 actions." in secretary.send(LIST, **data).text
    answer = secretary.post(
        PAGE, data={"version": version(house), "who": "Kim Oak", "from_on": "1 May 2027"}
    )
    assert answer.status_code == 422
    assert owners(house) == owners(other) == []
