"""A board's action log: sifted, noted, changed, closed, opened again, made an action of a plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from governance.log_models import MeetingAction, MeetingActionNote
from governance.models import Meeting
from tests.factories import House
from tests.pages import Visitor
from tests.web.deciding import (
    ADMINISTRATOR,
    BOARD,
    CHAIR,
    MEMBER,
    OTHER,
    SECRETARY,
    STRANGER,
    held,
    people,
    said,
)
from tracker.people.board_models import BoardRole
from tracker.people.models import Organisation

SignIn = Callable[[Visitor, str], None]
LOG = f"{BOARD}/action-log"


@pytest.fixture
def meeting(house: House) -> Meeting:
    """A meeting that was held two weeks ago, of a board with its people."""
    people(house)
    return held(house, -14)


def asked(
    house: House,
    meeting: Meeting,
    reference: str,
    what: str,
    *,
    lead: str | None = MEMBER,
    due_on: date | None = None,
    organisation: Organisation | None = None,
    confidential: bool = False,
) -> MeetingAction:
    """Something that the meeting asked for."""
    task = MeetingAction(
        partnership_id=house.tenant,
        board_id=house.board.id,
        meeting_id=meeting.id,
        reference=reference,
        what=what,
        person_id=house.people[lead].id if lead else None,
        organisation_id=organisation.id if organisation else None,
        due_on=due_on,
        is_confidential=confidential,
        changed_at=house.now,
    )
    house.session.add(task)
    house.session.commit()
    return task


def change(seen: int, **other: str) -> dict[str, str]:
    """The whole form, as a browser sends it."""
    values = {
        "version": str(seen),
        "said": "Three of seven.",
        "status": "open",
        "lead": MEMBER,
        "organisation": "",
        "due": "",
    }
    return {**values, **other}


def now_is(house: House, reference: str = "A1") -> MeetingAction:
    """The meeting action as it is now."""
    house.session.rollback()
    house.session.expire_all()
    found = house.session.scalars(
        select(MeetingAction).where(
            MeetingAction.partnership_id == house.tenant,
            MeetingAction.reference == reference,
        )
    ).one()
    house.session.expunge(found)
    house.session.rollback()  # what a test has read must not lock SQLite
    return found


def test_the_log_is_sifted_by_what_stands_open_by_lead_and_by_meeting(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    earlier = held(house, -100)
    asked(house, meeting, "A1", "Write to the schools", due_on=date(2026, 10, 30))
    asked(house, meeting, "A2", "Count the beds", lead=OTHER, due_on=date(2026, 12, 1))
    asked(house, earlier, "A3", "Paint the hall", lead=None, organisation=house.council)
    sign_in(client, SECRETARY)
    page = client.page(LOG).text
    assert all(what in page for what in ("Write to the schools", "Count the beds", "Paint the"))
    assert "30 October 2026 3 days overdue" in page
    assert "Count the beds" not in client.page(f"{LOG}?show=overdue").text
    assert "Paint the hall" not in client.page(f"{LOG}?show=overdue").text
    lead = house.people[OTHER].id
    one = client.page(f"{LOG}?lead=person-{lead}").text
    assert ("Count the beds" in one, "Paint the hall" in one) == (True, False)
    one = client.page(f"{LOG}?lead=organisation-{house.council.id}").text
    assert ("Count the beds" in one, "Paint the hall" in one) == (False, True)
    one = client.page(f"{LOG}?meeting={earlier.occurrence_on}").text
    assert ("Count the beds" in one, "Paint the hall" in one) == (False, True)
    assert "Nothing of this kind is on the log." in client.page(f"{LOG}?show=closed").text
    # What nobody offered is not asked for.
    assert client.get(f"{LOG}?show=x&lead=person-9x&meeting=never").status_code == 200


def test_whatever_is_changed_leaves_a_note_with_from_what_to_what(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    task = asked(house, meeting, "A1", "Write to the schools")
    page = f"{LOG}/{task.uid}"
    sign_in(client, SECRETARY)
    status, text = said(
        client, page, **change(1, lead=OTHER, due="31 March 2027", said="Jo is away.")
    )
    assert (status, "Saved. A1: open." in text) == (200, True)
    assert (
        "Lead changed from Jo Bell to Sam Roe. Due date changed from no date to 31 March 2027."
        " Jo is away." in text
    )
    said(client, page, **change(2, lead=OTHER, due="31 March 2027", status="done", said="Sent."))
    assert now_is(house).closed_on == date(2026, 11, 2)
    assert "A1" not in client.page(LOG).text
    assert "Done, 2 November 2026 Sent." in client.page(f"{LOG}?show=closed").text
    said(client, page, **change(3, lead=OTHER, due="31 March 2027", said="One school is missing."))
    known = now_is(house)
    assert (known.closed_on, known.progress) == (None, "One school is missing.")
    closed = change(4, lead="", status="closed, not completed", said="No longer wanted.")
    assert "Closed, not completed" in said(client, page, **closed)[1]
    assert now_is(house).person_id is None
    kept = house.session.scalars(
        select(MeetingActionNote)
        .where(MeetingActionNote.partnership_id == house.tenant)
        .order_by(MeetingActionNote.id)
    ).all()
    assert [one.status.value for one in kept] == ["open", "done", "open", "closed, not completed"]
    assert {one.person_id for one in kept} == {house.people[SECRETARY].id}


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"said": ""}, 422, "Say what was done or reported"),
        ({"said": "x" * 701}, 422, "Use 700 characters or fewer"),
        ({"status": "lost"}, 422, "Choose how it stands"),
        ({"lead": "Nobody We Know"}, 422, "Nobody in this partnership is known as"),
        ({"organisation": "999999"}, 422, "Choose from the list"),
        ({"due": "soon"}, 422, "We cannot read “soon” as a date."),
        ({"version": "x"}, 422, "This page was too old to be sent."),
        ({"version": "0"}, 409, "Somebody changed this since you opened the page."),
    ],
)
def test_what_cannot_be_saved_changes_nothing_and_is_kept_as_typed(
    client: Visitor,
    house: House,
    meeting: Meeting,
    sign_in: SignIn,
    wrong: dict[str, str],
    status: int,
    words: str,
) -> None:
    task = asked(house, meeting, "A1", "Write to the schools")
    sign_in(client, SECRETARY)
    found, text = said(client, f"{LOG}/{task.uid}", **change(1, **wrong))
    assert (found, words in text) == (status, True)
    assert "Three of seven." in text or "said" in wrong
    assert now_is(house).version == 1


def test_its_lead_answers_and_that_is_noted_too(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    task = asked(house, meeting, "A1", "Write to the schools")
    sign_in(client, MEMBER)
    client.send(
        f"/ashshire/meeting-actions/{task.uid}", version="1", status="done", progress="All sent."
    )
    page = client.page(f"{LOG}/{task.uid}").text
    assert "Done 2 November 2026 at 10am , Jo Bell All sent." in page.replace(" , ", " , ")


def test_a_confidential_one_is_for_the_entitled_and_its_lead(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    task = asked(house, meeting, "A1", "Visit the Smiths", confidential=True)
    second = house.make_board("Health Board")
    house.person("else@ashshire.example", seat=BoardRole.SECRETARY, board=second)
    for email, sees in [(SECRETARY, True), (CHAIR, True), (MEMBER, True), (OTHER, False)]:
        sign_in(client, email)
        assert ("Visit the Smiths" in client.get(LOG).text) is sees
        assert client.get(f"{LOG}/{task.uid}").status_code == (200 if sees else 404)
        client.post("/sign-out")
    sign_in(client, "else@ashshire.example")
    assert client.get(f"/ashshire/meeting-actions/{task.uid}").status_code == 403
    client.post("/sign-out")
    sign_in(client, SECRETARY)
    assert (
        "Visit the Smiths"
        not in client.get(f"{LOG}/{task.uid}/plan-action").text.split("<form")[-1]
    )


@pytest.mark.parametrize(
    ("email", "reads", "changes"),
    [
        (SECRETARY, 200, 200),
        (CHAIR, 200, 403),
        (MEMBER, 200, 403),
        (ADMINISTRATOR, 200, 403),
        (STRANGER, 403, 403),
    ],
)
def test_who_reads_and_who_changes(
    client: Visitor,
    house: House,
    meeting: Meeting,
    sign_in: SignIn,
    email: str,
    reads: int,
    changes: int,
) -> None:
    page = f"{LOG}/{asked(house, meeting, 'A1', 'Write to the schools').uid}"
    sign_in(client, email)
    assert client.get(LOG).status_code == reads
    assert client.get(page).status_code == reads
    assert client.get(f"{page}/plan-action").status_code == changes
    assert client.post(page, data=change(1), follow_redirects=True).status_code == changes


def test_the_log_asks_the_same_few_questions_however_long_it_is(
    client: Visitor,
    house: House,
    meeting: Meeting,
    sign_in: SignIn,
    statements: list[str],
) -> None:
    sign_in(client, SECRETARY)
    counts = []
    for number in (1, 30):
        for at in range(number):
            asked(house, meeting, f"{number}/{at}", "Write", lead=[MEMBER, OTHER, CHAIR][at % 3])
        house.session.rollback()
        statements.clear()
        client.page(LOG)
        counts.append(sum(one.startswith("SELECT") for one in statements))
    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_another_boards_meeting_action_is_not_found_here(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    task = asked(house, meeting, "A1", "Write to the schools")
    house.make_board("Health Board")
    task.board_id = house.make_board("Housing Board").id
    house.session.commit()
    sign_in(client, SECRETARY)
    assert client.get(f"{LOG}/{task.uid}").status_code == 404
