"""A real SMTP server on loopback, which keeps what it takes and can be told to misbehave."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import Enum

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

FINE = "250 OK"


class Mood(Enum):
    """How the server answers."""

    FINE = "takes every letter"
    DIES = "takes the text, then drops the connection without a word"
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
        self.port = 0

    @property
    def message_ids(self) -> list[str]:
        """The Message-ID of every letter that was taken."""
        return [str(letter["Message-ID"]) for letter in self.taken]

    async def handle_MAIL(  # noqa: N802 - the server's own name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer MAIL FROM; what is to happen at it happens once."""
        happens, self.on_sender = self.on_sender, None
        if happens is not None:
            happens()
        if self.to_sender == FINE:
            envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(  # noqa: N802 - the server's own name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer RCPT TO."""
        if self.to_recipient == FINE:
            envelope.rcpt_tos.append(address)
        return self.to_recipient

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


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """An SMTP server on a free port of loopback."""
    office = PostOffice()
    office.port = free_port()
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
