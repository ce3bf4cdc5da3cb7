"""A secretary sets a cycle in words, sees what it brings, changes it and ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from governance.models import CycleKind, Meeting, MeetingStatus, ReviewCycle
from governance.queries import meetings
from tests.factories import House
from tests.pages import Visitor, read
from tracker.people.board_models import BoardRole
from tracker.people.models import Audience, ClosedPeriod, Role

SignIn = Callable[[Visitor, str], None]
SECRETARY = "secretary@ashshire.example"
CYCLES = "/ashshire/boards/trust-board/cycles"


@pytest.fixture
def secretary(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """The secretary of a board, signed in."""
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    sign_in(client, SECRETARY)
    return client


def asked(**values: Any) -> dict[str, Any]:
    """What a form sends for a quarterly cycle at 2pm, with what a test says otherwise."""
    return {
        "kind": "recurrence",
        "rule": "second Tuesday of March, June, September and December",
        "at": "2pm",
        "minutes": "90",
        "place": "County Hall",
        "starts_on": "2 November 2026",
        "ends_on": "",
        "once_on": "",
        "words": "",
        "seen": "0",
    } | values


def saved(client: Visitor, path: str, values: dict[str, Any]) -> str:
    """Look at what it does, then confirm; what the page says then."""
    looked = client.send(path, **values)
    assert looked.status_code == 200, looked.text
    mark = next(one["value"] for one in read(looked.text).fields if one.get("name") == "mark")
    answer = client.send(path, **values, mark=mark, confirm="1")
    assert answer.status_code == 200, read(answer.text).text
    return read(answer.text).text


def only_cycle(house: House) -> ReviewCycle:
    """The one cycle there is, as it is now."""
    house.session.rollback()
    found = house.session.scalars(
        select(ReviewCycle)
        .where(ReviewCycle.partnership_id == house.tenant)
        .execution_options(populate_existing=True)
    ).one()
    house.session.expunge(found)
    house.session.rollback()
    return found


def standing(house: House) -> list[tuple[date, MeetingStatus]]:
    """Every meeting of the board: where it meets and what became of it."""
    house.session.rollback()
    house.session.expire_all()
    found = [(one.meets_on, one.status) for one in meetings(house.session, house.tenant)]
    house.session.rollback()
    return found


def test_a_cycle_is_set_in_words_and_makes_its_meetings(secretary: Visitor, house: House) -> None:
    values = asked(plans=[str(house.plan.id)])
    looked = read(secretary.send(f"{CYCLES}/new", **values).text).text
    assert "Second Tuesday of March, June, September and December" in looked
    assert "Tuesday 8 December 2026, 2pm" in looked
    assert looked.count("Every step") == 12
    assert standing(house) == []
    said = saved(secretary, f"{CYCLES}/new", values)
    assert "6 meetings are made." in said
    cycle = only_cycle(house)
    assert (cycle.rule, cycle.minutes, cycle.place) == (
        "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=2TU",
        90,
        "County Hall",
    )
    assert standing(house)[0] == (date(2026, 12, 8), MeetingStatus.PLANNED)
    page = secretary.page("/ashshire/boards/trust-board/meetings/2026-12-08").text
    assert "Children’s Plan" in page


def test_the_preview_names_holidays_closed_periods_and_bad_days(
    secretary: Visitor, house: House
) -> None:
    house.session.add(
        ClosedPeriod(
            partnership_id=house.tenant,
            name="Christmas",
            from_on=date(2026, 12, 19),
            to_on=date(2027, 1, 3),
            audience=Audience.EVERYBODY,
            holds_publishing=False,
        )
    )
    house.session.commit()
    text = read(
        secretary.send(f"{CYCLES}/new", **asked(rule="last Friday of every month")).text
    ).text
    assert "It is a bank holiday: Christmas Day." in text
    assert "It falls in “Christmas”." in text
    assert "It is a bank holiday: Good Friday." in text
    assert "May Day, 3 May 2027" in text
    rule = "second Tuesday of January and April"
    text = read(secretary.send(f"{CYCLES}/new", **asked(rule=rule)).text).text
    assert "Good Friday, 26 March 2027; Easter Monday, 29 March 2027" in text
    assert "Boxing Day (substitute day), 28 December 2026" in text
    assert "Last call for updates: Before “Christmas”; it was 30 December 2026" not in text
    assert "Updates close: Before “Christmas”; it was 30 December 2026." in text
    text = read(secretary.send(f"{CYCLES}/new", **asked(rule="15th of every month")).text).text
    assert "It is a Saturday." in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"rule": "whenever"}, "We cannot read “whenever” as a rule."),
        ({"rule": ""}, "Say when the board meets."),
        ({"rule": "FREQ=DAILY"}, "FREQ must say which"),
        ({"rule": "31st of February"}, "never falls on a day"),
        ({"rule": "x" * 400}, "Write 300 characters or fewer"),
        ({"at": ""}, "Say at what time its meetings begin."),
        ({"at": "25:00"}, "There is no such time"),
        ({"rule": "every Tuesday at 3pm"}, "The rule says 3pm and this says 2pm."),
        ({"starts_on": ""}, "Give the day from which the rule holds."),
        ({"starts_on": "soon"}, "We cannot read “soon” as a day."),
        ({"ends_on": "1 October 2026"}, "The last day must not come before the first"),
        ({"minutes": "0"}, "Give the length in minutes"),
        ({"minutes": "٣٠"}, "Give the length in minutes"),
        ({"kind": "never"}, "Choose when the board reviews"),
        ({"kind": "once", "rule": ""}, "Give the day from which the review is due."),
        ({"kind": "on-request"}, "Leave the rule empty"),
        ({"plans": ["999999"]}, "Choose from the plans that are listed"),
        ({"is_coordinated": "y"}, "A coordinated report brings two plans or more"),
    ],
)
def test_what_will_not_do_is_said_and_what_was_typed_is_kept(
    secretary: Visitor, house: House, values: dict[str, Any], words: str
) -> None:
    answer = secretary.post(f"{CYCLES}/new", data=asked(**values) | {"confirm": "1"})
    assert answer.status_code == 422
    page = read(answer.text)
    assert words in page.text
    typed = {one.get("name"): one.get("value", "") for one in page.fields}
    assert typed["place"] == "County Hall"
    assert standing(house) == []


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("every-meeting", {}, "At every meeting"),
        ("once", {"once_on": "1 February 2027"}, "Once, from 1 February 2027 on"),
        ("on-request", {}, "On request"),
    ],
)
def test_the_other_kinds_bring_plans_to_meetings_that_are_there(
    secretary: Visitor, house: House, kind: str, more: dict[str, str], words: str
) -> None:
    house.cycle(plans=[])
    house.meetings()
    values = asked(kind=kind, rule="", at="", plans=[str(house.plan.id)], **more)
    assert "No meeting moves." in saved(secretary, f"{CYCLES}/new", values)
    page = secretary.page(CYCLES).text
    assert words in page
    on = [
        f"2027-{month:02}-{day:02}" if month < 12 else "2026-12-08"
        for month, day in ((12, 8), (3, 9))
    ]
    reviewed = [
        "Progress report: Children’s Plan"
        in secretary.page(f"/ashshire/boards/trust-board/meetings/{one}").text
        for one in on
    ]
    assert (
        reviewed
        == {
            "every-meeting": [True, True],
            "once": [False, True],
            "on-request": [False, False],
        }[kind]
    )


def test_a_changed_rule_moves_meetings_after_it_was_shown(secretary: Visitor, house: House) -> None:
    cycle = house.cycle()
    house.meetings()
    path = f"{CYCLES}/{cycle.uid}"
    assert "second Tuesday of March, June, September and December" in {
        one.get("value") for one in secretary.page(path).fields
    }
    values = asked(
        rule="first Wednesday of March, June, September and December",
        minutes="120",
        place="",
        starts_on="1 March 2026",
        plans=[str(house.plan.id)],
        seen=str(cycle.version),
    )
    looked = read(secretary.send(path, **values).text).text
    assert "8 December 2026 at 2pm Moves to 2 December 2026 at 2pm" in looked
    assert standing(house)[0] == (date(2026, 12, 8), MeetingStatus.PLANNED)
    assert "6 meetings are moved." in saved(secretary, path, values)
    assert [on for on, _ in standing(house)][:2] == [date(2026, 12, 2), date(2027, 3, 3)]
    # Its page keeps its address.
    page = secretary.page("/ashshire/boards/trust-board/meetings/2026-12-08")
    assert page.h1 == ["Meeting of Wednesday 2 December 2026"]
    assert "Children’s Plan" in page.text


def test_a_page_that_somebody_overtook_changes_nothing(secretary: Visitor, house: House) -> None:
    cycle = house.cycle()
    path, before = f"{CYCLES}/{cycle.uid}", str(cycle.version)
    saved(secretary, path, asked(place="The Guildhall", seen=before))
    answer = secretary.post(path, data=asked(place="Elsewhere", seen=before))
    assert answer.status_code == 409
    assert "Somebody changed this cycle since you opened the page" in read(answer.text).text
    assert only_cycle(house).place == "The Guildhall"


def test_what_it_does_is_shown_again_when_it_has_changed_meanwhile(
    secretary: Visitor, house: House
) -> None:
    cycle = house.cycle()
    answer = secretary.post(
        f"{CYCLES}/{cycle.uid}", data=asked(seen=str(cycle.version), mark="old", confirm="1")
    )
    assert answer.status_code == 409
    assert "has changed since you looked" in read(answer.text).text


def test_an_ended_cycle_cancels_what_only_it_makes(secretary: Visitor, house: House) -> None:
    cycle = house.cycle()
    house.meetings()
    path = f"{CYCLES}/{cycle.uid}/end"
    values = {"on": "31 December 2026", "seen": str(cycle.version)}
    assert "9 March 2027 at 2pm Is cancelled" in read(secretary.send(path, **values).text).text
    assert "5 meetings are cancelled." in saved(secretary, path, values)
    assert [status for _, status in standing(house)] == [
        MeetingStatus.PLANNED,
        *[MeetingStatus.CANCELLED] * 5,
    ]
    assert only_cycle(house).ends_on == date(2026, 12, 31)


def test_a_cycle_that_has_not_begun_may_be_ended(secretary: Visitor, house: House) -> None:
    cycle = house.cycle(starts_on=date(2027, 6, 1))
    house.meetings()
    said = saved(
        secretary,
        f"{CYCLES}/{cycle.uid}/end",
        {"on": "2 November 2026", "seen": str(cycle.version)},
    )
    assert "are cancelled" in said
    assert house.meetings()[-1].status is MeetingStatus.CANCELLED


def test_only_those_who_run_meetings_change_cycles(
    secretary: Visitor, house: House, sign_in: SignIn
) -> None:
    cycle = house.cycle()
    house.person("admin@ashshire.example", role=Role.ADMINISTRATOR)
    house.person("chair@ashshire.example", seat=BoardRole.CHAIR)
    for who, status in (("admin", 200), ("chair", 403)):
        secretary.post("/sign-out")
        sign_in(secretary, f"{who}@ashshire.example")
        for path in (CYCLES, f"{CYCLES}/new", f"{CYCLES}/{cycle.uid}", f"{CYCLES}/{cycle.uid}/end"):
            assert secretary.get(path).status_code == status


def test_a_cycle_of_another_board_is_not_there(secretary: Visitor, house: House) -> None:
    other = house.make_board("Other Board")
    cycle = house.cycle(board=other)
    assert secretary.get(f"{CYCLES}/{cycle.uid}").status_code == 404
    assert only_cycle(house).kind is CycleKind.RECURRENCE
    assert isinstance(house.meetings()[0], Meeting)
