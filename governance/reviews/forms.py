"""Forms around review cycles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from governance.cycles import plain_words
from governance.forms import TOO_OLD
from governance.models import CycleKind
from governance.reviews.queries import Wanted
from governance.reviews.rules import EXAMPLES, Reading, read_cycle, words_to_edit
from plans.models import Plan
from tracker.kernel.period import clock_words, short_date
from tracker.kernel.typed_times import DAY_HINT, TIME_HINT, read_day, read_time
from tracker.web.forms import Form, tidy

SHORTEST, LONGEST = 15, 720
KINDS = [
    (CycleKind.RECURRENCE.value, "By a rule of its own, which also makes the board’s meetings"),
    (CycleKind.EVERY_MEETING.value, "At every meeting of the board"),
    (CycleKind.ONCE.value, "Once, at the first meeting from a day on"),
    (CycleKind.ON_REQUEST.value, "When the board asks for it"),
]


def _text(label: str, hint: str, longest: int = 300) -> StringField:
    return StringField(
        label,
        description=hint,
        widget=GovTextInput(),
        filters=[tidy],
        validators=[Length(max=longest, message=f"Write {longest} characters or fewer")],
    )


def _a_day(form: Form, field: Field) -> None:
    if field.data:
        try:
            read_day(field.data)
        except ValueError as why:
            raise ValidationError(str(why)) from None


def _day_field(label: str, hint: str = DAY_HINT) -> StringField:
    return StringField(
        label, description=hint, widget=GovTextInput(), filters=[tidy], validators=[_a_day]
    )


class CycleForm(Form):
    """A review cycle: first looked at with what it does, then confirmed or changed."""

    offered: Sequence[Plan] = ()
    reading: Reading | None = None

    kind = RadioField(
        "When does the board review?",
        widget=GovRadioInput(),
        choices=KINDS,
        validate_choice=False,
        validators=[AnyOf([key for key, _ in KINDS], "Choose when the board reviews")],
    )
    rule = _text(
        "The rule, in words",
        "Such as “second Tuesday of March, June, September and December, 2pm” or “every six weeks"
        " on Thursday”. Leave it empty where the board reviews in another way.",
    )
    at = StringField(
        "At what time do its meetings begin?",
        description=f"{TIME_HINT} You may say it with the rule instead.",
        widget=GovTextInput(),
        filters=[tidy],
    )
    minutes = StringField(
        "How long are its meetings, in minutes?",
        widget=GovTextInput(),
        filters=[tidy],
    )
    place = _text("Place", "Where its meetings are held, or empty.")
    starts_on = _day_field(
        "From which day?",
        f"{DAY_HINT} A rule such as “every six weeks” is counted from it.",
    )
    ends_on = _day_field("Until which day? (optional)", f"The last day it may fall on. {DAY_HINT}")
    once_on = _day_field(
        "For a review that comes once: from which day on?",
        "The board’s first meeting on or after that day takes it. Else leave it empty.",
    )
    plans = SelectMultipleField(
        "Which plans does it bring?",
        widget=GovCheckboxesInput(),
        choices=[],
        validate_choice=False,
    )
    is_coordinated = BooleanField(
        "Its plans come together, in one coordinated report", widget=GovCheckboxInput()
    )
    words = _text(
        "What papers call it (optional)",
        "Such as “Quarterly progress report”. Empty: the rule in words.",
    )
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(TOO_OLD)])
    mark = HiddenField()
    confirm = HiddenField()
    change = HiddenField()

    def offer(self, plans: Sequence[Plan]) -> None:
        """The plans to choose from."""
        self.offered = plans
        self.plans.choices = [(str(plan.id), plan.full_title) for plan in plans]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then what the kind of cycle needs."""
        is_valid = bool(super().validate(extra_validators))
        self._check_length()
        self._check_plans()
        if is_valid:
            self._check_kind(CycleKind(self.kind.data))
        return not self.errors

    def _check_length(self) -> None:
        text = self.minutes.data or ""
        is_number = text.isascii() and text.isdigit() and len(text) <= 3
        if not is_number or not SHORTEST <= int(text) <= LONGEST:
            self.minutes.errors = [
                f"Give the length in minutes, from {SHORTEST} to {LONGEST}, such as 120"
            ]

    def _check_plans(self) -> None:
        known = {str(plan.id) for plan in self.offered}
        chosen = set(self.plans.data or ())
        if chosen - known:
            self.plans.errors = ["Choose from the plans that are listed"]
        elif self.is_coordinated.data and len(chosen) < 2:
            self.is_coordinated.errors = ["A coordinated report brings two plans or more"]

    def _check_kind(self, kind: CycleKind) -> None:
        self._read_time()
        if kind is CycleKind.RECURRENCE:
            self._check_rule()
        elif self.rule.data:
            self.rule.errors = ["Leave the rule empty, or choose that the board reviews by it"]
        if kind is CycleKind.ONCE and not self.once_on.data:
            self.once_on.errors = [f"Give the day from which the review is due. {DAY_HINT}"]
        first, last = self._first(), _read(self.ends_on.data)
        if not self.ends_on.errors and first and last and last < first:
            self.ends_on.errors = ["The last day must not come before the first"]

    def _read_time(self) -> None:
        if self.at.data:
            try:
                read_time(self.at.data)
            except ValueError as why:
                self.at.errors = [str(why)]

    def _check_rule(self) -> None:
        if not self.rule.data:
            self.rule.errors = [f"Say when the board meets. {EXAMPLES}"]
            return
        try:
            self.reading = read_cycle(self.rule.data)
        except ValueError as why:
            self.rule.errors = [str(why)]
            return
        said = self.reading.at
        if not self.at.errors:
            given = read_time(self.at.data) if self.at.data else None
            if said is None and given is None:
                self.at.errors = [f"Say at what time its meetings begin. {TIME_HINT}"]
            elif said is not None and given is not None and said != given:
                self.at.errors = [
                    f"The rule says {clock_words(said)} and this says {clock_words(given)}."
                    " Leave one of them out."
                ]
        first, last = self._first(), _read(self.ends_on.data)
        if first is None:
            self.starts_on.errors = [f"Give the day from which the rule holds. {DAY_HINT}"]
        elif last is None or first <= last:
            try:
                self.reading.on(first, last)
            except ValueError as why:
                self.rule.errors = [f"{why} {EXAMPLES}"]

    def _first(self) -> date | None:
        return _read(self.starts_on.data)

    def wanted(self) -> Wanted:
        """The cycle that was asked for, once the form is valid."""
        kind = CycleKind(self.kind.data)
        first, last = self._first(), _read(self.ends_on.data)
        rule = None
        if self.reading is not None and first is not None:
            rule = self.reading.on(first, last)
        given = read_time(self.at.data) if self.at.data else None
        wanted = Wanted(
            kind=kind,
            words="",
            rule=rule,
            starts_on=rule.anchor_on if rule else first,
            ends_on=last,
            once_on=_read(self.once_on.data) if kind is CycleKind.ONCE else None,
            starts_at=(self.reading.at if self.reading else None) or given,
            minutes=int(self.minutes.data or 0),
            place=self.place.data,
            is_coordinated=bool(self.is_coordinated.data),
            plan_ids=tuple(sorted(int(key) for key in self.plans.data or ())),
        )
        return wanted.called(self.words.data or own_words(wanted))


class EndCycleForm(Form):
    """The last day of a review cycle: first what that does, then confirmed."""

    on = _day_field("Last day", f"The last day it may fall on. {DAY_HINT}")
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(TOO_OLD)])
    mark = HiddenField()
    confirm = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field; a day is needed."""
        is_valid = bool(super().validate(extra_validators))
        if is_valid and not self.on.data:
            self.on.errors = [f"Give its last day. {DAY_HINT}"]
        return not self.errors

    def day(self) -> date:
        """The last day, once the form is valid."""
        return read_day(self.on.data or "")


def own_words(wanted: Wanted) -> str:
    """How a cycle is called where nobody gave it a name."""
    if wanted.rule is not None:
        words = plain_words(wanted.rule)
        return words[:1].upper() + words[1:]
    if wanted.kind is CycleKind.ONCE and wanted.once_on is not None:
        return f"Once, from {short_date(wanted.once_on)} on"
    return "At every meeting" if wanted.kind is CycleKind.EVERY_MEETING else "On request"


def begun_with(wanted: Wanted, version: int) -> dict[str, object]:
    """What a form on a cycle as it stands begins with."""
    return {
        "kind": wanted.kind.value,
        "rule": words_to_edit(wanted.rule) if wanted.rule else None,
        "at": clock_words(wanted.starts_at) if wanted.starts_at else None,
        "minutes": str(wanted.minutes),
        "place": wanted.place,
        "starts_on": short_date(wanted.starts_on) if wanted.starts_on else None,
        "ends_on": short_date(wanted.ends_on) if wanted.ends_on else None,
        "once_on": short_date(wanted.once_on) if wanted.once_on else None,
        "plans": [str(one) for one in wanted.plan_ids],
        "is_coordinated": wanted.is_coordinated,
        "words": wanted.words if wanted.words != own_words(wanted) else None,
        "seen": version,
    }


def _read(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return read_day(text)
    except ValueError:
        return None
