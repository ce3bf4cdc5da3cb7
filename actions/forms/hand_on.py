"""Short forms around an update: handing it to somebody, returning it to its author."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired
from wtforms.widgets import HiddenInput

from tracker.web.fields import up_to
from tracker.web.forms import Form, tidy


class DelegateForm(Form):
    """To whom one update is handed, and what they should know."""

    to = StringField(
        "Who should answer instead?",
        description="Type a name or an e-mail address, and choose from the list.",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[DataRequired("Say who should answer"), up_to(460)],
    )
    note = TextAreaField(
        "What should they know? (optional)",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[up_to(500)],
    )


class ReturnForm(Form):
    """Why an update goes back to its author. ``seen`` is the instant of the version read."""

    seen = StringField(widget=HiddenInput(), filters=[tidy])
    reason = TextAreaField(
        "Why do you return it?",
        description="Its author reads this and sends the update again.",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[DataRequired("Say why you return it"), up_to(500)],
    )
