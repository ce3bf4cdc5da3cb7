"""Fields that the forms of minutes share."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextInput
from wtforms import IntegerField, SelectField
from wtforms.form import BaseForm
from wtforms.validators import (
    InputRequired,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from governance.forms import LARGEST_NUMBER, TOO_OLD

MOST_VOTES = 1000


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
