"""The owner's update, as a form. Its limits are those of the columns that keep it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCharacterCount,
    GovRadioInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import Field, IntegerField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from actions.operations import Entry
from actions.rules import ActionFacts
from actions.said import EntryFacts
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.period import parse_period
from tracker.kernel.rag import DEFINITIONS, Rating
from tracker.web.forms import Form, tidy
from tracker.web.parts import this_day

LIFECYCLES = {
    Lifecycle.NOT_STARTED: "Not started",
    Lifecycle.IN_PROGRESS: "In progress",
    Lifecycle.COMPLETE: "Complete",
}
OWNERS_RATINGS = (Rating.RED, Rating.AMBER, Rating.GREEN)
OFF_COURSE = (Rating.RED, Rating.AMBER)
# What is asked in each case; what is not asked is neither checked nor kept.
ALWAYS = ("lifecycle", "happened", "last_seen")
WHILE_OPEN = ("next_step", "next_step_on")
DATE_HINT = "Write it as 31 March 2027, or as March 2027."
WHEN_OFF_COURSE = ("cause", "recovery", "forecast_on", "help_needed")


def _up_to(limit: int) -> Length:
    return Length(max=limit, message=f"Use {limit:,} characters or fewer")


def _day_ahead(form: Form, field: Field) -> None:
    """A day or period, as people type it, that is not over yet."""
    if not field.data:
        return
    try:
        last_on = parse_period(field.data).last
    except ValueError:
        raise ValidationError(
            f"We cannot read “{field.data[:40]}” as a date. {DATE_HINT}"
        ) from None
    if last_on < this_day():
        raise ValidationError("Give a date that is not in the past")


class ProgressForm(Form):
    """What an owner says of an action: one page, no training."""

    last_seen = IntegerField(
        widget=HiddenInput(), validators=[InputRequired("This page was too old: open it again")]
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
    cause = TextAreaField(
        "What is the cause?",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[DataRequired("Say what the cause is"), _up_to(1000)],
    )
    recovery = TextAreaField(
        "What will put it right?",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[DataRequired("Say what will put it right"), _up_to(1000)],
    )
    forecast_on = StringField(
        "When do you expect it to be done? (optional)",
        description=DATE_HINT,
        widget=GovTextInput(),
        filters=[tidy],
        validators=[_day_ahead],
    )
    help_needed = TextAreaField(
        "What help do you need from the board? (optional)",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[_up_to(1000)],
    )
    evidence = TextAreaField(
        "What shows that it is complete?",
        description="A sentence, or a link to the evidence. Somebody other than you confirms it.",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[DataRequired("Say what shows that it is complete"), _up_to(1000)],
    )
    happened = TextAreaField(
        "What has happened since the last update?",
        description="Two or three sentences. Leave out anything that could identify a child.",
        widget=GovCharacterCount(),
        filters=[tidy],
        validators=[_up_to(2000)],
    )
    next_step = StringField(
        "Next step (optional)", widget=GovTextInput(), filters=[tidy], validators=[_up_to(500)]
    )
    next_step_on = StringField(
        "When? (optional)",
        description=DATE_HINT,
        widget=GovTextInput(),
        filters=[tidy],
        validators=[_day_ahead],
    )
    no_change = SubmitField("No change since last time")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what is asked in this case, and that something was said while in progress."""
        asked = self.asked()
        for name, field in self._fields.items():
            if name not in asked and name != "csrf_token":
                field.validators = ()
        is_valid = bool(super().validate(extra_validators))
        if "happened" not in asked or self.lifecycle.data != Lifecycle.IN_PROGRESS:
            return is_valid
        if not self.happened.data:
            self.happened.errors = ["Say what has happened, or choose “No change since last time”"]
            return False
        return is_valid

    def asked(self) -> set[str]:
        """The names of the fields that are asked for the lifecycle and rating chosen."""
        if self.is_no_change():
            return {"last_seen"}
        names = set(ALWAYS)
        if self.lifecycle.data == Lifecycle.COMPLETE:
            return names | {"evidence"}
        if self.lifecycle.data == Lifecycle.IN_PROGRESS:
            names.add("rating")
            if self.rating.data in OFF_COURSE:
                names.update(WHEN_OFF_COURSE)
        return names.union(WHILE_OPEN)

    def is_no_change(self) -> bool:
        """Whether the button that says so was pressed."""
        return bool(self.no_change.data)

    def kept(self) -> dict[str, str]:
        """What was sent, for sending it again: what is asked, or the button that was pressed."""
        if self.is_no_change():
            return {"no_change": "1"}
        names = sorted(self.asked() - {"last_seen"})
        return {name: str(self._fields[name].data or "") for name in names}

    def entry(self) -> Entry:
        """What was said, once it is valid."""
        asked, lifecycle = self.asked(), Lifecycle(self.lifecycle.data)

        def text(name: str) -> str | None:
            return self._fields[name].data if name in asked else None

        return Entry(
            lifecycle=lifecycle,
            rating=_rating(lifecycle, str(self.rating.data)),
            happened=text("happened"),
            cause=text("cause"),
            recovery=text("recovery"),
            forecast_on=_last_day(text("forecast_on")),
            help_needed=text("help_needed"),
            evidence=text("evidence"),
            next_step=text("next_step"),
            next_step_on=_last_day(text("next_step_on")),
        )


def filled_in(facts: ActionFacts, said: Sequence[EntryFacts]) -> dict[str, object]:
    """What the page begins with: where it stands, and what was last said of any trouble.

    ``said`` are its entries, newest first.
    """
    begun: dict[str, object] = {"last_seen": said[0].number if said else 0}
    if facts.lifecycle in LIFECYCLES:
        begun["lifecycle"] = facts.lifecycle.value
    if facts.owner_rating in OWNERS_RATINGS:
        begun["rating"] = facts.owner_rating.value
    last = next((entry for entry in said if not entry.is_no_change), None)
    if last is not None and last.rating in OFF_COURSE:
        begun |= {"cause": last.cause, "recovery": last.recovery, "help_needed": last.help_needed}
    return begun


def rating_hints() -> list[dict[str, object]]:
    """The owner's ratings with their definitions, for the radios."""
    return [{"hint": {"text": DEFINITIONS[one]}} for one in OWNERS_RATINGS]


def _rating(lifecycle: Lifecycle, chosen: str) -> Rating:
    if lifecycle is Lifecycle.COMPLETE:
        return Rating.BLUE
    return Rating.GREY if lifecycle is Lifecycle.NOT_STARTED else Rating(chosen)


def _last_day(text: str | None) -> date | None:
    return parse_period(text).last if text else None
