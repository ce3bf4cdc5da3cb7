"""Forms around meetings and calendars."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextInput
from wtforms import IntegerField, SelectField, StringField, SubmitField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import HiddenInput

from tracker.web.forms import Form, tidy


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


class PublishForm(Form):
    """The button that publishes a pack, and the latest version that its page showed (0: none)."""

    after = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    publish = SubmitField("Publish the pack", widget=GovSubmitInput())
