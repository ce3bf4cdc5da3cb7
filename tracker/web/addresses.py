"""How addresses are read: days as 2026-12-08, numbers and slugs in one spelling only."""

from __future__ import annotations

import re
from datetime import date

from werkzeug.routing import BaseConverter, ValidationError

# First parts of addresses that are ours: no partnership may be called so.
RESERVED = frozenset(
    {
        "account",
        "api",
        "calendar",
        "cover",
        "feeds",
        "health",
        "my-actions",
        "published",
        "search",
        "sign-in",
        "sign-out",
        "static",
    }
)


def is_slug(slug: str) -> bool:
    """Whether this can be a part of an address: kebab-case, at most 60 letters."""
    return len(slug) <= 60 and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) is not None


class Number(BaseConverter):
    """A whole number as it is written here; one that no database column holds is no page (404)."""

    # Eighteen digits always fit in 64 bits, on both engines.
    regex = r"[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if str(number) != value:
            # 007 would be a second address of the same page.
            raise ValidationError
        return number

    def to_url(self, value: int) -> str:
        return str(int(value))


class Slug(BaseConverter):
    """A part of an address that could be a slug; anything else is no page of ours (404)."""

    regex = r"[a-z0-9-]{1,80}"


class Day(BaseConverter):
    """A day in an address; anything else is no page of ours (404)."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: date) -> str:
        return value.isoformat()
