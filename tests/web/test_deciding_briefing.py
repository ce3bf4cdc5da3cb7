"""The chair's briefing: what it tells, to whom, and what it leaves out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from actions.deadline_words import read_deadline
from actions.deadlines import as_deadline, change_deadline
from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem
from governance.decision_models import CirculationKind
from governance.log_models import MeetingAction
from governance.minute_models import Attendance, AttendanceState
from governance.models import Meeting
from governance.packs.briefing import compose
from governance.packs.briefing_facts import Briefing, QuorumFacts
from tests.factories import House
from tests.fakes import PlainRenderer
from tests.pages import Visitor
from tests.web.deciding import (
    ADMINISTRATOR,
    BOARD,
    CHAIR,
    MEMBER,
    SECRETARY,
    STRANGER,
    circulate,
    people,
)

SignIn = Callable[[Visitor, str], None]
PAGE = f"{BOARD}/meetings/2026-12-08/briefing"
BARE = Briefing(
    partnership="Ashshire",
    board="Trust Board",
    chair="Ann Lee",
    marking=None,
    starts_at=datetime(2026, 12, 8, 14, tzinfo=UTC),
    place=None,
    as_at=datetime(2026, 12, 4, 7, tzinfo=UTC),
)


@pytest.fixture
def meeting(house: House) -> Meeting:
    """The board's next meeting, on 8 December 2026."""
    people(house)
    house.cycle()
    return house.meetings()[0]


def titles(known: Briefing) -> list[str]:
    """The headings of a briefing."""
    items = compose(known)["items"]
    assert isinstance(items, list)
    return [item["title"] for item in items]


def test_what_there_is_nothing_to_tell_of_is_said_in_one_place() -> None:
    assert titles(BARE) == ["Nothing to report"]
    assert titles(replace(BARE, to_ratify=("TB/2026-11/E1: Buy a van",))) == [
        "Decisions between meetings",
        "Nothing to report",
    ]


@pytest.mark.parametrize(
    ("quorum", "said", "at_risk"),
    [
        (QuorumFacts(("Jo Bell",), True, "Met."), True, False),
        (QuorumFacts((), False, "Not met."), True, True),
        (QuorumFacts(("Jo Bell",), False, "Not met."), True, True),
        (QuorumFacts(("Jo Bell",), None, ""), True, False),
        (QuorumFacts((), True, "Met."), False, False),
    ],
)
def test_a_quorum_is_told_of_when_it_may_be_missed(
    quorum: QuorumFacts, said: bool, at_risk: bool
) -> None:
    value = compose(replace(BARE, quorum=quorum))
    assert ("Quorum" in titles(replace(BARE, quorum=quorum))) is said
    assert ("At risk" in str(value)) is at_risk


def test_it_tells_the_chair_what_the_papers_do_not(
    client: Visitor, house: House, meeting: Meeting, sign_in: SignIn
) -> None:
    silent = house.action("Open a family hub", owner=MEMBER, lead=house.council)
    house.ask(silent, days=-3, closed=True)
    slipping = house.action("Train forty mentors", deadline="March 2027")
    for words in ("by April 2027", "by June 2027"):
        change_deadline(
            house.session,
            slipping,
            as_deadline(read_deadline(words)),
            person_id=house.people[SECRETARY].id,
            board_id=house.board.id,
            reason="The trainer is ill.",
            now=house.now,
        )
    house.session.add_all(
        [
            MeetingAction(
                partnership_id=house.tenant,
                board_id=house.board.id,
                meeting_id=meeting.id,
                reference="A1",
                what=what,
                person_id=house.people[MEMBER].id,
                due_on=date(2026, 10, 30),
                is_confidential=hidden,
                changed_at=house.now,
            )
            for what, hidden in [("Write to the schools", False)]
        ]
        + [
            AgendaItem(
                partnership_id=house.tenant,
                meeting_id=meeting.id,
                position=50,
                kind=ItemKind.TEXT,
                title=title,
                purpose=Purpose.DECISION,
                is_confidential=hidden,
            )
            for title, hidden in [("The new strategy", False), ("The Smith case", True)]
        ]
        + [
            Attendance(
                partnership_id=house.tenant,
                meeting_id=meeting.id,
                board_id=house.board.id,
                person_id=house.people[MEMBER].id,
                name="Jo Bell",
                state=AttendanceState.APOLOGIES,
            )
        ]
    )
    house.board.quorum_number = 3
    house.session.commit()
    circulate(house, kind=CirculationKind.EMAIL, closes_at=house.now + timedelta(days=3))
    circulate(house, title="The Jones case", is_confidential=True)
    sign_in(client, CHAIR)
    text = client.page(PAGE).text
    assert "The new strategy" in text
    assert "Also 1 confidential item, in the confidential papers" in text
    assert "Ashshire Council (1) 1.1 Open a family hub member" in text.replace("Jo Bell", "member")
    assert "By June 2027 (originally by March 2027) Moved 2 times, 91 days in all" in text
    assert "A1 Write to the schools Jo Bell 30 October 2026" in text
    assert "Buy the hub a van: closes on 5 November 2026 at 10am" in text
    assert "Apologies so far Jo Bell" in text
    assert "At risk" in text
    assert "Smith" not in text
    assert "Jones" not in text


@pytest.mark.parametrize(
    ("email", "status"),
    [(CHAIR, 200), (SECRETARY, 200), (MEMBER, 403), (ADMINISTRATOR, 403), (STRANGER, 403)],
)
def test_it_is_for_the_chair_and_the_secretary(
    client: Visitor,
    house: House,
    meeting: Meeting,
    sign_in: SignIn,
    renderer: PlainRenderer,
    email: str,
    status: int,
) -> None:
    sign_in(client, email)
    assert client.get(PAGE).status_code == status
    printed = client.get(f"{PAGE}.pdf")
    assert printed.status_code == status
    if status == 200:
        assert printed.headers["Cache-Control"] == "private, no-store"
        assert renderer.rendered[-1]["document"] == "report"
