"""How addresses are read: days as 2026-12-08, and no other way."""

from __future__ import annotations

import re
from datetime import date

from werkzeug.routing import BaseConverter, ValidationError

# First parts of addresses that are ours: no partnership may be called so.
RESERVED = frozenset(
    {"calendar", "feeds", "health", "my-actions", "sign-in", "sign-out", "static", "api", "search"}
)


def is_free(slug: str) -> bool:
    """Whether a partnership may have this slug: kebab-case, at most 60 letters, not reserved."""
    kebab = re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    return bool(kebab) and len(slug) <= 60 and slug not in RESERVED


class Day(BaseConverter):
    """A day in an address; anything else is no page of ours (404)."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: date) -> str:
        return value.isoformat()
