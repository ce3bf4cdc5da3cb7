"""Endings of actions: moved, merged, split, handed over, made business as usual, stopped."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.ask_models import Ask
from actions.deadline_models import Deadline
from actions.models import Action, ActionHome, HomeEnding, Progress
from actions.operations import Entry, record_progress
from actions.queries import facts, rating_counts
from plans.models import Plan, PlanStatus
from priorities.models import Priority
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.endings import (
    CHAIR,
    OWNER,
    SignIn,
    another_plan,
    begun_action,
    decided,
    homes,
    lifecycle,
)
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.board_models import BoardRole


@pytest.fixture
def action(house: House, client: Visitor, sign_in: SignIn) -> Action:
    """An action under way; the board's secretary is signed in."""
    return begun_action(house, client, sign_in)


@pytest.fixture
def elsewhere(house: House, action: Action) -> tuple[Plan, Priority]:
    """Another plan with a priority and an action of its own."""
    return another_plan(house)


def test_a_moved_action_keeps_its_history_and_both_places_say_so(
    client: Visitor, house: House, action: Action, elsewhere: tuple[Plan, Priority]
) -> None:
    plan, priority = elsewhere
    data = decided(house, action, place=f"{plan.id}-{priority.id}", home=f"{house.plan.id}-1.1")
    page = read(client.send("/ashshire/actions/1/move", **data).text)
    assert "Moved. Its owners, deadline and history went with it." in page.text
    old, new = homes(house, action)
    assert (old.ending, old.ended_on) == (HomeEnding.MOVED, house.now.date())
    assert (old.ending_reason, old.ended_board_id) == ("The board said so.", house.board.id)
    assert (new.plan_id, new.reference, new.ended_on) == (plan.id, "3.1", None)
    counts = rating_counts(house.session, house.tenant, house.now.date())
    house.session.commit()
    assert sum(counts[house.plan.id].values()) == 0
    assert sum(counts[plan.id].values()) == 2
    assert "Begun." in page.text


def test_a_place_to_move_to_must_fit(
    client: Visitor, house: House, action: Action, elsewhere: tuple[Plan, Priority]
) -> None:
    plan, priority = elsewhere
    place, home = f"{plan.id}-{priority.id}", f"{house.plan.id}-1.1"
    here = f"{house.plan.id}-{house.priority.id}"
    for values, words in (
        ({"place": "", "home": home}, "Choose where the action goes"),
        ({"place": "1-999", "home": home}, "Choose where the action goes"),
        ({"place": place, "home": "no-such"}, "Choose the place that it leaves"),
        ({"place": here, "home": home}, "The action stands there already."),
        ({"place": place, "home": home, "reference": "1.2"}, "has an action 1.2 already."),
        ({"place": place, "home": home, "reference": "9" * 21}, "Use 20 characters or fewer"),
        ({"place": place, "home": home, "reason": " "}, "Say why"),
        ({"place": place, "home": home, "board": ""}, "Choose the board that decided this"),
        ({"place": place, "home": home, "wording": "<i>" * 101}, "Use 300 characters or fewer"),
    ):
        data = decided(house, action, **values)
        answer = client.post("/ashshire/actions/1/move", data=data)
        assert answer.status_code == 422, words
        assert words in read(answer.text).text
    assert [home.ended_on for home in homes(house, action)] == [None]


def test_a_plan_that_has_ended_is_no_place_to_move_to(
    client: Visitor, house: House, action: Action, elsewhere: tuple[Plan, Priority]
) -> None:
    plan, priority = elsewhere
    plan.status = PlanStatus.CLOSED
    data = decided(house, action, place=f"{plan.id}-{priority.id}", home=f"{house.plan.id}-1.1")
    assert "Health Plan" not in client.page("/ashshire/actions/1/move").text
    assert client.post("/ashshire/actions/1/move", data=data).status_code == 422


def test_a_merged_action_is_closed_by_an_entry_and_linked_both_ways(
    client: Visitor, house: House, action: Action
) -> None:
    other = house.action("Open two hubs", owner=OWNER)
    ask = house.ask(action)
    house.ask(other)
    page = client.page("/ashshire/actions/1/merge")
    assert (
        "1.2 Open two hubs (Children’s Plan 2026-27)"
        in client.get("/ashshire/actions/1/merge").text
    )
    assert "1.1 Open a hub (Children’s Plan" not in page.text
    client.send("/ashshire/actions/1/merge", **decided(house, action, into="1.2"))
    house.session.refresh(action)
    house.session.refresh(other)
    assert action.lifecycle is Lifecycle.CLOSED_NOT_COMPLETED
    assert other.lifecycle is Lifecycle.NOT_STARTED
    (home,) = homes(house, action)
    assert home.ending is HomeEnding.MERGED
    house.session.refresh(ask)
    assert ask.answered_at is not None
    still = house.session.scalars(
        select(Ask).where(Ask.partnership_id == house.tenant, Ask.answered_at.is_(None))
    ).all()
    assert [one.action_id for one in still] == [other.id]
    house.session.commit()
    one, two = client.page("/ashshire/actions/1"), client.page("/ashshire/actions/2")
    assert "Merged into action 1.2: Open two hubs" in one.text
    assert "Merged into “Open two hubs”. The board said so." in one.text
    assert "Merged from action 1.1: Open a hub" in two.text
    assert "/ashshire/actions/2" in one.hrefs
    assert "/ashshire/actions/1" in two.hrefs


def test_what_is_not_open_or_not_there_is_nothing_to_merge_into(
    client: Visitor, house: House, action: Action
) -> None:
    done = house.action("Done already", owner=OWNER)
    record_progress(
        house.session,
        done,
        Entry(Lifecycle.COMPLETE, Rating.BLUE, evidence="Seen."),
        person_id=house.people[OWNER].id,
        last_seen=0,
        now=house.now,
    )
    house.session.commit()
    for into, words in (
        ("", "Choose the action that it becomes part of"),
        ("1.1", "We know no open action “1.1”"),
        ("1.2", "We know no open action “1.2”"),
        ("<script>", "We know no open action “<script>”"),
    ):
        data = decided(house, action, into=into)
        answer = client.post("/ashshire/actions/1/merge", data=data)
        assert answer.status_code == 422
        assert words in read(answer.text).text


def test_the_parts_of_a_split_action_inherit_what_was_promised(
    client: Visitor, house: House, action: Action
) -> None:
    house.milestone(action, "Find a building", "January 2027")
    house.ask(action)
    data = decided(house, action, part_1="Open a hub north", part_2="Open a hub south")
    text = read(client.send("/ashshire/actions/1/split", **data).text).text
    assert "Split into action 1.2: Open a hub north" in text
    assert "Split into action 1.3: Open a hub south" in text
    assert "Split from action 1.1: Open a hub" in client.page("/ashshire/actions/3").text
    known = facts(house.session, house.tenant, house.now.date())
    house.session.commit()
    whole, north, south = known
    assert (whole.ending_words, whole.is_counted()) == ("Split", False)
    for part in (north, south):
        assert part.owners == ("owner",)
        assert part.leads == ("Ashshire Council",)
        assert part.deadline.words == "by April 2027"
        assert (part.lifecycle, part.owner_rating) == (Lifecycle.IN_PROGRESS, Rating.GREEN)
        assert part.is_asked
    assert [step.title for step in north.milestones] == ["Find a building"]
    assert south.milestones == ()


def test_a_split_keeps_the_original_deadline_of_one_that_was_moved(
    client: Visitor, house: House, action: Action
) -> None:
    first = house.session.scalars(
        select(Deadline).where(Deadline.partnership_id == house.tenant)
    ).one()
    first.is_current = False
    house.session.flush()
    values = {
        name: getattr(first, name)
        for name in ("partnership_id", "action_id", "kind", "relation", "precision", "calendar")
    }
    house.session.add(
        Deadline(
            **values,
            number=2,
            is_current=True,
            first_on=first.first_on,
            last_on=house.now.date().replace(year=2027, month=6, day=30),
            printed="30 June 2027",
            set_at=house.now,
            reason="Late.",
        )
    )
    house.session.commit()
    client.send("/ashshire/actions/1/split", **decided(house, action, part_1="A", part_2="B"))
    known = facts(house.session, house.tenant, house.now.date())
    assert {one.deadline.original_words for one in known} == {"by April 2027"}
    assert {one.deadline.changes for one in known} == {1}


def test_a_split_needs_two_titles(client: Visitor, house: House, action: Action) -> None:
    data = decided(house, action, part_1="A", part_3="x" * 301)
    answer = client.post("/ashshire/actions/1/split", data=data)
    assert answer.status_code == 422
    assert "Say what action 2 is" in answer.text
    assert "Use 300 characters or fewer" in answer.text
    assert 'value="A"' in answer.text


def test_business_as_usual_leaves_one_plan_and_closes_only_where_it_was_the_last(
    client: Visitor, house: House, action: Action, elsewhere: tuple[Plan, Priority]
) -> None:
    plan, priority = elsewhere
    house.session.add(
        ActionHome(
            partnership_id=house.tenant,
            action_id=action.id,
            plan_id=plan.id,
            priority_id=priority.id,
            reference="3.9",
        )
    )
    house.session.commit()
    assert "Which place does it leave?" in client.page("/ashshire/actions/1/end").text
    data = decided(house, action, ending="business as usual", home=f"{plan.id}-3.9")
    client.send("/ashshire/actions/1/end", **data)
    assert lifecycle(house, action) is Lifecycle.IN_PROGRESS
    data = decided(house, action, ending="stopped", home=f"{house.plan.id}-1.1")
    text = read(client.send("/ashshire/actions/1/end", **data).text).text
    assert "Stopped. The board said so." in text
    assert lifecycle(house, action) is Lifecycle.CLOSED_NOT_COMPLETED
    last = house.session.scalars(
        select(Progress)
        .where(Progress.partnership_id == house.tenant)
        .order_by(Progress.number.desc())
    ).first()
    assert last is not None
    assert last.lifecycle is Lifecycle.CLOSED_NOT_COMPLETED
    house.session.commit()
    assert "only an open action" in client.send("/ashshire/actions/1/move").text


def test_an_ending_posted_from_an_old_page_is_a_conflict(
    client: Visitor, house: House, action: Action
) -> None:
    data = decided(house, action, ending="stopped", home=f"{house.plan.id}-1.1")
    action.title = "Open a bigger hub"
    house.session.commit()
    assert client.post("/ashshire/actions/1/end", data=data).status_code == 409
    assert homes(house, action)[0].ended_on is None


def test_only_a_secretary_or_an_administrator_ends_actions(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    house.person(CHAIR, seat=BoardRole.CHAIR)
    client.post("/sign-out")
    for email in (OWNER, CHAIR):
        sign_in(client, email)
        for then in ("end", "move", "merge", "split", "offer"):
            assert client.get(f"/ashshire/actions/1/{then}").status_code == 403
        client.post("/sign-out")
