"""Fields that several forms about actions share: a day, a deadline, a member, a board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from flask import request
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextArea, GovTextInput
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import HiddenInput

from actions.deadline_words import HINT, DeadlineRead, read_deadline
from tracker.kernel.period import parse_period
from tracker.people.board_models import Board
from tracker.people.models import Person
from tracker.people.naming import Unclear, chosen
from tracker.web.fields import up_to
from tracker.web.forms import Form, tidy

DAY_HINT = "Write it as 31 March 2027."
NO_BOARD = "none"
TOO_OLD = "This page was too old to be sent. What you typed is still here: send it again."


class DayField(StringField):
    """A day as people type it. Of a month or a year it is the first day, or the last."""

    widget = GovTextInput()

    def __init__(
        self, label: str, missing: str | None = None, *, is_last: bool = False, **options: Any
    ) -> None:
        """``missing`` is the sentence where nothing was typed; without it a day is optional."""
        options.setdefault("description", DAY_HINT)
        super().__init__(label, filters=[tidy], **options)
        self.missing, self.is_last = missing, is_last
        self.on: date | None = None

    def pre_validate(self, form: BaseForm) -> None:
        """Read the day."""
        self.on = None
        if not self.data:
            if self.missing:
                raise ValidationError(self.missing)
            return
        try:
            period = parse_period(self.data)
        except ValueError as error:
            words = f"We cannot read “{self.data[:40]}” as a date."
            if "no such day" in str(error):
                words = f"There is no such day as “{self.data[:40]}”."
            raise ValidationError(f"{words} {DAY_HINT}") from None
        self.on = period.last if self.is_last else period.first

    @property
    def day(self) -> date:
        """The day, once the form is valid and a day was asked for."""
        assert self.on is not None
        return self.on


class DeadlineField(StringField):
    """A deadline in words: "by March 2027", "ongoing"."""

    widget = GovTextInput()

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, description=HINT, filters=[tidy], **options)
        self.read: DeadlineRead | None = None

    def pre_validate(self, form: BaseForm) -> None:
        """Read the deadline."""
        self.read = None
        try:
            self.read = read_deadline(self.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None

    @property
    def said(self) -> DeadlineRead:
        """What was read, once the form is valid."""
        assert self.read is not None
        return self.read


class MemberField(StringField):
    """A member of the partnership, by name or address. ``members`` are set by the view."""

    widget = GovTextInput()

    def __init__(self, label: str, **options: Any) -> None:
        options.setdefault("description", "Type a name, and choose from the list.")
        super().__init__(label, filters=[tidy], **options)
        self.members: Sequence[Person] = ()
        self.person: Person | None = None

    def pre_validate(self, form: BaseForm) -> None:
        """Find who is meant."""
        self.person = None
        try:
            self.person = chosen(self.members, self.data or "")
        except Unclear as unclear:
            raise ValidationError(str(unclear)) from None

    @property
    def chosen(self) -> Person:
        """Who is meant, once the form is valid."""
        assert self.person is not None
        return self.person


class BoardField(SelectField):
    """A board of the partnership; ``offer`` gives it the boards to choose from."""

    widget = GovSelect()

    def __init__(self, label: str, missing: str, **options: Any) -> None:
        super().__init__(label, choices=[("", "Choose a board")], validate_choice=False, **options)
        self.missing = missing
        self.offered: list[tuple[str, str]] = []

    def offer(self, boards: Sequence[Board], none: str | None = None) -> None:
        """Offer these boards; and none of them, in the words given."""
        self.offered = [(str(one.id), one.name) for one in boards]
        if none:
            self.offered.append((NO_BOARD, none))
        self.choices = [("", "Choose a board"), *self.offered]

    def pre_validate(self, form: BaseForm) -> None:
        """Only a board that was offered is one."""
        if self.data not in [key for key, _ in self.offered]:
            raise ValidationError(self.missing)

    @property
    def board_id(self) -> int | None:
        """The board's id; None where no board was meant."""
        return None if self.data in ("", None, NO_BOARD) else int(self.data)


class KeptField(Field):
    """A whole number that the page itself has kept: a version, the last entry seen, a key.

    Where the form is given the present one, a later one was never on any page of ours.
    """

    widget = HiddenInput()

    def __init__(self, label: str = "", missing: str = TOO_OLD, **options: Any) -> None:
        super().__init__(label, **options)
        self.missing = missing

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it; anything but a number that a database column holds is none."""
        given = valuelist[0] if valuelist else ""
        is_number = given.isascii() and given.isdigit() and len(given) <= 18
        self.data = int(given) if is_number else None

    def pre_validate(self, form: BaseForm) -> None:
        """There must be one; the page that says otherwise carries the present one."""
        present = self.object_data
        if self.data is None or (present is not None and self.data > present):
            self.data = present
            raise ValidationError(self.missing)


class VersionedForm(Form):
    """A form that changes a record: it knows on which version of it it was opened."""

    version = KeptField()

    @classmethod
    def on(cls, version: int, **begun: object) -> Self:
        """The form on this version; an opened page begins with what is known.

        What a browser sends is all that was said: what is missing from it is not made up.
        """
        return cls(data={"version": version} | (begun if request.method == "GET" else {}))


def must_say(label: str, missing: str, limit: int, **options: Any) -> TextAreaField:
    """A text that must be given, of at most ``limit`` characters."""
    return TextAreaField(
        label,
        widget=GovTextArea(),
        filters=[tidy],
        validators=[DataRequired(missing), up_to(limit)],
        **options,
    )
