"""Every change: of one action for whoever may read it, of everything for administrators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.answer_models import DraftState, ProgressDraft
from actions.change_queries import records_of
from actions.models import Action, Owner
from actions.operations import Entry, record_progress
from governance.feed import new_link
from governance.feed_models import FeedKind
from tests.conftest import NOW
from tests.factories import PASSWORD_HASH, House
from tests.pages import Visitor, read
from tracker.edges.db import Base, db
from tracker.kernel.rag import Lifecycle, Rating
from tracker.ledger.audit import Actor, Source, is_audited, sign, table_name
from tracker.ledger.change_words import field_words
from tracker.ledger.changes import changes_page
from tracker.ledger.table_words import TABLES
from tracker.people.models import Role

SignIn = Callable[[Visitor, str], None]
OWNER, MEMBER, ADMIN = (f"{who}@ashshire.example" for who in ("owner", "member", "admin"))
SECRET_WORDS = "Not ready to be read by anybody"


def at(house: House, hours: int, source: Source, who: str | None = None) -> None:
    """Let what follows happen some hours on, done by somebody, from somewhere."""
    person_id = house.people[who].id if who else None
    now = NOW + timedelta(hours=hours)
    sign(house.session, Actor(at=now, source=source, person_id=person_id))


def lived(house: House) -> Action:
    """An action with a day behind it: owned, updated on screen, put on hold, its owner removed."""
    house.action("Neighbour")
    action = house.action("Open a hub", deadline="March 2027", owner=OWNER)
    house.person(MEMBER, name="Mel Ember")
    at(house, 1, Source.WEB, OWNER)
    draft = ProgressDraft(
        partnership_id=house.tenant,
        action_id=action.id,
        person_id=house.people[OWNER].id,
        state=DraftState.DRAFT,
        last_seen=0,
        said=f'{{"happened": "{SECRET_WORDS}"}}',
        saved_at=NOW,
    )
    house.session.add(draft)
    house.session.commit()
    at(house, 2, Source.EMAIL, OWNER)
    record_progress(
        house.session,
        action,
        Entry(Lifecycle.IN_PROGRESS, Rating.AMBER, happened="<b>A building</b> is found."),
        person_id=house.people[OWNER].id,
        last_seen=0,
        now=NOW + timedelta(hours=2),
    )
    house.session.commit()
    at(house, 3, Source.CLOCKWORK)
    action.on_hold_until, action.on_hold_board_id = date(2027, 1, 31), house.board.id
    house.session.commit()
    at(house, 4, Source.COMMAND)
    owner = house.session.scalars(select(Owner).where(Owner.partnership_id == house.tenant)).one()
    house.session.delete(owner)
    house.session.commit()
    return action


def test_every_change_of_an_action_says_who_when_from_where_what_from_and_what_to(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    lived(house)
    sign_in(client, MEMBER)
    text = client.page("/ashshire/actions/2/changes").text
    for words in (
        "Owner removed 2 November 2026 at 2pm , by a command",
        "Person owner",
        "Action changed 2 November 2026 at 1pm , by the clockwork",
        "On hold board: from nothing to → Trust Board",
        "On hold until: from nothing to → 31 January 2027",
        "Action changed 2 November 2026 at midday , owner, by e-mail",
        "Where it stands: from Not started to → In progress",
        "Owner’s rating: from Grey to → Amber",
        "Update added: number 1 2 November 2026 at midday , owner, by e-mail",
        "What has happened <b>A building</b> is found.",
        "Deadline added",
        "As printed March 2027",
    ):
        assert words in text
    assert text.index("Owner removed") < text.index("Update added") < text.index("Deadline added")
    assert "Neighbour" not in text


def test_what_a_draft_says_is_shown_to_nobody_but_that_there_was_one_is(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    lived(house)
    house.person(ADMIN, role=Role.ADMINISTRATOR)
    sign_in(client, ADMIN)
    for path in ("/ashshire/actions/2/changes", "/ashshire/changes"):
        text = client.page(path).text
        assert "Draft of an update added" in text
        assert "Draft of an update removed" in text
        assert SECRET_WORDS not in text


def test_what_belonged_to_an_action_stays_its_own_when_it_is_deleted(
    house: House, session: Session
) -> None:
    action = lived(house)
    other = session.scalars(select(Action).where(Action.partnership_id == house.tenant)).first()
    assert other is not None
    titles = {
        one.id: [
            change.title
            for change in changes_page(
                session, house.tenant, among=records_of(house.tenant, one.id)
            ).changes
        ]
        for one in (action, other)
    }
    assert any(title.startswith("Owner removed") for title in titles[action.id])
    assert not any(title.startswith("Owner") for title in titles[other.id])


def test_long_lists_are_read_page_by_page_and_nothing_is_lost_between(
    client: Visitor, house: House, session: Session, sign_in: SignIn
) -> None:
    action = house.action("Open a hub")
    for number in range(120):
        at(house, number, Source.COMMAND)
        action.measure = f"Measure {number}"
        session.commit()
    house.person(MEMBER)
    sign_in(client, MEMBER)
    path, seen, pages = "/ashshire/actions/1/changes", "", 0
    while path:
        page = client.page(path)
        seen += page.text
        pages += 1
        path = next((one for one in page.hrefs if "before=" in one), "")
    assert pages == 3
    assert all(f"→ Measure {number} " in seen for number in range(120))
    assert client.page("/ashshire/actions/1/changes?before=nonsense").text
    assert "There are no older changes" in client.page("/ashshire/actions/1/changes?before=1").text
    huge = client.get("/ashshire/actions/1/changes", query_string={"before": "9" * 30})
    assert huge.status_code == 200


@pytest.fixture
def administrator(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """An administrator of a partnership in which something happened."""
    lived(house)
    house.person(ADMIN, role=Role.ADMINISTRATOR)
    sign_in(client, ADMIN)
    return client


def test_administrators_see_every_change_of_the_partnership_and_nobody_else_does(
    administrator: Visitor, app: Flask, sign_in: SignIn
) -> None:
    page = administrator.page("/ashshire/changes")
    for words in (
        "Action changed: action 2, Open a hub",
        "Deadline added: action 2, Open a hub",
        "Plan added: Children’s Plan 2026-27",
        "Membership added",
        "Person Mel Ember",
    ):
        assert words in page.text
    assert "/ashshire/actions/2/changes" in page.hrefs
    other = app.test_client()
    assert isinstance(other, Visitor)
    sign_in(other, MEMBER)
    assert other.get("/ashshire/changes").status_code == 403


@pytest.mark.parametrize(
    ("wanted", "there", "absent"),
    [
        ({"kind": "deadline"}, "Deadline added", "Action changed"),
        ({"who": "OWNER@ashshire.example"}, "Update added", "Plan added"),
        ({"who": "owner", "kind": "action"}, "Where it stands", "On hold until"),
        ({"on": "2 November 2026"}, "Plan added", "No changes are kept that match"),
        ({"on": "1 November 2026"}, "No changes are kept that match", "Plan added"),
        ({"who": "Nobody % at _ all"}, "No changes are kept that match", "Plan added"),
        ({"kind": "no such kind"}, "Plan added", "No changes are kept that match"),
    ],
)
def test_changes_are_found_by_kind_day_and_person(
    administrator: Visitor, wanted: dict[str, str], there: str, absent: str
) -> None:
    answer = administrator.get("/ashshire/changes", query_string=wanted)
    assert answer.status_code == 200
    # The form above the list names every kind of record.
    text = read(answer.text).text.partition("Name or e-mail")[2]
    assert there in text
    assert absent not in text


def test_a_day_that_is_none_gets_a_plain_error_and_what_was_typed_stays(
    administrator: Visitor,
) -> None:
    wanted = {"on": "31 February", "who": "Zoë 👶 <b>", "kind": "deadline"}
    answer = administrator.get("/ashshire/changes", query_string=wanted)
    assert answer.status_code == 422
    page = read(answer.text)
    assert "We cannot read “31 February” as a day" in page.text
    typed = {one["name"]: one.get("value") for one in page.fields if one["tag"] == "input"}
    assert (typed["on"], typed["who"]) == ("31 February", "Zoë 👶 <b>")


def test_no_secret_and_nothing_of_another_partnership_is_among_the_changes(
    administrator: Visitor, house: House, session: Session
) -> None:
    other = House(session, NOW, slug="oakshire")
    other.action("Somebody else’s")
    _, token = new_link(
        session,
        person_id=house.people[ADMIN].id,
        kind=FeedKind.BOARD,
        name="Phone",
        now=NOW,
        partnership_id=house.tenant,
        board_id=house.board.id,
    )
    session.commit()
    text = administrator.get("/ashshire/changes?kind=feed_link").text
    assert "(secret)" in text
    assert token not in text
    everything = administrator.get("/ashshire/changes").text
    assert PASSWORD_HASH not in everything
    assert "Somebody else’s" not in everything
    assert "oakshire" not in everything


def test_every_record_and_every_field_has_words_that_people_use() -> None:
    mappers = [one for one in Base.registry.mappers if is_audited(one.class_)]
    tables = {table_name(one) for one in mappers if hasattr(one.class_, "partnership_id")}
    assert tables | {"partnership"} == set(TABLES)
    for mapper in mappers:
        for column in mapper.column_attrs:
            words = field_words(column.key)
            assert words
            assert "_" not in words


def test_pages_of_changes_take_at_most_ten_queries(
    administrator: Visitor, statements: list[str]
) -> None:
    for path in ("/ashshire/changes", "/ashshire/actions/2/changes"):
        statements.clear()
        administrator.page(path)
        assert sum(one.startswith("SELECT") for one in statements) <= 10


def test_changes_read_the_same_on_both_databases(
    make_app: Callable[[str], Flask], any_url: str
) -> None:
    with make_app(any_url).app_context():
        house = House(db.session(), NOW)
        action = lived(house)
        page = changes_page(db.session(), house.tenant, among=records_of(house.tenant, action.id))
        assert [one.title.partition(":")[0] for one in page.changes[:4]] == [
            "Owner removed",
            "Action changed",
            "Draft of an update removed",
            "Action changed",
        ]
        assert changes_page(db.session(), house.tenant).changes
        db.session.rollback()
