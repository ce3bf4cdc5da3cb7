"""Forms of proposals: what is proposed and why; agreed or returned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from actions.answer_models import AgreedAs
from actions.forms.choices import OneOf, OneOfFew
from actions.forms.fields import DeadlineField, VersionedForm, must_say
from actions.place_queries import Place
from tracker.kernel.rag import Relation
from tracker.people.board_models import Board
from tracker.web.fields import up_to
from tracker.web.forms import Form, tidy
from tracker.web.parts import this_day

LEAD = "lead"


class ComingDeadlineField(DeadlineField):
    """A deadline in words that has not passed."""

    def pre_validate(self, form: Any) -> None:
        """Read the deadline, and refuse a day that is over."""
        super().pre_validate(form)
        read = self.read
        if (
            read is not None
            and read.relation is Relation.BY
            and read.last_on is not None
            and read.last_on < this_day()
        ):
            raise ValidationError("Give a deadline that has not passed")


class NewActionForm(Form):
    """A new action that is proposed for a plan."""

    place = OneOf("Under which priority?", "Choose the priority that it belongs to")
    title = StringField(
        "What is to be done?",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[DataRequired("Say what is to be done"), up_to(300)],
    )
    description = TextAreaField(
        "More about it (optional)",
        description="Leave out anything that could identify a child.",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[up_to(2000)],
    )
    deadline = ComingDeadlineField("By when?")
    reason = must_say("Why is it needed?", "Say why it is needed", 1000)

    def offer(self, places: Sequence[Place]) -> None:
        """Offer the plan's priorities."""
        self.place.offer(
            [(place.key, _begun(place.priority_words)) for place in places], "Choose a priority"
        )


class NewDeadlineForm(Form):
    """Another deadline that is proposed. The reason is as long as a deadline keeps it."""

    deadline = ComingDeadlineField("Which deadline do you propose?")
    reason = must_say("Why does it need to change?", "Say why it needs to change", 500)


class ClosingForm(Form):
    """A closing that is proposed: closed, not completed."""

    reason = must_say(
        "Why should it be closed, not completed?", "Say why it should be closed", 1000
    )


class AgreeProposalForm(VersionedForm):
    """Agree to a proposal in one's own part, or record that somebody agreed in theirs."""

    part = OneOfFew("Agreed as", "Choose as what it was agreed")
    agreed_by = StringField(
        "Who agreed?",
        description="The name of the chair or priority lead. Leave it empty if it is you.",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[up_to(200)],
    )
    words = TextAreaField(
        "What was said? (optional)",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[up_to(1000)],
    )

    def offer(self, boards: Sequence[Board], *, is_lead: bool) -> None:
        """The parts in which it can be agreed; the only one is chosen."""
        parts = [(str(one.id), f"Chair of {one.name}") for one in boards]
        self.part.offer([*parts, *([(LEAD, "Priority lead")] if is_lead else [])])

    def agreed_as(self) -> AgreedAs:
        """As what it was agreed."""
        return AgreedAs.PRIORITY_LEAD if self.part.data == LEAD else AgreedAs.CHAIR

    def board_id(self) -> int | None:
        """The board whose chair agreed; None for a priority lead."""
        return None if self.part.data == LEAD else int(self.part.data or 0)

    def refuse_name(self, words: str) -> None:
        """Say beside the name what is wrong with it."""
        self.agreed_by.errors = [words]


class ReturnForm(VersionedForm):
    """A proposal or an offer is returned, with the reason."""

    reason = must_say("Why is it returned?", "Say why it is returned", 1000)


class WithdrawForm(VersionedForm):
    """One's own proposal is taken back."""


class AcceptForm(VersionedForm):
    """A board takes an action over."""

    words = TextAreaField(
        "What was said? (optional)",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[up_to(1000)],
    )


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]
