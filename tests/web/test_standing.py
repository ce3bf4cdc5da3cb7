"""A completion taken back, a hold: with a reason, and with what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from actions.models import Action, Progress
from actions.operations import Entry
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.bad_input import Kind, nothing_changes, refused, refuses
from tests.web.late import (
    CHAIR,
    GREEN,
    LEAD,
    OWNER,
    PAGE,
    SECRETARY,
    again,
    late_action,
    say,
    version,
)
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.board_models import BoardRole

SignIn = Callable[[Visitor, str], None]


@pytest.fixture
def late(house: House) -> Action:
    """An action long past its deadline, of a plan that the board reviews; its owner says Green."""
    return late_action(house)


HELD = {"board": "", "until": "31 March 2027", "reason": "The building is sold."}
OF_HELD = {
    "version": (Kind.SEEN, 0),
    "board": (Kind.CHOICE, 0),
    "until": (Kind.DAY_AHEAD, 0),
    "reason": (Kind.NEEDED, 500),
}


@pytest.mark.parametrize("field", OF_HELD)
def test_every_field_of_a_hold_refuses_what_it_cannot_use(
    client: Visitor, house: House, late: Action, sign_in: SignIn, field: str
) -> None:
    sign_in(client, SECRETARY)
    good = HELD | {"board": str(house.board.id), "version": version(house, late)}
    with nothing_changes():
        for name, value in refused({field: OF_HELD[field]}):
            refuses(client, f"{PAGE}/hold", good, name, value)


def test_a_hold_lifts_the_limit_and_says_who_decided_and_why(
    client: Visitor, house: House, late: Action, sign_in: SignIn
) -> None:
    sign_in(client, SECRETARY)
    said = HELD | {"board": str(house.board.id), "version": version(house, late)}
    page = read(client.send(f"{PAGE}/hold", **said).text)
    assert "On hold until 31 March 2027" in page.text
    assert "Trust Board put it on hold: The building is sold." in page.text
    assert "Nobody is asked about it until then." in page.text
    assert "Green On hold until 31 March 2027 , 63 days overdue" in page.text
    assert again(house, late).red_from_on == date(2027, 4, 1)
    changed = read(client.get(f"{PAGE}/hold").text)
    values = {one.get("name"): one.get("value") for one in changed.fields}
    assert values["until"] == "31 March 2027"
    ended = read(client.send(f"{PAGE}/hold/end").text)
    assert "No longer on hold." in ended.text
    assert "Red In progress , 63 days overdue" in ended.text
    assert again(house, late).red_from_on == date(2026, 10, 1)
    assert "is not on hold" in client.send(f"{PAGE}/hold/end").text


def test_what_is_complete_is_not_put_on_hold(
    client: Visitor, house: House, late: Action, sign_in: SignIn
) -> None:
    say(house, late, Entry(Lifecycle.COMPLETE, Rating.BLUE, evidence="Open."))
    sign_in(client, SECRETARY)
    assert "only an open action can be put on hold" in client.send(f"{PAGE}/hold").text


@pytest.mark.parametrize(
    ("before", "rating"),
    [(GREEN, Rating.GREEN), (None, Rating.AMBER)],
)
def test_a_completion_is_taken_back_with_a_reason_and_answers_the_ask(
    client: Visitor, house: House, sign_in: SignIn, before: Entry | None, rating: Rating
) -> None:
    action = house.action("Open a hub", deadline="August 2026", owner=OWNER)
    house.person(SECRETARY, name="Sue Secretary", seat=BoardRole.SECRETARY)
    if before:
        say(house, action, before)
    say(house, action, Entry(Lifecycle.COMPLETE, Rating.BLUE, evidence="It is open."))
    ask = house.ask(action)
    sign_in(client, SECRETARY)
    client.send(f"{PAGE}/confirm")
    seen = str(action.last_entry_number)
    empty = client.post(f"{PAGE}/reopen", data={"last_seen": seen, "reason": " "})
    assert empty.status_code == 422
    assert "Say why it is not complete" in empty.text
    page = read(client.send(f"{PAGE}/reopen", last_seen=seen, reason="It closed again.").text)
    assert "Reopened. It is in progress again." in page.text
    assert "It closed again." in page.text
    assert "Red In progress" in page.text
    stored = again(house, action)
    assert (stored.lifecycle, stored.owner_rating) == (Lifecycle.IN_PROGRESS, rating)
    assert stored.completion_confirmed_at is None
    assert stored.red_from_on == date(2026, 10, 1)
    last = house.session.scalars(
        select(Progress)
        .where(Progress.partnership_id == house.tenant)
        .order_by(Progress.number.desc())
    ).first()
    assert last is not None
    assert (last.is_reopening, last.person_id) == (True, house.people[SECRETARY].id)
    house.session.refresh(ask)
    assert ask.answered_at == house.now


def test_only_what_is_complete_is_reopened_and_only_on_what_was_seen(
    client: Visitor, house: House, late: Action, sign_in: SignIn
) -> None:
    sign_in(client, SECRETARY)
    assert "this action is not complete" in client.send(f"{PAGE}/reopen").text
    say(house, again(house, late), Entry(Lifecycle.COMPLETE, Rating.BLUE, evidence="Open."))
    sent = client.send(f"{PAGE}/reopen", last_seen="1", reason="No.")
    assert "somebody updated this action first" in sent.text
    assert again(house, late).lifecycle is Lifecycle.COMPLETE


@pytest.mark.parametrize("who", [SECRETARY, LEAD, CHAIR])
def test_secretary_priority_lead_and_chair_confirm_and_reopen(
    client: Visitor, house: House, late: Action, sign_in: SignIn, who: str
) -> None:
    say(house, late, Entry(Lifecycle.COMPLETE, Rating.BLUE, evidence="Open."))
    sign_in(client, who)
    page = client.page(PAGE)
    assert f"{PAGE}/reopen" in page.hrefs
    assert "Confirm that it is complete" in page.text
    assert "Confirmed. The action is complete." in client.send(f"{PAGE}/confirm").text
    assert "Reopened." in client.send(f"{PAGE}/reopen", last_seen="2", reason="Not yet.").text


def test_a_hold_that_a_colleague_changed_meanwhile_is_a_conflict(
    client: Visitor, house: House, late: Action, sign_in: SignIn
) -> None:
    old = version(house, late)
    late.measure = "Families"
    house.session.commit()
    sign_in(client, SECRETARY)
    said = HELD | {"board": str(house.board.id), "version": old}
    assert client.post(f"{PAGE}/hold", data=said).status_code == 409
    assert again(house, late).on_hold_until is None
