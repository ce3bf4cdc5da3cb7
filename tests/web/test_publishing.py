"""Packs and calendar links, sent twice, late, or by somebody whose time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from governance import queries
from governance.feed import MOST_LINKS
from governance.feed_models import FeedLink
from governance.models import Meeting, MeetingStatus
from governance.pack_models import Pack, PackStatus
from tests.factories import House
from tests.fakes import PlainRenderer
from tests.pages import Visitor, read
from tracker.edges.clock import SetClock
from tracker.jobs import tick
from tracker.people.board_models import BoardMember, BoardRole
from tracker.people.models import Role

SignIn = Callable[[Visitor, str], None]
SECRETARY, MEMBER, ADMINISTRATOR = (
    f"{who}@ashshire.example" for who in ("secretary", "member", "administrator")
)
PAGE = "/ashshire/boards/trust-board/meetings/2026-12-08"


@pytest.fixture
def meeting(app: Flask, client: Visitor, house: House, sign_in: SignIn, clock: SetClock) -> Meeting:
    """A meeting whose updates have closed, with its secretary signed in."""
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.person(MEMBER, seat=BoardRole.MEMBER)
    house.person(ADMINISTRATOR, role=Role.ADMINISTRATOR)
    house.cycle()
    found = house.meetings()[0]
    found.joining_link = "https://meet.example/secret"
    house.session.commit()
    clock.set(clock.now() + timedelta(days=25))
    tick(app)
    sign_in(client, SECRETARY)
    return found


def become(house: House, meeting: Meeting, status: MeetingStatus) -> None:
    """Give the meeting a status, past the pages."""
    house.session.rollback()
    house.session.refresh(meeting)
    meeting.status = status
    house.session.commit()


def versions(house: House) -> int:
    """How many versions of the pack are published."""
    house.session.rollback()
    count = house.session.scalar(
        select(func.count())
        .select_from(Pack)
        .where(Pack.partnership_id == house.tenant, Pack.status == PackStatus.PUBLISHED)
    )
    house.session.rollback()
    return int(count or 0)


def after(client: Visitor) -> str:
    """The latest version that the gate's page says it showed."""
    page = client.page(f"{PAGE}/publish")
    return next(f["value"] for f in page.fields if f.get("name") == "after")


def test_the_same_page_publishes_once_however_often_it_is_sent(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    assert 'data-prevent-double-click="true"' in client.get(f"{PAGE}/publish").text
    seen = after(client)
    assert "Published: version 1" in client.send(f"{PAGE}/publish", after=seen).text
    assert "version 1 is there already" in client.send(f"{PAGE}/publish", after=seen).text
    assert versions(house) == 1
    answer = client.send(f"{PAGE}/publish", after="1")
    assert read(answer.text).h1 == ["Publish a correction"]
    assert versions(house) == 1


@pytest.mark.parametrize("sent", [{}, {"after": ""}, {"after": "none"}])
def test_publishing_without_saying_which_version_was_seen_publishes_nothing(
    client: Visitor, house: House, meeting: Meeting, sent: dict[str, str]
) -> None:
    assert "that page was too old" in client.send(f"{PAGE}/publish", **sent).text
    assert versions(house) == 0


def test_a_cancelled_meetings_pack_is_offered_by_no_page_and_published_by_no_form(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    become(house, meeting, MeetingStatus.CANCELLED)
    assert "Publish the pack" not in client.get(PAGE).text
    assert "This meeting was cancelled" in client.send(f"{PAGE}/publish", after="0").text
    assert versions(house) == 0


def test_a_meeting_that_was_held_may_have_its_pack_published_late_and_once_more(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    become(house, meeting, MeetingStatus.HELD)
    assert "Published: version 1" in client.send(f"{PAGE}/publish", after=after(client)).text
    answer = client.send(f"{PAGE}/correct", after="1", changes="The place.")
    assert "Published: version 2" in answer.text


@pytest.mark.parametrize("happening", ["cancelled", "no draft", "published"])
def test_what_happens_while_the_pack_is_made_is_met_with_words_and_publishes_nothing_more(
    app: Flask,
    client: Visitor,
    house: House,
    meeting: Meeting,
    renderer: PlainRenderer,
    monkeypatch: pytest.MonkeyPatch,
    happening: str,
) -> None:
    render = renderer.render

    def meanwhile(value: dict[str, object]) -> object:
        monkeypatch.undo()
        if happening == "cancelled":
            become(house, meeting, MeetingStatus.CANCELLED)
        elif happening == "no draft":
            monkeypatch.setattr(queries, "draft_pack", lambda *_: None)
        else:
            other = app.test_client()
            other.post(
                "/sign-in", data={"email": SECRETARY, "password": "correct horse battery staple"}
            )
            assert other.post(f"{PAGE}/publish", data={"after": "0"}).status_code == 302
        return render(value)

    monkeypatch.setattr(renderer, "render", meanwhile)
    answer = client.send(f"{PAGE}/publish", after="0")
    assert answer.status_code == 200
    assert "Please note" in answer.text
    assert "Published: version" not in answer.text
    assert versions(house) == (1 if happening == "published" else 0)


def test_a_packs_file_name_is_a_quoted_part_of_its_header(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    client.send(f"{PAGE}/publish", after="0")
    header = client.get(f"{PAGE}/pack-1.pdf").headers["Content-Disposition"]
    assert header == "inline; filename=trust-board-2026-12-08-version-1.pdf"


def made_link(client: Visitor, **values: str) -> str:
    """Make a calendar link and return the path of its feed."""
    text = read(client.send("/calendar", **values).text).text
    address = next(word for word in text.split() if "/feeds/" in word)
    return address[address.index("/feeds/") :]


def test_a_boards_calendar_gives_no_joining_link_once_the_seat_has_ended(
    client: Visitor, house: House, sign_in: SignIn, meeting: Meeting, clock: SetClock
) -> None:
    feeds = {}
    for email in (MEMBER, ADMINISTRATOR):
        client.post("/sign-out")
        sign_in(client, email)
        feeds[email] = made_link(client, shows=f"board-{house.board.id}", name="Board")
        assert "meet.example/secret" in client.get(feeds[email]).text
    seat = house.session.scalars(
        select(BoardMember).where(
            BoardMember.partnership_id == house.tenant,
            BoardMember.person_id == house.people[MEMBER].id,
        )
    ).one()
    seat.to_on = clock.now().date() - timedelta(days=1)
    house.session.commit()
    assert "VEVENT" not in client.get(feeds[MEMBER]).text
    assert "meet.example/secret" in client.get(feeds[ADMINISTRATOR]).text


def test_a_new_link_is_shown_on_one_page_which_can_be_loaded_again_without_a_second_link(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    answer = client.post("/calendar", data={"shows": "mine", "name": "Phone"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/calendar"
    assert "/feeds/" in client.page("/calendar").text
    assert "/feeds/" not in client.page("/calendar").text
    house.session.rollback()
    assert len(house.session.scalars(select(FeedLink)).all()) == 1


def test_a_new_link_is_not_shown_to_the_next_person_at_the_same_browser(
    client: Visitor, sign_in: SignIn, meeting: Meeting
) -> None:
    client.post("/calendar", data={"shows": "mine", "name": "Phone"})
    client.post("/sign-out")
    sign_in(client, MEMBER)
    assert "/feeds/" not in client.page("/calendar").text


def test_a_link_that_cannot_be_made_is_an_answer_of_its_own(
    client: Visitor, meeting: Meeting
) -> None:
    for wrong in ({}, {"shows": "mine"}, {"shows": "board-99", "name": "Phone"}):
        assert client.post("/calendar", data=wrong).status_code == 422


def test_nobody_has_more_than_fifty_links_that_work(
    client: Visitor, house: House, meeting: Meeting
) -> None:
    person = house.people[SECRETARY]
    for at in range(MOST_LINKS):
        house.session.add(
            FeedLink(
                person_id=person.id,
                kind="my deadlines",
                name=f"Link {at}",
                token_hash=f"{at:064}",
                created_at=house.now,
            )
        )
    house.session.commit()
    one_more = {"shows": "mine", "name": "One more"}
    answer = client.post("/calendar", data=one_more)
    assert answer.status_code == 422
    assert "You have 50 links, which is the most. Revoke one first." in answer.text
    revoke = next(f["action"] for f in client.page("/calendar").forms if "revoke" in f["action"])
    client.post(revoke)
    assert client.post("/calendar", data=one_more).status_code == 302
