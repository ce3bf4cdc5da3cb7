"""What tests of endings share: an action that is under way, another plan, what a form says."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from actions.models import Action, ActionHome, HomeEnding
from actions.operations import Entry, record_progress
from plans.models import Plan
from priorities.models import Priority
from tests.factories import House
from tests.pages import Visitor
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.board_models import BoardRole

SignIn = Callable[[Visitor, str], None]
OWNER, CHAIR, SECRETARY = (f"{who}@ashshire.example" for who in ("owner", "chair", "secretary"))


def begun_action(house: House, client: Visitor, sign_in: SignIn) -> Action:
    """An action with an owner, a lead and an update; the board's secretary is signed in."""
    made = house.action("Open a hub", deadline="April 2027", owner=OWNER, lead=house.council)
    record_progress(
        house.session,
        made,
        Entry(Lifecycle.IN_PROGRESS, Rating.GREEN, happened="Begun."),
        person_id=house.people[OWNER].id,
        last_seen=0,
        now=house.now,
    )
    house.person(SECRETARY, name="Sam Ash", seat=BoardRole.SECRETARY)
    house.session.commit()
    sign_in(client, SECRETARY)
    return made


def another_plan(house: House) -> tuple[Plan, Priority]:
    """Another plan with a priority and an action of its own."""
    first, priority = house.plan, house.priority
    house.plan = house.make_plan("Health Plan")
    house.priority = house.make_priority("3", "Children are healthy")
    house.action("Weigh everybody")
    found = house.plan, house.priority
    house.plan, house.priority = first, priority
    house.session.commit()
    return found


def homes(house: House, action: Action) -> list[ActionHome]:
    """The places where an action stood or stands, the first first."""
    found = house.session.scalars(
        select(ActionHome)
        .where(ActionHome.partnership_id == house.tenant, ActionHome.action_id == action.id)
        .order_by(ActionHome.id)
        .execution_options(populate_existing=True)
    ).all()
    house.session.commit()
    return list(found)


def lifecycle(house: House, action: Action) -> Lifecycle:
    """Where an action stands now."""
    house.session.refresh(action)
    house.session.commit()
    return action.lifecycle


def decided(house: House, action: Action, **values: object) -> dict[str, str]:
    """What the form of an ending says, with the board and the reason."""
    house.session.refresh(action)
    said = {"version": action.version, "board": house.board.id, "reason": "The board said so."}
    house.session.commit()
    return {name: str(value) for name, value in (said | values).items()}


def state(house: House) -> dict[str, tuple[Lifecycle, list[HomeEnding | None]]]:
    """Where each action stands by its title, and how it left each of its places."""
    found: dict[str, tuple[Lifecycle, list[HomeEnding | None]]] = {}
    for action, home in house.session.execute(
        select(Action, ActionHome)
        .join(ActionHome, ActionHome.action_id == Action.id)
        .where(Action.partnership_id == house.tenant)
        .order_by(Action.number, ActionHome.id)
        .execution_options(populate_existing=True)
    ):
        found.setdefault(action.title, (action.lifecycle, []))[1].append(home.ending)
    house.session.commit()
    return found
