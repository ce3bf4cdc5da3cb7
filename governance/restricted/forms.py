"""Forms for keeping an item confidential, and for taking a text down."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovSubmitInput, GovTextArea
from wtforms import HiddenField, IntegerField, RadioField, SelectField, SubmitField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from governance.forms import LARGEST_NUMBER, TOO_OLD
from governance.restricted.rules import SCHEDULE_12A
from tracker.web.forms import Form, tidy

NO_PARAGRAPH = ""
_SEEN = [InputRequired(TOO_OLD), NumberRange(min=1, max=LARGEST_NUMBER)]


class ConfidentialForm(Form):
    """Why an item is kept confidential; by law with its paragraph and the public interest."""

    seen = IntegerField(widget=HiddenInput(), validators=_SEEN)
    paragraph = SelectField(
        "Paragraph of Schedule 12A",
        widget=GovSelect(),
        choices=[
            (NO_PARAGRAPH, "No paragraph"),
            *((str(number), f"{number}. {words}") for number, words in SCHEDULE_12A.items()),
        ],
        validate_choice=False,
        validators=[AnyOf([NO_PARAGRAPH, *map(str, SCHEDULE_12A)], "Choose one from the list")],
    )
    reason = TextAreaField(
        "Why is it kept confidential?",
        description="Why the public interest in keeping it outweighs that in telling",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[Length(max=1000, message="The reason must be 1,000 characters or fewer")],
    )
    keep = SubmitField("Keep it confidential", widget=GovSubmitInput())

    def number(self) -> int | None:
        """The paragraph that was chosen."""
        return int(self.paragraph.data) if self.paragraph.data else None


class OpenForm(Form):
    """The button that makes an item open again."""

    seen = IntegerField(widget=HiddenInput(), validators=_SEEN)


class LookForm(Form):
    """Some of the words that are to be taken down."""

    phrase = TextAreaField(
        "Some of the words",
        description="Copy a few words of the text, as they stand there",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[
            DataRequired("Give some of the words"),
            Length(min=3, message="Give at least three letters"),
            Length(max=2000, message="Give 2,000 characters or fewer"),
        ],
    )
    look = SubmitField("Look for them", widget=GovSubmitInput())


class HideForm(Form):
    """Which of the texts that were found to take down, and why."""

    phrase = HiddenField(filters=[tidy], validators=[DataRequired(TOO_OLD), Length(max=2000)])
    where = RadioField(
        "Which text?",
        widget=GovRadioInput(),
        validate_choice=False,
        validators=[InputRequired("Choose the text to take down"), Length(max=200)],
    )
    reason = TextAreaField(
        "Why?",
        description="This stays on record. Do not repeat the words, or name the child",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[
            DataRequired("Say why it is taken down"),
            Length(max=1000, message="The reason must be 1,000 characters or fewer"),
        ],
    )
    hide = SubmitField("Take it down now", widget=GovSubmitInput())


class DecideForm(Form):
    """The button that erases a hidden text, or shows it again, as it was seen."""

    seen = IntegerField(widget=HiddenInput(), validators=_SEEN)
