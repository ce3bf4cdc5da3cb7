"""Forms of one's own account."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovPasswordInput,
    GovTextInput,
)
from wtforms import BooleanField, IntegerField, PasswordField, StringField, SubmitField
from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from tracker.edges.db import key_of
from tracker.people.forms.sign_in import LONGEST_PASSWORD, CodeForm
from tracker.web.fields import up_to
from tracker.web.forms import Form, tidy

SHORTEST = 12
TOO_OLD = "This page was too old: open it again"


def one_line(text: str | None) -> str | None:
    """A field's text on one line, as it will be kept; None when it shows nothing."""
    kept = tidy(text)
    return " ".join(kept.split()) if kept else None


def name_field() -> StringField:
    """A person's name, as it stands under what they sign."""
    return StringField(
        "Name",
        description="As it stands under what is signed",
        widget=GovTextInput(),
        filters=[one_line],
        validators=[DataRequired("Enter a name"), up_to(200)],
    )


class NameForm(Form):
    """One's own name."""

    last_seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(TOO_OLD)])
    name = name_field()


class PasswordForm(Form):
    """A new password, and the present one where it is asked for."""

    current = PasswordField(
        "Present password",
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter your present password"), up_to(LONGEST_PASSWORD)],
    )
    new = PasswordField(
        "New password",
        description=f"At least {SHORTEST} characters. Three or four words that do not belong"
        " together are good.",
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter a new password"), up_to(LONGEST_PASSWORD)],
    )

    def __init__(self, *args: Any, email: str, asks_current: bool, **values: Any) -> None:
        super().__init__(*args, **values)
        self.email_key = key_of(email)
        if not asks_current:
            del self.current

    def validate_new(self, field: PasswordField) -> None:
        """Long enough, and nothing that whoever knows the address would try first."""
        password = field.data or ""
        if len(password) < SHORTEST:
            raise ValidationError(f"Use at least {SHORTEST} characters")
        if key_of(password) in (self.email_key, self.email_key.partition("@")[0]):
            raise ValidationError("Your password cannot be your e-mail address")
        if len(set(password)) < 4:
            raise ValidationError("Use more than three different characters")


class TurnOffForm(Form):
    """The password, to turn the authenticator off."""

    password = PasswordField(
        "Your password",
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter your password"), up_to(LONGEST_PASSWORD)],
    )


class TurnOffByCodeForm(CodeForm):
    """A code of the app, for whoever has no password, to turn the authenticator off."""


class SignOutForm(Form):
    """Where to sign out: everywhere else, or everywhere."""

    others = SubmitField("Sign out everywhere else")
    everywhere = SubmitField("Sign out everywhere, here too")


class MailForm(Form):
    """The messages that one may do without."""

    wants_optional_mail = BooleanField(
        "Tell me by e-mail when papers of my boards are published", widget=GovCheckboxInput()
    )
