"""Settings: read from ``TRACKER_*`` in the environment, checked before anything starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from tracker.edges.mail import MailServer

DEFAULT_DATABASE = "sqlite:///tracker.db"
ENGINES = ("sqlite", "postgresql+psycopg")


class SettingsError(Exception):
    """One or more settings are wrong; the message has a line for each."""


@dataclass(frozen=True)
class Settings:
    """What an installation may set. Nothing else in the product reads the environment.

    ``proxies`` is how many proxies before the product add to X-Forwarded-For: that many of its
    addresses are believed, counted from the end. With 0 none is. ``erasures`` is the register of
    what was erased, which must not be restored with the database.
    """

    secret_key: str = field(repr=False)
    database_url: str = field(default=DEFAULT_DATABASE, repr=False)
    base_url: str = "http://127.0.0.1:8000"
    mail_url: str | None = field(default=None, repr=False)
    mail_from: str = "tracker@localhost"
    proxies: int = 0
    demonstration: bool = False
    erasures: Path | None = None

    @property
    def erasure_register(self) -> Path:
        """The file that keeps which texts were erased: beside the database, unless set."""
        if self.erasures is not None:
            return self.erasures
        database = sqlite_path(self.database_url)
        return Path(f"{database or 'tracker'}.erasures").absolute()

    @property
    def secure_cookies(self) -> bool:
        """Cookies travel only over TLS, unless the product itself is served without it."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str], *, secret_needed: bool = True
    ) -> Settings:
        """Read and check all settings.

        ``secret_needed`` is false for commands that serve nothing. Raises SettingsError with
        one plain line for each mistake.
        """
        mistakes: list[str] = []
        known = {
            "TRACKER_SECRET_KEY",
            "TRACKER_DATABASE_URL",
            "TRACKER_BASE_URL",
            "TRACKER_MAIL_URL",
            "TRACKER_MAIL_FROM",
            "TRACKER_PROXIES",
            "TRACKER_DEMO_PASSWORD",
            "TRACKER_ERASURES",
        }
        for name in sorted(environ):
            ours = name.startswith("TRACKER_") and not name.startswith("TRACKER_TEST_")
            if ours and name not in known:
                mistakes.append(f"{name} is not a setting. The settings are: {_listed(known)}.")
        secret = environ.get("TRACKER_SECRET_KEY", "")
        if secret_needed and len(secret) < 32:
            mistakes.append(
                "TRACKER_SECRET_KEY must be at least 32 characters that nobody can guess. Make"
                " one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        database = environ.get("TRACKER_DATABASE_URL", DEFAULT_DATABASE)
        mistakes += _database_mistakes(database)
        base = environ.get("TRACKER_BASE_URL", cls.base_url).rstrip("/")
        if not _is_web_address(base):
            mistakes.append(
                "TRACKER_BASE_URL must be the address that people use, such as"
                " https://tracker.example.gov.uk"
            )
        mail = environ.get("TRACKER_MAIL_URL") or None
        if mail:
            try:
                MailServer.from_url(mail)
            except ValueError as error:
                mistakes.append(
                    f"TRACKER_MAIL_URL cannot be used: {error}. Write it as"
                    " smtp://user:password@host:port"
                )
        sender = environ.get("TRACKER_MAIL_FROM", cls.mail_from)
        if "@" not in sender:
            mistakes.append("TRACKER_MAIL_FROM must be an e-mail address.")
        proxies = environ.get("TRACKER_PROXIES", "0")
        if not re.fullmatch(r"[0-9]", proxies, re.ASCII):
            mistakes.append(
                "TRACKER_PROXIES must be the number of proxies of yours that a request passes, from"
                " 0 to 9. Each adds the address that it came from, and no other is believed."
            )
        if mistakes:
            raise SettingsError("\n".join(mistakes))
        return cls(
            secret_key=secret or "no-secret-for-commands-that-serve-nothing",
            database_url=_from_here(database),
            base_url=base,
            mail_url=mail,
            mail_from=sender,
            proxies=int(proxies),
            erasures=Path(environ["TRACKER_ERASURES"]).absolute()
            if environ.get("TRACKER_ERASURES")
            else None,
        )


def sqlite_path(database_url: str) -> Path | None:
    """The file of an SQLite database, or None for another engine or one in memory."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def _from_here(database_url: str) -> str:
    """An address whose file is counted from the present folder, as people mean it.

    Flask-SQLAlchemy would count it from the application's instance folder, which for an
    installed product is inside its virtual environment, and goes when that is made anew.
    """
    path = sqlite_path(database_url)
    if path is None or str(path).startswith("file:"):
        return database_url
    url = make_url(database_url).set(database=str(path.absolute()))
    return url.render_as_string(hide_password=False)


def _is_web_address(base: str) -> bool:
    try:
        parts = urlsplit(base)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _database_mistakes(database: str) -> list[str]:
    try:
        url = make_url(database)
    except (ArgumentError, ValueError):
        return ["TRACKER_DATABASE_URL is not a database address, such as sqlite:///tracker.db"]
    if url.drivername not in ENGINES:
        return [
            "TRACKER_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://, not"
            f" {url.drivername}://"
        ]
    return []


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))
