"""Forms of decisions between meetings and of the action log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, Field, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from actions.forms.choices import OneOf, OneOfFew
from actions.forms.fields import DayField, MemberField, VersionedForm, must_say
from actions.forms.proposals import ComingDeadlineField
from actions.place_queries import Place
from governance.decision_models import Answer, CirculationKind
from governance.log_models import MeetingActionStatus
from governance.models import Meeting
from tracker.kernel.period import long_date
from tracker.kernel.times import london
from tracker.kernel.typed_times import DAY_HINT, TIME_HINT, read_day, read_time
from tracker.people.models import Organisation, Person
from tracker.web.fields import line, up_to
from tracker.web.forms import Form, tidy

NO_CHILD = "Leave out anything that could identify a child."
ANSWER_WORDS = {
    Answer.AGREE: "I agree",
    Answer.DISAGREE: "I disagree",
    Answer.ABSTAIN: "I abstain",
    Answer.AT_A_MEETING: "Decide it at a meeting",
}
GIVEN_WORDS = {
    Answer.AGREE: "Agrees",
    Answer.DISAGREE: "Disagrees",
    Answer.ABSTAIN: "Abstains",
    Answer.AT_A_MEETING: "Wants it decided at a meeting",
}
KIND_WORDS = {
    CirculationKind.EMAIL: "By e-mail: every voting member is asked",
    CirculationKind.CHAIRS_ACTION: "Chair’s action: the chair decides",
    CirculationKind.DELEGATION: "Delegation: somebody named decides for the board",
}
STATUS_WORDS = {
    MeetingActionStatus.OPEN: "Open",
    MeetingActionStatus.DONE: "Done",
    MeetingActionStatus.CLOSED: "Closed, not completed",
}


def _may_say(label: str, limit: int, **options: Any) -> TextAreaField:
    return TextAreaField(
        label, widget=GovTextArea(), filters=[tidy], validators=[up_to(limit)], **options
    )


def _a_day(form: Form, field: Field) -> None:
    try:
        read_day(field.data)
    except ValueError as why:
        raise ValidationError(str(why)) from None


def _a_time(form: Form, field: Field) -> None:
    try:
        read_time(field.data)
    except ValueError as why:
        raise ValidationError(str(why)) from None


class OpenForm(Form):
    """A decision that cannot wait for the next meeting."""

    kind = OneOfFew(
        "How is it to be decided?",
        "Choose how it is to be decided",
        [(one.value, said) for one, said in KIND_WORDS.items()],
    )
    delegated_to = line(
        "To whom is it delegated?",
        300,
        description="For a delegation only: the name, and the post that they hold.",
    )
    title = line("What is to be decided?", 300, "Say what is to be decided")
    proposal = must_say(
        "What is proposed?", "Say what the board is to agree to", 2000, description=NO_CHILD
    )
    why_now = must_say("Why can it not wait for the next meeting?", "Say why it cannot wait", 1000)
    day = StringField(
        "Answers by which day?",
        description=DAY_HINT,
        widget=GovTextInput(),
        filters=[tidy],
        validators=[DataRequired("Give the day by which answers are wanted"), _a_day],
    )
    at = StringField(
        "At what time?",
        description=TIME_HINT,
        widget=GovTextInput(),
        filters=[tidy],
        validators=[DataRequired("Give the time at which it closes"), _a_time],
    )
    is_confidential = BooleanField(
        "It is confidential: only those who may read confidential items see it and answer",
        widget=GovCheckboxInput(),
    )

    def closes_at(self) -> datetime:
        """When it closes, once the form is valid."""
        return london(read_day(self.day.data or ""), read_time(self.at.data or ""))

    def refuse(self, words: str) -> None:
        """Say beside the field that it concerns why it cannot be opened so."""
        if "deleg" in words:
            self.delegated_to.errors = [words]
        elif "time" in words or "day" in words:
            self.day.errors = [words]
        else:
            self.kind.errors = [words]

    def chosen_kind(self) -> CirculationKind:
        """How it is to be decided, once the form is valid."""
        return CirculationKind(self.kind.data)


class AnswerForm(Form):
    """A member's own answer."""

    answer = OneOfFew(
        "Your answer",
        "Choose your answer",
        [(one.value, said) for one, said in ANSWER_WORDS.items()],
    )
    said = _may_say("What do you want to say? (optional)", 1000, description=NO_CHILD)

    def chosen(self) -> Answer:
        """The answer, once the form is valid."""
        return Answer(self.answer.data)


class RecordForm(Form):
    """An answer that a member gave by telephone, recorded by the secretary."""

    who = OneOf("Who gave the answer?", "Choose who gave the answer")
    answer = OneOfFew(
        "What did they answer?",
        "Choose what they answered",
        [(one.value, said) for one, said in GIVEN_WORDS.items()],
    )
    said = _may_say("What did they say? (optional)", 1000, description=NO_CHILD)

    def chosen(self) -> Answer:
        """The answer, once the form is valid."""
        return Answer(self.answer.data)


class OutcomeForm(Form):
    """What the one decided to whom a decision was delegated."""

    outcome = OneOfFew(
        "What was decided?",
        "Choose what was decided",
        [("agreed", "Agreed as proposed"), ("not agreed", "Not agreed")],
    )
    words = must_say("Who decided it, when, and with which words?", "Say who decided it", 1000)


class WithdrawForm(Form):
    """A decision between meetings is taken back."""

    why = must_say("Why is it withdrawn?", "Say why it is withdrawn", 1000)


class RatifyForm(Form):
    """The meeting that ratified a decision."""

    meeting = OneOf("Which meeting ratified it?", "Choose the meeting that ratified it")

    def offer(self, meetings: Sequence[Meeting]) -> None:
        """Offer the board's meetings since the decision."""
        self.meeting.offer(
            [(str(one.id), long_date(one.meets_on)) for one in meetings], "Choose a meeting"
        )


class MaybeMemberField(MemberField):
    """A member of the partnership, or nobody."""

    def pre_validate(self, form: Any) -> None:
        """Find who is meant, where anybody is."""
        self.person = None
        if self.data:
            super().pre_validate(form)


class SeenForm(VersionedForm):
    """A form that can be sent again, on the record as it is now."""

    def see(self, version: int) -> None:
        """Go on from the present version: what was typed is sent again on it."""
        self.version.data = version


class LogForm(SeenForm):
    """Everything that can be changed of a meeting action, and what is to be noted of it."""

    said = must_say(
        "What is to be noted?",
        "Say what was done or reported, or the reason for the change",
        700,
        description=NO_CHILD,
    )
    status = OneOfFew(
        "What is its status?",
        "Choose how it stands",
        [(one.value, said) for one, said in STATUS_WORDS.items()],
    )
    lead = MaybeMemberField("Lead (optional)")
    organisation = OneOf("Organisation (optional)")
    due = DayField("Due (optional)")

    def offer(self, members: Sequence[Person], organisations: Sequence[Organisation]) -> None:
        """Offer the members and organisations of the partnership."""
        self.lead.members = members
        self.organisation.offer(
            [(str(one.id), one.name) for one in organisations], "No organisation"
        )

    def stands(self) -> MeetingActionStatus:
        """How it stands, once the form is valid."""
        return MeetingActionStatus(self.status.data)

    def due_on(self) -> date | None:
        """By when it is due, once the form is valid."""
        return self.due.on


class PlanActionForm(SeenForm):
    """The action of a plan that a meeting action becomes."""

    place = OneOf("Under which plan and priority?", "Choose the priority that it belongs to")
    title = line("What is to be done?", 300, "Say what is to be done", description=NO_CHILD)
    organisation = OneOf("Which organisation leads? (optional)")
    deadline = ComingDeadlineField("By when?")

    def offer(self, places: Sequence[Place], organisations: Sequence[Organisation]) -> None:
        """Offer the priorities of plans that have not ended, and the organisations."""
        self.place.offer([(one.key, one.words) for one in places], "Choose a priority")
        self.organisation.offer(
            [(str(one.id), one.name) for one in organisations], "No organisation"
        )
