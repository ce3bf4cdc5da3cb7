"""The table of answers as a browser sends it, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from actions.models import Action, Progress
from actions.operations import Entry, record_progress
from actions.queries import action_by_number
from governance.log_models import MeetingAction
from tests.factories import House
from tests.pages import Visitor
from tracker.kernel.rag import Lifecycle, Rating

Fields = list[tuple[str, str]]
OWNER, OTHER, SECRETARY = (f"{who}@ashshire.example" for who in ("owner", "other", "secretary"))
PAGE = "/my-actions/answer"
GREEN = {"happened": "Two sites are agreed."}
TROUBLE = {**GREEN, "cause": "No third site.", "recovery": "The district chooses in May."}


def row(number: int, answer: str, seen: int | str = 0, /, **said: str) -> Fields:
    """The fields of one action's row; a ``slug`` in what is said names another partnership."""
    slug = said.pop("slug", "ashshire")
    fields = {"last_seen": str(seen), "answer": answer} | said
    key = f"{slug}-{number}"
    return [("row", key), *((f"{key}-{name}", value) for name, value in fields.items())]


def task_row(task: MeetingAction, status: str, progress: str = "", *, version: int = 1) -> Fields:
    """The fields of a meeting action's row."""
    fields = {"version": str(version), "status": status, "progress": progress}
    return [("task", str(task.uid)), *((f"{task.uid}-{n}", value) for n, value in fields.items())]


def meeting_action(
    house: House, person: str, what: str = "Write to the districts"
) -> MeetingAction:
    """Something that a meeting asked somebody to do by 30 October 2026."""
    meetings = house.meetings() or (house.cycle(), house.meetings())[1]
    known = house.people.get(person) or house.person(person)
    task = MeetingAction(
        partnership_id=house.tenant,
        board_id=house.board.id,
        meeting_id=meetings[0].id,
        reference=f"TB/2026/{what[0]}",
        what=what,
        person_id=known.id,
        due_on=date(2026, 10, 30),
        changed_at=house.now,
    )
    house.session.add(task)
    house.session.commit()
    return task


def record(house: House, number: int, email: str, **said: object) -> None:
    """Record an entry past the page, as another person would."""
    house.session.rollback()
    house.session.expire_all()
    action = action_by_number(house.session, house.tenant, number)
    assert action is not None
    entry: dict[str, object] = {"lifecycle": Lifecycle.IN_PROGRESS, "rating": Rating.GREEN} | said
    record_progress(
        house.session,
        action,
        Entry(**entry),  # type: ignore[arg-type]  # by table
        person_id=house.people[email].id,
        last_seen=action.last_entry_number,
        now=house.now,
    )
    house.session.commit()


def asked(house: House, *deadlines: str | None) -> list[Action]:
    """Actions of the owner that they are asked for, one for each deadline."""
    actions = [
        house.action(f"Action {at}", deadline=on, owner=OWNER)
        for at, on in enumerate(deadlines, start=1)
    ]
    for one in actions:
        house.ask(one, days=20)
    return actions


@dataclass
class Desk:
    """Somebody who is signed in, and the table that they send."""

    house: House
    client: Visitor

    def send(self, *rows: Fields, follow: bool = False) -> TestResponse:
        """Save the table."""
        self.house.session.rollback()  # what a test has read must not lock SQLite
        data: MultiDict[str, str] = MultiDict([pair for one in rows for pair in one])
        return self.client.post(PAGE, data=data, follow_redirects=follow)

    def entries(self) -> list[Progress]:
        """Everything that was recorded, in the order of the actions."""
        session = self.house.session
        session.rollback()
        session.expire_all()
        found = session.scalars(
            select(Progress)
            .where(Progress.partnership_id == self.house.tenant)
            .order_by(Progress.action_id, Progress.number)
        ).all()
        session.rollback()
        return list(found)
