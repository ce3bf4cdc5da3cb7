"""E-mail at the edge: a value, and the server that takes it.

The outbox decides what is sent and when; this module only speaks SMTP (RFC 5321).
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

# Not every server takes eight bits a character (RFC 6152).
SEVEN_BIT = SMTP.clone(cte_type="7bit")
CLOSING = 421


@dataclass(frozen=True)
class Letter:
    """A mail as it goes out: one recipient, plain text and HTML, PDFs, fixed Message-ID and key."""

    recipient: str
    subject: str
    text: str
    html: str
    message_id: str
    key: str
    written_at: datetime | None = None
    attachments: tuple[tuple[str, bytes], ...] = ()

    def add_attachments(self, message: EmailMessage) -> None:
        """Put the PDFs that go with it into a message: each a name and its bytes."""
        for name, data in self.attachments:
            message.add_attachment(data, maintype="application", subtype="pdf", filename=name)


class MailError(Exception):
    """A mail was not accepted, or nobody knows whether it was.

    ``permanent`` says that trying again will not help; ``in_doubt`` that the server may have it,
    because it fell silent after the text was on its way; ``of_server`` that no letter would have
    fared better: the server cannot be reached, or does not let us in.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        in_doubt: bool = False,
        of_server: bool = False,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.in_doubt = in_doubt
        self.of_server = of_server


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
    password: str | None = field(repr=False)
    security: str  # "none", "starttls" or "tls"

    @classmethod
    def from_url(cls, url: str) -> MailServer:
        """Read the address; raises ValueError in plain words when it cannot be used."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            # Said in our own words: the library's may repeat the address, password and all.
            raise ValueError("its server or its port cannot be read") from None
        kinds = {"smtp": ("none", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465)}
        if parts.scheme not in kinds:
            raise ValueError("it must begin with smtp://, smtp+starttls:// or smtps://")
        if not parts.hostname:
            raise ValueError("it names no server")
        security, usual_port = kinds[parts.scheme]
        return cls(
            host=parts.hostname,
            port=port or usual_port,
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
        """Hand over one letter.

        Raises MailError: permanent where the server refuses this recipient or this text for good
        (RFC 5321: 5yz), or the letter cannot be written at all. What is wrong with the server
        itself, such as its password, is never held against a letter: it is ``of_server``.
        """
        data = self._written(letter)
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise MailError(_unanswered(error), of_server=True) from error
        try:
            self._hand_over(connection, letter.recipient, data)
        finally:
            _leave(connection)

    def _written(self, letter: Letter) -> bytes:
        """The letter as it travels (RFC 5322)."""
        message = EmailMessage(policy=SEVEN_BIT)
        try:
            message["From"] = self.sender
            message["To"] = letter.recipient
            message["Subject"] = " ".join(letter.subject.split())
            message["Message-ID"] = letter.message_id
            message["X-Tracker-Key"] = letter.key
            if letter.written_at is not None:
                message["Date"] = format_datetime(letter.written_at)  # RFC 5322 asks for it
            message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
            message.set_content(letter.text)
            message.add_alternative(letter.html, subtype="html")
            letter.add_attachments(message)
            letter.recipient.encode("ascii")  # RFC 5321; RFC 6531 is not everywhere
            return message.as_bytes()
        except (ValueError, MessageError) as error:
            raise MailError(f"The letter cannot be written: {error}", permanent=True) from error

    def _hand_over(self, connection: smtplib.SMTP, recipient: str, data: bytes) -> None:
        leaving = False
        try:
            connection.ehlo_or_helo_if_needed()
            _accepted(connection.mail(self.sender), of_server=True)
            _accepted(connection.rcpt(recipient))
            leaving = True
            _accepted(connection.data(data))
        except smtplib.SMTPDataError as no:  # the text was not asked for
            raise _refusal(no.smtp_code, no.smtp_error) from no
        except (OSError, smtplib.SMTPException, ValueError) as error:
            words = _unanswered(error)
            raise MailError(words, in_doubt=leaving, of_server=not leaving) from error

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self.timeout, context=_tls()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self.timeout)
        try:
            if server.security == "starttls":
                connection.starttls(context=_tls())
            if server.user:
                connection.login(server.user, server.password or "")
        except BaseException:
            connection.close()
            raise
        return connection


def _leave(connection: smtplib.SMTP) -> None:
    """Say goodbye; what the server answers no longer matters to the letter."""
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
    connection.close()


def _accepted(answer: tuple[int, bytes | str], *, of_server: bool = False) -> None:
    """Raise MailError unless the server said yes; ``of_server``: its no is not about the letter."""
    code, said = answer
    if code < 200:
        raise smtplib.SMTPException(f"it said nothing that can be read: {said!r}")
    if code >= 300:
        raise _refusal(code, said, of_server=of_server)


def _refusal(code: int, said: bytes | str, *, of_server: bool = False) -> MailError:
    # 421 may answer anything: the server is closing down (RFC 5321, 3.8).
    of_server = of_server or code == CLOSING
    permanent = 500 <= code < 600 and not of_server
    return MailError(_words(code, said), permanent=permanent, of_server=of_server)


def _unanswered(error: Exception) -> str:
    """What went wrong in a plain line, for the administrator."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, error.smtp_error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The mail server’s certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"The mail server could not be spoken to in private (TLS): {error.reason}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"The mail server cannot do what TRACKER_MAIL_URL asks of it: {error}"
    if isinstance(error, UnicodeError):
        return "The mail server cannot be given the sender, user or password as they are written."
    why = error.strerror if isinstance(error, OSError) and error.strerror else error
    return f"The mail server did not answer: {why}"


def _tls() -> ssl.SSLContext:
    """Certificates are checked, against those that the machine trusts (or SSL_CERT_FILE names)."""
    return ssl.create_default_context()


def _words(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"The mail server answered {code}: {text}"
