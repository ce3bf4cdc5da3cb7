"""A rating better than the date allows is agreed, and lapses by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from actions.answer_models import Agreement
from actions.deadline_words import read_deadline
from actions.deadlines import as_deadline, change_deadline
from actions.models import Action
from actions.operations import Entry
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.bad_input import Kind, nothing_changes, refused, refuses
from tests.web.late import CHAIR, GREEN, LEAD, OWNER, PAGE, SECRETARY, again, late_action, say
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.board_models import BoardRole

SignIn = Callable[[Visitor, str], None]


@pytest.fixture
def late(house: House) -> Action:
    """An action long past its deadline, of a plan that the board reviews; its owner says Green."""
    return late_action(house)


def agreements(house: House) -> list[Agreement]:
    house.session.commit()
    found = house.session.scalars(
        select(Agreement).where(Agreement.partnership_id == house.tenant).order_by(Agreement.id)
    ).all()
    house.session.commit()
    return list(found)


def test_a_better_rating_waits_until_the_chair_agrees_and_then_stands(
    client: Visitor, house: House, late: Action, sign_in: SignIn
) -> None:
    sign_in(client, CHAIR)
    before = client.page(PAGE)
    assert (
        "Red In progress , 63 days overdue Owner: Green. 63 days past its deadline" in before.text
    )
    assert "“It opens on Monday.” Nobody has agreed to it yet." in before.text
    assert f"{PAGE}/agree" in before.hrefs
    page = read(client.send(f"{PAGE}/agree", last_seen="1", part=str(house.board.id)).text)
    assert "Agreed. The board sees Green, as agreed." in page.text
    assert "Green In progress , 63 days overdue Owner: Green, as agreed." in page.text
    assert "Agreed by Kim Chair, chair, on 2 November 2026" in page.text
    (one,) = agreements(house)
    assert (one.agreed_by, one.agreed_as, one.board_id) == ("Kim Chair", "chair", house.board.id)
    assert (one.entry_number, one.deadline_number) == (1, 1)
    stored = again(house, late)
    assert (stored.amber_from_on, stored.red_from_on) == (None, None)
    assert f"{PAGE}/agree" not in page.hrefs
    assert (
        "there is no rating here that waits"
        in client.get(f"{PAGE}/agree", follow_redirects=True).text
    )


def test_the_priority_lead_agrees_in_their_own_name(
    client: Visitor, house: House, late: Action, sign_in: SignIn
) -> None:
    sign_in(client, LEAD)
    client.send(f"{PAGE}/agree", last_seen="1", part="lead", agreed_by="Somebody Else")
    (one,) = agreements(house)
    assert (one.agreed_by, one.agreed_as, one.board_id) == ("lead", "priority lead", None)


def test_a_secretary_records_who_agreed_and_as_what(
    client: Visitor, house: House, late: Action, sign_in: SignIn
) -> None:
    sign_in(client, SECRETARY)
    answer = client.post(f"{PAGE}/agree", data={"last_seen": "1", "part": str(house.board.id)})
    assert answer.status_code == 422
    assert "Say who agreed" in answer.text
    said = {"last_seen": "1", "part": str(house.board.id), "agreed_by": "Kim Chair"}
    sent = client.send(f"{PAGE}/agree", **said, words="Agreed by telephone.")
    assert "Agreed by Kim Chair, chair, on 2 November 2026" in read(sent.text).text
    (one,) = agreements(house)
    assert (one.agreed_by, one.words) == ("Kim Chair", "Agreed by telephone.")
    assert one.recorded_by_id == house.people[SECRETARY].id


def test_nobody_agrees_to_a_rating_of_their_own(
    client: Visitor, house: House, late: Action, sign_in: SignIn
) -> None:
    say(house, late, who=CHAIR)
    sign_in(client, CHAIR)
    answer = client.post(f"{PAGE}/agree", data={"last_seen": "2", "part": str(house.board.id)})
    assert answer.status_code == 422
    assert "Nobody agrees to a rating of their own" in answer.text
    client.post("/sign-out")
    sign_in(client, SECRETARY)
    said = {"last_seen": "2", "part": str(house.board.id), "agreed_by": "kim  CHAIR"}
    assert client.post(f"{PAGE}/agree", data=said).status_code == 422
    assert agreements(house) == []


def test_the_chair_of_a_board_that_does_not_review_it_cannot_agree(
    client: Visitor, house: House, late: Action, sign_in: SignIn
) -> None:
    other = house.make_board("Other Board")
    house.person("other@ashshire.example", seat=BoardRole.CHAIR, board=other)
    for who in ("other@ashshire.example", OWNER):
        sign_in(client, who)
        assert f"{PAGE}/agree" not in client.page(PAGE).hrefs
        assert client.post(f"{PAGE}/agree").status_code == 403
        client.post("/sign-out")


def test_an_agreement_lapses_at_the_next_entry_and_the_stored_days_return(
    client: Visitor, house: House, late: Action, sign_in: SignIn
) -> None:
    sign_in(client, CHAIR)
    client.send(f"{PAGE}/agree", last_seen="1", part=str(house.board.id))
    say(house, again(house, late), Entry(Lifecycle.IN_PROGRESS, Rating.GREEN, happened="More."))
    stored = again(house, late)
    assert (stored.amber_from_on, stored.red_from_on) == (date(2026, 9, 1), date(2026, 10, 1))
    text = client.page(PAGE).text
    assert "Red In progress" in text
    assert "as agreed" not in text.partition("History")[0]


def test_an_agreement_lapses_when_the_deadline_changes(
    client: Visitor, house: House, late: Action, sign_in: SignIn
) -> None:
    sign_in(client, CHAIR)
    client.send(f"{PAGE}/agree", last_seen="1", part=str(house.board.id))
    change_deadline(
        house.session,
        again(house, late),
        as_deadline(read_deadline("by September 2026")),
        person_id=None,
        board_id=house.board.id,
        reason="A month more",
        now=house.now,
    )
    house.session.commit()
    stored = again(house, late)
    assert (stored.amber_from_on, stored.red_from_on) == (date(2026, 10, 1), date(2026, 10, 31))
    assert "Red In progress , 33 days overdue" in client.page(PAGE).text
    client.send(f"{PAGE}/agree", last_seen="1", part=str(house.board.id))
    assert [one.deadline_number for one in agreements(house)] == [1, 2]
    assert "Green In progress" in client.page(PAGE).text


@pytest.mark.parametrize(
    ("entry", "deadline"),
    [
        (Entry(Lifecycle.IN_PROGRESS, Rating.GREEN, happened="No reason given."), "August 2026"),
        (Entry(Lifecycle.IN_PROGRESS, Rating.RED, better_reason="None better."), "August 2026"),
        (GREEN, None),
    ],
)
def test_there_is_nothing_to_agree_without_a_reason_or_a_date_that_says_worse(
    client: Visitor, house: House, sign_in: SignIn, entry: Entry, deadline: str | None
) -> None:
    action = house.action("Open a hub", deadline=deadline, owner=OWNER)
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    say(house, action, entry)
    sign_in(client, SECRETARY)
    sent = client.send(f"{PAGE}/agree", last_seen="1", part="lead", agreed_by="Kim Chair")
    assert "there is no rating here that waits for agreement" in sent.text
    assert agreements(house) == []


def test_an_agreement_to_an_entry_that_was_followed_meanwhile_is_refused(
    client: Visitor, house: House, late: Action, sign_in: SignIn
) -> None:
    say(house, late)
    sign_in(client, CHAIR)
    answer = client.post(f"{PAGE}/agree", data={"last_seen": "1", "part": str(house.board.id)})
    assert answer.status_code == 422
    assert "Somebody updated this action since" in answer.text


AGREED = {"last_seen": "1", "part": "lead", "agreed_by": "Kim Chair", "words": "By telephone."}
OF_AGREED = {
    "last_seen": (Kind.SEEN, 0),
    "part": (Kind.CHOICE, 0),
    "agreed_by": (Kind.NEEDED, 200),
    "words": (Kind.TEXT, 500),
}


@pytest.mark.parametrize("field", OF_AGREED)
def test_every_field_of_an_agreement_refuses_what_it_cannot_use(
    client: Visitor, house: House, late: Action, sign_in: SignIn, field: str
) -> None:
    sign_in(client, SECRETARY)
    with nothing_changes():
        for name, value in refused({field: OF_AGREED[field]}):
            refuses(client, f"{PAGE}/agree", AGREED, name, value)
