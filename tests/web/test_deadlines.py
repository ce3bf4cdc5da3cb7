"""Deadlines changed in the open; milestones added, moved, done and undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from actions.deadline_models import Deadline
from actions.models import Action, Milestone
from actions.operations import Entry, record_progress
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.bad_input import TAKEN, Kind, nothing_changes, refused, refuses
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.board_models import BoardRole

SignIn = Callable[[Visitor, str], None]
OWNER, SECRETARY = "owner@ashshire.example", "secretary@ashshire.example"
PAGE = "/ashshire/actions/1"
GOOD = {"deadline": "by June 2027", "reason": "The lease took longer."}


@pytest.fixture
def action(house: House) -> Action:
    """An action due by April 2027, with an owner."""
    return house.action("Open a hub", deadline="April 2027", owner=OWNER)


@pytest.fixture
def secretary(client: Visitor, house: House, action: Action, sign_in: SignIn) -> Visitor:
    house.person(SECRETARY, name="Sue Secretary", seat=BoardRole.SECRETARY)
    sign_in(client, SECRETARY)
    return client


def again(house: House, action: Action) -> Action:
    house.session.commit()
    house.session.refresh(action)
    house.session.commit()
    return action


def good(house: House, action: Action, **said: str) -> dict[str, str]:
    own = {"version": str(again(house, action).version), "board": str(house.board.id)}
    return GOOD | own | said


def deadlines(house: House, milestone: Milestone | None = None) -> list[Deadline]:
    house.session.commit()
    key = None if milestone is None else milestone.id
    found = house.session.scalars(
        select(Deadline)
        .where(
            Deadline.partnership_id == house.tenant,
            Deadline.milestone_id.is_not_distinct_from(key),
        )
        .order_by(Deadline.number)
    ).all()
    house.session.commit()
    return list(found)


def test_a_new_deadline_stands_beside_its_original_with_reason_board_and_slippage(
    secretary: Visitor, house: House, action: Action
) -> None:
    page = read(secretary.send(f"{PAGE}/deadline", **good(house, action)).text)
    assert "The deadline is now by June 2027." in page.text
    assert "By June 2027 Originally by April 2027; moved once, 61 days later" in page.text
    assert (
        "Sue Secretary From by April 2027 To by June 2027 Reason The lease took longer."
        " Agreed by Trust Board" in page.text
    )
    secretary.send(f"{PAGE}/deadline", **good(house, action, deadline="1 June 2027"))
    text = secretary.page(f"{PAGE}/deadline").text
    assert "By 1 June 2027 Originally by April 2027; moved twice, 32 days later" in text
    assert "By June 2027 By 1 June 2027 The lease took longer. Trust Board Sue Secretary" in text
    original, _, current = deadlines(house)
    assert (original.printed, original.is_current) == ("April 2027", False)
    assert (current.number, current.is_current) == (3, True)
    assert again(house, action).due_on == date(2027, 6, 1)


@pytest.mark.parametrize(
    ("text", "words", "due_on"),
    [
        ("by March 2027", "By March 2027", date(2027, 3, 31)),
        ("Feb 2028", "By February 2028", date(2028, 2, 29)),
        ("Q3 2026/27", "By Q3 2026/27", date(2026, 12, 31)),
        ("Q3 2027", "By Q3 2027", date(2027, 9, 30)),
        ("2026/27", "By 2026/27", date(2027, 3, 31)),
        ("2026/27 academic year", "By 2026/27 academic year", date(2027, 8, 31)),
        ("2027", "By 2027", date(2027, 12, 31)),
        ("from September 2027", "From September 2027", None),
        ("ongoing", "Ongoing", None),
        ("As required", "As required", None),
        ("no date", "No date", None),
    ],
)
def test_a_deadline_keeps_the_precision_in_which_it_was_given(
    secretary: Visitor, house: House, action: Action, text: str, words: str, due_on: date | None
) -> None:
    page = read(secretary.send(f"{PAGE}/deadline", **good(house, action, deadline=text)).text)
    assert f"Deadline {words} Originally by April 2027; moved once" in page.text
    assert again(house, action).due_on == due_on


def test_a_correction_needs_no_board_and_says_so(
    secretary: Visitor, house: House, action: Action
) -> None:
    secretary.send(f"{PAGE}/deadline", **good(house, action, board="none"))
    assert "No board Sue Secretary" in secretary.page(f"{PAGE}/deadline").text
    assert deadlines(house)[1].agreed_by_board_id is None


def test_the_same_deadline_again_is_no_change(
    secretary: Visitor, house: House, action: Action
) -> None:
    answer = secretary.post(f"{PAGE}/deadline", data=good(house, action, deadline="April 2027"))
    assert answer.status_code == 422
    assert "That is the deadline it has now" in answer.text
    assert len(deadlines(house)) == 1


def test_the_owners_forecast_stands_on_the_page_where_the_deadline_is_changed(
    secretary: Visitor, house: House, action: Action
) -> None:
    record_progress(
        house.session,
        action,
        Entry(Lifecycle.IN_PROGRESS, Rating.AMBER, cause="c", forecast_on=date(2027, 7, 31)),
        person_id=house.people[OWNER].id,
        last_seen=0,
        now=house.now,
    )
    house.session.commit()
    assert "expects it by 31 July 2027" in secretary.page(f"{PAGE}/deadline").text


OF_DEADLINE = {
    "version": (Kind.SEEN, 0),
    "deadline": (Kind.NEEDED, 0),
    "reason": (Kind.NEEDED, 500),
    "board": (Kind.CHOICE, 0),
}
OF_MILESTONE = {"title": (Kind.NEEDED, 300), "deadline": (Kind.NEEDED, 0)}


@pytest.mark.parametrize("field", OF_DEADLINE)
def test_every_field_of_a_deadline_refuses_what_it_cannot_use(
    secretary: Visitor, house: House, action: Action, field: str
) -> None:
    sent = good(house, action)
    with nothing_changes():
        for name, value in refused({field: OF_DEADLINE[field]}):
            refuses(secretary, f"{PAGE}/deadline", sent, name, value)


@pytest.mark.parametrize(
    "text", ["31 February 2027", "by soon", "by", "from", "9" * 5000, "March 99999", "by ongoing"]
)
def test_a_deadline_that_cannot_be_read_is_refused_in_plain_words(
    secretary: Visitor, house: House, action: Action, text: str
) -> None:
    answer = refuses(secretary, f"{PAGE}/deadline", good(house, action), "deadline", text)
    assert "Write it as “by 31 March 2027”" in answer.text


@pytest.mark.parametrize("field", OF_MILESTONE)
def test_every_field_of_a_milestone_refuses_what_it_cannot_use(
    secretary: Visitor, house: House, action: Action, field: str
) -> None:
    sent = {
        "version": str(again(house, action).version),
        "title": "Find a building",
        "deadline": "by January 2027",
    }
    with nothing_changes():
        for name, value in refused({field: OF_MILESTONE[field]}):
            refuses(secretary, f"{PAGE}/milestones/add", sent, name, value)


@pytest.mark.parametrize("kind", TAKEN)
def test_unusual_text_is_taken_and_shown_as_text(
    secretary: Visitor, house: House, action: Action, kind: str
) -> None:
    given, kept = TAKEN[kind]
    sent = good(house, action, reason=given)
    assert secretary.post(f"{PAGE}/deadline", data=sent).status_code == 302
    assert kept in secretary.page(f"{PAGE}/deadline").text.replace("  ", " ")
    assert deadlines(house)[1].reason == kept


def test_a_milestone_is_added_moved_done_and_undone_with_its_history(
    secretary: Visitor, house: House, action: Action
) -> None:
    steps = f"{PAGE}/milestones"
    assert "This action has no milestones." in secretary.page(steps).text
    stamp = str(again(house, action).version)
    secretary.send(f"{steps}/add", version=stamp, title="A building", deadline="by Oct 2026")
    milestone = house.session.scalars(
        select(Milestone).where(Milestone.partnership_id == house.tenant)
    ).one()
    uid = str(milestone.uid)
    # It is past its date, so the date allows Amber at best.
    assert again(house, action).amber_from_on == date(2026, 11, 1)
    form = secretary.page(f"{steps}/date?milestone={uid}")
    assert "Milestone A building Now By October 2026" in form.text
    sent = good(house, action, deadline="by January 2027", milestone=uid)
    moved = read(secretary.send(f"{steps}/date", **sent).text)
    assert "By January 2027 Originally by October 2026; moved once, 92 days later" in moved.text
    assert again(house, action).amber_from_on == date(2027, 2, 1)
    first, second = deadlines(house, milestone)
    assert (first.is_current, second.is_current) == (False, True)
    assert (second.reason, second.agreed_by_board_id) == (GOOD["reason"], house.board.id)
    sent = {"version": str(again(house, action).version), "milestone": uid}
    done = read(secretary.send(steps, **sent, done_on="30 October 2026").text)
    assert "Done on 30 October 2026" in done.text
    assert again(house, action).amber_from_on == date(2027, 3, 31)
    undone = read(secretary.send(f"{steps}/not-done", milestone=uid).text)
    assert "Not done: A building." in undone.text
    assert again(house, action).amber_from_on == date(2027, 2, 1)
    assert len(deadlines(house)) == 1


def test_the_owner_says_what_is_done_and_changes_no_date(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    milestone = house.milestone(action, "A building", "January 2027")
    uid, stamp = str(milestone.uid), str(again(house, action).version)
    sign_in(client, OWNER)
    page = client.page(f"{PAGE}/milestones")
    assert f"{PAGE}/milestones" in client.page(PAGE).hrefs
    assert "Add a milestone" not in page.text
    assert not any("/milestones/date" in href for href in page.hrefs)
    for path in ("deadline", "milestones/add", "milestones/not-done", "milestones/date"):
        assert client.post(f"{PAGE}/{path}", data={"milestone": uid}).status_code == 403
    sent = {"version": stamp, "milestone": uid}
    for day in ("", "1 January 2027", "soon", "31 February 2026"):
        assert client.post(f"{PAGE}/milestones", data=sent | {"done_on": day}).status_code == 422
    assert (
        "Done: A building." in client.send(f"{PAGE}/milestones", **sent, done_on="1/11/2026").text
    )
    house.session.refresh(milestone)
    assert milestone.done_on == date(2026, 11, 1)


def test_a_milestone_of_another_action_or_partnership_is_not_found(
    secretary: Visitor, house: House, action: Action
) -> None:
    house.milestone(house.action("Another"), "Not ours", "January 2027")
    other = House(house.session, house.now, slug="birchshire")
    theirs = other.milestone(other.action("Theirs"), "Not ours", "January 2027")
    mine = house.session.scalars(
        select(Milestone).where(Milestone.partnership_id == house.tenant)
    ).one()
    stamp = str(again(house, action).version)
    for uid in (mine.uid, theirs.uid, "x", ""):
        sent = {"version": stamp, "milestone": str(uid), "done_on": "1 November 2026"}
        assert secretary.post(f"{PAGE}/milestones", data=sent).status_code == 404
        assert secretary.post(f"{PAGE}/milestones/not-done", data=sent).status_code == 404
        assert secretary.get(f"{PAGE}/milestones/date?milestone={uid}").status_code == 404


def test_a_member_who_neither_owns_nor_serves_sees_dates_and_changes_none(
    client: Visitor, house: House, action: Action, sign_in: SignIn
) -> None:
    house.milestone(action, "A building", "January 2027")
    house.person("member@ashshire.example")
    sign_in(client, "member@ashshire.example")
    page = client.page(PAGE)
    assert "A building: by January 2027" in page.text
    assert not {f"{PAGE}/deadline", f"{PAGE}/milestones"} & set(page.hrefs)
    assert client.get(f"{PAGE}/milestones").status_code == 403
