"""Forms of the publish gate, of corrections, supplements and withdrawn papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    StringField,
    SubmitField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from governance.publishing.operations import Override
from governance.publishing.rules import Finding
from tracker.web.forms import Form, tidy

LONGEST_REASON = 500
LONGEST_CHANGES = 900
LONGEST_WHY = 1000
REASON = "reason-"


def says_something(message: str) -> Any:
    """A validator: a text that shows nothing is no text."""

    def check(form: Form, field: Field) -> None:
        if tidy(field.data) is None:
            raise ValidationError(message)

    return check


class GateForm(Form):
    """The latest version that the page showed (0: none), and a reason for each finding."""

    after = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    publish = SubmitField("Publish the pack", widget=GovSubmitInput())

    def reasons(self) -> list[Field]:
        """The fields for reasons, in the order of the findings."""
        return [field for field in self if field.name.startswith(REASON)]

    def overrides(self, findings: Sequence[Finding]) -> list[Override]:
        """Each finding with the reason that was given."""
        return [Override(one, tidy(self[name_of(one)].data) or "") for one in findings]


class CorrectForm(GateForm):
    """What a further version corrects, in a sentence; and whether to close again now."""

    changes = StringField(
        "What does it correct?",
        widget=GovTextInput(),
        description="A sentence. It is printed on the front sheet and told to members.",
        validators=[
            says_something("Say in a sentence what it corrects"),
            Length(
                max=LONGEST_CHANGES, message=f"Use at most {LONGEST_CHANGES} characters to say it"
            ),
        ],
    )
    close_again = BooleanField(
        "Take what owners have said since updates closed as well", widget=GovCheckboxInput()
    )
    publish = SubmitField("Publish the correction", widget=GovSubmitInput())


class SupplementForm(GateForm):
    """The button that publishes a supplement; ``after`` is how many the page showed."""

    publish = SubmitField("Publish the supplement", widget=GovSubmitInput())


class WithdrawForm(Form):
    """Why a paper is withdrawn."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    why = TextAreaField(
        "Why is it withdrawn?",
        widget=GovTextArea(),
        description="It is printed in the paper’s place in the next version.",
        validators=[
            says_something("Say why the paper is withdrawn"),
            Length(max=LONGEST_WHY, message=f"Use at most {LONGEST_WHY} characters"),
        ],
    )
    withdraw = SubmitField("Withdraw the paper", widget=GovSubmitInput())


def name_of(finding: Finding) -> str:
    """The name of the field for a finding's reason."""
    return REASON + finding.key.replace(":", "-")


def with_reasons(form: type[GateForm], findings: Sequence[Finding]) -> type[GateForm]:
    """A form with a field for the reason to publish in spite of each finding."""
    fields = {
        name_of(one): StringField(
            f"{one.where}: {one.words}",
            widget=GovTextInput(),
            description="Why is it published all the same?",
            validators=[
                says_something(f"{one.where}: say why it is published all the same"),
                Length(
                    max=LONGEST_REASON,
                    message=f"{one.where}: use at most {LONGEST_REASON} characters",
                ),
            ],
        )
        for one in findings
    }
    return type("FindingsForm", (form,), fields)
