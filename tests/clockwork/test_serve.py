"""The commands as an operator runs them: serving, the scheduler, one tick, and what they refuse."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.clockwork.conftest import Found
from tests.clockwork.post_office import PostOffice, free_port, post_office
from tests.clockwork.replay import ROOT
from tests.factories import House
from tracker.commands import main
from tracker.ledger.models import Deed, MailState, OutboxMail
from tracker.ledger.outbox import Mail, post

SECRET = "a secret for tests, and for nothing else"
START_SECONDS = 60


class Running:
    """A command in a process of its own, with a home folder of its own."""

    def __init__(self, home: Path, *words: str, **settings: str) -> None:
        home.mkdir(exist_ok=True)
        self.log = home.parent / "log"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRACKER_", "XDG_"))}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tracker.commands", *words],
                cwd=home,
                env=kept | {"HOME": str(home), "PYTHONPATH": str(ROOT)} | settings,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        """All that it wrote so far."""
        return self.log.read_text()

    def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is true of a command that runs."""
        deadline = time.monotonic() + START_SECONDS
        while not true():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def stop(self) -> int:
        """Tell it to stop, and return the code it ends with."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(START_SECONDS)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Run commands; whatever still runs at the end is killed."""
    started: list[Running] = []

    def go(*words: str, **settings: str) -> Running:
        started.append(Running(tmp_path / "home", *words, **settings))
        return started[-1]

    yield go
    for each in started:
        each.process.kill()
        each.process.wait()


def answers(url: str) -> bool:
    """Whether a page answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as page:
            return bool(page.status == 200)
    except urllib.error.URLError:
        return False


@pytest.mark.slow
def test_the_web_answers_stops_when_told_and_leaves_nothing_in_the_home_folder(
    run: Callable[..., Running], sqlite_url: str, tmp_path: Path
) -> None:
    port = free_port()
    web = run(
        "serve",
        f"--port={port}",
        "--workers=1",
        TRACKER_DATABASE_URL=sqlite_url,
        TRACKER_SECRET_KEY=SECRET,
    )
    web.until(lambda: answers(f"http://127.0.0.1:{port}/health"))
    assert list((tmp_path / "home").rglob("*")) == []
    assert web.stop() == 0
    assert not answers(f"http://127.0.0.1:{port}/health")
    assert list((tmp_path / "home").rglob("*")) == []
    assert "Traceback" not in web.said


@pytest.mark.slow
def test_the_scheduler_ticks_as_soon_as_it_starts_and_ends_when_told(
    run: Callable[..., Running], house: House, any_url: str, found: Found
) -> None:
    scheduler = run("scheduler", TRACKER_DATABASE_URL=any_url)
    scheduler.until(lambda: bool(found(select(Deed.key))))
    assert scheduler.stop() == 0
    assert "Traceback" not in scheduler.said
    (key,) = found(select(Deed.key))
    assert key.startswith(f"meetings:{house.partnership.uid}:")


@pytest.mark.slow
def test_a_scheduler_that_is_told_to_stop_in_its_first_tick_ends_it_and_stops(
    run: Callable[..., Running], house: House, any_url: str, found: Found, office: PostOffice
) -> None:
    letter = Mail("a-key", "owner@a.example", "A subject", "Text", "<p>Text</p>")
    post(house.session, letter, now=datetime.now(UTC), domain="a.example")
    house.session.commit()
    scheduler = run(
        "scheduler",
        TRACKER_DATABASE_URL=any_url,
        TRACKER_MAIL_URL=f"smtp://127.0.0.1:{office.port}",
    )
    office.thinks_for = 0.5
    office.on_text = lambda: scheduler.process.send_signal(signal.SIGTERM)
    assert scheduler.process.wait(START_SECONDS) == 0, scheduler.said
    assert found(select(OutboxMail.state)) == [MailState.SENT]
    assert "1 mails sent" in scheduler.said


@pytest.mark.slow
def test_a_code_that_is_written_between_ticks_is_sent_within_seconds(
    run: Callable[..., Running], house: House, any_url: str, found: Found, office: PostOffice
) -> None:
    scheduler = run(
        "scheduler",
        TRACKER_DATABASE_URL=any_url,
        TRACKER_MAIL_URL=f"smtp://127.0.0.1:{office.port}",
    )
    scheduler.until(lambda: bool(found(select(Deed.key))))  # its first tick is over
    letter = Mail("code:x", "owner@a.example", "A code", "123456", "123456", forget_text=True)
    post(house.session, letter, now=datetime.now(UTC), domain="a.example")
    house.session.commit()
    began = time.monotonic()
    scheduler.until(lambda: found(select(OutboxMail.state)) == [MailState.SENT])
    assert time.monotonic() - began < 20  # the next tick is a minute away
    assert "123456" in office.taken[0].as_string()
    assert found(select(OutboxMail.text, OutboxMail.html)) == [("", "")]
    assert scheduler.stop() == 0
    assert "Traceback" not in scheduler.said
    assert "123456" not in scheduler.said


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server."""
    with post_office() as open_office:
        yield open_office


def command(monkeypatch: pytest.MonkeyPatch, *words: str, **settings: str) -> tuple[int, str]:
    """Run a command here; returns the code it ends with and all that it says."""
    for name in list(os.environ):
        if name.startswith("TRACKER_"):
            monkeypatch.delenv(name)
    result = CliRunner().invoke(main, words, env=settings)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
WRONG = [
    ({"TRACKER_DATABASE_URL": "mysql://localhost/tracker"}, "TRACKER_DATABASE_URL must begin with"),
    ({"TRACKER_DATABASE_URL": "tracker.db"}, "TRACKER_DATABASE_URL is not a database address"),
    ({"TRACKER_DATABASE_URL": NOWHERE}, "The database does not answer"),
    ({"TRACKER_DATABASE_URL": "sqlite:////no/such/folder/x.db"}, "The database does not answer"),
    ({"TRACKER_MAIL_URL": "mail.a.example"}, "TRACKER_MAIL_URL cannot be used"),
    ({"TRACKER_MAIL_FROM": "tracker"}, "TRACKER_MAIL_FROM must be an e-mail address"),
    ({"TRACKER_BASE_URL": "tracker.example"}, "TRACKER_BASE_URL must be the address"),
    ({"TRACKER_DATABASE": "sqlite:///x.db"}, "TRACKER_DATABASE is not a setting"),
]


@pytest.mark.parametrize("words", [["serve"], ["scheduler"], ["tick"]], ids=" ".join)
@pytest.mark.parametrize(("settings", "says"), WRONG, ids=[says for _, says in WRONG])
def test_a_setting_that_cannot_be_used_is_named_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, words: list[str], settings: dict[str, str], says: str
) -> None:
    code, said = command(monkeypatch, *words, **({"TRACKER_SECRET_KEY": SECRET} | settings))
    assert code == 1
    assert said.startswith("Error: ")
    assert says in said
    assert "Traceback" not in said


def test_serving_needs_a_secret_and_says_how_to_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = command(monkeypatch, "serve")
    assert code == 1
    assert said.startswith("Error: TRACKER_SECRET_KEY must be at least 32 characters")
    assert "python3 -c" in said


def test_every_wrong_setting_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = command(
        monkeypatch, "serve", TRACKER_MAIL_URL="x", TRACKER_MAIL_FROM="x", TRACKER_BASE_URL="x"
    )
    assert code == 1
    assert len(re.findall("^(?:Error: )?TRACKER_", said, re.MULTILINE)) == 4


def test_another_time_than_the_real_one_is_refused_where_people_do_real_work(
    monkeypatch: pytest.MonkeyPatch, house: House, any_url: str, found: Found
) -> None:
    house.cycle()
    now = "2026-11-10T07:00:00+00:00"
    code, said = command(monkeypatch, "tick", "--now", now, TRACKER_DATABASE_URL=any_url)
    assert code == 1
    assert said.startswith("Error: Another time than the real one is for demonstration databases")
    assert found(select(Deed.key)) == []

    house.session.expire_all()
    house.partnership.is_demonstration = True
    house.session.commit()
    code, said = command(monkeypatch, "tick", "--now", now, TRACKER_DATABASE_URL=any_url)
    assert code == 0
    assert "6 meetings made" in said


@pytest.mark.parametrize("instant", ["tomorrow", "2026-11-10T07:00:00"])
def test_a_time_that_is_none_is_refused_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, sqlite_url: str, instant: str
) -> None:
    code, said = command(monkeypatch, "tick", "--now", instant, TRACKER_DATABASE_URL=sqlite_url)
    assert code == 1
    assert said.startswith("Error: ")
    assert "+00:00" in said


def test_a_tick_that_could_not_do_everything_says_so_and_ends_with_one(
    monkeypatch: pytest.MonkeyPatch, house: House, any_url: str
) -> None:
    house.cycle("EVERY OTHER TUESDAY")
    code, said = command(monkeypatch, "tick", TRACKER_DATABASE_URL=any_url)
    assert code == 1
    assert "Error: 1 of the things that were due could not be done" in said
