"""The days around one meeting, and what tests of the timetable do on them."""

from __future__ import annotations

from datetime import date, datetime

from actions.models import Action
from actions.operations import Entry, record_progress
from tests.factories import House
from tracker.people.board_models import Board

# The board meets on the second Tuesday of each third month; the next time on 8 December 2026.
MEETING = date(2026, 12, 8)
ASK = date(2026, 11, 10)  # T-20
CHASE = date(2026, 11, 20)  # T-12
CLOSE = date(2026, 11, 26)  # T-8
MONTHLY = "FREQ=MONTHLY;BYDAY=2TU"
NEXT_WEEK = date(2026, 11, 9)
OWNER = "owner@a.example"
OTHER = "other@a.example"


def board_meets(house: House, rule: str, *, board: Board | None = None) -> None:
    """Have a board meet by a rule, from October 2026 on."""
    house.cycle(rule, starts_on=date(2026, 10, 1), board=board)


def answer(house: House, action: Action, email: str, at: datetime) -> None:
    """Record in somebody's name that the action stands where it stood."""
    house.session.expire_all()
    record_progress(
        house.session,
        action,
        Entry(lifecycle=action.lifecycle, rating=action.owner_rating),
        person_id=house.people[email].id,
        last_seen=action.last_entry_number,
        now=at,
    )
    house.session.commit()
