"""One action: what its page says, and who confirms that it is complete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from actions.deadline_models import Deadline, DeadlineKind
from actions.deadlines import change_deadline
from actions.models import Action, ActionAmbition, ActionHome, ActionStrategy, Milestone
from actions.operations import Entry, record_progress
from plans.models import Ambition
from tests.factories import House
from tests.pages import Visitor, read
from tracker.kernel.period import Calendar, Precision
from tracker.kernel.rag import Lifecycle, Rating, Relation
from tracker.people.board_models import BoardRole

SignIn = Callable[[Visitor, str], None]
OWNER, SECRETARY, MEMBER = (f"{who}@ashshire.example" for who in ("owner", "secretary", "member"))


def complete(house: House, action: Action) -> None:
    record_progress(
        house.session,
        action,
        Entry(Lifecycle.COMPLETE, Rating.BLUE, evidence="The hub is open."),
        person_id=house.people[OWNER].id,
        last_seen=action.last_entry_number,
        now=house.now,
    )
    house.session.commit()


def test_an_actions_page_says_everything_that_is_known_of_it(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    action = house.action("Open a hub", deadline="April 2027", owner=OWNER, lead=house.council)
    action.measure, action.description = "Families who come", "Three districts first."
    step: Milestone = house.milestone(action, "Find a building", "January 2027")
    step.done_on = date(2026, 10, 30)
    tag = Ambition(partnership_id=house.tenant, slug="start", name="A Good Start")
    house.session.add(tag)
    house.session.flush()
    house.session.add_all(
        [
            ActionAmbition(
                partnership_id=house.tenant, action_id=action.id, ambition_id=tag.id, is_stated=True
            ),
            ActionStrategy(
                partnership_id=house.tenant, action_id=action.id, title="Early Help Strategy"
            ),
            ActionHome(
                partnership_id=house.tenant,
                action_id=action.id,
                plan_id=house.make_plan("Other Plan").id,
                reference="7.7",
                wording="Another hub",
            ),
        ]
    )
    house.session.commit()
    sign_in(client, OWNER)
    page = client.page("/ashshire/actions/1")
    for words in (
        "Action 1.1 Open a hub",
        "Grey Not started",
        "Three districts first.",
        "priority 1: Children are safe",
        "Action 7.7 in Other Plan 2026-27 : “Another hub”",
        "By April 2027",
        "Find a building: by January 2027 , done 30 October 2026",
        "Led by Ashshire Council",
        "Asked about it owner",
        "Ambitions A Good Start",
        "How it is measured Families who come",
        "Linked strategies Early Help Strategy",
        "Nobody has recorded anything yet.",
    ):
        assert words in page.text
    assert "/ashshire/actions/1/progress" in page.hrefs


def test_an_action_without_an_owner_has_nobody_to_ask(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.action()
    house.person(MEMBER)
    sign_in(client, MEMBER)
    page = client.page("/ashshire/actions/1")
    assert "Asked about it Nobody to ask" in page.text
    assert "/ashshire/actions/1/progress" not in page.hrefs


def test_the_rating_shown_explains_itself(client: Visitor, house: House, sign_in: SignIn) -> None:
    action = house.action(deadline="September 2026", owner=OWNER)
    record_progress(
        house.session,
        action,
        Entry(Lifecycle.IN_PROGRESS, Rating.GREEN, happened="Well under way."),
        person_id=house.people[OWNER].id,
        last_seen=0,
        now=house.now,
    )
    house.session.commit()
    sign_in(client, OWNER)
    text = client.page("/ashshire/actions/1").text
    assert "Red In progress , 33 days overdue Owner: Green. 33 days past its deadline: Red" in text


def test_history_tells_progress_and_changes_of_deadline_newest_first(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    action = house.action(deadline="April 2027", owner=OWNER)
    secretary = house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    record_progress(
        house.session,
        action,
        Entry(
            Lifecycle.IN_PROGRESS,
            Rating.AMBER,
            happened="A building is found.",
            cause="No lease yet.",
            recovery="The council writes to the landlord.",
            forecast_on=date(2027, 6, 30),
        ),
        person_id=house.people[OWNER].id,
        last_seen=0,
        now=house.now - timedelta(days=2),
    )
    change_deadline(
        house.session,
        action,
        Deadline(
            kind=DeadlineKind.DATED,
            relation=Relation.BY,
            first_on=date(2027, 6, 1),
            last_on=date(2027, 6, 30),
            precision=Precision.MONTH,
            calendar=Calendar.CALENDAR,
            printed="June 2027",
        ),
        person_id=secretary.id,
        board_id=house.board.id,
        reason="The lease took longer.",
        now=house.now - timedelta(days=1),
    )
    house.session.commit()
    sign_in(client, OWNER)
    text = client.page("/ashshire/actions/1").text
    assert "Originally by April 2027; moved once, 61 days later" in text
    assert (
        "Deadline changed 1 November 2026 at 10am , Sam Secretary From by April 2027"
        " To by June 2027 Reason The lease took longer. Agreed by Trust Board" in text
    )
    assert text.index("Deadline changed") < text.index("A building is found.")
    assert "Cause No lease yet." in text
    assert "Expected 30 June 2027" in text


def test_a_secretary_confirms_completion_and_history_says_who(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    action = house.action("Open a hub", deadline="March 2026", owner=OWNER)
    house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    complete(house, action)
    sign_in(client, SECRETARY)
    assert "Complete, awaiting confirmation" in client.page("/ashshire/actions/1").text
    page = read(client.send("/ashshire/actions/1/confirm").text)
    assert "Confirmed. The action is complete." in page.text
    assert "Completion confirmed 2 November 2026 at 10am , Sam Secretary" in page.text
    assert "awaiting confirmation" not in page.text


def test_an_owner_who_is_also_secretary_cannot_confirm_their_own(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person(OWNER, seat=BoardRole.SECRETARY)
    action = house.action(owner=OWNER)
    complete(house, action)
    sign_in(client, OWNER)
    assert "Confirm that it is complete" not in client.page("/ashshire/actions/1").text
    assert "Somebody else must confirm this" in client.send("/ashshire/actions/1/confirm").text


def test_what_is_not_complete_is_not_confirmed(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.action(owner=OWNER)
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    sign_in(client, SECRETARY)
    assert "Nothing was changed" in client.send("/ashshire/actions/1/confirm").text


def test_only_a_secretary_confirms(client: Visitor, house: House, sign_in: SignIn) -> None:
    action = house.action(owner=OWNER)
    complete(house, action)
    house.person(MEMBER, seat=BoardRole.MEMBER)
    sign_in(client, MEMBER)
    assert client.post("/ashshire/actions/1/confirm").status_code == 403


def test_an_action_that_is_not_there_is_not_found(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person(MEMBER)
    sign_in(client, MEMBER)
    client.page("/ashshire/actions/99", status=404)
    client.page("/oakshire/actions/1", status=404)
