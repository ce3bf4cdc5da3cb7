"""Forms about where an action stands: a rating agreed, a completion taken back, a hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea, GovTextInput
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import ValidationError

from actions.answer_models import AgreedAs
from actions.forms.fields import (
    BoardField,
    DayField,
    KeptField,
    VersionedForm,
    must_say,
)
from tracker.people.board_models import Board
from tracker.web.fields import up_to
from tracker.web.forms import Form, tidy
from tracker.web.parts import this_day

LEAD = "lead"


class AgreeForm(Form):
    """Agree a rating better than the date allows, or record that somebody did."""

    parts: Collection[str] = ()
    last_seen = KeptField()
    part = RadioField("Agreed as", widget=GovRadioInput(), choices=[], validate_choice=False)
    agreed_by = StringField(
        "Who agreed?",
        description="The name of the chair or of the priority lead.",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[up_to(200)],
    )
    words = TextAreaField(
        "What was said? (optional)",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[up_to(500)],
    )

    def offer(self, boards: Sequence[Board], is_lead: bool) -> None:
        """The parts in which it can be agreed; the only one is chosen."""
        parts = [(str(one.id), f"Chair of {one.name}") for one in boards]
        if is_lead:
            parts.append((LEAD, "Priority lead"))
        self.parts = {key for key, _ in parts}
        self.part.choices = parts
        if len(parts) == 1 and not self.part.data:
            self.part.data = parts[0][0]

    def validate(self, extra_validators: Any = None) -> bool:
        """A part that was offered must be chosen."""
        is_valid = bool(super().validate(extra_validators))
        if self.part.data not in self.parts:
            self.part.errors = ["Choose as what it was agreed"]
            return False
        return is_valid

    def agreed_as(self) -> AgreedAs:
        """As what it was agreed."""
        return AgreedAs.PRIORITY_LEAD if self.part.data == LEAD else AgreedAs.CHAIR

    def board_id(self) -> int | None:
        """The board whose chair agreed; None for a priority lead."""
        return None if self.part.data == LEAD else int(self.part.data)


class ReopenForm(Form):
    """Take a completion back."""

    last_seen = KeptField()
    reason = must_say("Why is it not complete?", "Say why it is not complete", 2000)


class HoldForm(VersionedForm):
    """Put an action on hold, by decision of a board."""

    until = DayField("On hold until", "Say until which day it is on hold", is_last=True)
    board = BoardField("Which board decided this?", "Choose the board that decided this")
    reason = must_say("Why?", "Say why it is on hold", 500)

    def validate_until(self, field: DayField) -> None:
        """A hold ends in the future, or today."""
        if field.on is not None and field.on < this_day():
            raise ValidationError("Give a day that is not in the past")
