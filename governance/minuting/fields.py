"""Fields that the forms of minutes share."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextArea, GovTextInput
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from governance.forms import LARGEST_NUMBER, TOO_OLD
from tracker.web.forms import tidy

MOST_VOTES = 1000


def up_to(limit: int) -> Length:
    """At most so many characters, as they are kept."""
    return Length(max=limit, message=f"Use {limit:,} characters or fewer")


def text_field(label: str, limit: int, missing: str | None = None, **options: Any) -> StringField:
    """One line; ``missing`` is the sentence where it must be given."""
    checks = [DataRequired(missing)] if missing else []
    return StringField(
        label,
        widget=GovTextInput(),
        filters=[tidy],
        validators=[*checks, up_to(limit)],
        **options,
    )


def long_field(label: str, limit: int, missing: str | None = None, **options: Any) -> TextAreaField:
    """Several lines; ``missing`` is the sentence where they must be given."""
    checks = [DataRequired(missing)] if missing else []
    return TextAreaField(
        label,
        widget=GovTextArea(),
        filters=[tidy],
        validators=[*checks, up_to(limit)],
        **options,
    )


def seen_field() -> IntegerField:
    """The version that the page showed; 0 before the first."""
    return IntegerField(
        widget=HiddenInput(),
        validators=[InputRequired(TOO_OLD), NumberRange(min=0, max=LARGEST_NUMBER)],
    )


def votes_field(label: str) -> IntegerField:
    """How many votes, where they were counted."""
    words = f"Give a whole number from 0 to {MOST_VOTES}"
    return IntegerField(
        label,
        widget=GovTextInput(),
        validators=[Optional(), NumberRange(min=0, max=MOST_VOTES, message=words)],
    )


def choice_field(label: str, missing: str, **options: Any) -> SelectField:
    """One of what is offered; ``missing`` is the sentence for anything else."""
    return SelectField(
        label, widget=GovSelect(), validators=[_offered(missing)], validate_choice=False, **options
    )


def _offered(missing: str) -> Any:
    """Only what was offered is a choice."""

    def check(form: BaseForm, field: SelectField) -> None:
        if field.data not in [str(one[0]) for one in field.choices or ()]:
            raise ValidationError(missing)

    return check
