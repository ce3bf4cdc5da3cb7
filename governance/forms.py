"""Forms around meetings and calendars."""

from __future__ import annotations

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextInput
from wtforms import SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, Length


class FeedForm(FlaskForm):
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
        validators=[
            InputRequired("Give the link a name"),
            Length(max=100, message="The name must be 100 characters or fewer"),
        ],
        filters=[lambda value: value.strip() if value else value],
    )
    make = SubmitField("Make the link", widget=GovSubmitInput())


class PublishForm(FlaskForm):
    """The button that publishes a pack."""

    publish = SubmitField("Publish the pack", widget=GovSubmitInput())
