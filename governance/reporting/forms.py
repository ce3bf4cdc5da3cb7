"""Forms of escalations, reports to the board above and annual reports."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea
from wtforms import HiddenField, IntegerField, RadioField, SubmitField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from governance.forms import TOO_OLD
from tracker.web.forms import Form, tidy


def _text(label: str, hint: str, longest: int) -> TextAreaField:
    return TextAreaField(
        label,
        description=hint,
        widget=GovTextArea(),
        filters=[tidy],
        validators=[
            Optional(),
            Length(max=longest, message=f"Write at most {longest:,} characters"),
        ],
    )


class EscalationForm(Form):
    """What is decided about an escalation, with words."""

    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(TOO_OLD)])
    choice = RadioField("What is decided?", widget=GovRadioInput(), validate_choice=False)
    words = _text("In words", "", 1000)
    as_chair = HiddenField()
    save = SubmitField("Record it", widget=GovSubmitInput())

    def offer(self, choices: list[tuple[str, str]], hint: str) -> None:
        """Say what can be chosen now, and what the words are for."""
        self.choice.choices = choices
        self.choice.validators = [AnyOf([value for value, _ in choices], "Choose what is decided")]
        self.words.description = hint


class UpwardForm(Form):
    """What a board tells the one above, beside what the records say."""

    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(TOO_OLD)])
    exceptions = _text(
        "Exceptions",
        "What the board above should know: what goes wrong, what was done about it. Actions that"
        " are Red and escalations are listed by themselves.",
        4000,
    )
    requests = _text(
        "Requests",
        "What the board above is asked to decide or to help with. Leave empty for nothing.",
        4000,
    )
    save = SubmitField("Save the report", widget=GovSubmitInput())


class AnnualForm(Form):
    """What people write in an annual report; the rest comes from the records."""

    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(TOO_OLD)])
    foreword = _text(
        "Foreword of the chair", "What the year was about, in the chair’s words.", 8000
    )
    looking_ahead = _text("Looking ahead", "What the board will do in the coming year.", 8000)
    save = SubmitField("Save", widget=GovSubmitInput())

    def fill(self, values: Any) -> None:
        """Show what was written before."""
        self.foreword.data = values.foreword
        self.looking_ahead.data = values.looking_ahead
