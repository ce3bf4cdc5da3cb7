"""An update looked through before it is submitted, and drafts of it."""

from __future__ import annotations

import pytest

import actions.drafts
from tests.conftest import MakeApp
from tests.factories import House
from tests.house.contents import contents
from tests.pages import Visitor, read
from tests.web.updates import (
    OWNER,
    PAGE,
    SECRETARY,
    SignIn,
    act_as,
    drafts,
    entries,
    hidden,
    needs_clearance,
    person,
    said_by_secretary,
)
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.people.board_models import BoardRole

AMBER = {
    "last_seen": "0",
    "lifecycle": "in-progress",
    "rating": "Amber",
    "cause": "No lease.",
    "recovery": "Ask again.\nAnd again.",
    "forecast_on": "March 2027",
    "happened": "The <first> builder withdrew.",
}


@pytest.fixture
def owner(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """The owner of action 1, signed in."""
    house.action("Open a hub", deadline="April 2027", owner=OWNER)
    sign_in(client, OWNER)
    return client


def test_the_check_page_shows_everything_changes_nothing_and_submits_it(
    owner: Visitor, house: House
) -> None:
    before = contents(db.engine)
    answer = owner.post(PAGE, data=AMBER | {"check": "1"})
    assert answer.status_code == 200
    assert contents(db.engine) == before
    page = read(answer.text)
    assert page.h1 == ["Check your update"]
    for words in (
        "The <first> builder withdrew.",
        "No lease.",
        "March 2027 (by 31 March 2027)",
        "The board will see Amber",
        "Change cause",
    ):
        assert words in page.text
    assert owner.post(PAGE, data=hidden(page)).status_code == 302
    (entry,) = entries(house)
    assert (entry.cause, entry.recovery) == ("No lease.", "Ask again.\nAnd again.")


def test_change_shows_the_form_again_with_everything_that_was_typed(
    owner: Visitor, house: House
) -> None:
    check = read(owner.post(PAGE, data=AMBER | {"check": "1"}).text)
    answer = owner.post(PAGE, data=hidden(check) | {"change": "1"})
    assert answer.status_code == 200
    assert "There is a problem" not in answer.text
    assert "The &lt;first&gt; builder withdrew.</textarea>" in answer.text
    page = read(answer.text)
    assert next(one for one in page.fields if one.get("value") == "Amber").get("checked") == ""
    assert next(one for one in page.fields if one.get("name") == "forecast_on")["value"] == (
        "March 2027"
    )
    assert entries(house) == []


def test_the_check_page_says_what_the_board_will_see_until_somebody_agrees(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.action("Late", deadline="September 2026", owner=OWNER)
    sign_in(client, OWNER)
    answer = client.post(PAGE, data=AMBER | {"better_reason": "It opens on Monday.", "check": "1"})
    text = read(answer.text).text
    assert "The board will see Red" in text
    assert "Owner: Amber. 33 days past its deadline: Red. Your Amber stands beside it" in text
    assert "once the chair or the priority lead agrees" in text


def test_of_two_the_second_sees_both_versions_already_when_checking(
    owner: Visitor, house: House
) -> None:
    said_by_secretary(house, "They rang.")
    answer = owner.post(PAGE, data=AMBER | {"check": "1"})
    assert answer.status_code == 409
    page = read(answer.text)
    assert "They rang." in page.text
    assert hidden(page)["last_seen"] == "1"
    again = owner.post(PAGE, data=hidden(page) | {"change": "1"})
    assert "No lease.</textarea>" in again.text
    kept = owner.send(PAGE, **hidden(page) | {"draft": "1"})
    assert "Draft saved" in kept.text
    assert owner.post(PAGE, data=hidden(page)).status_code == 302
    assert [one.happened for one in entries(house)][1] == "The <first> builder withdrew."


def test_a_draft_is_shown_again_with_its_moment_and_can_be_thrown_away(
    owner: Visitor, house: House
) -> None:
    answer = owner.send(PAGE, lifecycle="in-progress", cause="Half a", last_seen="0", draft="1")
    text = read(answer.text).text
    assert "Draft saved 2 November 2026 at 10am" in text
    assert "Half a</textarea>" in owner.get(PAGE).text
    owner.send(PAGE, lifecycle="in-progress", cause="Half a sentence", last_seen="0", draft="1")
    assert len(drafts(house)) == 1
    assert "Half a sentence</textarea>" in owner.get(PAGE).text
    gone = owner.send("/ashshire/actions/1/draft/discard")
    assert "Your draft is thrown away." in gone.text
    assert "Half a" not in gone.text
    assert drafts(house) == []
    assert "There is no draft" in owner.send("/ashshire/actions/1/draft/discard").text
    assert "Nothing of yours waits" in owner.send("/ashshire/actions/1/draft/take-back").text


def test_a_draft_is_its_authors_alone_and_goes_when_they_submit(
    owner: Visitor, house: House, sign_in: SignIn
) -> None:
    owner.post(PAGE, data=AMBER | {"draft": "1"})
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    act_as(owner, sign_in, SECRETARY)
    for path in (PAGE, "/ashshire/actions/1"):
        assert "No lease." not in owner.get(path).text
    own = {"given_how": "own", "happened": "Mine.", "draft": "1"}
    owner.post(PAGE, data=AMBER | own)
    act_as(owner, sign_in, OWNER)
    assert "No lease." in owner.get(PAGE).text
    owner.post(PAGE, data=AMBER)
    assert [one.person_id for one in drafts(house)] == [person(house, SECRETARY).id]


def test_a_stale_draft_says_who_wrote_since_and_can_be_submitted_after_it(
    owner: Visitor, house: House
) -> None:
    owner.post(PAGE, data=AMBER | {"draft": "1"})
    said_by_secretary(house, "They rang.")
    page = owner.page(PAGE)
    assert "Recorded since your draft" in page.text
    assert "They rang." in page.text
    assert "Sam Secretary" in page.text
    seen = [one["value"] for one in page.fields if one.get("name") == "last_seen"]
    assert set(seen) == {"1"}
    assert "No lease.</textarea>" in owner.get(PAGE).text
    assert owner.post(PAGE, data=AMBER | {"last_seen": "1"}).status_code == 302
    assert len(entries(house)) == 2


def test_no_change_stays_one_press_and_says_that_the_draft_goes(
    owner: Visitor, house: House
) -> None:
    said_by_secretary(house, "They rang.")
    owner.post(PAGE, data=AMBER | {"last_seen": "1", "draft": "1"})
    assert "Your draft is then thrown away." in owner.page(PAGE).text
    assert owner.post(PAGE, data={"last_seen": "1", "no_change": "1"}).status_code == 302
    assert (len(entries(house)), drafts(house)) == (2, [])


def test_the_page_of_an_action_with_fifty_entries_makes_ten_queries_at_most(
    owner: Visitor, house: House, statements: list[str]
) -> None:
    said_by_secretary(house, "One of many.", times=50)
    needs_clearance(house, OWNER)
    owner.post(PAGE, data=AMBER | {"last_seen": "48", "draft": "1"})
    for path in (PAGE, f"{PAGE}?again=1"):
        statements.clear()
        page = owner.page(path)
        read_only = [one for one in statements if one.lstrip().upper().startswith("SELECT")]
        assert len(read_only) <= 10, "\n\n".join(read_only)
    assert "See all 50 updates" in page.text
    assert page.text.count("One of many.") == 2 + 3


@pytest.mark.parametrize(
    "url", ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)]
)
def test_a_second_press_at_the_same_moment_keeps_one_draft_on_either_database(
    make_app: MakeApp,
    request: pytest.FixtureRequest,
    clock: SetClock,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = make_app(request.getfixturevalue(url))
    with app.app_context():
        house = House(db.session(), clock.now())
        action = house.action(owner=OWNER)
        person_id = house.people[OWNER].id

        def keep(cause: str) -> None:
            actions.drafts.save_draft(
                house.session,
                action,
                {"cause": cause},
                person_id=person_id,
                last_seen=0,
                now=clock.now(),
            )
            house.session.commit()

        keep("First")
        looked = actions.drafts.draft_of
        answers = iter([None])  # the second had looked before the first was there
        monkeypatch.setattr(
            actions.drafts, "draft_of", lambda *about: next(answers, looked(*about))
        )
        keep("Second")
        (draft,) = drafts(house)
        assert actions.drafts.said_in(draft) == {"cause": "Second"}
