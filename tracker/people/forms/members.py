"""Forms of a partnership's people and organisations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect, GovTextInput
from wtforms import BooleanField, IntegerField, SelectField, StringField, SubmitField
from wtforms.validators import DataRequired, Email, InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from tracker.edges.db import key_of
from tracker.kernel.typed_times import read_day
from tracker.people.forms.account import TOO_OLD, name_field, one_line
from tracker.people.forms.sign_in import NO_ADDRESS
from tracker.people.members import Part
from tracker.people.models import Organisation
from tracker.people.queries import LONGEST_EMAIL
from tracker.web.fields import up_to
from tracker.web.forms import Form

DAY_HINT = "Write it as 31 March 2027."


class PartForm(Form):
    """What somebody is in a partnership."""

    organisation = SelectField(
        "Organisation",
        widget=GovSelect(),
        validate_choice=False,
        filters=[one_line],
    )
    post = StringField(
        "Post (optional)",
        description="Such as Head of early help",
        widget=GovTextInput(),
        filters=[one_line],
        validators=[up_to(200)],
    )
    is_administrator = BooleanField(
        "Administrator: invites people and changes the partnership’s settings",
        widget=GovCheckboxInput(),
    )
    may_clear = BooleanField(
        "May clear updates of their organisation before they are submitted",
        widget=GovCheckboxInput(),
    )

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **values: Any) -> None:
        super().__init__(*args, **values)
        self.ids = {one.slug: one.id for one in organisations}
        named = [(one.slug, one.name) for one in organisations]
        self.organisation.choices = [("", "Not for one of these"), *named]

    def validate_organisation(self, field: SelectField) -> None:
        """One of this partnership's, or none."""
        if field.data and field.data not in self.ids:
            raise ValidationError("Choose an organisation from the list")

    def validate_may_clear(self, field: BooleanField) -> None:
        """Only an organisation's updates can be cleared."""
        if field.data and not self.organisation.data:
            raise ValidationError("Choose the organisation whose updates they may clear")

    def part(self) -> Part:
        """What was chosen, once the form is valid."""
        return Part(
            organisation_id=self.ids.get(self.organisation.data or ""),
            post=self.post.data,
            is_administrator=bool(self.is_administrator.data),
            may_clear=bool(self.may_clear.data),
        )


class InviteForm(PartForm):
    """Somebody new, and what they are."""

    name = name_field()
    email = StringField(
        "E-mail address",
        description="Theirs at work. Codes for signing in go to it.",
        widget=GovTextInput(),
        filters=[one_line],
        validators=[
            DataRequired("Enter their e-mail address"),
            up_to(LONGEST_EMAIL),
            Email(NO_ADDRESS),
        ],
    )

    def validate_email(self, field: StringField) -> None:
        """Its key must be as short as its column."""
        if len(key_of(field.data or "")) > LONGEST_EMAIL:
            raise ValidationError(NO_ADDRESS)


class MemberForm(PartForm):
    """Somebody who is there: their name, where it is this partnership's to change, and part."""

    last_seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(TOO_OLD)])
    name = name_field()

    def __init__(self, *args: Any, may_rename: bool, **values: Any) -> None:
        super().__init__(*args, **values)
        if not may_rename:
            del self.name


class EndForm(Form):
    """The last day of somebody in a partnership, or that they stay after all."""

    last_on = StringField(
        "Their last day", description=DAY_HINT, widget=GovTextInput(), filters=[one_line]
    )
    stays = SubmitField("They stay after all")

    def validate_last_on(self, field: StringField) -> None:
        """A day, as people type it."""
        if self.stays.data:
            return
        if not field.data:
            raise ValidationError("Enter their last day")
        if self.day() is None:
            raise ValidationError(f"We cannot read “{field.data[:40]}” as a day. {DAY_HINT}")

    def day(self) -> date | None:
        """The day that was typed; None when it is none."""
        try:
            return read_day(self.last_on.data or "")
        except ValueError:
            return None
