"""A month replayed by real processes: two at once, and killed at any moment.

Whatever happens, nothing is missing, nothing is done twice, and a letter that went twice is one
that the outbox counted as in doubt.
"""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from pathlib import Path
from random import Random

import pytest

from tests import databases
from tests.clockwork.post_office import PostOffice, post_office
from tests.clockwork.replay import Outcome, finish, outcome, prepare, start, undisturbed
from tracker.ledger.models import MailState

pytestmark = pytest.mark.slow

DRAFT_WRITTEN = "draft pack kept"  # logged inside the transaction that closes updates
CLOSES_AT = 17
Record = Callable[[str, object], None]


@dataclass
class Month:
    """A prepared database to copy, when something is due in it, and what an easy month leaves."""

    copy: Callable[[], str]
    instants: list[datetime]
    expected: Outcome


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def month(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Month]:
    """The month on each engine, replayed once with nobody else about."""
    template = request.getfixturevalue(f"{request.param}_template")
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = databases.sqlite_copy(template, tmp_path)
            made = Path(url.removeprefix("sqlite:///"))

            def copy() -> str:
                return databases.sqlite_copy(made, tmp_path)

        else:
            name, url = stack.enter_context(databases.postgres_database(template))

            def copy() -> str:
                return stack.enter_context(databases.postgres_database(name))[1]

        instants = prepare(url)
        yield Month(copy, instants, undisturbed(copy(), instants))


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that takes a moment over each letter."""
    with post_office() as open_office:
        open_office.thinks_for = 0.1
        yield open_office


def test_two_ticks_at_once_do_everything_once(
    month: Month, office: PostOffice, record_property: Record
) -> None:
    url = month.copy()
    for instant in month.instants:
        for process in [start(url, office.port, instant) for _ in range(2)]:
            finish(process)
    result = outcome(url)
    repeats = nothing_is_missing_or_doubled(month.expected, result, office)
    assert not repeats
    assert not result.in_doubt
    record_property("counts", counted("A month, two ticks at once", month, result, office))


def test_ticks_that_are_killed_at_any_moment_leave_everything_done_once(
    month: Month, office: PostOffice, record_property: Record
) -> None:
    url = month.copy()
    killer = Killer(url, office)
    traps = cycle([killer.after_the_text, killer.before_the_text])
    for instant in month.instants[:-1]:
        if instant.hour == CLOSES_AT:
            killer.in_the_draft(instant)
            killer.in_the_rendering(instant)
        else:
            next(traps)(instant)
        killer.at_random(instant)
        killer.let_live(instant)
    killer.let_live(month.instants[-1])
    result = outcome(url)
    repeats = nothing_is_missing_or_doubled(month.expected, result, office)
    assert all(times <= result.in_doubt[message_id] for message_id, times in repeats.items())
    for moment in ("in the draft", "in the rendering", "after the text", "before the text"):
        assert killer.kills[moment]
    assert repeats
    kills = ", ".join(f"{number} {moment}" for moment, number in killer.kills.items())
    record_property("counts", counted(f"A month, killed ({kills})", month, result, office))


class Killer:
    """Starts ticks and kills them, after a while or at a moment that hurts."""

    def __init__(self, url: str, office: PostOffice) -> None:
        self.url, self.office = url, office
        self.kills: Counter[str] = Counter()
        self.random = Random(20261102)
        self.usual_seconds = 1.5

    def at_random(self, instant: datetime) -> None:
        """Kill after a while: during start-up, deeds, rendering or sending."""
        before = outcome(self.url)
        process = start(self.url, self.office.port, instant)
        time.sleep(self.random.uniform(0.5, 1.1) * self.usual_seconds)
        process.kill()
        process.communicate(timeout=60)
        if process.returncode == 0:
            self.kills["after its end"] += 1
        else:
            self.kills["at start-up" if outcome(self.url) == before else "at work"] += 1

    def let_live(self, instant: datetime) -> None:
        """Let one end, and learn how long it takes on this machine just now."""
        began = time.monotonic()
        finish(start(self.url, self.office.port, instant))
        self.usual_seconds = time.monotonic() - began

    def in_the_draft(self, instant: datetime) -> None:
        """Kill inside the transaction that closes updates, when its draft is written."""
        process = start(self.url, self.office.port, instant)
        assert process.stderr is not None
        if any(DRAFT_WRITTEN in line for line in process.stderr):
            process.kill()
        self._count("in the draft", process)

    def in_the_rendering(self, instant: datetime) -> None:
        """Kill when a draft is kept and has no PDF yet."""
        process = start(self.url, self.office.port, instant)
        while process.poll() is None:
            if None in outcome(self.url).drafts:
                process.kill()
            time.sleep(0.02)
        self._count("in the rendering", process)

    def after_the_text(self, instant: datetime) -> None:
        """Kill when the server has a letter and has not said so."""
        process = start(self.url, self.office.port, instant)
        self.office.on_text = process.kill
        self._count("after the text", process)

    def before_the_text(self, instant: datetime) -> None:
        """Kill when a letter is claimed and the server has not got it."""
        process = start(self.url, self.office.port, instant)
        self.office.on_sender = process.kill
        self._count("before the text", process)

    def _count(self, moment: str, process: subprocess.Popen[str]) -> None:
        process.communicate(timeout=60)
        self.office.on_text = self.office.on_sender = None
        if process.returncode:
            self.kills[moment] += 1


def nothing_is_missing_or_doubled(
    expected: Outcome, result: Outcome, office: PostOffice
) -> dict[str, int]:
    """Compare with the easy month; returns how often each letter went beyond its first time."""
    assert result.deeds == expected.deeds
    assert result.undone == []
    assert set(result.steps.values()) == {1}
    assert result.steps == expected.steps
    assert len(result.drafts) == len(expected.drafts) == 2
    assert all(result.drafts)
    assert sorted(result.asks) == sorted(expected.asks)
    assert set(result.mails) == set(expected.mails)
    assert {state for state, _ in result.mails.values()} == {MailState.SENT}
    taken = Counter(office.message_ids)
    assert set(taken) == set(result.mails)
    return {message_id: times - 1 for message_id, times in taken.items() if times > 1}


def counted(what: str, month: Month, result: Outcome, office: PostOffice) -> str:
    """The counts, for the summary of the tests."""
    return (
        f"{what}: {len(month.instants)} instants, {len(result.deeds)} deeds,"
        f" {len(result.steps)} steps, {len(result.asks)} asks, {len(result.drafts)} drafts,"
        f" {len(result.mails)} mails, {len(office.taken)} letters at the server,"
        f" {sum(result.in_doubt.values())} in doubt"
    )
