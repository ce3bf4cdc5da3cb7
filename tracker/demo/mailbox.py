"""Where the demonstration's mail goes: a mailbox file that any mail program opens."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from tracker.edges.mail import Letter


class Mailbox:
    """A mailer that writes letters to a file in mbox form (RFC 4155) instead of sending them."""

    sends = True

    def __init__(self, path: Path, sender: str) -> None:
        self.path = path
        self.sender = sender
        self._file = path.open("wb")

    def send(self, letter: Letter) -> None:
        """Append a letter."""
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = letter.recipient
        message["Subject"] = letter.subject
        message["Message-ID"] = letter.message_id
        message["X-Tracker-Key"] = letter.key
        if letter.written_at is not None:
            message["Date"] = format_datetime(letter.written_at)
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        letter.add_attachments(message)
        written = letter.written_at or datetime.fromtimestamp(0, UTC)
        self._file.write(f"From tracker {written:%a %b %d %H:%M:%S %Y}\n".encode())
        for line in message.as_bytes().splitlines(keepends=True):
            self._file.write(b">" + line if line.lstrip(b">").startswith(b"From ") else line)
        self._file.write(b"\n")

    def close(self) -> None:
        """Put what was written on disk."""
        self._file.close()
