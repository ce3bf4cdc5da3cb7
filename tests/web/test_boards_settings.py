"""What a board sets for itself: timetable, standing agenda, year."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from governance.boards.forms.settings import typed
from governance.boards.queries import standing_items, year_business
from governance.boards.rules import STANDARD_ITEMS
from governance.planning import settings_of
from governance.setting_models import BusinessKind, StandingItem
from governance.timetable import TimetableSettings
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.bad_input import nothing_changes
from tracker.people.board_models import (
    Board,
    BoardRole,
)

SignIn = Callable[[Visitor, str], None]
SECRETARY = "secretary@ashshire.example"
BOARD = "/ashshire/boards/trust-board"
STANDARD = typed(TimetableSettings())


@pytest.fixture
def secretary(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """The secretary of a board that meets in December, signed in."""
    house.person(SECRETARY, name="Sue Secretary", seat=BoardRole.SECRETARY)
    house.cycle()
    house.meetings()
    sign_in(client, SECRETARY)
    return client


def fresh(house: House) -> Board:
    """The board as it is kept now."""
    house.session.rollback()
    house.session.expire_all()
    return house.session.scalars(
        select(Board).where(Board.partnership_id == house.tenant, Board.slug == "trust-board")
    ).one()


def test_a_timetable_is_shown_before_it_is_kept_and_goes_back_to_the_standard(
    secretary: Visitor, house: House
) -> None:
    page = f"{BOARD}/timetable-settings"
    wanted = STANDARD | {"version": "0", "far_ask": "22", "closes_at": "midday"}
    with nothing_changes():
        shown = secretary.post(page, data=wanted)
    text = read(shown.text).text
    assert shown.status_code == 200
    assert "Owners asked for updates" in text
    assert "10 November 2026 at 7am 6 November 2026 at 7am" in text
    done = secretary.send(page, **wanted, confirm="1")
    assert "steps of coming meetings moved" in read(done.text).text
    kept = settings_of(house.session, fresh(house))
    assert (kept.far.ask, kept.closes_at.hour, kept.close.ask) == (22, 12, 12)
    assert "6 November 2026 at 7am" in secretary.page(f"{BOARD}/meetings/2026-12-08").text
    house.session.rollback()
    with nothing_changes():
        assert secretary.post(page, data=wanted).status_code == 409
        back = secretary.post(page, data={"version": "1", "standard": "1"})
    assert "6 November 2026 at 7am 10 November 2026 at 7am" in read(back.text).text
    secretary.send(page, **STANDARD, version="1", confirm="1")
    assert settings_of(house.session, fresh(house)) == TimetableSettings()


@pytest.mark.parametrize(
    ("field", "value", "beside"),
    [
        ("far_ask", "5", "close_ask"),
        ("close_publish", "1", "close_ask"),
        ("draft_minutes_to_chair", "20", "close_ask"),
        ("far_chase", "", "far_chase"),
        ("far_chase", "-1", "far_chase"),
        ("far_chase", "91", "far_chase"),
        ("close_gap_days", "x", "close_gap_days"),
        ("clear_days", "0", "clear_days"),
        ("asks_at", "7", "asks_at"),
        ("version", "x", "version"),
    ],
)
def test_a_timetable_out_of_order_is_refused_in_plain_words(
    secretary: Visitor, field: str, value: str, beside: str
) -> None:
    with nothing_changes():
        answer = secretary.post(
            f"{BOARD}/timetable-settings",
            data=STANDARD | {"version": "0", "confirm": "1", field: value},
        )
    assert answer.status_code == 422
    assert f"#{beside}" in read(answer.text).hrefs


def test_the_law_is_refused_where_the_boards_own_timetable_has_no_room(
    secretary: Visitor, house: House
) -> None:
    secretary.send(
        f"{BOARD}/timetable-settings",
        **STANDARD | {"version": "0", "clear_days": "20", "confirm": "1"},
    )
    answer = secretary.post(
        f"{BOARD}/change",
        data={
            "version": "1",
            "name": "Trust Board",
            "kind": "board",
            "carried_by": "every member agrees",
            "paper_pattern": "{item}",
            "access_law": "y",
        },
    )
    assert answer.status_code == 422
    assert "has no room for the clear days" in answer.text


def titles(house: House) -> list[str]:
    found = [one.title for one in standing_items(house.session, fresh(house))]
    house.session.commit()
    return found


def test_the_standard_agenda_becomes_the_boards_own_with_the_first_change(
    secretary: Visitor, house: House
) -> None:
    page = f"{BOARD}/standing-agenda"
    assert titles(house) == [one.title for one in STANDARD_ITEMS]
    secretary.send(page, item="minutes", do="up")
    assert titles(house)[:3] == [
        "Welcome, apologies and quorum",
        "Minutes of the last meeting",
        "Declarations of interest",
    ]
    secretary.send(page, item="welcome", do="up")  # it stands first already
    secretary.send(page, item="interests", do="remove")
    good = {"title": "The voice of children", "purpose": "discussion", "kind": "text"}
    secretary.send(f"{page}/new", **good, minutes="15", text="Brought by young people.")
    assert titles(house)[-1] == "The voice of children"
    item = f"{page}/the-voice-of-children"
    assert "Brought by young people." in secretary.get(item).text
    changed = {"title": "Young voices", "purpose": "decision", "version": "1"}
    secretary.send(item, **changed)
    assert titles(house)[-1] == "Young voices"
    with nothing_changes():
        assert secretary.post(item, data=changed).status_code == 409
        gone = secretary.send(page, item="interests", do="remove")
        assert "not there any more" in read(gone.text).text
        assert secretary.get(f"{page}/interests").status_code == 404
    secretary.send(page, do="standard")
    assert titles(house) == [one.title for one in STANDARD_ITEMS]


def test_a_wrong_item_leaves_the_standard_agenda_alone(secretary: Visitor, house: House) -> None:
    with nothing_changes():
        secretary.send(f"{BOARD}/standing-agenda", item="no-such", do="up")
        secretary.send(f"{BOARD}/standing-agenda", item="welcome", do="burn")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("purpose", "fun"),
        ("kind", ""),
        ("kind", "welcome"),  # it is there already
        ("minutes", "0"),
        ("minutes", "ten"),
        ("presenter", "x" * 201),
        ("text", "x" * 4001),
    ],
)
def test_what_is_no_standing_item_is_refused(secretary: Visitor, field: str, value: str) -> None:
    good = {"title": "Voices", "purpose": "discussion", "kind": "text"}
    with nothing_changes():
        answer = secretary.post(f"{BOARD}/standing-agenda/new", data=good | {field: value})
    assert answer.status_code == 422
    assert f"#{field}" in read(answer.text).hrefs


def test_the_business_of_the_year_has_its_months(secretary: Visitor, house: House) -> None:
    page = f"{BOARD}/year"
    good = {
        "seen": "none",
        "chair_appointment": "4",
        "terms_of_reference": "9",
        "membership": "never",
        "meeting_dates": "11",
        "annual_report": "never",
    }
    secretary.send(page, **good)
    assert year_business(house.session, fresh(house)) == {
        BusinessKind.CHAIR: 4,
        BusinessKind.TERMS: 9,
        BusinessKind.DATES: 11,
    }
    house.session.rollback()
    with nothing_changes():
        assert secretary.post(page, data=good).status_code == 409
        for month in ("", "0", "13", "x"):
            bad = secretary.post(page, data=good | {"membership": month})
            assert bad.status_code == 422, month


def test_standing_items_number_themselves(secretary: Visitor, house: House) -> None:
    secretary.send(f"{BOARD}/standing-agenda", item="minutes", do="remove")
    fresh(house)
    found = house.session.scalars(
        select(StandingItem.position)
        .where(StandingItem.partnership_id == house.tenant)
        .order_by(StandingItem.position)
    ).all()
    assert list(found) == list(range(1, len(STANDARD_ITEMS)))
