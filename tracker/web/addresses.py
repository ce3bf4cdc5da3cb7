"""How addresses are read: days as 2026-12-08, and no other way."""

from __future__ import annotations

from datetime import date

from werkzeug.routing import BaseConverter, ValidationError


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
