"""The page where an owner starts, and the frame around every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy import select

from actions.ask_models import Ask
from actions.models import Action, ActionHome
from governance.log_models import MeetingAction
from tests.factories import House
from tests.pages import Visitor
from tracker.people.models import Person

SignIn = Callable[[Visitor, str], None]
OWNER = "owner@ashshire.example"


def ask(house: House, action: Action) -> Ask:
    row = Ask(
        partnership_id=house.tenant,
        action_id=action.id,
        board_id=house.board.id,
        for_on=date(2026, 12, 8),
        opens_at=house.now,
        closes_at=datetime(2026, 11, 26, 17, tzinfo=UTC),
    )
    house.session.add(row)
    house.session.commit()
    return row


def test_what_is_asked_for_and_what_is_overdue_come_first_with_a_button_each(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.action("Far away", deadline="March 2027", owner=OWNER)
    house.action("Long overdue", deadline="March 2026", owner=OWNER)
    ask(house, house.action("Asked about", owner=OWNER))
    sign_in(client, OWNER)
    page = client.page("/my-actions")
    asked, overdue, rest = (
        page.text.index(words) for words in ("1.3 Asked about", "1.2 Long overdue", "1.1 Far away")
    )
    assert asked < overdue < page.text.index("Your other actions") < rest
    assert "216 days overdue" in page.text
    assert (
        "Trust Board asks for an update for its meeting on 8 December 2026;"
        " updates close at 5pm on 26 November 2026." in page.text
    )
    assert "/ashshire/actions/3/progress" in page.hrefs


def test_somebody_who_owns_nothing_is_led_to_boards_and_plans(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person("member@ashshire.example")
    sign_in(client, "member@ashshire.example")
    page = client.page("/my-actions")
    assert "You are not asked about any action." in page.text
    assert {"/ashshire/boards", "/ashshire/plans"} <= set(page.hrefs)


def test_an_action_with_two_homes_is_listed_once(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    action = house.action("Shared", deadline="March 2026", owner=OWNER)
    second = house.make_plan("Other Plan")
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
    sign_in(client, OWNER)
    page = client.page("/my-actions")
    assert page.hrefs.count("/ashshire/actions/1") == 1
    assert "also 7.7 in Other Plan 2026-27" in page.text


def test_a_person_in_two_partnerships_sees_whose_each_action_is(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    other = House(house.session, house.now, slug="oakshire")
    house.action("Here", deadline="March 2026", owner=OWNER)
    other.action("There", deadline="April 2026", owner=OWNER)
    sign_in(client, OWNER)
    page = client.page("/my-actions")
    assert "Children’s Plan 2026-27. Oakshire Children’s Trust" in page.text
    assert "/oakshire/plans" in page.hrefs
    there = client.page("/oakshire/plans")
    assert there.title == "Plans – Oakshire Children’s Trust – Tracker"
    assert any(one.startswith("/ashshire") for one in there.hrefs)


def test_what_meetings_asked_for_is_on_the_same_page(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    owner: Person = house.person(OWNER)
    house.cycle()
    house.session.add(
        MeetingAction(
            partnership_id=house.tenant,
            board_id=house.board.id,
            meeting_id=house.meetings()[0].id,
            reference="TB/2026/1",
            what="Write to the districts",
            person_id=owner.id,
            due_on=date(2026, 10, 30),
            changed_at=house.now,
        )
    )
    house.session.commit()
    sign_in(client, OWNER)
    page = client.page("/my-actions")
    assert "TB/2026/1 Write to the districts Trust Board 30 October 2026 Overdue" in page.text
    assert "/ashshire/boards/trust-board" in page.hrefs


def test_an_owner_whose_time_is_over_is_not_asked(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    action = house.action("Handed over", deadline="March 2026")
    owner = house.owner(action, OWNER)
    owner.to_on = date(2026, 11, 1)
    house.session.commit()
    sign_in(client, OWNER)
    assert "Handed over" not in client.page("/my-actions").text


def test_the_menu_leads_to_plans_boards_and_calendar_and_signing_out_is_a_button(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person(OWNER, name="Olive Owner")
    sign_in(client, OWNER)
    page = client.page("/ashshire/plans")
    assert {"/my-actions", "/ashshire/plans", "/ashshire/boards", "/calendar"} <= set(page.hrefs)
    assert {"method": "post", "action": "/sign-out"} in page.forms
    assert "Olive Owner" in page.text


def test_a_demonstration_says_so_on_every_page(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.partnership.banner = "Demonstration: dates are moved."
    house.person(OWNER)
    house.session.commit()
    sign_in(client, OWNER)
    assert "Demonstration: dates are moved." in client.page("/ashshire/plans").text


def test_my_actions_takes_at_most_ten_queries_however_many_there_are(
    client: Visitor, house: House, sign_in: SignIn, statements: list[str]
) -> None:
    for _ in range(25):
        ask(house, house.action(deadline="March 2027", owner=OWNER))
    assert house.session.scalar(select(Person.id).where(Person.email_key == OWNER))
    house.session.rollback()
    sign_in(client, OWNER)
    statements.clear()
    client.page("/my-actions")
    assert sum(one.startswith("SELECT") for one in statements) <= 10
