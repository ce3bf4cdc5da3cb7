"""The owner's update: one page, one form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from actions.ask_models import Ask
from actions.models import Action, Progress
from actions.operations import Entry, record_progress
from actions.queries import action_by_number
from tests.factories import House
from tests.pages import Visitor, read
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.board_models import BoardRole

SignIn = Callable[[Visitor, str], None]
OWNER, SECRETARY, MEMBER = (f"{who}@ashshire.example" for who in ("owner", "secretary", "member"))
PAGE = "/ashshire/actions/1/progress"
GREEN = {
    "last_seen": "0",
    "lifecycle": "in-progress",
    "rating": "Green",
    "happened": "The building is found.",
}


@pytest.fixture
def owner(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """The owner of action 1, which is due in April 2027, signed in."""
    house.action("Open a hub", deadline="April 2027", owner=OWNER)
    sign_in(client, OWNER)
    return client


def action(house: House) -> Action:
    """The action as it is now."""
    house.session.rollback()
    house.session.expire_all()
    found = action_by_number(house.session, house.tenant, 1)
    assert found is not None
    return found


def entries(house: House) -> list[Progress]:
    """What was recorded of the action, oldest first."""
    house.session.rollback()
    found = house.session.scalars(
        select(Progress).where(Progress.partnership_id == house.tenant).order_by(Progress.number)
    ).all()
    house.session.rollback()
    return list(found)


def say(house: House, email: str, **values: object) -> None:
    """Record an entry past the page, as another person would."""
    said: dict[str, object] = {"lifecycle": Lifecycle.IN_PROGRESS, "rating": Rating.GREEN} | values
    now = action(house)
    record_progress(
        house.session,
        now,
        Entry(**said),  # type: ignore[arg-type]  # by table
        person_id=house.people[email].id,
        last_seen=now.last_entry_number,
        now=house.now,
    )
    house.session.commit()


def ask(house: House, *, closed: bool = False) -> None:
    """Trust Board's ask on the action for 8 December."""
    house.session.add(
        Ask(
            partnership_id=house.tenant,
            action_id=action(house).id,
            board_id=house.board.id,
            for_on=date(2026, 12, 8),
            opens_at=house.now,
            closes_at=datetime(2026, 11, 26, 17, tzinfo=UTC),
            closed_at=house.now if closed else None,
        )
    )
    house.session.commit()


def test_the_page_says_what_it_is_about_and_whose_meeting_it_is_for(
    owner: Visitor, house: House
) -> None:
    ask(house)
    page = owner.page(PAGE)
    assert page.h1 == ["Open a hub"]
    assert "updates close at 5pm on 26 November 2026" in page.text
    assert "Deadline By April 2027" in page.text
    assert "On course to be done in full by its deadline." in page.text


def test_an_update_is_saved_and_the_owner_is_told_what_the_board_will_see(
    owner: Visitor, house: House
) -> None:
    ask(house)
    answer = owner.send(PAGE, **GREEN, next_step="Sign the lease", next_step_on="January 2027")
    assert answer.request.path == "/ashshire/actions/1"
    assert "Saved. The board will see Green: in progress." in answer.text
    (entry,) = entries(house)
    assert (entry.rating, entry.happened) == (Rating.GREEN, "The building is found.")
    assert (entry.next_step, entry.next_step_on) == ("Sign the lease", date(2027, 1, 31))
    assert "asks for an update" not in owner.page("/ashshire/actions/1").text


def test_amber_or_red_asks_for_the_cause_and_what_will_put_it_right(
    owner: Visitor, house: House
) -> None:
    answer = owner.post(PAGE, data=GREEN | {"rating": "Red"})
    assert answer.status_code == 422
    page = read(answer.text)
    assert {"#cause", "#recovery"} <= set(page.hrefs)
    assert {"cause", "recovery"} <= set(page.ids)
    assert "The building is found." in answer.text
    assert entries(house) == []
    trouble = {"cause": "No lease.", "recovery": "Ask again.", "forecast_on": "30 June 2027"}
    assert owner.post(PAGE, data=GREEN | {"rating": "Red"} | trouble).status_code == 302
    assert entries(house)[0].forecast_on == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("forecast", "words"),
    [
        ("when the lease is signed", "We cannot read “when the lease is signed” as a date."),
        ("March 2020", "Give a date that is not in the past"),
    ],
)
def test_a_date_that_cannot_be_used_is_said_beside_its_field(
    owner: Visitor, house: House, forecast: str, words: str
) -> None:
    trouble = {"rating": "Amber", "cause": "No lease.", "recovery": "Ask.", "forecast_on": forecast}
    answer = owner.post(PAGE, data=GREEN | trouble)
    assert answer.status_code == 422
    page = read(answer.text)
    assert page.text.count(words) == 2
    assert "#forecast_on" in page.hrefs
    assert "forecast_on" in page.ids


def test_what_is_not_asked_is_neither_checked_nor_kept(owner: Visitor, house: House) -> None:
    left_over = {"cause": "Was red once.", "forecast_on": "nonsense", "evidence": "x" * 1001}
    assert owner.post(PAGE, data=GREEN | left_over).status_code == 302
    (entry,) = entries(house)
    assert (entry.cause, entry.forecast_on, entry.evidence) == (None, None, None)


def test_complete_needs_evidence_and_then_awaits_confirmation(owner: Visitor, house: House) -> None:
    done = {"last_seen": "0", "lifecycle": "complete"}
    assert "#evidence" in read(owner.post(PAGE, data=done).text).hrefs
    answer = owner.send(PAGE, **done, evidence="https://ashshire.example/hub")
    assert "The board will see Blue: complete, awaiting confirmation." in answer.text
    assert action(house).lifecycle is Lifecycle.COMPLETE


def test_not_started_is_grey_and_needs_no_words(owner: Visitor, house: House) -> None:
    assert owner.post(PAGE, data={"last_seen": "0", "lifecycle": "not-started"}).status_code == 302
    assert entries(house)[0].rating is Rating.GREY


def test_no_change_is_one_press(owner: Visitor, house: House) -> None:
    assert "No change since last time" not in owner.page(PAGE).text
    say(house, OWNER, rating=Rating.AMBER, cause="No lease.", recovery="Ask.")
    assert "No change since last time" in owner.page(PAGE).text
    answer = owner.send(PAGE, last_seen="1", no_change="1")
    assert "Saved. The board will see Amber" in answer.text
    entry = entries(house)[-1]
    assert (entry.is_no_change, entry.rating, entry.number) == (True, Rating.AMBER, 2)


def test_the_trouble_last_told_is_filled_in_again(owner: Visitor, house: House) -> None:
    say(house, OWNER, rating=Rating.AMBER, cause="No lease at all.", recovery="Ask again.")
    owner.post(PAGE, data={"last_seen": "1", "no_change": "1"})
    assert "No lease at all.</textarea>" in owner.get(PAGE).text


def test_a_rating_better_than_the_date_allows_is_kept_and_explained(
    owner: Visitor, house: House
) -> None:
    house.action("Late", deadline="September 2026", owner=OWNER)
    page = owner.page("/ashshire/actions/2/progress")
    assert "33 days past its deadline, so the date allows Red only." in page.text
    refused = owner.post("/ashshire/actions/2/progress", data=GREEN)
    assert refused.status_code == 422
    assert "#better_reason" in read(refused.text).hrefs
    assert entries(house) == []
    answer = owner.send(
        "/ashshire/actions/2/progress", **GREEN, better_reason="It opens on Monday."
    )
    assert "The board will see Red: in progress." in answer.text
    assert "Owner: Green. 33 days past its deadline: Red." in answer.text
    assert entries(house)[0].better_reason == "It opens on Monday."


@pytest.mark.parametrize(
    ("deadline", "rating", "is_asked"),
    [
        ("April 2027", "Green", False),
        ("September 2026", "Red", False),
        ("September 2026", "Amber", True),
        ("October 2026", "Amber", False),
        ("October 2026", "Green", True),
    ],
)
def test_a_reason_is_asked_only_for_a_rating_better_than_the_date_allows(
    owner: Visitor, house: House, deadline: str, rating: str, is_asked: bool
) -> None:
    house.action("Another", deadline=deadline, owner=OWNER)
    trouble = {"cause": "No lease.", "recovery": "Ask."} if rating != "Green" else {}
    said = GREEN | {"rating": rating} | trouble
    answer = owner.post("/ashshire/actions/2/progress", data=said)
    assert answer.status_code == (422 if is_asked else 302)
    said |= {"better_reason": "Because."}
    assert owner.post("/ashshire/actions/2/progress", data=said).status_code in (302, 409)
    assert entries(house)[0].better_reason == ("Because." if is_asked else None)


@pytest.mark.parametrize(
    ("evidence", "is_taken"),
    [
        ("The hub is open: 40 families came.", True),
        ("https://ashshire.example/hub", True),
        ("Minutes at (http://ashshire.example/m?id=1), page 3.", True),
        ("Data: 40 families; file: see the report", True),
        ("ftp://ashshire.example/hub", False),
        ("See javascript://%0aalert(1)", False),
        ("javascript:alert(1)", False),
        ("www.ashshire.example/hub", False),
        ("https://", False),
        ("http://[", False),
        ("C:\\hub.docx or file://server/hub.docx", False),
    ],
)
def test_evidence_is_a_sentence_or_a_link_that_opens(
    owner: Visitor, house: House, evidence: str, is_taken: bool
) -> None:
    answer = owner.post(
        PAGE, data={"last_seen": "0", "lifecycle": "complete", "evidence": evidence}
    )
    assert answer.status_code == (302 if is_taken else 422)
    assert is_taken or "A link must begin with https:// or http://" in answer.text
    assert len(entries(house)) == is_taken


def test_after_updates_close_it_still_saves_and_says_when_the_board_sees_it(
    owner: Visitor, house: House
) -> None:
    ask(house, closed=True)
    assert "You can still save" in owner.page(PAGE).text
    answer = owner.send(PAGE, **GREEN)
    assert "reaches the board in a supplement or at its next meeting" in answer.text
    assert len(entries(house)) == 1


def test_the_second_of_two_sees_both_versions_and_may_save_theirs_after(
    owner: Visitor, house: House
) -> None:
    house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    say(house, SECRETARY, happened="They told us by telephone.")
    answer = owner.post(PAGE, data=GREEN | {"happened": "<b>Mine</b>"})
    assert answer.status_code == 409
    page = read(answer.text)
    assert "They told us by telephone." in page.text
    assert "Sam Secretary" in page.text
    assert "<b>Mine</b>" in page.text
    assert len(entries(house)) == 1
    kept = {one["name"]: one["value"] for one in page.fields if one.get("type") == "hidden"}
    kept.pop("csrf_token", None)
    assert kept["last_seen"] == "1"
    assert owner.post(PAGE, data=kept).status_code == 302
    assert [one.happened for one in entries(house)] == ["They told us by telephone.", "<b>Mine</b>"]


def test_text_is_kept_to_its_limit_and_the_words_say_so(owner: Visitor, house: House) -> None:
    answer = owner.post(PAGE, data=GREEN | {"happened": "é" * 2001})
    assert answer.status_code == 422
    assert "Use 2,000 characters or fewer" in answer.text
    assert owner.post(PAGE, data=GREEN | {"happened": "a\r\n" * 1000}).status_code == 302


def test_a_member_may_not_record(client: Visitor, house: House, sign_in: SignIn) -> None:
    house.action(owner=OWNER)
    house.person(MEMBER, seat=BoardRole.MEMBER)
    sign_in(client, MEMBER)
    client.page(PAGE, status=403)
    for button in ({}, {"check": "1"}, {"draft": "1"}, {"change": "1"}):
        assert client.post(PAGE, data=GREEN | button).status_code == 403
    assert entries(house) == []


def test_an_action_that_was_closed_takes_no_more_updates(owner: Visitor, house: House) -> None:
    action(house).lifecycle = Lifecycle.CLOSED_NOT_COMPLETED
    house.session.commit()
    assert "No more updates are taken" in owner.send(PAGE, **GREEN).text
    assert entries(house) == []


def test_opening_the_page_changes_nothing(owner: Visitor, house: House) -> None:
    owner.page(PAGE + "?no_change=1")
    assert entries(house) == []
