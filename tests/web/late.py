"""An action long past its deadline whose owner says Green: for tests of what is agreed and held."""

from __future__ import annotations

from actions.models import Action
from actions.operations import Entry, record_progress
from tests.factories import House
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.board_models import BoardRole

OWNER, SECRETARY, CHAIR, LEAD = (
    f"{who}@ashshire.example" for who in ("owner", "secretary", "chair", "lead")
)
PAGE = "/ashshire/actions/1"
GREEN = Entry(
    Lifecycle.IN_PROGRESS,
    Rating.GREEN,
    happened="Well under way.",
    better_reason="It opens on Monday.",
)


def say(house: House, action: Action, entry: Entry = GREEN, *, who: str = OWNER) -> None:
    record_progress(
        house.session,
        action,
        entry,
        person_id=house.people[who].id,
        last_seen=action.last_entry_number,
        now=house.now,
    )
    house.session.commit()


def late_action(house: House) -> Action:
    """An action long past its deadline, of a plan that the board reviews; its owner says Green."""
    action = house.action("Open a hub", deadline="August 2026", owner=OWNER)
    house.cycle()
    house.person(SECRETARY, name="Sue Secretary", seat=BoardRole.SECRETARY)
    house.person(CHAIR, name="Kim Chair", seat=BoardRole.CHAIR)
    house.priority_lead(LEAD)
    say(house, action)
    return action


def again(house: House, action: Action) -> Action:
    """The action as it is now."""
    house.session.commit()
    house.session.refresh(action)
    house.session.commit()
    return action


def version(house: House, action: Action) -> str:
    return str(again(house, action).version)
