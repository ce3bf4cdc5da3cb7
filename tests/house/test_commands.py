"""The command line, as somebody meets it who starts with a plan of their own."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from tracker.commands import main

PASSWORD = "a password that is long enough"


@pytest.fixture(autouse=True)
def own_database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of the test's own, as the environment names it."""
    monkeypatch.setenv("TRACKER_DATABASE_URL", sqlite_url)
    return sqlite_url


def run(*words: str, typed: str | None = None) -> Result:
    """Run a command of ours."""
    return CliRunner().invoke(main, list(words), input=typed)


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """A folder with the documents to begin with."""
    folder = tmp_path / "mine"
    assert run("new", str(folder)).exit_code == 0
    return folder


def count(url: str, table: str) -> int:
    """How many rows a table has."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(text(f"select count(*) from {table}"))
    engine.dispose()
    return int(found or 0)


def test_the_starter_loads_as_it_is_and_its_board_will_meet(started: Path) -> None:
    answer = run("load", str(started))
    assert answer.exit_code == 0, answer.output
    assert "Added: 1 partnership, 1 plan and" in answer.output
    assert "our-partnership  Our Children’s Plan" in run("status").output
    assert "none planned" not in run("status").output


def test_loading_again_adds_nothing_and_says_so(started: Path) -> None:
    run("load", str(started))
    answer = run("load", str(started))
    assert "Added: 0 partnerships, 0 plans and 0 meetings." in answer.output
    assert "left as it is" in answer.output


def test_the_starter_is_never_written_over_something(started: Path) -> None:
    answer = run("new", str(started))
    assert answer.exit_code == 1
    assert "holds something already" in answer.output


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('rule: "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU"', "rule: second Thursday", "Write a rule"),
        ('rule: "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU"', 'rule: "FREQ=DAILY"', "weekly, monthly"),
        ('rule: "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU"', "rule: null", "needs “rule”"),
        ("ends_on: null", "ends_on: 1999-01-01", "must not end before"),
        ("ends_on: null", "ends_on: 2026-11-31", "day is out of range"),
        ("cycles:", "cycle:", "“cycle” is not a part of a document"),
        ("board: partnership-board", "board: nobody", "“nobody” is missing"),
        ("kind: recurrence ", "kind: monthly ", "'monthly' is not a valid"),
        ('time: "14:00"', "time: 14:00", "in quotes"),
        ("slug: our-partnership", "slug: sign-in", "cannot be a partnership’s slug"),
        ("slug: our-partnership", "slug: [", "cannot be read"),
    ],
)
def test_a_document_that_cannot_be_understood_is_named_and_nothing_is_loaded(
    started: Path, own_database: str, right: str, wrong: str, said: str
) -> None:
    path = started / "partnership.yaml"
    before = path.read_text()
    assert right in before
    path.write_text(before.replace(right, wrong, 1))
    answer = run("load", str(started))
    assert answer.exit_code == 1
    assert said in answer.output
    assert "partnership.yaml" in answer.output
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    assert count(own_database, "partnership") == 0


def test_a_person_is_given_each_thing_once_however_often_it_is_said(
    started: Path, own_database: str
) -> None:
    run("load", str(started))
    words = ("add-person", "olive@our.example", "--name", "Olive", "--partnership")
    given = (
        *("our-partnership", "--owns", "1.1", "--secretary-of", "partnership-board"),
        *("--password", PASSWORD),
    )
    assert "Now owner of 1.1" in run(*words, *given).output
    again = run(*words, *given)
    assert "Already owner of 1.1" in again.output
    assert "Already secretary of Our Partnership Board" in again.output
    held = [count(own_database, t) for t in ("person", "membership", "owner", "board_member")]
    assert held == [1, 1, 1, 1]


def test_a_new_person_is_asked_for_a_password_and_an_old_one_is_not(started: Path) -> None:
    run("load", str(started))
    words = ("add-person", "o@our.example", "--name", "O", "--partnership", "our-partnership")
    assert run(*words, typed="short\nshort\n").exit_code == 1
    assert run(*words, typed=f"{PASSWORD}\n{PASSWORD}\n").exit_code == 0
    assert run(*words, "--owns", "1.2").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--partnership", "nowhere"), "There is: our-partnership"),
        (("--partnership", "our-partnership", "--owns", "9.9"), "There is no action 9.9"),
        (("--partnership", "our-partnership", "--member-of", "none"), "partnership-board"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(
    started: Path, words: tuple[str, ...], said: str
) -> None:
    run("load", str(started))
    answer = run("add-person", "o@our.example", "--name", "O", "--password", PASSWORD, *words)
    assert answer.exit_code == 1
    assert said in answer.output


def test_a_port_that_is_taken_is_said_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_SECRET_KEY", "a secret of more than thirty-two characters")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for words in (("serve",), ("demo", "--folder", str(tmp_path / "demo"))):
            answer = run(*words, "--port", port)
            assert answer.exit_code == 1
            assert f"Port {port} of 127.0.0.1 cannot be used" in answer.output
    assert not (tmp_path / "demo").exists()


def test_a_day_that_is_no_day_is_answered_with_how_to_write_one() -> None:
    answer = run("pack", "board", "--on", "10/12/2026", "--out", "x.pdf")
    assert answer.exit_code == 1
    assert "Write it as 2026-12-08" in answer.output
