"""Forms about agendas: an item, why it leaves, where it goes, the chair's approval."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from wtforms import HiddenField, IntegerField, RadioField
from wtforms.validators import AnyOf, NumberRange, Optional

from actions.forms.choices import OneOf
from actions.forms.fields import DayField, VersionedForm, must_say
from governance.agenda import Purpose
from governance.agendas.changing import ItemWords
from tracker.web.fields import line, lines

LONGEST_ITEM = 600  # ten hours: no item takes longer
WRONG_MINUTES = f"Give a number of minutes from 1 to {LONGEST_ITEM}"


class MinutesField(IntegerField):
    """A number of minutes; what is no number is told so in our words."""

    widget = GovTextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it, where anything was typed."""
        try:
            super().process_formdata([one.strip() for one in valuelist])
        except ValueError:
            raise ValueError(WRONG_MINUTES) from None


class ItemForm(VersionedForm):
    """An agenda item: what it is called and is for, who brings it, how long it may take."""

    title = line("Title", 300, "Give the item a title")
    purpose = RadioField(
        "What is it for?",
        widget=GovRadioInput(),
        choices=[(one.value, one.value.capitalize()) for one in Purpose],
        validate_choice=False,
        validators=[AnyOf([one.value for one in Purpose], "Choose what the item is for")],
    )
    presenter = line(
        "Who presents it?", 200, description="A name or a post. You can leave this empty."
    )
    minutes = MinutesField(
        "How many minutes?",
        description="You can leave this empty.",
        validators=[Optional(), NumberRange(1, LONGEST_ITEM, WRONG_MINUTES)],
    )
    text = lines(
        "Text under the item", 4000, description="Printed in the pack. You can leave this empty."
    )

    def words(self) -> ItemWords:
        """What was said of the item, once the form is valid."""
        return ItemWords(
            title=str(self.title.data),
            purpose=Purpose(self.purpose.data),
            presenter=self.presenter.data,
            minutes=self.minutes.data,
            text=self.text.data,
        )


class NewItemForm(ItemForm):
    """A new item; late where it says why it is accepted all the same."""

    late_reason = lines(
        "Why is it accepted late?",
        1000,
        description="Only for a late or urgent item: the reason is printed.",
    )

    def demand_reason(self) -> bool:
        """Where the pack is published, an item comes late or not at all."""
        if self.late_reason.data:
            return True
        self.late_reason.errors = ["The pack is published: say why the item is accepted late"]
        return False


class WhyForm(VersionedForm):
    """Why an item leaves the agenda."""

    why = must_say("Why?", "Say why", 1000)


class DeferForm(WhyForm):
    """To which meeting an item is put off, and why."""

    to = OneOf("To which meeting?", "Choose where the item goes")


class MoveItemForm(VersionedForm):
    """Where an item goes: up, down, or before another one (empty: to the end)."""

    way = HiddenField()
    before = HiddenField()


class ApproveForm(VersionedForm):
    """The button by which the chair approves."""


class RecordApprovalForm(VersionedForm):
    """The day on which the chair told the secretary that the agenda is approved."""

    approved_on = DayField("On which day did the chair approve it?", "Give the day")
