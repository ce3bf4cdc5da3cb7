"""What somebody who means to, or whose browser stumbles, can send: refused, and in plain words."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.models import Action, Progress
from governance.log_models import MeetingAction
from tests.conftest import MakeApp
from tests.factories import House
from tests.pages import Visitor, read
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.people.board_models import BoardRole
from tracker.people.models import Membership

SignIn = Callable[[Visitor, str], None]
OWNER, SECRETARY, MEMBER = (f"{who}@ashshire.example" for who in ("owner", "secretary", "member"))
ACTION = "/ashshire/actions/1"
PAGE = f"{ACTION}/progress"
MEETING = "/ashshire/boards/trust-board/meetings/2026-12-08"
GREEN = {"last_seen": "0", "lifecycle": "in-progress", "rating": "Green", "happened": "Begun."}
DONE = {"last_seen": "0", "lifecycle": "complete", "evidence": "It is open."}
# What nobody can see: spaces, control characters, zero-width characters, a direction's turning.
BLANKS = (" \t\n", "\x00\x07", "\u200b\u200d\u2060", "\u202e\u2066", "\u00ad \ufe0f")


@pytest.fixture
def both(client: Visitor, house: House) -> Visitor:
    """A visitor to a house where one owns action 1 and another is the board's secretary."""
    house.action("Open a hub", deadline="April 2027", owner=OWNER)
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    return client


def is_confirmed(house: House) -> bool:
    house.session.rollback()
    at = house.session.scalar(
        select(Action.completion_confirmed_at).where(Action.partnership_id == house.tenant)
    )
    house.session.rollback()
    return at is not None


def entries(house: House) -> list[Progress]:
    house.session.rollback()
    found = house.session.scalars(
        select(Progress).where(Progress.partnership_id == house.tenant).order_by(Progress.number)
    ).all()
    house.session.rollback()
    return list(found)


def send(client: Visitor, sign_in: SignIn, email: str, path: str, **values: str) -> str:
    """Sign in, send a form, and return what the page after it says."""
    client.post("/sign-out")
    sign_in(client, email)
    return read(client.send(path, **values).text).text


def test_meeting_actions_of_a_partnership_that_somebody_left_are_not_shown_to_them(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    other = House(house.session, house.now, slug="oakshire")
    for one, what in ((house, "Stay in touch"), (other, "Tell nobody")):
        person = one.person(MEMBER)
        one.cycle()
        one.session.add(
            MeetingAction(
                partnership_id=one.tenant,
                board_id=one.board.id,
                meeting_id=one.meetings()[0].id,
                reference="1",
                what=what,
                person_id=person.id,
                changed_at=one.now,
            )
        )
        one.session.commit()
    left = house.session.scalars(
        select(Membership).where(Membership.partnership_id == other.tenant)
    ).one()
    left.to_on = house.now.date() - timedelta(days=1)
    house.session.commit()
    sign_in(client, MEMBER)
    page = client.page("/my-actions")
    assert "Stay in touch" in page.text
    assert "Tell nobody" not in page.text


def test_whoever_reported_completion_cannot_confirm_it_after_an_owners_no_change(
    both: Visitor, house: House, sign_in: SignIn
) -> None:
    assert "Saved." in send(both, sign_in, SECRETARY, PAGE, **DONE | {"given_how": "own"})
    send(both, sign_in, OWNER, PAGE, last_seen="1", no_change="1")
    assert "Somebody else must confirm" in send(both, sign_in, SECRETARY, f"{ACTION}/confirm")
    send(both, sign_in, OWNER, PAGE, **DONE | {"last_seen": str(len(entries(house)))})
    assert "Somebody else must confirm" in send(both, sign_in, SECRETARY, f"{ACTION}/confirm")
    assert not is_confirmed(house)


def test_who_reported_an_earlier_completion_may_confirm_a_later_one_of_somebody_else(
    both: Visitor, house: House, sign_in: SignIn
) -> None:
    send(both, sign_in, SECRETARY, PAGE, **DONE | {"given_how": "own"})
    send(both, sign_in, OWNER, PAGE, **GREEN | {"last_seen": "1"})
    send(both, sign_in, OWNER, PAGE, **DONE | {"last_seen": "2"})
    assert "Confirmed." in send(both, sign_in, SECRETARY, f"{ACTION}/confirm")


def test_no_change_does_not_wipe_a_confirmation(
    both: Visitor, house: House, sign_in: SignIn
) -> None:
    send(both, sign_in, OWNER, PAGE, **DONE)
    send(both, sign_in, SECRETARY, f"{ACTION}/confirm")
    sign_in(both, OWNER)
    answer = both.post(PAGE, data={"last_seen": "1", "no_change": "1"})
    assert answer.status_code == 422
    assert "“No change” repeats an earlier update of an open action" in answer.text
    assert is_confirmed(house)
    assert len(entries(house)) == 1


def test_no_change_is_refused_where_nothing_was_said_before(
    both: Visitor, house: House, sign_in: SignIn
) -> None:
    sign_in(both, OWNER)
    answer = both.post(PAGE, data={"last_seen": "0", "no_change": "1"})
    assert answer.status_code == 422
    assert entries(house) == []


@pytest.mark.parametrize("blank", BLANKS)
def test_a_required_text_that_shows_nothing_was_not_given(
    both: Visitor, house: House, sign_in: SignIn, blank: str
) -> None:
    sign_in(both, OWNER)
    red = GREEN | {"rating": "Red", "cause": "No lease.", "recovery": "Ask."}
    for said, field in (
        (DONE, "evidence"),
        (red, "cause"),
        (red, "recovery"),
        (GREEN, "happened"),
    ):
        answer = both.post(PAGE, data=said | {field: blank})
        assert answer.status_code == 422, field
        assert f"#{field}" in read(answer.text).hrefs
    link = both.post("/calendar", data={"shows": "mine", "name": blank})
    assert link.status_code == 422
    assert "Give the link a name" in link.text
    assert entries(house) == []


def test_a_name_is_measured_as_it_is_kept(both: Visitor, house: House, sign_in: SignIn) -> None:
    sign_in(both, OWNER)
    longer = "\u0958" * 60  # each is two characters once composed by the rules of NFC
    answer = both.post("/calendar", data={"shows": "mine", "name": longer})
    assert answer.status_code == 422
    assert "100 characters or fewer" in answer.text


def test_what_was_left_out_of_an_update_is_not_guessed_from_the_last_one(
    both: Visitor, house: House, sign_in: SignIn
) -> None:
    sign_in(both, OWNER)
    red = GREEN | {"rating": "Red", "cause": "No lease.", "recovery": "Ask again."}
    both.post(PAGE, data=red)
    nothing_chosen = both.post(PAGE, data={"last_seen": "1", "happened": "More."})
    assert nothing_chosen.status_code == 422
    assert "#lifecycle" in read(nothing_chosen.text).hrefs
    no_cause = both.post(
        PAGE, data={k: v for k, v in red.items() if k != "cause"} | {"last_seen": "1"}
    )
    assert no_cause.status_code == 422
    assert len(entries(house)) == 1


def test_a_json_body_or_a_file_is_not_read_as_a_form(
    both: Visitor, house: House, sign_in: SignIn
) -> None:
    sign_in(both, OWNER)
    for path in (PAGE, "/calendar"):
        for body in ([1], {"last_seen": [], "name": {}, "shows": 1, "lifecycle": None}, "x", None):
            assert both.post(path, json=body).status_code == 422
        files = {
            name: (io.BytesIO(b"x"), "x.txt") for name in ("happened", "name", "shows", "last_seen")
        }
        assert both.post(path, data=files).status_code == 422
    assert entries(house) == []


@pytest.mark.parametrize(
    "url", ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)]
)
def test_an_address_that_no_record_can_have_is_no_page_on_either_database(
    make_app: MakeApp, request: pytest.FixtureRequest, sign_in: SignIn, clock: SetClock, url: str
) -> None:
    app = make_app(request.getfixturevalue(url))
    with app.app_context():
        house = House(db.session(), clock.now())
        house.action(owner=OWNER)
        house.person(SECRETARY, seat=BoardRole.SECRETARY)
        house.cycle()
        house.meetings()
    client = app.test_client()
    assert isinstance(client, Visitor)
    sign_in(client, SECRETARY)
    client.page(ACTION)
    client.page(MEETING)
    for number in ("9223372036854775808", str(10**30), "9" * 18, "01", "-1", "+1", "1_0", "\u0661"):
        for path in (f"/ashshire/actions/{number}", f"{MEETING}/pack-{number}.pdf"):
            assert client.get(path).status_code == 404, path
        for path in (f"/ashshire/actions/{number}/progress", f"/ashshire/actions/{number}/confirm"):
            assert client.post(path, data=GREEN).status_code == 404, path
    for slug in (
        "x" * 81,
        "trust-board%00",
        "Trust-Board",
        "trust_board",
        "%F0%9F%98%80",
        "a" * 80,
    ):
        for path in (f"/{slug}/plans", f"/ashshire/plans/{slug}", f"/ashshire/boards/{slug}"):
            assert client.get(path).status_code == 404, path
