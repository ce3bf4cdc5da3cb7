"""Reading what a mail server says when it could not deliver: RFC 3464 reports, as values.

Servers differ in what else they put into the letter; the report itself is a part of its own,
with fields for the letter and a group of fields for each recipient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.header import decode_header, make_header
from email.message import Message

# Worst first: a report may speak of several recipients, and ours is the one that went wrong.
ACTIONS = ("failed", "delayed")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,198}>")


class NotABounce(Exception):
    """It is no report of a letter that failed or is delayed; the message says what is missing."""


@dataclass(frozen=True)
class Bounce:
    """What became of a letter, in its server's words.

    ``is_final``: the server gave it up, and will not try again. ``is_of_address``: because of the
    address (status 5.x.x of RFC 3463), so that another letter would fare no better.
    ``message_id`` and ``key`` are of the letter that came back, where its headers did.
    """

    is_final: bool
    is_of_address: bool
    words: str
    recipient: str | None
    message_id: str | None
    key: str | None


def read_bounce(data: bytes) -> Bounce:
    """Read a report as a mail server hands it over; raises NotABounce for anything else."""
    try:
        letter = message_from_bytes(data)
    except RecursionError as error:
        raise NotABounce("This is nested too deeply to be a delivery report.") from error
    report = next((part for part in letter.walk() if _is_report(part)), None)
    if report is None:
        raise NotABounce("This is no delivery report (RFC 3464).")
    groups = [group for group in _recipients(report) if _said(group, "Action") in ACTIONS]
    if not groups:
        raise NotABounce("This report speaks of no letter that failed or is delayed.")
    worst = min(groups, key=lambda group: ACTIONS.index(_said(group, "Action")))
    is_final = _said(worst, "Action") == ACTIONS[0]
    status = _said(worst, "Status")
    original = _original(report)
    found = MESSAGE_ID.search(_field(original, "Message-ID")) if original is not None else None
    return Bounce(
        is_final=is_final,
        is_of_address=is_final and status.startswith("5"),
        words=_words(worst, status),
        recipient=_address(worst, "Original-Recipient") or _address(worst, "Final-Recipient"),
        message_id=found.group() if found else None,
        key=(_field(original, "X-Tracker-Key") or None) if original is not None else None,
    )


def _is_report(part: Message) -> bool:
    return part.get_content_type() == "multipart/report" and part.is_multipart()


def _parts(report: Message) -> list[Message]:
    """The report's own parts: what stands inside the letter that came back is not the server's."""
    parts = report.get_payload()
    return [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []


def _recipients(report: Message) -> Iterator[Message]:
    """The group of fields of each recipient; the first group is about the letter."""
    for part in _parts(report):
        if part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            if isinstance(groups, list):
                yield from (g for g in groups if isinstance(g, Message) and g["Action"])


def _original(report: Message) -> Message | None:
    """The headers of the letter that came back, whole or alone."""
    for part in _parts(report):
        inner = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(inner, list) and inner:
            return inner[0] if isinstance(inner[0], Message) else None
        if part.get_content_type() == "text/rfc822-headers" and isinstance(inner, str):
            return message_from_string(inner.lstrip())
    return None


def _field(message: Message, name: str) -> str:
    """A field on one line, decoded; empty where it is not there or cannot be read."""
    value = message.get(name)
    if value is None:
        return ""
    try:
        text = str(make_header(decode_header(str(value))))
    except (ValueError, LookupError):
        text = str(value)
    return " ".join(text.split())


def _said(group: Message, name: str) -> str:
    """A field's first word: comments may follow it."""
    words = _field(group, name).split()
    return words[0].casefold() if words else ""


def _address(group: Message, name: str) -> str | None:
    """The address of a recipient's field, without the type that stands before it."""
    _, _, address = _field(group, name).rpartition(";")
    return address.strip().strip("<>") or None


def _words(group: Message, status: str) -> str:
    """The server's own words: its diagnostic, or else its bare status."""
    kind, _, words = _field(group, "Diagnostic-Code").partition(";")
    said = (words or kind).strip()
    return said or f"The mail server gave no reason (status {status or 'not said'})."
