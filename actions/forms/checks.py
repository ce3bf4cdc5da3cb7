"""Checks of fields that forms of actions share, each with its sentence for the field."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from wtforms import Field
from wtforms.validators import ValidationError

from tracker.kernel.period import parse_period
from tracker.web.forms import Form
from tracker.web.parts import this_day

DATE_HINT = "Write it as 31 March 2027, or as March 2027."
A_LINK = "A link must begin with https:// or http:// and name a website"
# What a browser might run or open on the reader's own machine.
_NO_LINK = re.compile(r"(javascript|vbscript|file):\S|data:\w+/|www\.")


def day_ahead(form: Form, field: Field) -> None:
    """A day or period, as people type it, that is not over yet."""
    if not field.data:
        return
    shown = field.data[:40]
    try:
        last_on = parse_period(field.data).last
    except ValueError as error:
        words = f"We cannot read “{shown}” as a date."
        if "no such day" in str(error):
            words = f"There is no such day as “{shown}”."
        raise ValidationError(f"{words} {DATE_HINT}") from None
    if last_on < this_day():
        raise ValidationError("Give a date that is not in the past")


def links_open(form: Form, field: Field) -> None:
    """A sentence, in which whatever looks like a link is one that opens in a browser."""
    for word in (field.data or "").split():
        plain = word.strip("().,;<>“”\"'").lower()
        if "://" in plain and not _opens(plain):
            raise ValidationError(A_LINK)
        if _NO_LINK.match(plain):
            raise ValidationError(A_LINK)


def _opens(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
