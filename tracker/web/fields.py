"""Fields of text that forms of every package have: a line, several lines, and their limit."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from tracker.web.forms import tidy


def up_to(limit: int) -> Length:
    """At most so many characters, as the column keeps them."""
    return Length(max=limit, message=f"Use {limit:,} characters or fewer")


def line(label: str, limit: int, missing: str | None = None, **options: Any) -> StringField:
    """A line of at most ``limit`` characters; ``missing`` is said where it must be given."""
    return StringField(label, widget=GovTextInput(), **_text(limit, missing), **options)


def lines(label: str, limit: int, missing: str | None = None, **options: Any) -> TextAreaField:
    """A text of several lines, of at most ``limit`` characters; ``missing`` as for a line."""
    return TextAreaField(label, widget=GovTextArea(), **_text(limit, missing), **options)


def _text(limit: int, missing: str | None) -> dict[str, Any]:
    checks = [DataRequired(missing)] if missing else []
    return {"filters": [tidy], "validators": [*checks, up_to(limit)]}
