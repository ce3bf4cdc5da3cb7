"""``tracker timeline``: a board's meetings with each step, planned and done."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from governance.decision_models import Decision, DecisionKind
from governance.models import Meeting, MeetingMode, MeetingStatus
from governance.operations import mark_done
from governance.sittings.calling import new_meeting
from governance.timetable import StepKind
from tests.factories import House
from tracker.commands import main
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.kernel.times import london_day

# The command asks the machine's own clock, so the story is told backwards from today.
BEGAN = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0) - timedelta(days=60)


@pytest.fixture(autouse=True)
def story(session: Session, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    """A meeting forty days after the story began: published late, held, with two decisions."""
    monkeypatch.setenv("TRACKER_DATABASE_URL", sqlite_url)
    house = House(session, BEGAN)
    meeting = new_meeting(
        session,
        house.board,
        on=london_day(BEGAN + timedelta(days=40)),
        starts_at=time(14),
        minutes=60,
        place="County Hall",
        mode=MeetingMode.IN_PERSON,
        joining_link=None,
        now=BEGAN,
        holidays=EnglishBankHolidays(),
    )
    mark_done(session, meeting, StepKind.PUBLISH, now=BEGAN + timedelta(days=39))
    meeting.status = MeetingStatus.HELD
    meeting.agenda_approved_at = BEGAN + timedelta(days=20)
    meeting.agenda_approved_by_id = house.person("chair@ashshire.example", name="Cleo Chair").id
    for number, is_confidential in ((1, False), (2, True)):
        session.add(
            Decision(
                partnership_id=house.tenant,
                board_id=house.board.id,
                meeting_id=meeting.id,
                reference=f"TB/{number}",
                kind=DecisionKind.DECISION,
                text="Agreed." if not is_confidential else "A child’s placement.",
                made_on=meeting.meets_on,
                is_confidential=is_confidential,
            )
        )
    session.commit()
    return meeting


def run(*words: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["timeline", *words])


def values(*words: str) -> dict[str, Any]:
    """What the command writes as JSON."""
    answer = run(*words, "--json")
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_each_step_is_printed_with_what_was_planned_and_done_and_by_whom() -> None:
    lines = run("trust-board").output.splitlines()
    assert lines[0] == "Trust Board"
    assert any(line.endswith(": held") for line in lines)
    published = next(line for line in lines if line.strip().startswith("Pack published"))
    assert " late " in published
    approved = next(line for line in lines if "Agenda approved" in line)
    assert approved.endswith("Cleo Chair")
    assert "  Decisions: 1" in lines


def test_json_gives_the_same_and_counts_no_confidential_decision(story: Meeting) -> None:
    found = values("trust-board", "--partnership", "ashshire")
    [meeting] = found["meetings"]
    assert (meeting["status"], meeting["decisions"]) == ("held", 1)
    assert meeting["meets_on"] == story.meets_on.isoformat()
    steps = {one["kind"]: one for one in meeting["steps"]}
    assert steps["publish"]["late"] is True
    assert steps["agenda-approved"]["by"] == "Cleo Chair"
    assert steps["ask"]["done_at"] is None
    assert "child" not in json.dumps(found)


def test_one_meeting_is_chosen_by_its_day(story: Meeting) -> None:
    day = story.meets_on.isoformat()
    assert len(values("trust-board", "--meeting", day)["meetings"]) == 1
    refused = run("trust-board", "--meeting", "2020-01-01")
    assert refused.exit_code == 1
    assert "Trust Board does not meet on 2020-01-01." in refused.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no-such-board"], "There is no board “no-such-board”. Boards are: trust-board"),
        (["trust-board", "--partnership", "elsewhere"], "There is no board “trust-board”."),
        (["trust-board", "--meeting", "soon"], "We cannot read “soon” as a day."),
    ],
)
def test_what_is_not_there_is_said_in_plain_words(words: list[str], said: str) -> None:
    answer = run(*words)
    assert (answer.exit_code, said in answer.output) == (1, True)
