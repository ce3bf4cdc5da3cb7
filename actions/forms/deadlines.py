"""Forms about deadlines and milestones."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField
from wtforms.validators import DataRequired, ValidationError

from actions.forms.fields import (
    BoardField,
    DayField,
    DeadlineField,
    VersionedForm,
    must_say,
)
from tracker.web.fields import up_to
from tracker.web.forms import tidy
from tracker.web.parts import this_day

BY_CORRECTION = "No board: the record was wrong"


class DeadlineForm(VersionedForm):
    """A new deadline, why, and which board agreed."""

    deadline = DeadlineField("New deadline")
    reason = must_say("Why does it change?", "Say why the deadline changes", 500)
    board = BoardField("Which board agreed?", "Choose the board that agreed")


class MilestoneForm(VersionedForm):
    """A new milestone with its date."""

    title = StringField(
        "What is to be done?",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[DataRequired("Say what is to be done"), up_to(300)],
    )
    deadline = DeadlineField("By when?")


class DoneForm(VersionedForm):
    """A milestone was done, on a day that is not to come."""

    done_on = DayField("On which day was it done?", "Say on which day it was done")

    def validate_done_on(self, field: DayField) -> None:
        """What is done was done by today."""
        if field.on is not None and field.on > this_day():
            raise ValidationError("Give a day that is not in the future")
