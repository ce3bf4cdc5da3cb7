"""Forms around the forward plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length

from actions.forms.fields import VersionedForm, must_say
from governance.agenda import Purpose
from governance.forward.operations import EntryWords
from governance.forward.queries import when_of
from governance.models import Meeting
from tracker.web.forms import tidy

LONGEST_ITEM = 480  # minutes
NO_MEETING = ""


class EntryForm(VersionedForm):
    """An entry of the forward plan: what it is, and which meeting takes it."""

    offered: Mapping[str, str] = {}

    title = StringField(
        "Title",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[
            DataRequired("Give the item a title"),
            Length(max=300, message="The title must be 300 characters or fewer"),
        ],
    )
    purpose = RadioField(
        "What is it for?",
        widget=GovRadioInput(),
        choices=[(one.value, one.value.capitalize()) for one in Purpose],
        validate_choice=False,
        validators=[AnyOf([one.value for one in Purpose], "Choose what the item is for")],
    )
    presenter = StringField(
        "Who presents it? (optional)",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[Length(max=200, message="Write 200 characters or fewer")],
    )
    minutes = StringField(
        "How many minutes? (optional)",
        widget=GovTextInput(),
        filters=[tidy],
    )
    why = TextAreaField(
        "Why does it come? (optional)",
        description="Printed beside it in the forward plan.",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[Length(max=1000, message="Write 1,000 characters or fewer")],
    )
    to = SelectField(
        "Which meeting takes it?",
        description="It is put on that meeting’s agenda.",
        widget=GovSelect(),
        validate_choice=False,
    )
    is_confidential = BooleanField("This is a confidential item", widget=GovCheckboxInput())

    def offer(self, meetings: Sequence[Meeting]) -> None:
        """The meetings that may take it."""
        self.offered = {
            NO_MEETING: "No meeting yet",
            **{str(meeting.uid): when_of(meeting) for meeting in meetings},
        }
        self.to.choices = list(self.offered.items())

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, the length and the meeting."""
        super().validate(extra_validators)
        text = self.minutes.data or "1"
        is_number = text.isascii() and text.isdigit() and len(text) <= 3
        if not is_number or not 1 <= int(text) <= LONGEST_ITEM:
            self.minutes.errors = [f"Give a number of minutes from 1 to {LONGEST_ITEM}"]
        if (self.to.data or NO_MEETING) not in self.offered:
            self.to.errors = ["Choose a meeting from the list, or no meeting yet"]
        return not self.errors

    def words(self) -> EntryWords:
        """What was said of it, once the form is valid."""
        return EntryWords(
            title=self.title.data or "",
            purpose=Purpose(self.purpose.data),
            presenter=self.presenter.data,
            minutes=int(self.minutes.data) if self.minutes.data else None,
            why=self.why.data,
        )


class DropForm(VersionedForm):
    """Why an entry comes to no meeting any more."""

    why = must_say("Why does it come to no meeting any more?", "Say why", 1000)
