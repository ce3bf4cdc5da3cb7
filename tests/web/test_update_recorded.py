"""An answer that a secretary records for somebody, or gives in their own name."""

from __future__ import annotations

import pytest

from actions.models import GivenHow
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.updates import (
    OWNER,
    PAGE,
    SECRETARY,
    SignIn,
    act_as,
    entries,
    person,
    said_by_secretary,
)
from tracker.people.board_models import BoardRole

GREEN = {
    "last_seen": "0",
    "lifecycle": "in-progress",
    "rating": "Green",
    "happened": "The building is found.",
}


@pytest.fixture
def secretary(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """A secretary who is not asked about action 1, signed in."""
    house.action("Open a hub", deadline="April 2027", owner=OWNER)
    house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    sign_in(client, SECRETARY)
    return client


def test_a_secretary_says_whose_answer_they_record(secretary: Visitor, house: House) -> None:
    page = secretary.page(PAGE)
    assert "You are recording for" in page.text
    assert {"given_how", "given_by"} <= {one.get("name") for one in page.fields}
    refused = secretary.post(PAGE, data=GREEN)
    assert refused.status_code == 422
    assert {"#given_how", "#given_by"} <= set(read(refused.text).hrefs)
    assert entries(house) == []
    nameless = secretary.post(PAGE, data=GREEN | {"given_how": "telephone"})
    assert "#given_by" in read(nameless.text).hrefs
    said = GREEN | {"given_how": "telephone", "given_by": "Jo Bell"}
    answer = secretary.post(PAGE, data=said | {"check": "1"})
    assert "By telephone" in answer.text
    assert secretary.post(PAGE, data=said).status_code == 302
    (entry,) = entries(house)
    assert (entry.given_by, entry.given_how) == ("Jo Bell", GivenHow.TELEPHONE)
    assert "Jo Bell, by telephone to Sam Secretary" in secretary.page(PAGE).text
    assert entry.person_id == person(house, SECRETARY).id


def test_a_secretary_may_also_answer_in_their_own_name(secretary: Visitor, house: House) -> None:
    said = GREEN | {"given_how": "own", "given_by": "left over"}
    assert secretary.post(PAGE, data=said).status_code == 302
    (entry,) = entries(house)
    assert (entry.given_by, entry.given_how) == (None, None)


def test_no_change_told_to_a_secretary_names_who_told_it(secretary: Visitor, house: House) -> None:
    said_by_secretary(house, "They rang.")
    again = {"last_seen": "1", "no_change": "1"}
    assert secretary.post(PAGE, data=again).status_code == 422
    again |= {"given_how": "e-mail", "given_by": "Jo Bell"}
    assert secretary.post(PAGE, data=again).status_code == 302
    entry = entries(house)[-1]
    assert (entry.is_no_change, entry.given_by, entry.given_how) == (
        True,
        "Jo Bell",
        GivenHow.EMAIL,
    )


def test_whoever_is_asked_is_never_asked_whose_answer_it_is(
    secretary: Visitor, house: House, sign_in: SignIn
) -> None:
    owner = act_as(secretary, sign_in, OWNER)
    assert "given_by" not in {one.get("name") for one in owner.page(PAGE).fields}
    said = GREEN | {"given_how": "telephone", "given_by": "Somebody else"}
    assert owner.post(PAGE, data=said).status_code == 302
    assert entries(house)[0].given_by is None
