"""Forms about what becomes of a meeting: why, to which day, where, with which boards."""

from __future__ import annotations

from collections.abc import Sequence

from govuk_frontend_wtf.wtforms_widgets import (
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from governance.forms import LARGEST_NUMBER, TOO_OLD, DayAndTimeForm
from governance.models import MeetingMode
from plans.models import Plan
from tracker.people.board_models import Board
from tracker.web.forms import Form, tidy

SHORTEST, LONGEST = 15, 720
CHANGED = "Somebody changed this meeting since you opened the page. Look again."
MODES = {
    MeetingMode.IN_PERSON: "In person",
    MeetingMode.REMOTE: "Remotely, by link",
    MeetingMode.HYBRID: "In person or remotely",
}


def _a_link(form: Form, field: Field) -> None:
    text = field.data or ""
    if not text.startswith(("https://", "http://")) or len(text.split()) != 1:
        raise ValidationError("The link must begin with https:// and have no spaces")


def _why() -> TextAreaField:
    return TextAreaField(
        "Why?",
        description="Members read this. Name no child, and nothing confidential.",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[
            DataRequired("Say why"),
            Length(max=1000, message="The reason must be 1,000 characters or fewer"),
        ],
    )


def _minutes() -> IntegerField:
    between = f"Give a length of {SHORTEST} to {LONGEST} minutes"
    return IntegerField(
        "How long, in minutes?",
        widget=GovTextInput(),
        validators=[
            InputRequired("Give how long it lasts, in minutes"),
            NumberRange(min=SHORTEST, max=LONGEST, message=between),
        ],
    )


def _mode() -> RadioField:
    return RadioField(
        "How do members attend?",
        widget=GovRadioInput(),
        choices=[(mode.value, words) for mode, words in MODES.items()],
        validate_choice=False,
        validators=[AnyOf([mode.value for mode in MODES], "Choose how members attend")],
    )


def _place() -> StringField:
    return StringField(
        "Place (optional)",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[Length(max=300, message="The place must be 300 characters or fewer")],
    )


def _joining_link() -> StringField:
    return StringField(
        "Joining link (optional)",
        description="Such as https://teams.example/join",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[
            Optional(),
            Length(max=500, message="The link must be 500 characters or fewer"),
            _a_link,
        ],
    )


def _seen() -> IntegerField:
    return IntegerField(widget=HiddenInput(), validators=[InputRequired(TOO_OLD)])


class BecomeForm(Form):
    """Why a meeting is cancelled, postponed or lapsed, and which version of it was seen."""

    why = _why()
    seen = _seen()


class AdjournForm(DayAndTimeForm):
    """Why a meeting is adjourned, and when it goes on."""

    why = _why()
    seen = _seen()


class DetailsForm(Form):
    """How, where and how long a meeting is held."""

    mode = _mode()
    place = _place()
    joining_link = _joining_link()
    minutes = _minutes()
    seen = _seen()
    save = SubmitField("Save", widget=GovSubmitInput())


class CallForm(DayAndTimeForm):
    """An extra meeting: when, how long, where, and what it reviews."""

    minutes = _minutes()
    mode = _mode()
    place = _place()
    joining_link = _joining_link()
    plans = SelectMultipleField(
        "Which plans does it review? (optional)", choices=[], coerce=int, validate_choice=False
    )
    call = SubmitField("Call the meeting", widget=GovSubmitInput())

    def offer(self, plans: Sequence[Plan]) -> None:
        """Take these plans, and none but them."""
        self.offered = frozenset(plan.id for plan in plans)
        self.plans.choices = [(plan.id, plan.full_title) for plan in plans]

    def chosen(self) -> frozenset[int]:
        """The ids of the plans that were ticked, of those offered."""
        return self.offered & frozenset(self.plans.data or ())


class JoinForm(Form):
    """A further board for a joint meeting."""

    board = SelectField(
        "Which board joins?",
        widget=GovSelect(),
        coerce=str,
        validators=[InputRequired("Choose a board")],
    )
    add = SubmitField("Add the board", widget=GovSubmitInput())

    def offer(self, boards: Sequence[Board]) -> None:
        """Take these boards, and none but them."""
        self.board.choices = [("", "Choose a board"), *((str(b.id), b.name) for b in boards)]


class LeaveForm(Form):
    """The button that takes a further board out of a joint meeting, by its number."""

    board = IntegerField(
        widget=HiddenInput(),
        validators=[InputRequired(TOO_OLD), NumberRange(min=1, max=LARGEST_NUMBER)],
    )
