"""A real SMTP server on loopback, which keeps what it takes and can be told to misbehave."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import Enum
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

FINE = "250 OK"
# A certificate for 127.0.0.1 with its key, signed by itself, good from 2020 to 2120.
CERTIFICATE = Path(__file__).with_name("mail_certificate.pem")
USER, PASSWORD = "tracker", "p@ss/word"


class Mood(Enum):
    """How the server answers."""

    FINE = "takes every letter"
    DIES = "takes the text, then drops the connection without a word"
    DIES_EARLY = "asks for the text, then drops the connection after its first line"
    HANGS = "takes the text, then says nothing"


class PostOffice:
    """What the server has taken, in order, and the answers it gives."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.mood = Mood.FINE
        self.thinks_for = 0.0
        self.on_sender: Callable[[], object] | None = None
        self.on_text: Callable[[], object] | None = None
        self.to_sender = self.to_recipient = self.to_text = FINE
        self.refuses: dict[str, str] = {}
        self.sender = ""
        self.port = 0

    @property
    def message_ids(self) -> list[str]:
        """The Message-ID of every letter that was taken."""
        return [str(letter["Message-ID"]) for letter in self.taken]

    async def handle_MAIL(  # noqa: N802 - the server's own name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer MAIL FROM; what is to happen at it happens once."""
        self.sender = address
        happens, self.on_sender = self.on_sender, None
        if happens is not None:
            happens()
        if self.to_sender == FINE:
            envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(  # noqa: N802 - the server's own name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer RCPT TO, to some in their own way."""
        answer = self.refuses.get(address, self.to_recipient)
        if answer == FINE:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - the server's own name for it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take the text, and answer by mood; what is to happen at it happens once."""
        if self.to_text != FINE:
            return self.to_text
        content = envelope.content
        assert isinstance(content, bytes)
        self.raw.append(content)
        letter = message_from_bytes(content, policy=default)
        assert envelope.mail_from is not None
        self.sender = envelope.mail_from
        assert isinstance(letter, EmailMessage)
        self.taken.append(letter)
        happens, self.on_text = self.on_text, None
        if happens is not None:
            happens()
        await asyncio.sleep(self.thinks_for)
        if self.mood is Mood.DIES:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if self.mood is Mood.HANGS:
            await asyncio.sleep(5)
        return FINE


class _Server(SMTP):
    """The server's own class, which may die as soon as the text begins."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - the server's own name for it
        office = self.event_handler
        assert isinstance(office, PostOffice)
        if office.mood is not Mood.DIES_EARLY:
            await super().smtp_DATA(arg)
            return
        await self.push("354 go on")
        await self._reader.readline()
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.abort()


class _Door(Controller):
    """What lets letters in, by TLS from the first byte where ``ssl_context`` is given."""

    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


@contextmanager
def post_office(security: str = "none", *, asks_password: bool = False) -> Iterator[PostOffice]:
    """An SMTP server on a free port of loopback; ``security`` as a MailServer has it."""
    office = PostOffice()
    office.port = free_port()
    context = None
    if security != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
    door = _Door(
        office,
        hostname="127.0.0.1",
        port=office.port,
        ssl_context=context if security == "tls" else None,
        tls_context=context if security == "starttls" else None,
        require_starttls=security == "starttls",
        authenticator=_knows,
        auth_required=asks_password,
        # The server does not count TLS from the first byte as TLS.
        auth_require_tls=security != "tls",
    )
    door.start()
    try:
        yield office
    finally:
        door.stop()


def _knows(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object
) -> AuthResult:
    """Whether the user and password are the right ones."""
    right = given == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
