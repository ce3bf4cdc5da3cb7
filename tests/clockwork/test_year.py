"""The demonstration's year with two schedulers at once, killed at any moment, by real SMTP.

Whatever happens, it leaves what an easy year leaves: the same deeds, steps, asks, updates, packs
and mails. The mail server has every message; one that it has more than once is the same
Message-ID, and no oftener than the outbox counted it as in doubt.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from itertools import cycle
from pathlib import Path
from random import Random

import pytest

from tests import databases
from tests.clockwork.post_office import PostOffice, post_office
from tests.clockwork.worker import Worker
from tests.clockwork.year import EVERYBODY, Moment, Outcome, replay
from tracker.ledger.models import MailState

pytestmark = pytest.mark.slow

Easy = tuple[dict[datetime, Moment], Outcome]
# Of the instants at which something is done, how many are struck: each kill costs a new start.
STRUCK = 0.15
BEFORE, AFTER = "before the text", "after the text"
ONE, BOTH, TOO_LATE = "one at work", "both at work", "too late"
# SQLite replays all of the demonstration. PostgreSQL, which is slower at so many small
# transactions, replays one of its three partnerships, over the same year.
REPLAYED = {"sqlite": EVERYBODY, "postgresql": ("northamptonshire",)}


@pytest.fixture(scope="module")
def easy(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Easy:
    """The year with nobody else about: what each instant did, and what was left."""
    return replay(databases.sqlite_copy(sqlite_template, tmp_path_factory.mktemp("easy")))


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that takes a moment over each letter."""
    with post_office() as open_office:
        open_office.thinks_for = 0.02
        yield open_office


def test_two_schedulers_killed_at_any_moment_of_the_year_leave_what_an_easy_year_leaves(
    easy: Easy,
    any_url: str,
    office: PostOffice,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    engine = any_url.partition(":")[0].partition("+")[0]
    partnerships = REPLAYED[engine]
    moments, everything = easy
    expected = everything.of(partnerships)
    with ExitStack() as stack:
        pair = Pair(any_url, office, tmp_path, moments)
        stack.callback(pair.stop)
        _, left = replay(any_url, pair.run, partnerships)
    assert left.undone == expected.undone
    assert left.steps == expected.steps
    assert left.deeds == expected.deeds
    assert left.asks == expected.asks
    assert left.updates == expected.updates
    assert left.packs == expected.packs
    assert left.unrendered == expected.unrendered == 0
    assert left.mails == expected.mails
    assert set(left.states) == {MailState.SENT}
    taken = Counter(office.message_ids)
    assert set(taken) == set(left.in_doubt)
    repeats = {message_id: times - 1 for message_id, times in taken.items() if times > 1}
    assert all(times <= left.in_doubt[message_id] for message_id, times in repeats.items())
    assert repeats
    struck = {moment: pair.kills[moment] for moment in (BEFORE, AFTER, ONE, BOTH)}
    assert all(struck.values())
    kills = ", ".join(f"{number} {moment}" for moment, number in struck.items())
    record_property(
        "counts",
        f"A year of {len(partnerships)} partnerships on {engine}: {len(moments)} instants of two"
        f" schedulers, killed at {sum(struck.values())} of them ({kills}); {len(left.deeds)} deeds,"
        f" {left.steps.total()} steps, {len(left.asks)} asks, {len(left.updates)} updates,"
        f" {len(left.packs)} packs, {len(left.mails)} mails: {len(office.taken)} letters at the"
        f" server, {sum(repeats.values())} repeats, {sum(left.in_doubt.values())} in doubt;"
        f" {pair.failures} deeds left to the next tick",
    )


class Pair:
    """Two schedulers that tick at the same instants, and are struck down at some of them."""

    def __init__(
        self, url: str, office: PostOffice, folder: Path, moments: dict[datetime, Moment]
    ) -> None:
        self.office, self.moments = office, moments
        self.workers = [Worker(number, url, office.port, folder) for number in (1, 2)]
        self.random = Random(20261102)
        self.kills: Counter[str] = Counter()
        self.failures = 0
        self._where_mail_goes = cycle([AFTER, ONE, BEFORE, BOTH])
        self._elsewhere = cycle([ONE, BOTH])

    def run(self, instant: datetime) -> None:
        """Have both tick at an instant, again and again until both end it unharmed."""
        moment = self.moments[instant]
        if moment.did_something and self.random.random() < STRUCK:
            self._strike(instant, moment)
        for _ in range(5):
            for worker in self.workers:
                worker.tell(instant)
            failed = [worker.answer() for worker in self.workers]
            assert None not in failed, f"a scheduler died by itself at {instant}"
            if not any(failed):
                return
            self.failures += sum(number or 0 for number in failed)
        raise AssertionError(f"what was due at {instant} could not be done")

    def _strike(self, instant: datetime, moment: Moment) -> None:
        """Kill one or both in the middle of their work, once."""
        trap = next(self._where_mail_goes if moment.sent else self._elsewhere)
        if trap == BEFORE:
            self.office.on_sender = lambda: self._kill_who_sends(BEFORE)
        elif trap == AFTER:
            self.office.on_text = lambda: self._kill_who_sends(AFTER)
        for worker in self.workers:
            worker.tell(instant)
        if trap in (ONE, BOTH):
            chosen = self.workers if trap == BOTH else [self.random.choice(self.workers)]
            self._kill_after(self.random.uniform(0, 1.2) * moment.seconds, chosen)
        for worker in self.workers:
            worker.answer()
        self.office.on_sender = self.office.on_text = None

    def _kill_after(self, seconds: float, chosen: list[Worker]) -> None:
        """Kill after a while, unless the work is done by then."""
        time.sleep(seconds)
        caught = [worker for worker in chosen if not worker.is_done]
        for worker in caught:
            worker.kill()
        self.kills[(TOO_LATE, ONE, BOTH)[len(caught)]] += 1

    def _kill_who_sends(self, moment: str) -> None:
        next(worker for worker in self.workers if worker.sender == self.office.sender).kill()
        self.kills[moment] += 1

    def stop(self) -> None:
        """Let both go."""
        for worker in self.workers:
            worker.stop()
