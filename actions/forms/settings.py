"""The form of a partnership's settings about its actions."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from wtforms import RadioField, StringField
from wtforms.validators import AnyOf, ValidationError

from actions.forms.fields import VersionedForm
from tracker.kernel.rag import DateRule
from tracker.web.forms import tidy

DATE_RULES = {
    DateRule.AMBER_FOR_A_MONTH: "Amber at best for one month, then Red",
    DateRule.RED_AT_ONCE: "Red at once",
    DateRule.NONE: "Any rating: only the days overdue are shown beside it",
}
MOST_DAYS = 120


class SettingsForm(VersionedForm):
    """What a passed deadline allows, and when one ask serves two meetings."""

    date_rule = RadioField(
        "When the last day of a “by” deadline has passed, the date allows",
        widget=GovRadioInput(),
        choices=[(one.value, words) for one, words in DATE_RULES.items()],
        validate_choice=False,
        validators=[AnyOf([one.value for one in DATE_RULES], "Choose what the date allows")],
    )
    one_ask_days = StringField(
        "One update serves every meeting within so many days",
        description="30 is usual. Owners are then not asked twice about the same weeks.",
        widget=GovTextInput(),
        filters=[tidy],
    )

    def validate_one_ask_days(self, field: StringField) -> None:
        """A whole number of days, not above the most that makes sense."""
        given = field.data or ""
        if not (given.isascii() and given.isdigit() and len(given) < 4 and int(given) <= MOST_DAYS):
            raise ValidationError(f"Give a whole number of days from 0 to {MOST_DAYS}")
