"""Settings: every mistake is said in plain words, all at once, and no secret among them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracker.commands import main
from tracker.settings import Settings, SettingsError, sqlite_path

SECRET = "s" * 32
PASSWORD = "hunter2hunter2"
GOOD = {"TRACKER_SECRET_KEY": SECRET}

MISTAKES = {
    "a secret that is missing": ({"TRACKER_SECRET_KEY": ""}, "TRACKER_SECRET_KEY must be at least"),
    "a secret that is short": (
        {"TRACKER_SECRET_KEY": "s" * 31},
        "TRACKER_SECRET_KEY must be at least 32 characters",
    ),
    "a name that is no setting": (
        {"TRACKER_DATABSE_URL": "sqlite:///x.db"},
        "TRACKER_DATABSE_URL is not a setting. The settings are: ",
    ),
    "a database that is no address": (
        {"TRACKER_DATABASE_URL": "tracker.db"},
        "TRACKER_DATABASE_URL is not a database address",
    ),
    "a database of another make": (
        {"TRACKER_DATABASE_URL": "mysql://localhost/x"},
        "TRACKER_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://, not mysql://",
    ),
    "a driver that is not installed": (
        {"TRACKER_DATABASE_URL": "postgresql://localhost/x"},
        "not postgresql://",
    ),
    "a web address without its scheme": (
        {"TRACKER_BASE_URL": "tracker.example.gov.uk"},
        "TRACKER_BASE_URL must be the address that people use",
    ),
    "a web address of another scheme": (
        {"TRACKER_BASE_URL": "ftp://tracker.example.gov.uk"},
        "TRACKER_BASE_URL must be the address that people use",
    ),
    "a mail server of another scheme": (
        {"TRACKER_MAIL_URL": "http://mail.example"},
        "TRACKER_MAIL_URL cannot be used: it must begin with smtp://",
    ),
    "a mail server without a name": (
        {"TRACKER_MAIL_URL": "smtp://"},
        "TRACKER_MAIL_URL cannot be used: it names no server",
    ),
    "a mail server with a port that is no number": (
        {"TRACKER_MAIL_URL": "smtp://mail.example:twenty-five"},
        "TRACKER_MAIL_URL cannot be used",
    ),
    "proxies that are no number": (
        {"TRACKER_PROXIES": "one"},
        "TRACKER_PROXIES must be the number of proxies",
    ),
    "a sender that is no e-mail address": (
        {"TRACKER_MAIL_FROM": "the tracker"},
        "TRACKER_MAIL_FROM must be an e-mail address",
    ),
}

# Each is wrong in another way, and each has a password in it.
WITH_PASSWORDS = (
    ("TRACKER_MAIL_URL", f"http://tracker:{PASSWORD}@mail.example"),
    ("TRACKER_MAIL_URL", f"smtp://tracker:{PASSWORD}@"),
    ("TRACKER_MAIL_URL", f"smtp://tracker:{PASSWORD}@mail.example:99999"),
    ("TRACKER_MAIL_URL", f"smtp://tracker:{PASSWORD}"),
    ("TRACKER_MAIL_URL", f"smtp://tracker:{PASSWORD}@[mail.example"),
    ("TRACKER_DATABASE_URL", f"mysql://tracker:{PASSWORD}@db.example/tracker"),
    ("TRACKER_DATABASE_URL", f"postgresql+psycopg://tracker:{PASSWORD}@db.example:port/tracker"),
    ("TRACKER_DATABASE_URL", f"tracker:{PASSWORD}@db.example/tracker"),
    ("TRACKER_BASE_URL", f"ftp://tracker:{PASSWORD}@tracker.example"),
    ("TRACKER_BASE_URL", f"https://tracker:{PASSWORD}@[tracker.example"),
)


def mistakes_of(environ: dict[str, str], *, secret_needed: bool = True) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment(environ, secret_needed=secret_needed)
    return str(raised.value).splitlines()


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_has_its_own_plain_line(mistake: str) -> None:
    environ, words = MISTAKES[mistake]
    lines = mistakes_of(GOOD | environ)
    assert len(lines) == 1
    assert words in lines[0]


def test_several_mistakes_are_said_together_one_to_a_line() -> None:
    lines = mistakes_of(
        {
            "TRACKER_SECRET_KEY": "short",
            "TRACKER_DATABASE_URL": "mysql://localhost/x",
            "TRACKER_BASE_URL": "nowhere",
            "TRACKER_MAIL_URL": "http://mail.example",
            "TRACKER_MAIL_FROM": "nobody",
            "TRACKER_PORT": "80",
            "TRACKER_PROXIES": "-1",
        }
    )
    assert sorted(line.split()[0] for line in lines) == [
        "TRACKER_BASE_URL",
        "TRACKER_DATABASE_URL",
        "TRACKER_MAIL_FROM",
        "TRACKER_MAIL_URL",
        "TRACKER_PORT",
        "TRACKER_PROXIES",
        "TRACKER_SECRET_KEY",
    ]


def test_there_is_no_secret_by_default() -> None:
    assert len(mistakes_of({})) == 1


def test_a_command_that_serves_nothing_needs_no_secret() -> None:
    made = Settings.from_environment({}, secret_needed=False)
    assert made.mail_url is None


def test_a_database_file_is_counted_from_the_present_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for environ, file in (
        ({}, tmp_path / "tracker.db"),
        ({"TRACKER_DATABASE_URL": "sqlite:///data/x.db"}, tmp_path / "data" / "x.db"),
        ({"TRACKER_DATABASE_URL": "sqlite:////srv/x.db"}, Path("/srv/x.db")),
    ):
        made = Settings.from_environment(environ, secret_needed=False)
        assert made.database_url == f"sqlite:///{file}"


@pytest.mark.parametrize(("name", "value"), WITH_PASSWORDS)
def test_no_password_is_ever_in_a_message(name: str, value: str) -> None:
    lines = mistakes_of(GOOD | {name: value})
    assert lines[0].startswith(name)
    assert PASSWORD not in "\n".join(lines)


def test_what_is_set_is_what_is_used() -> None:
    made = Settings.from_environment(
        GOOD
        | {
            "TRACKER_DATABASE_URL": "postgresql+psycopg://tracker@db.example/tracker",
            "TRACKER_BASE_URL": "https://tracker.example.gov.uk/",
            "TRACKER_MAIL_URL": "smtps://tracker:secret@mail.example",
            "TRACKER_MAIL_FROM": "tracker@example.gov.uk",
            "TRACKER_PROXIES": "2",
            "TRACKER_TEST_SOMETHING": "of the tests",
            "PATH": "/usr/bin",
        }
    )
    assert made.secret_key == SECRET
    assert made.base_url == "https://tracker.example.gov.uk"
    assert made.secure_cookies
    assert made.mail_from == "tracker@example.gov.uk"
    assert (made.proxies, Settings(secret_key=SECRET).proxies) == (2, 0)
    assert not Settings(secret_key=SECRET).secure_cookies


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///data/tracker.db", Path("data/tracker.db")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("postgresql+psycopg://db.example/tracker", None),
    ],
)
def test_the_file_of_a_database_is_known_where_there_is_one(url: str, path: Path | None) -> None:
    assert sqlite_path(url) == path


def test_a_command_says_what_is_wrong_and_ends_without_a_traceback() -> None:
    environ: dict[str, str | None]
    environ = {name: None for name in os.environ if name.startswith("TRACKER_")}
    environ |= {"TRACKER_MAIL_URL": f"http://tracker:{PASSWORD}@mail.example"}
    answer = CliRunner().invoke(main, ["status"], env=environ)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: TRACKER_MAIL_URL cannot be used")
    assert PASSWORD not in answer.output
