"""The agenda's page: its items changed, moved, taken off, deferred; the chair's approval."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem, ItemOrigin, ItemStatus
from governance.agendas.operations import add_item, defer_item
from governance.minute_models import ItemMinute, Minutes, MinutesState
from governance.models import Meeting, TimetableStep
from governance.pack_models import Pack, PackStatus
from governance.queries import agenda
from governance.report_models import ForwardItem
from governance.timetable import StepKind
from tests.factories import House
from tests.fakes import Postbox
from tests.pages import Visitor, read
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.ledger.blobs import file_bytes
from tracker.people.board_models import BoardRole
from tracker.people.models import Role

SignIn = Callable[[Visitor, str], None]
SECRETARY, CHAIR, MEMBER, ADMIN = (
    f"{who}@ashshire.example" for who in ("secretary", "chair", "member", "admin")
)
PAGE = "/ashshire/boards/trust-board/meetings/2026-12-08"
AGENDA = f"{PAGE}/agenda"


@pytest.fixture
def meeting(client: Visitor, house: House, sign_in: SignIn) -> Meeting:
    """A meeting on 8 December 2026 at 2pm, with its secretary signed in."""
    house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    house.person(CHAIR, name="Cleo Chair", seat=BoardRole.CHAIR)
    house.person(MEMBER, seat=BoardRole.MEMBER)
    house.person(ADMIN, role=Role.ADMINISTRATOR)
    house.cycle()
    found = house.meetings()[0]
    sign_in(client, SECRETARY)
    return found


def items(house: House, meeting: Meeting) -> list[AgendaItem]:
    """What stands on the agenda now."""
    house.session.expire_all()
    found = list(agenda(house.session, meeting, confidential=True))
    # What was read stays readable without a transaction, which would lock the database.
    house.session.commit()
    return found


def titles(house: House, meeting: Meeting) -> list[str]:
    """The titles of what stands on the agenda now."""
    return [one.title for one in items(house, meeting)]


def of(item: AgendaItem) -> str:
    """The address of an item's pages."""
    return f"{AGENDA}/items/{item.uid}"


def secret(house: House, meeting: Meeting) -> AgendaItem:
    """A confidential item."""
    item = add_item(
        house.session,
        meeting,
        kind=ItemKind.TEXT,
        title="Zanzibar",
        purpose=Purpose.DECISION,
        origin=ItemOrigin.SECRETARY,
        is_confidential=True,
    )
    house.session.commit()
    return item


def publish(house: House, meeting: Meeting) -> None:
    """Have a published pack."""
    house.session.add(
        Pack(
            partnership_id=house.tenant,
            meeting_id=meeting.id,
            status=PackStatus.PUBLISHED,
            schema_version=3,
            composed_at=house.now,
            as_at=house.now,
            snapshot_sha256=file_bytes(house.session, b"{}", "application/json", now=house.now),
        )
    )
    house.session.commit()


def test_the_page_shows_when_each_item_begins_and_how_long_all_of_them_take(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    text = client.page(AGENDA).text
    assert "2pm, 5 minutes. Information, Chair. From the standing agenda." in text
    assert "2.05pm, 2 minutes." in text
    assert "67 of 120 minutes" in text
    last = items(house, meeting)[-1]
    answer = client.send(
        f"{of(last)}/change", version="1", title="Long", purpose="decision", minutes="90"
    )
    assert "The items take 35 minutes longer than the meeting." in read(answer.text).text


def test_an_item_is_added_where_it_belongs(client: Visitor, house: House, meeting: Meeting) -> None:
    answer = client.send(
        f"{AGENDA}/add", version="1", title="Agree the budget", purpose="decision", minutes="15"
    )
    assert "Added: Agree the budget." in read(answer.text).text
    assert titles(house, meeting)[5] == "Agree the budget"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": ""}, "Give the item a title"),
        ({"title": "x" * 301}, "Use 300 characters or fewer"),
        ({"purpose": ""}, "Choose what the item is for"),
        ({"minutes": "0"}, "Give a number of minutes from 1 to 600"),
        ({"minutes": "soon"}, "Give a number of minutes from 1 to 600"),
    ],
)
def test_what_is_wrong_with_an_item_is_said_and_what_was_typed_is_kept(
    client: Visitor, meeting: Meeting, values: dict[str, str], words: str
) -> None:
    sent = {"version": "1", "title": "A", "purpose": "decision", "text": "Keep me"} | values
    answer = client.post(f"{AGENDA}/add", data=sent)
    assert answer.status_code == 422
    assert words in read(answer.text).text
    assert "Keep me" in answer.text


def test_of_two_who_change_an_item_the_second_sees_both_and_loses_nothing(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    item = items(house, meeting)[0]
    values = {"purpose": "information"}
    client.send(f"{of(item)}/change", version="1", title="Theirs", **values)
    answer = client.post(f"{of(item)}/change", data={"version": "1", "title": "Mine", **values})
    assert answer.status_code == 409
    text = read(answer.text).text
    assert "Somebody else changed this item first" in text
    assert "Theirs" in text
    assert 'value="Mine"' in answer.text
    client.send(f"{of(item)}/change", version="2", title="Mine", **values)
    assert titles(house, meeting)[0] == "Mine"


def test_items_move_up_and_down_and_the_focus_stays_on_the_button(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    before = titles(house, meeting)
    first, second, third, *_ = items(house, meeting)
    answer = client.post(f"{of(third)}/move", data={"version": "1", "way": "up"})
    assert answer.headers["Location"].endswith(f"#up-{third.uid}")
    assert titles(house, meeting)[:3] == [before[0], before[2], before[1]]
    answer = client.post(f"{of(third)}/move", data={"version": "2", "way": "up"})
    assert answer.headers["Location"].endswith(f"#down-{third.uid}")
    client.send(f"{of(third)}/move", version="3", way="down")
    client.send(f"{of(third)}/move", version="4", way="down")
    assert titles(house, meeting) == before
    last = items(house, meeting)[-1]
    client.send(f"{of(last)}/move", version="1", way="before", before=str(first.uid))
    assert titles(house, meeting)[0] == last.title
    # Nobody else's page of the items between is out of date.
    assert [one.version for one in items(house, meeting)][1:3] == [first.version, second.version]
    client.send(f"{of(last)}/move", version="1", way="down")
    client.send(f"{of(last)}/move", version="1", way="before", before="")
    assert titles(house, meeting) == before


def test_an_item_is_taken_off_with_why_and_put_back_where_it_stood(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    before = titles(house, meeting)
    item = items(house, meeting)[2]
    place, title = of(item), item.title
    assert client.post(f"{place}/take-off", data={"version": "1"}).status_code == 422
    answer = client.send(f"{place}/take-off", version="1", why="None to confirm")
    assert "None to confirm" in read(answer.text).text
    assert title not in titles(house, meeting)
    again = client.post(f"{place}/take-off", data={"version": "1", "why": "Again"})
    assert again.status_code == 409
    client.send(f"{place}/put-back")
    assert titles(house, meeting) == before


def test_an_item_is_deferred_to_a_named_meeting_or_parked(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    for title in ("Budget", "Hubs"):
        client.send(f"{AGENDA}/add", version="1", title=title, purpose="decision")
    budget, hubs = (one for one in items(house, meeting) if one.title in ("Budget", "Hubs"))
    answer = client.post(f"{of(budget)}/defer", data={"version": "1", "to": "2026-12-08"})
    assert answer.status_code == 422
    answer = client.send(f"{of(budget)}/defer", version="1", to="2027-03-09", why="No time")
    assert "Deferred to Tuesday 9 March 2027: “Budget”." in read(answer.text).text
    client.send(f"{of(hubs)}/defer", version="1", to="parked", why="Not ready")
    parked = house.session.scalars(
        select(ForwardItem).where(ForwardItem.partnership_id == house.tenant)
    ).one()
    assert parked.title == "Hubs"
    house.session.commit()
    assert not {"Budget", "Hubs"} & set(titles(house, meeting))
    fixed = items(house, meeting)[0]
    answer = client.post(
        f"{of(fixed)}/defer", data={"version": "1", "to": "parked", "why": "Why not"}
    )
    assert "Every meeting has this item" in read(answer.text).text


def test_once_published_only_a_late_item_with_its_reason_comes(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    publish(house, meeting)
    text = client.page(AGENDA).text
    assert "Move up" not in text
    assert "Accept a late item" in text
    before = titles(house, meeting)
    first = items(house, meeting)[1]
    answer = client.send(f"{of(first)}/move", version="1", way="up")
    assert "keep their numbers and their order" in read(answer.text).text
    answer = client.post(f"{of(first)}/take-off", data={"version": "1", "why": "Too late for that"})
    assert answer.status_code == 422
    values = {"version": "1", "title": "Flood", "purpose": "decision"}
    answer = client.post(f"{AGENDA}/add", data=values)
    assert answer.status_code == 422
    assert "say why the item is accepted late" in read(answer.text).text
    client.send(f"{AGENDA}/add", **values, late_reason="It was flooded")
    assert set(titles(house, meeting)) == {*before, "Flood"}


def test_the_chair_approves_and_what_changes_after_that_is_marked(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn, clock: SetClock
) -> None:
    assert "Only the chair approves here" in read(client.send(f"{AGENDA}/approve").text).text
    client.post("/sign-out")
    sign_in(client, CHAIR)
    assert "Not approved by the chair yet" in client.page(AGENDA).text
    answer = client.send(f"{AGENDA}/approve", version="1")
    assert "You approved this agenda." in read(answer.text).text
    step = house.session.scalars(
        select(TimetableStep).where(
            TimetableStep.partnership_id == house.tenant,
            TimetableStep.meeting_id == meeting.id,
            TimetableStep.kind == StepKind.AGENDA_SETTING,
        )
    ).one_or_none()
    assert step is None or step.done_at == clock.now()
    house.session.commit()
    assert "Changed since approved" not in client.page(AGENDA).text
    client.post("/sign-out")
    sign_in(client, SECRETARY)
    clock.set(clock.now() + timedelta(hours=1))
    item = items(house, meeting)[0]
    client.send(f"{of(item)}/change", version="1", title="Other", purpose="decision")
    text = client.page(AGENDA).text
    assert "The agenda changed since the chair approved it." in text
    assert text.count("Changed since approved") == 1


def test_the_secretary_records_that_the_chair_approved(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    answer = client.post(
        f"{AGENDA}/approval", data={"version": "1", "approved_on": "3 November 2026"}
    )
    assert answer.status_code == 422
    answer = client.send(f"{AGENDA}/approval", version="1", approved_on="1 November 2026")
    text = read(answer.text).text
    assert "Approved 1 November 2026 at 11.59pm by Cleo Chair, recorded by Sam Secretary" in text


def test_the_chair_is_told_once_that_an_agenda_waits(
    app: Flask, house: House, meeting: Meeting, clock: SetClock, postbox: Postbox
) -> None:
    step = house.session.scalars(
        select(TimetableStep).where(
            TimetableStep.partnership_id == house.tenant,
            TimetableStep.meeting_id == meeting.id,
            TimetableStep.kind == StepKind.AGENDA_SETTING,
        )
    ).one_or_none()
    assert step is not None
    clock.set(step.planned_at + timedelta(hours=2))
    house.session.commit()
    assert tick(app).failed == 0
    tick(app)
    told = [one for one in postbox.letters if "agenda of 8 December 2026" in one.text]
    assert [one.recipient for one in told] == [CHAIR]
    assert f"http://localhost{AGENDA}" in told[0].text


def test_confidential_items_are_for_the_entitled_alone(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    item = secret(house, meeting)
    assert "Zanzibar" in client.page(AGENDA).text
    answer = client.send(f"{of(item)}/take-off", version="1", why="Later")
    assert "Taken off the agenda: a confidential item." in read(answer.text).text
    client.post("/sign-out")
    sign_in(client, ADMIN)
    page = client.page(AGENDA)
    assert "Zanzibar" not in page.text
    assert str(item.uid) not in " ".join(page.hrefs)
    assert client.get(f"{of(item)}/history").status_code == 404


@pytest.mark.parametrize("who", [MEMBER, CHAIR, ADMIN])
def test_only_the_secretary_edits(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn, who: str
) -> None:
    item = items(house, meeting)[0]
    client.post("/sign-out")
    sign_in(client, who)
    for place in ("change", "take-off", "defer", "papers/add", "papers/report", "papers/file"):
        assert client.get(f"{of(item)}/{place}").status_code == 403, place
    assert client.post(f"{of(item)}/move", data={"way": "down"}).status_code == 403
    assert client.get(f"{AGENDA}/add").status_code == 403
    assert client.get(AGENDA).status_code == (403 if who == MEMBER else 200)


def test_the_history_of_an_item_goes_across_meetings(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    later = house.meetings()[1]
    item = add_item(
        house.session,
        meeting,
        kind=ItemKind.TEXT,
        title="Budget",
        purpose=Purpose.DECISION,
        origin=ItemOrigin.SECRETARY,
    )
    there = defer_item(house.session, item, to=later, why="Not reached", now=house.now)
    assert isinstance(there, AgendaItem)
    minute = ItemMinute(
        partnership_id=house.tenant,
        meeting_id=meeting.id,
        item_id=item.id,
        text="Members asked for figures.",
        changed_at=house.now,
    )
    state = Minutes(
        partnership_id=house.tenant,
        meeting_id=meeting.id,
        state=MinutesState.WITH_CHAIR,
        changed_at=house.now,
    )
    house.session.add_all([minute, state])
    house.session.commit()
    place = f"/ashshire/boards/trust-board/meetings/2027-03-09/agenda/items/{there.uid}/history"
    text = client.page(place).text
    assert "This business was at 2 meetings." in text
    assert "Not reached" in text
    assert "Members asked for figures." in text
    publish(house, later)
    publish(house, meeting)
    client.post("/sign-out")
    sign_in(client, MEMBER)
    # Members read minutes once they have been sent them.
    assert "Members asked for figures." not in client.page(place).text
    state.state = MinutesState.WITH_MEMBERS
    house.session.commit()
    assert "Members asked for figures." in client.page(place).text


def test_a_meeting_that_is_over_keeps_its_agenda(
    app: Flask, client: Visitor, house: House, meeting: Meeting, clock: SetClock, sign_in: SignIn
) -> None:
    item = items(house, meeting)[1]
    clock.set(meeting.ends_at + timedelta(hours=1))
    tick(app)
    client.post("/sign-out")
    sign_in(client, SECRETARY)
    answer = client.send(f"{of(item)}/move", version="1", way="up")
    assert "This meeting is over" in read(answer.text).text
    assert items(house, meeting)[1].status is ItemStatus.ON_AGENDA
