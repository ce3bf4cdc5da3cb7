"""Fields that several forms of boards share: a day, a number, a person who may be left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from flask import request
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovTextInput
from wtforms import Field, HiddenField, SelectMultipleField, StringField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, ValidationError

from actions.forms.fields import MemberField
from tracker.edges.db import key_of
from tracker.kernel.typed_times import DAY_HINT, TIME_HINT, read_day, read_time
from tracker.people.forms.account import one_line
from tracker.web.fields import up_to
from tracker.web.forms import Form

CHANGED = (
    "Somebody changed this since you opened the page. What you typed is still here: look at how"
    " it stands now, then save again."
)
LONGEST_NAME = 200


class DayField(StringField):
    """One day as people type it; may be left out unless ``missing`` says what to do then."""

    widget = GovTextInput()

    def __init__(self, label: str, missing: str | None = None, **options: Any) -> None:
        options.setdefault("description", DAY_HINT)
        super().__init__(label, filters=[one_line], **options)
        self.missing = missing
        self.on: date | None = None

    def pre_validate(self, form: BaseForm) -> None:
        """Read the day."""
        self.on = None
        if not self.data:
            if self.missing:
                raise ValidationError(self.missing)
            return
        try:
            self.on = read_day(self.data)
        except ValueError as why:
            raise ValidationError(str(why)) from None

    @property
    def day(self) -> date:
        """The day, once the form is valid and a day was asked for."""
        assert self.on is not None
        return self.on


class TimeField(StringField):
    """A time of day by London's clock."""

    widget = GovTextInput()

    def __init__(self, label: str, **options: Any) -> None:
        options.setdefault("description", TIME_HINT)
        super().__init__(label, filters=[one_line], **options)
        self.at = time(0)

    def pre_validate(self, form: BaseForm) -> None:
        """Read the time."""
        try:
            self.at = read_time(self.data or "")
        except ValueError as why:
            raise ValidationError(str(why)) from None


class NumberField(StringField):
    """A whole number from ``low`` to ``high``; may be left out where ``optional``."""

    widget = GovTextInput()

    def __init__(
        self, label: str, low: int, high: int, *, optional: bool = False, **options: Any
    ) -> None:
        super().__init__(label, filters=[one_line], **options)
        self.low, self.high, self.optional = low, high, optional
        self.number: int | None = None

    def pre_validate(self, form: BaseForm) -> None:
        """Read the number."""
        self.number = None
        given = self.data or ""
        if self.optional and not given:
            return
        is_number = given.isascii() and given.isdigit() and len(given) < 7
        if not is_number or not self.low <= int(given) <= self.high:
            ending = ", or leave it empty" if self.optional else ""
            raise ValidationError(f"Give a whole number from {self.low} to {self.high}{ending}")
        self.number = int(given)

    @property
    def whole(self) -> int:
        """The number, once the form is valid and one was asked for."""
        assert self.number is not None
        return self.number


class PerhapsMember(MemberField):
    """A member of the partnership, or nobody."""

    def pre_validate(self, form: BaseForm) -> None:
        """Find who is meant, where somebody is."""
        self.person = None
        if self.data:
            super().pre_validate(form)


class SomeOf(SelectMultipleField):
    """Any number of what is offered, by ticks; ``offer`` gives what."""

    widget = GovCheckboxesInput()

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **options)
        self.offered: set[str] = set()

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer these."""
        listed = list(choices)
        self.choices, self.offered = listed, {key for key, _ in listed}

    def pre_validate(self, form: BaseForm) -> None:
        """Only what was offered can be chosen."""
        if not set(self.data or ()) <= self.offered:
            self.data = [one for one in self.data or () if one in self.offered]
            raise ValidationError("Choose from the list")


class SeenField(HiddenField):
    """What a page showed of records that count no versions, to be compared when it is sent."""


class SeenForm(Form):
    """A form that knows what its page showed."""

    seen = SeenField()

    @classmethod
    def showing(cls, seen: str, **begun: object) -> Any:
        """The form as its page shows it; an opened page begins with what is known."""
        return cls(data={"seen": seen} | (begun if request.method == "GET" else {}))

    def is_stale(self, seen: str) -> bool:
        """Whether the page showed something else than there is."""
        return bool(self.seen.data != seen)


def name_field(label: str, missing: str, **options: Any) -> StringField:
    """A name that must be given, on one line, short enough for its column and its key."""
    return StringField(
        label,
        widget=GovTextInput(),
        filters=[one_line],
        validators=[DataRequired(missing), up_to(LONGEST_NAME), _short_key],
        **options,
    )


def line_field(label: str, limit: int, **options: Any) -> StringField:
    """A text on one line that may be left out."""
    return StringField(
        label, widget=GovTextInput(), filters=[one_line], validators=[up_to(limit)], **options
    )


def _short_key(form: Form, field: Field) -> None:
    """Some letters take more room in the key by which names are found."""
    if len(key_of(field.data or "")) > LONGEST_NAME:
        raise ValidationError(f"Use {LONGEST_NAME} characters or fewer")
