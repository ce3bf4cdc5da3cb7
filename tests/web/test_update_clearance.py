"""Updates that an organisation clears before they are submitted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from actions.answer_models import DraftState
from actions.ask_models import Ask
from tests.factories import House
from tests.house.contents import contents
from tests.pages import Visitor, read
from tests.web.updates import (
    CLEARER,
    MEMBER,
    OWNER,
    PAGE,
    SECRETARY,
    SignIn,
    act_as,
    action,
    drafts,
    entries,
    needs_clearance,
    person,
    said_by_secretary,
    to_decide,
)
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.board_models import BoardRole

GREEN = {
    "last_seen": "0",
    "lifecycle": "in-progress",
    "rating": "Green",
    "happened": "The building is found.",
    "next_step_on": "January 2027",
}


def open_asks(house: House) -> int:
    house.session.rollback()
    found = house.session.scalar(
        select(func.count())
        .select_from(Ask)
        .where(Ask.partnership_id == house.tenant, Ask.answered_at.is_(None))
    )
    house.session.rollback()
    return found or 0


@pytest.fixture
def owner(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """The owner of action 1, whose council clears updates; signed in."""
    house.ask(house.action("Open a hub", deadline="April 2027", owner=OWNER))
    needs_clearance(house, OWNER)
    sign_in(client, OWNER)
    return client


def test_what_needs_clearance_waits_and_the_ask_stays_open(
    owner: Visitor, house: House, sign_in: SignIn
) -> None:
    assert "are cleared before they count, by Cass Clearer" in owner.page(PAGE).text
    check = owner.post(PAGE, data=GREEN | {"check": "1"})
    assert "must be cleared by Cass Clearer of Ashshire Council" in check.text
    assert "Send for clearance" in check.text
    answer = owner.send(PAGE, **GREEN)
    assert answer.request.path == PAGE
    text = read(answer.text).text
    assert "Waiting for clearance by Cass Clearer of Ashshire Council" in text
    assert "The building is found." in text
    assert (entries(house), open_asks(house)) == ([], 1)
    assert action(house).lifecycle is Lifecycle.NOT_STARTED
    house.session.rollback()


def test_what_is_cleared_is_signed_by_its_author_and_names_who_cleared_it(
    owner: Visitor, house: House, sign_in: SignIn, clock: SetClock
) -> None:
    owner.send(PAGE, **GREEN)
    clock.set(clock.now() + timedelta(days=1))
    clearer = act_as(owner, sign_in, CLEARER)
    assert "Open a hub" in clearer.page("/ashshire/clearance").text
    path, seen = to_decide(clearer, house, OWNER)
    assert "The building is found." in clearer.page(path).text
    answer = clearer.post(path, data={"seen": seen, "clear": "1"}, follow_redirects=True)
    assert "Nothing waits for you." in answer.text
    (entry,) = entries(house)
    assert entry.person_id == person(house, OWNER).id
    assert entry.cleared_by_id == person(house, CLEARER).id
    assert (entry.rating, entry.entered_at) == (Rating.GREEN, clock.now())
    assert entry.next_step_on is not None
    assert (drafts(house), open_asks(house)) == ([], 0)


def test_what_is_returned_shows_its_reason_and_can_be_changed_and_sent_again(
    owner: Visitor, house: House, sign_in: SignIn
) -> None:
    owner.send(PAGE, **GREEN)
    clearer = act_as(owner, sign_in, CLEARER)
    path, seen = to_decide(clearer, house, OWNER)
    clearer.post(path, data={"seen": seen, "reason": "Name the street."})
    assert entries(house) == []
    act_as(owner, sign_in, OWNER)
    page = owner.get(PAGE)
    assert "Returned by Cass Clearer:" in page.text
    assert "Name the street." in page.text
    assert "The building is found.</textarea>" in page.text
    owner.post(PAGE, data=GREEN | {"happened": "In Mill Lane.", "draft": "1"})
    assert "Name the street." in owner.get(PAGE).text
    owner.send(PAGE, **GREEN | {"happened": "In Mill Lane."})
    (waits,) = drafts(house)
    assert (waits.state, waits.returned_reason) == (DraftState.SUBMITTED, None)
    act_as(owner, sign_in, CLEARER)
    path, seen = to_decide(owner, house, OWNER)
    owner.post(path, data={"seen": seen, "clear": "1"})
    assert [one.happened for one in entries(house)] == ["In Mill Lane."]


def test_an_update_taken_back_or_changed_since_it_was_read_is_not_cleared(
    owner: Visitor, house: House, sign_in: SignIn, clock: SetClock
) -> None:
    owner.send(PAGE, **GREEN)
    act_as(owner, sign_in, CLEARER)
    path, seen = to_decide(owner, house, OWNER)
    clock.set(clock.now() + timedelta(minutes=5))
    act_as(owner, sign_in, OWNER)
    taken = owner.send("/ashshire/actions/1/draft/take-back")
    assert "The building is found.</textarea>" in taken.text
    act_as(owner, sign_in, CLEARER)
    gone = owner.post(path, data={"seen": seen, "clear": "1"}, follow_redirects=True)
    assert "does not wait for clearance any more" in gone.text
    act_as(owner, sign_in, OWNER)
    owner.send(PAGE, **GREEN | {"happened": "Something else."})
    act_as(owner, sign_in, CLEARER)
    for stale in (seen, "", "nonsense", "2026-11-02T10:00:00"):
        answer = owner.post(path, data={"seen": stale, "clear": "1"}, follow_redirects=True)
        assert "changed this update since you read it" in answer.text
        assert "Something else." in answer.text
    assert entries(house) == []


def test_what_was_overtaken_goes_back_to_its_author_and_nothing_is_lost(
    owner: Visitor, house: House, sign_in: SignIn
) -> None:
    owner.send(PAGE, **GREEN)
    said_by_secretary(house, "They rang.")
    act_as(owner, sign_in, CLEARER)
    path, seen = to_decide(owner, house, OWNER)
    assert "They rang." in owner.page(path).text
    answer = owner.post(path, data={"seen": seen, "clear": "1"}, follow_redirects=True)
    assert "Not submitted: it went back to owner" in answer.text
    assert len(entries(house)) == 1
    act_as(owner, sign_in, OWNER)
    page = owner.get(PAGE)
    assert "Sam Secretary updated this action on 2 November 2026" in page.text
    assert "They rang." in page.text
    assert "The building is found.</textarea>" in page.text


def test_no_change_is_cleared_too(owner: Visitor, house: House, sign_in: SignIn) -> None:
    said_by_secretary(house, "They rang.")
    answer = owner.send(PAGE, last_seen="1", no_change="1")
    assert "No change since last time." in answer.text
    assert len(entries(house)) == 1
    act_as(owner, sign_in, CLEARER)
    path, seen = to_decide(owner, house, OWNER)
    owner.post(path, data={"seen": seen, "clear": "1"})
    entry = entries(house)[-1]
    assert (entry.is_no_change, entry.rating) == (True, Rating.GREEN)


def test_a_clearer_needs_nobody_and_others_are_not_asked(
    owner: Visitor, house: House, sign_in: SignIn
) -> None:
    house.owner(action(house), CLEARER)
    act_as(owner, sign_in, CLEARER)
    assert "are cleared before they count" not in owner.page(PAGE).text
    assert owner.post(PAGE, data=GREEN).status_code == 302
    assert len(entries(house)) == 1


def test_an_answer_told_to_a_secretary_is_cleared_by_the_organisation_of_who_gave_it(
    owner: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    act_as(owner, sign_in, SECRETARY)
    told = GREEN | {"given_how": "telephone", "given_by": "OWNER "}
    assert "Send for clearance" in owner.post(PAGE, data=told | {"check": "1"}).text
    owner.send(PAGE, **told)
    assert entries(house) == []
    act_as(owner, sign_in, CLEARER)
    path, seen = to_decide(owner, house, SECRETARY)
    owner.post(path, data={"seen": seen, "clear": "1"})
    (entry,) = entries(house)
    assert (entry.given_by, entry.person_id) == ("OWNER", person(house, SECRETARY).id)


def test_only_those_who_clear_for_the_organisation_see_or_decide(
    owner: Visitor, house: House, sign_in: SignIn
) -> None:
    owner.send(PAGE, **GREEN)
    house.person(MEMBER, seat=BoardRole.SECRETARY)
    path = f"/ashshire/actions/1/clearance?of={person(house, OWNER).uid}"
    for email in (OWNER, MEMBER):
        act_as(owner, sign_in, email)
        before = contents(db.engine)
        assert owner.get(path).status_code == 403
        assert owner.post(path, data={"clear": "1"}).status_code == 403
        assert "You do not clear updates" in owner.page("/ashshire/clearance").text
        assert contents(db.engine) == before
    act_as(owner, sign_in, CLEARER)
    for of in ("", "?of=", "?of=nonsense", f"?of={person(house, MEMBER).uid}"):
        answer = owner.get(f"/ashshire/actions/1/clearance{of}", follow_redirects=True)
        assert "does not wait for clearance any more" in answer.text
    for path in (PAGE, "/ashshire/actions/1"):
        if path != PAGE:
            assert "The building is found." not in owner.get(path).text


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str, clock: SetClock) -> Iterator[House]:
    """A small partnership on a database of each kind, with a visitor."""
    app = make_app(any_url)
    with app.app_context():
        opened = db.session()
        opened.expire_on_commit = False
        house = House(opened, clock.now())
        house.ask(house.action("Open a hub", deadline="April 2027", owner=OWNER))
        needs_clearance(house, OWNER)
        yield house


def test_a_cleared_update_is_the_same_on_both_databases(either: House, sign_in: SignIn) -> None:
    client = current_app.test_client()
    assert isinstance(client, Visitor)
    either.session.rollback()
    sign_in(client, OWNER)
    client.post(PAGE, data=GREEN | {"happened": "A \x00 draft", "draft": "1"})
    assert client.page(PAGE).h1 == ["Open a hub"]
    client.send(PAGE, **GREEN)
    act_as(client, sign_in, CLEARER)
    assert "Open a hub" in client.page("/ashshire/clearance").text
    path, seen = to_decide(client, either, OWNER)
    assert client.post(path, data={"seen": seen, "clear": "1"}).status_code == 302
    (entry,) = entries(either)
    assert entry.cleared_by_id == person(either, CLEARER).id
    assert drafts(either) == []
