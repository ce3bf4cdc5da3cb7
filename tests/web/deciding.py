"""What tests of decisions between meetings and of the action log share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from governance.deciding.operations import open_circulation
from governance.decision_models import Circulation, CirculationKind, Decision
from governance.models import Meeting, MeetingStatus
from tests.factories import House
from tests.pages import Visitor, read
from tracker.people.board_models import BoardRole
from tracker.people.models import Role

CHAIR, VICE = "chair@ashshire.example", "vice@ashshire.example"
MEMBER, OTHER = "member@ashshire.example", "other@ashshire.example"
SECRETARY, STRANGER = "secretary@ashshire.example", "stranger@ashshire.example"
ADMINISTRATOR = "administrator@ashshire.example"
BOARD = "/ashshire/boards/trust-board"
BETWEEN = f"{BOARD}/between-meetings"


def people(house: House) -> None:
    """A board of a chair and two members who vote, with its secretary; and two beside it."""
    house.person(CHAIR, name="Ann Lee", seat=BoardRole.CHAIR)
    house.person(MEMBER, name="Jo Bell", seat=BoardRole.MEMBER)
    house.person(OTHER, name="Sam Roe", seat=BoardRole.MEMBER)
    house.person(SECRETARY, name="Kit Moss", seat=BoardRole.SECRETARY)
    house.person(STRANGER)
    house.person(ADMINISTRATOR, role=Role.ADMINISTRATOR)


def circulate(house: House, **other: Any) -> Circulation:
    """A decision by e-mail that closes in a week."""
    values: dict[str, Any] = {
        "kind": CirculationKind.EMAIL,
        "title": "Buy the hub a van",
        "proposal": "That the board spends £9,000 on a van.",
        "why_now": "The offer ends on Friday.",
        "delegated_to": None,
        "closes_at": house.now + timedelta(days=7),
        "is_confidential": False,
        "person_id": house.people[SECRETARY].id,
        "now": house.now,
    }
    made = open_circulation(house.session, house.board, **{**values, **other})
    house.session.commit()
    return made


def held(house: House, days: int, status: MeetingStatus = MeetingStatus.HELD) -> Meeting:
    """A meeting of the board some days from now."""
    at = house.now + timedelta(days=days)
    meeting = Meeting(
        partnership_id=house.tenant,
        board_id=house.board.id,
        occurrence_on=at.date(),
        meets_on=at.date(),
        starts_at=at,
        ends_at=at + timedelta(hours=2),
        gap_days=90,
        status=status,
        changed_at=house.now,
    )
    house.session.add(meeting)
    house.session.commit()
    return meeting


@dataclass(frozen=True)
class Stands:
    """How a circulation stands: its state, why, and the reference and votes of its decision."""

    state: str
    words: str | None
    reference: str | None
    votes: tuple[int | None, int | None, int | None] | None


def stands(house: House) -> Stands:
    """How the only circulation stands now."""
    house.session.rollback()
    house.session.expire_all()
    one = house.session.scalars(
        select(Circulation).where(Circulation.partnership_id == house.tenant)
    ).one()
    decision = house.session.scalar(select(Decision).where(Decision.partnership_id == house.tenant))
    found = Stands(
        one.state.value,
        one.outcome_words,
        decision.reference if decision else None,
        (decision.votes_for, decision.votes_against, decision.abstentions) if decision else None,
    )
    house.session.rollback()
    return found


def said(client: Visitor, path: str, **values: Any) -> tuple[int, str]:
    """Send a form; its status, and what the page says."""
    answer = client.send(path, **values)
    return answer.status_code, read(answer.text).text
