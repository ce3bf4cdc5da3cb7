"""E-mail at the edge: a value, and the server that takes it.

The outbox decides what is sent and when; this module only speaks SMTP (RFC 5321).
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Letter:
    """A mail as it goes out: one recipient, plain text and HTML, fixed Message-ID and key."""

    recipient: str
    subject: str
    text: str
    html: str
    message_id: str
    key: str


class MailError(Exception):
    """A mail was not accepted; ``permanent`` says that trying again will not help."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class Mailer(Protocol):
    """Hands letters to a server."""

    @property
    def sends(self) -> bool:
        """Whether letters leave at all; when not, they wait in the outbox."""
        ...

    def send(self, letter: Letter) -> None:
        """Hand over one letter; raises MailError when the server does not accept it."""
        ...


class NoMailer:
    """No server is set: letters wait in the outbox."""

    sends = False

    def send(self, letter: Letter) -> None:
        raise MailError("No mail server is set (TRACKER_MAIL_URL).")


@dataclass(frozen=True)
class MailServer:
    """Where the SMTP server is: read from smtp://, smtp+starttls:// or smtps:// addresses."""

    host: str
    port: int
    user: str | None
    password: str | None
    security: str  # "none", "starttls" or "tls"

    @classmethod
    def from_url(cls, url: str) -> MailServer:
        """Read the address; raises ValueError in plain words when it cannot be used."""
        parts = urlsplit(url)
        kinds = {"smtp": ("none", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465)}
        if parts.scheme not in kinds:
            raise ValueError("it must begin with smtp://, smtp+starttls:// or smtps://")
        if not parts.hostname:
            raise ValueError("it names no server")
        security, port = kinds[parts.scheme]
        return cls(
            host=parts.hostname,
            port=parts.port or port,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            security=security,
        )


class SmtpMailer:
    """Sends each letter over its own connection, so that one bad letter spoils no other."""

    sends = True

    def __init__(self, server: MailServer, sender: str, timeout_seconds: float = 20) -> None:
        self.server = server
        self.sender = sender
        self.timeout = timeout_seconds

    def send(self, letter: Letter) -> None:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = letter.recipient
        message["Subject"] = letter.subject
        message["Message-ID"] = letter.message_id
        message["X-Tracker-Key"] = letter.key
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        try:
            with self._connect() as connection:
                connection.send_message(message, self.sender, [letter.recipient])
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            raise MailError(_words(code, said), permanent=500 <= code < 600) from refused
        except smtplib.SMTPResponseException as answer:
            permanent = 500 <= answer.smtp_code < 600
            raise MailError(
                _words(answer.smtp_code, answer.smtp_error), permanent=permanent
            ) from answer
        except (OSError, smtplib.SMTPException) as error:
            raise MailError(f"The mail server did not answer: {error}") from error

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self.timeout, context=_tls()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self.timeout)
        if server.security == "starttls":
            connection.starttls(context=_tls())
        if server.user:
            connection.login(server.user, server.password or "")
        return connection


def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _words(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"The mail server answered {code}: {text}"
