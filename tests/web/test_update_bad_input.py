"""Bad input at every field of the update's forms: refused beside the field, nothing changed."""

from __future__ import annotations

from html import escape

import pytest

from tests.factories import House
from tests.pages import Visitor
from tests.web.bad_input import TAKEN, Kind, by_field, nothing_changes, refused, refuses, too_long
from tests.web.updates import (
    CLEARER,
    OWNER,
    PAGE,
    SECRETARY,
    SignIn,
    act_as,
    drafts,
    entries,
    needs_clearance,
    to_decide,
)
from tracker.people.board_models import BoardRole

HAND_ON = "/ashshire/actions/1/delegate"
GIVEN = {"given_how": "telephone", "given_by": "Jo Bell of the Council"}
# Everything that can be asked at once: past its deadline, and rated Amber all the same.
AMBER = GIVEN | {
    "last_seen": "0",
    "lifecycle": "in-progress",
    "rating": "Amber",
    "better_reason": "The builder comes on Monday.",
    "cause": "There is no lease yet.",
    "recovery": "The owner signs it this week.",
    "forecast_on": "31 March 2027",
    "help_needed": "A word with the district.",
    "happened": "The building is found.",
    "next_step": "Sign the lease there",
    "next_step_on": "January 2027",
}
DONE = GIVEN | {"last_seen": "0", "lifecycle": "complete", "evidence": "It is open to families."}
OF_AMBER = {
    "last_seen": (Kind.SEEN, 0),
    "given_how": (Kind.CHOICE, 0),
    "given_by": (Kind.NEEDED, 200),
    "lifecycle": (Kind.CHOICE, 0),
    "rating": (Kind.CHOICE, 0),
    "better_reason": (Kind.NEEDED, 1000),
    "cause": (Kind.NEEDED, 1000),
    "recovery": (Kind.NEEDED, 1000),
    "forecast_on": (Kind.DAY_AHEAD, 0),
    "help_needed": (Kind.TEXT, 1000),
    "happened": (Kind.NEEDED, 2000),
    "next_step": (Kind.TEXT, 500),
    "next_step_on": (Kind.DAY_AHEAD, 0),
}
TEXTS = ("given_by", "better_reason", "cause", "recovery", "help_needed", "happened", "next_step")


@pytest.fixture
def secretary(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """A secretary before an action that is late, with an open ask and another's name to give."""
    action = house.action("Open a hub", deadline="September 2026", owner=OWNER)
    house.ask(action)
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.person("jo@ashshire.example", name="Jo Bell")
    sign_in(client, SECRETARY)
    return client


@pytest.mark.parametrize(("field", "values"), by_field(refused(OF_AMBER)))
def test_every_field_of_the_update_refuses_what_it_cannot_use(
    secretary: Visitor, field: str, values: list[str]
) -> None:
    with nothing_changes():
        for value in values:
            refuses(secretary, PAGE, AMBER, field, value)
        refuses(secretary, PAGE, AMBER | {"check": "1"}, field, values[0])


@pytest.mark.parametrize(
    ("field", "values"),
    by_field(refused({"evidence": (Kind.LINK, 1000), "happened": (Kind.TEXT, 2000)})),
)
def test_every_field_of_a_completion_refuses_what_it_cannot_use(
    secretary: Visitor, field: str, values: list[str]
) -> None:
    with nothing_changes():
        for value in values:
            refuses(secretary, PAGE, DONE, field, value)


@pytest.mark.parametrize("field", TEXTS)
def test_every_text_takes_other_alphabets_emoji_and_markup_and_shows_them_harmless(
    secretary: Visitor, house: House, field: str
) -> None:
    for seen, (typed, kept) in enumerate(TAKEN.values()):
        answer = secretary.post(PAGE, data=AMBER | {"last_seen": str(seen), field: typed})
        assert answer.status_code == 302
        assert getattr(entries(house)[-1], field) == kept
    for path in (PAGE, "/ashshire/actions/1"):
        assert "<script>alert(1)" not in secretary.get(path).text


@pytest.mark.parametrize(
    ("field", "values"),
    by_field(refused({"to": (Kind.MEMBER, 460), "note": (Kind.TEXT, 500)})),
)
def test_handing_on_refuses_whoever_is_not_known(
    secretary: Visitor, field: str, values: list[str]
) -> None:
    good = {"to": "Jo Bell", "note": "Please ask the builder."}
    with nothing_changes():
        for value in values:
            refuses(secretary, HAND_ON, good, field, value)


def test_returning_an_update_refuses_no_reason_and_one_too_long(
    secretary: Visitor, house: House, sign_in: SignIn
) -> None:
    needs_clearance(house, OWNER)
    act_as(secretary, sign_in, OWNER)
    assert secretary.post(PAGE, data=AMBER).status_code == 302
    act_as(secretary, sign_in, CLEARER)
    path, seen = to_decide(secretary, house, OWNER)
    with nothing_changes():
        for value in ("", " \u200b ", *too_long(500)):
            refuses(secretary, path, {"seen": seen}, "reason", value)


def test_a_draft_is_kept_at_any_stage_even_when_nothing_in_it_is_valid(
    secretary: Visitor, house: House
) -> None:
    for value in ("31 February 2027 <b>", "\x00x\x1b", "é" * 3000, ""):
        typed = dict.fromkeys(OF_AMBER, value) | {"last_seen": "0", "draft": "1"}
        assert secretary.post(PAGE, data=typed).status_code == 302
        page = secretary.get(PAGE)
        assert "Draft saved 2 November 2026 at 10am" in page.text
        assert page.text.count(escape(value.strip("\x00\x1b"))) >= len(TEXTS)
    assert entries(house) == []
    assert len(drafts(house)) == 1


def test_a_draft_that_is_far_too_long_or_from_no_page_of_ours_is_refused(
    secretary: Visitor,
) -> None:
    with nothing_changes():
        for field in (*TEXTS, "forecast_on", "next_step_on"):
            refuses(secretary, PAGE, AMBER | {"draft": "1"}, field, "x" * 20_001)
        for value in ("", "x", "99", "-1", "9" * 5000):
            refuses(secretary, PAGE, AMBER | {"draft": "1"}, "last_seen", value)
