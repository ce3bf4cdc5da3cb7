"""Several answered in one table and saved together: all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from actions.answer_models import Cover, Delegation, DraftState, ProgressDraft
from actions.drafts import save_draft
from governance.log_models import MeetingActionStatus
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.answering import (
    GREEN,
    OTHER,
    OWNER,
    PAGE,
    TROUBLE,
    Desk,
    asked,
    meeting_action,
    record,
    row,
    task_row,
)
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.models import Membership

SignIn = Callable[[Visitor, str], None]


def test_the_table_holds_everything_asked_for_and_nothing_else(desk: Desk, house: House) -> None:
    asked(house, "April 2027", "May 2027")
    house.action("Not asked", owner=OWNER)
    house.ask(house.action("Somebody else’s", owner=OTHER))
    meeting_action(house, OWNER)
    page = desk.client.page(PAGE)
    assert "1.1 Action 1" in page.text
    assert "1.2 Action 2" in page.text
    assert "Write to the districts" in page.text
    assert "Not asked" not in page.text
    assert "Somebody else’s" not in page.text
    assert [one["value"] for one in page.fields if one.get("name") == "row"] == [
        "ashshire-1",
        "ashshire-2",
    ]


def test_answers_of_every_kind_are_saved_together(desk: Desk, house: House) -> None:
    first, *_ = asked(house, *["April 2027"] * 5)
    task = meeting_action(house, OWNER)
    record(house, 1, OWNER, happened="Begun.")
    house.ask(first, days=25)
    answer = desk.send(
        row(1, "no-change", 1),
        row(2, "Green", **GREEN),
        row(3, "Amber", **TROUBLE),
        row(4, "complete", evidence="https://ashshire.example/report"),
        row(5, "leave"),
        task_row(task, "done", "They have all answered."),
        follow=True,
    )
    assert answer.request.path == "/my-actions"
    page = read(answer.text)
    assert "4 updates saved: 1.1 , 1.2 , 1.3 , 1.4 ." in page.text
    assert "1 meeting action answered: TB/2026/W." in page.text
    assert {f"/ashshire/actions/{number}" for number in (1, 2, 3, 4)} <= set(page.hrefs)
    said = [(one.number, one.rating, one.is_no_change) for one in desk.entries()]
    assert said == [
        (1, Rating.GREEN, False),
        (2, Rating.GREEN, True),
        (1, Rating.GREEN, False),
        (1, Rating.AMBER, False),
        (1, Rating.BLUE, False),
    ]
    amber, done = desk.entries()[3:]
    assert (amber.cause, amber.recovery) == (TROUBLE["cause"], TROUBLE["recovery"])
    assert (done.lifecycle, done.evidence) == (
        Lifecycle.COMPLETE,
        "https://ashshire.example/report",
    )
    house.session.expire_all()
    assert (task.status, task.closed_on) == (MeetingActionStatus.DONE, date(2026, 11, 2))
    assert task.progress == "They have all answered."
    left = desk.client.page(PAGE)
    assert "1.5 Action 5" in left.text
    assert "1.2 Action 2" not in left.text


def test_a_rating_better_than_the_date_allows_needs_its_reason(desk: Desk, house: House) -> None:
    asked(house, "September 2026", "April 2027")
    assert "The date allows Red." in desk.client.page(PAGE).text
    answer = desk.send(row(1, "Green", **GREEN))
    assert answer.status_code == 422
    assert "1.1: Say why your rating is right" in answer.text
    assert (
        desk.send(row(1, "Green", **GREEN, better_reason="It opens on Friday.")).status_code == 302
    )
    assert desk.send(row(2, "Green", **GREEN, better_reason="Left over.")).status_code == 302
    first, second = desk.entries()
    assert (first.better_reason, second.better_reason) == ("It opens on Friday.", None)


def test_of_two_at_once_the_second_sees_theirs_in_its_row_and_nothing_is_half_done(
    desk: Desk, house: House
) -> None:
    first, _ = asked(house, "April 2027", "April 2027")
    house.owner(first, OTHER)
    record(house, 1, OTHER, happened="Otto was quicker.")
    rows = row(1, "Amber", **TROUBLE), row(2, "Green", happened="My <own> words.")
    answer = desk.send(*rows)
    assert answer.status_code == 409
    page = read(answer.text)
    assert "Somebody else updated this first" in page.text
    assert "Otto was quicker." in page.text
    assert "Otto Other" in page.text
    assert "My &lt;own&gt; words.</textarea>" in answer.text
    assert len(desk.entries()) == 1
    kept = {one["name"]: one.get("value", "") for one in page.fields if one["tag"] == "input"}
    assert kept["ashshire-1-last_seen"] == "1"
    again = row(1, "Amber", 1, **TROUBLE), rows[1]
    assert desk.send(*again).status_code == 302
    assert [one.happened for one in desk.entries()] == [
        "Otto was quicker.",
        TROUBLE["happened"],
        "My <own> words.",
    ]


def test_a_row_that_is_left_does_not_mind_what_others_entered(desk: Desk, house: House) -> None:
    first, _ = asked(house, "April 2027", "April 2027")
    house.owner(first, OTHER)
    record(house, 1, OTHER)
    assert desk.send(row(1, "leave"), row(2, "Green", **GREEN)).status_code == 302
    assert len(desk.entries()) == 2


def test_whoever_covers_answers_and_is_told_for_whom(
    desk: Desk, house: House, sign_in: SignIn
) -> None:
    jo = house.person("jo@ashshire.example", name="Jo Bell")
    house.ask(house.action("Jo’s action", owner="jo@ashshire.example"))
    house.session.add(
        Cover(
            partnership_id=house.tenant,
            person_id=jo.id,
            cover_id=house.people[OWNER].id,
            from_on=date(2026, 10, 1),
            to_on=date(2027, 5, 5),
            made_at=house.now,
        )
    )
    house.session.commit()
    assert "For Jo Bell, until 5 May 2027" in desk.client.page(PAGE).text
    assert "For Jo Bell, until 5 May 2027" in desk.client.page("/my-actions").text
    assert desk.send(row(1, "Green", **GREEN)).status_code == 302
    assert desk.entries()[0].person_id == house.people[OWNER].id


def test_what_was_handed_to_somebody_is_in_their_table_and_apart_in_the_owners(
    desk: Desk, house: House, sign_in: SignIn
) -> None:
    (action,) = asked(house, "April 2027")
    ask = house.ask(action, days=30)
    house.session.add(
        Delegation(
            partnership_id=house.tenant,
            action_id=action.id,
            ask_id=ask.id,
            by_id=house.people[OWNER].id,
            to_id=house.people[OTHER].id,
            made_at=house.now,
        )
    )
    house.session.commit()
    mine = desk.client.page(PAGE)
    assert "On their own pages 1.1 Action 1 : Handed to Otto Other" in mine.text
    desk.client.post("/sign-out")
    sign_in(desk.client, OTHER)
    assert "Handed to you by Olive Owner" in desk.client.page("/my-actions").text
    assert desk.send(row(1, "Green", **GREEN)).status_code == 302


def test_an_organisation_that_clears_first_is_asked_first(desk: Desk, house: House) -> None:
    asked(house, "April 2027")
    house.council.needs_clearance = True
    for one in house.session.scalars(
        select(Membership).where(Membership.partnership_id == house.tenant)
    ):
        one.organisation_id = house.council.id
        one.may_clear = one.person_id == house.people[OTHER].id
    house.session.commit()
    answer = desk.send(row(1, "Green", **GREEN), follow=True)
    assert "1.1 waits until Otto Other of Ashshire Council has cleared it." in answer.text
    assert "Your update waits for clearance" in answer.text
    assert desk.entries() == []
    draft = house.session.scalars(
        select(ProgressDraft).where(ProgressDraft.partnership_id == house.tenant)
    ).one()
    assert draft.state is DraftState.SUBMITTED
    house.session.rollback()
    assert "Nobody asks you for anything here." in desk.client.page(PAGE).text


def test_a_draft_begun_on_its_own_page_is_not_overwritten_from_the_table(
    desk: Desk, house: House
) -> None:
    (action,) = asked(house, "April 2027")
    save_draft(
        house.session,
        action,
        {"happened": "Half a sentence"},
        person_id=house.people[OWNER].id,
        last_seen=0,
        now=house.now,
    )
    house.session.commit()
    assert "1.1 Action 1 : You saved a draft" in desk.client.page(PAGE).text
