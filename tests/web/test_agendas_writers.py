"""What the records say for agenda items: the business of the year, late items, apologies."""

from __future__ import annotations

from datetime import date

import pytest

from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem, ItemOrigin, ItemStatus
from governance.agendas import writers
from governance.agendas.operations import add_item
from governance.minute_models import Attendance, AttendanceState
from governance.models import Meeting
from governance.queries import agenda
from tests.factories import House
from tracker.people.board_models import (
    BoardMemberOrganisation,
    BoardRole,
    ChairTurn,
    TermsOfReference,
)


@pytest.fixture
def meeting(house: House) -> Meeting:
    """The meeting on 8 December 2026."""
    house.cycle()
    return house.meetings()[0]


def item(house: House, meeting: Meeting, kind: ItemKind) -> AgendaItem:
    """An item of a kind."""
    return add_item(
        house.session,
        meeting,
        kind=kind,
        title=kind.value,
        purpose=Purpose.DECISION,
        origin=ItemOrigin.YEAR,
    )


def test_the_chairs_appointment_names_who_chairs_and_whose_turn_it_is(
    house: House, meeting: Meeting
) -> None:
    first = house.person("one@ashshire.example", name="Cleo", seat=BoardRole.CHAIR)
    second = house.person("two@ashshire.example", name="Theo")
    house.board.chair_term_months = 12
    for position, person in enumerate((first, second), start=1):
        house.session.add(
            ChairTurn(
                partnership_id=house.tenant,
                board_id=house.board.id,
                position=position,
                person_id=person.id,
            )
        )
    house.session.flush()
    one = item(house, meeting, ItemKind.CHAIR_APPOINTMENT)
    said = str(writers.chair_appointment(house.session, meeting, one, house.now))
    assert "['Chair', 'Cleo']" in said
    assert "['Vice chair', 'Nobody named']" in said
    assert "12 months" in said
    assert "Cleo and Theo" in said


def test_the_terms_of_reference_are_the_latest(house: House, meeting: Meeting) -> None:
    one = item(house, meeting, ItemKind.TERMS)
    assert "No terms of reference are on record." in str(
        writers.terms(house.session, meeting, one, house.now)
    )
    for version, words in ((1, "Old."), (2, "New.\n\nMore.")):
        house.session.add(
            TermsOfReference(
                partnership_id=house.tenant,
                board_id=house.board.id,
                version_number=version,
                agreed_on=date(2025, 3, version),
                text=words,
            )
        )
    house.session.flush()
    said = str(writers.terms(house.session, meeting, one, house.now))
    assert "['Agreed', '2 March 2025']" in said
    assert "['New.', 'More.']" in said
    assert "Old." not in said


def test_the_membership_lists_everybody_by_role_with_whom_they_speak_for(
    house: House, meeting: Meeting
) -> None:
    member = house.person("member@ashshire.example", name="Mo")
    house.person("chair@ashshire.example", name="Zoe", seat=BoardRole.CHAIR)
    seat = house.seat(member, BoardRole.MEMBER, house.board)
    seat.is_voting = False
    house.session.add(
        BoardMemberOrganisation(
            partnership_id=house.tenant, board_member_id=seat.id, organisation_id=house.council.id
        )
    )
    house.session.flush()
    one = item(house, meeting, ItemKind.MEMBERSHIP)
    said = str(writers.membership(house.session, meeting, one, house.now))
    assert said.index("Zoe") < said.index("Mo")
    assert "['Mo', 'Ashshire Council', 'Member', 'No']" in said


def test_the_dates_are_those_of_the_next_twelve_months(house: House, meeting: Meeting) -> None:
    one = item(house, meeting, ItemKind.MEETING_DATES)
    said = str(writers.meeting_dates(house.session, meeting, one, house.now))
    assert "Tuesday 9 March 2027, 2pm" in said
    assert "2028" not in said


def test_late_items_stand_with_their_reasons_and_nothing_of_confidential_ones(
    house: House, meeting: Meeting
) -> None:
    for title in ("Flood", "Secret", "Gone"):
        late = add_item(
            house.session,
            meeting,
            kind=ItemKind.TEXT,
            title=title,
            purpose=Purpose.DECISION,
            origin=ItemOrigin.LATE,
            late_reason=f"Because of {title}",
            is_confidential=title == "Secret",
        )
        if title == "Gone":
            late.status = ItemStatus.REMOVED
    house.session.flush()
    one = next(one for one in agenda(house.session, meeting) if one.kind is ItemKind.URGENT)
    said = str(writers.late_items(house.session, meeting, one, house.now))
    assert "['Flood', 'Because of Flood']" in said
    assert "Secret" not in said
    assert "Gone" not in said


def test_apologies_stand_under_the_welcome_and_nowhere_else(house: House, meeting: Meeting) -> None:
    for name, state in (("Mo", AttendanceState.APOLOGIES), ("Zoe", AttendanceState.PRESENT)):
        house.session.add(
            Attendance(
                partnership_id=house.tenant,
                meeting_id=meeting.id,
                board_id=house.board.id,
                name=name,
                state=state,
            )
        )
    house.session.flush()
    found = {
        one.kind: str(writers.apologies(house.session, meeting, one, house.now))
        for one in agenda(house.session, meeting)
    }
    assert "Apologies so far: Mo." in found[ItemKind.WELCOME]
    assert found[ItemKind.MINUTES] == "[]"
