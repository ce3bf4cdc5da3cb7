"""``tracker explain``: what it says of an action on a day, and of what it cannot read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from actions.operations import Entry, record_progress
from tests.factories import House
from tracker.commands import main
from tracker.kernel.period import short_date
from tracker.kernel.rag import Lifecycle, Rating
from tracker.kernel.times import london_day
from tracker.ledger.audit import Actor, Source, sign

OWNER = "owner@ashshire.example"
# The command asks the machine's own clock, so the story is told backwards from today.
BEGAN = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0) - timedelta(days=100)


def day(number: int) -> str:
    """A day of the story, counted from its beginning, as people write it."""
    return short_date(london_day(BEGAN + timedelta(days=number)))


@pytest.fixture(autouse=True)
def story(session: Session, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> House:
    """An action 40 days past its deadline when it came here, updated on the tenth day."""
    monkeypatch.setenv("TRACKER_DATABASE_URL", sqlite_url)
    house = House(session, BEGAN)
    action = house.action("Open a hub", deadline=day(-40), owner=OWNER)
    now = BEGAN + timedelta(days=10)
    sign(session, Actor(at=now, source=Source.WEB, person_id=house.people[OWNER].id))
    said = Entry(Lifecycle.IN_PROGRESS, Rating.GREEN, happened="A building is found.")
    person_id = house.people[OWNER].id
    record_progress(session, action, said, person_id=person_id, last_seen=0, now=now)
    session.commit()
    return house


def run(*words: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["explain", *words])


def told(*words: str) -> dict[str, str]:
    """What the command says, by label; the limits joined."""
    answer = run(*words)
    assert answer.exit_code == 0, answer.output
    found: dict[str, str] = {}
    for line in answer.output.replace("\n  ", " ").splitlines()[3:]:
        label, _, said = line.partition(":")
        found[label] = " ".join(f"{found.get(label, '')} {said}".split())
    return found


def test_it_says_the_rating_of_a_day_what_the_date_allowed_and_what_decided() -> None:
    said = told("ashshire/1", "--on", day(20))
    assert said["Rating shown"] == "Red"
    assert said["Why"] == "The date allowed only Red, which is worse than the owner’s rating."
    assert said["Owner’s rating"].startswith(f"Green, given by owner on {day(10)} at ")
    assert said["What the date allowed"] == "Red"
    assert f"because its deadline is {day(-40)}. This decided." in said["Limit"]
    assert said["Overdue"] == "60 days"
    assert said["Where it stood"] == "In progress"
    assert said["Agreement"] == "No agreement"


def test_an_earlier_day_or_hour_is_explained_by_what_was_known_then() -> None:
    assert told("ashshire/1", "--on", day(9))["Owner’s rating"] == (
        "Grey; nobody had recorded anything yet"
    )
    assert told("ashshire/1", "--on", day(10))["Where it stood"] == "In progress"
    assert told("ashshire/1", "--on", day(10), "--at", "06:00")["Where it stood"] == "Not started"


def test_an_action_is_named_by_its_number_or_by_its_place_in_a_plan() -> None:
    by_number = run("ashshire/1")
    by_place = run("ashshire/childrens-plan:1.1")
    assert by_number.exit_code == by_place.exit_code == 0
    head = "Action 1.1 of Children’s Plan 2026-27 (number 1): Open a hub"
    assert by_number.output.splitlines()[0] == by_place.output.splitlines()[0] == head


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere/1",), "There is no partnership “nowhere”. There is: ashshire."),
        (("ashshire/99",), "has no action number 99"),
        (("ashshire/" + "9" * 40,), "Write it as PARTNERSHIP/NUMBER"),
        (("ashshire",), "Write it as PARTNERSHIP/NUMBER"),
        (("ashshire/one",), "“one” names no action"),
        (("ashshire/²",), "“²” names no action"),
        (("ashshire/no-plan:1.1",), "There is no plan “no-plan”. There is: childrens-plan."),
        (("ashshire/childrens-plan:9.9",), "There is no action 9.9 in Children’s Plan 2026-27"),
        (("ashshire/1", "--on", "soon"), "We cannot read “soon” as a day"),
        (("ashshire/1", "--on", "2199-01-01"), "1 January 2199 is still to come"),
        (("ashshire/1", "--on", "March 2026"), "Give one day"),
        (("ashshire/1", "--at", "noon"), "“noon” is not a time. Write it as 17:00."),
        (("ashshire/1", "--on", day(-1)), "was not kept here yet on"),
    ],
)
def test_what_cannot_be_read_or_found_is_answered_in_one_plain_line(
    words: tuple[str, ...], said: str
) -> None:
    answer = run(*words)
    assert answer.exit_code == 1
    assert said in answer.output
    assert len(answer.output.strip().splitlines()) == 1
    assert "Traceback" not in answer.output
