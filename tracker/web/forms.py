"""The ground of every form: what is read as a form, and when a text says something.

A page sends its form as a form. A JSON body, or a file under a field's name, is nothing that a
field could read, so neither is ever offered to one.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from flask import request
from flask_wtf import FlaskForm

from tracker.edges.db import clean


class Form(FlaskForm):
    """A form that reads the fields of a POST and nothing else."""

    class Meta(FlaskForm.Meta):
        """Where the fields' values come from."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """The fields that were sent by POST; None when there are none, or none are wanted."""
            return request.form if formdata is not None and request.method == "POST" else None


def tidy(text: str | None) -> str | None:
    """A field's text as it will be kept, so that its limits count what is kept.

    None for a text that shows nothing: spaces, control and zero-width characters, marks alone.
    """
    kept = clean(text or "")
    return kept if any(unicodedata.category(one)[0] not in "CMZ" for one in kept) else None
