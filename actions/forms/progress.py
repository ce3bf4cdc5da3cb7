"""The owner's update, as a form. Its limits are those of the columns that keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCharacterCount,
    GovRadioInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import Field, IntegerField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length
from wtforms.widgets import HiddenInput

from actions.drafts import NO_CHANGE, OWN_ANSWER
from actions.forms.checks import DATE_HINT, day_ahead, links_open
from actions.models import GivenHow
from actions.rules import ActionFacts
from actions.said import EntryFacts
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.rag import DEFINITIONS, Rating
from tracker.web.fields import up_to
from tracker.web.forms import Form, tidy

LIFECYCLES = {
    Lifecycle.NOT_STARTED: "Not started",
    Lifecycle.IN_PROGRESS: "In progress",
    Lifecycle.COMPLETE: "Complete",
}
OWNERS_RATINGS = (Rating.RED, Rating.AMBER, Rating.GREEN)
OFF_COURSE = (Rating.RED, Rating.AMBER)
HOW_IT_CAME = {
    GivenHow.TELEPHONE.value: "By telephone",
    GivenHow.EMAIL.value: "By e-mail",
    GivenHow.MEETING.value: "At a meeting",
    OWN_ANSWER: "It is my own answer",
}
# What is asked in each case; what is not asked is neither checked nor kept.
ALWAYS = ("lifecycle", "happened", "last_seen")
WHILE_OPEN = ("next_step", "next_step_on")
WHEN_OFF_COURSE = ("cause", "recovery", "forecast_on", "help_needed")
NOT_TYPED = ("csrf_token", "last_seen", NO_CHANGE)
LONGEST_DRAFT = 20_000
_CHOICES = {
    "given_how": frozenset(HOW_IT_CAME),
    "lifecycle": frozenset(one.value for one in LIFECYCLES),
    "rating": frozenset(one.value for one in OWNERS_RATINGS),
}
TOO_OLD = "This page was too old to be sent. What you typed is still here: send it again."


class ProgressForm(Form):
    """What an owner says of an action: one page, no training.

    ``ask_for`` says first what this action, this day and this person make of it.
    """

    allowed: Rating | None = None
    is_recorder = False
    newest = 0

    last_seen = IntegerField(widget=HiddenInput())
    given_how = RadioField(
        "How did this answer reach you?",
        description="You are not asked about this action yourself, so say whose answer it is.",
        widget=GovRadioInput(),
        choices=list(HOW_IT_CAME.items()),
        validate_choice=False,
        validators=[AnyOf(list(HOW_IT_CAME), "Choose how the answer reached you")],
    )
    given_by = StringField(
        "You are recording for",
        description="The name of whoever gave the answer.",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[DataRequired("Say who gave the answer"), up_to(200)],
    )
    lifecycle = RadioField(
        "Where does it stand?",
        widget=GovRadioInput(),
        choices=[(one.value, words) for one, words in LIFECYCLES.items()],
        validate_choice=False,
        validators=[AnyOf([one.value for one in LIFECYCLES], "Choose where the action stands")],
    )
    rating = RadioField(
        "Your rating",
        widget=GovRadioInput(),
        choices=[(one.value, one.value) for one in OWNERS_RATINGS],
        validate_choice=False,
        validators=[AnyOf([one.value for one in OWNERS_RATINGS], "Choose Red, Amber or Green")],
    )
    better_reason = TextAreaField(
        "Why is your rating right?",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[DataRequired("Say why your rating is right"), up_to(1000)],
    )
    cause = TextAreaField(
        "What is the cause?",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[DataRequired("Say what the cause is"), up_to(1000)],
    )
    recovery = TextAreaField(
        "What will put it right?",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[DataRequired("Say what will put it right"), up_to(1000)],
    )
    forecast_on = StringField(
        "When do you expect it to be done? (optional)",
        description=DATE_HINT,
        widget=GovTextInput(),
        filters=[tidy],
        validators=[day_ahead],
    )
    help_needed = TextAreaField(
        "What help do you need from the board? (optional)",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[up_to(1000)],
    )
    evidence = TextAreaField(
        "What shows that it is complete?",
        description="A sentence, or a link to the evidence. Somebody other than you confirms it.",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[
            DataRequired("Say what shows that it is complete"),
            up_to(1000),
            links_open,
        ],
    )
    happened = TextAreaField(
        "What has happened since the last update?",
        description="Two or three sentences. Leave out anything that could identify a child.",
        widget=GovCharacterCount(),
        filters=[tidy],
        validators=[up_to(2000)],
    )
    next_step = StringField(
        "Next step (optional)", widget=GovTextInput(), filters=[tidy], validators=[up_to(500)]
    )
    next_step_on = StringField(
        "When? (optional)",
        description=DATE_HINT,
        widget=GovTextInput(),
        filters=[tidy],
        validators=[day_ahead],
    )
    no_change = SubmitField("No change since last time")

    def ask_for(self, *, allowed: Rating | None, is_recorder: bool, newest: int) -> None:
        """Say what follows from the action, the day and the person.

        ``allowed`` is the best rating that the date allows today (None: any), ``is_recorder``
        whether the answer may be somebody else's, ``newest`` the number of its last entry.
        """
        self.allowed, self.is_recorder, self.newest = allowed, is_recorder, newest

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what is asked in this case, and that something was said while in progress."""
        asked = self.asked()
        self._leave_unchecked(asked)
        is_valid = bool(super().validate(extra_validators))
        is_valid = self._was_seen() and is_valid
        if "happened" not in asked or self.lifecycle.data != Lifecycle.IN_PROGRESS:
            return is_valid
        if not self.happened.data:
            self.happened.errors = ["Say what has happened, or choose “No change since last time”"]
            return False
        return is_valid

    def can_be_kept(self) -> bool:
        """Check only that what was typed is short enough for a draft."""
        self._leave_unchecked(set())
        for name in self.typed():
            self._fields[name].validators = (
                Length(
                    max=LONGEST_DRAFT, message="Too long to keep: use 20,000 characters or fewer"
                ),
            )
        is_short = bool(super().validate())
        return self._was_seen() and is_short

    def _leave_unchecked(self, asked: set[str]) -> None:
        for name, field in self._fields.items():
            if name not in asked and name != "csrf_token":
                field.validators = ()

    def _was_seen(self) -> bool:
        """Whether the page that was sent is one that we gave; where not, the next one is."""
        seen = self.last_seen.data
        if seen is not None and 0 <= seen <= self.newest and not self.last_seen.errors:
            return True
        self.last_seen.data, self.last_seen.raw_data = self.newest, None
        self.last_seen.errors = [TOO_OLD]
        return False

    def asked(self) -> set[str]:
        """The names of the fields that are asked for the lifecycle and rating chosen."""
        names = {"last_seen"} | self._asked_of_recorders()
        if self.is_no_change():
            return names
        names.update(ALWAYS)
        if self.lifecycle.data == Lifecycle.COMPLETE:
            return names | {"evidence"}
        if self.lifecycle.data == Lifecycle.IN_PROGRESS:
            names.add("rating")
            if self.rating.data in OFF_COURSE:
                names.update(WHEN_OFF_COURSE)
            if self.is_better_than_allowed():
                names.add("better_reason")
        return names.union(WHILE_OPEN)

    def _asked_of_recorders(self) -> set[str]:
        if not self.is_recorder:
            return set()
        return {"given_how"} if self.given_how.data == OWN_ANSWER else {"given_how", "given_by"}

    def is_better_than_allowed(self) -> bool:
        """Whether the rating chosen is better than the date allows, so that a reason is asked."""
        chosen = next((one for one in OWNERS_RATINGS if one == self.rating.data), None)
        return chosen is not None and self.allowed is not None and chosen.rank > self.allowed.rank

    def is_no_change(self) -> bool:
        """Whether the button that says so was pressed."""
        return bool(self.no_change.data)

    def kept(self) -> dict[str, str]:
        """What was sent and is asked, by name: to be recorded, or sent again."""
        said = {NO_CHANGE: "1"} if self.is_no_change() else {}
        names = sorted(self.asked() - {"last_seen"})
        return said | {name: str(self._fields[name].data or "") for name in names}

    def typed(self) -> dict[str, str]:
        """Everything that was typed or chosen, asked or not, by name: for a draft."""
        found = {}
        for name, field in self._fields.items():
            if name in NOT_TYPED or not field.data:
                continue
            if not isinstance(field, RadioField) or field.data in _CHOICES[name]:
                found[name] = str(field.data)
        return found

    def answers(self) -> list[tuple[str, Field]]:
        """What was said and is asked, field by field in the order of the page, once valid."""
        asked = self.asked() - {"last_seen"}
        return [
            (name, field) for name, field in self._fields.items() if name in asked and field.data
        ]


def filled_in(facts: ActionFacts, said: Sequence[EntryFacts]) -> dict[str, object]:
    """What the page begins with: where it stands, and what was last said of any trouble.

    ``said`` are its newest entries, newest first, with the last that is not "no change".
    """
    begun: dict[str, object] = {"last_seen": said[0].number if said else 0}
    if facts.lifecycle in LIFECYCLES:
        begun["lifecycle"] = facts.lifecycle.value
    if facts.owner_rating in OWNERS_RATINGS:
        begun["rating"] = facts.owner_rating.value
    last = next((entry for entry in said if not entry.is_no_change), None)
    if last is not None and last.rating in OFF_COURSE:
        begun |= {"cause": last.cause, "recovery": last.recovery, "help_needed": last.help_needed}
    if last is not None and last.better_reason:
        begun["better_reason"] = last.better_reason
    return begun


def drafted(said: Mapping[str, str], newest: int) -> dict[str, object]:
    """What the page begins with where a draft goes on: all that was typed, and nothing else."""
    return {name: value for name, value in said.items() if name != NO_CHANGE} | {
        "last_seen": newest
    }


def rating_hints() -> list[dict[str, object]]:
    """The owner's ratings with their definitions, for the radios."""
    return [{"hint": {"text": DEFINITIONS[one]}} for one in OWNERS_RATINGS]
