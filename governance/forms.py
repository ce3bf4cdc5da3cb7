"""Forms around meetings and calendars."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
)
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from tracker.kernel.typed_times import DAY_HINT, TIME_HINT, read_day, read_time
from tracker.people.models import Audience
from tracker.web.forms import Form, tidy

LONGEST_PERIOD = timedelta(days=366)
LARGEST_NUMBER = 2**62  # what both databases take for a row's number
TOO_OLD = "This page was too old: open it again"


class FeedForm(Form):
    """A new calendar link: what it shows, and a name to know it by."""

    shows = SelectField(
        "What should it show?",
        widget=GovSelect(),
        validators=[InputRequired("Choose what the calendar should show")],
    )
    name = StringField(
        "Name",
        description="To know it by, such as “Work phone”",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[
            DataRequired("Give the link a name"),
            Length(max=100, message="The name must be 100 characters or fewer"),
        ],
    )
    make = SubmitField("Make the link", widget=GovSubmitInput())


def _a_day(form: Form, field: Field) -> None:
    try:
        read_day(field.data)
    except ValueError as why:
        raise ValidationError(str(why)) from None


def _a_time(form: Form, field: Field) -> None:
    try:
        read_time(field.data)
    except ValueError as why:
        raise ValidationError(str(why)) from None


def _day_field(label: str, missing: str, hint: str = DAY_HINT) -> StringField:
    return StringField(
        label,
        description=hint,
        widget=GovTextInput(),
        filters=[tidy],
        validators=[DataRequired(missing), _a_day],
    )


def _time_field(label: str, missing: str) -> StringField:
    return StringField(
        label,
        description=TIME_HINT,
        widget=GovTextInput(),
        filters=[tidy],
        validators=[DataRequired(missing), _a_time],
    )


class DayAndTimeForm(Form):
    """A day and a time of day, as people type them."""

    day = _day_field("Day", "Give the day")
    at = _time_field("Time", "Give the time")

    def on(self) -> date:
        """The day, once it is valid."""
        return read_day(self.day.data or "")

    def time(self) -> time:
        """The time by London's clock, once it is valid."""
        return read_time(self.at.data or "")


class MoveForm(DayAndTimeForm):
    """A meeting's new day and time: first looked at, then confirmed or changed."""

    day = _day_field("New day", "Give the new day")
    at = _time_field("Time", "Give the time at which it begins")
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(TOO_OLD)])
    confirm = HiddenField()
    change = HiddenField()


class ReopenForm(DayAndTimeForm):
    """Until when updates are open again."""

    day = _day_field("Until which day?", "Give the day on which they close again")
    at = _time_field("At what time?", "Give the time at which they close again")
    reopen = SubmitField("Open updates again", widget=GovSubmitInput())


class PeriodForm(Form):
    """A closed period: its name, its days, for whom, and whether it holds publishing."""

    name = StringField(
        "Name",
        description="Such as “Christmas” or “Before the election”",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[
            DataRequired("Give the period a name"),
            Length(max=100, message="The name must be 100 characters or fewer"),
        ],
    )
    from_on = _day_field("First closed day", "Give the first closed day")
    to_on = _day_field("Last closed day", "Give the last closed day")
    audience = RadioField(
        "Who is not asked on these days?",
        widget=GovRadioInput(),
        choices=[
            (Audience.EVERYBODY.value, "Everybody"),
            (Audience.SCHOOLS.value, "School contacts only"),
        ],
        validate_choice=False,
        validators=[AnyOf([one.value for one in Audience], "Choose who is not asked")],
    )
    holds_publishing = BooleanField(
        "Packs of boards that meet in public wait: nothing is published before an election",
        widget=GovCheckboxInput(),
    )
    add = SubmitField("Add the closed period", widget=GovSubmitInput())

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that the days are in order and at most a year."""
        if not super().validate(extra_validators):
            return False
        first, last = self.days()
        if last < first:
            self.to_on.errors = ["The last closed day must not come before the first"]
        elif last - first >= LONGEST_PERIOD:
            self.to_on.errors = ["A closed period must not be longer than a year"]
        return not self.to_on.errors

    def days(self) -> tuple[date, date]:
        """The first and last day, once they can be read."""
        return read_day(self.from_on.data or ""), read_day(self.to_on.data or "")


class EndPeriodForm(Form):
    """The button that ends a closed period, by its number."""

    period = IntegerField(
        widget=HiddenInput(),
        validators=[InputRequired(TOO_OLD), NumberRange(min=1, max=LARGEST_NUMBER)],
    )
