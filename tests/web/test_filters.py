"""Lists of actions as pages: filters, order and place stand in the address, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.models import ActionAmbition, ActionHome
from plans.models import Ambition
from tests.factories import House
from tests.pages import Page, Visitor
from tests.web.answering import OTHER, OWNER, meeting_action
from tracker.people.board_models import BoardRole

SignIn = Callable[[Visitor, str], None]
ALL = "/ashshire/actions"


@pytest.fixture
def owner(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """The owner of three actions, signed in; a fourth has nobody to ask."""
    house.action("Overdue", deadline="March 2026", owner=OWNER)
    house.action("Later", deadline="April 2027", owner=OWNER, lead=house.council)
    house.action("Dateless", owner=OWNER)
    house.action("Nobody’s", deadline="May 2027")
    house.person(OTHER, seat=BoardRole.MEMBER)
    sign_in(client, OWNER)
    return client


def titles(page: Page) -> list[str]:
    """The actions of a page, in their order."""
    known = ("Overdue", "Later", "Dateless", "Nobody’s")
    found = {words: page.text.find(f" {words} ") for words in known}
    return sorted((one for one in known if found[one] > 0), key=lambda one: found[one])


def linked(page: Page) -> list[str]:
    """The numbers of the actions that a page lists, in their order."""
    return [
        one.rsplit("/", 1)[1]
        for one in page.hrefs
        if one.startswith(ALL + "/") and one.rsplit("/", 1)[1].isdigit()
    ]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", "123"),
        ("?due=overdue", "1"),
        ("?due=none", "3"),
        ("?rating=Red", "1"),
        ("?rating=Grey&sort=due", "23"),
        ("?needs=overdue", "1"),
        ("?plan=childrens-plan&sort=due-descending", "213"),
        ("?priority=childrens-plan.1&sort=reference", "123"),
        ("?organisation=ashshire-council", "2"),
        ("?sort=reference-descending", "321"),
        ("?partnership=&plan=&needs=&due=&sort=", "123"),
    ],
)
def test_a_filter_or_an_order_is_read_from_the_address(
    owner: Visitor, query: str, numbers: str
) -> None:
    assert linked(owner.page(f"/my-actions{query}")) == list(numbers)


def test_a_board_stands_for_the_plans_that_it_reviews(owner: Visitor, house: House) -> None:
    house.cycle()
    second = house.make_plan("Other Plan")
    other = house.make_board("Other Board")
    house.cycle("FREQ=YEARLY", board=other, plans=[second])
    action = house.action("Elsewhere too", owner=OWNER)
    house.session.add(
        ActionHome(
            partnership_id=house.tenant,
            action_id=action.id,
            plan_id=second.id,
            reference="7.7",
            position=1,
        )
    )
    house.session.commit()
    assert linked(owner.page("/my-actions?board=other-board")) == ["5"]
    assert len(linked(owner.page("/my-actions?board=trust-board"))) == 4


def test_choices_are_those_of_what_somebody_has(owner: Visitor, house: House) -> None:
    house.make_priority("9", "Not mine")
    tag = Ambition(partnership_id=house.tenant, slug="start", name="A Good Start")
    house.session.add(tag)
    house.session.flush()
    house.session.add(
        ActionAmbition(partnership_id=house.tenant, action_id=2, ambition_id=tag.id, is_stated=True)
    )
    house.session.commit()
    mine = owner.get("/my-actions").text
    assert "1 Children are safe</option>" in mine
    assert "Not mine" not in mine
    assert 'value="start"' in mine
    assert "Nobody to ask</option>" not in mine
    assert linked(owner.page("/my-actions?ambition=start")) == ["2"]


def test_what_is_chosen_is_shown_and_kept_from_page_to_page(owner: Visitor, house: House) -> None:
    for at in range(30):
        house.action(f"More {at}", deadline="June 2027", owner=OWNER)
    path = "/my-actions?plan=childrens-plan&sort=due"
    first = owner.page(path)
    assert "Sorted by deadline, the earliest first." in first.text
    assert "Plan: Children’s Plan 2026-27" in first.text
    (onward,) = [one for one in first.hrefs if "after=" in one]
    assert "plan=childrens-plan" in onward
    assert "sort=due" in onward
    second = owner.page(onward)
    assert len(linked(first)) == 25
    assert len(linked(second)) == 8
    assert not set(linked(first)) & set(linked(second))
    (back,) = [one for one in second.hrefs if "before=" in one]
    assert linked(owner.page(back)) == linked(first)
    assert not [one for one in second.hrefs if "after=" in one]


@pytest.mark.parametrize("place", ["after=nonsense", "before=W10", "after=" + "x" * 5000])
def test_a_wrong_place_begins_anew_in_plain_words(owner: Visitor, place: str) -> None:
    page = owner.page(f"/my-actions?{place}")
    assert "That page of the list is not there any more. This is the first page." in page.text
    assert linked(page) == ["1", "2", "3"]


@pytest.mark.parametrize(
    "query",
    [
        "plan=no-such-plan",
        "rating=Purple",
        "due=someday",
        "needs=nobody",
        "sort=colour",
        "board=%3Cscript%3Ealert(1)",
        "organisation=" + "x" * 3000,
        "plan=oakshire.childrens-plan",
    ],
)
def test_what_an_address_asks_that_nobody_knows_is_left_out_and_said(
    owner: Visitor, query: str
) -> None:
    page = owner.page(f"/my-actions?{query}")
    assert "of this list, and was left out." in page.text
    assert linked(page) == ["1", "2", "3"]
    assert "<script>alert" not in owner.get(f"/my-actions?{query}").text


def test_a_filter_that_gives_nothing_offers_to_clear_it(owner: Visitor) -> None:
    page = owner.page("/my-actions?rating=Blue")
    assert "No action matches these filters. Clear the filters" in page.text
    assert "You are not asked about any action." not in page.text
    assert "/my-actions" in page.hrefs


def test_somebody_in_two_partnerships_may_look_at_one(owner: Visitor, house: House) -> None:
    other = House(house.session, house.now, slug="oakshire")
    other.action("There", deadline="April 2026", owner=OWNER)
    page = owner.page("/my-actions?partnership=oakshire")
    assert "There" in page.text
    assert "Overdue Children" not in page.text
    assert linked(page) == []
    plans = owner.page("/my-actions?plan=oakshire.childrens-plan")
    assert linked(plans) == []
    assert "/oakshire/actions/1" in plans.hrefs


def test_meeting_actions_follow_the_filters_that_they_have(owner: Visitor, house: House) -> None:
    task = meeting_action(house, OWNER)
    way = f"/ashshire/meeting-actions/{task.uid}"
    house.session.rollback()
    for query, is_there in (
        ("", True),
        ("?due=overdue", True),
        ("?due=later", False),
        ("?needs=overdue", True),
        ("?needs=asked", False),
        ("?rating=Red", False),
        ("?board=trust-board", True),
    ):
        assert (way in owner.page(f"/my-actions{query}").hrefs) is is_there, query


def test_everybody_of_the_partnership_sees_all_its_actions_and_who_is_asked(
    owner: Visitor, house: House, client: Visitor, sign_in: SignIn
) -> None:
    client.post("/sign-out")
    sign_in(client, OTHER)
    page = client.page(ALL)
    assert linked(page) == ["1", "2", "4", "3"]
    assert "Ashshire Council owner By April 2027" in page.text
    assert linked(client.page(f"{ALL}?needs=nobody")) == ["4"]
    assert linked(client.page(f"{ALL}?organisation=ashshire-council")) == ["2"]
    house.person("stranger@oakshire.example")
    House(house.session, house.now, slug="oakshire").person("there@oakshire.example")
    client.post("/sign-out")
    sign_in(client, "there@oakshire.example")
    client.page(ALL, status=404)


def test_lists_take_at_most_ten_queries_whatever_they_hold(
    client: Visitor, house: House, sign_in: SignIn, statements: list[str]
) -> None:
    house.cycle()
    for at in range(40):
        action = house.action(f"Many {at}", deadline="March 2027", owner=OWNER, lead=house.council)
        if at % 2:
            house.ask(action)
    house.seat(house.people[OWNER], BoardRole.MEMBER, house.board)
    meeting_action(house, OWNER)
    house.milestone(action, "A step", "December 2026")
    neighbour = House(house.session, house.now, slug="oakshire")
    neighbour.action(owner="there@oakshire.example")
    house.session.rollback()
    sign_in(client, OWNER)
    first = client.page("/my-actions?sort=due")
    (onward,) = [one for one in first.hrefs if "after=" in one]
    for path in ("/my-actions", onward, "/my-actions?rating=Grey&board=trust-board", ALL):
        statements.clear()
        client.page(path)
        read = [one for one in statements if one.startswith(("SELECT", "WITH"))]
        assert 5 < len(read) <= 10, (path, len(read))
